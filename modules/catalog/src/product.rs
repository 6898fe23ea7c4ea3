use db::words;
use kernel::{AssetId, CategoryId, ProductId, StoreId, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

use crate::Error;

kernel::states! {
    /// Where a product stands on the channel.
    pub enum ProductState {
        /// Seen by staff only.
        Draft = "draft",
        /// For sale.
        Live = "live",
        /// No longer for sale; kept for the books.
        Retired = "retired",
    }
}
words!(ProductState);

/// A product's texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductText {
    /// `en`.
    pub locale: String,
    /// Its name.
    pub title: String,
    /// Its address, unique per store and locale.
    pub slug: String,
    /// Sanitised HTML.
    pub description: String,
    /// For search engines; empty = the title.
    pub seo_title: String,
    /// For search engines; empty = the description's beginning.
    pub seo_description: String,
}

/// What is sold: one SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// Of which product.
    pub product: ProductId,
    /// Its place, from 1.
    pub position: i64,
    /// The merchant's code.
    pub sku: Option<String>,
    /// The barcode.
    pub gtin: Option<String>,
    /// A value for each of the product's options.
    pub options: [Option<String>; 3],
    /// In grams, packed.
    pub weight_grams: Option<i64>,
    /// What it contains, in grams, for the price per kilo.
    pub unit_grams: Option<i64>,
    /// What it costs us, in minor units of the store's currency.
    pub cost_minor: Option<i64>,
    /// Does it need a parcel?
    pub requires_shipping: bool,
    /// Is tax due on it?
    pub taxable: bool,
    /// Its own picture.
    pub image: Option<AssetId>,
    /// When it left the assortment.
    pub retired_at: Option<Timestamp>,
}

impl Variant {
    /// Its option values joined for people: `M / Blue`; empty for a product without options.
    pub fn title(&self) -> String {
        let values: Vec<&str> = self.options.iter().flatten().map(String::as_str).collect();
        values.join(" / ")
    }
}

/// A product with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Whose it is.
    pub store: StoreId,
    /// Where it stands.
    pub state: ProductState,
    /// What the editor changes as a whole.
    pub facts: Facts,
    /// Grows with every change; an editor gives back the one it read.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// One per locale, by locale.
    pub texts: Vec<ProductText>,
    /// Names of up to three options.
    pub options: Vec<String>,
    /// Every variant, retired ones too, by position.
    pub variants: Vec<Variant>,
}

impl Product {
    /// Its texts in this language, or else in the first it has.
    pub fn text(&self, locale: &str) -> Option<&ProductText> {
        self.texts.iter().find(|t| t.locale == locale).or_else(|| self.texts.first())
    }

    /// The variants that are in the assortment.
    pub fn active(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|v| v.retired_at.is_none())
    }
}

/// A product's own facts, the same in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its place in the tree.
    pub category: Option<CategoryId>,
    /// What sort of thing it is.
    pub product_type: String,
    /// Its brand.
    pub vendor: String,
    /// Free words for filters.
    pub tags: Vec<String>,
    /// Which tax rates apply: `standard`, `reduced`.
    pub tax_category: String,
}

impl Default for Facts {
    fn default() -> Self {
        Facts {
            category: None,
            product_type: String::new(),
            vendor: String::new(),
            tags: vec![],
            tax_category: "standard".to_owned(),
        }
    }
}

/// Texts as an editor gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextInput {
    /// `en`.
    pub locale: String,
    /// Its name; needed.
    pub title: String,
    /// Its address; made of the title when left out.
    pub slug: Option<String>,
    /// HTML; sanitised here.
    pub description: String,
    /// For search engines.
    pub seo_title: String,
    /// For search engines.
    pub seo_description: String,
}

/// A variant as an editor gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantInput {
    /// One that exists, or none for a new one.
    pub id: Option<VariantId>,
    /// The merchant's code.
    pub sku: Option<String>,
    /// The barcode.
    pub gtin: Option<String>,
    /// A value for each of the product's options.
    pub options: [Option<String>; 3],
    /// In grams, packed.
    pub weight_grams: Option<i64>,
    /// Content in grams.
    pub unit_grams: Option<i64>,
    /// In minor units of the store's currency.
    pub cost_minor: Option<i64>,
    /// Does it need a parcel?
    pub requires_shipping: bool,
    /// Is tax due on it?
    pub taxable: bool,
    /// Its own picture.
    pub image: Option<AssetId>,
}

impl Default for VariantInput {
    fn default() -> Self {
        VariantInput {
            id: None,
            sku: None,
            gtin: None,
            options: [None, None, None],
            weight_grams: None,
            unit_grams: None,
            cost_minor: None,
            requires_shipping: true,
            taxable: true,
            image: None,
        }
    }
}

/// The most variants a product may have.
pub(crate) const VARIANTS: usize = 2_000;
/// The most letters of a short text.
pub(crate) const SHORT: usize = 255;
/// The most bytes of a description.
pub(crate) const LONG: usize = 500_000;

fn short(field: &str, text: &str) -> Result<(), Error> {
    if text.chars().count() > SHORT {
        return Err(Error::invalid(field, format!("at most {SHORT} letters")));
    }
    Ok(())
}

