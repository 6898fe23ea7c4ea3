use std::collections::{BTreeMap, HashMap};

use db::{Tx, Val, params};
use kernel::{Ctx, InventoryItemId, LocationId, VariantId};

use crate::ledger::{self, Move, Reason};
use crate::{BaseUnit, Error};

/// What a file says of a variant's stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLevel {
    /// The variant; it gets an item of its own if it has none.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// Sold units on hand; `None` leaves what is there.
    pub on_hand: Option<i64>,
    /// Is it counted?
    pub tracked: bool,
    /// May it be sold below zero?
    pub oversell: bool,
}

db::row! {
    struct Known { variant: VariantId, item: InventoryItemId, factor: i64, tracked: bool, oversell: bool }
}

/// Brings many variants' stock to what a file says, in a handful of statements; differences go through the ledger.
/// Doing it twice changes nothing more. Whether an item is counted may change under open orders, as with
/// [`set_policy`](crate::set_policy): they are settled by what they took.
///
/// # Errors
/// The database's.
pub async fn import_levels(
    tx: &mut Tx,
    ctx: &Ctx,
    rows: &[ImportLevel],
    cause: Option<uuid::Uuid>,
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    let (text, values) = db::spread(
        db::sql!(
            "select v.variant_id, v.item_id, v.factor, i.tracked, i.oversell
             from variant_item v join inventory_item i on i.id = v.item_id where v.variant_id in ($1)"
        ),
        &[],
        rows.iter().map(|r| Val::Uuid(r.variant.uuid())),
    );
    let known: Vec<Known> = tx.all(&text, &values).await?;
    let mut items: HashMap<VariantId, (InventoryItemId, i64)> =
        known.iter().map(|k| (k.variant, (k.item, k.factor))).collect();
    let new: Vec<(InventoryItemId, &ImportLevel)> =
        rows.iter().filter(|r| !items.contains_key(&r.variant)).map(|r| (ctx.id(), r)).collect();
    if !new.is_empty() {
        let (mut a, mut b) = (vec![], vec![]);
        for (id, r) in &new {
            a.extend_from_slice(params![*id, ctx.store.id, BaseUnit::Piece, r.tracked, r.oversell, now]);
            b.extend_from_slice(params![r.variant, *id, 1]);
        }
        tx.insert(
            "insert into inventory_item (id, store_id, base_unit, tracked, oversell, created_at) values",
            6,
            &a,
            "",
        )
        .await?;
        tx.insert("insert into variant_item (variant_id, item_id, factor) values", 3, &b, "").await?;
        items.extend(new.iter().map(|(id, r)| (r.variant, (*id, 1))));
    }
    let mut limited = vec![];
    for r in rows {
        let changed = known
            .iter()
            .find(|k| k.variant == r.variant && (k.tracked != r.tracked || k.oversell != r.oversell));
        if let Some(k) = changed {
            tx.exec(
                db::sql!("update inventory_item set tracked = $2, oversell = $3 where id = $1"),
                params![k.item, r.tracked, r.oversell],
            )
            .await?;
            limited.push(k.item);
        }
    }
    let before = current(tx, rows, &items).await?;
    let mut moves = BTreeMap::new(); // in id order, as everywhere
    for r in rows {
        let (item, factor) = items[&r.variant];
        let was = before.get(&(item, r.location)).copied();
        let delta = r.on_hand.map_or(0, |n| n * factor - was.unwrap_or(0));
        if was.is_none() || delta != 0 {
            moves.insert((item, r.location), (delta, was.is_none()));
        }
    }
    let mut levels = vec![];
    for ((item, location), (delta, _)) in &moves {
        levels.extend_from_slice(params![*item, *location, *delta, now]);
    }
    if !moves.is_empty() {
        tx.insert(
            "insert into stock_level (item_id, location_id, on_hand, updated_at) values",
            4,
            &levels,
            "on conflict (item_id, location_id) do update set on_hand = stock_level.on_hand + excluded.on_hand, updated_at = excluded.updated_at",
        )
        .await?;
    }
    let ledger: Vec<Move<'_>> = moves
        .iter()
        .filter(|(_, (delta, _))| *delta != 0)
        .map(|((item, location), (delta, fresh))| Move {
            item: *item,
            location: *location,
            on_hand: *delta,
            unavailable: 0,
            reason: if *fresh { Reason::Initial } else { Reason::Import },
            note: "",
            cause,
        })
        .collect();
    ledger::write(tx, ctx, &ledger).await?;
    let losses = ledger.iter().filter(|m| m.on_hand < 0).map(|m| m.item);
    warn_below_promised(tx, ctx, losses.chain(limited.iter().copied())).await?;
    let touched: Vec<InventoryItemId> = moves.keys().map(|(item, _)| *item).chain(limited).collect();
    ledger::touch_variants(tx, ctx, &touched).await
}

async fn current(
    tx: &mut Tx,
    rows: &[ImportLevel],
    items: &HashMap<VariantId, (InventoryItemId, i64)>,
) -> Result<HashMap<(InventoryItemId, LocationId), i64>, Error> {
    let (text, values) = db::spread(
        db::sql!("select item_id, location_id, on_hand from stock_level where item_id in ($1)"),
        &[],
        rows.iter().map(|r| Val::Uuid(items[&r.variant].0.uuid())),
    );
    let found: Vec<(InventoryItemId, LocationId, i64)> = tx.all(&text, &values).await?;
    Ok(found.into_iter().map(|(item, location, on_hand)| ((item, location), on_hand)).collect())
}

/// A file may know of less than is promised to orders: it is believed, and a person is told.
async fn warn_below_promised(
    tx: &mut Tx,
    ctx: &Ctx,
    items: impl Iterator<Item = InventoryItemId>,
) -> Result<(), Error> {
    let items: Vec<Val<'_>> = items.map(|i| Val::Uuid(i.uuid())).collect();
    if items.is_empty() {
        return Ok(());
    }
    let (text, values) = db::spread(
        db::sql!(
            "select l.item_id, l.on_hand - l.unavailable - l.reserved - l.allocated
             from stock_level l join inventory_item i on i.id = l.item_id
             where not i.oversell and l.on_hand - l.unavailable - l.reserved - l.allocated < 0 and l.item_id in ($1)"
        ),
        &[],
        items,
    );
    for (item, available) in tx.all::<(InventoryItemId, i64)>(&text, &values).await? {
        let text = format!("An import left {} less than is promised to orders", -available);
        work::alerts::raise(tx, ctx, &format!("oversold:{item}"), &text, Some(item.uuid())).await?;
    }
    Ok(())
}
