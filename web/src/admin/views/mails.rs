//! The mailbox of development: what would have been sent, or was.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Fields, Pager, When},
    filters,
    shell::Shell,
};

/// A mail in the list.
#[derive(Clone, Debug)]
pub struct MailRow {
    pub id: String,
    pub to: String,
    pub subject: String,
    pub when: When,
    pub state: Chip,
}

/// `GET /admin/mails?q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/mails.html")]
pub struct MailsView {
    pub shell: Shell,
    pub filter: Fields,
    pub filtered: bool,
    pub rows: Vec<MailRow>,
    pub pager: Pager,
    /// Nothing leaves the machine.
    pub development: bool,
}

/// `GET /admin/mails/{id}`; its HTML comes from `/admin/mails/{id}/body`, shown in a sandboxed frame.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/mail.html")]
pub struct MailView {
    pub shell: Shell,
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub when: When,
    pub state: Chip,
    pub text: String,
    /// Why it failed; empty: it did not.
    pub error: String,
    pub order_href: String,
}
