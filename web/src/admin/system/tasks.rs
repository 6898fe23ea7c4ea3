use std::time::Duration;

use axum::response::Response;
use db::Tx;
use kernel::perms::{SystemRead, SystemWrite};
use kernel::{PageSize, TaskId, TextState};
use work::queue::{self, Activity, Queue, TaskRow as Task, TaskView};

use crate::Error;
use crate::admin::blame::filled;
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};
use crate::admin::shown;
use crate::admin::views::{AlertRow, Chip, QueueRow, Section, Tab, TaskRow, TasksView};
use crate::admin::walk::Walk;
use crate::extract::Path;

const PATH: &str = "/admin/system/tasks";
const HOUR: Duration = Duration::from_secs(3_600);

/// `GET /admin/system/tasks?view=&kind=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<SystemRead>()?;
    let walk = Walk::of(PATH, &filter, &["view", "kind"]);
    let ctx = office.ctx();
    let kind = filled(filter.value("kind"));
    let (queues, activity, alerts) = office
        .db()
        .read(async |tx: &mut Tx| {
            let queues = queue::queues(tx, &permit).await?;
            let activity = queue::activity(tx, ctx, &permit, ctx.now().minus(HOUR)).await?;
            Ok::<_, Error>((queues, activity, work::alerts::open(tx).await?))
        })
        .await?;
    let dead = queues.iter().any(|q| q.dead > 0);
    let otherwise = if dead { TaskView::Dead } else { TaskView::Due };
    let view = TaskView::parse(filter.value("view")).unwrap_or(otherwise);
    let page = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            let size = PageSize::default();
            queue::task_page(tx, &permit, view, kind.as_deref(), after.as_ref(), size).await
        })
        .await?;
    let alerts = alerts.into_iter().map(|a| AlertRow { when: office.when(a.at), key: a.key, text: a.text });
    let query = [("view", view.as_str()), ("kind", filter.value("kind"))];
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query.iter().filter(|(_, v)| !v.is_empty()))
        .finish();
    office.page(&TasksView {
        shell: office.shell(Section::System).await?,
        alerts: alerts.collect(),
        queues: rows_of_queues(&office, &queues, &activity),
        tabs: tabs(&office, &walk, view, &queues, kind.as_deref()),
        rows: page.rows.iter().map(|t| row(&office, t)).collect(),
        pager: walk.pager(page.next),
        can_replay: office.may::<SystemWrite>(),
        self_href: format!("{PATH}?{query}"),
        filter,
    })
}

fn rows_of_queues(office: &Office, queues: &[Queue], activity: &[Activity]) -> Vec<QueueRow> {
    let n = |n: i64| u32::try_from(n).unwrap_or_default();
    let mut kinds: Vec<&str> = queues.iter().map(|q| q.kind.as_str()).collect();
    kinds.extend(activity.iter().map(|a| a.kind.as_str()));
    kinds.sort_unstable();
    kinds.dedup();
    let row = |kind: &str| {
        let open = queues.iter().find(|q| q.kind == kind);
        let now = activity.iter().find(|a| a.kind == kind);
        let late = open.and_then(|q| q.oldest_due_at).filter(|at| *at <= office.ctx().now());
        QueueRow {
            kind: kind.to_owned(),
            due: n(open.map_or(0, |q| q.due)),
            running: n(now.map_or(0, |a| a.running)),
            retrying: n(open.map_or(0, |q| q.failing)),
            dead: n(open.map_or(0, |q| q.dead)),
            oldest: late.map(|at| shown::span(office.ctx().now().since(at).as_secs())).unwrap_or_default(),
            done: n(now.map_or(0, |a| a.done)),
        }
    };
    kinds.into_iter().map(row).collect()
}

fn tabs(office: &Office, walk: &Walk, current: TaskView, queues: &[Queue], kind: Option<&str>) -> Vec<Tab> {
    let sum = |of: fn(&Queue) -> i64| {
        queues.iter().filter(|q| kind.is_none_or(|k| k == q.kind)).map(of).sum::<i64>()
    };
    let each = [
        ("tasks-view-dead", TaskView::Dead, Some(sum(|q| q.dead))),
        ("tasks-view-retrying", TaskView::Retrying, Some(sum(|q| q.failing))),
        ("tasks-view-due", TaskView::Due, Some(sum(|q| q.due))),
        ("tasks-view-all", TaskView::All, None),
    ];
    let tab = |(key, view, n): (&'static str, TaskView, Option<i64>)| Tab {
        key,
        href: walk.with("view", view.as_str()),
        current: view == current,
        count: n.and_then(|n| office.count(n)),
    };
    each.into_iter().map(tab).collect()
}

fn row(office: &Office, t: &Task) -> TaskRow {
    let now = office.ctx().now();
    let running = t.state == "due" && t.leased_until.is_some_and(|until| until > now);
    let state = match t.state.as_str() {
        "done" => Chip::TaskDone,
        "dead" => Chip::TaskDead,
        _ if running => Chip::TaskRunning,
        _ if t.last_error.is_some() => Chip::TaskRetrying,
        _ => Chip::TaskDue,
    };
    TaskRow {
        id: t.id.to_string(),
        kind: t.kind.clone(),
        key: t.key.clone(),
        state,
        attempts: office.number(t.attempts),
        created: office.when(t.created_at),
        next: office.when_ever((t.state == "due" && !running).then_some(t.due_at)),
        error: t.last_error.clone().unwrap_or_default(),
        can_replay: state == Chip::TaskDead || state == Chip::TaskRetrying,
    }
}

/// `POST /admin/system/tasks/{id}/replays`.
pub(super) async fn replay(office: Office, Path(id): Path<TaskId>) -> Result<Response, Error> {
    let permit = office.permit::<SystemWrite>()?;
    let ctx = office.ctx().clone();
    let again = office
        .db()
        .write("replay_task", async move |tx: &mut Tx| queue::replay(tx, &ctx, &permit, id).await)
        .await?;
    Ok(if again {
        office.done(PATH, office.t("tasks-replayed-one"))
    } else {
        office.done(PATH, office.t("tasks-not-replayed"))
    })
}

/// `POST /admin/system/tasks/replays`: `kind`; none means every kind.
pub(super) async fn replay_dead(office: Office, Form(form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SystemWrite>()?;
    let (ctx, kind) = (office.ctx().clone(), filled(form.value("kind")));
    let n = office
        .db()
        .write("replay_tasks", async move |tx: &mut Tx| {
            queue::replay_dead(tx, &ctx, &permit, kind.as_deref()).await
        })
        .await?;
    Ok(office.done(PATH, office.tn("tasks-replayed", i64::try_from(n).unwrap_or_default())))
}

/// `POST /admin/system/alerts/resolutions`: `key`.
pub(super) async fn resolve(office: Office, Form(form): Form) -> Result<Response, Error> {
    office.permit::<SystemWrite>()?;
    let (ctx, key) = (office.ctx().clone(), form.value("key").to_owned());
    office
        .db()
        .write("put_alert_away", async move |tx: &mut Tx| work::alerts::put_away(tx, &ctx, &key).await)
        .await?;
    Ok(office.done(PATH, office.t("alerts-resolved")))
}
