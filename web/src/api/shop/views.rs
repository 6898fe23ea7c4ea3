//! What the shop side tells.

use kernel::Currency;
use serde::Serialize;
use shopfront::{Card, Stock};
use utoipa::ToSchema;

use crate::api::types::{Amount, Named, OwnField, Picture};

/// Who reads: for amounts and addresses.
pub(super) struct Reader<'a> {
    pub(super) currency: Currency,
    pub(super) locale: &'a str,
    pub(super) public_url: &'a str,
}

impl Reader<'_> {
    pub(super) fn amount(&self, minor: i64) -> Amount {
        Amount::shown(minor, self.currency, self.locale)
    }

    pub(super) fn picture(&self, image: &shopfront::Image) -> Picture {
        let size = (i64::from(image.width), i64::from(image.height));
        Picture::new(self.public_url, image.asset, &image.alt, size)
    }
}

/// Can it be had?
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Availability {
    /// `in`, `low`, `backorder` or `out`.
    state: &'static str,
    /// How many are left, when few are.
    left: Option<u8>,
}

impl From<Stock> for Availability {
    fn from(stock: Stock) -> Availability {
        let (state, left) = match stock {
            Stock::In => ("in", None),
            Stock::Low(n) => ("low", Some(n)),
            Stock::Backorder => ("backorder", None),
            Stock::Out => ("out", None),
        };
        Availability { state, left }
    }
}

/// A product in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProductCard {
    #[schema(example = "prd_01h455vb4pex5vsknk084sn02q")]
    id: String,
    title: String,
    /// Its address in the reader's language.
    slug: String,
    vendor: String,
    /// The lowest price of what can be bought.
    price: Amount,
    /// What that cost before.
    compare_at: Option<Amount>,
    /// Do its variants cost differently?
    price_from: bool,
    /// Per kilo.
    unit_price: Option<Amount>,
    availability: Availability,
    image: Option<Picture>,
    /// The one variant there is, to be put into a cart at once.
    only_variant: Option<String>,
    variant_count: usize,
}

impl ProductCard {
    pub(super) fn new(r: &Reader<'_>, card: &Card) -> ProductCard {
        ProductCard {
            id: card.product.to_string(),
            title: card.title.clone(),
            slug: card.slug.clone(),
            vendor: card.vendor.clone(),
            price: r.amount(card.price_minor),
            compare_at: card.compare_at_minor.map(|m| r.amount(m)),
            price_from: card.from,
            unit_price: card.unit.map(|u| r.amount(u.per_kilo_minor)),
            availability: card.stock.into(),
            image: card.image.as_ref().map(|i| r.picture(i)),
            only_variant: card.only_variant.map(|v| v.to_string()),
            variant_count: card.variants,
        }
    }
}

/// A page of products.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProductPage {
    pub(super) data: Vec<ProductCard>,
    /// What to send as `after` for the next page; none on the last.
    pub(super) next: Option<String>,
    /// How many there are on all pages.
    pub(super) total: usize,
}

/// What a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SearchResult {
    pub(super) data: Vec<ProductCard>,
    pub(super) next: Option<String>,
    pub(super) total: usize,
    /// Categories whose names fit.
    pub(super) categories: Vec<CategoryHit>,
}

/// A category whose name fits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CategoryHit {
    id: String,
    name: String,
    slug: String,
    /// In it and below.
    product_count: u32,
}

impl From<shopfront::CategoryHit> for CategoryHit {
    fn from(c: shopfront::CategoryHit) -> CategoryHit {
        CategoryHit { id: c.id.to_string(), name: c.name, slug: c.slug, product_count: c.products }
    }
}

/// A category with all below it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CategoryNode {
    id: String,
    name: String,
    slug: String,
    /// In it and below.
    product_count: u32,
    #[schema(no_recursion)]
    children: Vec<CategoryNode>,
}

impl From<shopfront::CategoryNode> for CategoryNode {
    fn from(c: shopfront::CategoryNode) -> CategoryNode {
        let children = c.children.into_iter().map(CategoryNode::from).collect();
        CategoryNode { id: c.id.to_string(), name: c.name, slug: c.slug, product_count: c.products, children }
    }
}

/// A category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Category {
    id: String,
    name: String,
    slug: String,
    /// Sanitised.
    description_html: String,
    /// From the top down to it.
    path: Vec<CategoryStep>,
    children: Vec<CategoryHit>,
    product_count: usize,
}

/// A step on the way to a category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CategoryStep {
    id: String,
    name: String,
    slug: String,
}

