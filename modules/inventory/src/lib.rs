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
mod reserve;
mod shelves;

pub use available::{Availability, Component, Place, available_of};
pub use bulk::{ImportLevel, import_levels};
pub use commit::{
    Commitment, CommitmentState, allocate, commitments, hand_over, put_back, release, release_line, restock,
    ship, units_held, variants_of_items,
};
pub use error::Error;
pub use find::{LevelRow, MovementRow, Shortage, levels, levels_of_variants, movements, shortage};
pub use item::{
    BaseUnit, ItemPolicy, ItemRow, attach, create_item, create_weighed_item, item_of, item_policy, set_policy,
};
pub use laws::LAWS;
pub use ledger::{Reason, adjust, quarantine, set_on_hand};
pub use location::{LocationRow, create_location, locations, update_location};
pub use page::{StockFilter, StockView, items_by_location, stock_page};
pub use reserve::{Taken, Wanted, reserve, touch_taken, units_taken};
pub use shelves::{Part, Shelves};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "inventory",
    files: &[
        ("0001_inventory", include_str!("../migrations/0001_inventory.sql")),
        ("0002_commitment_factor", include_str!("../migrations/0002_commitment_factor.sql")),
    ],
};
