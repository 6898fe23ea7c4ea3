//! The data layer on both engines: rows, atomicity, group commit, panics, collisions, fairness.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use db::{Db, Error, Migrations, Tx, Unit, params};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const M: Migrations = Migrations {
    module: "t",
    files: &[(
        "0001_t",
        "create table t (id bigint primary key, name text, flag boolean not null default false, u uuid, at bigint);
         create table n (id bigint primary key, v bigint not null check (v >= 0));
         insert into n (id, v) values (1, 100), (2, 0);",
    )],
};

fn boom() -> Result<(), Error> {
    panic!("boom")
}

async fn count(db: &Db) -> i64 {
    db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from t", &[]).await).await.unwrap()
}

testkit::on_both! {
    migrations = &[M];

    async fn round_trips_every_type(db) {
        let u = uuid::Uuid::from_u128(42);
        db.write("t", async move |tx: &mut Tx| tx.exec("insert into t (id, name, flag, u, at) values ($1, $2, $3, $4, $5)", params![7, "ö 'x'", true, u, None::<i64>]).await).await.unwrap();
        // parameters used out of order and twice
        let row: (i64, Option<String>, bool, uuid::Uuid, Option<i64>) = db
            .read(async |tx: &mut Tx| tx.one("select id, name, flag, u, at from t where u = $2 and id = $1 and $1 = id", params![7, u]).await)
            .await
            .unwrap();
        assert_eq!(row, (7, Some("ö 'x'".into()), true, u, None));
    }

    async fn a_failed_unit_leaves_nothing(db) {
        let r: Result<(), Error> = db.write("t", async |tx: &mut Tx| {
            tx.exec("insert into t (id) values (1)", &[]).await?;
            tx.exec("insert into t (id) values (1)", &[]).await?;
            Ok(())
        }).await;
        assert!(r.unwrap_err().is_unique());
        assert_eq!(count(&db).await, 0);
    }

    async fn a_panic_rolls_back_alone(db) {
        let ok = db.write("good", async |tx: &mut Tx| tx.exec("insert into t (id) values (1)", &[]).await);
        let task = tokio::spawn({ let db = db.clone(); async move {
            db.write("bad", async |tx: &mut Tx| { tx.exec("insert into t (id) values (2)", &[]).await?; boom() }).await
        }});
        ok.await.unwrap();
        let outcome = task.await;
        assert!(!matches!(outcome, Ok(Ok(()))));
        db.write("after", async |tx: &mut Tx| tx.exec("insert into t (id) values (3)", &[]).await).await.unwrap();
        assert_eq!(count(&db).await, 2);
    }

    async fn conditional_takes_never_oversell(db) {
        let taken = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..150).map(|_| { let (db, taken) = (db.clone(), taken.clone()); tokio::spawn(async move {
            let n = db.write(Unit::named("take").read_committed(), async |tx: &mut Tx| tx.exec("update n set v = v - 1 where id = 1 and v >= 1", &[]).await).await.unwrap();
            taken.fetch_add(n as usize, Ordering::SeqCst);
        })}).collect();
        for t in tasks { t.await.unwrap(); }
        assert_eq!(taken.load(Ordering::SeqCst), 100);
    }

    // Each reads both rows and writes one: without serializable isolation and its retry, increments get lost.
    async fn collisions_are_run_again(db) {
        let tasks: Vec<_> = (0..40).map(|i| { let db = db.clone(); tokio::spawn(async move {
            db.write("count", async move |tx: &mut Tx| {
                let sum: i64 = tx.value("select cast(sum(v) as bigint) from n", &[]).await?;
                tx.exec("update n set v = $1 where id = 2", params![sum - 100 + 1]).await?;
                let _ = i;
                Ok::<_, Error>(())
            }).await.unwrap();
        })}).collect();
        for t in tasks { t.await.unwrap(); }
        let v: i64 = db.read(async |tx: &mut Tx| tx.value("select v from n where id = 2", &[]).await).await.unwrap();
        assert_eq!(v, 40);
        if db.engine() == db::Engine::Postgres { assert!(db.stats().retries() > 0, "the test must force collisions"); }
    }

    async fn concurrent_writes_share_commits_and_are_all_told(db) {
        let before = db.stats().commits();
        let tasks: Vec<_> = (0..300i64).map(|i| { let db = db.clone(); tokio::spawn(async move {
            db.write("t", async move |tx: &mut Tx| tx.exec("insert into t (id) values ($1)", params![i % 250]).await).await.is_ok()
        })}).collect();
        let mut ok = 0;
        for t in tasks { ok += i64::from(t.await.unwrap()); }
        assert_eq!((ok, count(&db).await), (250, 250));
        if db.engine() == db::Engine::Sqlite { assert!(db.stats().commits() - before < 250, "group commit"); }
    }

    async fn many_rows_at_once(db) {
        let ids: Vec<i64> = (0..2_000).collect();
        db.write("t", async move |tx: &mut Tx| {
            let params: Vec<db::Val<'_>> = ids.iter().flat_map(|i| [db::Val::Int(*i), db::Val::Text("x")]).collect();
            tx.insert("insert into t (id, name) values", 2, &params, "on conflict do nothing").await
        }).await.unwrap();
        assert_eq!(count(&db).await, 2_000);
        let mut seen = 0;
        db.read(async |tx: &mut Tx| tx.each("select id from t order by id", &[], |_| { seen += 1; Ok(seen < 1_500) }).await).await.unwrap();
        assert_eq!(seen, 1_500);
    }

    async fn hooks_run_only_after_success(db) {
        let hits = Arc::new(AtomicUsize::new(0));
        let (a, b) = (hits.clone(), hits.clone());
        db.write("ok", async move |tx: &mut Tx| { let a = a.clone(); tx.after_commit(move || { a.fetch_add(1, Ordering::SeqCst); }); Ok::<_, Error>(()) }).await.unwrap();
        let _ = db.write("no", async move |tx: &mut Tx| { let b = b.clone(); tx.after_commit(move || { b.fetch_add(10, Ordering::SeqCst); }); Err::<(), _>(Error::NoRow) }).await;
        assert_eq!(hits.load(Ordering::SeqCst), 1);
    }

    async fn a_snapshot_sees_one_moment(db) {
        let other = db.clone();
        db.snapshot(async |tx: &mut Tx| {
            let a: i64 = tx.value("select cast(count(*) as bigint) from t", &[]).await?;
            let write = async move || other.write("t", async |tx: &mut Tx| tx.exec("insert into t (id) values (9)", &[]).await).await.unwrap();
            match tx.engine() {
                // nothing but the database may be awaited here: another thread writes
                db::Engine::Sqlite => std::thread::scope(|s| {
                    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    s.spawn(move || rt.block_on(write())).join().unwrap()
                }),
                db::Engine::Postgres => write().await,
            };
            let b: i64 = tx.value("select cast(count(*) as bigint) from t", &[]).await?;
            assert_eq!((a, b), (0, 0));
            Ok::<_, Error>(())
        }).await.unwrap();
        assert_eq!(count(&db).await, 1, "it was written meanwhile");
    }

    async fn migrations_run_once_and_refuse_changes(db) {
        assert_eq!(db::migrate(&db, &[M], kernel::Timestamp(1)).await.unwrap(), 0);
        let changed = Migrations { module: "t", files: &[("0001_t", "create table other (id bigint)")] };
        assert!(matches!(db::pending(&db, &[changed]).await, Err(Error::Migration(_))));
        assert!(matches!(db::pending(&db, &[]).await, Err(Error::Migration(_))), "a newer database is refused");
        let more = Migrations { module: "u", files: &[("0001_u", "create table u (seq {serial}, x {xid}, b {bytes})")] };
        assert_eq!(db::migrate(&db, &[M, more], kernel::Timestamp(1)).await.unwrap(), 1);
    }

    // a category tree, a numbered feed, a series: what backup and restore stand on
    async fn statements_outlive_a_change_of_their_table(db) {
        if db.engine() == db::Engine::Sqlite { return; }
        db.write("row", async |tx: &mut Tx| tx.exec("insert into t (id, name) values (1, 'b')", &[]).await).await.unwrap();
        let names = async || db.read(async |tx: &mut Tx| tx.all::<(i64, String)>("select id, name from t where id >= $1", params![0]).await).await;
        let written = async || db.write("again", async |tx: &mut Tx| tx.one::<(i64, String)>("update t set flag = true where id = $1 returning id, name", params![1]).await).await;
        names().await.unwrap();
        written().await.unwrap();
        // another process brings the schema on: every connection has prepared the old one
        db.write("change", async |tx: &mut Tx| tx.script("alter table t alter column name type varchar(20)").await).await.unwrap();
        assert_eq!(names().await.unwrap(), [(1, "b".to_owned())]);
        assert_eq!(written().await.unwrap(), (1, "b".to_owned()));
    }

    async fn rows_are_copied_whatever_points_where(db) {
        use db::schema::{self, Cell};
        const TREE: Migrations = Migrations { module: "tree", files: &[("0001_tree",
            "create table branch (id uuid primary key, parent_id uuid references branch (id), open boolean not null);
             create table a_leaf (id uuid primary key, branch_id uuid not null references branch (id), body {bytes});
             create table tick (seq {serial}, xid {xid}, what text not null);
             {series:receipt:501};")] };
        db::migrate(&db, &[M, TREE], kernel::Timestamp(0)).await.unwrap();
        let (root, low) = (uuid::Uuid::from_u128(9), uuid::Uuid::from_u128(1));
        db.write("fill", async move |tx: &mut Tx| {
            tx.exec("insert into branch (id, parent_id, open) values ($1, null, true), ($2, $1, false)", params![root, low]).await?;
            tx.exec("insert into a_leaf (id, branch_id, body) values ($1, $2, $3)", params![root, low, vec![0u8, 255]]).await?;
            tx.exec("insert into tick (what) values ('a'), ('b')", &[]).await?;
            db::next_in_series(tx, "receipt").await
        }).await.unwrap();
        let copied = db.write("copy", async move |tx: &mut Tx| {
            let tables = schema::tables(tx).await?;
            let mut all = vec![];
            for table in &tables {
                let mut rows: Vec<Vec<Cell>> = vec![];
                schema::each_row(tx, table, |row| { rows.push(row); Ok(true) }).await?;
                all.push((table.clone(), rows));
            }
            let series = schema::series(tx).await?;
            schema::drop_everything(tx).await?;
            assert!(schema::tables(tx).await?.is_empty());
            db::migrate_in(tx, &[M, TREE], kernel::Timestamp(0)).await?;
            let fresh = schema::tables(tx).await?;
            schema::empty(tx, &fresh).await?;
            for (table, rows) in &all { schema::put_rows(tx, table, rows).await?; }
            for (table, rows) in &all {
                for row in rows { schema::patch(tx, table, row).await?; }
                schema::renumber(tx, table).await?;
            }
            for (name, last) in &series { schema::set_series(tx, name, *last).await?; }
            Ok::<_, Error>((tables.len(), series))
        }).await.unwrap();
        assert_eq!(copied, (5, vec![("receipt".to_owned(), 501)]));
        let (parent, body, seq, next): (Option<uuid::Uuid>, Vec<u8>, i64, i64) = db.write("look", async move |tx: &mut Tx| {
            Ok::<_, Error>((
                tx.value("select parent_id from branch where id = $1", params![low]).await?,
                tx.value("select body from a_leaf", &[]).await?,
                tx.value("insert into tick (what) values ('c') returning seq", &[]).await?,
                db::next_in_series(tx, "receipt").await?,
            ))
        }).await.unwrap();
        assert_eq!((parent, body, seq, next), (Some(root), vec![0, 255], 3, 502));
    }
}
