use kernel::{ErrorKind, Fault};

use crate::country::FieldError;

/// What can go wrong with customers and mail.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such thing.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// Another customer has this e-mail.
    #[error("another customer has the e-mail '{email}'")]
    EmailTaken { email: String },
    /// It was changed since it was read.
    #[error("somebody changed this customer meanwhile; look at it again")]
    Changed,
    /// A field is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// The address is wrong, perhaps in several fields.
    #[error("{}", .0.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("; "))]
    Address(Vec<FieldError>),
    /// What is stored cannot be read.
    #[error("a stored address cannot be read: {0}")]
    Unreadable(String),
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Of events, tasks, audit.
    #[error(transparent)]
    Work(#[from] work::Error),
}

impl Error {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid { field, message: message.into() }
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::EmailTaken { .. } | Error::Changed => ErrorKind::Conflict,
            Error::Invalid { .. } | Error::Address(_) => ErrorKind::Invalid,
            Error::Unreadable(_) => ErrorKind::Internal,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::NotFound { .. } => "not_found",
            Error::EmailTaken { .. } => "email_taken",
            Error::Changed => "changed_meanwhile",
            Error::Invalid { .. } => "invalid",
            Error::Address(_) => "address_invalid",
            Error::Unreadable(_) => "address_unreadable",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::EmailTaken { .. } => Some("email"),
            Error::Address(errors) => errors.first().map(|e| e.field),
            _ => None,
        }
    }
}
