use kernel::{ErrorKind, Fault};

/// What can go wrong with figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Not a day.
    #[error("'{0}' is not a day; write it as 2026-11-23")]
    Day(String),
    /// The period ends before it begins, or is too long.
    #[error("a period has 1 to {most} days, and this one has {days}", most = crate::MOST_DAYS)]
    Period {
        /// How many it has; negative when it ends first.
        days: i64,
    },
    /// A fact that contradicts itself: it would make every figure wrong.
    #[error(
        "the fact {0} contradicts itself: gross is net and tax, a sale is not negative, a refund not positive"
    )]
    Fact(uuid::Uuid),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Db(e) => e.kind(),
            Error::Day(_) | Error::Period { .. } => ErrorKind::Invalid,
            Error::Fact(_) => ErrorKind::Internal,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::Db(e) => e.code(),
            Error::Day(_) => "not_a_day",
            Error::Period { .. } => "period",
            Error::Fact(_) => "fact",
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Error::Day(_) | Error::Period { .. } => Some("from"),
            Error::Db(_) | Error::Fact(_) => None,
        }
    }
}
