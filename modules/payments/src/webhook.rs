use std::time::Duration;

use db::{Tx, params};
use kernel::{Ctx, PaymentId};

use crate::Error;

/// Is this the first time that the provider sent this? A second time has no effect.
///
/// # Errors
/// The database's.
pub async fn first_time(
    tx: &mut Tx,
    ctx: &Ctx,
    provider: &str,
    external_id: &str,
    kind: &str,
    payment: Option<PaymentId>,
) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!(
                "insert into incoming_webhook (id, provider, external_id, kind, payment_id, received_at)
                 values ($1, $2, $3, $4, $5, $6) on conflict (provider, external_id) do nothing"
            ),
            params![ctx.id::<kernel::IncomingWebhook>(), provider, external_id, kind, payment, ctx.now()],
        )
        .await?;
    Ok(n == 1)
}

/// Notes what a webhook did.
///
/// # Errors
/// The database's.
pub async fn effect(tx: &mut Tx, provider: &str, external_id: &str, effect: &str) -> Result<(), Error> {
    tx.exec(
        db::sql!("update incoming_webhook set effect = $3 where provider = $1 and external_id = $2"),
        params![provider, external_id, effect],
    )
    .await?;
    Ok(())
}

/// A provider repeats itself for days, not for months.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);

/// Forgets a portion of what came more than 90 days ago; how many went.
///
/// # Errors
/// The database's.
pub async fn expire_webhooks(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    Ok(tx
        .exec(
            db::sql!(
                "delete from incoming_webhook
                 where id in (select id from incoming_webhook where received_at < $1 order by received_at limit 1000)"
            ),
            params![ctx.now().minus(KEPT)],
        )
        .await?)
}
