use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Tx, Unit, params};
use kernel::{Ctx, EventId, TaskId, Timestamp};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use crate::{Error, Job, Schedule, alerts, schedule};

/// What a handler may fail with; it is recorded and tried again.
pub type TaskError = Box<dyn std::error::Error + Send + Sync>;

/// How a task ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Done; the runner records it.
    Done,
    /// Done, and [`finish`](crate::finish) was called in the transaction of the work.
    Recorded,
    /// Not yet: again after this long. No failure, and failures before it are forgotten.
    Retry { after: Duration, why: String },
    /// Never: a person must look.
    Fail { why: String },
}

/// Does one kind of task.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does the work. It may run twice for one task, so what it did must show.
    ///
    /// # Errors
    /// Anything; recorded, and tried again with growing pauses until the task is dead.
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError>;

    /// How long it may take; then it is ended where it stands, as by a crash, and tried again.
    fn patience(&self) -> Duration {
        Duration::from_secs(120)
    }
}

/// A task that failed this often in a row is dead and raises an alert.
const MOST_ATTEMPTS: i64 = 10;
/// How long a runner that has died holds a task before another may take it; one that lives says so every third of it.
const LEASE: Duration = Duration::from_secs(60);
/// How many tasks run side by side.
const SLOTS: usize = 8;
/// How many are claimed at once, to be run in turn: a claim is a commit.
const BATCH: usize = 32;
/// Whoever is woken waits this long for more to come: what comes together is claimed and committed together.
const GATHER: Duration = Duration::from_millis(50);
/// How often the queue is looked at when nobody wakes the runner.
const POLL: Duration = Duration::from_millis(250);

/// Runs tasks and schedules; several processes may, on one database.
pub struct Runner {
    db: Db,
    ctx: Ctx,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    schedules: Vec<Schedule>,
    lease: Uuid,
    twice: bool,
}

db::row! {
    struct Claimed {
        id: TaskId,
        kind: String,
        key: String,
        subject: Option<Uuid>,
        event: Option<EventId>,
        payload: String,
        attempt: i64,
        failed: bool,
    }
}

impl Runner {
    /// With the handlers of every kind of task, and the schedules that make some.
    pub fn new(
        db: Db,
        ctx: Ctx,
        handlers: Vec<(&'static str, Arc<dyn Handler>)>,
        schedules: Vec<Schedule>,
    ) -> Runner {
        let lease = ctx.id::<()>().uuid();
        Runner { db, ctx, handlers: handlers.into_iter().collect(), schedules, lease, twice: false }
    }

    /// For tests: every task is run twice before it is finished.
    #[must_use]
    pub fn twice(self) -> Runner {
        Runner { twice: true, ..self }
    }

    /// Until told to stop; then waits for the tasks in hand.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let waker = crate::task::waker(&self.db);
        let mut running = JoinSet::new();
        let mut ready: VecDeque<Job> = VecDeque::new();
        let mut claimed = tokio::time::Instant::now();
        let mut ticked: Option<tokio::time::Instant> = None;
        loop {
            while running.try_join_next().is_some() {}
            if *stop.borrow() {
                break;
            }
            // schedules go by the clock: whoever is woken by a task need not ask for them again
            if ticked.is_none_or(|t| t.elapsed() >= POLL) {
                if let Err(e) = schedule::tick(&self.db, &self.ctx, &self.schedules).await {
                    tracing::error!(error = %e, "schedules cannot be read");
                }
                ticked = Some(tokio::time::Instant::now());
            }
            // their leases would be over before they are done: whoever has a slot takes them
            if claimed.elapsed() >= LEASE / 2
                && let Err(e) = self.let_go(std::mem::take(&mut ready)).await
            {
                tracing::warn!(error = %e, "tasks that were claimed wait for their lease to end");
            }
            let mut full = false;
            if ready.is_empty() && running.len() < SLOTS {
                claimed = tokio::time::Instant::now();
                match self.claim(BATCH, self.ctx.now()).await {
                    Ok(jobs) => ready.extend(jobs),
                    Err(e) => tracing::error!(error = %e, "the queue cannot be read"),
                }
                full = ready.len() == BATCH;
            }
            while running.len() < SLOTS
                && let Some(job) = ready.pop_front()
            {
                let me = self.clone();
                running.spawn(async move { me.run_one(job).await });
            }
            let woken = tokio::select! {
                () = waker.0.notified() => true,
                Some(_) = running.join_next(), if !running.is_empty() => true,
                () = tokio::time::sleep(POLL) => false,
                _ = stop.changed() => false,
            };
            if woken && ready.is_empty() && !full {
                tokio::time::sleep(GATHER).await;
            }
        }
        if let Err(e) = self.let_go(ready).await {
            tracing::warn!(error = %e, "tasks that were claimed wait for their lease to end");
        }
        while running.join_next().await.is_some() {}
    }

