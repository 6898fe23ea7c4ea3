use kernel::{ErrorKind, Fault};

/// Which rule of the schema a write would have broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// Two rows with the same key.
    Unique,
    /// A row that points nowhere, or is pointed at.
    Foreign,
    /// A `check` or `not null`.
    Check,
}

/// What can go wrong between a verb and its database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the schema would have been broken; nothing was written.
    #[error("the database refused the write ({constraint:?}): {detail}")]
    Refused { constraint: Constraint, detail: String },
    /// The one row that was asked for is not there.
    #[error("the row is not there")]
    NoRow,
    /// A column holds something else than its reader expects.
    #[error("column {column} cannot be read: {detail}")]
    Column { column: usize, detail: String },
    /// SQLite itself said no.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL itself said no.
    #[error("PostgreSQL: {}", postgres_message(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection could be had.
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// Another writer held the database too long, or transactions kept colliding until the deadline.
    #[error("the database is busy; try again")]
    Busy,
    /// The whole transaction that this write shared was lost; nothing was written.
    #[error("the transaction was lost: {0}")]
    TransactionLost(String),
    /// The verb panicked; its part was rolled back.
    #[error("a write panicked: {0}")]
    Panicked(String),
    /// The database is closing down.
    #[error("the database is closed")]
    Closed,
    /// Only in tests: the process died here.
    #[error("the process crashed (a test's fault point)")]
    Crashed,
    /// A migration cannot be applied.
    #[error("migration: {0}")]
    Migration(String),
    /// The database's shape is not what a copy can carry.
    #[error("schema: {0}")]
    Schema(String),
    /// The address of the database is not understood.
    #[error("database address: {0}")]
    Address(String),
}

fn postgres_message(e: &tokio_postgres::Error) -> String {
    match e.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match std::error::Error::source(e) {
            Some(source) => format!("{e}: {source}"),
            None => e.to_string(),
        },
    }
}

impl Error {
    /// Was it refused for a second row with the same key?
    pub fn is_unique(&self) -> bool {
        matches!(self, Error::Refused { constraint: Constraint::Unique, .. })
    }

    /// Would the very same transaction, run again, have a chance?
    pub(crate) fn is_collision(&self) -> bool {
        use tokio_postgres::error::SqlState as S;
        matches!(self, Error::Postgres(e) if e.code().is_some_and(|c| *c == S::T_R_SERIALIZATION_FAILURE || *c == S::T_R_DEADLOCK_DETECTED))
            || self.is_outdated_plan()
    }

    /// Was a statement prepared before a migration, of this process or another, changed what it gives?
    pub(crate) fn is_outdated_plan(&self) -> bool {
        let Error::Postgres(e) = self else { return false };
        e.as_db_error().is_some_and(|e| e.routine() == Some("RevalidateCachedQuery"))
    }

    /// Sorts a driver's error into ours.
    pub(crate) fn of_postgres(e: tokio_postgres::Error) -> Error {
        use tokio_postgres::error::SqlState as S;
        let Some(db) = e.as_db_error() else { return Error::Postgres(e) };
        let constraint = match db.code() {
            c if *c == S::UNIQUE_VIOLATION => Constraint::Unique,
            c if *c == S::FOREIGN_KEY_VIOLATION => Constraint::Foreign,
            c if *c == S::CHECK_VIOLATION || *c == S::NOT_NULL_VIOLATION => Constraint::Check,
            _ => return Error::Postgres(e),
        };
        Error::Refused { constraint, detail: db.constraint().unwrap_or(db.message()).to_owned() }
    }

    /// Sorts a driver's error into ours.
    pub(crate) fn of_sqlite(e: rusqlite::Error) -> Error {
        use rusqlite::ffi;
        let rusqlite::Error::SqliteFailure(code, text) = &e else { return Error::Sqlite(e) };
        let constraint = match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => Constraint::Unique,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Constraint::Foreign,
            ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_NOTNULL => Constraint::Check,
            _ if code.code == rusqlite::ErrorCode::DatabaseBusy => return Error::Busy,
            _ => return Error::Sqlite(e),
        };
        Error::Refused { constraint, detail: text.clone().unwrap_or_default() }
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Refused { constraint: Constraint::Unique, .. } => ErrorKind::Conflict,
            Error::NoRow => ErrorKind::NotFound,
            Error::Busy | Error::Connection(_) | Error::Closed => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::Refused { .. } => "database_refused",
            Error::NoRow => "not_found",
            Error::Busy => "database_busy",
            Error::Connection(_) => "database_unreachable",
            _ => "database",
        }
    }
}
