use db::{Tx, params};
use kernel::{Ctx, InventoryItemId, LocationId, Permit, VariantId, perms, states};

use crate::Error;

states! {
    /// In what an item is counted.
    pub enum BaseUnit {
        /// One of it.
        Piece = "piece",
        /// One gram of it: what is sold by weight.
        Gram = "gram",
    }
}
db::words!(BaseUnit);

db::row! {
    /// What is stocked for a variant.
    #[derive(Debug, Clone)]
    pub struct ItemRow {
        /// The item.
        pub id: InventoryItemId,
        /// Base units a sold unit takes.
        pub factor: i64,
        /// In what it is counted.
        pub base_unit: BaseUnit,
        /// Is stock counted at all?
        pub tracked: bool,
        /// May it be sold below zero?
        pub oversell: bool,
    }
}

/// An item for a variant, one base unit a sold unit, with a level at the store's first location.
///
/// # Errors
/// The database's.
pub async fn create_item(
    tx: &mut Tx,
    ctx: &Ctx,
    variant: VariantId,
    tracked: bool,
    oversell: bool,
) -> Result<InventoryItemId, Error> {
    insert(tx, ctx, variant, (BaseUnit::Piece, 1), tracked, oversell).await
}

/// An item counted in grams, of which the variant takes so many.
///
/// # Errors
/// The database's.
pub async fn create_weighed_item(
    tx: &mut Tx,
    ctx: &Ctx,
    variant: VariantId,
    grams: i64,
    tracked: bool,
    oversell: bool,
) -> Result<InventoryItemId, Error> {
    insert(tx, ctx, variant, (BaseUnit::Gram, grams), tracked, oversell).await
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    variant: VariantId,
    (base_unit, factor): (BaseUnit, i64),
    tracked: bool,
    oversell: bool,
) -> Result<InventoryItemId, Error> {
    let id: InventoryItemId = ctx.id();
    tx.exec(
        db::sql!(
            "insert into inventory_item (id, store_id, base_unit, tracked, oversell, created_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        params![id, ctx.store.id, base_unit, tracked, oversell, ctx.now()],
    )
    .await?;
    attach(tx, variant, id, factor).await?;
    tx.exec(
        db::sql!("insert into stock_level (item_id, location_id, updated_at) values ($1, $2, $3)"),
        params![id, ctx.store.location, ctx.now()],
    )
    .await?;
    Ok(id)
}

/// Lets a variant take `factor` base units of an item: a case of an item that is also sold singly, a part of a kit.
///
/// # Errors
/// The database's.
pub async fn attach(
    tx: &mut Tx,
    variant: VariantId,
    item: InventoryItemId,
    factor: i64,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into variant_item (variant_id, item_id, factor) values ($1, $2, $3)
             on conflict (variant_id, item_id) do update set factor = excluded.factor"
        ),
        params![variant, item, factor],
    )
    .await?;
    Ok(())
}

/// The items a variant takes of.
///
/// # Errors
/// The database's.
pub async fn item_of(tx: &mut Tx, variant: VariantId) -> Result<Vec<ItemRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select i.id, v.factor, i.base_unit, i.tracked, i.oversell
                 from variant_item v join inventory_item i on i.id = v.item_id where v.variant_id = $1 order by i.id"
            ),
            params![variant],
        )
        .await?)
}

db::row! {
    /// How an item is counted and sold.
    #[derive(Debug, Clone, Copy)]
    pub struct ItemPolicy {
        /// In what it is counted.
        pub base_unit: BaseUnit,
        /// Is stock counted at all?
        pub tracked: bool,
        /// May it be sold below zero?
        pub oversell: bool,
    }
}

/// How the item is counted and sold.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn item_policy(tx: &mut Tx, item: InventoryItemId) -> Result<ItemPolicy, Error> {
    tx.opt(db::sql!("select base_unit, tracked, oversell from inventory_item where id = $1"), params![item])
        .await?
        .ok_or(Error::NotFound { what: "inventory item" })
}

/// Changes whether the item is counted and may be sold below zero. Orders are settled by what they took when they were
/// sold: what is promised to them stays promised and leaves off hand when it is shipped, also once the item is not
/// counted any more; an order that took nothing leaves off hand what is counted when it is shipped. If what is
/// promised is more than what is there, a person is told.
///
/// # Errors
/// [`Error::NotFound`], also when the item lies at locations outside the permit's reach.
pub async fn set_policy(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::InventoryWrite>,
    item: InventoryItemId,
    tracked: bool,
    oversell: bool,
) -> Result<(), Error> {
    let missing = || Error::NotFound { what: "inventory item" };
    let was: (bool, bool) = tx
        .opt(
            db::sql!("select tracked, oversell from inventory_item where id = $1 and store_id = $2"),
            params![item, ctx.store.id],
        )
        .await?
        .ok_or_else(missing)?;
    let levels: Vec<(LocationId, i64)> = tx
        .all(
            db::sql!(
                "select location_id, on_hand - unavailable - reserved - allocated from stock_level where item_id = $1 limit 500"
            ),
            params![item],
        )
        .await?;
    let scope = permit.scope();
    if !scope.has_store(ctx.store.id) || levels.iter().any(|(l, _)| !scope.has_location(*l)) {
        return Err(missing());
    }
    tx.exec(
        db::sql!("update inventory_item set tracked = $2, oversell = $3 where id = $1"),
        params![item, tracked, oversell],
    )
    .await?;
    let owed: i64 = levels.iter().map(|(_, available)| (-available).max(0)).sum();
    if owed > 0 && tracked && !oversell {
        let text = format!("{owed} more are promised to orders than are in stock");
        work::alerts::raise(tx, ctx, &format!("oversold:{item}"), &text, Some(item.uuid())).await?;
    }
    let deed = work::Deed {
        verb: "inventory.policy",
        subject_kind: "inventory_item",
        subject: item.uuid(),
        before: Some(serde_json::json!({ "tracked": was.0, "oversell": was.1 })),
        after: Some(serde_json::json!({ "tracked": tracked, "oversell": oversell })),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    crate::ledger::touch_variants(tx, ctx, &[item]).await
}
