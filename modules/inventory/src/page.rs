use db::{ToVal, Tx, Val, params, spread, sql};
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
/// variants take of is shown under the one that takes the fewest; what lies outside the permit's reach is left out, and
/// not counted.
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
    let limit = items.plus_one();
    let mut values: Vec<Val<'_>> = params![ctx.store.id, filter.view, limit].to_vec();
    let mut wheres = String::new();
    let mut within = |before: &str, list: Vec<Val<'static>>, after: &str, values: &mut Vec<Val<'_>>| {
        let first = values.len() + 1;
        values.extend(list);
        let marks: Vec<String> = (first..=values.len()).map(|i| format!("${i}")).collect();
        wheres.push_str(&format!(" and {before} ({}){after}", marks.join(", ")));
    };
    let places = match filter.location {
        Some(one) if !permit.scope().has_location(one) => return Ok(Page { rows: vec![], next: None }),
        Some(one) => vec![one],
        None => permit.scope().locations.clone(),
    };
    if !places.is_empty() {
        within("l.location_id in", places.iter().map(|l| Val::Uuid(l.uuid())).collect(), "", &mut values);
    }
    match &filter.variants {
        Some(variants) if variants.is_empty() => return Ok(Page { rows: vec![], next: None }),
        Some(variants) => {
            let list = variants.iter().map(|v| Val::Uuid(v.uuid())).collect();
            within(
                "l.item_id in (select item_id from variant_item where variant_id in",
                list,
                ")",
                &mut values,
            );
        }
        None => {}
    }
    if let Some(after) = after {
        values.push(Val::Uuid(after.id));
        wheres.push_str(&format!(" and l.item_id < ${}", values.len()));
    }
    let text = format!(
        "select l.item_id from stock_level l join inventory_item i on i.id = l.item_id
         where i.store_id = $1{wheres} group by l.item_id, i.tracked
         having cast($2 as text) = 'all' or (i.tracked
           and sum(l.on_hand - l.unavailable - l.reserved - l.allocated) < case when $2 = 'out' then 1 else 0 end)
         order by l.item_id desc limit $3"
    );
    let ids: Vec<(InventoryItemId,)> = tx.all(&text, &values).await?;
    let page = Page::cut(ids, items, |(id,)| Cursor { key: 0, id: id.uuid() });
    if page.rows.is_empty() {
        return Ok(Page { rows: vec![], next: None });
    }
    let text = format!(
        "{COLUMNS} where l.item_id in ($1) order by l.item_id desc, o.position, o.id, v.factor, v.variant_id"
    );
    let (text, params) = spread(&text, &[], page.rows.iter().map(|(id,)| id.to_val()));
    let mut rows: Vec<LevelRow> = tx.all(&text, &params).await?;
    rows.dedup_by_key(|r| (r.item, r.location));
    rows.retain(|r| places.is_empty() || places.contains(&r.location));
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