    /// Gives back what was claimed and not begun.
    async fn let_go(&self, ready: VecDeque<Job>) -> Result<(), Error> {
        if ready.is_empty() {
            return Ok(());
        }
        let lease = self.lease;
        let unit = Unit::named("let_go_tasks").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| {
                for job in &ready {
                    tx.exec(
                        db::sql!(
                            "update task set leased_by = null, leased_until = null, attempts = attempts - 1
                             where id = $1 and state = 'due' and leased_by = $2"
                        ),
                        params![job.id, lease],
                    )
                    .await?;
                }
                Ok::<_, Error>(())
            })
            .await
    }

    /// Runs what is due, one after the other, until nothing is; how many ran. For tests and the demo, which own time.
    ///
    /// # Errors
    /// The database's.
    pub async fn run_due(&self) -> Result<usize, Error> {
        let mut done = 0;
        schedule::tick(&self.db, &self.ctx, &self.schedules).await?;
        loop {
            let jobs = self.claim(SLOTS, self.ctx.now()).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            for job in jobs {
                self.run_one(job).await;
                done += 1;
                if self.db.faults().is_dead() {
                    return Err(db::Error::Crashed.into());
                }
            }
        }
    }

    async fn claim(&self, most: usize, now: Timestamp) -> Result<Vec<Job>, Error> {
        if most == 0 {
            return Ok(vec![]);
        }
        let most = i64::try_from(most).unwrap_or(1);
        // a cheap look first: claiming is a write, and an idle shop should not write
        let look = db::sql!(
            "select cast(count(*) as bigint) from (select 1 as one from task
             where state = 'due' and due_at <= $1 and (leased_until is null or leased_until < $1) limit 1) t"
        );
        if self.db.read(async move |tx: &mut Tx| tx.value::<i64>(look, params![now]).await).await? == 0 {
            return Ok(vec![]);
        }
        let (lease, until) = (self.lease, now.plus(LEASE));
        let rows: Vec<Claimed> = self
            .db
            .write(Unit::named("claim_tasks").read_committed(), async move |tx: &mut Tx| {
                let text = format!(
                    "update task set leased_by = $1, leased_until = $2, attempts = attempts + 1, again = false
                     where id in (select id from task where state = 'due' and due_at <= $3
                         and (leased_until is null or leased_until < $3) order by due_at limit $4{})
                     returning id, kind, key, subject_id, event_id, payload, attempts, last_error is not null",
                    tx.engine().skip_locked()
                );
                tx.all(&text, params![lease, until, now, most]).await
            })
            .await?;
        rows.into_iter()
            .map(|r| {
                let payload = serde_json::from_str(&r.payload)?;
                let Claimed { id, kind, key, subject, event, attempt, failed, .. } = r;
                Ok(Job { id, kind, key, subject, event, payload, attempt, lease, failed })
            })
            .collect()
    }

    async fn run_one(&self, job: Job) {
        let Some(handler) = self.handlers.get(job.kind.as_str()).cloned() else {
            let why = format!("this program has no handler for '{}'", job.kind);
            self.record(&job, Ok(Outcome::Retry { after: Duration::from_secs(300), why })).await;
            return;
        };
        let mut result = Err::<Outcome, TaskError>("not run".into());
        for _ in 0..if self.twice { 2 } else { 1 } {
            // a task of its own, so that a panic is an answer like any other
            let (h, ctx, j) = (handler.clone(), self.ctx.clone(), job.clone());
            let run = tokio::spawn(async move { h.run(&ctx, &j).await });
            result = self.watch(&job, run, handler.patience()).await;
        }
        self.record(&job, result).await;
    }

    /// Keeps the lease while a handler is at work, and ends one that takes too long.
    async fn watch(
        &self,
        job: &Job,
        mut run: JoinHandle<Result<Outcome, TaskError>>,
        patience: Duration,
    ) -> Result<Outcome, TaskError> {
        let began = tokio::time::Instant::now();
        loop {
            let left = patience.saturating_sub(began.elapsed());
            match tokio::time::timeout(left.min(LEASE / 3), &mut run).await {
                Ok(ended) => {
                    return ended.unwrap_or_else(|e| Err(format!("the handler panicked: {e}").into()));
                }
                Err(_) if began.elapsed() >= patience => {
                    run.abort();
                    return Err(format!("took longer than {} s", patience.as_secs()).into());
                }
                Err(_) => self.keep(job).await,
            }
        }
    }

    /// Another while, for a task that is still at work.
    async fn keep(&self, job: &Job) {
        let (id, lease, until) = (job.id, job.lease, self.ctx.now().plus(LEASE));
        let kept = self.db.write(Unit::named("keep_task").read_committed(), async move |tx: &mut Tx| {
            let text = db::sql!(
                "update task set leased_until = $3 where id = $1 and leased_by = $2 and state = 'due'"
            );
            tx.exec(text, params![id, lease, until]).await
        });
        if let Err(e) = kept.await {
            tracing::warn!(kind = %job.kind, error = %e, "a task's lease could not be kept; another may run it too");
        }
    }

    async fn record(&self, job: &Job, result: Result<Outcome, TaskError>) {
        let failed = result.is_err();
        let outcome = match result {
            Ok(Outcome::Recorded) => return,
            Ok(outcome) => outcome,
            Err(e) if job.attempt >= MOST_ATTEMPTS => {
                Outcome::Fail { why: format!("failed {} times, at last: {e}", job.attempt) }
            }
            Err(e) => {
                tracing::warn!(kind = %job.kind, key = %job.key, attempt = job.attempt, error = %e, "task failed; will be tried again");
                Outcome::Retry { after: pause(job.attempt), why: e.to_string() }
            }
        };
        let (ctx, job) = (self.ctx.clone(), job.clone());
        let written = self.db.write(Unit::named("record_task").read_committed(), async move |tx: &mut Tx| {
            record(tx, &ctx, &job, &outcome, failed).await
        });
        if let Err(e) = written.await {
            // the lease runs out and the task is run again
            tracing::error!(error = %e, "a task's end could not be recorded");
        }
    }
}

