//! Products as the back office sees them, and what is sent to change them.

use assets::Image;
use catalog::{CustomValue, Facts, ProductState, TextInput, VariantInput};
use inventory::LevelRow;
use kernel::{AssetId, CategoryId, Currency, VariantId};
use pricing::Prices;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::FieldValue;
use crate::Error;
use crate::api::types::{Amount, OwnField, Picture, at, given, read_some};

/// A product in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductRow {
    #[schema(example = "prd_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `draft`, `live` or `retired`.
    state: String,
    title: String,
    slug: String,
    category: Option<String>,
    category_name: Option<String>,
    product_type: String,
    vendor: String,
    variant_count: i64,
    /// Of its first variant.
    sku: Option<String>,
    version: i64,
    updated_at: String,
}

impl From<catalog::ProductRow> for ProductRow {
    fn from(r: catalog::ProductRow) -> ProductRow {
        ProductRow {
            id: r.id.to_string(),
            state: r.state.to_string(),
            title: r.title,
            slug: r.slug,
            category: r.category.map(|c| c.to_string()),
            category_name: r.category_name,
            product_type: r.product_type,
            vendor: r.vendor,
            variant_count: r.variants,
            sku: r.sku,
            version: r.version,
            updated_at: at(r.updated_at),
        }
    }
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminProduct)]
pub(super) struct Product {
    #[schema(example = "prd_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `draft`, `live` or `retired`.
    state: String,
    category: Option<String>,
    product_type: String,
    vendor: String,
    tags: Vec<String>,
    tax_category: String,
    version: i64,
    texts: Vec<ProductText>,
    /// The names of up to three options.
    options: Vec<String>,
    variants: Vec<ProductVariant>,
    /// With `expand[]=images`.
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<Vec<ProductImage>>,
    /// With `expand[]=fields`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<OwnField>>,
    created_at: String,
    updated_at: String,
}

/// A product's texts in one language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductText {
    /// One of the shop's languages.
    #[schema(example = "en")]
    locale: String,
    title: String,
    /// Its address; made from the title when missing.
    #[serde(default)]
    slug: Option<String>,
    /// HTML; what is not harmless is taken out.
    #[serde(default)]
    description: String,
    #[serde(default)]
    seo_title: String,
    #[serde(default)]
    seo_description: String,
}

impl From<ProductText> for TextInput {
    fn from(t: ProductText) -> TextInput {
        let ProductText { locale, title, slug, description, seo_title, seo_description } = t;
        TextInput { locale, title, slug, description, seo_title, seo_description }
    }
}

/// A variant.
#[derive(Debug, Serialize, ToSchema)]
struct ProductVariant {
    #[schema(example = "var_01h455vb4pex5vsknk084sn02q")]
    id: String,
    title: String,
    sku: Option<String>,
    gtin: Option<String>,
    /// One value per option.
    options: Vec<String>,
    weight_grams: Option<i64>,
    /// Its content, for the price per kilo.
    unit_grams: Option<i64>,
    cost: Option<Amount>,
    requires_shipping: bool,
    taxable: bool,
    image: Option<String>,
    retired_at: Option<String>,
    /// With `expand[]=prices`: what one costs now.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare_at: Option<Amount>,
    /// With `expand[]=stock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<Vec<StockLevel>>,
}

/// What lies of an item at a location, in its base units.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockLevel {
    variant: String,
    item: String,
    location: String,
    location_name: String,
    on_hand: i64,
    unavailable: i64,
    reserved: i64,
    allocated: i64,
    available: i64,
    /// In what it is counted: `piece` or `gram`.
    base_unit: String,
    /// So many base units are in one sold unit.
    factor: i64,
    tracked: bool,
    oversell: bool,
}

impl From<&LevelRow> for StockLevel {
    fn from(l: &LevelRow) -> StockLevel {
        StockLevel {
            variant: l.variant.to_string(),
            item: l.item.to_string(),
            location: l.location.to_string(),
            location_name: l.location_name.clone(),
            on_hand: l.on_hand,
            unavailable: l.unavailable,
            reserved: l.reserved,
            allocated: l.allocated,
            available: l.available(),
            base_unit: l.base_unit.to_string(),
            factor: l.factor,
            tracked: l.tracked,
            oversell: l.oversell,
        }
    }
}

