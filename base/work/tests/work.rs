//! Later, on both engines: telling, matching, retrying, dying, sharing, sealing, refreshing.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::{Db, Tx, params};
use kernel::Ctx;
use work::{Feed, Handler, Job, Mode, News, Outcome, Runner, Schedule, Subscribers, TaskError};

struct Count(AtomicUsize, Outcome);

#[async_trait::async_trait]
impl Handler for Count {
    async fn run(&self, _: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        if job.kind == "t.panic" {
            panic!("boom");
        }
        if job.kind == "t.err" {
            return Err("it does not work".into());
        }
        Ok(self.1.clone())
    }
}

/// Counts those who came, and keeps them until it is opened.
struct Gate(AtomicUsize, tokio::sync::Semaphore);

#[async_trait::async_trait]
impl Handler for Gate {
    async fn run(&self, _: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        self.1.acquire().await?.forget();
        Ok(Outcome::Done)
    }
}

/// Says "not yet" forty times, with a hiccup every third time; then it is done.
struct Patient(AtomicUsize);

#[async_trait::async_trait]
impl Handler for Patient {
    async fn run(&self, _: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        match self.0.fetch_add(1, Ordering::SeqCst) {
            n if n % 3 == 2 => Err("a hiccup".into()),
            n if n < 40 => Ok(Outcome::Retry { after: Duration::from_secs(60), why: "not yet".into() }),
            _ => Ok(Outcome::Done),
        }
    }
}

fn counter(outcome: Outcome) -> Arc<Count> {
    Arc::new(Count(AtomicUsize::new(0), outcome))
}

fn subscribed(db: Db) -> Db {
    db.with(Arc::new(Subscribers::new(&[("Hello", "t.tell", Mode::Tell), ("Hello", "t.match", Mode::Match)])))
}

async fn tell(db: &Db, ctx: &Ctx, subject: u128) {
    let ctx = ctx.clone();
    db.write("tell", async move |tx: &mut Tx| {
        let news =
            News { kind: "Hello", subject: uuid::Uuid::from_u128(subject), data: serde_json::json!({}) };
        work::tell(tx, &ctx, &news).await
    })
    .await
    .unwrap();
}

async fn broken(db: &Db) -> Vec<&'static str> {
    db.read(async |tx: &mut Tx| {
        let mut all = db::check(tx, work::LAWS).await?;
        all.extend(work::audit::verify(tx).await.unwrap());
        Ok::<_, db::Error>(all.into_iter().map(|v| v.law).collect())
    })
    .await
    .unwrap()
}

async fn sql(db: &Db, text: &'static str) {
    db.write("sql", async move |tx: &mut Tx| tx.exec(text, &[]).await).await.unwrap();
}

async fn deeds(db: &Db, ctx: &Ctx, n: u128) {
    for i in 0..n {
        let c = ctx.clone();
        db.write("deed", async move |tx: &mut Tx| {
            let subject = uuid::Uuid::from_u128(i);
            let deed = work::Deed {
                verb: "x.change",
                subject_kind: "x",
                subject,
                before: None,
                after: None,
                note: None,
            };
            work::audit(tx, &c, &deed).await
        })
        .await
        .unwrap();
    }
}

/// The laws that these statements break; nothing of them stays.
async fn undone(db: &Db, texts: Vec<String>) -> Vec<&'static str> {
    struct Undone(Vec<&'static str>);
    impl From<db::Error> for Undone {
        fn from(e: db::Error) -> Undone {
            panic!("{e}")
        }
    }
    let Err(Undone(found)) = db
        .write("undone", async move |tx: &mut Tx| {
            for text in &texts {
                tx.exec(text, &[]).await?;
            }
            let mut all = db::check(tx, work::LAWS).await?;
            all.extend(work::audit::verify(tx).await.unwrap());
            Err::<(), _>(Undone(all.into_iter().map(|v| v.law).collect()))
        })
        .await
    else {
        unreachable!("the unit fails on purpose")
    };
    found
}

