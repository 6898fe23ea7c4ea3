//! What each screen shows. Money, numbers and dates arrive formatted; states arrive as [`Chip`].

mod auth;
mod chart;
mod chip;
mod customers;
mod fields;
mod fulfilment;
mod home;
mod imports;
mod inventory;
mod mails;
mod order;
mod orders;
mod product;
mod products;
mod refund;
mod settings;
mod shell;
mod system;

pub use auth::*;
pub use chart::*;
pub use chip::*;
pub use customers::*;
pub use fields::*;
pub use fulfilment::*;
pub use home::*;
pub use imports::*;
pub use inventory::*;
pub use mails::*;
pub use order::*;
pub use orders::*;
pub use product::*;
pub use products::*;
pub use refund::*;
pub use settings::*;
pub use shell::*;
pub use system::*;

pub(crate) use super::words::filters;
