//! What is to be shipped, and the form that ships it.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Pager, Picture, Tab, When},
    filters,
    shell::Shell,
};

/// One fulfilment order in the list.
#[derive(Clone, Debug)]
pub struct FulfilmentRow {
    pub id: String,
    pub order_href: String,
    pub order_number: String,
    pub placed: When,
    pub late: bool,
    pub customer: String,
    pub country: String,
    pub location: String,
    pub method: String,
    pub items: u32,
    pub state: Chip,
    /// The form to ship; empty where nothing is left.
    pub fulfil_href: String,
}

/// `GET /admin/fulfilment?view=&q=&location=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/fulfilment.html")]
pub struct FulfilmentView {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// `view`, `q`, `location`.
    pub filter: Fields,
    pub filtered: bool,
    pub locations: Vec<Choice>,
    pub rows: Vec<FulfilmentRow>,
    pub pager: Pager,
    pub can_fulfil: bool,
}

/// A line to ship. Field: `quantity.{line_id}`.
#[derive(Clone, Debug)]
pub struct FulfilLine {
    pub line_id: String,
    pub picture: Option<Picture>,
    pub title: String,
    pub sku: String,
    pub left: u32,
    /// Where it lies, on hand there; empty: not known.
    pub stock: String,
}

/// `GET /admin/orders/{id}/fulfilment?fulfilment_order=…`; `POST /admin/orders/{id}/shipments`: per line
/// as above, and `carrier`, `tracking_number`, `tracking_url`, `notify`, hidden `fulfilment_order_id`,
/// `idempotency_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/fulfil.html")]
pub struct FulfilView {
    pub shell: Shell,
    pub id: String,
    pub number: String,
    pub fulfilment_order_id: String,
    pub location: String,
    pub method: String,
    pub ship_to: Vec<String>,
    /// Other fulfilment orders of this order that are open: location and form.
    pub others: Vec<super::fields::Link>,
    pub lines: Vec<FulfilLine>,
    pub form: Fields,
    pub carriers: Vec<String>,
    /// What holds it back (not paid yet); empty: nothing.
    pub warning: String,
    pub pick_list_href: String,
    pub packing_slip_href: String,
}
