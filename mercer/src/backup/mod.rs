//! One file that holds a whole shop and belongs to neither engine: a zip of `tables/NAME.jsonl` (a row a line, its
//! values in the order of the manifest's columns), `assets/…` and `theme/…` as they lie in the shop's folder, and,
//! written last, `manifest.json` with counts and checksums. Moving to the other engine is a backup and a restore.

mod checked;
mod manifest;
mod restore;
mod rows;
mod write;

pub use manifest::Manifest;
pub use restore::restore;
pub use write::{missing, write};

use kernel::Timestamp;

/// `20261123-075500`, in UTC: sorts by time in a folder.
pub fn stamp(at: Timestamp) -> String {
    at.jiff().strftime("%Y%m%d-%H%M%S").to_string()
}
