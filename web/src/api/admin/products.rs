//! Products.

use assets::Subject;
use catalog::{Facts, ListFilter, ProductState, TextInput, VariantInput};
use db::Tx;
use kernel::perms::{InventoryRead, ProductsRead, ProductsWrite};
use kernel::{CategoryId, Ctx, Permit, ProductId, VariantId};
use pricing::NewPrice;
use serde::Deserialize;
use utoipa::IntoParams;

use super::product_views::{NewProduct, Product, ProductChange, ProductRow, VariantChange, With};
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, Expand, Expandable, IfMatch, Params, bad_param, page_of, stale, word};
use crate::api::types::{invalid, read_some};
use crate::{Caller, Error, State};

/// Which products.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// `draft`, `live` or `retired`.
    state: Option<String>,
    /// A category's id.
    category: Option<String>,
    /// In titles, SKUs, vendors.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
    limit: Option<u32>,
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<List<ProductRow>, Error> {
    let permit = caller.permit::<ProductsRead>()?;
    let (after, size) = page_of(which.after.as_deref(), which.limit)?;
    let category = which.category.as_deref().map(str::parse::<CategoryId>).transpose();
    let filter = ListFilter {
        state: which.state.as_deref().map(|s| word::<ProductState>("state", s)).transpose()?,
        category: category.map_err(|e| bad_param("category", e))?,
        search: which.search.unwrap_or_default(),
    };
    let ctx = caller.ctx;
    let page = state
        .db()
        .read(async |tx: &mut Tx| catalog::list(tx, &ctx, &permit, &filter, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, ProductRow::from))
}

/// What comes with a product.
#[derive(Debug)]
pub(super) enum Parts {}
impl Expandable for Parts {
    const ALL: &'static [&'static str] = &["prices", "stock", "images", "fields"];
}

async fn with(tx: &mut Tx, ctx: &Ctx, product: &catalog::Product, wanted: &[&str]) -> Result<With, Error> {
    let variants: Vec<VariantId> = product.variants.iter().map(|v| v.id).collect();
    let mut with = With::default();
    if wanted.contains(&"prices") {
        with.prices = Some(pricing::prices_of(tx, ctx.store.market, &variants, ctx.now()).await?);
    }
    if wanted.contains(&"stock") {
        let permit = ctx.permit::<InventoryRead>()?;
        with.stock = Some(inventory::levels_of_variants(tx, &permit, &variants).await?);
    }
    if wanted.contains(&"images") {
        with.images = Some(assets::images_of(tx, Subject::Product, &[product.id.uuid()]).await?);
    }
    if wanted.contains(&"fields") {
        with.fields = Some(catalog::values_of(tx, &[product.id.uuid()]).await?);
    }
    Ok(with)
}

async fn shown(state: &State, ctx: &Ctx, id: ProductId, wanted: &[&str]) -> Result<(i64, Product), Error> {
    let (product, with) = state
        .db()
        .read(async |tx: &mut Tx| {
            let product = catalog::get(tx, ctx.store.id, id).await?;
            let with = with(tx, ctx, &product, wanted).await?;
            Ok::<_, Error>((product, with))
        })
        .await?;
    let version = product.version;
    Ok((version, Product::new(product, ctx.store.currency, &state.config().public_url, &with)))
}

pub(super) async fn get(
    state: State,
    caller: Caller,
    At(id): At<ProductId>,
    expand: Expand<Parts>,
) -> Result<One<Product>, Error> {
    caller.permit::<ProductsRead>()?;
    let wanted: Vec<&str> = Parts::ALL.iter().copied().filter(|p| expand.has(p)).collect();
    let (version, product) = shown(&state, &caller.ctx, id, &wanted).await?;
    Ok(One::versioned(version, product))
}

