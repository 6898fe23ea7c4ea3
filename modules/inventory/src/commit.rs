//! Allocating, releasing, shipping: what becomes of what an order took. Inner verbs; only flows call them. A line is
//! settled by its own commitments, never by what its variant takes of which items by then: whether an item is counted
//! and how much of it a sold unit takes may have changed since.

use db::{Tx, params};
use kernel::{CommitmentId, Ctx, InventoryItemId, LocationId, OrderId, OrderLineId, VariantId, states};
use uuid::Uuid;

use crate::Error;
use crate::ledger::{self, Move, Reason};

states! {
    /// Where a commitment stands.
    pub enum CommitmentState {
        /// Held for an order that awaits payment.
        Reserved = "reserved",
        /// Promised to a placed order.
        Allocated = "allocated",
        /// Shipped or released.
        Closed = "closed",
    }
}
db::words!(CommitmentState);

db::row! {
    /// What an order took somewhere for a line.
    #[derive(Debug, Clone)]
    pub struct Commitment {
        /// Its id.
        pub id: CommitmentId,
        /// Of which item.
        pub item: InventoryItemId,
        /// Where.
        pub location: LocationId,
        /// For which line.
        pub line: OrderLineId,
        /// Base units, at first.
        pub quantity: i64,
        /// Of them, shipped or released.
        pub done: i64,
        /// Base units that one sold unit took when it was sold.
        pub factor: i64,
        /// Where it stands.
        pub state: CommitmentState,
    }
}

impl Commitment {
    /// Base units not yet shipped or released.
    pub fn left(&self) -> i64 {
        self.quantity - self.done
    }
}

/// What an order took, also what is done with.
///
/// # Errors
/// The database's.
pub async fn commitments(tx: &mut Tx, order: OrderId) -> Result<Vec<Commitment>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, item_id, location_id, order_line_id, quantity, done, factor, state from commitment
                 where order_id = $1 order by item_id, id"
            ),
            params![order],
        )
        .await?)
}

/// Where an order's lines still hold stock, in sold units.
///
/// # Errors
/// The database's.
pub async fn units_held(tx: &mut Tx, order: OrderId) -> Result<Vec<(OrderLineId, LocationId, i64)>, Error> {
    let mut open = commitments(tx, order).await?;
    open.retain(|c| c.state != CommitmentState::Closed);
    let taken: Vec<crate::Taken> = open
        .iter()
        .map(|c| crate::Taken {
            line: c.line,
            item: c.item,
            location: c.location,
            quantity: c.left(),
            factor: c.factor,
        })
        .collect();
    Ok(crate::units_taken(&taken))
}

/// The levels of what an order still holds, held in id order: two orders never wait for each other in a circle.
fn held(tx: &Tx) -> String {
    format!(
        "with held as (
             select l.item_id, l.location_id from stock_level l
             where (l.item_id, l.location_id) in
                 (select c.item_id, c.location_id from commitment c where c.order_id = $1 and c.state <> 'closed')
             order by l.item_id, l.location_id{})",
        tx.engine().hold_rows()
    )
}

/// The order is placed: what it reserved is promised. Two statements.
///
/// # Errors
/// The database's.
pub async fn allocate(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let text = format!(
        "{} update stock_level set reserved = reserved - c.q, allocated = allocated + c.q, updated_at = $2
         from (select h.item_id, h.location_id, cast(sum(c.quantity - c.done) as bigint) as q
               from held h join commitment c on c.item_id = h.item_id and c.location_id = h.location_id
               where c.order_id = $1 and c.state = 'reserved' group by h.item_id, h.location_id) c
         where stock_level.item_id = c.item_id and stock_level.location_id = c.location_id",
        held(tx)
    );
    tx.exec(&text, params![order, ctx.now()]).await?;
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
    let text = format!(
        "{} update stock_level set reserved = reserved - c.r, allocated = allocated - c.a, updated_at = $2
         from (select h.item_id, h.location_id,
                 cast(coalesce(sum(c.quantity - c.done) filter (where c.state = 'reserved'), 0) as bigint) as r,
                 cast(coalesce(sum(c.quantity - c.done) filter (where c.state = 'allocated'), 0) as bigint) as a
               from held h join commitment c on c.item_id = h.item_id and c.location_id = h.location_id
               where c.order_id = $1 and c.state <> 'closed' group by h.item_id, h.location_id) c
         where stock_level.item_id = c.item_id and stock_level.location_id = c.location_id
         returning stock_level.item_id",
        held(tx)
    );
    let freed: Vec<(InventoryItemId,)> = tx.all(&text, params![order, ctx.now()]).await?;
    tx.exec(
        db::sql!("update commitment set done = quantity, state = 'closed' where order_id = $1 and state <> 'closed'"),
        params![order],
    )
    .await?;
    let items: Vec<InventoryItemId> = freed.into_iter().map(|(i,)| i).collect();
    ledger::touch_variants(tx, ctx, &items).await
}

