//! Who buys: customers, their addresses, the address formats of the world, and the mail that was written to them.
//! See README.md.

mod address;
mod check;
mod consent;
pub mod country;
mod customer;
mod error;
mod laws;
mod list;
mod mail;
mod mailbox;
pub mod ports;
mod remember;
mod sending;

pub use address::{
    AddressId, CustomerAddress, add_address, addresses, remove_address, set_default_address, update_address,
};
pub use consent::{Channel, Consent, ConsentSource, consents, set_consent};
pub use country::{FieldError, validate};
pub use customer::{Change, Customer, find_by_email, get, set_note, update};
pub use error::Error;
pub use laws::LAWS;
pub use list::{CustomerRow, Filter, count, list, tags};
pub use mail::{Mail, MailState, NewMail, expire_mails, mail, mark_failed, mark_sent, post};
pub use mailbox::{MailFilter, MailRow, failing_mails, mailbox, mails_of_order};
pub use remember::{NewCustomer, create, remember};
pub use sending::{SEND_MAIL, SendMail};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "customers",
    files: &[
        ("0001_customers", include_str!("../migrations/0001_customers.sql")),
        ("0002_consent_tags", include_str!("../migrations/0002_consent_tags.sql")),
    ],
};
