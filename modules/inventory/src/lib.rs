//! Where stock lies, what moved, and what is promised. See README.md.

mod available;
mod bulk;
mod commit;
mod error;
mod find;
mod item;
mod laws;
mod ledger;
mod location;
mod page;

pub use available::{Availability, Component, available_of};
pub use bulk::{ImportLevel, import_levels};
pub use commit::{
    Open, Taken, Wanted, allocate, open_commitments, release, release_line, reserve, ship, touch_taken,
    variants_of_items,
};
pub use error::Error;
pub use find::{LevelRow, MovementRow, Shortage, levels, levels_of_variants, movements, shortage};
pub use item::{ItemRow, attach, create_item, create_weighed_item, item_of, item_policy, set_policy};
pub use laws::LAWS;
pub use ledger::{Reason, adjust, quarantine, receive, set_on_hand};
pub use location::{LocationRow, create_location, locations, update_location};
pub use page::{StockFilter, StockView, items_by_location, stock_page};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "inventory",
    files: &[("0001_inventory", include_str!("../migrations/0001_inventory.sql"))],
};
