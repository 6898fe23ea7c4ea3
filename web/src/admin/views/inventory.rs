//! Stock: levels, the ledger, locations.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Pager, Picture, Tab, When},
    filters,
    shell::Shell,
};

/// Stock of one item at one location, as text in the item's unit.
#[derive(Clone, Debug)]
pub struct StockRow {
    pub item_id: String,
    pub location_id: String,
    pub picture: Option<Picture>,
    pub title: String,
    pub sku: String,
    /// Counted in grams.
    pub weighed: bool,
    pub location: String,
    pub on_hand: String,
    /// The same as it is typed.
    pub counted: String,
    pub unavailable: String,
    pub reserved: String,
    pub allocated: String,
    pub available: String,
    /// Nothing left.
    pub out: bool,
    /// Sold below zero.
    pub below_zero: bool,
}

impl StockRow {
    /// Field of the counted quantity, and (with `seen.`) of what the page showed.
    fn field(&self, prefix: &str) -> String {
        format!("{prefix}.{}.{}", self.item_id, self.location_id)
    }
}

/// `GET /admin/inventory?view=&q=&location=`; `POST /admin/inventory/adjustments`: per row
/// `on_hand.{item}.{location}` beside hidden `seen.{item}.{location}` (only changed rows count), `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/inventory.html")]
pub struct InventoryView {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub filter: Fields,
    pub filtered: bool,
    pub locations: Vec<Choice>,
    pub reasons: Vec<Choice>,
    pub rows: Vec<StockRow>,
    /// Typed quantities after an error.
    pub form: Fields,
    pub pager: Pager,
    pub can_adjust: bool,
}

/// One row of the stock ledger.
#[derive(Clone, Debug)]
pub struct MovementRow {
    pub when: When,
    pub location: String,
    /// "Shipped", "Counted", "Received": in words.
    pub kind: String,
    pub note: String,
    /// "+12", "−1".
    pub change: String,
    pub negative: bool,
    pub balance: String,
    pub actor: String,
}

/// `GET /admin/inventory/{item_id}`; `POST /admin/inventory/{item_id}/adjustments`: `location_id`,
/// `change`, `reason`, `note`, hidden `idempotency_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/inventory_item.html")]
pub struct InventoryItemView {
    pub shell: Shell,
    pub item_id: String,
    pub title: String,
    pub sku: String,
    /// "counted in grams".
    pub unit: String,
    /// It is.
    pub weighed: bool,
    /// The product's page; empty: none.
    pub product_href: String,
    pub levels: Vec<StockRow>,
    pub movements: Vec<MovementRow>,
    pub pager: Pager,
    pub form: Fields,
    /// `tracked`, `oversell`: `POST /admin/inventory/{item_id}/policy`.
    pub policy: Fields,
    pub locations: Vec<Choice>,
    pub reasons: Vec<Choice>,
    pub can_adjust: bool,
}

/// A place where stock lies.
#[derive(Clone, Debug)]
pub struct LocationRow {
    pub id: String,
    pub name: String,
    pub address: String,
    /// Lower is asked first.
    pub priority: String,
    pub state: Chip,
    pub items: u32,
}

/// `GET /admin/locations`; `POST /admin/locations` or `/admin/locations/{id}`: `name`, `country`,
/// `address`, `postcode`, `city`, `priority`, `active`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/locations.html")]
pub struct LocationsView {
    pub shell: Shell,
    pub rows: Vec<LocationRow>,
    pub form: Fields,
    /// `None`: the form creates one.
    pub editing: Option<String>,
    pub countries: Vec<Choice>,
    pub can_edit: bool,
}