/// Prices, and stock items for variants that have none: what a variant needs beside the catalogue's part.
async fn outfit(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    product: &catalog::Product,
    wanted: &[VariantChange],
) -> Result<(), Error> {
    for (n, (variant, wanted)) in product.active().zip(wanted).enumerate() {
        let field = |name: &str| format!("variants[{n}].{name}");
        let currency = ctx.store.currency;
        let compare_at = read_some(wanted.compare_at.as_ref(), currency, &field("compare_at"))?;
        match &wanted.price {
            Some(price) => {
                let amount = price.read(currency, &field("price"))?;
                let price = NewPrice { compare_at_minor: compare_at, ..NewPrice::plain(variant.id, amount) };
                pricing::set_price(tx, ctx, permit, price).await?;
            }
            None if compare_at.is_some() => {
                return Err(invalid(&field("price"), "Give the price with what it cost before."));
            }
            None => {}
        }
        if inventory::item_of(tx, variant.id).await?.is_empty() {
            inventory::create_item(tx, ctx, variant.id, wanted.tracked, wanted.oversell).await?;
        }
    }
    Ok(())
}

fn variants_of(wanted: &[VariantChange], ctx: &Ctx) -> Result<Vec<VariantInput>, Error> {
    wanted.iter().enumerate().map(|(n, v)| v.read(n, ctx.store.currency)).collect()
}

async fn create_in(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    new: &NewProduct,
) -> Result<ProductId, Error> {
    let tax_category = new.tax_category.clone().unwrap_or_else(|| Facts::default().tax_category);
    let input = catalog::NewProduct {
        state: new.state.unwrap_or(ProductState::Draft),
        facts: Facts {
            category: new.category,
            product_type: new.product_type.clone(),
            vendor: new.vendor.clone(),
            tags: new.tags.clone(),
            tax_category,
        },
        texts: new.texts.iter().cloned().map(TextInput::from).collect(),
        options: new.options.clone(),
        variants: variants_of(&new.variants, ctx)?,
    };
    let id = catalog::create_product(tx, ctx, permit, &input).await?;
    let product = catalog::get(tx, ctx.store.id, id).await?;
    outfit(tx, ctx, permit, &product, &new.variants).await?;
    Ok(id)
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Body(new): Body<NewProduct>,
) -> Result<Made<Product>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx.clone();
    let id = state
        .db()
        .write("product_create", async move |tx: &mut Tx| create_in(tx, &ctx, &permit, &new).await)
        .await?;
    let (version, product) = shown(&state, &caller.ctx, id, &["prices"]).await?;
    Ok(Made::versioned(format!("/admin/products/{id}"), version, product))
}

async fn update_in(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    id: ProductId,
    seen: &IfMatch,
    change: &ProductChange,
) -> Result<(), Error> {
    let now = catalog::get(tx, ctx.store.id, id).await?;
    seen.check(now.version)?;
    let variants = match (&change.options, &change.variants) {
        (None, None) => None,
        (Some(_), None) => return Err(invalid("variants", "Give the variants with their options.")),
        (options, Some(wanted)) => {
            let options = options.clone().unwrap_or_else(|| now.options.clone());
            Some((options, variants_of(wanted, ctx)?))
        }
    };
    let input = catalog::ProductChange {
        state: change.state,
        facts: change.facts(&now.facts),
        texts: change.texts.clone().map(|texts| texts.into_iter().map(TextInput::from).collect()),
        variants,
    };
    catalog::update_product(tx, ctx, permit, id, now.version, &input).await.map_err(|e| match e {
        catalog::Error::Stale => stale(),
        e => e.into(),
    })?;
    if let Some(wanted) = &change.variants {
        let product = catalog::get(tx, ctx.store.id, id).await?;
        outfit(tx, ctx, permit, &product, wanted).await?;
    }
    Ok(())
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<ProductId>,
    seen: IfMatch,
    Body(change): Body<ProductChange>,
) -> Result<One<Product>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx.clone();
    state
        .db()
        .write("product_update", async move |tx: &mut Tx| {
            update_in(tx, &ctx, &permit, id, &seen, &change).await
        })
        .await?;
    let (version, product) = shown(&state, &caller.ctx, id, &["prices"]).await?;
    Ok(One::versioned(version, product))
}
