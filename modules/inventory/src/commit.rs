//! Reserving, allocating, releasing, shipping: what orders do to stock. Inner verbs; only flows call them.

use db::{Tx, params};
use kernel::{CommitmentId, Ctx, InventoryItemId, LocationId, OrderId, OrderLineId, VariantId};
use uuid::Uuid;

use crate::Error;
use crate::available::Component;
use crate::ledger::{self, Move, Reason};

/// What one order line wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The order's line.
    pub line: OrderLineId,
    /// What is sold.
    pub variant: VariantId,
    /// Sold units.
    pub quantity: i64,
    /// What a sold unit takes, from [`available_of`](crate::available_of).
    pub components: Vec<Component>,
}

/// What was taken for a line, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The order's line.
    pub line: OrderLineId,
    /// Of which item.
    pub item: InventoryItemId,
    /// Where.
    pub location: LocationId,
    /// Base units.
    pub quantity: i64,
    /// Base units of a sold unit.
    pub factor: i64,
}

/// Takes what is wanted, all or nothing, by conditional statements: the check and the taking are one. Locations in
/// their order; split over several when no single one has enough. Items in id order, so that two orders never wait
/// for each other in a circle.
///
/// # Errors
/// [`Error::NotEnoughStock`]: the caller's unit fails and with it everything taken before.
pub async fn reserve(tx: &mut Tx, ctx: &Ctx, order: OrderId, wanted: &[Wanted]) -> Result<Vec<Taken>, Error> {
    let mut needs: Vec<(&Wanted, Component)> =
        wanted.iter().flat_map(|w| w.components.iter().filter(|c| c.tracked).map(move |c| (w, *c))).collect();
    needs.sort_by_key(|(w, c)| (c.item, w.line));
    let mut taken = vec![];
    for (want, component) in needs {
        take(tx, ctx, want, component, &mut taken).await?;
    }
    let now = ctx.now();
    let ids: Vec<CommitmentId> = taken.iter().map(|_| ctx.id()).collect();
    let mut values = Vec::with_capacity(taken.len() * 8);
    for (id, t) in ids.iter().zip(&taken) {
        values
            .extend_from_slice(params![*id, t.item, t.location, order, t.line, t.quantity, "reserved", now]);
    }
    if !taken.is_empty() {
        tx.insert(
            "insert into commitment (id, item_id, location_id, order_id, order_line_id, quantity, state, created_at) values",
            8,
            &values,
            "",
        )
        .await?;
    }
    Ok(taken)
}

async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    want: &Wanted,
    c: Component,
    taken: &mut Vec<Taken>,
) -> Result<(), Error> {
    let need = want.quantity.checked_mul(c.factor).ok_or_else(|| {
        let message = "The quantity is too large.".to_owned();
        Error::Invalid { field: "quantity", message }
    })?;
    let note =
        |location, quantity| Taken { line: want.line, item: c.item, location, quantity, factor: c.factor };
    let whole: Option<(LocationId,)> = tx
        .opt(
            db::sql!(
                "update stock_level set reserved = reserved + $2, updated_at = $3
                 where item_id = $1 and on_hand - unavailable - reserved - allocated >= $2
                   and location_id = (select l.location_id from stock_level l join location o on o.id = l.location_id
                       where l.item_id = $1 and o.active and l.on_hand - l.unavailable - l.reserved - l.allocated >= $2
                       order by o.position, o.id limit 1)
                 returning location_id"
            ),
            params![c.item, need, ctx.now()],
        )
        .await?;
    if let Some((location,)) = whole {
        taken.push(note(location, need));
        return Ok(());
    }
    // no single location has enough (or somebody was faster): gather from several
    let candidates: Vec<(LocationId, i64)> = tx
        .all(
            db::sql!(
                "select l.location_id, l.on_hand - l.unavailable - l.reserved - l.allocated
                 from stock_level l join location o on o.id = l.location_id
                 where l.item_id = $1 and o.active order by o.position, o.id limit 100"
            ),
            params![c.item],
        )
        .await?;
    let mut missing = need;
    for (location, available) in &candidates {
        // whole sold units only: half a case cannot be put into a parcel
        let part = (available.min(&missing) / c.factor) * c.factor;
        if part <= 0 {
            continue;
        }
        let n = tx
            .exec(
                db::sql!(
                    "update stock_level set reserved = reserved + $3, updated_at = $4
                     where item_id = $1 and location_id = $2 and on_hand - unavailable - reserved - allocated >= $3"
                ),
                params![c.item, *location, part, ctx.now()],
            )
            .await?;
        if n == 1 {
            taken.push(note(*location, part));
            missing -= part;
        }
        if missing == 0 {
            return Ok(());
        }
    }
    if !c.oversell {
        let left = (need - missing) / c.factor;
        return Err(Error::NotEnoughStock {
            variant: want.variant,
            line: want.line,
            wanted: want.quantity,
            left,
        });
    }
    // sold below zero on purpose: the rest is owed by the first location, and a person is told
    let location = candidates.first().map_or(ctx.store.location, |(l, _)| *l);
    tx.exec(
        db::sql!(
            "insert into stock_level (item_id, location_id, reserved, updated_at) values ($1, $2, $3, $4)
             on conflict (item_id, location_id) do update set reserved = stock_level.reserved + $3, updated_at = $4"
        ),
        params![c.item, location, missing, ctx.now()],
    )
    .await?;
    taken.push(note(location, missing));
    let text = format!("Sold {missing} more than are in stock: backorder to fill");
    work::alerts::raise(tx, ctx, &format!("oversold:{}", c.item), &text, Some(c.item.uuid())).await?;
    Ok(())
}

