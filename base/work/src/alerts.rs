//! What a person must look at. One open alert a key: raising it again changes its text only.

use db::{Tx, params};
use kernel::{Ctx, Timestamp};
use uuid::Uuid;

use crate::Error;

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

/// Resolves the open alert of this key; `false` when there was none.
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

/// The open alerts, newest first, at most 100.
///
/// # Errors
/// The database's.
pub async fn open(tx: &mut Tx) -> Result<Vec<Alert>, Error> {
    Ok(tx
        .all(db::sql!("select key, text, subject_id, at from alert where resolved_at is null order by at desc limit 100"), &[])
        .await?)
}
