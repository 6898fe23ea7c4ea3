use db::{Tx, params};
use kernel::{Ctx, PageSize, Permit, StoreId, perms};
use serde::Serialize;
use work::Deed;

use crate::{Error, check};

db::row! {
    /// A path that moved.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Redirect {
        /// The old path.
        pub from_path: String,
        /// The new path, of this shop.
        pub to_path: String,
    }
}

/// A chain of redirects is followed so far.
const HOPS: usize = 8;

/// Where a path moved to, chains followed to their end.
///
/// # Errors
/// The database's.
pub async fn redirect_of(tx: &mut Tx, store: StoreId, path: &str) -> Result<Option<String>, Error> {
    let mut at = if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path.to_owned() };
    let mut moved = false;
    for _ in 0..HOPS {
        let next: Option<(String,)> = tx
            .opt(
                db::sql!("select to_path from redirect where store_id = $1 and from_path = $2"),
                params![store, at],
            )
            .await?;
        let Some((next,)) = next else { return Ok(moved.then_some(at)) };
        at = next;
        moved = true;
    }
    Ok(None)
}

/// Sends one path to another, in place of what was set for it before.
///
/// # Errors
/// [`Error::Invalid`] for a path outside the shop, or when it would lead back to itself.
pub async fn set_redirect(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let store = ctx.store.id;
    let (from, to) = (check::path("from_path", from)?, check::path("to_path", to)?);
    let end = redirect_of(tx, store, &to).await?.unwrap_or_else(|| to.clone());
    if from == to || from == end {
        return Err(Error::invalid("to_path", format!("'{to}' leads back to '{from}'")));
    }
    tx.exec(
        db::sql!(
            "insert into redirect (store_id, from_path, to_path, created_at) values ($1, $2, $3, $4)
             on conflict (store_id, from_path) do update set to_path = excluded.to_path"
        ),
        params![store, from, to, ctx.now()],
    )
    .await?;
    let after = serde_json::json!({ "from": from, "to": to });
    audit(tx, ctx, "redirect.set", None, Some(after)).await
}

/// Takes one back; nothing happens when there is none.
///
/// # Errors
/// The database's.
pub async fn remove_redirect(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    from: &str,
) -> Result<(), Error> {
    let gone = tx
        .exec(
            db::sql!("delete from redirect where store_id = $1 and from_path = $2"),
            params![ctx.store.id, from],
        )
        .await?;
    if gone == 0 {
        return Ok(());
    }
    audit(tx, ctx, "redirect.remove", Some(serde_json::json!({ "from": from })), None).await
}

/// Those there are, by old path, after `after`.
///
/// # Errors
/// The database's.
pub async fn redirects(
    tx: &mut Tx,
    store: StoreId,
    after: &str,
    size: PageSize,
) -> Result<Vec<Redirect>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select from_path, to_path from redirect where store_id = $1 and from_path > $2
                 order by from_path limit $3"
            ),
            params![store, after, size.plus_one() - 1],
        )
        .await?)
}

async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let subject = ctx.store.id.uuid();
    work::audit(tx, ctx, &Deed { verb, subject_kind: "store", subject, before, after, note: None }).await?;
    work::touch(tx, ctx, "site", subject).await?;
    Ok(())
}
