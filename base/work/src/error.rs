use kernel::{ErrorKind, Fault};

/// What can go wrong with later.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// A payload is not what its reader expects.
    #[error("a payload cannot be read: {0}")]
    Payload(#[from] serde_json::Error),
    /// The same key came with another input.
    #[error("this Idempotency-Key was used before with another request; use a new key for a new request")]
    KeyReused,
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Db(e) => e.kind(),
            Error::Payload(_) => ErrorKind::Internal,
            Error::KeyReused => ErrorKind::Conflict,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::Db(e) => e.code(),
            Error::Payload(_) => "payload",
            Error::KeyReused => "idempotency_key_reused",
        }
    }
}
