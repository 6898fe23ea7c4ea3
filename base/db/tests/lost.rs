//! What is lost, what is not: a transaction that SQLite gave up as a whole, a commit that failed, a process that died
//! after a commit, a transaction that lost against another.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::{Db, Engine, Error, Migrations, Target, Tx, Unit, params};
use testkit::TestDb;

const M: Migrations = Migrations {
    module: "t",
    files: &[(
        "0001_t",
        "create table t (id bigint primary key);
         create table n (id bigint primary key, v bigint not null);
         insert into n (id, v) values (1, 0), (2, 0);",
    )],
};

async fn ids(db: &Db) -> Vec<i64> {
    let rows: Vec<(i64,)> =
        db.read(async |tx: &mut Tx| tx.all("select id from t order by id", &[]).await).await.unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

async fn insert(db: &Db, id: i64) -> Result<u64, Error> {
    db.write("insert", async move |tx: &mut Tx| tx.exec("insert into t (id) values ($1)", params![id]).await)
        .await
}

async fn sqlite() -> TestDb {
    testkit::fresh(Engine::Sqlite, &[M]).await.unwrap()
}

/// A writer that is held up until the sender goes, so that what is asked for meanwhile shares its transaction.
fn held(db: &Db) -> (std::sync::mpsc::Sender<()>, tokio::task::JoinHandle<Result<u64, Error>>) {
    let (let_go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(parking_lot::Mutex::new(wait));
    let db = db.clone();
    let first = tokio::spawn(async move {
        db.write("first", async move |tx: &mut Tx| {
            let n = tx.exec("insert into t (id) values (1)", &[]).await?;
            let _ = wait.lock().recv(); // an error says that the sender went
            Ok::<_, Error>(n)
        })
        .await
    });
    (let_go, first)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_sqlite_gives_up_the_whole_transaction_all_who_share_it_are_told() {
    let test = sqlite().await;
    let db = test.db.clone();
    let (let_go, first) = held(&db);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let second = tokio::spawn({
        let db = db.clone();
        async move { insert(&db, 2).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    // as a full disk does: the statement's failure takes the whole transaction along, and this unit swallows it
    let third = tokio::spawn({
        let db = db.clone();
        async move {
            db.write("third", async |tx: &mut Tx| {
                let lost = tx.exec("insert or rollback into t (id) values (1)", &[]).await;
                assert!(lost.unwrap_err().is_unique());
                Ok::<_, Error>(0u64)
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(let_go);
    for told in [first, second, third] {
        assert!(matches!(told.await.unwrap(), Err(Error::TransactionLost(_))));
    }
    assert!(ids(&db).await.is_empty());
    insert(&db, 4).await.unwrap();
    assert_eq!(ids(&db).await, [4], "and the writer goes on");
}

/// The test's own program again, as a child that comes to its end in `name`.
fn child(name: &str, dir: &std::path::Path) -> std::process::Output {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env("MERCER_TEST_DIES_IN", dir)
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_commit_ends_the_process() {
    if let Some(dir) = std::env::var_os("MERCER_TEST_DIES_IN") {
        let target = Target::File(std::path::Path::new(&dir).join("mercer.db"));
        let db = Db::open(&target).await.unwrap();
        insert(&db, 1).await.unwrap();
        let last = db
            .write("last", async |tx: &mut Tx| {
                tx.exec("insert into t (id) values (2)", &[]).await?;
                // refused only when it is committed: what no migration of ours may have stands for a broken disk
                tx.exec("insert into late (id) values (99)", &[]).await
            })
            .await;
        panic!("the process outlived its failed commit: {last:?}");
    }
    let test = sqlite().await;
    test.db
        .write("late", async |tx: &mut Tx| {
            tx.script("create table late (id bigint references t (id) deferrable initially deferred)").await
        })
        .await
        .unwrap();
    let dir = test.dir().to_owned();
    let output =
        tokio::task::spawn_blocking(move || child("a_failed_commit_ends_the_process", &dir)).await.unwrap();
    assert_eq!(output.status.code(), Some(74), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(ids(&test.again().await).await, [1], "what was acknowledged is there, the rest is not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn awaiting_something_else_inside_a_transaction_fails_at_once_and_alone() {
    let test = sqlite().await;
    let db = test.db.clone();
    let (let_go, first) = held(&db);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waits = tokio::spawn({
        let db = db.clone();
        async move {
            db.write("waits", async |tx: &mut Tx| {
                tx.exec("insert into t (id) values (2)", &[]).await?;
                std::future::pending::<()>().await; // an answer from outside, say
                Ok::<_, Error>(())
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(let_go);
    let Err(Error::Panicked(why)) = waits.await.unwrap() else { panic!("it was let through") };
    assert!(why.contains("awaited something that is not the database"), "{why}");
    assert_eq!(first.await.unwrap().unwrap(), 1, "who shared its transaction does not feel it");
    assert_eq!(ids(&db).await, [1]);
}

/// The first unit of a transaction has no savepoint: it takes the transaction along, and nobody else's work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_unit_that_fails_fails_alone() {
    let test = sqlite().await;
    let db = test.db.clone();
    let (let_go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(parking_lot::Mutex::new(wait));
    let first = tokio::spawn({
        let db = db.clone();
        async move {
            db.write("first", async move |tx: &mut Tx| {
                tx.exec("insert into t (id) values (1)", &[]).await?;
                let _ = wait.lock().recv();
                tx.exec("insert into t (id) values (1)", &[]).await
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (commits, units) = (db.stats().commits(), db.stats().units());
    let wait_for = |id| {
        let db = db.clone();
        tokio::spawn(async move { insert(&db, id).await })
    };
    let second = wait_for(2);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let third = wait_for(2);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let fourth = wait_for(4);
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(let_go);
    assert!(first.await.unwrap().unwrap_err().is_unique(), "it is told its own failure");
    assert_eq!(second.await.unwrap().unwrap(), 1);
    assert!(third.await.unwrap().unwrap_err().is_unique(), "a later one rolls back to its savepoint");
    assert_eq!(fourth.await.unwrap().unwrap(), 1);
    assert_eq!(ids(&db).await, [2, 4]);
    assert_eq!(
        db.stats().commits() - commits,
        1,
        "those who waited share a commit; nothing was committed before"
    );
    assert!(db.stats().units() - units >= 2);
}

async fn dies_after_its_commit(engine: Engine) {
    let Some(test) = testkit::fresh(engine, &[M]).await else {
        return testkit::skipped("dies_after_its_commit");
    };
    test.db.faults().arm(1); // one point before a write, one after
    assert!(matches!(insert(&test.db, 1).await, Err(Error::Crashed)));
    assert!(matches!(insert(&test.db, 2).await, Err(Error::Crashed)), "a dead process writes no more");
    assert_eq!(ids(&test.again().await).await, [1], "its next start finds what was committed");
    let before = test.again().await;
    before.faults().arm(0);
    assert!(matches!(insert(&before, 3).await, Err(Error::Crashed)));
    assert_eq!(ids(&test.again().await).await, [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_dies_after_its_commit_on_sqlite() {
    dies_after_its_commit(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_dies_after_its_commit_on_postgres() {
    dies_after_its_commit(Engine::Postgres).await;
}

/// Reads what another then writes, and writes what it read: once it must lose, and see the other when it runs again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_against_another_runs_again() {
    let Some(test) = testkit::fresh(Engine::Postgres, &[M]).await else {
        return testkit::skipped("who_loses_against_another_runs_again");
    };
    let (db, runs) = (test.db.clone(), Arc::new(AtomicUsize::new(0)));
    let (other, count, before) = (db.clone(), runs.clone(), db.stats().retries());
    let told = Arc::new(AtomicUsize::new(0));
    let tell = told.clone();
    db.write("sum", async move |tx: &mut Tx| {
        let sum: i64 = tx.value("select cast(sum(v) as bigint) from n", &[]).await?;
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            let bump = async |tx: &mut Tx| tx.exec("update n set v = v + 5", &[]).await;
            other.write("bump", bump).await?;
        }
        let tell = tell.clone();
        tx.after_commit(move || {
            tell.fetch_add(1, Ordering::SeqCst);
        });
        tx.exec("update n set v = $1 where id = 2", params![sum + 1]).await
    })
    .await
    .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(db.stats().retries() - before, 1);
    assert_eq!(told.load(Ordering::SeqCst), 1, "what was to be said of the lost run is not said");
    let v: i64 =
        db.read(async |tx: &mut Tx| tx.value("select v from n where id = 2", &[]).await).await.unwrap();
    assert_eq!(v, 11);
}

/// Two hold a row each and want the other's: PostgreSQL calls one off, and it runs again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_run_again() {
    let Some(test) = testkit::fresh(Engine::Postgres, &[M]).await else {
        return testkit::skipped("a_deadlock_is_run_again");
    };
    let (gate, runs) = (Arc::new(tokio::sync::Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    let both: Vec<_> = [(1i64, 2i64), (2, 1)]
        .into_iter()
        .map(|(mine, yours)| {
            let (db, gate, runs) = (test.db.clone(), gate.clone(), runs.clone());
            tokio::spawn(async move {
                db.write(Unit::named("cross").read_committed(), async move |tx: &mut Tx| {
                    tx.exec("update n set v = v + 1 where id = $1", params![mine]).await?;
                    if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                        gate.wait().await;
                    }
                    tx.exec("update n set v = v + 1 where id = $1", params![yours]).await
                })
                .await
            })
        })
        .collect();
    for one in both {
        one.await.unwrap().unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    let sum: i64 = test
        .db
        .read(async |tx: &mut Tx| tx.value("select cast(sum(v) as bigint) from n", &[]).await)
        .await
        .unwrap();
    assert_eq!(sum, 4);
}
