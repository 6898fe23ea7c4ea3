//! Taking stock for an order that awaits payment.

use std::collections::BTreeMap;

use db::{Tx, Val, params};
use kernel::{CommitmentId, Ctx, InventoryItemId, LocationId, OrderId, OrderLineId, VariantId};

use crate::available::{Component, Place};
use crate::{Error, Shelves, ledger};

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

/// Takes what is wanted, all or nothing. A sold unit, be it a case or a kit, leaves from one location: the first that
/// has the whole line, else several in their order. One component is checked and taken in one statement; where that
/// finds no single location, or more is wanted, the levels are held in id order (so that two orders never wait for
/// each other in a circle), shared out and taken, in one statement each for all lines.
///
/// # Errors
/// [`Error::NotEnoughStock`]: the caller's unit fails and with it everything taken before.
pub async fn reserve(tx: &mut Tx, ctx: &Ctx, order: OrderId, wanted: &[Wanted]) -> Result<Vec<Taken>, Error> {
    let mut counted = vec![];
    for want in wanted {
        for c in want.components.iter().filter(|c| c.tracked) {
            if want.quantity.checked_mul(c.factor).is_none() {
                let message = "The quantity is too large.".to_owned();
                return Err(Error::Invalid { field: "quantity", message });
            }
            counted.push((want, c));
        }
    }
    let mut taken = match counted.as_slice() {
        [] => return Ok(vec![]),
        [(want, c)] => take_whole(tx, ctx, want, c).await?.into_iter().collect(),
        _ => vec![],
    };
    if taken.is_empty() {
        taken = share_out(tx, ctx, wanted, counted.iter().map(|(_, c)| c.item).collect()).await?;
    }
    let now = ctx.now();
    let ids: Vec<CommitmentId> = taken.iter().map(|_| ctx.id()).collect();
    let mut values = Vec::with_capacity(taken.len() * 9);
    for (id, t) in ids.iter().zip(&taken) {
        values.extend_from_slice(params![
            *id, t.item, t.location, order, t.line, t.quantity, t.factor, "reserved", now
        ]);
    }
    tx.insert(
        "insert into commitment (id, item_id, location_id, order_id, order_line_id, quantity, factor, state, created_at) values",
        9,
        &values,
        "",
    )
    .await?;
    Ok(taken)
}

/// The first location that has all of it: the check and the taking are one. All levels of the item are held first,
/// since a conditional update that loses leaves its row held: whoever then asks for the others must not be out of
/// order.
async fn take_whole(tx: &mut Tx, ctx: &Ctx, want: &Wanted, c: &Component) -> Result<Option<Taken>, Error> {
    let quantity = want.quantity * c.factor;
    let text = format!(
        "with held as (
             select l.location_id, l.on_hand - l.unavailable - l.reserved - l.allocated as available,
                 (select o.position from location o where o.id = l.location_id) as place
             from stock_level l
             where l.item_id = $1 and l.location_id in (select o.id from location o where o.active)
             order by l.location_id{})
         update stock_level set reserved = reserved + $2, updated_at = $3
         where item_id = $1 and on_hand - unavailable - reserved - allocated >= $2
           and location_id = (select h.location_id from held h where h.available >= $2 order by h.place, h.location_id limit 1)
         returning location_id",
        tx.engine().hold_rows()
    );
    let found: Option<(LocationId,)> = tx.opt(&text, params![c.item, quantity, ctx.now()]).await?;
    let taken = |(location,)| Taken { line: want.line, item: c.item, location, quantity, factor: c.factor };
    Ok(found.map(taken))
}

