use db::{Tx, Val, params};
use kernel::{Ctx, Cursor, LocationId, OrderId, Page, PageSize, Permit, TextState as _, perms};

use crate::{Error, FulfilmentState, ToShip};

/// Which requests.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// In one of these states; empty for all.
    pub states: Vec<FulfilmentState>,
    /// Only to this location.
    pub location: Option<LocationId>,
    /// Only of these orders (a search picked them), at most 1,000.
    pub orders: Option<Vec<OrderId>>,
    /// The newest first; else the oldest, which has waited longest.
    pub newest_first: bool,
}

/// Requests by keyset, within the permit's locations.
///
/// # Errors
/// The database's.
pub async fn requests(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    filter: &RequestFilter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<ToShip>, Error> {
    let mut values: Vec<Val<'_>> = params![ctx.store.id].to_vec();
    let mut wheres = String::new();
    let mut within = |column: &str, list: Vec<Val<'static>>, values: &mut Vec<Val<'_>>| {
        let first = values.len() + 1;
        values.extend(list);
        let marks: Vec<String> = (first..=values.len()).map(|i| format!("${i}")).collect();
        let marks = if marks.is_empty() { "null".to_owned() } else { marks.join(", ") };
        wheres.push_str(&format!(" and {column} in ({marks})"));
    };
    if !filter.states.is_empty() {
        within("state", filter.states.iter().map(|s| Val::Text(s.as_str())).collect(), &mut values);
    }
    let scope = &permit.scope().locations;
    match filter.location {
        Some(one) => within("location_id", vec![Val::Uuid(one.uuid())], &mut values),
        None if scope.is_empty() => {}
        None => within("location_id", scope.iter().map(|l| Val::Uuid(l.uuid())).collect(), &mut values),
    }
    let scope = permit.scope();
    if !scope.has_store(ctx.store.id) || filter.location.is_some_and(|l| !scope.has_location(l)) {
        return Ok(Page { rows: vec![], next: None });
    }
    if let Some(orders) = &filter.orders {
        within("order_id", orders.iter().take(1_000).map(|o| Val::Uuid(o.uuid())).collect(), &mut values);
    }
    let (way, beyond) = if filter.newest_first { ("desc", "<") } else { ("asc", ">") };
    if let Some(after) = after {
        values.extend([Val::Int(after.key), Val::Uuid(after.id)]);
        let at = values.len();
        wheres.push_str(&format!(" and (created_at, id) {beyond} (${}, ${at})", at - 1));
    }
    // in words: a plan is made before values are bound, and must know that few rows are wanted
    let limit = size.plus_one();
    let text = format!(
        "select f.id, f.order_id, f.location_id, f.state, f.created_at,
             cast(sum(l.quantity - l.shipped - l.cancelled) as bigint), cast(count(*) as bigint)
         from (select id, order_id, location_id, state, created_at from fulfilment_order
               where store_id = $1{wheres} order by created_at {way}, id {way} limit {limit}) f
         join fulfilment_line l on l.fulfilment_order_id = f.id
         group by f.id, f.order_id, f.location_id, f.state, f.created_at order by f.created_at {way}, f.id {way}"
    );
    let rows: Vec<ToShip> = tx.all(&text, &values).await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: r.created_at.micros(), id: r.id.uuid() }))
}
