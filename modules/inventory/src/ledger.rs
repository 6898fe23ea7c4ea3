use db::{Tx, Val, params};
use kernel::{Ctx, InventoryItemId, LocationId, MovementId, Permit, VariantId, perms, states};
use uuid::Uuid;

use crate::Error;

states! {
    /// Why stock moved.
    pub enum Reason {
        /// The first count.
        Initial = "initial",
        /// A file said so.
        Import = "import",
        /// Goods came in.
        Received = "received",
        /// Counted anew.
        Counted = "counted",
        /// Broken or spoilt.
        Damaged = "damaged",
        /// Gone, nobody knows where.
        Lost = "lost",
        /// Found again.
        Found = "found",
        /// Given away or used in the house.
        Used = "used",
        /// Put right by hand.
        Correction = "correction",
        /// Left with a shipment.
        Shipped = "shipped",
        /// The customer's with the sale: it needs no parcel.
        HandedOver = "handed_over",
        /// Came back from a customer.
        Returned = "returned",
        /// Set aside, or back again.
        Quarantine = "quarantine",
    }
}
db::words!(Reason);

/// A row to be written into the ledger.
pub(crate) struct Move<'a> {
    pub item: InventoryItemId,
    pub location: LocationId,
    pub on_hand: i64,
    pub unavailable: i64,
    pub reason: Reason,
    pub note: &'a str,
    pub cause: Option<Uuid>,
}

