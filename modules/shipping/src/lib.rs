//! Where the shop ships to, how, and for how much. See README.md.

mod error;
mod find;
mod laws;
mod method;
mod methods;
mod quote;
mod zones;

pub use error::Error;
pub use find::{Zone, method, zone, zones};
pub use laws::LAWS;
pub use method::{Band, Kind, Method, NewMethod, Words};
pub use methods::{create_method, delete_method, update_method};
pub use quote::{Offers, Quote, offers, quotes};
pub use zones::{EVERYWHERE, NewZone, create_zone, delete_zone, update_zone};

/// The tables of this module.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "shipping",
    files: &[("0001_shipping", include_str!("../migrations/0001_shipping.sql"))],
};
