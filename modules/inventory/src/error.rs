use kernel::{ErrorKind, Fault, OrderLineId, VariantId};

/// What can go wrong with stock.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fewer are left than were wanted; nothing was taken. In sold units of the variant.
    #[error("only {left} left of the {wanted} wanted")]
    NotEnoughStock { variant: VariantId, line: OrderLineId, wanted: i64, left: i64 },
    /// An adjustment would leave less than what is promised, or less than nothing.
    #[error("on hand would become {would_be}, but {promised} are unavailable or promised to orders")]
    BelowPromised { would_be: i64, promised: i64 },
    /// There is no such item at this location, or no such location.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// The input is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// More was shipped or released than is promised.
    #[error("the order holds no {quantity} of this at this location")]
    NotCommitted { quantity: i64 },
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Later's.
    #[error(transparent)]
    Work(#[from] work::Error),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::NotEnoughStock { .. } | Error::BelowPromised { .. } | Error::NotCommitted { .. } => {
                ErrorKind::Conflict
            }
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::Invalid { .. } => ErrorKind::Invalid,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::NotEnoughStock { .. } => "not_enough_stock",
            Error::BelowPromised { .. } => "below_promised",
            Error::NotFound { .. } => "not_found",
            Error::Invalid { .. } => "invalid",
            Error::NotCommitted { .. } => "not_committed",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::BelowPromised { .. } => Some("quantity"),
            _ => None,
        }
    }
}
