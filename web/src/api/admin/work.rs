//! Queues, tasks, alerts, events, the law book.

use ::work::queue::TaskRow;
use db::Tx;
use kernel::perms::{SystemRead, SystemWrite};
use kernel::{ErrorKind, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{Done, List, One};
use crate::api::ask::{At, Params, bad_param, page_of};
use crate::api::once::{Repeat, Sent};
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
    /// `due` (by default; the most urgent come first), `done` or `dead`.
    state: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
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
    let (after, size) = page_of(which.after.as_deref(), which.limit)?;
    let wanted = which.state.unwrap_or_else(|| "due".to_owned());
    if !["due", "done", "dead"].contains(&wanted.as_str()) {
        return Err(bad_param("state", format!("'{wanted}' is none of due, done, dead")));
    }
    let page = state
        .db()
        .read(async |tx: &mut Tx| ::work::queue::tasks(tx, &permit, &wanted, after.as_ref(), size).await)
        .await?;
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
    Ok(List::page(page, view))
}

pub(super) async fn replay(
    state: State,
    caller: Caller,
    At(id): At<TaskId>,
    once: Repeat,
) -> Result<Done, Error> {
    let permit = caller.permit::<SystemWrite>()?;
    let ctx = caller.ctx;
    let replayed = state
        .db()
        .write("task_replay", async move |tx: &mut Tx| {
            if once.made::<kernel::Task>(tx).await?.is_some() {
                return Ok(true);
            }
            once.keep(tx, &ctx, id).await?;
            Ok::<_, Error>(::work::queue::replay(tx, &ctx, &permit, id).await?)
        })
        .await?;
    if replayed {
        return Ok(Done);
    }
    let text = "Only a task that is dead, or waits and is in nobody's hands, can be run again.";
    Err(Error::new(ErrorKind::Conflict, "not_replayable", text))
}

/// Which dead tasks run again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Replays {
    /// Of one kind; missing: of every kind.
    kind: Option<String>,
}

/// How many run again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Replayed {
    /// At most 500 at once. A repeated request says 0: it replays nothing more.
    replayed: u64,
}

pub(super) async fn replay_all(
    state: State,
    caller: Caller,
    Sent(which, once): Sent<Replays>,
) -> Result<One<Replayed>, Error> {
    let permit = caller.permit::<SystemWrite>()?;
    let ctx = caller.ctx;
    let replayed = state
        .db()
        .write("tasks_replay", async move |tx: &mut Tx| {
            if once.made::<()>(tx).await?.is_some() {
                return Ok(0);
            }
            once.keep::<()>(tx, &ctx, ctx.id()).await?;
            Ok::<_, Error>(::work::queue::replay_dead(tx, &ctx, &permit, which.kind.as_deref()).await?)
        })
        .await?;
    Ok(One::new(Replayed { replayed }))
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

/// An alert that was seen to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolution {
    /// The alert's.
    key: String,
}

pub(super) async fn resolve(
    state: State,
    caller: Caller,
    Sent(alert, once): Sent<Resolution>,
) -> Result<Done, Error> {
    caller.permit::<SystemWrite>()?;
    let ctx = caller.ctx;
    let resolved = state
        .db()
        .write("alert_resolve", async move |tx: &mut Tx| {
            if once.made::<()>(tx).await?.is_some() {
                return Ok(true);
            }
            once.keep::<()>(tx, &ctx, ctx.id()).await?;
            Ok::<_, Error>(::work::alerts::resolve(tx, &ctx, &alert.key).await?)
        })
        .await?;
    if resolved {
        Ok(Done)
    } else {
        Err(Error::new(ErrorKind::NotFound, "not_found", "No such alert is open."))
    }
}

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct WhichEvents {
    /// Letters of their kind: `order`.
    kind: Option<String>,
    /// The id of what they happened to.
    subject: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
    limit: Option<u32>,
}

/// News.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    #[schema(example = "evt_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `OrderPlaced`.
    kind: String,
    /// What it happened to, as a UUID.
    subject: String,
    /// `staff`, `key`, `shopper` or `system`.
    actor_kind: String,
    /// How many tasks were made of it.
    told: i64,
    at: String,
}

pub(super) async fn events(
    state: State,
    caller: Caller,
    Params(which): Params<WhichEvents>,
) -> Result<List<Event>, Error> {
    let permit = caller.permit::<SystemRead>()?;
    let (after, size) = page_of(which.after.as_deref(), which.limit)?;
    let subject = match which.subject.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        Some(text) => Some(crate::admin::any_id(text).ok_or_else(|| bad_param("subject", "This is no id"))?),
        None => None,
    };
    let (ctx, kind) = (caller.ctx, which.kind.unwrap_or_default());
    let page = state
        .db()
        .read(async |tx: &mut Tx| {
            ::work::recent_events(tx, &ctx, &permit, &kind, subject, after.as_ref(), size).await
        })
        .await?;
    Ok(List::page(page, |e| Event {
        id: e.id.to_string(),
        kind: e.kind,
        subject: e.subject.to_string(),
        actor_kind: e.actor_kind,
        told: e.told,
        at: at(e.at),
    }))
}

/// What the law book found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Doctor {
    /// Does every law hold?
    healthy: bool,
    laws: Vec<DoctorLaw>,
}

/// One law.
#[derive(Debug, Serialize, ToSchema)]
struct DoctorLaw {
    /// `payments.captured`.
    name: String,
    says: String,
    holds: bool,
    /// How often it is broken.
    broken: usize,
    /// The first that break it.
    violations: Vec<DoctorViolation>,
}

/// What breaks a law.
#[derive(Debug, Serialize, ToSchema)]
struct DoctorViolation {
    /// A UUID, where it is about one thing.
    subject: Option<String>,
    found: String,
}

/// Violations of a law that are told.
const TOLD: usize = 20;

pub(super) async fn doctor(state: State, caller: Caller) -> Result<One<Doctor>, Error> {
    caller.permit::<SystemRead>()?;
    let laws: Vec<db::Law> = state.laws().to_vec();
    let asked = laws.clone();
    let found = state
        .db()
        .report(async move |tx: &mut Tx| {
            let mut found = db::check(tx, &asked).await?;
            found.extend(work::audit::verify(tx).await?);
            Ok::<_, Error>(found)
        })
        .await?;
    let law = |law: &db::Law| {
        let mine: Vec<&db::Violation> = found.iter().filter(|v| v.law == law.name).collect();
        let violation = |v: &&db::Violation| DoctorViolation {
            subject: v.subject.map(|s| s.to_string()),
            found: v.found.clone(),
        };
        DoctorLaw {
            name: law.name.to_owned(),
            says: law.says.to_owned(),
            holds: mine.is_empty(),
            broken: mine.len(),
            violations: mine.iter().take(TOLD).map(violation).collect(),
        }
    };
    Ok(One::new(Doctor { healthy: found.is_empty(), laws: laws.iter().map(law).collect() }))
}
