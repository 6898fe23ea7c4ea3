//! The order list.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Pager, Tab, When},
    filters,
    shell::Shell,
};

/// One order in a list.
#[derive(Clone, Debug)]
pub struct OrderRow {
    pub id: String,
    /// "#1204".
    pub number: String,
    pub placed: When,
    pub customer: String,
    /// "DE", or the country's name.
    pub country: String,
    pub items: u32,
    pub total: String,
    pub payment: Chip,
    pub fulfilment: Chip,
    /// Shown beside the number where it is not simply placed: cancelled, closed, on hold.
    pub state: Option<Chip>,
}

/// `GET /admin/orders?view=&q=&payment=&fulfilment=&from=&to=&after=&before=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/orders.html")]
pub struct OrdersView {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// `view`, `q`, `payment`, `fulfilment`, `from`, `to`.
    pub filter: Fields,
    /// Whether any filter narrows the tab: decides which empty state shows.
    pub filtered: bool,
    pub payments: Vec<Choice>,
    pub fulfilments: Vec<Choice>,
    pub rows: Vec<OrderRow>,
    pub pager: Pager,
    /// The view holds no more than the newest of its kind.
    pub capped: bool,
    pub can_fulfil: bool,
    pub can_capture: bool,
}