/// The order is placed: what it reserved is promised. Two statements.
///
/// # Errors
/// The database's.
pub async fn allocate(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update stock_level set reserved = reserved - c.q, allocated = allocated + c.q, updated_at = $2
             from (select item_id, location_id, cast(sum(quantity - done) as bigint) as q from commitment
                   where order_id = $1 and state = 'reserved' group by item_id, location_id) c
             where stock_level.item_id = c.item_id and stock_level.location_id = c.location_id"
        ),
        params![order, ctx.now()],
    )
    .await?;
    tx.exec(
        db::sql!("update commitment set state = 'allocated' where order_id = $1 and state = 'reserved'"),
        params![order],
    )
    .await?;
    Ok(())
}

/// The order wants nothing more: whatever it still holds is free again.
///
/// # Errors
/// The database's.
pub async fn release(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let held: Vec<(InventoryItemId,)> = tx
        .all(
            db::sql!(
                "update stock_level set
                     reserved = reserved - c.r, allocated = allocated - c.a, updated_at = $2
                 from (select item_id, location_id,
                         cast(coalesce(sum(quantity - done) filter (where state = 'reserved'), 0) as bigint) as r,
                         cast(coalesce(sum(quantity - done) filter (where state = 'allocated'), 0) as bigint) as a
                       from commitment where order_id = $1 and state <> 'closed' group by item_id, location_id) c
                 where stock_level.item_id = c.item_id and stock_level.location_id = c.location_id
                 returning stock_level.item_id"
            ),
            params![order, ctx.now()],
        )
        .await?;
    tx.exec(
        db::sql!("update commitment set done = quantity, state = 'closed' where order_id = $1 and state <> 'closed'"),
        params![order],
    )
    .await?;
    let items: Vec<InventoryItemId> = held.into_iter().map(|(i,)| i).collect();
    ledger::touch_variants(tx, ctx, &items).await
}

db::row! {
    /// What an order still holds somewhere.
    #[derive(Debug, Clone)]
    pub struct Open {
        /// The commitment.
        pub id: CommitmentId,
        /// Of which item.
        pub item: InventoryItemId,
        /// Where.
        pub location: LocationId,
        /// For which line.
        pub line: OrderLineId,
        /// Base units not yet shipped or released.
        pub left: i64,
        /// `reserved` or `allocated`.
        pub state: String,
    }
}

/// What an order still holds.
///
/// # Errors
/// The database's.
pub async fn open_commitments(tx: &mut Tx, order: OrderId) -> Result<Vec<Open>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, item_id, location_id, order_line_id, quantity - done, state from commitment
                 where order_id = $1 and state <> 'closed' order by item_id, id"
            ),
            params![order],
        )
        .await?)
}

