//! What lies where, and the ledger of it.

use db::Tx;
use inventory::{MovementRow, Reason};
use kernel::perms::{InventoryRead, InventoryWrite};
use kernel::{Ctx, InventoryItemId, LocationId, Permit, VariantId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::product_views::StockLevel;
use crate::api::answer::{Done, List};
use crate::api::ask::{At, Body, Paging, Params, bad_param};
use crate::api::once::Sent;
use crate::api::types::{at, invalid};
use crate::{Caller, Error, State};

/// Of which variants.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct OfVariants {
    /// Up to 100 ids of variants, with commas between them.
    variants: String,
}

async fn shown(tx: &mut Tx, ctx: &Ctx, variants: &[VariantId]) -> Result<List<StockLevel>, Error> {
    let permit = ctx.permit::<InventoryRead>()?;
    let rows = inventory::levels_of_variants(tx, &permit, variants).await?;
    Ok(List::whole(rows.iter().map(StockLevel::from).collect()))
}

pub(super) async fn levels(
    state: State,
    caller: Caller,
    Params(of): Params<OfVariants>,
) -> Result<List<StockLevel>, Error> {
    caller.permit::<InventoryRead>()?;
    let ids = of.variants.split(',').map(str::trim).filter(|v| !v.is_empty());
    let ids: Result<Vec<VariantId>, _> = ids.map(str::parse).collect();
    let ids = ids.map_err(|e: kernel::IdError| bad_param("variants", e))?;
    if ids.is_empty() || ids.len() > 100 {
        return Err(bad_param("variants", "Name 1 to 100 variants"));
    }
    state.db().read(async |tx: &mut Tx| shown(tx, &caller.ctx, &ids).await).await
}

/// The item of a variant that has just one, made if there is none.
async fn item_of(tx: &mut Tx, ctx: &Ctx, variant: VariantId) -> Result<InventoryItemId, Error> {
    catalog::product_of_variant(tx, ctx.store.id, variant).await?;
    match inventory::item_of(tx, variant).await?.as_slice() {
        [] => Ok(inventory::create_item(tx, ctx, variant, true, false).await?),
        [one] => Ok(one.id),
        _ => Err(invalid("variant", "This variant is made of several items; name the item.")),
    }
}

/// Stock that is added or taken away: of an item, or of the variant that has just one.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Adjustment {
    #[schema(value_type = Option<String>)]
    variant: Option<VariantId>,
    #[schema(value_type = Option<String>)]
    item: Option<InventoryItemId>,
    /// The store's first location by default.
    #[schema(value_type = Option<String>)]
    location: Option<LocationId>,
    /// In base units: how many more; below zero fewer.
    delta: i64,
    /// `received`, `counted`, `damaged`, `lost`, `found`, `used`, `correction`.
    #[schema(value_type = String)]
    reason: Reason,
    #[serde(default)]
    note: String,
}

/// What was counted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Count {
    #[schema(value_type = Option<String>)]
    variant: Option<VariantId>,
    #[schema(value_type = Option<String>)]
    item: Option<InventoryItemId>,
    /// The store's first location by default.
    #[schema(value_type = Option<String>)]
    location: Option<LocationId>,
    /// In base units.
    on_hand: i64,
    /// `counted` by default.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    #[serde(default)]
    note: String,
}

fn may_touch(permit: &Permit<InventoryWrite>, location: LocationId) -> Result<(), Error> {
    if permit.scope().has_location(location) {
        return Ok(());
    }
    Err(kernel::Denied::Missing { permission: "inventory:write" }.into())
}

async fn whose(
    tx: &mut Tx,
    ctx: &Ctx,
    variant: Option<VariantId>,
    item: Option<InventoryItemId>,
) -> Result<(InventoryItemId, Vec<VariantId>), Error> {
    match (variant, item) {
        (Some(variant), None) => Ok((item_of(tx, ctx, variant).await?, vec![variant])),
        (_, Some(item)) => Ok((item, inventory::variants_of_items(tx, &[item.uuid()]).await?)),
        (None, None) => Err(invalid("variant", "Name the variant or the item.")),
    }
}