fn steps(crumbs: &[shopfront::Crumb]) -> Vec<CategoryStep> {
    let step = |c: &shopfront::Crumb| CategoryStep {
        id: c.id.to_string(),
        name: c.name.clone(),
        slug: c.slug.clone(),
    };
    crumbs.iter().map(step).collect()
}

impl Category {
    pub(super) fn new(slug: &str, page: &shopfront::CategoryPage) -> Category {
        let child = |c: &shopfront::Category| CategoryHit {
            id: c.id.to_string(),
            name: c.name.clone(),
            slug: c.slug.clone(),
            product_count: c.products,
        };
        Category {
            id: page.id.map(|id| id.to_string()).unwrap_or_default(),
            name: page.name.clone(),
            slug: slug.to_owned(),
            description_html: page.description_html.clone(),
            path: steps(&page.crumbs),
            children: page.children.iter().map(child).collect(),
            product_count: page.total,
        }
    }
}

/// A product as shoppers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Product {
    id: String,
    title: String,
    slug: String,
    /// The language of its texts.
    locale: String,
    vendor: String,
    product_type: String,
    tags: Vec<String>,
    /// Sanitised.
    description_html: String,
    images: Vec<Picture>,
    options: Vec<OptionValues>,
    variants: Vec<Variant>,
    /// In percent; prices include it if `prices_include_tax`.
    tax_percent: String,
    tax_name: String,
    prices_include_tax: bool,
    fields: Vec<OwnField>,
    categories: Vec<CategoryStep>,
    related: Vec<ProductCard>,
}

/// An option with its values.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OptionValues {
    name: String,
    values: Vec<String>,
}

/// A variant as shoppers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Variant {
    #[schema(example = "var_01h455vb4pex5vsknk084sn02q")]
    id: String,
    sku: String,
    gtin: String,
    title: String,
    /// One value per option, in the options' order.
    options: Vec<String>,
    price: Amount,
    compare_at: Option<Amount>,
    /// Cheaper from so many pieces on.
    tiers: Vec<Tier>,
    /// Per kilo.
    unit_price: Option<Amount>,
    weight_grams: Option<i64>,
    availability: Availability,
    /// Which of the product's images shows it.
    image: Option<String>,
}

/// A price for several.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Tier {
    min_quantity: i64,
    price: Amount,
}

impl Product {
    pub(super) fn new(r: &Reader<'_>, page: &shopfront::ProductPage, prices_include_tax: bool) -> Product {
        let variant = |v: &shopfront::VariantView| Variant {
            id: v.id.to_string(),
            sku: v.sku.clone(),
            gtin: v.gtin.clone(),
            title: v.title.clone(),
            options: v.options.clone(),
            price: r.amount(v.price_minor),
            compare_at: v.compare_at_minor.map(|m| r.amount(m)),
            tiers: v
                .tiers
                .iter()
                .map(|t| Tier { min_quantity: t.min_quantity, price: r.amount(t.price_minor) })
                .collect(),
            unit_price: v.unit.map(|u| r.amount(u.per_kilo_minor)),
            weight_grams: v.weight_grams,
            availability: v.stock.into(),
            image: v.image.and_then(|n| page.images.get(n)).map(|i| i.asset.to_string()),
        };
        let option =
            |o: &shopfront::OptionGroup| OptionValues { name: o.name.clone(), values: o.values.clone() };
        let field = |f: &shopfront::Field| OwnField {
            key: f.key.clone(),
            name: f.name.clone(),
            kind: f.kind.to_string(),
            value: f.value.clone(),
        };
        Product {
            id: page.id.to_string(),
            title: page.title.clone(),
            slug: page.slug.clone(),
            locale: page.locale.clone(),
            vendor: page.vendor.clone(),
            product_type: page.product_type.clone(),
            tags: page.tags.clone(),
            description_html: page.description_html.clone(),
            images: page.images.iter().map(|i| r.picture(i)).collect(),
            options: page.options.iter().map(option).collect(),
            variants: page.variants.iter().map(variant).collect(),
            tax_percent: page.tax.rate.to_string(),
            tax_name: page.tax.name.clone(),
            prices_include_tax,
            fields: page.fields.iter().map(field).collect(),
            categories: steps(&page.crumbs),
            related: page.related.iter().map(|c| ProductCard::new(r, c)).collect(),
        }
    }
}

/// A country, and how its addresses are written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Country {
    pub(super) code: String,
    pub(super) name: String,
    /// Its states or provinces, where an address names one.
    pub(super) regions: Vec<Named>,
    /// An example of a postcode, where there are such.
    pub(super) postcode_example: String,
}
