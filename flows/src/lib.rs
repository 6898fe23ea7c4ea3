//! The only crate that writes to several modules: one file a process, and the tasks that do the same. See README.md.

mod ask;
mod authorise;
mod cancel;
mod capture;
mod close;
pub mod documents;
mod error;
mod figures;
mod hold;
pub mod mails;
mod order_page;
mod outcome;
mod place_order;
mod policy;
mod refund;
mod remember;
mod set_up;
mod settle;
mod ship;
mod shop;
pub mod tasks;
mod webhook;

pub use ask::{ask_due, return_from_action};
pub use cancel::{Cancel, cancel_order, reopen_cart};
pub use capture::{capture, mark_paid, void};
pub use error::Error;
pub use hold::expire_holds;
pub use order_page::{OrderPage, order_page, order_page_of};
pub use outcome::{Outcome, Placement};
pub use place_order::{PlaceOrder, place_order};
pub use policy::{CapturePolicy, CaptureWhen};
pub use refund::{Refund, RefundItem, RefundPreview, preview_refund, refund};
pub use set_up::{SetUp, set_up};
pub use ship::{Ship, ship};
pub use shop::{Providers, Shop};
pub use webhook::{Notice, receive_webhook};
