//! Queues, tasks, alerts.

use ::work::queue::TaskRow;
use db::Tx;
use kernel::perms::{SystemRead, SystemWrite};
use kernel::{ErrorKind, PageSize, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{Done, List};
use crate::api::ask::{At, Params, bad_param, page_of};
use crate::api::types::at;
use crate::{Caller, Error, State};

/// One kind of task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Queue {
    kind: String,
    /// Not done and not dead.
    due: i64,
    /// Of those, tried before and failed.
    failing: i64,
    /// Given up.
    dead: i64,
    /// When the oldest of the due ones should have run.
    oldest_due_at: Option<String>,
}

pub(super) async fn queues(state: State, caller: Caller) -> Result<List<Queue>, Error> {
    let permit = caller.permit::<SystemRead>()?;
    let all = state.db().read(async |tx: &mut Tx| ::work::queue::queues(tx, &permit).await).await?;
    let view = |q: ::work::queue::Queue| Queue {
        kind: q.kind,
        due: q.due,
        failing: q.failing,
        dead: q.dead,
        oldest_due_at: q.oldest_due_at.map(at),
    };
    Ok(List::whole(all.into_iter().map(view).collect()))
}

/// Which tasks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// `due` (by default), `done` or `dead`.
    state: Option<String>,
    /// How many rows at most, 1 to 100: the most urgent come first.
    limit: Option<u32>,
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Task {
    #[schema(example = "tsk_01h455vb4pex5vsknk084sn02q")]
    id: String,
    kind: String,
    key: String,
    /// `due`, `done` or `dead`.
    state: String,
    attempts: i64,
    due_at: String,
    /// Until when somebody has it.
    leased_until: Option<String>,
    last_error: Option<String>,
    created_at: String,
    done_at: Option<String>,
}

pub(super) async fn tasks(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<List<Task>, Error> {
    let permit = caller.permit::<SystemRead>()?;
    let (_, size): (_, PageSize) = page_of(None, which.limit)?;
    let wanted = which.state.unwrap_or_else(|| "due".to_owned());
    if !["due", "done", "dead"].contains(&wanted.as_str()) {
        return Err(bad_param("state", format!("'{wanted}' is none of due, done, dead")));
    }
    let rows =
        state.db().read(async |tx: &mut Tx| ::work::queue::tasks(tx, &permit, &wanted, size).await).await?;
    let view = |t: TaskRow| Task {
        id: t.id.to_string(),
        kind: t.kind,
        key: t.key,
        state: t.state,
        attempts: t.attempts,
        due_at: at(t.due_at),
        leased_until: t.leased_until.map(at),
        last_error: t.last_error,
        created_at: at(t.created_at),
        done_at: t.done_at.map(at),
    };
    Ok(List::whole(rows.into_iter().map(view).collect()))
}

pub(super) async fn replay(state: State, caller: Caller, At(id): At<TaskId>) -> Result<Done, Error> {
    let permit = caller.permit::<SystemWrite>()?;
    let ctx = caller.ctx;
    let replayed = state
        .db()
        .write("task_replay", async move |tx: &mut Tx| ::work::queue::replay(tx, &ctx, &permit, id).await)
        .await?;
    if replayed {
        return Ok(Done);
    }
    let text = "Only a task that is dead, or waits and is in nobody's hands, can be run again.";
    Err(Error::new(ErrorKind::Conflict, "not_replayable", text))
}

/// Something a person must look at.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Alert {
    /// Unique among the open ones: `task:tsk_…`.
    key: String,
    text: String,
    /// Since when.
    at: String,
}

pub(super) async fn alerts(state: State, caller: Caller) -> Result<List<Alert>, Error> {
    caller.permit::<SystemRead>()?;
    let all = state.db().read(async |tx: &mut Tx| ::work::alerts::open(tx).await).await?;
    let view = |a: ::work::alerts::Alert| Alert { key: a.key, text: a.text, at: at(a.at) };
    Ok(List::whole(all.into_iter().map(view).collect()))
}
