use kernel::{ErrorKind, Fault};

use crate::{Action, OrderState};

/// What can go wrong with an order.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// Its state does not allow it.
    #[error("an order that is {state} cannot be {}", action.done())]
    NotAllowed { state: OrderState, action: Action },
    /// Nothing holds it up any more.
    #[error("an order that is {state} is neither put on hold nor let go on")]
    DoneWith { state: OrderState },
    /// Its stock is kept again, for another attempt to pay.
    #[error("another attempt to pay this order was begun")]
    Held,
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
            Error::NotFound => ErrorKind::NotFound,
            Error::NotAllowed { .. } | Error::DoneWith { .. } | Error::Held => ErrorKind::Conflict,
            Error::Invalid { .. } => ErrorKind::Invalid,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not_found",
            Error::NotAllowed { .. } | Error::DoneWith { .. } | Error::Held => "order_state",
            Error::Invalid { .. } => "invalid",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            _ => None,
        }
    }
}
