use serde::Serialize;

use super::View;
use crate::When;

/// Lies in the parcel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PackingSlip {
    /// The locale it is printed in: the buyer's.
    pub locale: String,
    /// The store's name.
    pub store: String,
    /// The sender, line by line.
    pub sender: Vec<String>,
    /// The order's number.
    pub order_number: String,
    /// The shipment's or fulfilment order's number.
    pub number: String,
    /// When the order was placed.
    pub placed: When,
    /// The delivery address, line by line.
    pub address: Vec<String>,
    /// “Parcel”.
    pub shipping_method: String,
    /// What is in it.
    pub lines: Vec<SlipLine>,
    /// The buyer's note, or the store's; empty leaves it out.
    pub note: String,
}

/// A line of a packing slip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlipLine {
    /// Its SKU.
    pub sku: String,
    /// The product's title.
    pub name: String,
    /// The variant; empty leaves it out.
    pub meta: String,
    /// How many in this parcel.
    pub quantity: u32,
    /// How many were ordered.
    pub ordered: u32,
}

/// What a picker fetches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PickList {
    /// The locale it is printed in: the picker's.
    pub locale: String,
    /// The store's name.
    pub store: String,
    /// Where it is fetched.
    pub location: String,
    /// When it was printed.
    pub printed: When,
    /// The orders it serves.
    pub orders: Vec<String>,
    /// What to fetch, in walking order.
    pub lines: Vec<PickLine>,
}

/// A line of a pick list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PickLine {
    /// The bin or shelf; empty where there are none.
    pub bin: String,
    /// Its SKU.
    pub sku: String,
    /// Its barcode; empty leaves it out.
    pub gtin: String,
    /// The product's title.
    pub name: String,
    /// The variant; empty leaves it out.
    pub meta: String,
    /// How many to fetch.
    pub quantity: u32,
    /// For which order.
    pub order_number: String,
}

impl View for PackingSlip {
    const TEMPLATE: &'static str = "documents/packing_slip.html";

    fn locale(&self) -> &str {
        &self.locale
    }
}

impl View for PickList {
    const TEMPLATE: &'static str = "documents/pick_list.html";

    fn locale(&self) -> &str {
        &self.locale
    }
}
