//! Carts and what they come to. See README.md.

mod add_line;
mod calculate;
mod calculation;
mod cart;
mod close;
mod compute;
mod details;
mod error;
mod find;
mod laws;
mod lines;
mod problem;

pub use add_line::{Added, NewLine, add_line, begin_cart};
pub use calculate::{calculate, calculate_of, calculate_with_stock};
pub use calculation::{CalcLine, Calculation, Facts, GoneLine, ShippingLine, TaxSum, Terms, VALID};
pub use cart::{Action, Cart, CartLine, CartState, MAX_LINES, MAX_QUANTITY};
pub use close::{close, discard, reopen, sweep};
pub use compute::compute;
pub use details::{CartDetails, set_details};
pub use error::Error;
pub use find::{find, get};
pub use laws::LAWS;
pub use lines::{Changed, remove_line, see_prices, set_quantity};
pub use problem::Problem;

/// The tables of this module.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "checkout",
    files: &[
        ("0001_checkout", include_str!("../migrations/0001_checkout.sql")),
        ("0002_consent", include_str!("../migrations/0002_consent.sql")),
    ],
};
