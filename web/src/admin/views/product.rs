//! One product's form.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Picture},
    filters,
    shell::Shell,
};

/// An image of the product. Fields: `image_id` (repeated, in order), `alt.{id}`, `remove_image` (repeated).
#[derive(Clone, Debug)]
pub struct ProductImage {
    pub id: String,
    /// About 320 pixels.
    pub picture: Picture,
}

/// A row of the variants table. Fields `variant.{key}.…`: `id`, `option1` to `option3`, `sku`, `gtin`, `price`,
/// `compare_at`, `cost`, `weight_grams`, `remove`; folded away: `requires_shipping`, `taxable`, `unit_grams`, `image`,
/// `custom.{field}` and `more`, which says that they were sent.
#[derive(Clone, Debug)]
pub struct VariantRow {
    /// Its place in the form: "0", "1", …
    pub key: String,
    /// "Single", "Kilo / Red"; empty for the only one.
    pub title: String,
    /// "48 available"; empty for a new one.
    pub stock: String,
    /// Its stock page; empty for a new one.
    pub stock_href: String,
    /// How it sells: counted or not, and what happens when it runs out; empty for a new one.
    pub policy: String,
    /// What is folded away is shown, as something is wrong there.
    pub open: bool,
}

/// A typed custom field. Field: `custom.{key}`.
#[derive(Clone, Debug)]
pub struct CustomField {
    pub key: String,
    pub label: String,
    /// As an input's type: text, number, date, url; or `bool`, `multiline`.
    pub kind: &'static str,
}

impl CustomField {
    /// Its element's id and name, below what it belongs to.
    pub fn id(&self, prefix: &str) -> String {
        format!("{prefix}.{}", self.key)
    }
}

/// A language of the product's texts. Fields per tag: `title.{tag}`, `slug.{tag}`, `description.{tag}`,
/// `seo_title.{tag}`, `seo_description.{tag}`.
#[derive(Clone, Debug)]
pub struct TextLocale {
    pub tag: String,
    pub name: String,
    /// The language that must be filled.
    pub main: bool,
}

/// `GET /admin/products/new`, `GET|POST /admin/products/{id}`. Beside the fields named above: `status`,
/// `version` (hidden), `category_id`, `tax_class`, `product_type`, `vendor`, `tags`, `option.{1,2,3}.name`, `option.{1,2,3}.values`; `action` is `save`,
/// `options` (make variants from the options) or `add_variant`. Images are sent to
/// `POST /admin/products/{id}/images` (multipart, `images`).
#[derive(Clone, Debug, Template)]
#[template(path = "admin/product.html")]
pub struct ProductView {
    pub shell: Shell,
    /// `None`: not saved yet.
    pub id: Option<String>,
    pub title: String,
    pub state: Chip,
    pub store_href: String,
    pub form: Fields,
    pub statuses: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub tax_classes: Vec<Choice>,
    pub locales: Vec<TextLocale>,
    pub images: Vec<ProductImage>,
    pub variants: Vec<VariantRow>,
    /// Names of the options in use, as column heads.
    pub option_names: Vec<String>,
    pub custom: Vec<CustomField>,
    /// Own fields of each variant.
    pub variant_custom: Vec<CustomField>,
    /// The product's pictures, of which a variant may have its own.
    pub pictures: Vec<Choice>,
    pub currency: String,
    /// "€12.30 incl. 19 % tax": how prices are entered.
    pub price_hint: String,
    pub can_edit: bool,
    /// A new variant may come with stock (`variant.{key}.on_hand`).
    pub can_stock: bool,
}

impl ProductView {
    fn action(&self) -> String {
        match &self.id {
            Some(id) => format!("/admin/products/{id}"),
            None => "/admin/products/new".to_owned(),
        }
    }
}