impl Facts {
    /// Trimmed, without empty or repeated tags.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is too long.
    pub(crate) fn cleaned(&self) -> Result<Facts, Error> {
        let mut tags: Vec<String> = vec![];
        for tag in self.tags.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
            short("tags", tag)?;
            if !tags.iter().any(|t| t.eq_ignore_ascii_case(tag)) {
                tags.push(tag.to_owned());
            }
        }
        if tags.len() > 250 {
            return Err(Error::invalid("tags", "at most 250 tags"));
        }
        short("product_type", &self.product_type)?;
        short("vendor", &self.vendor)?;
        let tax_category = match self.tax_category.trim() {
            "" => "standard",
            given => given,
        };
        short("tax_category", tax_category)?;
        Ok(Facts {
            category: self.category,
            product_type: self.product_type.trim().to_owned(),
            vendor: self.vendor.trim().to_owned(),
            tags,
            tax_category: tax_category.to_owned(),
        })
    }
}

impl TextInput {
    /// Trimmed and sanitised; the slug may still be empty (to be made) here.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is missing, too long or no address.
    pub(crate) fn cleaned(&self) -> Result<ProductText, Error> {
        let title = self.title.trim();
        if title.is_empty() {
            return Err(Error::invalid("title", "a product needs a title"));
        }
        short("title", title)?;
        short("seo_title", &self.seo_title)?;
        if self.description.len() > LONG {
            return Err(Error::invalid("description", format!("at most {LONG} bytes")));
        }
        if self.seo_description.chars().count() > 1_000 {
            return Err(Error::invalid("seo_description", "at most 1,000 letters"));
        }
        if self.locale.is_empty() || self.locale.len() > 12 {
            return Err(Error::invalid("locale", "a language, such as en"));
        }
        let slug = self.slug.as_deref().map(str::trim).unwrap_or_default();
        if !slug.is_empty() && !crate::is_slug(slug) {
            return Err(Error::invalid("slug", "only lower-case letters, digits, - and _"));
        }
        Ok(ProductText {
            locale: self.locale.clone(),
            title: title.to_owned(),
            slug: slug.to_owned(),
            description: crate::sanitise(&self.description).into_owned(),
            seo_title: self.seo_title.trim().to_owned(),
            seo_description: self.seo_description.trim().to_owned(),
        })
    }
}

/// Option names: at most three, different, not empty.
///
/// # Errors
/// [`Error::Invalid`].
pub(crate) fn clean_options(options: &[String]) -> Result<Vec<String>, Error> {
    let names: Vec<String> = options.iter().map(|o| o.trim().to_owned()).collect();
    if names.len() > 3 {
        return Err(Error::invalid("options", "at most three options"));
    }
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(Error::invalid("options", "an option needs a name"));
        }
        short("options", name)?;
        if names[..i].iter().any(|n| n.to_lowercase() == name.to_lowercase()) {
            return Err(Error::invalid("options", format!("the option '{name}' stands there twice")));
        }
    }
    Ok(names)
}

/// What a set of active variants must be beside its options: complete, without doubles.
///
/// # Errors
/// [`Error::Invalid`], its field naming the variant by its place from 0: `variants.2.sku`.
pub(crate) fn check_variants(options: &[String], variants: &[Variant]) -> Result<(), Error> {
    if variants.is_empty() {
        return Err(Error::invalid("variants", "a product needs a variant"));
    }
    if variants.len() > VARIANTS {
        return Err(Error::invalid("variants", format!("at most {VARIANTS} variants")));
    }
    let mut skus = std::collections::HashSet::new();
    let mut kinds = std::collections::HashSet::new();
    for (i, v) in variants.iter().enumerate() {
        let at = |name: &str| format!("variants.{i}.{name}");
        for (n, value) in v.options.iter().enumerate() {
            match (options.get(n), value) {
                (Some(name), None) => {
                    return Err(Error::invalid(
                        at(&format!("option{}", n + 1)),
                        format!("a value for '{name}' is missing"),
                    ));
                }
                (None, Some(value)) => {
                    return Err(Error::invalid(
                        at(&format!("option{}", n + 1)),
                        format!("'{value}' is the value of an option that has no name"),
                    ));
                }
                (Some(_), Some(value)) => short(&at("option"), value)?,
                (None, None) => {}
            }
        }
        if !kinds.insert(v.options.clone().map(|o| o.map(|o| o.to_lowercase()))) {
            let title = v.title();
            let message = if title.is_empty() {
                "a product without options has one variant".to_owned()
            } else {
                format!("the variant '{title}' stands there twice")
            };
            return Err(Error::invalid(at("option1"), message));
        }
        if let Some(sku) = &v.sku {
            short(&at("sku"), sku)?;
            if !skus.insert(sku.as_str()) {
                return Err(Error::invalid(at("sku"), format!("the SKU '{sku}' stands there twice")));
            }
        }
        if let Some(gtin) = &v.gtin {
            short(&at("gtin"), gtin)?;
        }
        if v.weight_grams.is_some_and(|g| g < 0) {
            return Err(Error::invalid(at("weight_grams"), "a weight is not negative"));
        }
        if v.unit_grams.is_some_and(|g| g <= 0) {
            return Err(Error::invalid(at("unit_grams"), "a content is more than nothing"));
        }
        if v.cost_minor.is_some_and(|c| c < 0) {
            return Err(Error::invalid(at("cost_minor"), "a cost is not negative"));
        }
    }
    Ok(())
}