testkit::on_both! {
    migrations = &[work::MIGRATIONS];

    async fn tells_each_event_and_matches_each_subject(db) {
        let db = subscribed(db);
        let ctx = testkit::ctx();
        let (told, matched) = (counter(Outcome::Done), counter(Outcome::Done));
        for _ in 0..3 { tell(&db, &ctx, 7).await; }
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.tell", told.clone()), ("t.match", matched.clone())], vec![]);
        runner.run_due().await.unwrap();
        assert_eq!((told.0.load(Ordering::SeqCst), matched.0.load(Ordering::SeqCst)), (3, 1));
        tell(&db, &ctx, 7).await; // a done match task is due again
        runner.run_due().await.unwrap();
        assert_eq!((told.0.load(Ordering::SeqCst), matched.0.load(Ordering::SeqCst)), (4, 2));
        assert!(broken(&db).await.is_empty());
        sql(&db, "delete from task where mode = 'tell'").await;
        assert_eq!(broken(&db).await, ["work.every_event_has_its_tasks"; 4]);
    }

    async fn retries_then_dies_with_an_alert_then_replays(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let err = counter(Outcome::Done);
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| work::enqueue(tx, &c, &work::NewTask { kind: "t.err", key: "k".into(), mode: Mode::Tell, subject: None, payload: serde_json::json!({}), due_at: c.now() }).await).await.unwrap();
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.err", err.clone())], vec![]);
        for i in 1..=10 {
            assert_eq!(runner.run_due().await.unwrap(), 1, "try {i}");
            assert_eq!(runner.run_due().await.unwrap(), 0, "not before its time");
            clock.advance(Duration::from_secs(3_600));
        }
        assert_eq!(runner.run_due().await.unwrap(), 0);
        let permit = ctx.permit().unwrap();
        let dead = db.read(async |tx: &mut Tx| work::queue::tasks(tx, &permit, "dead", None, Default::default()).await).await.unwrap().rows;
        assert_eq!((dead.len(), dead[0].attempts), (1, 10));
        assert!(dead[0].last_error.as_deref().unwrap().contains("it does not work"));
        assert_eq!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        assert!(broken(&db).await.is_empty());
        sql(&db, "update task set leased_by = id").await;
        assert_eq!(broken(&db).await, ["work.done_tasks_have_no_lease"]);
        sql(&db, "update alert set resolved_at = 1").await;
        assert!(broken(&db).await.contains(&"work.dead_tasks_raise_alerts"));
        sql(&db, "update alert set resolved_at = null").await;
        sql(&db, "update task set leased_by = null").await;
        // an ordinary click: the alert is put away, the task stays dead, and the law holds
        let (key, c) = (format!("task:{}", dead[0].id), ctx.clone());
        assert!(db.write("put_away", async move |tx: &mut Tx| work::alerts::put_away(tx, &c, &key).await).await.unwrap());
        assert!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().is_empty());
        assert!(broken(&db).await.is_empty());
        let verbs: Vec<(String,)> = db.read(async |tx: &mut Tx| tx.all("select verb from audit", &[]).await).await.unwrap();
        assert_eq!(verbs, [("alert.put_away".to_owned(),)]);
        let (id, c) = (dead[0].id, ctx.clone());
        assert!(db.write("replay", async move |tx: &mut Tx| work::queue::replay(tx, &c, &c.permit().unwrap(), id).await).await.unwrap());
        assert_eq!(runner.run_due().await.unwrap(), 1);
        // it dies again: another alert, whatever was put away before
        for _ in 1..10 {
            clock.advance(Duration::from_secs(3_600));
            assert_eq!(runner.run_due().await.unwrap(), 1);
        }
        assert_eq!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        sql(&db, "delete from alert where resolved_at is null").await;
        assert_eq!(broken(&db).await, ["work.dead_tasks_raise_alerts"]);
    }

    async fn a_dead_task_that_succeeds_after_all_takes_its_alert_along(db) {
        let db = subscribed(db);
        let ctx = testkit::ctx();
        tell(&db, &ctx, 7).await;
        let none = counter(Outcome::Done);
        let fails = counter(Outcome::Fail { why: "no".into() });
        Runner::new(db.clone(), ctx.clone(), vec![("t.tell", none.clone()), ("t.match", fails)], vec![]).run_due().await.unwrap();
        assert_eq!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        tell(&db, &ctx, 7).await; // asked for again
        let well = counter(Outcome::Done);
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.tell", none), ("t.match", well.clone())], vec![]);
        runner.run_due().await.unwrap();
        assert_eq!(well.0.load(Ordering::SeqCst), 1);
        assert!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().is_empty());
        assert!(broken(&db).await.is_empty());
        sql(&db, "update alert set resolved_at = null").await;
        assert_eq!(broken(&db).await, ["work.alerts_end_with_their_task"]);
    }

    async fn a_scan_repairs_what_was_lost_and_leaves_the_dead(db) {
        let db = subscribed(db);
        let ctx = testkit::ctx();
        tell(&db, &ctx, 1).await;
        let matched = counter(Outcome::Done);
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.tell", matched.clone()), ("t.match", matched)], vec![]);
        runner.run_due().await.unwrap();
        let repair = async |keys: [&'static str; 1]| {
            let c = ctx.clone();
            db.write("repair", async move |tx: &mut Tx| {
                let task = |key: &&str| work::NewTask { kind: "t.match", key: (*key).to_owned(), mode: Mode::Match, subject: None, payload: serde_json::json!({}), due_at: c.now() };
                work::repair(tx, &c, &keys.iter().map(task).collect::<Vec<_>>()).await
            }).await.unwrap();
            runner.run_due().await.unwrap()
        };
        let known = "00000000000000000000000000000001";
        assert_eq!(repair([known]).await, 1, "done, and done again");
        assert_eq!(repair(["another"]).await, 1, "lost");
        sql(&db, "update task set state = 'dead' where key = 'another'").await;
        assert_eq!(repair(["another"]).await, 0, "a dead one waits for a person");
    }

    async fn waiting_long_is_no_failure(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let h = Arc::new(Patient(AtomicUsize::new(0)));
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| work::enqueue(tx, &c, &work::NewTask { kind: "t.wait", key: "k".into(), mode: Mode::Tell, subject: None, payload: serde_json::json!({}), due_at: c.now() }).await).await.unwrap();
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.wait", h.clone())], vec![]);
        for _ in 0..45 {
            runner.run_due().await.unwrap();
            clock.advance(Duration::from_secs(3_600));
        }
        assert_eq!(h.0.load(Ordering::SeqCst), 41, "forty times not yet, a hiccup in between every third, and done");
        assert_eq!(db.read(async |tx: &mut Tx| tx.value::<String>("select state from task", &[]).await).await.unwrap(), "done");
        assert!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().is_empty());
    }

    async fn a_panic_is_an_answer(db) {
        let ctx = testkit::ctx();
        let h = counter(Outcome::Done);
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| work::enqueue(tx, &c, &work::NewTask { kind: "t.panic", key: "k".into(), mode: Mode::Tell, subject: None, payload: serde_json::json!({}), due_at: c.now() }).await).await.unwrap();
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.panic", h)], vec![]);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let why: Option<String> = db.read(async |tx: &mut Tx| tx.value("select last_error from task", &[]).await).await.unwrap();
        assert!(why.unwrap().contains("panicked"));
    }

    async fn a_list_of_tasks_is_walked_by_its_cursor(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        for n in 0..5u8 {
            let (c, due_at) = (ctx.clone(), ctx.now().plus(Duration::from_secs(u64::from(n / 2))));
            db.write("ask", async move |tx: &mut Tx| {
                let task = work::NewTask { kind: "walked", key: n.to_string(), mode: Mode::Match, subject: None, payload: serde_json::json!({}), due_at };
                work::enqueue(tx, &c, &task).await
            }).await.unwrap();
        }
        clock.advance(Duration::from_secs(1));
        let permit = ctx.permit().unwrap();
        let (mut seen, mut after) = (vec![], None);
        loop {
            let page = db.read(async |tx: &mut Tx| work::queue::tasks(tx, &permit, "due", after.as_ref(), kernel::PageSize::new(2)).await).await.unwrap();
            seen.extend(page.rows.into_iter().map(|t| t.key));
            match page.next {
                Some(next) => after = Some(kernel::Cursor::decode(&next).unwrap()),
                None => break,
            }
        }
        seen.sort();
        assert_eq!(seen, ["0", "1", "2", "3", "4"], "each once");
    }

    async fn whoever_holds_a_task_keeps_it(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let c = ctx.clone();
        let job = db.write("ask", async move |tx: &mut Tx| {
            let task = work::NewTask { kind: "long", key: "a".into(), mode: Mode::Match, subject: None, payload: serde_json::json!({}), due_at: c.now() };
            work::enqueue_leased(tx, &c, &task, Duration::from_secs(60)).await
        }).await.unwrap();
        let extend = async |ctx: &Ctx, job: &Job| {
            let (ctx, job) = (ctx.clone(), job.clone());
            db.write("extend", async move |tx: &mut Tx| work::extend(tx, &ctx, &job, Duration::from_secs(60)).await).await.unwrap()
        };
        clock.advance(Duration::from_secs(50));
        assert!(extend(&ctx, &job).await);
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("long", counter(Outcome::Done))], vec![]);
        clock.advance(Duration::from_secs(50));
        assert_eq!(runner.run_due().await.unwrap(), 0, "nobody takes what is held");
        clock.advance(Duration::from_secs(11));
        assert_eq!(runner.run_due().await.unwrap(), 1, "a lease that is over is taken");
        assert!(!extend(&ctx, &job).await, "and whoever had it must stop");
    }

    async fn many_runners_share_without_doubling(db) {
        let db = subscribed(db);
        let ctx = testkit::ctx();
        let told = counter(Outcome::Done);
        for i in 0..40 { tell(&db, &ctx, i).await; }
        let tasks: Vec<_> = (0..4).map(|i| {
            let runner = Runner::new(db.clone(), testkit::ctx_at(testkit::clock(), 100 + i), vec![("t.tell", told.clone()), ("t.match", told.clone())], vec![Schedule { kind: "t.tell", every: Duration::from_secs(60) }]);
            tokio::spawn(async move { runner.run_due().await.unwrap() })
        }).collect();
        for t in tasks { t.await.unwrap(); }
        assert_eq!(told.0.load(Ordering::SeqCst), 81, "40 told, 40 matched, one schedule");
    }

    async fn a_lease_that_runs_out_is_taken_over(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let h = counter(Outcome::Done);
        let c = ctx.clone();
        let job = db.write("t", async move |tx: &mut Tx| work::enqueue_leased(tx, &c, &work::NewTask { kind: "t.x", key: "k".into(), mode: Mode::Tell, subject: None, payload: serde_json::json!({}), due_at: c.now() }, Duration::from_secs(30)).await).await.unwrap();
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.x", h.clone())], vec![]);
        assert_eq!(runner.run_due().await.unwrap(), 0, "somebody has it");
        clock.advance(Duration::from_secs(31));
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let c = ctx.clone();
        assert!(!db.write("t", async move |tx: &mut Tx| work::finish(tx, &c, &job).await).await.unwrap(), "it was done meanwhile");
    }

    async fn what_was_claimed_and_not_begun_is_given_back(db) {
        let ctx = testkit::ctx();
        let gate = Arc::new(Gate(AtomicUsize::new(0), tokio::sync::Semaphore::new(0)));
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| {
            for n in 0..20 {
                let task = work::NewTask { kind: "t.gate", key: n.to_string(), mode: Mode::Tell, subject: None, payload: serde_json::json!({}), due_at: c.now() };
                work::enqueue(tx, &c, &task).await?;
            }
            Ok::<_, work::Error>(())
        }).await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let runner = Arc::new(Runner::new(db.clone(), ctx.clone(), vec![("t.gate", gate.clone())], vec![]));
        let running = tokio::spawn(runner.run(stopped));
        while gate.0.load(Ordering::SeqCst) < 8 { tokio::time::sleep(Duration::from_millis(5)).await; }
        let count = async |text: &'static str| db.read(async |tx: &mut Tx| tx.value::<i64>(text, &[]).await).await.unwrap();
        assert_eq!(count("select cast(count(*) as bigint) from task where leased_by is not null").await, 20);
        stop.send(true).unwrap();
        while count("select cast(count(*) as bigint) from task where leased_by is not null").await > 8 { tokio::time::sleep(Duration::from_millis(5)).await; }
        gate.1.add_permits(8);
        running.await.unwrap();
        assert_eq!(gate.0.load(Ordering::SeqCst), 8, "those in hand were waited for");
        assert_eq!(count("select cast(count(*) as bigint) from task where state = 'due' and leased_by is null and attempts = 0").await, 12);
        // and another takes them at once
        gate.1.add_permits(12);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let other = Arc::new(Runner::new(db.clone(), ctx, vec![("t.gate", gate.clone())], vec![]));
        let running = tokio::spawn(other.run(stopped));
        while count("select cast(count(*) as bigint) from task where state = 'due'").await > 0 { tokio::time::sleep(Duration::from_millis(5)).await; }
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(gate.0.load(Ordering::SeqCst), 20);
    }

    async fn the_feed_misses_nothing(db) {
        let ctx = testkit::ctx();
        let mut feed = Feed::from_now(&db, &ctx).await.unwrap();
        let writers: Vec<_> = (0..60u128).map(|i| { let (db, c) = (db.clone(), ctx.clone()); tokio::spawn(async move {
            let r: Result<(), work::Error> = db.write("touch", async move |tx: &mut Tx| {
                work::touch(tx, &c, "product", uuid::Uuid::from_u128(i)).await?;
                if tx.engine() == db::Engine::Postgres { tokio::time::sleep(Duration::from_millis((i % 7) as u64 * 4)).await; }
                if i % 10 == 3 { return Err(db::Error::NoRow.into()); }
                Ok(())
            }).await;
            assert_eq!(r.is_ok(), i % 10 != 3);
        })}).collect();
        let mut seen = vec![];
        for _ in 0..60 {
            seen.extend(feed.next(&db, &ctx).await.unwrap().unwrap().into_iter().map(|c| c.id.as_u128()));
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        for w in writers { w.await.unwrap(); }
        seen.extend(feed.next(&db, &ctx).await.unwrap().unwrap().into_iter().map(|c| c.id.as_u128()));
        seen.sort_unstable();
        assert_eq!(seen, (0..60).filter(|i| i % 10 != 3).collect::<Vec<u128>>(), "each once, whoever was still writing");
    }

    async fn the_audit_chain_is_sealed_and_notices_tampering(db) {
        let ctx = testkit::ctx();
        for i in 0..5u128 {
            let c = ctx.clone();
            db.write("deed", async move |tx: &mut Tx| work::audit(tx, &c, &work::Deed { verb: "x.change", subject_kind: "x", subject: uuid::Uuid::from_u128(i), before: None, after: Some(serde_json::json!({"n": i as u64})), note: None }).await).await.unwrap();
        }
        assert_eq!(work::audit::seal(&db).await.unwrap(), 5);
        assert_eq!(work::audit::seal(&db).await.unwrap(), 0);
        assert!(broken(&db).await.is_empty());
        sql(&db, "update audit set payload = null, salt = null where seal = 2").await; // an erasure
        assert!(broken(&db).await.is_empty());
        sql(&db, "update audit set payload = '{}' where seal = 3").await;
        assert_eq!(broken(&db).await.len(), 1);
        sql(&db, "delete from audit where seal = 4").await;
        assert!(broken(&db).await.len() >= 2);
    }

    async fn no_column_of_a_sealed_row_can_be_changed_and_no_tail_cut_off(db) {
        let ctx = testkit::ctx();
        deeds(&db, &ctx, 3).await;
        work::audit::seal(&db).await.unwrap();
        let other = "'00000000-0000-0000-0000-000000000009'";
        let columns = [
            ("store_id", if db.engine() == db::Engine::Sqlite { "x'00000000000000000000000000000009'" } else { other }),
            ("at", "1"), ("actor_kind", "'key'"), ("actor_name", "'Somebody'"), ("verb", "'x.other'"), ("subject_kind", "'y'"),
            ("actor_id", "subject_id"), ("subject_id", "id"), ("payload_hash", "salt"),
        ];
        for (column, value) in columns {
            let found = undone(&db, vec![format!("update audit set {column} = {value} where seal = 2")]).await;
            assert!(found.contains(&"work.audit_chain_unbroken"), "{column}");
        }
        for cut in ["delete from audit where seal = 3", "delete from audit", "delete from audit_end"] {
            assert_eq!(undone(&db, vec![cut.to_owned()]).await, ["work.audit_chain_unbroken"], "{cut}");
        }
        assert!(undone(&db, vec![]).await.is_empty());
    }

    async fn what_is_never_sealed_is_noticed(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        deeds(&db, &ctx, 1).await;
        clock.advance(Duration::from_secs(601));
        assert!(broken(&db).await.is_empty(), "nothing happened since");
        deeds(&db, &ctx, 1).await;
        assert_eq!(broken(&db).await, ["work.audit_rows_are_sealed"]);
        work::audit::seal(&db).await.unwrap();
        assert!(broken(&db).await.is_empty());
    }

    async fn every_law_is_broken_once(db) {
        let ctx = testkit::ctx();
        let db = subscribed(db);
        tell(&db, &ctx, 1).await;
        let tried: Vec<(&str, &str)> = vec![
            ("work.every_event_has_its_tasks", "delete from task where mode = 'tell'"),
            ("work.dead_tasks_raise_alerts", "update task set state = 'dead'"),
            ("work.alerts_end_with_their_task", "insert into alert (id, key, text, subject_id, at) select id, 'task:x', '', id, 1 from task where mode = 'match'; update task set state = 'done'"),
            ("work.audit_rows_are_sealed", "insert into audit (id, store_id, at, actor_kind, actor_name, verb, subject_kind, subject_id, payload_hash) select id, id, 1, '', '', '', '', id, body.b from event, (select cast('x' as {bytes}) as b) body"),
            ("work.done_tasks_have_no_lease", "update task set state = 'done', leased_by = id"),
        ];
        testkit::every_law_was_broken(work::LAWS, &tried.iter().map(|(law, _)| *law).collect::<Vec<_>>());
        for (law, text) in tried {
            let bytes = if db.engine() == db::Engine::Sqlite { "blob" } else { "bytea" };
            let found = undone(&db, text.split("; ").map(|t| t.replace("{bytes}", bytes)).collect()).await;
            assert!(found.contains(&law), "{law} was not broken: {found:?}");
        }
    }

    async fn idempotency_keys(db) {
        let ctx = testkit::ctx();
        let (a, b) = (work::idempotency::hash(b"a"), work::idempotency::hash(b"b"));
        let (c, id) = (ctx.clone(), uuid::Uuid::from_u128(9));
        db.write("keep", async move |tx: &mut Tx| work::idempotency::keep(tx, &c, "s", "k", &a, id).await).await.unwrap();
        db.read(async |tx: &mut Tx| {
            assert_eq!(work::idempotency::find(tx, "s", "k", &a).await.unwrap(), Some(id));
            assert_eq!(work::idempotency::find(tx, "s", "other", &a).await.unwrap(), None);
            assert!(matches!(work::idempotency::find(tx, "s", "k", &b).await, Err(work::Error::KeyReused)));
            Ok::<_, db::Error>(())
        }).await.unwrap();
        let c = ctx.clone();
        let again = db.write("keep", async move |tx: &mut Tx| work::idempotency::keep(tx, &c, "s", "k", &a, id).await).await;
        assert!(matches!(again, Err(work::Error::Db(e)) if e.is_unique()));
    }

    async fn what_is_past_its_time_goes(db) {
        let clock = testkit::clock();
        let db = subscribed(db);
        let ctx = testkit::ctx_at(clock.clone(), 1);
        let h = counter(Outcome::Done);
        tell(&db, &ctx, 1).await;
        let runner = Runner::new(db.clone(), ctx.clone(), vec![("t.tell", h.clone()), ("t.match", h)], vec![]);
        runner.run_due().await.unwrap();
        assert_eq!(work::expire(&db, &ctx).await.unwrap(), 0);
        clock.advance(work::HORIZON + Duration::from_secs(1));
        assert_eq!(work::expire(&db, &ctx).await.unwrap(), 3);
    }

    async fn every_text_holds(db) {
        for text in db::texts() { if let Err(e) = db.prepare(text).await { panic!("{e}\n{text}"); } }
        let _ = params![1];
    }
}
