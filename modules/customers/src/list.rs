use db::{Tx, Val, params};
use kernel::{Address, Ctx, Cursor, CustomerId, Page, PageSize, Permit, Timestamp, perms};
use serde::Serialize;

use crate::address::from_json;
use crate::{Error, check};

/// Which customers.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a name, an e-mail or a phone number; empty finds all.
    pub search: String,
    /// Only those who may, or may not, be written to.
    pub accepts_marketing: Option<bool>,
    /// Only those with this tag; empty finds all.
    pub tag: String,
}

/// A customer in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerRow {
    /// Who.
    pub id: CustomerId,
    /// What they are written to.
    pub email: String,
    /// Or empty.
    pub name: String,
    /// May they be written to beyond their orders?
    pub accepts_marketing: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Their default address.
    pub address: Option<Address>,
}

/// Customers of this store, newest first.
///
/// # Errors
/// The database's.
pub async fn list(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersRead>,
    filter: &Filter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<CustomerRow>, Error> {
    let (key, id) = after.map_or((i64::MAX, uuid::Uuid::max()), |c| (c.key, c.id));
    let pattern = check::anywhere(&filter.search);
    let tag = match filter.tag.as_str() {
        "" => "%".to_owned(),
        tag => check::containing(&serde_json::to_string(tag).map_err(work::Error::from)?),
    };
    let marketing = filter.accepts_marketing.map_or(Val::Null, Val::Bool);
    let rows: Vec<(CustomerId, String, String, bool, Timestamp, Option<String>)> = tx
        .all(
            db::sql!(
                "select c.id, c.email, c.name, c.accepts_marketing, c.created_at, a.address
                 from customer c left join customer_address a on a.customer_id = c.id and a.is_default
                 where c.store_id = $1 and (c.created_at, c.id) < ($2, $3)
                   and (cast($4 as text) = '%%' or c.email_key like $4 escape '!' or c.name_key like $4 escape '!'
                        or c.phone like $4 escape '!')
                   and (cast($5 as boolean) is null or c.accepts_marketing = $5)
                   and (cast($7 as text) = '%' or c.tags like $7 escape '!')
                 order by c.created_at desc, c.id desc limit $6"
            ),
            params![ctx.store.id, key, id, pattern, marketing, size.plus_one(), tag],
        )
        .await?;
    let mut all = vec![];
    for (id, email, name, accepts_marketing, created_at, address) in rows {
        let address = address.as_deref().map(from_json).transpose()?;
        all.push(CustomerRow { id, email, name, accepts_marketing, created_at, address });
    }
    Ok(Page::cut(all, size, |c| Cursor { key: c.created_at.micros(), id: c.id.uuid() }))
}

/// How many customers this store has.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, ctx: &Ctx, _: &Permit<perms::CustomersRead>) -> Result<i64, Error> {
    let text = db::sql!("select cast(count(*) as bigint) from customer where store_id = $1");
    Ok(tx.value(text, params![ctx.store.id]).await?)
}

/// The words that customers of this store have, by the alphabet, at most 500.
///
/// # Errors
/// The database's.
pub async fn tags(tx: &mut Tx, ctx: &Ctx, _: &Permit<perms::CustomersRead>) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = tx
        .all(
            db::sql!("select distinct tags from customer where store_id = $1 and tags <> '[]' limit 1000"),
            params![ctx.store.id],
        )
        .await?;
    let lists =
        rows.into_iter().map(|(text,)| serde_json::from_str::<Vec<String>>(&text).unwrap_or_default());
    let all: std::collections::BTreeSet<String> = lists.flatten().collect();
    Ok(all.into_iter().take(500).collect())
}
