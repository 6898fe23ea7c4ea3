//! Pictures of products.

use assets::Subject;
use db::Tx;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{AssetId, ProductId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::product_views::ProductImage;
use crate::api::answer::{Done, List};
use crate::api::ask::{At, Body, Params, Raw};
use crate::api::once::Repeat;
use crate::{Caller, Error, State};

async fn shown(state: &State, product: ProductId) -> Result<List<ProductImage>, Error> {
    let images = state
        .db()
        .read(async |tx: &mut Tx| assets::images_of(tx, Subject::Product, &[product.uuid()]).await)
        .await?;
    let url = &state.config().public_url;
    Ok(List::whole(images.iter().map(|i| ProductImage::new(url, i)).collect()))
}

async fn known(state: &State, caller: &Caller, product: ProductId) -> Result<(), Error> {
    let store = caller.ctx.store.id;
    state.db().read(async |tx: &mut Tx| catalog::get(tx, store, product).await).await?;
    Ok(())
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    At(product): At<ProductId>,
) -> Result<List<ProductImage>, Error> {
    caller.permit::<ProductsRead>()?;
    known(&state, &caller, product).await?;
    shown(&state, product).await
}

/// What is known of a picture that is sent.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Upload {
    /// What is on it, for those who cannot see it.
    alt: String,
    /// As the merchant knows it.
    file_name: String,
}

pub(super) async fn add(
    state: State,
    caller: Caller,
    At(product): At<ProductId>,
    Params(upload): Params<Upload>,
    once: Repeat,
    Raw(bytes): Raw<{ assets::MAX_BYTES + 1 }>,
) -> Result<List<ProductImage>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    known(&state, &caller, product).await?;
    let once = once.with(&bytes);
    let stored = state.vault().store(bytes).await?;
    let ctx = caller.ctx;
    state
        .db()
        .write("image_add", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| {
                let asset = assets::add(tx, &ctx, &permit, &stored, &upload.file_name).await?;
                let on = product.uuid();
                assets::attach(tx, &ctx, &permit, Subject::Product, on, asset, &upload.alt).await?;
                Ok(asset)
            };
            once.make(tx, &ctx, make).await
        })
        .await?;
    shown(&state, product).await
}

/// An order of pictures.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sorted {
    /// Every picture of the product, the main one first.
    #[schema(value_type = Vec<String>)]
    images: Vec<AssetId>,
}

pub(super) async fn sort(
    state: State,
    caller: Caller,
    At(product): At<ProductId>,
    Body(sorted): Body<Sorted>,
) -> Result<List<ProductImage>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("image_sort", async move |tx: &mut Tx| {
            assets::sort(tx, &ctx, &permit, Subject::Product, product.uuid(), &sorted.images).await
        })
        .await?;
    shown(&state, product).await
}

/// What is on a picture.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Alt {
    /// For those who cannot see it.
    alt: String,
}

pub(super) async fn describe(
    state: State,
    caller: Caller,
    At((product, asset)): At<(ProductId, AssetId)>,
    Body(change): Body<Alt>,
) -> Result<List<ProductImage>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("image_alt", async move |tx: &mut Tx| {
            assets::set_alt(tx, &ctx, &permit, Subject::Product, product.uuid(), asset, &change.alt).await
        })
        .await?;
    shown(&state, product).await
}

pub(super) async fn remove(
    state: State,
    caller: Caller,
    At((product, asset)): At<(ProductId, AssetId)>,
) -> Result<Done, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("image_remove", async move |tx: &mut Tx| {
            assets::detach(tx, &ctx, &permit, Subject::Product, product.uuid(), asset).await
        })
        .await?;
    Ok(Done)
}
