use std::sync::Arc;
use std::time::Duration;

use db::{Tx, params};
use kernel::{Ctx, EventId, TaskId, Timestamp};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{Error, Mode, alerts};

/// What a second request for the same (kind, key) does: a done or dead match task is due again; one that runs is
/// marked to run again; a tell task is left as it is, once for ever.
pub(crate) const REARM: &str = "on conflict (kind, key) do update set
    again = (task.state = 'due' and task.leased_until is not null),
    state = 'due', done_at = null,
    attempts = case when task.state = 'due' then task.attempts else 0 end,
    due_at = case when task.state = 'due' and task.due_at < excluded.due_at then task.due_at else excluded.due_at end
  where task.mode = 'match'";

/// What a scan's request does: only a match task that is done is due again. One that is due needs no scan, and a dead
/// one waits for a person.
const REPAIR: &str = "on conflict (kind, key) do update set
    state = 'due', done_at = null, attempts = 0, due_at = excluded.due_at
  where task.mode = 'match' and task.state = 'done'";

/// Work to be done later.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Which handler: `payments.authorise`.
    pub kind: &'static str,
    /// Unique within the kind.
    pub key: String,
    /// Once for ever, or again whenever it is asked for.
    pub mode: Mode,
    /// What it is about.
    pub subject: Option<Uuid>,
    /// What the handler needs beside; ids only.
    pub payload: serde_json::Value,
    /// Not before.
    pub due_at: Timestamp,
}

/// A task in somebody's hands.
#[derive(Debug, Clone)]
pub struct Job {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// What it is about.
    pub subject: Option<Uuid>,
    /// The event that asked for it (tell tasks).
    pub event: Option<EventId>,
    /// What the asker left.
    pub payload: serde_json::Value,
    /// 1 for the first try.
    pub attempt: i64,
    pub(crate) lease: Uuid,
    /// It failed before, and may have raised an alert.
    pub(crate) failed: bool,
}

/// Wakes this process's runner when a task was written here.
#[derive(Debug, Default)]
pub struct Waker(pub(crate) Notify);

impl Waker {
    /// Once the unit's commit is durable.
    pub(crate) fn wake_after(tx: &mut Tx) {
        if let Some(waker) = tx.extension::<Waker>() {
            tx.after_commit(move || waker.0.notify_one());
        }
    }

    /// Now.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    task: &NewTask,
    lease: Option<(Uuid, Timestamp)>,
) -> Result<TaskId, Error> {
    let id: TaskId = ctx.id();
    let mode = match task.mode {
        Mode::Tell => "tell",
        Mode::Match => "match",
    };
    let (by, until, attempts) = lease.map_or((None, None, 0i64), |(by, until)| (Some(by), Some(until), 1));
    let payload = task.payload.to_string();
    tx.insert(
        "insert into task (id, kind, key, mode, subject_id, payload, state, attempts, due_at, leased_by, leased_until, created_at) values",
        12,
        params![id, task.kind, task.key, mode, task.subject, payload, "due", attempts, task.due_at, by, until, ctx.now()],
        REARM,
    )
    .await?;
    Ok(id)
}

/// Asks for work later; repeats with the same kind and key collapse.
///
/// # Errors
/// The database's.
pub async fn enqueue(tx: &mut Tx, ctx: &Ctx, task: &NewTask) -> Result<(), Error> {
    insert(tx, ctx, task, None).await?;
    Waker::wake_after(tx);
    Ok(())
}

/// Asks for several pieces of work at once, in few statements; no key may stand in the list twice.
///
/// # Errors
/// The database's.
pub async fn enqueue_many(tx: &mut Tx, ctx: &Ctx, tasks: &[NewTask]) -> Result<(), Error> {
    insert_many(tx, ctx, tasks, REARM).await
}

/// Asks for match tasks that a scan found wanting: those that were lost, and those that are done but should have been
/// asked for again. No key may stand in the list twice.
///
/// # Errors
/// The database's.
pub async fn repair(tx: &mut Tx, ctx: &Ctx, tasks: &[NewTask]) -> Result<(), Error> {
    insert_many(tx, ctx, tasks, REPAIR).await
}

