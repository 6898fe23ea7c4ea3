//! The list of orders: filters and search, newest first, by keyset.

use db::{Tx, Val, params};
use kernel::{Ctx, Cursor, OrderId, Page, PageSize, Permit, Timestamp, perms};

use crate::find::{HEAD, in_list, within};
use crate::{Error, OrderHead, OrderState};

/// A search that finds more than this is looked for along the list, a rarer one in the indexes.
const COMMON: i64 = 2_000;

/// What staff want to see.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In one of these states; empty for all.
    pub states: Vec<OrderState>,
    /// A number, or the beginning of an e-mail address or of a name: as typed, in small letters or with capitals.
    pub search: String,
    /// Came in at or after.
    pub from: Option<Timestamp>,
    /// Came in before.
    pub to: Option<Timestamp>,
    /// Only these (a view that payments or fulfilment picked).
    pub only: Option<Vec<OrderId>>,
}

/// Orders, newest first, by keyset.
///
/// # Errors
/// The database's.
pub async fn list(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersRead>,
    filter: &Filter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<OrderHead>, Error> {
    let mut sql = format!("{HEAD} where store_id = $1");
    let mut values: Vec<Val<'_>> = params![ctx.store.id].to_vec();
    let states: Vec<&str> = filter.states.iter().map(|s| kernel::TextState::as_str(*s)).collect();
    if !states.is_empty() {
        in_list(&mut sql, &mut values, " and state in ", states.iter().map(|s| Val::Text(s)));
    }
    within(&mut sql, &mut values, permit);
    if let Some(only) = &filter.only {
        in_list(&mut sql, &mut values, " and id in ", only.iter().map(|o| Val::Uuid(o.uuid())));
    }
    if let Some(from) = filter.from {
        values.push(Val::Int(from.0));
        sql.push_str(&format!(" and created_at >= ${}", values.len()));
    }
    if let Some(to) = filter.to {
        values.push(Val::Int(to.0));
        sql.push_str(&format!(" and created_at < ${}", values.len()));
    }
    let beginnings = Beginnings::of(&filter.search);
    if let Some(number) = filter.number() {
        values.push(Val::Int(number));
        sql.push_str(&format!(" and number = ${}", values.len()));
    } else if !beginnings.0.is_empty() {
        if beginnings.are_common(tx, ctx).await? {
            beginnings.beside(&mut sql, &mut values);
        } else {
            beginnings.below(&mut sql, &mut values);
        }
    }
    if let Some(after) = after {
        let at = values.len();
        values.extend([Val::Int(after.key), Val::Uuid(after.id)]);
        sql.push_str(&format!(" and (created_at, id) < (${}, ${})", at + 1, at + 2));
    }
    // the limit in words: a plan is made before values are bound, and must know that few rows are wanted
    sql.push_str(&format!(" order by created_at desc, id desc limit {}", size.plus_one()));
    let rows: Vec<OrderHead> = tx.all(&sql, &values).await?;
    Ok(Page::cut(rows, size, |o| Cursor { key: o.created_at.0, id: o.id.uuid() }))
}

impl Filter {
    /// Is a number searched for?
    fn number(&self) -> Option<i64> {
        self.search.trim().trim_start_matches('#').parse().ok()
    }
}

/// What an order's person may begin with: a column, and the range of its texts.
struct Beginnings(Vec<(&'static str, String, String)>);

impl Beginnings {
    fn of(search: &str) -> Beginnings {
        let search = search.trim();
        if search.is_empty() {
            return Beginnings(vec![]);
        }
        // names are kept as their bearers write them: `Jan van der Berg` is found as it stands, and as `JAN`
        let small = search.to_lowercase();
        let mut names = vec![small.clone(), capitalised(&small), search.to_owned()];
        names.sort();
        names.dedup();
        let range = |column, low: String| {
            let high = format!("{low}\u{10ffff}");
            (column, low, high)
        };
        let mut all = vec![range("email_key", small)];
        all.extend(names.into_iter().map(|name| range("name", name)));
        Beginnings(all)
    }

    /// Do so many orders begin like this that one of them is soon met on the way down the list?
    async fn are_common(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool, Error> {
        let mut values: Vec<Val<'_>> = params![ctx.store.id].to_vec();
        let mut parts = vec![];
        for (column, low, high) in &self.0 {
            let at = values.len();
            values.extend([Val::Text(low), Val::Text(high)]);
            parts.push(format!(
                "(select count(*) from (select 1 as one from orders where store_id = $1 and {column} >= ${} and {column} < ${} limit {COMMON}) t)",
                at + 1,
                at + 2
            ));
        }
        let found: i64 = tx.value(&format!("select cast({} as bigint)", parts.join(" + ")), &values).await?;
        Ok(found >= COMMON)
    }

    /// Each is one range of an index; the planner joins them, and what was found is sorted.
    fn below<'a>(&'a self, sql: &mut String, values: &mut Vec<Val<'a>>) {
        let mut parts = vec![];
        for (column, low, high) in &self.0 {
            let at = values.len();
            values.extend([Val::Text(low), Val::Text(high)]);
            parts.push(format!(
                "select id from orders where store_id = $1 and {column} >= ${} and {column} < ${}",
                at + 1,
                at + 2
            ));
        }
        sql.push_str(&format!(" and id in ({})", parts.join(" union ")));
    }

    /// Each row is looked at, down the list until the page is full: joined with nothing, a column has no index.
    fn beside<'a>(&'a self, sql: &mut String, values: &mut Vec<Val<'a>>) {
        let mut parts = vec![];
        for (column, low, high) in &self.0 {
            let at = values.len();
            values.extend([Val::Text(low), Val::Text(high)]);
            parts.push(format!("({column} || '' >= ${} and {column} || '' < ${})", at + 1, at + 2));
        }
        sql.push_str(&format!(" and ({})", parts.join(" or ")));
    }
}

/// `ada l` → `Ada L`: most people write their name so.
fn capitalised(text: &str) -> String {
    text.split(' ')
        .map(|w| {
            let mut c = w.chars();
            c.next().map(|f| f.to_uppercase().collect::<String>() + c.as_str()).unwrap_or_default()
        })
        .collect::<Vec<_>>()
        .join(" ")
}
