use serde::Serialize;
use serde_json::{Value, json};

use super::{Card, Image, Link, Page, Price, Promise, Stock, StockState, View};

/// A product with its variants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Product {
    /// Around it.
    pub page: Page,
    /// From the home page to this product; the last has an empty address.
    pub crumbs: Vec<Link>,
    /// Its title.
    pub title: String,
    /// The maker or brand, above the title; empty leaves it out.
    pub vendor: String,
    /// A sentence beside the price; empty leaves it out.
    pub summary: String,
    /// Its text as cleaned HTML; empty leaves it out.
    pub description_html: String,
    /// Its pictures, the main one first.
    pub images: Vec<Image>,
    /// A short flag on the picture (“−20%”); empty leaves it out.
    pub flag: String,
    /// Up to three options; empty for a product with one variant.
    pub options: Vec<OptionGroup>,
    /// Everything that can be bought, in order; at least one.
    pub variants: Vec<Variant>,
    /// Which of `variants` is chosen (`?variant=`), from 0.
    pub selected: usize,
    /// “Includes 9% VAT.”; empty leaves it out.
    pub tax_note: String,
    /// Facts: custom fields, weight, GTIN.
    pub attributes: Vec<Attribute>,
    /// What the merchant promises, below the button.
    pub promises: Vec<Promise>,
    /// Other products; none leaves the row out.
    pub related: Vec<Card>,
}

/// An option: “Size”.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionGroup {
    /// Its name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<OptionValue>,
}

/// A value of an option: “Bag of 6”.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionValue {
    /// As shown, and as [`Variant::options`] names it.
    pub label: String,
    /// The chosen variant has it.
    pub selected: bool,
}

/// What is bought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variant {
    /// As posted to the cart.
    pub id: String,
    /// Its option values: “Bag of 6”, or “Red, L”.
    pub label: String,
    /// A second line (“1.08 kg”); empty leaves it out.
    pub detail: String,
    /// Its SKU; empty leaves it out.
    pub sku: String,
    /// What it costs.
    pub price: Price,
    /// The amount in minor units, for structured data.
    pub price_minor: i64,
    /// The amount as a plain decimal (“3.99”), for structured data.
    pub price_plain: String,
    /// ISO 4217.
    pub currency: String,
    /// Whether it can be had.
    pub stock: Stock,
    /// One value per option, in the options' order.
    pub options: Vec<String>,
    /// Which of the product's pictures shows it, from 0.
    pub image: Option<usize>,
    /// How many can be bought at once.
    pub max_quantity: u32,
    /// The product's page with this variant chosen.
    pub url: String,
}

/// A fact: “Origin”, “Italy”.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribute {
    /// What.
    pub label: String,
    /// The fact.
    pub value: String,
}

impl View for Product {
    const TEMPLATE: &'static str = "storefront/product.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }

    fn json_ld(&self) -> Vec<Value> {
        let page = &self.page;
        let images: Vec<String> =
            self.images.iter().map(|i| page.absolute(&format!("{}/1280.jpg", i.url))).collect();
        let offers: Vec<Value> = self
            .variants
            .iter()
            .map(|v| {
                let availability = match v.stock.state {
                    StockState::In => "InStock",
                    StockState::Low => "LimitedAvailability",
                    StockState::Backorder => "BackOrder",
                    StockState::Out => "OutOfStock",
                };
                json!({
                    "@type": "Offer",
                    "url": page.absolute(&v.url),
                    "sku": v.sku,
                    "price": v.price_plain,
                    "priceCurrency": v.currency,
                    "availability": format!("https://schema.org/{availability}"),
                })
            })
            .collect();
        let mut product = json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "name": self.title,
            "url": page.absolute(&page.canonical),
            "offers": offers,
        });
        if !images.is_empty() {
            product["image"] = json!(images);
        }
        if !page.description.is_empty() {
            product["description"] = json!(page.description);
        }
        if !self.vendor.is_empty() {
            product["brand"] = json!({"@type": "Brand", "name": self.vendor});
        }
        vec![page.crumbs_ld(&self.crumbs), product]
    }
}
