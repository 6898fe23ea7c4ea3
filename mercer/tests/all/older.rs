//! A database as an older Mercer left it: a backup is made, then what is due runs; what fails changes nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use db::{Db, Engine, Migrations, Target, Tx};
use testkit::TestDb;

/// As far as the first Mercer went.
fn first_ones() -> Vec<Migrations> {
    mercer::migrations().into_iter().map(|m| Migrations { files: &m.files[..1], ..m }).collect()
}

fn due() -> usize {
    mercer::migrations().iter().map(|m| m.files.len() - 1).sum()
}

fn migrate(test: &TestDb) -> Output {
    let db = match &test.target {
        Target::File(path) => path.display().to_string(),
        Target::Postgres(url) => url.clone(),
    };
    Command::new(env!("CARGO_BIN_EXE_mercer"))
        .args(["migrate", "--db", &db])
        .env("MERCER_DIR", test.dir())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn ended(output: &Output, code: i32) -> String {
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{all}");
    all
}

fn backups(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir.join("backups")).into_iter().flatten();
    entries.map(|e| e.unwrap().path()).collect()
}

/// Something to lose, in words that the first schema knows.
async fn an_alert(db: &Db) {
    db.write("alert", async |tx: &mut Tx| {
        let text =
            "insert into alert (id, key, text, at) values ($1, 'old', 'Written by an older Mercer', 1)";
        tx.exec(text, db::params![uuid::Uuid::from_u128(1)]).await
    })
    .await
    .unwrap();
}

async fn alerts(db: &Db) -> i64 {
    let text = "select cast(count(*) as bigint) from alert where text like '%older%'";
    db.read(async |tx: &mut Tx| tx.value(text, &[]).await).await.unwrap()
}

async fn comes_up_to_date(engine: Engine) {
    let Some(test) = testkit::fresh(engine, &first_ones()).await else {
        return testkit::skipped("comes_up_to_date");
    };
    an_alert(&test.db).await;
    assert!(due() > 0, "without a second migration this test proves nothing");
    let said = ended(&migrate(&test), 0);
    assert!(said.contains("up to date"), "{said}");
    let (now, then) = (db::applied(&test.db).await.unwrap(), backups(test.dir()));
    assert_eq!(now.len(), mercer::migrations().iter().map(|m| m.files.len()).sum::<usize>());
    assert_eq!((alerts(&test.db).await, then.len()), (1, 1));
    ended(&migrate(&test), 0);
    assert_eq!(backups(test.dir()).len(), 1, "nothing was due: nothing to be copied");
    // the backup is the shop as it was before
    let old = match engine {
        Engine::Sqlite => Db::open_relaxed(&Target::File(then[0].clone())).await.unwrap(),
        Engine::Postgres => {
            let fresh = testkit::fresh(Engine::Sqlite, &[]).await.unwrap();
            let at = kernel::Timestamp(2);
            mercer::backup::restore(&fresh.db, fresh.dir(), &then[0], false, at).await.unwrap();
            assert_eq!(alerts(&fresh.db).await, 1);
            assert_eq!(db::applied(&fresh.db).await.unwrap().len(), first_ones().len());
            return;
        }
    };
    assert_eq!(alerts(&old).await, 1);
    assert_eq!(db::applied(&old).await.unwrap().len(), first_ones().len());
}

async fn fails_and_changes_nothing(engine: Engine) {
    let Some(test) = testkit::fresh(engine, &first_ones()).await else {
        return testkit::skipped("fails_and_changes_nothing");
    };
    an_alert(&test.db).await;
    // the last statements of a migration find the name taken: all that ran before them must be undone
    test.db
        .write("in_the_way", async |tx: &mut Tx| tx.script("create table audit_end (x bigint)").await)
        .await
        .unwrap();
    let said = ended(&migrate(&test), 65);
    assert!(said.contains("work/0002_watch"), "{said}");
    assert_eq!(db::applied(&test.db).await.unwrap().len(), first_ones().len());
    assert_eq!((alerts(&test.db).await, backups(test.dir()).len()), (1, 1));
    let column = "select resolved_by_kind from alert";
    assert!(test.db.prepare(column).await.is_err(), "a part of the migration stayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn comes_up_to_date_on_sqlite() {
    comes_up_to_date(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn comes_up_to_date_on_postgres() {
    comes_up_to_date(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fails_and_changes_nothing_on_sqlite() {
    fails_and_changes_nothing(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fails_and_changes_nothing_on_postgres() {
    fails_and_changes_nothing(Engine::Postgres).await;
}
