//! What things cost and what tax lies in or on it. See README.md.

mod error;
mod import;
mod laws;
mod line;
mod price;
mod set_price;
mod tax;
mod tax_rates;

pub mod shop;

pub use error::Error;
pub use import::{ImportPrice, import_prices};
pub use laws::LAWS;
pub use line::{Line, line, split_discount};
pub use price::{MAX_AMOUNT_MINOR, Price, Prices, known_prices, prices_of};
pub use set_price::{NewPrice, clear_price, set_price};
pub use tax::{STANDARD, Tax, TaxRate, TaxTable, rate_for, rates};
pub use tax_rates::{NewTaxRate, create_tax_rate, delete_tax_rate, tax_rates, update_tax_rate};

/// The tables of this module.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "pricing",
    files: &[("0001_pricing", include_str!("../migrations/0001_pricing.sql"))],
};
