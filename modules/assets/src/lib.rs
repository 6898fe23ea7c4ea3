//! Files: what was uploaded or fetched, what is made of it, and where it is shown. See README.md.

mod asset;
mod deposit;
mod error;
mod fetch;
mod laws;
mod picture;
mod ports;
mod usage;
mod vault;

pub mod shop;

pub use asset::{Asset, AssetState, Counts, add, counts, ensure_stored, get, list, many, originals};
pub use deposit::Deposit;
pub use error::Error;
pub use fetch::{FETCH, Fetch, ensure_sources};
pub use laws::LAWS;
pub use picture::{Format, MAX_BYTES, MAX_PIXELS, MediaType, WIDTHS};
pub use ports::{FetchError, Fetched, Fetcher};
pub use usage::{Image, NewImage, Subject, attach, detach, images_of, set_alt, set_images, sort};
pub use vault::{Rendition, Stored, Vault};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "assets",
    files: &[("0001_assets", include_str!("../migrations/0001_assets.sql"))],
};
