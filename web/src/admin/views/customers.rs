//! People who buy.

use askama::Template;

use super::{
    fields::{Choice, Fields, Pager, When},
    filters,
    orders::OrderRow,
    product::CustomField,
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

/// `GET /admin/customers?q=&consent=&tag=`; `consent` is `yes` or `no`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/customers.html")]
pub struct CustomersView {
    pub shell: Shell,
    pub filter: Fields,
    pub filtered: bool,
    pub consents: Vec<Choice>,
    /// Tags in use.
    pub tags: Vec<Choice>,
    pub rows: Vec<CustomerRow>,
    pub pager: Pager,
}

/// An address as printed. `POST …/addresses/{id}/main` and `…/deletion`.
#[derive(Clone, Debug)]
pub struct AddressCard {
    pub id: String,
    pub lines: Vec<String>,
    pub phone: String,
    pub main: bool,
}

impl AddressCard {
    /// What it begins with, to tell it apart.
    fn first(&self) -> String {
        self.lines.iter().take(2).cloned().collect::<Vec<_>>().join(", ")
    }
}

/// What was last said of a way to be written to.
#[derive(Clone, Debug)]
pub struct ConsentState {
    /// "email": as in the form.
    pub code: String,
    pub label: String,
    /// `None`: never asked.
    pub granted: Option<bool>,
    pub since: When,
}

/// A row of the record of consents.
#[derive(Clone, Debug)]
pub struct ConsentRow {
    pub channel: String,
    pub granted: bool,
    /// The words that were agreed to, or why staff say so.
    pub proof: String,
    /// "Checkout", "Staff: Mara Lind".
    pub by: String,
    pub when: When,
}

/// `GET /admin/customers/{id}`; `POST /admin/customers/{id}`: `name`, `email`, `phone`, `locale`, `tags`, hidden `seen`;
/// `POST …/notes`: `note`; `POST …/consents`: `channel`, `granted`, `reason`; `POST …/fields`: `custom.{field}`.
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
    pub tags: Vec<String>,
    pub orders: Vec<OrderRow>,
    pub pager: Pager,
    pub addresses: Vec<AddressCard>,
    /// Every channel, as it stands.
    pub standing: Vec<ConsentState>,
    /// Newest first.
    pub history: Vec<ConsentRow>,
    /// The merchant's own fields.
    pub custom: Vec<CustomField>,
    pub form: Fields,
    pub can_edit: bool,
    /// The form of their contact is open.
    pub editing: bool,
}

/// A field of an address as its country writes it.
#[derive(Clone, Debug)]
pub struct AddressField {
    pub name: &'static str,
    pub label: String,
    pub required: bool,
    /// Empty: free text.
    pub choices: Vec<Choice>,
}

/// `GET /admin/customers/{id}/addresses/new` or `/{address}`; `POST …/addresses[/{address}]`; `action` is `save` or
/// `country`, which asks for the fields of another country.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/customer_address.html")]
pub struct CustomerAddressView {
    pub shell: Shell,
    pub back: String,
    pub action: String,
    pub customer: String,
    pub editing: bool,
    pub countries: Vec<Choice>,
    pub fields: Vec<AddressField>,
    pub form: Fields,
}