/// Writes ledger rows (not the levels).
pub(crate) async fn write(tx: &mut Tx, ctx: &Ctx, moves: &[Move<'_>]) -> Result<(), Error> {
    let now = ctx.now();
    let (actor_kind, actor_name) = (ctx.actor.kind(), ctx.actor.name());
    let ids: Vec<MovementId> = moves.iter().map(|_| ctx.id()).collect();
    let mut values = Vec::with_capacity(moves.len() * 11);
    for (id, m) in ids.iter().zip(moves) {
        values.extend_from_slice(params![
            *id,
            m.item,
            m.location,
            m.on_hand,
            m.unavailable,
            m.reason,
            m.note,
            m.cause,
            actor_kind,
            actor_name,
            now
        ]);
    }
    if !moves.is_empty() {
        tx.insert(
            "insert into movement (id, item_id, location_id, on_hand_delta, unavailable_delta, reason, note, ref_id, actor_kind, actor_name, at) values",
            11,
            &values,
            "",
        )
        .await?;
    }
    Ok(())
}

/// Tells caches which variants' stock changed.
pub(crate) async fn touch_variants(tx: &mut Tx, ctx: &Ctx, items: &[InventoryItemId]) -> Result<(), Error> {
    let ids: Vec<Uuid> = items.iter().map(|i| i.uuid()).collect();
    work::touch_many(tx, ctx, "stock", &ids).await?;
    Ok(())
}

/// What a level became.
pub(crate) struct Level {
    pub on_hand: i64,
    pub available: i64,
}

/// Moves a level of this store and writes the ledger's row. With a floor, nothing that is promised may be eaten.
pub(crate) async fn change(tx: &mut Tx, ctx: &Ctx, m: &Move<'_>, floor: bool) -> Result<Level, Error> {
    tx.exec(
        db::sql!(
            "insert into stock_level (item_id, location_id, updated_at)
             select i.id, o.id, $3 from inventory_item i, location o
             where i.id = $1 and o.id = $2 and i.store_id = $4 and o.store_id = $4
             on conflict (item_id, location_id) do nothing"
        ),
        params![m.item, m.location, ctx.now(), ctx.store.id],
    )
    .await?;
    let done: Option<(i64, i64)> = tx
        .opt(
            db::sql!(
                "update stock_level set on_hand = on_hand + $3, unavailable = unavailable + $4, updated_at = $5
                 where item_id = $1 and location_id = $2 and unavailable + $4 >= 0
                   and ($6 = false or on_hand + $3 - unavailable - $4 - reserved - allocated >= 0)
                   and exists (select 1 from location o where o.id = $2 and o.store_id = $7)
                 returning on_hand, on_hand - unavailable - reserved - allocated"
            ),
            params![m.item, m.location, m.on_hand, m.unavailable, ctx.now(), floor, ctx.store.id],
        )
        .await?;
    let Some((on_hand, available)) = done else {
        let (on_hand, promised): (i64, i64) = tx
            .opt(
                db::sql!(
                    "select on_hand, unavailable + reserved + allocated from stock_level l
                     join location o on o.id = l.location_id
                     where l.item_id = $1 and l.location_id = $2 and o.store_id = $3"
                ),
                params![m.item, m.location, ctx.store.id],
            )
            .await?
            .ok_or(Error::NotFound { what: "item or location" })?;
        return Err(Error::BelowPromised { would_be: on_hand + m.on_hand, promised });
    };
    write(tx, ctx, std::slice::from_ref(m)).await?;
    touch_variants(tx, ctx, &[m.item]).await?;
    Ok(Level { on_hand, available })
}

/// Does the permit reach this location of this store?
fn scoped(ctx: &Ctx, permit: &Permit<perms::InventoryWrite>, location: LocationId) -> Result<(), Error> {
    let scope = permit.scope();
    if scope.has_store(ctx.store.id) && scope.has_location(location) {
        Ok(())
    } else {
        Err(Error::NotFound { what: "location" })
    }
}

/// Adds to or takes from what is on hand, with a reason; on hand afterwards, in base units. A loss may not eat what
/// is promised unless `item` may be oversold.
///
/// # Errors
/// [`Error::BelowPromised`], [`Error::NotFound`], [`Error::Invalid`].
pub async fn adjust(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::InventoryWrite>,
    item: InventoryItemId,
    location: LocationId,
    delta: i64,
    reason: Reason,
    note: &str,
) -> Result<i64, Error> {
    scoped(ctx, permit, location)?;
    if delta == 0 || delta.abs() > 1_000_000_000 {
        let message =
            "Enter how many to add, or take away with a minus; not zero, at most a billion.".to_owned();
        return Err(Error::Invalid { field: "quantity", message });
    }
    let oversell = crate::item_policy(tx, item).await?.oversell;
    let m = Move { item, location, on_hand: delta, unavailable: 0, reason, note, cause: None };
    let Level { on_hand, .. } = change(tx, ctx, &m, delta < 0 && !oversell).await?;
    let deed = work::Deed {
        verb: "inventory.adjust",
        subject_kind: "inventory_item",
        subject: item.uuid(),
        before: Some(serde_json::json!({ "on_hand": on_hand - delta, "location": location })),
        after: Some(serde_json::json!({ "on_hand": on_hand, "reason": reason })),
        note: Some(note),
    };
    work::audit(tx, ctx, &deed).await?;
    Ok(on_hand)
}

/// Sets what is on hand, as counted; writes the difference.
///
/// # Errors
/// As [`adjust`].
pub async fn set_on_hand(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::InventoryWrite>,
    item: InventoryItemId,
    location: LocationId,
    on_hand: i64,
    reason: Reason,
    note: &str,
) -> Result<(), Error> {
    if on_hand < 0 {
        let message = "What is on hand is zero or more.".to_owned();
        return Err(Error::Invalid { field: "quantity", message });
    }
    let was: Option<(i64,)> = tx
        .opt(
            db::sql!("select on_hand from stock_level where item_id = $1 and location_id = $2"),
            params![item, location],
        )
        .await?;
    let delta = on_hand - was.map_or(0, |(n,)| n);
    if delta != 0 {
        adjust(tx, ctx, permit, item, location, delta, reason, note).await?;
    }
    Ok(())
}

/// Sets base units aside (or back, below zero): they stay on hand but cannot be sold.
///
/// # Errors
/// [`Error::BelowPromised`] when so many are not free, [`Error::NotFound`], [`Error::Invalid`].
pub async fn quarantine(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::InventoryWrite>,
    item: InventoryItemId,
    location: LocationId,
    delta: i64,
    note: &str,
) -> Result<(), Error> {
    scoped(ctx, permit, location)?;
    if delta == 0 {
        let message = "Enter how many to set aside, or to put back with a minus.".to_owned();
        return Err(Error::Invalid { field: "quantity", message });
    }
    let m = Move {
        item,
        location,
        on_hand: 0,
        unavailable: delta,
        reason: Reason::Quarantine,
        note,
        cause: None,
    };
    change(tx, ctx, &m, delta > 0).await?;
    let deed = work::Deed {
        verb: "inventory.quarantine",
        subject_kind: "inventory_item",
        subject: item.uuid(),
        before: None,
        after: Some(serde_json::json!({ "set_aside": delta, "location": location })),
        note: Some(note),
    };
    work::audit(tx, ctx, &deed).await?;
    Ok(())
}

/// Variants that take of these items: for those who keep pages fresh.
pub(crate) async fn variants_of(tx: &mut Tx, items: &[InventoryItemId]) -> Result<Vec<VariantId>, Error> {
    if items.is_empty() {
        return Ok(vec![]);
    }
    let (text, params) = db::spread(
        db::sql!("select distinct variant_id from variant_item where item_id in ($1)"),
        &[],
        items.iter().map(|i| Val::Uuid(i.uuid())),
    );
    Ok(tx.all::<(VariantId,)>(&text, &params).await?.into_iter().map(|(v,)| v).collect())
}