async fn insert_many(tx: &mut Tx, ctx: &Ctx, tasks: &[NewTask], again: &str) -> Result<(), Error> {
    if tasks.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    let rows: Vec<(TaskId, &NewTask, &str, String)> = tasks
        .iter()
        .map(|t| {
            let mode = match t.mode {
                Mode::Tell => "tell",
                Mode::Match => "match",
            };
            (ctx.id(), t, mode, t.payload.to_string())
        })
        .collect();
    let mut values = Vec::with_capacity(rows.len() * 9);
    for (id, t, mode, payload) in &rows {
        values
            .extend_from_slice(params![*id, t.kind, t.key, *mode, t.subject, *payload, "due", t.due_at, now]);
    }
    tx.insert(
        "insert into task (id, kind, key, mode, subject_id, payload, state, due_at, created_at) values",
        9,
        &values,
        again,
    )
    .await?;
    Waker::wake_after(tx);
    Ok(())
}

/// Asks for work that the caller itself will do as soon as this commits; if it dies, a worker does it when the lease
/// runs out. The key must be new.
///
/// # Errors
/// The database's.
pub async fn enqueue_leased(tx: &mut Tx, ctx: &Ctx, task: &NewTask, lease: Duration) -> Result<Job, Error> {
    let holder = ctx.id::<()>().uuid();
    let id = insert(tx, ctx, task, Some((holder, ctx.now().plus(lease)))).await?;
    Ok(Job {
        id,
        kind: task.kind.to_owned(),
        key: task.key.clone(),
        subject: task.subject,
        event: None,
        payload: task.payload.clone(),
        attempt: 1,
        lease: holder,
        failed: false,
    })
}

/// The job is done, in the transaction of what it did, and so is the alert that it raised when it was given up and asked
/// for again. One that was asked for again meanwhile is due again. `false` when it had been done already, or when
/// another took it over after this one's lease ran out.
///
/// # Errors
/// The database's.
pub async fn finish(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!(
                "update task set state = case when again then 'due' else 'done' end, again = false,
                     done_at = $2, leased_by = null, leased_until = null, last_error = null
                 where id = $1 and state = 'due' and leased_by = $3"
            ),
            params![job.id, ctx.now(), job.lease],
        )
        .await?;
    if n == 1 && job.failed {
        alerts::resolve(tx, ctx, &alert_key(job.id)).await?;
    }
    Ok(n == 1)
}

/// The key of a dead task's alert.
pub(crate) fn alert_key(id: TaskId) -> String {
    format!("task:{id}")
}

/// Keeps a job for `lease` from now on, for work that outlasts the runner's own lease. `false`: it is done, or another
/// runner has it, and whoever asks must stop.
///
/// # Errors
/// The database's.
pub async fn extend(tx: &mut Tx, ctx: &Ctx, job: &Job, lease: Duration) -> Result<bool, Error> {
    let n = tx
        .exec(
            db::sql!("update task set leased_until = $3 where id = $1 and leased_by = $2 and state = 'due'"),
            params![job.id, job.lease, ctx.now().plus(lease)],
        )
        .await?;
    Ok(n == 1)
}

/// Holds a job for work that takes as long as it takes; ends only when the job is somebody else's, or done. Run it
/// beside the work (`tokio::select!`), which ends with it.
pub async fn hold(db: &db::Db, ctx: &Ctx, job: &Job, lease: Duration) {
    loop {
        let (c, j) = (ctx.clone(), job.clone());
        let unit = db::Unit::named("hold_task").read_committed();
        match db.write(unit, async move |tx: &mut Tx| extend(tx, &c, &j, lease).await).await {
            Ok(true) => {}
            Ok(false) => return,
            // the next try may succeed before the lease is over; if not, another runner takes it
            Err(e) => tracing::warn!(error = %e, kind = %job.kind, "a task's lease could not be made longer"),
        }
        tokio::time::sleep(lease / 3).await;
    }
}

/// A runner's waker, hung on a database.
pub(crate) fn waker(db: &db::Db) -> Arc<Waker> {
    db.extension::<Waker>().unwrap_or_default()
}
