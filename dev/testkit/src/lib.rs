//! What tests stand on: a private PostgreSQL, databases made from a migrated template, contexts whose clock and
//! entropy the test owns. Never part of the program.

mod browser;
mod databases;
mod laws;
mod postgres;
mod world;

pub use browser::browser;
pub use databases::{TestDb, fresh, run};
pub use laws::{break_each, every_law_was_broken};
pub use postgres::{Certificate, Postgres, postgres, postgres_with_tls, skipped};
pub use world::{clock, ctx, ctx_at, store};

pub use db::{Db, Engine};

/// Declares tests that run on both databases. The body is an async block over `db`:
///
/// ```ignore
/// testkit::on_both! {
///     migrations = &[orders::MIGRATIONS];
///     async fn places_an_order(db) { … }
///     async fn cancels(db) { … }
/// }
/// ```
///
/// Each becomes `places_an_order::sqlite` and `places_an_order::postgres`.
#[macro_export]
macro_rules! on_both {
    (migrations = $migrations:expr; $($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports)]
                use super::*;
                async fn body($db: $crate::Db) $body
                $(#[$meta])*
                #[test]
                fn sqlite() { $crate::run($crate::Engine::Sqlite, $migrations, body); }
                $(#[$meta])*
                #[test]
                fn postgres() { $crate::run($crate::Engine::Postgres, $migrations, body); }
            }
        )*
    };
}
