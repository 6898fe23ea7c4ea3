use catalog::{CustomValue, FieldKind};
use db::Tx;
use kernel::{Id, ProductId, VariantId};
use serde::Serialize;
use uuid::Uuid;

use crate::cards::{UnitPrice, was};
use crate::load;
use crate::model::{Image, Model, Shown, Sort};
use crate::{Card, Crumb, Deps, Error, Shopfront, Stock};

/// So many related products are shown.
const RELATED: usize = 8;

/// What lies at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// This.
    Here(Box<T>),
    /// It lives at another address (slug) now: send the reader there for good.
    Moved(String),
    /// Nothing.
    Gone,
}

/// A product's page. Amounts are in minor units of the store's currency, with or without tax as it enters prices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductPage {
    /// Its id.
    pub id: ProductId,
    /// Its title in the reader's language, or else in the first it has.
    pub title: String,
    /// Its address in that language.
    pub slug: String,
    /// The language of its texts.
    pub locale: String,
    /// Its brand; may be empty.
    pub vendor: String,
    /// What sort of thing it is; may be empty.
    pub product_type: String,
    /// Free words.
    pub tags: Vec<String>,
    /// Sanitised.
    pub description_html: String,
    /// For search engines; may be empty.
    pub seo_title: String,
    /// For search engines; may be empty.
    pub seo_description: String,
    /// Its pictures, the main one first.
    pub images: Vec<Image>,
    /// Up to three.
    pub options: Vec<OptionGroup>,
    /// What can be chosen, in order; at least one.
    pub variants: Vec<VariantView>,
    /// The tax on it in the store's country.
    pub tax: pricing::Tax,
    /// The merchant's own fields that have a value.
    pub fields: Vec<Field>,
    /// From the top down to its category.
    pub crumbs: Vec<Crumb>,
    /// Others of its category.
    pub related: Vec<Card>,
    /// Its address in every language it has a text in: locale, slug.
    pub alternates: Vec<(String, String)>,
    /// What this was built from.
    #[serde(skip)]
    pub deps: Deps,
}

/// An option with its values, in the order of the variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionGroup {
    /// `Size`.
    pub name: String,
    /// `S`, `M`, `L`.
    pub values: Vec<String>,
}

/// A variant that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VariantView {
    /// Its id.
    pub id: VariantId,
    /// The merchant's code; may be empty.
    pub sku: String,
    /// The barcode; may be empty.
    pub gtin: String,
    /// `M / Blue`; empty for a product without options.
    pub title: String,
    /// One value per option, in the options' order.
    pub options: Vec<String>,
    /// Of a piece.
    pub price_minor: i64,
    /// What it cost before, when more.
    pub compare_at_minor: Option<i64>,
    /// Cheaper from so many pieces on.
    pub tiers: Vec<Tier>,
    /// Its price per kilo.
    pub unit: Option<UnitPrice>,
    /// In grams, packed.
    pub weight_grams: Option<i64>,
    /// Can it be had?
    pub stock: Stock,
    /// Which of the product's pictures shows it, from 0.
    pub image: Option<usize>,
}

/// A price for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// From so many pieces on.
    pub min_quantity: i64,
    /// Of a piece then.
    pub price_minor: i64,
}

/// A merchant's own field with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// For people: `Material`.
    pub name: String,
    /// `custom.material`.
    pub key: String,
    /// What it holds.
    pub kind: FieldKind,
    /// As text.
    pub value: String,
}

impl From<CustomValue> for Field {
    fn from(v: CustomValue) -> Field {
        Field { name: v.name, key: format!("{}.{}", v.namespace, v.key), kind: v.kind, value: v.value }
    }
}

/// What a product's page needs from the database, of one moment.
struct Read {
    product: catalog::Product,
    images: Vec<assets::Image>,
    fields: Vec<CustomValue>,
    prices: pricing::Prices,
    stock: std::collections::HashMap<VariantId, Stock>,
    tax: pricing::Tax,
}