/// Takes `quantity` base units off an order line's commitments at a location (anywhere, if none is named).
async fn settle(
    tx: &mut Tx,
    open: &[Open],
    line: OrderLineId,
    item: InventoryItemId,
    location: Option<LocationId>,
    quantity: i64,
) -> Result<Vec<(Open, i64)>, Error> {
    let mut missing = quantity;
    let mut parts = vec![];
    for c in
        open.iter().filter(|c| c.line == line && c.item == item && location.is_none_or(|l| l == c.location))
    {
        let part = c.left.min(missing);
        if part == 0 {
            continue;
        }
        let n = tx
            .exec(
                db::sql!(
                    "update commitment set done = done + $2, state = case when done + $2 = quantity then 'closed' else state end
                     where id = $1 and state <> 'closed' and done + $2 <= quantity"
                ),
                params![c.id, part],
            )
            .await?;
        if n == 0 {
            return Err(Error::NotCommitted { quantity });
        }
        missing -= part;
        parts.push((c.clone(), part));
    }
    if missing > 0 { Err(Error::NotCommitted { quantity }) } else { Ok(parts) }
}

/// Some of a line leaves with a shipment: off hand and off the promise, with a ledger row.
///
/// # Errors
/// [`Error::NotCommitted`] when the order does not hold so much there.
pub async fn ship(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    variant: VariantId,
    location: LocationId,
    sold_units: i64,
    shipment: Uuid,
) -> Result<(), Error> {
    let open = open_commitments(tx, order).await?;
    for item in crate::item_of(tx, variant).await?.into_iter().filter(|i| i.tracked) {
        let quantity = sold_units * item.factor;
        for (c, part) in settle(tx, &open, line, item.id, Some(location), quantity).await? {
            let n = tx
                .exec(
                    db::sql!(
                        "update stock_level set on_hand = on_hand - $3, allocated = allocated - $3, updated_at = $4
                         where item_id = $1 and location_id = $2 and allocated >= $3"
                    ),
                    params![c.item, c.location, part, ctx.now()],
                )
                .await?;
            if n == 0 {
                return Err(Error::NotCommitted { quantity: part });
            }
            let m = Move {
                item: c.item,
                location: c.location,
                on_hand: -part,
                unavailable: 0,
                reason: Reason::Shipped,
                note: "",
                cause: Some(shipment),
            };
            ledger::write(tx, ctx, std::slice::from_ref(&m)).await?;
        }
    }
    Ok(())
}

/// Some of a line will not be shipped (it was refunded or cancelled): free again.
///
/// # Errors
/// [`Error::NotCommitted`] when the order does not hold so much.
pub async fn release_line(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    variant: VariantId,
    sold_units: i64,
) -> Result<(), Error> {
    let open = open_commitments(tx, order).await?;
    for item in crate::item_of(tx, variant).await?.into_iter().filter(|i| i.tracked) {
        for (c, part) in settle(tx, &open, line, item.id, None, sold_units * item.factor).await? {
            let column = if c.state == "reserved" {
                db::sql!(
                    "update stock_level set reserved = reserved - $3, updated_at = $4 where item_id = $1 and location_id = $2"
                )
            } else {
                db::sql!(
                    "update stock_level set allocated = allocated - $3, updated_at = $4 where item_id = $1 and location_id = $2"
                )
            };
            tx.exec(column, params![c.item, c.location, part, ctx.now()]).await?;
        }
        ledger::touch_variants(tx, ctx, &[item.id]).await?;
    }
    Ok(())
}

/// Tells caches that an order took stock: one statement for all its items.
///
/// # Errors
/// The database's.
pub async fn touch_taken(tx: &mut Tx, ctx: &Ctx, taken: &[Taken]) -> Result<(), Error> {
    let mut items: Vec<InventoryItemId> = taken.iter().map(|t| t.item).collect();
    items.dedup();
    ledger::touch_variants(tx, ctx, &items).await
}

/// Which variants take of these items.
///
/// # Errors
/// The database's.
pub async fn variants_of_items(tx: &mut Tx, items: &[Uuid]) -> Result<Vec<VariantId>, Error> {
    let items: Vec<InventoryItemId> = items.iter().map(|u| kernel::Id::from_uuid(*u)).collect();
    ledger::variants_of(tx, &items).await
}
