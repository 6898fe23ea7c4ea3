use db::{ToVal, Tx, params, spread, sql};
use kernel::{Ctx, Cursor, InventoryItemId, LocationId, Page, PageSize, Permit, VariantId, perms, states};

use crate::find::COLUMNS;
use crate::{Error, LevelRow};

states! {
    /// Which items a list shows.
    pub enum StockView {
        /// Every one.
        All = "all",
        /// Counted ones of which nothing can be sold.
        Out = "out",
        /// Counted ones that were sold below zero.
        Below = "below",
    }
}

db::words!(StockView);

/// Which levels a list shows.
#[derive(Debug, Clone)]
pub struct StockFilter {
    /// Which items.
    pub view: StockView,
    /// Only at this location.
    pub location: Option<LocationId>,
    /// Only what these variants take of: what a search in the catalogue found.
    pub variants: Option<Vec<VariantId>>,
}

/// Levels of a store's items, the newest items first; a page holds all levels of so many items. An item that several
/// variants take of is shown under one of them; locations outside the permit's reach are left out.
///
/// # Errors
/// The database's.
pub async fn stock_page(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::InventoryRead>,
    filter: &StockFilter,
    after: Option<&Cursor>,
    items: PageSize,
) -> Result<Page<LevelRow>, Error> {
    let (before, size) = (after.map(|c| c.id), items.plus_one());
    let fixed = params![ctx.store.id, filter.location, filter.view, before, size];
    let ids: Vec<(InventoryItemId,)> = match &filter.variants {
        Some(variants) if variants.is_empty() => vec![],
        Some(variants) => {
            let text = sql!(
                "select l.item_id from stock_level l join inventory_item i on i.id = l.item_id
                 where i.store_id = $1 and (cast($2 as uuid) is null or l.location_id = $2)
                   and (cast($4 as uuid) is null or l.item_id < $4)
                   and l.item_id in (select item_id from variant_item where variant_id in ($6))
                 group by l.item_id, i.tracked
                 having cast($3 as text) = 'all' or (i.tracked
                   and sum(l.on_hand - l.unavailable - l.reserved - l.allocated) < case when $3 = 'out' then 1 else 0 end)
                 order by l.item_id desc limit $5"
            );
            let (text, params) = spread(text, fixed, variants.iter().map(ToVal::to_val));
            tx.all(&text, &params).await?
        }
        None => {
            tx.all(
                sql!(
                    "select l.item_id from stock_level l join inventory_item i on i.id = l.item_id
                     where i.store_id = $1 and (cast($2 as uuid) is null or l.location_id = $2)
                       and (cast($4 as uuid) is null or l.item_id < $4)
                     group by l.item_id, i.tracked
                     having cast($3 as text) = 'all' or (i.tracked
                       and sum(l.on_hand - l.unavailable - l.reserved - l.allocated) < case when $3 = 'out' then 1 else 0 end)
                     order by l.item_id desc limit $5"
                ),
                fixed,
            )
            .await?
        }
    };
    let page = Page::cut(ids, items, |(id,)| Cursor { key: 0, id: id.uuid() });
    if page.rows.is_empty() {
        return Ok(Page { rows: vec![], next: None });
    }
    let text =
        format!("{COLUMNS} where l.item_id in ($1) order by l.item_id desc, o.position, o.id, v.variant_id");
    let (text, params) = spread(&text, &[], page.rows.iter().map(|(id,)| id.to_val()));
    let mut rows: Vec<LevelRow> = tx.all(&text, &params).await?;
    rows.dedup_by_key(|r| (r.item, r.location));
    rows.retain(|r| {
        filter.location.is_none_or(|l| l == r.location) && permit.scope().has_location(r.location)
    });
    Ok(Page { rows, next: page.next })
}

/// How many items lie at each location: those of which there are some.
///
/// # Errors
/// The database's.
pub async fn items_by_location(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<(LocationId, i64)>, Error> {
    Ok(tx
        .all(
            sql!(
                "select l.location_id, cast(count(*) as bigint)
                 from stock_level l join location o on o.id = l.location_id
                 where o.store_id = $1 and l.on_hand <> 0 group by l.location_id"
            ),
            params![ctx.store.id],
        )
        .await?)
}
