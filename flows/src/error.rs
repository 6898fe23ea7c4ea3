use checkout::Problem;
use kernel::{Denied, ErrorKind, Fault, Money};

/// What can go wrong in a process that spans modules.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The cart cannot be ordered as it is.
    #[error("{}", sentence(.0))]
    Problems(Vec<Problem>),
    /// Somebody else was faster; in sold units.
    #[error("only {left} of '{title}' are left")]
    NotEnough { title: String, wanted: i64, left: i64 },
    /// The cart is not what the shopper saw.
    #[error("the cart changed since you looked at it; look at it again")]
    CartChanged,
    /// The shopper saw another total.
    #[error("the total is {} by now, and not {}; look at it again", now.shown("en"), seen.shown("en"))]
    TotalRose { seen: Money, now: Money },
    /// The program has no such provider, or the shop does not offer it.
    #[error("'{code}' is no way to pay here")]
    NoProvider { code: String },
    /// An attempt is undecided.
    #[error("the payment is still being decided; look again in a moment")]
    Undecided,
    /// Something on its way stands against it.
    #[error("{0}")]
    Conflict(String),
    /// The input is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// The right is missing.
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error(transparent)]
    Work(#[from] work::Error),
    #[error(transparent)]
    Site(#[from] site::Error),
    #[error(transparent)]
    Access(#[from] access::Error),
    #[error(transparent)]
    Customers(#[from] customers::Error),
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    #[error(transparent)]
    Assets(#[from] assets::Error),
    #[error(transparent)]
    Pricing(#[from] pricing::Error),
    #[error(transparent)]
    Shipping(#[from] shipping::Error),
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    #[error(transparent)]
    Checkout(#[from] checkout::Error),
    #[error(transparent)]
    Orders(#[from] orders::Error),
    #[error(transparent)]
    Payments(#[from] payments::Error),
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
    #[error(transparent)]
    Analytics(#[from] analytics::Error),
    #[error(transparent)]
    Theme(#[from] theme::ThemeError),
}

fn sentence(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Error {
    fn inner(&self) -> Option<&dyn Fault> {
        Some(match self {
            Error::Problems(_)
            | Error::NotEnough { .. }
            | Error::CartChanged
            | Error::TotalRose { .. }
            | Error::NoProvider { .. }
            | Error::Undecided
            | Error::Conflict(_)
            | Error::Invalid { .. }
            | Error::Theme(_) => return None,
            Error::Denied(e) => e,
            Error::Db(e) => e,
            Error::Work(e) => e,
            Error::Site(e) => e,
            Error::Access(e) => e,
            Error::Customers(e) => e,
            Error::Catalog(e) => e,
            Error::Assets(e) => e,
            Error::Pricing(e) => e,
            Error::Shipping(e) => e,
            Error::Inventory(e) => e,
            Error::Checkout(e) => e,
            Error::Orders(e) => e,
            Error::Payments(e) => e,
            Error::Warehouse(e) => e,
            Error::Analytics(e) => e,
        })
    }

    /// Did the test's fault point end the process here?
    pub fn is_crash(&self) -> bool {
        self.to_string() == db::Error::Crashed.to_string()
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Problems(_) | Error::NoProvider { .. } | Error::Invalid { .. } => ErrorKind::Invalid,
            Error::NotEnough { .. }
            | Error::CartChanged
            | Error::TotalRose { .. }
            | Error::Undecided
            | Error::Conflict(_) => ErrorKind::Conflict,
            other => other.inner().map_or(ErrorKind::Internal, Fault::kind),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::Problems(_) => "cart_problems",
            Error::NotEnough { .. } => "not_enough_stock",
            Error::CartChanged => "cart_changed",
            Error::TotalRose { .. } => "total_rose",
            Error::NoProvider { .. } => "payment_method_unknown",
            Error::Undecided => "payment_undecided",
            Error::Conflict(_) => "conflict",
            Error::Invalid { .. } => "invalid",
            other => other.inner().map_or("internal", Fault::code),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Problems(all) => all.first().and_then(Problem::field),
            Error::NoProvider { .. } => Some("payment"),
            Error::Invalid { field, .. } => Some(field),
            other => other.inner().and_then(Fault::field),
        }
    }
}
