use db::{Tx, Val, params};
use kernel::{Ctx, Cursor, MailId, OrderId, Page, PageSize, Permit, Timestamp, perms};
use serde::Serialize;

use crate::{Error, MailState, check};

/// Which mails.
#[derive(Debug, Clone, Default)]
pub struct MailFilter {
    /// Part of a recipient or a subject; empty finds all.
    pub search: String,
    /// Only in this state.
    pub state: Option<MailState>,
}

db::row! {
    /// A mail in the list.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct MailRow {
        /// Which.
        pub id: MailId,
        /// `order_placed`.
        pub kind: String,
        /// Whom it goes to.
        pub recipient: String,
        /// One line.
        pub subject: String,
        /// How far it is.
        pub state: MailState,
        /// What it is about.
        pub order: Option<OrderId>,
        /// When it was written.
        pub created_at: Timestamp,
        /// When it was sent.
        pub sent_at: Option<Timestamp>,
        /// Why the last try failed; or empty.
        pub error: String,
    }
}

/// The mails of this store, newest first.
///
/// # Errors
/// The database's.
pub async fn mailbox(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SystemRead>,
    filter: &MailFilter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<MailRow>, Error> {
    let (key, id) = after.map_or((i64::MAX, uuid::Uuid::max()), |c| (c.key, c.id));
    let state = filter.state.map_or(Val::Null, |s| Val::Text(kernel::TextState::as_str(s)));
    let rows = tx
        .all(
            db::sql!(
                "select id, kind, recipient, subject, state, order_id, created_at, sent_at, error from mail
                 where store_id = $1 and (created_at, id) < ($2, $3)
                   and (cast($4 as text) = '%%' or lower(recipient) like $4 escape '!' or lower(subject) like $4 escape '!')
                   and (cast($5 as text) is null or state = $5)
                 order by created_at desc, id desc limit $6"
            ),
            params![ctx.store.id, key, id, check::anywhere(&filter.search), state, size.plus_one()],
        )
        .await?;
    Ok(Page::cut(rows, size, |m: &MailRow| Cursor { key: m.created_at.micros(), id: m.id.uuid() }))
}

/// What was written about an order, newest first; up to 100.
///
/// # Errors
/// The database's.
pub async fn mails_of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<MailRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, kind, recipient, subject, state, order_id, created_at, sent_at, error from mail
                 where order_id = $1 order by created_at desc, id desc limit 100"
            ),
            params![order],
        )
        .await?)
}

/// How many mails were given up, or wait since more than a quarter of an hour.
///
/// # Errors
/// The database's.
pub async fn failing_mails(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    let late = ctx.now().minus(std::time::Duration::from_secs(15 * 60));
    Ok(tx
        .value(
            db::sql!(
                "select cast(count(*) as bigint) from mail
                 where store_id = $1 and (state = 'failed' or (state = 'queued' and created_at < $2))"
            ),
            params![ctx.store.id, late],
        )
        .await?)
}
