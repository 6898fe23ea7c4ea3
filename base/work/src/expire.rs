use std::time::Duration;

use db::{Db, Tx, Unit, params};
use kernel::{Ctx, Timestamp};

use crate::Error;

/// Done tasks, events and idempotency keys are kept this long; laws that count them look no further back.
pub const HORIZON: Duration = Duration::from_secs(30 * 24 * 3600);
/// Changes are kept this long: far longer than any process sleeps between two reads.
const CHANGES: Duration = Duration::from_secs(24 * 3600);

/// The kind of task that expires.
pub const EXPIRE: &str = "work.expire";

/// Removes what is past its time, in small bulk units; how many rows.
///
/// # Errors
/// The database's.
pub async fn expire(db: &Db, ctx: &Ctx) -> Result<u64, Error> {
    let (old, stale) = (ctx.now().minus(HORIZON), ctx.now().minus(CHANGES));
    let mut all = 0;
    loop {
        let n = db
            .write(Unit::named("expire").read_committed().bulk(), async move |tx: &mut Tx| {
                some(tx, old, stale).await
            })
            .await?;
        all += n;
        if n == 0 {
            return Ok(all);
        }
    }
}

async fn some(tx: &mut Tx, old: Timestamp, stale: Timestamp) -> Result<u64, Error> {
    let mut n = 0;
    n += tx
        .exec(
            db::sql!(
                "delete from task where id in (select id from task where state = 'done' and done_at < $1
                 and (event_id is null or not exists (select 1 from event e where e.id = event_id and e.at >= $1)) limit 500)"
            ),
            params![old],
        )
        .await?;
    n += tx
        .exec(
            db::sql!(
                "delete from event where id in (select e.id from event e where e.at < $1
                 and not exists (select 1 from task t where t.event_id = e.id) limit 500)"
            ),
            params![old],
        )
        .await?;
    n += tx
        .exec(
            db::sql!(
                "delete from idempotency where (scope, key) in
                 (select scope, key from idempotency where created_at < $1 limit 500)"
            ),
            params![old],
        )
        .await?;
    n += tx
        .exec(
            db::sql!("delete from change where seq in (select seq from change where at < $1 limit 2000)"),
            params![stale],
        )
        .await?;
    Ok(n)
}
