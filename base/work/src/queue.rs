//! The queues as staff see them: how many, how old, what failed; and a replay.

use db::{Tx, params};
use kernel::{Ctx, Cursor, Page, PageSize, Permit, TaskId, Timestamp, perms};

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
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<TaskRow>, Error> {
    let done = state == "done";
    let text = if done {
        db::sql!(
            "select id, kind, key, state, attempts, due_at, leased_until, last_error, created_at, done_at, subject_id
             from task where state = $1 and (cast($2 as bigint) is null or (done_at, id) < ($2, $3))
             order by done_at desc, id desc limit $4"
        )
    } else {
        db::sql!(
            "select id, kind, key, state, attempts, due_at, leased_until, last_error, created_at, done_at, subject_id
             from task where state = $1 and (cast($2 as bigint) is null or (due_at, id) > ($2, $3))
             order by due_at, id limit $4"
        )
    };
    let rows: Vec<TaskRow> =
        tx.all(text, params![state, after.map(|c| c.key), after.map(|c| c.id), size.plus_one()]).await?;
    let key = |r: &TaskRow| if done { r.done_at.unwrap_or(r.due_at) } else { r.due_at };
    Ok(Page::cut(rows, size, |r| Cursor { key: key(r).0, id: r.id.uuid() }))
}

db::row! {
    /// What is done of one kind just now.
    #[derive(Debug, Clone)]
    pub struct Activity {
        /// The kind.
        pub kind: String,
        /// Somebody has them at this moment.
        pub running: i64,
        /// Done since the moment that was asked for.
        pub done: i64,
    }
}

/// What is being done, and was done since a moment, by kind.
///
/// # Errors
/// The database's.
pub async fn activity(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SystemRead>,
    since: Timestamp,
) -> Result<Vec<Activity>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select kind, cast(sum(running) as bigint), cast(sum(done) as bigint) from (
                     select kind, 1 as running, 0 as done from task where state = 'due' and leased_until > $1
                     union all
                     select kind, 0, 1 from task where state = 'done' and done_at > $2) t
                 group by kind order by kind"
            ),
            params![ctx.now(), since],
        )
        .await?)
}

kernel::states! {
    /// Which tasks a list shows.
    pub enum TaskView {
        /// Given up.
        Dead = "dead",
        /// Tried before and failed, to be tried again.
        Retrying = "retrying",
        /// Not done and not dead.
        Due = "due",
        /// Every one that is still kept.
        All = "all",
    }
}
db::words!(TaskView);

/// Tasks, the newest first, of a kind or of all.
///
/// # Errors
/// The database's.
pub async fn task_page(
    tx: &mut Tx,
    _: &Permit<perms::SystemRead>,
    view: TaskView,
    kind: Option<&str>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<TaskRow>, Error> {
    let rows: Vec<TaskRow> = tx
        .all(
            db::sql!(
                "select id, kind, key, state, attempts, due_at, leased_until, last_error, created_at, done_at, subject_id
                 from task
                 where (cast($1 as text) = 'all' or state = case when $1 = 'dead' then 'dead' else 'due' end)
                   and ($1 <> 'retrying' or last_error is not null)
                   and (cast($2 as text) is null or kind = $2) and (cast($3 as uuid) is null or id < $3)
                 order by id desc limit $4"
            ),
            params![view, kind, after.map(|c| c.id), size.plus_one()],
        )
        .await?;
    Ok(Page::cut(rows, size, |r| Cursor { key: 0, id: r.id.uuid() }))
}

/// Runs dead tasks again now, of a kind or of all, at most 500; how many.
///
/// # Errors
/// The database's.
pub async fn replay_dead(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::SystemWrite>,
    kind: Option<&str>,
) -> Result<u64, Error> {
    let dead: Vec<(TaskId,)> = tx
        .all(
            db::sql!(
                "select id from task where state = 'dead' and (cast($1 as text) is null or kind = $1)
                 order by created_at limit 500"
            ),
            params![kind],
        )
        .await?;
    let mut replayed = 0;
    for (id,) in dead {
        replayed += u64::from(replay(tx, ctx, permit, id).await?);
    }
    Ok(replayed)
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
        alerts::resolve(tx, ctx, &crate::task::alert_key(id)).await?;
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
