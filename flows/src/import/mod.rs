//! A product file becomes a shop: Shopify's two dialects, read as a stream, in small committed batches. The course of
//! things: look at the whole file once ([`scan`]), then read it again product by product ([`parse`]) on a thread of its
//! own, and write what is right in batches ([`batch`]) while wrong rows go to an error file ([`refused`]).

mod batch;
mod cells;
mod columns;
mod error;
mod parse;
mod pictures;
mod refused;
mod report;
mod run;
mod scan;
mod source;

pub use error::Error;
pub use report::{FieldColumn, Remark, Report};
pub use run::{Options, Step, products};
