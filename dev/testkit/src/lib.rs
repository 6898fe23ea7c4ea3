//! What tests stand on: a private PostgreSQL, databases made from a migrated template, contexts whose clock and
//! entropy the test owns. Never part of the program.

mod browser;
mod databases;
mod postgres;
mod world;

pub use browser::browser;
pub use databases::{TestDb, fresh, run};
pub use postgres::{Certificate, Postgres, postgres, postgres_with_tls, skipped};
pub use world::{clock, ctx, ctx_at, store};

pub use db::{Db, Engine};

/// A law that no test has seen broken may be one that cannot be: `seen` is what a module's tests of its laws have seen.
///
/// # Panics
/// When a law is missing, a new one for instance.
pub fn every_law_was_broken(laws: &[db::Law], seen: &[&str]) {
    for law in laws {
        assert!(seen.contains(&law.name), "{} is broken by no test of this module's laws", law.name);
    }
}

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
