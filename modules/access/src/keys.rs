use std::time::Duration;

use db::{Tx, params};
use kernel::{Actor, ApiKeyId, Ctx, Cursor, Grants, Page, PageSize, Permit, StaffId, Timestamp, perms};
use serde::Serialize;
use work::Deed;

use crate::grants::{checked, from_text, may_give, to_text};
use crate::token::{KEY_PREFIX, Secret, hash_of};
use crate::{Error, check};

/// Use is noted no more often than this.
const NOTED: Duration = Duration::from_secs(10 * 60);

/// A key in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiKey {
    /// The key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// Its ends: `mercer_Ab3d…x9Yz`.
    pub hint: String,
    /// What it may do.
    #[serde(skip)]
    pub grants: Grants,
    /// Who made it; or empty.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Last used, to some minutes.
    pub last_used_at: Option<Timestamp>,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

/// Whom a request with a key comes from.
#[derive(Debug, Clone)]
pub struct KeyHolder {
    /// The key.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub grants: Grants,
    /// Is it time for [`key_used`]?
    pub due: bool,
}

impl KeyHolder {
    /// The context on its behalf.
    pub fn ctx(&self, ctx: &Ctx) -> Ctx {
        ctx.acting(Actor::Key { id: self.id, name: self.name.clone() }, self.grants.clone())
    }
}

/// Makes a key; its secret is shown this once and kept nowhere.
///
/// # Errors
/// [`Error::Invalid`] for the name, or for no permission at all; [`Error::BeyondYourRights`].
pub async fn create_key(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    name: &str,
    grants: &Grants,
) -> Result<(ApiKeyId, Secret), Error> {
    let (name, grants) = (check::name(name)?, checked(grants)?);
    if grants.0.is_empty() {
        return Err(Error::invalid("permission", "a key needs at least one permission"));
    }
    may_give(ctx, &grants)?;
    let (id, secret): (ApiKeyId, Secret) = (ctx.id(), Secret::fresh(ctx, KEY_PREFIX));
    let by: Option<StaffId> = match &ctx.actor {
        Actor::Staff { id, .. } => Some(*id),
        _ => None,
    };
    tx.exec(
        db::sql!(
            "insert into api_key (id, name, hint, secret_hash, grants, created_by, created_by_name, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![id, name, secret.hint(), secret.hash(), to_text(&grants)?, by, ctx.actor.name(), ctx.now()],
    )
    .await?;
    let after = serde_json::json!({ "name": name, "hint": secret.hint(), "grants": grants.0 });
    audit(tx, ctx, "key.create", id, Some(after)).await?;
    Ok((id, secret))
}

/// Whose key a secret is; `None` when it is unknown or revoked.
///
/// # Errors
/// The database's.
pub async fn key_of(tx: &mut Tx, ctx: &Ctx, secret: &str) -> Result<Option<KeyHolder>, Error> {
    if !secret.starts_with(KEY_PREFIX) {
        return Ok(None);
    }
    let found: Option<(ApiKeyId, String, String, Option<Timestamp>)> = tx
        .opt(
            db::sql!("select id, name, grants, last_used_at from api_key where secret_hash = $1 and revoked_at is null"),
            params![hash_of(secret)],
        )
        .await?;
    let Some((id, name, grants, used_at)) = found else { return Ok(None) };
    let due = used_at.is_none_or(|at| ctx.now().since(at) >= NOTED);
    Ok(Some(KeyHolder { id, name, grants: from_text(&grants)?, due }))
}

/// Notes that a key is in use. Call it when [`KeyHolder::due`] says so.
///
/// # Errors
/// The database's.
pub async fn key_used(tx: &mut Tx, ctx: &Ctx, id: ApiKeyId) -> Result<(), Error> {
    tx.exec(db::sql!("update api_key set last_used_at = $2 where id = $1"), params![id, ctx.now()]).await?;
    Ok(())
}

/// Takes a key's rights away for good; again is no error.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::BeyondYourRights`] when it may more than the actor.
pub async fn revoke_key(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: ApiKeyId,
) -> Result<(), Error> {
    let found: Option<(String, Option<Timestamp>)> =
        tx.opt(db::sql!("select grants, revoked_at from api_key where id = $1"), params![id]).await?;
    let (grants, revoked_at) = found.ok_or(Error::NotFound { what: "API key" })?;
    may_give(ctx, &from_text(&grants)?)?;
    if revoked_at.is_some() {
        return Ok(());
    }
    tx.exec(db::sql!("update api_key set revoked_at = $2 where id = $1"), params![id, ctx.now()]).await?;
    audit(tx, ctx, "key.revoke", id, None).await
}

db::row! {
    struct Read {
        id: ApiKeyId,
        name: String,
        hint: String,
        grants: String,
        created_by: String,
        created_at: Timestamp,
        last_used_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
    }
}

/// The keys, newest first, revoked ones too.
///
/// # Errors
/// The database's.
pub async fn keys(
    tx: &mut Tx,
    _: &Permit<perms::AccessWrite>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<ApiKey>, Error> {
    let (key, id) = after.map_or((i64::MAX, uuid::Uuid::max()), |c| (c.key, c.id));
    let rows: Vec<Read> = tx
        .all(
            db::sql!(
                "select id, name, hint, grants, created_by_name, created_at, last_used_at, revoked_at from api_key
                 where (created_at, id) < ($1, $2) order by created_at desc, id desc limit $3"
            ),
            params![key, id, size.plus_one()],
        )
        .await?;
    let mut all = vec![];
    for r in rows {
        all.push(ApiKey {
            id: r.id,
            name: r.name,
            hint: r.hint,
            grants: from_text(&r.grants)?,
            created_by: r.created_by,
            created_at: r.created_at,
            last_used_at: r.last_used_at,
            revoked_at: r.revoked_at,
        });
    }
    Ok(Page::cut(all, size, |k| Cursor { key: k.created_at.micros(), id: k.id.uuid() }))
}

async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: ApiKeyId,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let deed = Deed { verb, subject_kind: "api_key", subject: id.uuid(), before: None, after, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}