/// `failed` when the handler broke. Its own "not yet" is no failure, however often it says so, and ends a row of them.
async fn record(tx: &mut Tx, ctx: &Ctx, job: &Job, outcome: &Outcome, failed: bool) -> Result<(), Error> {
    match outcome {
        Outcome::Done | Outcome::Recorded => {
            crate::finish(tx, ctx, job).await?;
        }
        Outcome::Retry { after, why } => {
            tx.exec(
                db::sql!(
                    "update task set due_at = $2, last_error = $3, leased_by = null, leased_until = null,
                         attempts = case when $5 then attempts else 0 end
                     where id = $1 and state = 'due' and leased_by = $4"
                ),
                params![job.id, ctx.now().plus(*after), why, job.lease, failed],
            )
            .await?;
        }
        Outcome::Fail { why } => {
            let n = tx
                .exec(
                    db::sql!(
                        "update task set state = 'dead', last_error = $2, leased_by = null, leased_until = null
                         where id = $1 and state = 'due' and leased_by = $3"
                    ),
                    params![job.id, why, job.lease],
                )
                .await?;
            if n == 0 {
                return Ok(()); // another has it by now
            }
            let text = format!("The task {} has failed: {why}", job.kind);
            alerts::raise(tx, ctx, &crate::task::alert_key(job.id), &text, Some(job.id.uuid())).await?;
        }
    }
    Ok(())
}

/// 1, 4, 9 … s times four, at most an hour: a short outage is bridged soon, a long one not hammered.
fn pause(attempt: i64) -> Duration {
    let n = u64::try_from(attempt.clamp(1, 100)).unwrap_or(1);
    Duration::from_secs((n * n * 4).min(3_600))
}