impl Shopfront {
    /// A product's page by its address.
    ///
    /// # Errors
    /// The database's.
    pub async fn product(&self, locale: &str, slug: &str) -> Result<Found<ProductPage>, Error> {
        let Some((id, moved)) = self.product_at(locale, slug).await? else { return Ok(Found::Gone) };
        if let Some(slug) = moved {
            return Ok(Found::Moved(slug));
        }
        Ok(self.product_page(locale, id).await?.map_or(Found::Gone, |page| Found::Here(Box::new(page))))
    }

    /// A product's page; none for what is not for sale.
    ///
    /// # Errors
    /// The database's.
    pub async fn product_page(&self, locale: &str, id: ProductId) -> Result<Option<ProductPage>, Error> {
        let ctx = self.ctx();
        let read = self.db.snapshot(async |tx: &mut Tx| read(tx, &ctx, id).await).await?;
        let Some(read) = read else { return Ok(None) };
        let model = self.model.read();
        Ok(build(&model, read, locale))
    }

    /// Whose address this is, and where it lives now if not there.
    async fn product_at(
        &self,
        locale: &str,
        slug: &str,
    ) -> Result<Option<(ProductId, Option<String>)>, Error> {
        let store = self.ctx().store.id;
        let locales = self.locales();
        let others = locales.iter().map(String::as_str).filter(|l| *l != locale);
        let order: Vec<&str> = std::iter::once(locale).chain(others).collect();
        let here = self
            .db
            .read(async |tx: &mut Tx| {
                for l in &order {
                    if let Some(id) = catalog::shop::product_at(tx, store, l, slug).await? {
                        return Ok::<_, Error>(Some((id, *l)));
                    }
                }
                Ok(None)
            })
            .await?;
        let moved = |id: ProductId| {
            let model = self.model.read();
            model.get(id).and_then(|i| i.text(model.locale(locale)).map(|t| t.slug.to_string()))
        };
        match here {
            Some((id, l)) if l == locale => Ok(Some((id, None))),
            // of another language: its own address here, if it has one
            Some((id, _)) => Ok(Some((id, moved(id).filter(|s| s != slug)))),
            None => {
                let former = self.formerly("product", locale, slug).await?.map(Id::from_uuid);
                Ok(former.and_then(|id| moved(id).map(|slug| (id, Some(slug)))))
            }
        }
    }

    /// Whose address this was, in the reader's language or another.
    pub(crate) async fn formerly(
        &self,
        kind: &'static str,
        locale: &str,
        slug: &str,
    ) -> Result<Option<Uuid>, Error> {
        let store = self.ctx().store.id;
        let locales = self.locales();
        let others = locales.iter().map(String::as_str).filter(|l| *l != locale);
        let order: Vec<&str> = std::iter::once(locale).chain(others).collect();
        self.db
            .read(async |tx: &mut Tx| {
                for l in &order {
                    if let Some(id) = catalog::shop::formerly_at(tx, store, kind, l, slug).await? {
                        return Ok(Some(id));
                    }
                }
                Ok(None)
            })
            .await
    }
}

async fn read(tx: &mut Tx, ctx: &kernel::Ctx, id: ProductId) -> Result<Option<Read>, Error> {
    let store = ctx.store.id;
    let Some(product) = catalog::models(tx, store, &[id]).await?.into_iter().next() else { return Ok(None) };
    if product.state != catalog::ProductState::Live {
        return Ok(None);
    }
    let variants: Vec<VariantId> = product.active().map(|v| v.id).collect();
    let images = assets::images_of(tx, assets::Subject::Product, &[id.uuid()]).await?;
    let fields = catalog::values_of(tx, &[id.uuid()]).await?;
    let prices = pricing::prices_of(tx, ctx.store.market, &variants, ctx.now()).await?;
    let stock = load::stock(tx, &variants).await?;
    let tax = pricing::rate_for(tx, ctx, &ctx.store.country, "", &product.facts.tax_category).await?;
    Ok(Some(Read { product, images, fields, prices, stock, tax }))
}

