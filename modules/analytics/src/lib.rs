//! Figures: what was sold and given back, by business day. See README.md.

mod behind;
mod error;
mod fact;
mod home;
mod laws;
mod period;
mod record;

pub use behind::behind;
pub use error::Error;
pub use fact::{Fact, FactKind};
pub use home::{Day, Figures, Home, home};
pub use laws::LAWS;
pub use period::{MOST_DAYS, Period};
pub use record::{facts_of, record};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "analytics",
    files: &[("0001_analytics", include_str!("../migrations/0001_analytics.sql"))],
};
