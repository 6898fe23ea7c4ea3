//! Sales: what was ordered, in which state it is, what happened to it. See README.md.

mod cancel;
mod error;
mod find;
mod laws;
mod list;
mod note;
mod order;
mod place;
mod scan;

pub use cancel::{Still, cancel, cancel_lines, close, reopen_check};
pub use error::Error;
pub use find::{
    CustomerTotals, LineRow, OrderHead, by_cart, by_number, by_secret, count_open, get, head, head_within,
    heads_of_customer, held_past, lines, number_of, totals_of_customers,
};
pub use laws::LAWS;
pub use list::{Filter, list};
pub use note::{NoteRow, comment, note, notes};
pub use order::{Action, LineKind, NewLine, NewOrder, OrderState, Placed, next};
pub use place::{
    hold_again, hold_back, insert, keep_longer, mark_placed, remember_customer, set_hold, set_note_and_tags,
};
pub use scan::{going_on, without_customer};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "orders",
    files: &[
        ("0001_orders", include_str!("../migrations/0001_orders.sql")),
        ("0002_words", include_str!("../migrations/0002_words.sql")),
    ],
};
