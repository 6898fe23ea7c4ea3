//! Requests that may come twice. The key, a hash of the input and what was made are kept together, in the
//! transaction that made it.

use db::{Tx, params};
use kernel::Ctx;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Error;

/// The fingerprint of a request.
pub fn hash(input: &[u8]) -> [u8; 32] {
    Sha256::digest(input).into()
}

/// What an earlier request with this key made.
///
/// # Errors
/// [`Error::KeyReused`] when that request's input was another.
pub async fn find(tx: &mut Tx, scope: &str, key: &str, input: &[u8; 32]) -> Result<Option<Uuid>, Error> {
    let row: Option<(Vec<u8>, Uuid)> = tx
        .opt(
            db::sql!("select input_hash, subject_id from idempotency where scope = $1 and key = $2"),
            params![scope, key],
        )
        .await?;
    match row {
        Some((was, _)) if was != input => Err(Error::KeyReused),
        Some((_, subject)) => Ok(Some(subject)),
        None => Ok(None),
    }
}

/// Keeps what this request made.
///
/// # Errors
/// A unique violation ([`db::Error::is_unique`]) when another request with the key was faster.
pub async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    scope: &str,
    key: &str,
    input: &[u8; 32],
    subject: Uuid,
) -> Result<(), Error> {
    tx.exec(
        db::sql!("insert into idempotency (scope, key, input_hash, subject_id, created_at) values ($1, $2, $3, $4, $5)"),
        params![scope, key, *input, subject, ctx.now()],
    )
    .await?;
    Ok(())
}
