use std::process::ExitCode;

use kernel::{ErrorKind, Fault};

/// How the program ends; the numbers are those of sysexits.h where it has one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Ok = 0,
    /// The answer is no: laws are broken, migrations are pending, rows of an import were refused.
    Problems = 1,
    /// The command line is not understood, or what it asks for cannot be.
    Usage = 2,
    /// A file does not hold what it should.
    BadData = 65,
    /// The database or a service does not answer.
    Unavailable = 69,
    /// Our fault.
    Internal = 70,
    /// A file cannot be read or written.
    Io = 74,
    /// The configuration is wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed: a sentence for the person who typed it, and how the program ends.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What went wrong, and what to do.
    pub text: String,
}

impl Failure {
    /// A failure of one's own.
    pub fn new(exit: Exit, text: impl Into<String>) -> Failure {
        Failure { exit, text: text.into() }
    }

    /// A file that cannot be read or written.
    pub fn io(path: &std::path::Path, e: &std::io::Error) -> Failure {
        Failure::new(Exit::Io, format!("{}: {e}", path.display()))
    }

    /// A module's error.
    pub fn of(e: &dyn Fault) -> Failure {
        let exit = match e.kind() {
            ErrorKind::Unavailable | ErrorKind::TooMany => Exit::Unavailable,
            ErrorKind::Internal => Exit::Internal,
            ErrorKind::Invalid
            | ErrorKind::Unauthenticated
            | ErrorKind::Denied
            | ErrorKind::NotFound
            | ErrorKind::Conflict => Exit::Usage,
        };
        Failure::new(exit, e.to_string())
    }

    /// The same, with what was being done before it.
    #[must_use]
    pub fn while_doing(self, what: impl std::fmt::Display) -> Failure {
        Failure { text: format!("{what}: {}", self.text), ..self }
    }
}

impl From<db::Error> for Failure {
    fn from(e: db::Error) -> Failure {
        match &e {
            db::Error::Address(_) => Failure::new(Exit::Config, e.to_string()),
            db::Error::Migration(_) => Failure::new(Exit::BadData, e.to_string()),
            _ => Failure::of(&e),
        }
    }
}

impl From<work::Error> for Failure {
    fn from(e: work::Error) -> Failure {
        Failure::of(&e)
    }
}
