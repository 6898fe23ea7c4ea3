use db::{Tx, Val, params};
use kernel::{
    Ctx, Cursor, InventoryItemId, LocationId, MovementId, Page, PageSize, Permit, Timestamp, VariantId, perms,
};

use crate::{BaseUnit, Error, Reason};

db::row! {
    /// What lies where, and what is free of it. Base units.
    #[derive(Debug, Clone)]
    pub struct LevelRow {
        /// A variant that takes of the item (a pallet of variants may share one).
        pub variant: VariantId,
        /// The item.
        pub item: InventoryItemId,
        /// Where.
        pub location: LocationId,
        /// Its name.
        pub location_name: String,
        /// Lies there.
        pub on_hand: i64,
        /// Set aside.
        pub unavailable: i64,
        /// Held for orders awaiting payment.
        pub reserved: i64,
        /// Promised to placed orders.
        pub allocated: i64,
        /// In what it is counted.
        pub base_unit: BaseUnit,
        /// Base units of a sold unit.
        pub factor: i64,
        /// Is it counted?
        pub tracked: bool,
        /// May it be sold below zero?
        pub oversell: bool,
    }
}

impl LevelRow {
    /// On hand − unavailable − reserved − allocated.
    pub fn available(&self) -> i64 {
        self.on_hand - self.unavailable - self.reserved - self.allocated
    }
}

pub(crate) const COLUMNS: &str = "select v.variant_id, l.item_id, l.location_id, o.name, l.on_hand, l.unavailable, l.reserved, l.allocated,
        i.base_unit, v.factor, i.tracked, i.oversell
    from stock_level l join location o on o.id = l.location_id
    join inventory_item i on i.id = l.item_id join variant_item v on v.item_id = l.item_id";

/// Levels of one item, by location, the variant that takes the fewest first; those outside the permit's reach are left
/// out.
///
/// # Errors
/// The database's.
pub async fn levels(
    tx: &mut Tx,
    permit: &Permit<perms::InventoryRead>,
    item: InventoryItemId,
) -> Result<Vec<LevelRow>, Error> {
    let text = format!("{COLUMNS} where l.item_id = $1 order by o.position, v.factor, v.variant_id");
    let rows: Vec<LevelRow> = tx.all(&text, params![item]).await?;
    Ok(rows.into_iter().filter(|r| permit.scope().has_location(r.location)).collect())
}

/// Levels of many variants, for lists; locations outside the permit's scope are left out.
///
/// # Errors
/// The database's.
pub async fn levels_of_variants(
    tx: &mut Tx,
    permit: &Permit<perms::InventoryRead>,
    variants: &[VariantId],
) -> Result<Vec<LevelRow>, Error> {
    if variants.is_empty() {
        return Ok(vec![]);
    }
    let text = format!("{COLUMNS} where v.variant_id in ($1) order by o.position, v.variant_id");
    let (text, params) = db::spread(&text, &[], variants.iter().map(|v| Val::Uuid(v.uuid())));
    let rows: Vec<LevelRow> = tx.all(&text, &params).await?;
    Ok(rows.into_iter().filter(|r| permit.scope().has_location(r.location)).collect())
}

db::row! {
    /// One row of the ledger.
    #[derive(Debug, Clone)]
    pub struct MovementRow {
        /// Its id.
        pub id: MovementId,
        /// When.
        pub at: Timestamp,
        /// Where.
        pub location_name: String,
        /// Base units more or less on hand.
        pub on_hand_delta: i64,
        /// Base units more or less set aside.
        pub unavailable_delta: i64,
        /// Why.
        pub reason: Reason,
        /// In the actor's words.
        pub note: String,
        /// Who.
        pub actor_name: String,
        /// The shipment, refund or import behind it.
        pub cause: Option<uuid::Uuid>,
        /// What was on hand there afterwards, in base units.
        pub on_hand: i64,
    }
}

/// The ledger of an item within the permit's reach, newest first.
///
/// # Errors
/// The database's.
pub async fn movements(
    tx: &mut Tx,
    _: &Ctx,
    permit: &Permit<perms::InventoryRead>,
    item: InventoryItemId,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<MovementRow>, Error> {
    let (key, id) = after.map_or((i64::MAX, uuid::Uuid::max()), |c| (c.key, c.id));
    let (limit, everywhere) = (size.plus_one(), permit.scope().locations.is_empty());
    let fixed = params![item, key, id, limit, everywhere];
    let (text, values) = db::spread(
        db::sql!(
            "select m.id, m.at, o.name, m.on_hand_delta, m.unavailable_delta, m.reason, m.note, m.actor_name, m.ref_id,
                 cast((select sum(b.on_hand_delta) from movement b where b.item_id = m.item_id
                     and b.location_id = m.location_id and (b.at, b.id) <= (m.at, m.id)) as bigint)
             from movement m join location o on o.id = m.location_id
             where m.item_id = $1 and (m.at, m.id) < ($2, $3) and ($5 or m.location_id in ($6))
             order by m.at desc, m.id desc limit $4"
        ),
        fixed,
        permit.scope().locations.iter().map(|l| Val::Uuid(l.uuid())),
    );
    let rows: Vec<MovementRow> = tx.all(&text, &values).await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: r.at.0, id: r.id.uuid() }))
}

db::row! {
    /// Items that need a person: empty, or sold below zero.
    #[derive(Debug, Clone)]
    pub struct Shortage {
        /// Counted items with nothing left to sell.
        pub sold_out: i64,
        /// Items below zero.
        pub oversold: i64,
    }
}

/// How many counted items have run out, for the home page. Counting stops at 1,000.
///
/// # Errors
/// The database's.
pub async fn shortage(tx: &mut Tx, ctx: &Ctx, _: &Permit<perms::InventoryRead>) -> Result<Shortage, Error> {
    Ok(tx
        .one(
            db::sql!(
                "select cast(count(*) filter (where a = 0) as bigint), cast(count(*) filter (where a < 0) as bigint) from (
                   select sum(l.on_hand - l.unavailable - l.reserved - l.allocated) as a
                   from stock_level l join inventory_item i on i.id = l.item_id
                   where i.store_id = $1 and i.tracked group by l.item_id
                   having sum(l.on_hand - l.unavailable - l.reserved - l.allocated) <= 0 limit 1000) t"
            ),
            params![ctx.store.id],
        )
        .await?)
}
