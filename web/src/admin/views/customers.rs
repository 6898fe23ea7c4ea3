//! People who buy.

use askama::Template;

use super::{
    fields::{Choice, Fields, Pager, When},
    filters,
    orders::OrderRow,
    shell::Shell,
};

/// One customer in the list.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    pub id: String,
    pub name: String,
    pub email: String,
    /// "Berlin, DE".
    pub place: String,
    pub orders: u32,
    pub spent: String,
    pub last_order: When,
}

/// `GET /admin/customers?q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/customers.html")]
pub struct CustomersView {
    pub shell: Shell,
    pub filter: Fields,
    pub filtered: bool,
    pub rows: Vec<CustomerRow>,
    pub pager: Pager,
}

/// An address as printed.
#[derive(Clone, Debug)]
pub struct AddressCard {
    pub lines: Vec<String>,
    pub main: bool,
}

/// `GET /admin/customers/{id}`; `POST /admin/customers/{id}`: `name`, `email`, `phone`, `locale`, `accepts_marketing`,
/// hidden `seen`; `POST /admin/customers/{id}/notes`: `note`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/customer.html")]
pub struct CustomerView {
    pub shell: Shell,
    pub id: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub since: When,
    pub orders_count: u32,
    pub spent: String,
    pub average: String,
    pub language: String,
    pub locales: Vec<Choice>,
    pub orders: Vec<OrderRow>,
    pub pager: Pager,
    pub addresses: Vec<AddressCard>,
    pub form: Fields,
    pub can_edit: bool,
}
