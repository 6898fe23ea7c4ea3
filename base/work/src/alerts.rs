//! What a person must look at. One open alert a key: raising it again changes its text only.

use db::{Tx, params};
use kernel::{Ctx, Timestamp};
use uuid::Uuid;

use crate::{Deed, Error, audit};

db::row! {
    /// Something a person must look at.
    #[derive(Debug, Clone)]
    pub struct Alert {
        /// Unique among the open ones: `task:tsk_…`.
        pub key: String,
        /// A sentence.
        pub text: String,
        /// What it is about.
        pub subject: Option<Uuid>,
        /// Since when.
        pub at: Timestamp,
    }
}

/// Raises an alert.
///
/// # Errors
/// The database's.
pub async fn raise(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &str,
    text: &str,
    subject: Option<Uuid>,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into alert (id, key, text, subject_id, at) values ($1, $2, $3, $4, $5)
             on conflict (key) where resolved_at is null do update set text = excluded.text"
        ),
        params![ctx.id::<()>(), key, text, subject, ctx.now()],
    )
    .await?;
    Ok(())
}

/// What it was about is over: resolves the open alert of this key; `false` when there was none.
///
/// # Errors
/// The database's.
pub async fn resolve(tx: &mut Tx, ctx: &Ctx, key: &str) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!("update alert set resolved_at = $2 where key = $1 and resolved_at is null"),
            params![key, ctx.now()],
        )
        .await?;
    Ok(n > 0)
}

/// Somebody has seen it and puts it away, whether or not what it is about is over: a dead task stays dead, and can
/// still be replayed. Remembered with who did it; `false` when there was none. Who may do it depends on what it is about:
/// the caller knows.
///
/// # Errors
/// The database's.
pub async fn put_away(tx: &mut Tx, ctx: &Ctx, key: &str) -> Result<bool, Error> {
    let put: Option<(Uuid, Option<Uuid>)> = tx
        .opt(
            db::sql!(
                "update alert set resolved_at = $2, resolved_by_kind = $3, resolved_by = $4
                 where key = $1 and resolved_at is null returning id, subject_id"
            ),
            params![key, ctx.now(), ctx.actor.kind(), ctx.actor.id()],
        )
        .await?;
    let Some((id, subject)) = put else { return Ok(false) };
    let deed = Deed {
        verb: "alert.put_away",
        subject_kind: "alert",
        subject: id,
        before: None,
        after: Some(serde_json::json!({ "key": key, "about": subject })),
        note: None,
    };
    audit(tx, ctx, &deed).await?;
    Ok(true)
}

/// The open alerts, newest first, at most 100.
///
/// # Errors
/// The database's.
pub async fn open(tx: &mut Tx) -> Result<Vec<Alert>, Error> {
    Ok(tx
        .all(db::sql!("select key, text, subject_id, at from alert where resolved_at is null order by at desc limit 100"), &[])
        .await?)
}
