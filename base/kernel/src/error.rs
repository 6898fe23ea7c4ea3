use std::error::Error;

/// What sort of failure it is; `web` maps each to one HTTP status, the command line to one exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ErrorKind {
    /// The input is wrong; the sender must change it.
    Invalid,
    /// Nobody is signed in, or the key is not known.
    Unauthenticated,
    /// Signed in, but not allowed.
    Denied,
    /// There is no such thing.
    NotFound,
    /// It changed meanwhile, or stands in a state that does not allow this.
    Conflict,
    /// Too often; later again.
    TooMany,
    /// Something outside does not answer; later again.
    Unavailable,
    /// Our fault.
    Internal,
}

/// Every module's error: its kind, a stable code for programs, and the field of the form it belongs to.
pub trait Fault: Error + Send + Sync + 'static {
    /// What sort of failure.
    fn kind(&self) -> ErrorKind;
    /// A stable word for programs: `not_enough_stock`.
    fn code(&self) -> &'static str;
    /// Which input it is about, when it is about one.
    fn field(&self) -> Option<&str> {
        None
    }
}

/// The actor may not do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("sign in first")]
    SignIn,
    /// The permission is missing.
    #[error("this needs the permission '{permission}'; ask the owner of the shop for it")]
    Missing { permission: &'static str },
}

impl Fault for Denied {
    fn kind(&self) -> ErrorKind {
        match self {
            Denied::SignIn => ErrorKind::Unauthenticated,
            Denied::Missing { .. } => ErrorKind::Denied,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Denied::SignIn => "sign_in",
            Denied::Missing { .. } => "permission_missing",
        }
    }
}
