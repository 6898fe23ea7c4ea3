//! Requests that may come twice: what the first one made is kept with its key, in the transaction that made it.

use db::Tx;
use kernel::Ctx;
use uuid::Uuid;

use crate::Error;

/// The key of a request, and what it asks.
#[derive(Debug, Clone)]
pub struct Once {
    scope: &'static str,
    key: String,
    input: [u8; 32],
}

impl Once {
    /// `scope` is the process, `asker` whoever chose the key (two programs may choose alike), `input` everything that
    /// makes this request another one.
    pub fn new(scope: &'static str, asker: &str, key: &str, input: &str) -> Once {
        let input = work::idempotency::hash(input.as_bytes());
        Once { scope, key: format!("{asker}:{key}"), input }
    }

    /// What an earlier request with the key made.
    pub(crate) async fn found(once: Option<&Once>, tx: &mut Tx) -> Result<Option<Uuid>, work::Error> {
        match once {
            None => Ok(None),
            Some(o) => work::idempotency::find(tx, o.scope, &o.key, &o.input).await,
        }
    }

    /// Keeps what this one made.
    pub(crate) async fn keep(
        once: Option<&Once>,
        tx: &mut Tx,
        ctx: &Ctx,
        made: Uuid,
    ) -> Result<(), work::Error> {
        match once {
            None => Ok(()),
            Some(o) => work::idempotency::keep(tx, ctx, o.scope, &o.key, &o.input, made).await,
        }
    }
}

/// What an earlier request with the key made; none when there was none.
///
/// # Errors
/// [`work::Error::KeyReused`] when that one asked something else.
pub async fn made_once(shop: &crate::Shop, once: &Once) -> Result<Option<Uuid>, Error> {
    shop.db.read(async |tx: &mut Tx| Ok(Once::found(Some(once), tx).await?)).await
}