/// Only reasons that people give: the others are written by what they are of.
fn by_hand(reason: Reason) -> Result<Reason, Error> {
    match reason {
        Reason::Shipped | Reason::HandedOver | Reason::Returned | Reason::Import | Reason::Quarantine => {
            Err(invalid("reason", format!("'{reason}' is written by Mercer itself; give another reason.")))
        }
        _ => Ok(reason),
    }
}

pub(super) async fn adjust(
    state: State,
    caller: Caller,
    Sent(is, once): Sent<Adjustment>,
) -> Result<List<StockLevel>, Error> {
    let permit = caller.permit::<InventoryWrite>()?;
    let ctx = caller.ctx;
    let location = is.location.unwrap_or(ctx.store.location);
    let reason = by_hand(is.reason)?;
    may_touch(&permit, location)?;
    state
        .db()
        .write("stock_adjust", async move |tx: &mut Tx| {
            let (item, variants) = whose(tx, &ctx, is.variant, is.item).await?;
            let make = async |tx: &mut Tx| {
                inventory::adjust(tx, &ctx, &permit, item, location, is.delta, reason, &is.note).await?;
                Ok(item)
            };
            once.make(tx, &ctx, make).await?;
            shown_after(tx, &ctx, &variants).await
        })
        .await
}

/// Whoever may write but not read sees nothing of it.
async fn shown_after(tx: &mut Tx, ctx: &Ctx, variants: &[VariantId]) -> Result<List<StockLevel>, Error> {
    if ctx.may("inventory:read") { shown(tx, ctx, variants).await } else { Ok(List::whole(vec![])) }
}

pub(super) async fn count(
    state: State,
    caller: Caller,
    Body(new): Body<Count>,
) -> Result<List<StockLevel>, Error> {
    let permit = caller.permit::<InventoryWrite>()?;
    let ctx = caller.ctx;
    let location = new.location.unwrap_or(ctx.store.location);
    let reason = by_hand(new.reason.unwrap_or(Reason::Counted))?;
    may_touch(&permit, location)?;
    state
        .db()
        .write("stock_count", async move |tx: &mut Tx| {
            let (item, variants) = whose(tx, &ctx, new.variant, new.item).await?;
            inventory::set_on_hand(tx, &ctx, &permit, item, location, new.on_hand, reason, &new.note).await?;
            shown_after(tx, &ctx, &variants).await
        })
        .await
}

/// A row of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Movement {
    #[schema(example = "mov_01h455vb4pex5vsknk084sn02q")]
    id: String,
    at: String,
    location_name: String,
    on_hand_delta: i64,
    unavailable_delta: i64,
    reason: String,
    note: String,
    actor: String,
}

pub(super) async fn movements(
    state: State,
    caller: Caller,
    At(item): At<InventoryItemId>,
    Params(paging): Params<Paging>,
) -> Result<List<Movement>, Error> {
    let permit = caller.permit::<InventoryRead>()?;
    let (after, size) = paging.read()?;
    let ctx = caller.ctx;
    let page = state
        .db()
        .read(async |tx: &mut Tx| inventory::movements(tx, &ctx, &permit, item, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, |m: MovementRow| Movement {
        id: m.id.to_string(),
        at: at(m.at),
        location_name: m.location_name,
        on_hand_delta: m.on_hand_delta,
        unavailable_delta: m.unavailable_delta,
        reason: m.reason.to_string(),
        note: m.note,
        actor: m.actor_name,
    }))
}

/// How an item is sold.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    /// Is its stock counted?
    tracked: bool,
    /// May it be sold when none is left?
    oversell: bool,
}

pub(super) async fn policy(
    state: State,
    caller: Caller,
    At(item): At<InventoryItemId>,
    Body(new): Body<Policy>,
) -> Result<Done, Error> {
    let permit = caller.permit::<InventoryWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("stock_policy", async move |tx: &mut Tx| {
            inventory::set_policy(tx, &ctx, &permit, item, new.tracked, new.oversell).await
        })
        .await?;
    Ok(Done)
}
