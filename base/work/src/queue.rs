//! The queues as staff see them: how many, how old, what failed; and a replay.

use db::{Tx, params};
use kernel::{Ctx, PageSize, Permit, TaskId, Timestamp, perms};

use crate::{Deed, Error, Waker, alerts, audit};

db::row! {
    /// One kind of task in one state.
    #[derive(Debug, Clone)]
    pub struct Queue {
        /// The kind.
        pub kind: String,
        /// Not done and not dead.
        pub due: i64,
        /// Of those, tried before and failed.
        pub failing: i64,
        /// Given up.
        pub dead: i64,
        /// When the oldest of the due ones should have run.
        pub oldest_due_at: Option<Timestamp>,
    }
}

/// Every kind that has something open.
///
/// # Errors
/// The database's.
pub async fn queues(tx: &mut Tx, _: &Permit<perms::SystemRead>) -> Result<Vec<Queue>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select kind, cast(count(*) filter (where state = 'due') as bigint),
                     cast(count(*) filter (where state = 'due' and last_error is not null) as bigint),
                     cast(count(*) filter (where state = 'dead') as bigint),
                     min(due_at) filter (where state = 'due')
                 from task where state in ('due', 'dead') group by kind order by kind"
            ),
            &[],
        )
        .await?)
}

db::row! {
    /// A task as staff see it.
    #[derive(Debug, Clone)]
    pub struct TaskRow {
        /// Its id.
        pub id: TaskId,
        /// Its kind.
        pub kind: String,
        /// Its key.
        pub key: String,
        /// `due`, `done` or `dead`.
        pub state: String,
        /// How often it was tried.
        pub attempts: i64,
        /// When it is due.
        pub due_at: Timestamp,
        /// Until when somebody has it.
        pub leased_until: Option<Timestamp>,
        /// Why it failed last.
        pub last_error: Option<String>,
        /// When it was asked for.
        pub created_at: Timestamp,
        /// When it was done.
        pub done_at: Option<Timestamp>,
        /// What it is about.
        pub subject: Option<uuid::Uuid>,
    }
}

/// Tasks in a state, the most urgent first (done ones: newest first).
///
/// # Errors
/// The database's.
pub async fn tasks(
    tx: &mut Tx,
    _: &Permit<perms::SystemRead>,
    state: &str,
    size: PageSize,
) -> Result<Vec<TaskRow>, Error> {
    let size = i64::try_from(size.get()).unwrap_or(50);
    let text = if state == "done" {
        db::sql!(
            "select id, kind, key, state, attempts, due_at, leased_until, last_error, created_at, done_at, subject_id
             from task where state = $1 order by done_at desc limit $2"
        )
    } else {
        db::sql!(
            "select id, kind, key, state, attempts, due_at, leased_until, last_error, created_at, done_at, subject_id
             from task where state = $1 order by due_at limit $2"
        )
    };
    Ok(tx.all(text, params![state, size]).await?)
}

/// Runs a dead (or waiting) task again now; `false` when it is neither.
///
/// # Errors
/// The database's.
pub async fn replay(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SystemWrite>,
    id: TaskId,
) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!(
                "update task set state = 'due', due_at = $2, attempts = 0, leased_by = null, leased_until = null
                 where id = $1 and (state = 'dead' or (state = 'due' and leased_until is null))"
            ),
            params![id, ctx.now()],
        )
        .await?;
    if n == 1 {
        alerts::resolve(tx, ctx, &format!("task:{id}")).await?;
        let deed = Deed {
            verb: "task.replay",
            subject_kind: "task",
            subject: id.uuid(),
            before: None,
            after: None,
            note: None,
        };
        audit(tx, ctx, &deed).await?;
        Waker::wake_after(tx);
    }
    Ok(n == 1)
}
