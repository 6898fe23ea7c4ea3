//! Products.

use assets::{NewImage, Subject};
use catalog::{Facts, ListFilter, ProductState, TextInput, VariantInput};
use db::Tx;
use flows::{SaveProduct, SaveVariant};
use kernel::perms::{InventoryRead, ProductsRead, ProductsWrite};
use kernel::{CategoryId, Ctx, CustomFieldId, Permit, ProductId, VariantId};
use pricing::Prices;
use serde::Deserialize;
use utoipa::IntoParams;

use super::fields::FieldValue;
use super::product_views::{NewProduct, Product, ProductChange, ProductRow, ShownImage, VariantChange, With};
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, Expand, Expandable, IfMatch, Params, bad_param, page_of, stale, word};
use crate::api::once::Sent;
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

/// A variant as the editor leaves it. What is not named of its price stays as it is.
fn wanted(ctx: &Ctx, n: usize, v: &VariantChange, prices: Option<&Prices>) -> Result<SaveVariant, Error> {
    let field = |name: &str| format!("variants[{n}].{name}");
    let currency = ctx.store.currency;
    let was = v.id.and_then(|id| prices?.one(id));
    let compare_at = read_some(v.compare_at.as_ref(), currency, &field("compare_at"))?;
    let (amount_minor, compare_at_minor) = match &v.price {
        Some(price) => (Some(price.read(currency, &field("price"))?), compare_at),
        None if compare_at.is_some() => {
            return Err(invalid(&field("price"), "Give the price with what it cost before."));
        }
        None => (was.map(|w| w.amount_minor), was.and_then(|w| w.compare_at_minor)),
    };
    Ok(SaveVariant {
        is: v.read(n, currency)?,
        amount_minor,
        compare_at_minor,
        on_hand: v.on_hand,
        custom: vec![],
    })
}

/// A variant that nobody speaks of.
fn as_it_is(v: &catalog::Variant, prices: &Prices) -> SaveVariant {
    let was = prices.one(v.id);
    let is = VariantInput {
        id: Some(v.id),
        sku: v.sku.clone(),
        gtin: v.gtin.clone(),
        options: v.options.clone(),
        weight_grams: v.weight_grams,
        unit_grams: v.unit_grams,
        cost_minor: v.cost_minor,
        requires_shipping: v.requires_shipping,
        taxable: v.taxable,
        image: v.image,
    };
    SaveVariant {
        is,
        amount_minor: was.map(|w| w.amount_minor),
        compare_at_minor: was.and_then(|w| w.compare_at_minor),
        on_hand: None,
        custom: vec![],
    }
}

fn images_of(images: Option<&Vec<ShownImage>>) -> Option<Vec<NewImage>> {
    let image = |i: &ShownImage| NewImage { asset: i.asset, alt: i.alt.clone() };
    images.map(|all| all.iter().map(image).collect())
}

fn fields_of(fields: &[FieldValue]) -> Vec<(CustomFieldId, String)> {
    fields.iter().map(|f| (f.field, f.value.clone())).collect()
}

/// Whether new variants are counted, and may be sold when none is left: what the editor leaves as usual.
async fn policies(tx: &mut Tx, ctx: &Ctx, id: ProductId, wanted: &[VariantChange]) -> Result<(), Error> {
    let product = catalog::get(tx, ctx.store.id, id).await?;
    for (variant, wanted) in product.active().zip(wanted) {
        if wanted.id.is_none() && (!wanted.tracked || wanted.oversell) {
            for item in inventory::item_of(tx, variant.id).await? {
                inventory::set_policy(tx, ctx, &ctx.permit()?, item.id, wanted.tracked, wanted.oversell)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn create_in(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    new: &NewProduct,
) -> Result<ProductId, Error> {
    let tax_category = new.tax_category.clone().unwrap_or_else(|| Facts::default().tax_category);
    let variants = new.variants.iter().enumerate().map(|(n, v)| wanted(ctx, n, v, None));
    let input = SaveProduct {
        product: None,
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
        variants: variants.collect::<Result<_, _>>()?,
        custom: fields_of(&new.fields),
        images: images_of(new.images.as_ref()),
    };
    let (id, _) = flows::save_product_in(tx, ctx, permit, None, &input).await?;
    policies(tx, ctx, id, &new.variants).await?;
    Ok(id)
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<NewProduct>,
) -> Result<Made<Product>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx.clone();
    let id = state
        .db()
        .write("product_create", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| create_in(tx, &ctx, &permit, &new).await;
            once.make(tx, &ctx, make).await
        })
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
    let ids: Vec<VariantId> = now.active().map(|v| v.id).collect();
    let prices = pricing::prices_of(tx, ctx.store.market, &ids, ctx.now()).await?;
    let variants = match (&change.options, &change.variants) {
        (Some(_), None) => return Err(invalid("variants", "Give the variants with their options.")),
        (None, None) => now.active().map(|v| as_it_is(v, &prices)).collect(),
        (_, Some(all)) => {
            let all = all.iter().enumerate().map(|(n, v)| wanted(ctx, n, v, Some(&prices)));
            all.collect::<Result<Vec<_>, _>>()?
        }
    };
    let input = SaveProduct {
        product: Some((id, now.version)),
        state: change.state.unwrap_or(now.state),
        facts: change.facts(&now.facts),
        texts: change.texts.iter().flatten().cloned().map(TextInput::from).collect(),
        options: change.options.clone().unwrap_or_else(|| now.options.clone()),
        variants,
        custom: fields_of(change.fields.as_deref().unwrap_or_default()),
        images: images_of(change.images.as_ref()),
    };
    flows::save_product_in(tx, ctx, permit, None, &input).await.map_err(|e| match e {
        flows::Error::Catalog(catalog::Error::Stale) => stale(),
        e => e.into(),
    })?;
    policies(tx, ctx, id, change.variants.as_deref().unwrap_or_default()).await
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