/// What an order took for a line, also what is done with.
async fn of_line(tx: &mut Tx, order: OrderId, line: OrderLineId) -> Result<Vec<Commitment>, Error> {
    let mut rows = commitments(tx, order).await?;
    rows.retain(|c| c.line == line);
    Ok(rows)
}

/// Marks sold units of a line's commitments at a place as done, for each item that the line took of; what was marked,
/// with how many base units of it.
async fn settle(
    tx: &mut Tx,
    rows: &[Commitment],
    location: LocationId,
    units: i64,
) -> Result<Vec<(Commitment, i64)>, Error> {
    let here: Vec<&Commitment> = rows.iter().filter(|c| c.location == location).collect();
    let mut items: Vec<(InventoryItemId, i64)> = here.iter().map(|c| (c.item, c.factor)).collect();
    items.sort_unstable();
    items.dedup_by_key(|(item, _)| *item);
    if items.is_empty() {
        return Err(Error::NotCommitted { quantity: units });
    }
    let mut parts = vec![];
    for (item, factor) in items {
        let quantity = units.checked_mul(factor).ok_or(Error::NotCommitted { quantity: units })?;
        let mut missing = quantity;
        for c in here.iter().filter(|c| c.item == item) {
            let part = c.left().min(missing);
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
            parts.push(((*c).clone(), part));
        }
        if missing > 0 {
            return Err(Error::NotCommitted { quantity });
        }
    }
    Ok(parts)
}

/// Takes what was promised off hand, with a ledger row each.
async fn leave(
    tx: &mut Tx,
    ctx: &Ctx,
    parts: &[(Commitment, i64)],
    reason: Reason,
    cause: Uuid,
) -> Result<(), Error> {
    for (c, part) in parts {
        let n = tx
            .exec(
                db::sql!(
                    "update stock_level set on_hand = on_hand - $3, allocated = allocated - $3, updated_at = $4
                     where item_id = $1 and location_id = $2 and allocated >= $3"
                ),
                params![c.item, c.location, *part, ctx.now()],
            )
            .await?;
        if n == 0 {
            return Err(Error::NotCommitted { quantity: *part });
        }
    }
    let moves: Vec<Move<'_>> = parts
        .iter()
        .map(|(c, part)| Move {
            item: c.item,
            location: c.location,
            on_hand: -part,
            unavailable: 0,
            reason,
            note: "",
            cause: Some(cause),
        })
        .collect();
    ledger::write(tx, ctx, &moves).await
}

/// Some of a line leaves with a shipment: off hand and off the promise, with a ledger row. A line that took nothing
/// (it was not counted when it was sold) leaves off hand what is counted by now, since it does leave.
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
    let rows = of_line(tx, order, line).await?;
    if rows.is_empty() {
        return leave_uncommitted(tx, ctx, variant, location, sold_units, shipment).await;
    }
    let parts = settle(tx, &rows, location, sold_units).await?;
    leave(tx, ctx, &parts, Reason::Shipped, shipment).await
}

async fn leave_uncommitted(
    tx: &mut Tx,
    ctx: &Ctx,
    variant: VariantId,
    location: LocationId,
    sold_units: i64,
    shipment: Uuid,
) -> Result<(), Error> {
    for item in crate::item_of(tx, variant).await?.into_iter().filter(|i| i.tracked) {
        let m = Move {
            item: item.id,
            location,
            on_hand: -sold_units * item.factor,
            unavailable: 0,
            reason: Reason::Shipped,
            note: "",
            cause: Some(shipment),
        };
        let level = ledger::change(tx, ctx, &m, false).await?;
        if level.available < 0 && !item.oversell {
            let text = format!("Shipped {} more than are free: count what is there", -level.available);
            work::alerts::raise(tx, ctx, &format!("oversold:{}", item.id), &text, Some(item.id.uuid()))
                .await?;
        }
    }
    Ok(())
}

