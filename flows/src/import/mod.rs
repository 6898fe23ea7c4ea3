//! A product file becomes a shop: Shopify's two dialects, read as a stream, in small committed batches. The course of
//! things ([`products`]): look at the whole file once ([`scan`]), then read it again product by product ([`reader`],
//! [`parse`]) on a thread of its own, and write what is right in batches ([`stage`], [`batch`]) while wrong rows go to an
//! error file ([`refused`]). A [`run`] says how far it is; a file that was [`sent`] is brought in by a task.

mod batch;
mod categories;
mod cells;
mod columns;
mod error;
mod options;
mod own;
mod pace;
mod parse;
mod pictures;
mod products;
mod reader;
mod refused;
mod report;
mod run;
mod scan;
mod sent;
mod source;
mod stage;

pub use error::Error;
pub use options::{Options, Step};
pub use products::products;
pub use report::{FieldColumn, Remark, Report};
pub use sent::{EXPIRE, ExpireTask, Incoming, KEPT, RUN, RunTask, Wish, refused_rows, refused_until};
