//! The words every other crate speaks: money, ids, quantities, time, who acts and what they may do.
//! No I/O lives here.

#[doc(hidden)]
pub use serde as __serde;

mod ctx;
mod error;
mod id;
mod ids;
mod money;
mod page;
mod permission;
mod quantity;
mod rate;
mod round;
mod text;
mod time;

pub use ctx::{Actor, Ctx, Grants, Store};
pub use error::{Denied, ErrorKind, Fault};
pub use id::{Entity, Id, IdError};
pub use ids::*;
pub use money::{Currency, Money, MoneyError};
pub use page::{Cursor, CursorError, Page, PageSize};
pub use permission::{Grant, Permission, Permit, Scope, perms};
pub use quantity::Quantity;
pub use rate::Rate;
pub use round::div_round;
pub use text::TextState;
pub use time::{Clock, Entropy, FixedClock, OsEntropy, SeededEntropy, SystemClock, Timestamp};

mod address;
pub use address::Address;