fn build(model: &Model, read: Read, locale: &str) -> Option<ProductPage> {
    let Read { product, images, fields, prices, stock, tax } = read;
    let mut wanted = std::iter::once(locale).chain(model.locales.iter().map(String::as_str));
    let text = wanted.find_map(|l| product.texts.iter().find(|t| t.locale == l))?.clone();
    let images: Vec<Image> = images.into_iter().filter_map(load::image).collect();
    let variants: Vec<VariantView> = product
        .active()
        .filter_map(|v| {
            let price = prices.one(v.id)?;
            let shown = Shown { amount: price.amount_minor, compare_at: price.compare_at_minor };
            let tiers = prices.tiers(v.id).filter(|t| t.min_quantity > 1);
            Some(VariantView {
                id: v.id,
                sku: v.sku.clone().unwrap_or_default(),
                gtin: v.gtin.clone().unwrap_or_default(),
                title: v.title(),
                options: v
                    .options
                    .iter()
                    .take(product.options.len())
                    .map(|o| o.clone().unwrap_or_default())
                    .collect(),
                price_minor: shown.amount,
                compare_at_minor: was(shown),
                tiers: tiers
                    .map(|t| Tier { min_quantity: t.min_quantity, price_minor: t.amount_minor })
                    .collect(),
                unit: UnitPrice::of(shown.amount, v.unit_grams.and_then(|g| u32::try_from(g).ok())),
                weight_grams: v.weight_grams,
                stock: stock.get(&v.id).copied().unwrap_or(Stock::In),
                image: v.image.and_then(|asset| images.iter().position(|i| i.asset == asset)),
            })
        })
        .collect();
    if variants.is_empty() {
        return None;
    }
    let options = product.options.iter().enumerate().map(|(n, name)| {
        let mut values: Vec<String> = vec![];
        for value in variants.iter().filter_map(|v| v.options.get(n)) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        OptionGroup { name: name.clone(), values }
    });
    let l = model.locale(locale);
    let mut deps = Deps::default().product(product.id);
    let related = related(model, &product, l, &mut deps);
    Some(ProductPage {
        id: product.id,
        options: options.collect(),
        title: text.title,
        slug: text.slug,
        locale: text.locale,
        vendor: product.facts.vendor.clone(),
        product_type: product.facts.product_type.clone(),
        tags: product.facts.tags.clone(),
        description_html: text.description,
        seo_title: text.seo_title,
        seo_description: text.seo_description,
        images,
        variants,
        tax,
        fields: fields.into_iter().map(Field::from).collect(),
        crumbs: product.facts.category.map(|c| model.crumbs(c, l)).unwrap_or_default(),
        related,
        alternates: product
            .texts
            .iter()
            .filter(|t| model.locales.contains(&t.locale))
            .map(|t| (t.locale.clone(), t.slug.clone()))
            .collect(),
        deps,
    })
}

/// Those that follow it in its category, and from the beginning again: each product leads to others.
fn related(model: &Model, product: &catalog::Product, locale: u8, deps: &mut Deps) -> Vec<Card> {
    let Some(category) = product.facts.category else { return vec![] };
    let list = model.list(Some(category), Sort::Featured, locale);
    let at =
        list.iter().position(|s| model.item(*s).is_some_and(|i| i.id == product.id)).map_or(0, |at| at + 1);
    let around = list[at..].iter().chain(&list[..at.saturating_sub(1)]);
    let near: Vec<u32> = around.take(RELATED * 2).copied().collect();
    let mut cards = model.cards(&near, locale);
    *deps = cards.iter().fold(std::mem::take(deps).listing(Some(category)), |d, c| d.product(c.product));
    cards.retain(|c| c.product != product.id);
    cards.sort_by_key(|c| !c.stock.can_buy());
    cards.truncate(RELATED);
    cards
}
