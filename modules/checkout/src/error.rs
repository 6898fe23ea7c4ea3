use kernel::{ErrorKind, Fault, MoneyError, VariantId};

/// What can go wrong with a cart.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such cart.
    #[error("there is no such cart")]
    NoSuchCart,
    /// The line is not in the cart.
    #[error("this is not in the cart any more")]
    NoSuchLine,
    /// It was ordered or dropped meanwhile.
    #[error("this cart is closed; its order was placed, or it was emptied")]
    Closed,
    /// It changed since it was read.
    #[error("the cart changed in another window; look at it again")]
    Changed,
    /// None is left.
    #[error("this is sold out")]
    SoldOut { variant: VariantId },
    /// Not between 1 and [`MAX_QUANTITY`](crate::MAX_QUANTITY).
    #[error("a quantity lies between 1 and 999")]
    Quantity { quantity: i64 },
    /// More than [`MAX_LINES`](crate::MAX_LINES) lines.
    #[error("a cart holds at most 100 different items; place this order first")]
    TooManyLines,
    /// Longer than anybody's.
    #[error("this is too long")]
    TooLong { field: &'static str },
    /// Amounts that do not add up in 64 bits.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A row holds what cannot be read.
    #[error("a cart cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// What is sold.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// What it costs.
    #[error(transparent)]
    Pricing(#[from] pricing::Error),
    /// What is there.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// How it is shipped.
    #[error(transparent)]
    Shipping(#[from] shipping::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::NoSuchCart | Error::NoSuchLine => ErrorKind::NotFound,
            Error::Closed | Error::Changed | Error::SoldOut { .. } => ErrorKind::Conflict,
            Error::Quantity { .. } | Error::TooManyLines | Error::TooLong { .. } | Error::Money(_) => {
                ErrorKind::Invalid
            }
            Error::Unreadable(_) => ErrorKind::Internal,
            Error::Catalog(e) => e.kind(),
            Error::Pricing(e) => e.kind(),
            Error::Inventory(e) => e.kind(),
            Error::Shipping(e) => e.kind(),
            Error::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::NoSuchCart => "cart_not_found",
            Error::NoSuchLine => "cart_line_not_found",
            Error::Closed => "cart_closed",
            Error::Changed => "cart_changed",
            Error::SoldOut { .. } => "sold_out",
            Error::Quantity { .. } => "quantity_out_of_range",
            Error::TooManyLines => "too_many_lines",
            Error::TooLong { .. } => "too_long",
            Error::Money(_) => "amount_too_large",
            Error::Unreadable(_) => "cart_unreadable",
            Error::Catalog(e) => e.code(),
            Error::Pricing(e) => e.code(),
            Error::Inventory(e) => e.code(),
            Error::Shipping(e) => e.code(),
            Error::Db(e) => e.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Error::Quantity { .. } => Some("quantity"),
            Error::TooLong { field } => Some(field),
            Error::NoSuchCart
            | Error::NoSuchLine
            | Error::Closed
            | Error::Changed
            | Error::SoldOut { .. }
            | Error::TooManyLines
            | Error::Money(_)
            | Error::Unreadable(_) => None,
            Error::Catalog(e) => e.field(),
            Error::Pricing(e) => e.field(),
            Error::Inventory(e) => e.field(),
            Error::Shipping(e) => e.field(),
            Error::Db(e) => e.field(),
        }
    }
}