/// Lines that need no parcel are the customer's with the sale: all they were promised leaves the shelf at once.
///
/// # Errors
/// The database's.
pub async fn hand_over(tx: &mut Tx, ctx: &Ctx, order: OrderId, lines: &[OrderLineId]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let rows = commitments(tx, order).await?;
    let rows: Vec<Commitment> = rows.into_iter().filter(|c| lines.contains(&c.line)).collect();
    let mut parts: Vec<(Commitment, i64)> = rows
        .into_iter()
        .filter(|c| c.state == CommitmentState::Allocated)
        .map(|c| (c.clone(), c.left()))
        .collect();
    parts.sort_by_key(|(c, _)| (c.item, c.location));
    for (c, _) in &parts {
        tx.exec(
            db::sql!("update commitment set done = quantity, state = 'closed' where id = $1"),
            params![c.id],
        )
        .await?;
    }
    leave(tx, ctx, &parts, Reason::HandedOver, order.uuid()).await
}

/// Some of a line will not be shipped from this location (it was refunded or cancelled): free again. Nothing for a
/// line that took nothing.
///
/// # Errors
/// [`Error::NotCommitted`] when the order does not hold so much there.
pub async fn release_line(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    location: LocationId,
    sold_units: i64,
) -> Result<(), Error> {
    let rows = of_line(tx, order, line).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let parts = settle(tx, &rows, location, sold_units).await?;
    for (c, part) in &parts {
        let column = match c.state {
            CommitmentState::Reserved => db::sql!(
                "update stock_level set reserved = reserved - $3, updated_at = $4 where item_id = $1 and location_id = $2"
            ),
            CommitmentState::Allocated => db::sql!(
                "update stock_level set allocated = allocated - $3, updated_at = $4 where item_id = $1 and location_id = $2"
            ),
            CommitmentState::Closed => return Err(Error::NotCommitted { quantity: *part }),
        };
        tx.exec(column, params![c.item, c.location, *part, ctx.now()]).await?;
    }
    let items: Vec<InventoryItemId> = parts.iter().map(|(c, _)| c.item).collect();
    ledger::touch_variants(tx, ctx, &items).await
}

/// Puts sold units of a line that had left back on hand: a refund's or return's restocking. What the line took says
/// of which items; if it took nothing, what its variant takes of counted items by now.
///
/// # Errors
/// [`Error::NotFound`] when the location is none.
pub async fn restock(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    variant: VariantId,
    location: LocationId,
    sold_units: i64,
    cause: Uuid,
) -> Result<(), Error> {
    let mut items: Vec<(InventoryItemId, i64)> =
        of_line(tx, order, line).await?.iter().map(|c| (c.item, c.factor)).collect();
    if items.is_empty() {
        let now = crate::item_of(tx, variant).await?;
        items = now.iter().filter(|i| i.tracked).map(|i| (i.id, i.factor)).collect();
    }
    items.sort_unstable();
    items.dedup_by_key(|(item, _)| *item);
    for (item, factor) in items {
        back(tx, ctx, item, location, sold_units * factor, cause).await?;
    }
    Ok(())
}

async fn back(
    tx: &mut Tx,
    ctx: &Ctx,
    item: InventoryItemId,
    location: LocationId,
    on_hand: i64,
    cause: Uuid,
) -> Result<(), Error> {
    let reason = Reason::Returned;
    let m = Move { item, location, on_hand, unavailable: 0, reason, note: "", cause: Some(cause) };
    ledger::change(tx, ctx, &m, false).await?;
    Ok(())
}

/// The sale of a line that was [handed over](hand_over) is called off: so many sold units go back where they were
/// taken. Nothing for a line that was not handed over.
///
/// # Errors
/// The database's.
pub async fn put_back(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    sold_units: i64,
) -> Result<(), Error> {
    let rows = of_line(tx, order, line).await?;
    let mut items: Vec<InventoryItemId> = rows.iter().map(|c| c.item).collect();
    items.sort_unstable();
    items.dedup();
    for item in items {
        let mut units = sold_units;
        let gone = rows.iter().filter(|c| c.item == item && c.state == CommitmentState::Closed);
        for c in gone {
            let part = (c.done / c.factor).min(units);
            if part > 0 {
                back(tx, ctx, item, c.location, part * c.factor, order.uuid()).await?;
                units -= part;
            }
        }
    }
    Ok(())
}

/// Which variants take of these items.
///
/// # Errors
/// The database's.
pub async fn variants_of_items(tx: &mut Tx, items: &[Uuid]) -> Result<Vec<VariantId>, Error> {
    let items: Vec<InventoryItemId> = items.iter().map(|u| kernel::Id::from_uuid(*u)).collect();
    ledger::variants_of(tx, &items).await
}