/// No single location has it (or somebody was faster), or it is more than one thing: who has what is read anew and
/// held, so that what is shared out is there to be taken.
async fn share_out(
    tx: &mut Tx,
    ctx: &Ctx,
    wanted: &[Wanted],
    mut items: Vec<InventoryItemId>,
) -> Result<Vec<Taken>, Error> {
    items.sort_unstable();
    items.dedup();
    let mut shelves = held(tx, ctx, &items).await?;
    let mut taken = vec![];
    for want in wanted {
        let parts = shelves.take(&want.components, want.quantity).map_err(|left| Error::NotEnoughStock {
            variant: want.variant,
            line: want.line,
            wanted: want.quantity,
            left,
        })?;
        for part in parts {
            taken.extend(want.components.iter().filter(|c| c.tracked).map(|c| Taken {
                line: want.line,
                item: c.item,
                location: part.location,
                quantity: part.units * c.factor,
                factor: c.factor,
            }));
        }
    }
    taken.sort_by_key(|t| (t.item, t.location, t.line));
    let mut levels: BTreeMap<(InventoryItemId, LocationId), i64> = BTreeMap::new();
    for t in &taken {
        *levels.entry((t.item, t.location)).or_default() += t.quantity;
    }
    let now = ctx.now();
    let mut values = vec![];
    for ((item, location), quantity) in &levels {
        values.extend_from_slice(params![*item, *location, *quantity, now]);
    }
    tx.insert(
        "insert into stock_level (item_id, location_id, reserved, updated_at) values",
        4,
        &values,
        "on conflict (item_id, location_id) do update set reserved = stock_level.reserved + excluded.reserved, updated_at = excluded.updated_at",
    )
    .await?;
    for ((item, location), quantity) in levels {
        // sold below zero on purpose: a person is told
        let owed = (-shelves.free(item, location)).min(quantity);
        if owed > 0 {
            let text = format!("Sold {owed} more than are in stock: backorder to fill");
            work::alerts::raise(tx, ctx, &format!("oversold:{item}"), &text, Some(item.uuid())).await?;
        }
    }
    Ok(taken)
}

/// What is free of these items at active locations, held until this unit ends. Only the levels are held: their
/// locations are everybody's. What lies nowhere is owed by the store's first location.
async fn held(tx: &mut Tx, ctx: &Ctx, items: &[InventoryItemId]) -> Result<Shelves, Error> {
    let text = format!(
        "{}{}",
        db::sql!(
            "select l.item_id, l.location_id, (select o.position from location o where o.id = l.location_id),
                 l.on_hand - l.unavailable - l.reserved - l.allocated
             from stock_level l
             where l.location_id in (select o.id from location o where o.active) and l.item_id in ($1)
             order by l.item_id, l.location_id"
        ),
        tx.engine().hold_rows()
    );
    let (text, values) = db::spread(&text, &[], items.iter().map(|i| Val::Uuid(i.uuid())));
    let found: Vec<(InventoryItemId, LocationId, i64, i64)> = tx.all(&text, &values).await?;
    let mut shelves = Shelves::default();
    for (item, location, position, available) in found {
        shelves.put(item, Place { position, location, available });
    }
    if shelves.is_empty() {
        let place = Place { position: 0, location: ctx.store.location, available: 0 };
        items.iter().for_each(|item| shelves.put(*item, place));
    }
    Ok(shelves)
}

/// Where each line was taken, in sold units: a kit's components lie together, so any of them says.
pub fn units_taken(taken: &[Taken]) -> Vec<(OrderLineId, LocationId, i64)> {
    let mut all: Vec<(OrderLineId, LocationId, i64)> = vec![];
    for t in taken {
        if !all.iter().any(|(line, location, _)| (*line, *location) == (t.line, t.location)) {
            let same = |o: &&Taken| (o.line, o.location, o.item) == (t.line, t.location, t.item);
            all.push((t.line, t.location, taken.iter().filter(same).map(|t| t.quantity / t.factor).sum()));
        }
    }
    all
}

/// Tells caches that an order took stock: one statement for all its items.
///
/// # Errors
/// The database's.
pub async fn touch_taken(tx: &mut Tx, ctx: &Ctx, taken: &[Taken]) -> Result<(), Error> {
    let mut items: Vec<InventoryItemId> = taken.iter().map(|t| t.item).collect();
    items.sort_unstable();
    items.dedup();
    ledger::touch_variants(tx, ctx, &items).await
}
