//! A product as its editor leaves it: facts, texts, variants, prices, pictures, own fields and first stock, all or
//! nothing.

use assets::{NewImage, Subject};
use catalog::{Facts, NewProduct, ProductChange, ProductState, Resource, TextInput, Variant, VariantInput};
use db::Tx;
use inventory::Reason;
use kernel::perms::{InventoryWrite, ProductsWrite};
use kernel::{Ctx, CustomFieldId, Permit, ProductId, VariantId};
use pricing::NewPrice;

use crate::{Error, Shop};

/// A product as it is to be.
#[derive(Debug, Clone)]
pub struct SaveProduct {
    /// Which, and the version that was read; none makes a new one.
    pub product: Option<(ProductId, i64)>,
    /// Where it stands.
    pub state: ProductState,
    /// The same in every language.
    pub facts: Facts,
    /// These locales' texts; others stay.
    pub texts: Vec<TextInput>,
    /// Names of up to three options.
    pub options: Vec<String>,
    /// All that are to be sold; those left out are retired.
    pub variants: Vec<SaveVariant>,
    /// The merchant's own fields; an empty text clears one.
    pub custom: Vec<(CustomFieldId, String)>,
    /// Its pictures in order; those left out are shown no longer. `None` leaves them.
    pub images: Option<Vec<NewImage>>,
}

/// A variant as it is to be.
#[derive(Debug, Clone)]
pub struct SaveVariant {
    /// Its own facts.
    pub is: VariantInput,
    /// What a piece costs, in minor units of the store's currency; `None`: it cannot be bought.
    pub amount_minor: Option<i64>,
    /// What it cost before, in minor units.
    pub compare_at_minor: Option<i64>,
    /// Of a variant that was not stocked yet: how many lie at the store's first location.
    pub on_hand: Option<i64>,
    /// Its own fields; an empty text clears one.
    pub custom: Vec<(CustomFieldId, String)>,
}

/// Saves it; which, and its version from now on. `stock` is needed where a new variant comes with stock.
///
/// # Errors
/// [`catalog::Error::Stale`] when somebody else changed it meanwhile; what catalogue, prices and stock refuse.
pub async fn save_product(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    stock: Option<&Permit<InventoryWrite>>,
    input: SaveProduct,
) -> Result<(ProductId, i64), Error> {
    let (ctx, permit, stock) = (ctx.clone(), permit.clone(), stock.cloned());
    shop.db
        .write("save_product", async move |tx: &mut Tx| {
            save_product_in(tx, &ctx, &permit, stock.as_ref(), &input).await
        })
        .await
}

/// The same within a transaction of the caller's.
///
/// # Errors
/// As [`save_product`].
pub async fn save_product_in(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    stock: Option<&Permit<InventoryWrite>>,
    input: &SaveProduct,
) -> Result<(ProductId, i64), Error> {
    let variants: Vec<VariantInput> = input.variants.iter().map(|v| v.is.clone()).collect();
    let id = match input.product {
        Some((id, version)) => {
            let change = ProductChange {
                state: Some(input.state),
                facts: Some(input.facts.clone()),
                texts: Some(input.texts.clone()),
                variants: Some((input.options.clone(), variants)),
            };
            catalog::update_product(tx, ctx, permit, id, version, &change).await?;
            id
        }
        None => {
            let new = NewProduct {
                state: input.state,
                facts: input.facts.clone(),
                texts: input.texts.clone(),
                options: input.options.clone(),
                variants,
            };
            catalog::create_product(tx, ctx, permit, &new).await?
        }
    };
    let product = catalog::get(tx, ctx.store.id, id).await?;
    // variants stand in the order of the input
    let active: Vec<&Variant> = product.active().collect();
    prices(tx, ctx, permit, &active, &input.variants).await?;
    items(tx, ctx, stock, &active, &input.variants).await?;
    catalog::set_values(tx, ctx, Resource::Product, id.uuid(), &input.custom).await?;
    for (variant, want) in active.iter().zip(&input.variants).filter(|(_, want)| !want.custom.is_empty()) {
        catalog::set_values(tx, ctx, Resource::Variant, variant.id.uuid(), &want.custom).await?;
    }
    if let Some(images) = &input.images {
        pictures(tx, ctx, id, images).await?;
    }
    // pictures do not touch the feed themselves
    work::touch(tx, ctx, "product", id.uuid()).await?;
    Ok((id, product.version))
}

async fn pictures(tx: &mut Tx, ctx: &Ctx, id: ProductId, images: &[NewImage]) -> Result<(), Error> {
    let changed = assets::set_images(tx, Subject::Product, &[(id.uuid(), images.to_vec())]).await?;
    if changed.is_empty() {
        return Ok(());
    }
    let shown: Vec<_> =
        images.iter().map(|i| serde_json::json!({ "asset": i.asset, "alt": i.alt })).collect();
    let deed = work::Deed {
        verb: "product.images",
        subject_kind: "product",
        subject: id.uuid(),
        before: None,
        after: Some(shown.into()),
        note: None,
    };
    Ok(work::audit(tx, ctx, &deed).await?)
}

async fn prices(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<ProductsWrite>,
    active: &[&Variant],
    wanted: &[SaveVariant],
) -> Result<(), Error> {
    let ids: Vec<VariantId> = active.iter().map(|v| v.id).collect();
    let stored = pricing::prices_of(tx, ctx.store.market, &ids, ctx.now()).await?;
    for (variant, want) in active.iter().zip(wanted) {
        let was = stored.one(variant.id);
        match want.amount_minor {
            Some(amount_minor) => {
                let same = was.is_some_and(|w| {
                    w.amount_minor == amount_minor && w.compare_at_minor == want.compare_at_minor
                });
                if !same {
                    let new = NewPrice {
                        compare_at_minor: want.compare_at_minor,
                        ..NewPrice::plain(variant.id, amount_minor)
                    };
                    pricing::set_price(tx, ctx, permit, new).await?;
                }
            }
            None if was.is_some() => pricing::clear_price(tx, ctx, permit, variant.id, 1).await?,
            None => {}
        }
    }
    Ok(())
}

/// Every variant is stocked from the start, so that it can be counted.
async fn items(
    tx: &mut Tx,
    ctx: &Ctx,
    stock: Option<&Permit<InventoryWrite>>,
    active: &[&Variant],
    wanted: &[SaveVariant],
) -> Result<(), Error> {
    let ids: Vec<VariantId> = active.iter().map(|v| v.id).collect();
    let stocked = inventory::available_of(tx, &ids).await?;
    let new = active.iter().zip(wanted).filter(|(v, _)| stocked.iter().all(|s| s.variant != v.id));
    for (variant, want) in new {
        let item = inventory::create_item(tx, ctx, variant.id, true, false).await?;
        let Some(on_hand) = want.on_hand.filter(|n| *n != 0) else { continue };
        let permit = match stock {
            Some(permit) => permit,
            None => &ctx.permit::<InventoryWrite>()?,
        };
        let location = ctx.store.location;
        inventory::set_on_hand(tx, ctx, permit, item, location, on_hand, Reason::Initial, "").await?;
    }
    Ok(())
}
