//! The only crate that knows which database it is: connections, transactions, rows, migrations, dialect.
//!
//! Verbs are written once as `async fn verb(tx: &mut Tx, …)`. On SQLite they run inline and never pend; on
//! PostgreSQL they talk to the server. See README.md.

mod address;
mod config;
mod dialect;
mod error;
mod faults;
mod feed;
mod handle;
mod migrate;
mod postgres;
mod row;
pub mod schema;
mod sql;
mod sqlite;
mod stats;
mod tls;
mod tx;
mod value;

pub use config::Target;
pub use dialect::Engine;
pub use error::{Constraint, Error};
pub use faults::Faults;
pub use feed::{Mark, changes_since, mark_now, next_in_series};
pub use handle::{Db, Extensions, Isolation, Lane, Unit};
pub use migrate::{Migration, Migrations, Pending, applied, migrate, migrate_in, pending};
pub use row::{FromRow, Get, Row};
pub use sql::{spread, texts};
pub use stats::Stats;
pub(crate) use tx::Conn;
pub use tx::Tx;
pub use value::{ToVal, Val};

#[doc(hidden)]
pub use linkme as __linkme;
#[doc(hidden)]
pub use sql::TEXTS as __TEXTS;

mod law;
pub use law::{Law, Violation, check};