/// A product's picture.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductImage {
    /// `fetching`, `ready` or `failed`.
    state: String,
    file_name: String,
    /// Why it failed.
    error: Option<String>,
    picture: Picture,
}

impl ProductImage {
    pub(super) fn new(public_url: &str, i: &Image) -> ProductImage {
        let size = (i.width.unwrap_or(0), i.height.unwrap_or(0));
        ProductImage {
            state: i.state.to_string(),
            file_name: i.file_name.clone(),
            error: i.error.clone(),
            picture: Picture::new(public_url, i.asset, &i.alt, size),
        }
    }
}

/// What was asked for with a product.
#[derive(Default)]
pub(super) struct With {
    pub(super) prices: Option<Prices>,
    pub(super) stock: Option<Vec<LevelRow>>,
    pub(super) images: Option<Vec<Image>>,
    pub(super) fields: Option<Vec<CustomValue>>,
}

pub(super) fn own_field(v: &CustomValue) -> OwnField {
    OwnField {
        key: format!("{}.{}", v.namespace, v.key),
        name: v.name.clone(),
        kind: v.kind.to_string(),
        value: v.value.clone(),
    }
}

impl Product {
    pub(super) fn new(p: catalog::Product, currency: Currency, public_url: &str, with: &With) -> Product {
        let text = |t: catalog::ProductText| ProductText {
            locale: t.locale,
            title: t.title,
            slug: Some(t.slug),
            description: t.description,
            seo_title: t.seo_title,
            seo_description: t.seo_description,
        };
        let variant = |v: catalog::Variant| {
            let price = with.prices.as_ref().and_then(|p| p.one(v.id));
            let stock = with.stock.as_ref();
            ProductVariant {
                id: v.id.to_string(),
                title: v.title(),
                sku: v.sku,
                gtin: v.gtin,
                options: v.options.into_iter().flatten().collect(),
                weight_grams: v.weight_grams,
                unit_grams: v.unit_grams,
                cost: v.cost_minor.map(|m| Amount::of(m, currency)),
                requires_shipping: v.requires_shipping,
                taxable: v.taxable,
                image: v.image.map(|i| i.to_string()),
                retired_at: v.retired_at.map(at),
                price: price.map(|p| Amount::of(p.amount_minor, p.currency)),
                compare_at: price.and_then(|p| Some(Amount::of(p.compare_at_minor?, p.currency))),
                stock: stock
                    .map(|all| all.iter().filter(|l| l.variant == v.id).map(StockLevel::from).collect()),
            }
        };
        Product {
            id: p.id.to_string(),
            state: p.state.to_string(),
            category: p.facts.category.map(|c| c.to_string()),
            product_type: p.facts.product_type,
            vendor: p.facts.vendor,
            tags: p.facts.tags,
            tax_category: p.facts.tax_category,
            version: p.version,
            texts: p.texts.into_iter().map(text).collect(),
            options: p.options,
            variants: p.variants.into_iter().map(variant).collect(),
            images: with
                .images
                .as_ref()
                .map(|all| all.iter().map(|i| ProductImage::new(public_url, i)).collect()),
            fields: with.fields.as_ref().map(|all| all.iter().map(own_field).collect()),
            created_at: at(p.created_at),
            updated_at: at(p.updated_at),
        }
    }
}

