//! Products in a list, and the category tree.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Pager, Picture, Tab, When},
    filters,
    product::TextLocale,
    shell::Shell,
};

/// One product in a list.
#[derive(Clone, Debug)]
pub struct ProductRow {
    pub id: String,
    pub picture: Option<Picture>,
    pub title: String,
    pub state: Chip,
    pub category: String,
    pub variants: u32,
    /// "€3.20 – €24.00".
    pub price: String,
    /// "48 available"; "not tracked".
    pub stock: String,
    /// Out of stock or below zero.
    pub stock_low: bool,
    pub updated: When,
}

/// `GET /admin/products?view=&q=&category=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/products.html")]
pub struct ProductsView {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// `view`, `q`, `category`.
    pub filter: Fields,
    pub filtered: bool,
    pub categories: Vec<Choice>,
    pub rows: Vec<ProductRow>,
    pub pager: Pager,
    pub can_edit: bool,
    pub can_import: bool,
}

/// A category in the tree, in reading order.
#[derive(Clone, Debug)]
pub struct CategoryRow {
    pub id: String,
    pub name: String,
    pub slug: String,
    /// 0 for a root.
    pub depth: u32,
    pub products: u32,
    pub has_children: bool,
}

/// `GET /admin/categories?edit={id}`; `POST /admin/categories` (`name`, `slug`, `parent_id`),
/// `POST /admin/categories/{id}` (per language `name.{tag}`, `slug.{tag}`, `description.{tag}`; `parent_id`, `position`),
/// `POST /admin/categories/{id}/deletion`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/categories.html")]
pub struct CategoriesView {
    pub shell: Shell,
    pub rows: Vec<CategoryRow>,
    /// Every category as a possible parent ("Fruit › Citrus").
    pub parents: Vec<Choice>,
    /// The shop's languages.
    pub locales: Vec<TextLocale>,
    /// The form to create one.
    pub form: Fields,
    /// The category being edited, and its form (`?edit={id}`).
    pub edit: Option<CategoryEdit>,
    pub can_edit: bool,
}

/// A category being renamed or moved.
#[derive(Clone, Debug)]
pub struct CategoryEdit {
    pub id: String,
    pub name: String,
    /// Its own; none shows what lies in it.
    pub picture: Option<Picture>,
    pub form: Fields,
    /// Empty categories only.
    pub can_delete: bool,
}
