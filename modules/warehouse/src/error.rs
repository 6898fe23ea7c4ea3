use kernel::{ErrorKind, Fault};

use crate::FulfilmentState;

/// What can go wrong on the way out of the door.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not within the permit's locations.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// Its state does not allow it.
    #[error("a fulfilment order that is {state} cannot be {action}")]
    NotAllowed { state: FulfilmentState, action: &'static str },
    /// More than is left to ship.
    #[error("only {left} of '{title}' are left to ship")]
    TooMany { title: String, left: i64 },
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
            Error::NotAllowed { .. } => ErrorKind::Conflict,
            Error::TooMany { .. } | Error::Invalid { .. } => ErrorKind::Invalid,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::NotFound { .. } => "not_found",
            Error::NotAllowed { .. } => "fulfilment_state",
            Error::TooMany { .. } => "more_than_left",
            Error::Invalid { .. } => "invalid",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::TooMany { .. } => Some("quantity"),
            _ => None,
        }
    }
}
