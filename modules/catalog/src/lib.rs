//! What is sold: products, variants, options, texts and slugs by locale, the category tree, the merchant's own typed
//! fields; and the runs of an import. See README.md.

mod bulk;
mod category;
mod create;
mod error;
mod field;
mod find;
mod laws;
mod product;
mod rows;
mod run;
mod sale;
mod text;
mod update;

pub mod shop;

pub use bulk::{Change, Imported, Plan, Refusal, WantedProduct, WantedVariant, apply, plan};
pub use category::{
    Category, CategoryText, NewCategory, category_by_slug, category_texts, category_tree, create_category,
    delete_category, ensure_categories, move_category, set_category_texts,
};
pub use create::{NewProduct, create_product};
pub use error::Error;
pub use field::{
    CustomField, CustomValue, FieldKind, NewField, Resource, define_field, delete_field, ensure_fields,
    fields, move_field, rename_field, set_values, values_of,
};
pub use find::{
    ListFilter, ProductRow, Slug, StateCounts, by_slug, counts, get, list, models, page_of_ids,
    product_of_variant,
};
pub use laws::LAWS;
pub use product::{Facts, Product, ProductState, ProductText, TextInput, Variant, VariantInput};
pub use run::{
    ImportRun, NewRun, Progress, RunState, advance_run, begin_run, describe_run, finish_run, get_run,
    latest_run, list_runs, tally_run,
};
pub use sale::{SaleVariant, for_sale};
pub use text::{CleanHtml, gtin_is_sound, is_slug, sanitise, slug_of};
pub use update::{ProductChange, set_state, set_texts, set_variants, update_product};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "catalog",
    files: &[
        ("0001_catalog", include_str!("../migrations/0001_catalog.sql")),
        ("0002_field_order", include_str!("../migrations/0002_field_order.sql")),
        ("0003_sent_imports", include_str!("../migrations/0003_sent_imports.sql")),
    ],
};
