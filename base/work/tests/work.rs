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
        let dead = db.read(async |tx: &mut Tx| work::queue::tasks(tx, &permit, "dead", Default::default()).await).await.unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 10));
        assert!(dead[0].last_error.as_deref().unwrap().contains("it does not work"));
        assert_eq!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        assert!(broken(&db).await.is_empty());
        sql(&db, "update task set leased_by = id").await;
        assert_eq!(broken(&db).await, ["work.done_tasks_have_no_lease"]);
        sql(&db, "update alert set resolved_at = 1").await;
        assert!(broken(&db).await.contains(&"work.dead_tasks_raise_alerts"));
        sql(&db, "update task set leased_by = null").await;
        let (id, c) = (dead[0].id, ctx.clone());
        assert!(db.write("replay", async move |tx: &mut Tx| work::queue::replay(tx, &c, &c.permit().unwrap(), id).await).await.unwrap());
        assert_eq!(runner.run_due().await.unwrap(), 1);
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
        let mut seen = std::collections::HashSet::new();
        for _ in 0..60 {
            seen.extend(feed.next(&db, &ctx).await.unwrap().unwrap().into_iter().map(|c| c.id.as_u128()));
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        for w in writers { w.await.unwrap(); }
        seen.extend(feed.next(&db, &ctx).await.unwrap().unwrap().into_iter().map(|c| c.id.as_u128()));
        assert_eq!(seen, (0..60).filter(|i| i % 10 != 3).collect());
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
