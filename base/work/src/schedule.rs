use std::time::Duration;

use db::{Db, Tx, Unit, params};
use kernel::{Ctx, Timestamp};

use crate::{Error, Mode, NewTask, enqueue};

/// Something done again and again: every so often a task is made, by one process only.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The kind of task it makes; also its name.
    pub kind: &'static str,
    /// How often.
    pub every: Duration,
}

/// Makes the tasks whose time has come. Two processes may both try; a conditional statement lets one win each turn.
///
/// # Errors
/// The database's.
pub async fn tick(db: &Db, ctx: &Ctx, schedules: &[Schedule]) -> Result<(), Error> {
    if schedules.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    let known: Vec<(String, Timestamp)> = db
        .read(async |tx: &mut Tx| {
            tx.all(db::sql!("select name, next_at from schedule limit 1000"), &[]).await
        })
        .await?;
    for schedule in schedules.iter().copied() {
        let next = known.iter().find(|(name, _)| name == schedule.kind).map(|(_, at)| *at);
        if next.is_some_and(|at| at > now) {
            continue;
        }
        let ctx = ctx.clone();
        db.write(Unit::named("tick").read_committed(), async move |tx: &mut Tx| {
            make(tx, &ctx, &schedule).await
        })
        .await?;
    }
    Ok(())
}

async fn make(tx: &mut Tx, ctx: &Ctx, schedule: &Schedule) -> Result<(), Error> {
    let now = ctx.now();
    let n = tx
        .exec(
            db::sql!(
                "insert into schedule (name, next_at, last_at) values ($1, $2, $3)
                 on conflict (name) do update set next_at = excluded.next_at, last_at = excluded.last_at
                 where schedule.next_at <= $3"
            ),
            params![schedule.kind, now.plus(schedule.every), now],
        )
        .await?;
    if n == 0 {
        return Ok(()); // another process was faster
    }
    let task = NewTask {
        kind: schedule.kind,
        key: "schedule".to_owned(),
        mode: Mode::Match,
        subject: None,
        payload: serde_json::json!({}),
        due_at: now,
    };
    enqueue(tx, ctx, &task).await
}
