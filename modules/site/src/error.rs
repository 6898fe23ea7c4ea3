use kernel::{ErrorKind, Fault};

/// What can go wrong with the shop's own data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is a store already.
    #[error("this shop is set up already; sign in to change it")]
    AlreadySetUp,
    /// Nobody has set the shop up yet.
    #[error("this shop is not set up yet")]
    NotSetUp,
    /// A field is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// A setting's stored text is not what its type expects.
    #[error("the setting '{key}' cannot be read: {detail}")]
    Setting { key: &'static str, detail: String },
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
            Error::AlreadySetUp => ErrorKind::Conflict,
            Error::NotSetUp => ErrorKind::NotFound,
            Error::Invalid { .. } => ErrorKind::Invalid,
            Error::Setting { .. } => ErrorKind::Internal,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::AlreadySetUp => "already_set_up",
            Error::NotSetUp => "not_set_up",
            Error::Invalid { .. } => "invalid",
            Error::Setting { .. } => "setting_unreadable",
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
