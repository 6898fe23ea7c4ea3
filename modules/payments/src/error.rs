use kernel::{ErrorKind, Fault};

use crate::PaymentState;

/// What can go wrong with money.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such payment.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// Its state does not allow it.
    #[error("a payment that is {state} cannot be {action}")]
    NotAllowed { state: PaymentState, action: &'static str },
    /// More than there is.
    #[error("only {left} of {wanted} can be {action}")]
    TooMuch { wanted: kernel::Money, left: kernel::Money, action: &'static str },
    /// Another attempt is undecided.
    #[error("a payment for this order is being decided; wait a moment and look again")]
    Undecided,
    /// The input is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
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
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::NotAllowed { .. } | Error::Undecided => ErrorKind::Conflict,
            Error::TooMuch { .. } | Error::Invalid { .. } => ErrorKind::Invalid,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::NotFound { .. } => "not_found",
            Error::NotAllowed { .. } => "payment_state",
            Error::TooMuch { .. } => "amount_too_large",
            Error::Undecided => "payment_undecided",
            Error::Invalid { .. } => "invalid",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::TooMuch { .. } => Some("amount"),
            _ => None,
        }
    }
}
