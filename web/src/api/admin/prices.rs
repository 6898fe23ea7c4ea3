//! What variants cost.

use db::Tx;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{Ctx, VariantId};
use pricing::NewPrice;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{Done, List};
use crate::api::ask::{At, Body};
use crate::api::types::{Amount, at, moment, read_some};
use crate::{Caller, Error, State};

/// A price.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Price {
    variant: String,
    amount: Amount,
    /// What it cost before, to be struck through beside the price.
    compare_at: Option<Amount>,
    /// From so many pieces on.
    min_quantity: i64,
    starts_at: Option<String>,
    ends_at: Option<String>,
}

async fn prices(tx: &mut Tx, ctx: &Ctx, variant: VariantId) -> Result<List<Price>, Error> {
    catalog::product_of_variant(tx, ctx.store.id, variant).await?;
    let rows = pricing::shop::shown_prices(tx, ctx.store.market, &[variant], ctx.now()).await?;
    let amount = |minor| Amount::of(minor, ctx.store.currency);
    let price = |p: pricing::shop::ShownPrice| Price {
        variant: variant.to_string(),
        amount: amount(p.amount_minor),
        compare_at: p.compare_at_minor.map(amount),
        min_quantity: p.min_quantity,
        starts_at: p.starts_at.map(at),
        ends_at: p.ends_at.map(at),
    };
    Ok(List::whole(rows.into_iter().map(price).collect()))
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    At(variant): At<VariantId>,
) -> Result<List<Price>, Error> {
    caller.permit::<ProductsRead>()?;
    state.db().read(async |tx: &mut Tx| prices(tx, &caller.ctx, variant).await).await
}

/// A price to be set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceChange {
    amount: Amount,
    compare_at: Option<Amount>,
    /// From so many pieces on; 1 by default.
    #[serde(default = "one")]
    min_quantity: i64,
    /// RFC 3339; missing: at once.
    starts_at: Option<String>,
    /// RFC 3339; missing: never.
    ends_at: Option<String>,
}

fn one() -> i64 {
    1
}

pub(super) async fn set(
    state: State,
    caller: Caller,
    At(variant): At<VariantId>,
    Body(change): Body<PriceChange>,
) -> Result<List<Price>, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    let new = NewPrice {
        variant,
        amount_minor: change.amount.read(ctx.store.currency, "amount")?,
        compare_at_minor: read_some(change.compare_at.as_ref(), ctx.store.currency, "compare_at")?,
        min_quantity: change.min_quantity,
        starts_at: change.starts_at.as_deref().map(|t| moment(t, "starts_at")).transpose()?,
        ends_at: change.ends_at.as_deref().map(|t| moment(t, "ends_at")).transpose()?,
    };
    state
        .db()
        .write("price_set", async move |tx: &mut Tx| {
            catalog::product_of_variant(tx, ctx.store.id, variant).await?;
            pricing::set_price(tx, &ctx, &permit, new).await?;
            prices(tx, &ctx, variant).await
        })
        .await
}

pub(super) async fn clear(
    state: State,
    caller: Caller,
    At((variant, min_quantity)): At<(VariantId, i64)>,
) -> Result<Done, Error> {
    let permit = caller.permit::<ProductsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("price_clear", async move |tx: &mut Tx| {
            pricing::clear_price(tx, &ctx, &permit, variant, min_quantity).await
        })
        .await?;
    Ok(Done)
}
