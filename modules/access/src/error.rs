use std::time::Duration;

use kernel::{Denied, ErrorKind, Fault, Timestamp};

/// What can go wrong with people and their rights.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The e-mail or the password is wrong, or the account is not active: which, is not told.
    #[error("this e-mail and password do not fit together")]
    WrongCredentials,
    /// Too many attempts.
    #[error("too many attempts to sign in; try again in {}", wait_text(*wait))]
    TooManyAttempts { wait: Duration, at: Timestamp },
    /// The password given as the present one is not.
    #[error("the current password is wrong")]
    WrongPassword,
    /// First-run set-up, but somebody works here already.
    #[error("this shop has an owner already; sign in, or let the owner make you an account")]
    OwnerExists,
    /// Nobody would be left who may do everything.
    #[error("the shop needs at least one active owner; make somebody else an owner first")]
    LastOwner,
    /// More than the actor has.
    #[error("you cannot give or take a right that you do not have yourself: {permission}")]
    BeyondYourRights { permission: String },
    /// Somebody has this e-mail.
    #[error("somebody with the e-mail '{email}' works here already")]
    EmailTaken { email: String },
    /// A role has this name.
    #[error("there is a role '{name}' already")]
    RoleNameTaken { name: String },
    /// A role that came with the program.
    #[error("the role '{name}' came with Mercer and stays as it is; make a role of your own instead")]
    BuiltInRole { name: String },
    /// Somebody still has the role.
    #[error("the role '{name}' is still given to {staff} of the staff; take it from them first")]
    RoleInUse { name: String, staff: i64 },
    /// One cannot switch oneself off.
    #[error("you cannot deactivate yourself; ask another owner")]
    Yourself,
    /// No such thing.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// A field is wrong.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// What is stored cannot be read.
    #[error("stored grants cannot be read: {0}")]
    Grants(String),
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// A right is missing.
    #[error(transparent)]
    Denied(#[from] Denied),
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

    /// When it may be tried again, for `Retry-After` and the page.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::TooManyAttempts { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

/// "40 seconds", "3 minutes": rounded up, so that who waits so long gets in.
fn wait_text(wait: Duration) -> String {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let (n, unit) = if seconds < 100 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::WrongCredentials => ErrorKind::Unauthenticated,
            Error::TooManyAttempts { .. } => ErrorKind::TooMany,
            Error::WrongPassword | Error::Invalid { .. } => ErrorKind::Invalid,
            Error::BeyondYourRights { .. } => ErrorKind::Denied,
            Error::OwnerExists
            | Error::LastOwner
            | Error::EmailTaken { .. }
            | Error::RoleNameTaken { .. }
            | Error::BuiltInRole { .. }
            | Error::RoleInUse { .. }
            | Error::Yourself => ErrorKind::Conflict,
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::Grants(_) | Error::Hash(_) => ErrorKind::Internal,
            Error::Denied(e) => e.kind(),
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::WrongCredentials => "wrong_credentials",
            Error::TooManyAttempts { .. } => "too_many_attempts",
            Error::WrongPassword => "wrong_password",
            Error::OwnerExists => "owner_exists",
            Error::LastOwner => "last_owner",
            Error::BeyondYourRights { .. } => "beyond_your_rights",
            Error::EmailTaken { .. } => "email_taken",
            Error::RoleNameTaken { .. } => "role_name_taken",
            Error::BuiltInRole { .. } => "built_in_role",
            Error::RoleInUse { .. } => "role_in_use",
            Error::Yourself => "yourself",
            Error::NotFound { .. } => "not_found",
            Error::Invalid { .. } => "invalid",
            Error::Grants(_) => "grants_unreadable",
            Error::Hash(_) => "hash",
            Error::Denied(e) => e.code(),
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::WrongPassword => Some("current_password"),
            Error::EmailTaken { .. } => Some("email"),
            Error::RoleNameTaken { .. } => Some("name"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_units_rounded_up() {
        for (millis, text) in
            [(1, "1 second"), (29_100, "30 seconds"), (99_000, "99 seconds"), (100_000, "2 minutes")]
        {
            assert_eq!(wait_text(Duration::from_millis(millis)), text);
        }
    }
}
