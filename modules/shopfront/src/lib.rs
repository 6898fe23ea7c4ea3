//! What the storefront reads: categories, cards, product pages, search, and rendered bodies that are kept until what
//! they show changes. One [`Shopfront`] a process, kept fresh by the change feed. See README.md.

mod cards;
mod category;
mod error;
mod find;
mod index;
mod kept;
mod load;
mod model;
mod product;
mod query;
mod refresh;
mod shopfront;
mod stock;
mod tree;
mod words;

pub use cards::{Card, UnitPrice};
pub use category::{Category, CategoryNode, CategoryPage, Crumb, PAGE};
pub use error::Error;
pub use find::{CategoryHit, SearchPage, SitemapEntry, Suggestions};
pub use kept::{Body, Deps, Fresh, Kept, Moment};
pub use model::{Image, Sort};
pub use product::{Field, Found, OptionGroup, ProductPage, Tier, VariantView};
pub use shopfront::Shopfront;
pub use stock::{FEW, Stock};
