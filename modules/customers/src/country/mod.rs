//! How addresses are written around the world: which fields, in which order, under which labels, and what a postcode
//! looks like. Sources: the Universal Postal Union's addressing sheets and Unicode CLDR.

mod data;
mod format;
mod postcode;
mod regions;
mod rules;

pub use format::{Field, FieldSpec, Format, all, get, name, options};
pub use rules::{FieldError, check, is_phone, tidy, validate};