/// A variant that is made or changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantChange {
    /// Missing: a new one.
    #[schema(value_type = Option<String>)]
    pub(super) id: Option<VariantId>,
    sku: Option<String>,
    gtin: Option<String>,
    /// One value per option.
    #[serde(default)]
    options: Vec<String>,
    weight_grams: Option<i64>,
    unit_grams: Option<i64>,
    cost: Option<Amount>,
    #[serde(default = "yes")]
    requires_shipping: bool,
    #[serde(default = "yes")]
    taxable: bool,
    #[schema(value_type = Option<String>)]
    image: Option<AssetId>,
    /// What one costs; missing: as before.
    pub(super) price: Option<Amount>,
    /// What it cost before, to be struck through beside the price.
    pub(super) compare_at: Option<Amount>,
    /// Of a new variant: is its stock counted?
    #[serde(default = "yes")]
    pub(super) tracked: bool,
    /// Of a new variant: may it be sold when none is left?
    #[serde(default)]
    pub(super) oversell: bool,
    /// Of a new variant: how many lie at the store's first location. Needs `inventory:write`.
    pub(super) on_hand: Option<i64>,
}

/// A picture that a product shows.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownImage {
    #[schema(value_type = String)]
    pub(super) asset: AssetId,
    /// What is on it, for those who cannot see it; missing: as before.
    #[serde(default)]
    pub(super) alt: Option<String>,
}

fn yes() -> bool {
    true
}

impl VariantChange {
    pub(super) fn read(&self, n: usize, currency: Currency) -> Result<VariantInput, Error> {
        let mut options = [None, None, None];
        if self.options.len() > options.len() {
            let text = "A product has at most three options.";
            return Err(crate::api::types::invalid(&format!("variants[{n}].options"), text));
        }
        for (slot, value) in options.iter_mut().zip(&self.options) {
            *slot = Some(value.clone());
        }
        Ok(VariantInput {
            id: self.id,
            sku: self.sku.clone(),
            gtin: self.gtin.clone(),
            options,
            weight_grams: self.weight_grams,
            unit_grams: self.unit_grams,
            cost_minor: read_some(self.cost.as_ref(), currency, &format!("variants[{n}].cost"))?,
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
            image: self.image,
        })
    }
}

/// A product to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProduct {
    /// `draft` by default.
    #[schema(value_type = Option<String>)]
    pub(super) state: Option<ProductState>,
    #[schema(value_type = Option<String>)]
    pub(super) category: Option<CategoryId>,
    #[serde(default)]
    pub(super) product_type: String,
    #[serde(default)]
    pub(super) vendor: String,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// `standard` by default.
    pub(super) tax_category: Option<String>,
    pub(super) texts: Vec<ProductText>,
    /// The names of up to three options.
    #[serde(default)]
    pub(super) options: Vec<String>,
    pub(super) variants: Vec<VariantChange>,
    /// Values of the shop's own fields.
    #[serde(default)]
    pub(super) fields: Vec<FieldValue>,
    /// Its pictures, the main one first.
    pub(super) images: Option<Vec<ShownImage>>,
}

/// What of a product is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProductChange {
    #[schema(value_type = Option<String>)]
    pub(super) state: Option<ProductState>,
    /// Null: in none.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(super) category: Option<Option<CategoryId>>,
    pub(super) product_type: Option<String>,
    pub(super) vendor: Option<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) tax_category: Option<String>,
    /// The texts of these languages; others stay.
    pub(super) texts: Option<Vec<ProductText>>,
    /// With `variants`.
    pub(super) options: Option<Vec<String>>,
    /// All variants there shall be: one that is missing is retired.
    pub(super) variants: Option<Vec<VariantChange>>,
    /// Values of the shop's own fields: of these; others stay.
    pub(super) fields: Option<Vec<FieldValue>>,
    /// All pictures it shall show, the main one first.
    pub(super) images: Option<Vec<ShownImage>>,
}

impl ProductChange {
    /// The facts as they shall be.
    pub(super) fn facts(&self, now: &Facts) -> Facts {
        Facts {
            category: self.category.unwrap_or(now.category),
            product_type: self.product_type.clone().unwrap_or_else(|| now.product_type.clone()),
            vendor: self.vendor.clone().unwrap_or_else(|| now.vendor.clone()),
            tags: self.tags.clone().unwrap_or_else(|| now.tags.clone()),
            tax_category: self.tax_category.clone().unwrap_or_else(|| now.tax_category.clone()),
        }
    }
}
