//! What must be true of the program's SQL and migrations.

use std::collections::HashSet;

testkit::on_both! {
    migrations = &mercer::migrations();

    async fn every_sql_text_prepares(db) {
        let mut wrong = vec![];
        let texts: HashSet<&str> = db::texts().iter().copied().collect();
        for text in &texts {
            if let Err(e) = db.prepare(text).await {
                wrong.push(format!("{e}\n    {text}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {} texts do not prepare on {}:\n{}", wrong.len(), texts.len(), db.engine().name(), wrong.join("\n"));
    }

    async fn an_empty_shop_breaks_no_law(db) {
        let found = mercer::examine(&db).await.unwrap();
        assert!(found.violations.is_empty(), "{:?}", found.violations);
        assert_eq!(found.laws.len(), mercer::laws().len() + 1);
    }

    async fn both_engines_have_the_same_tables(db) {
        // columns' kinds and names decide whether a backup of one fits the other
        let here = db.read(async |tx: &mut db::Tx| db::schema::tables(tx).await).await.unwrap();
        let lite = testkit::fresh(db::Engine::Sqlite, &mercer::migrations()).await.unwrap();
        let there = lite.db.read(async |tx: &mut db::Tx| db::schema::tables(tx).await).await.unwrap();
        let shape = |tables: &[db::schema::Table]| -> Vec<(String, Vec<(String, &str)>)> {
            let columns = |t: &db::schema::Table| t.columns.iter().map(|c| (c.name.clone(), c.kind.name())).collect();
            let mut all: Vec<_> = tables.iter().map(|t| (t.name.clone(), columns(t))).collect();
            all.sort();
            all
        };
        assert_eq!(shape(&here), shape(&there));
    }
}

/// The linker must have kept the texts of every module, else the test above proves little.
#[test]
fn every_laws_text_is_registered() {
    let texts: HashSet<&str> = db::texts().iter().copied().collect();
    for law in mercer::laws() {
        assert!(texts.contains(law.sql), "{} is not written with db::sql!", law.name);
    }
}

#[test]
fn names_are_unique() {
    let mut laws: Vec<&str> = mercer::laws().iter().map(|l| l.name).collect();
    let all = laws.len();
    laws.sort_unstable();
    laws.dedup();
    assert_eq!(laws.len(), all, "two laws share a name");
    for law in mercer::laws() {
        assert!(
            law.name.starts_with("flows.")
                || mercer::modules()
                    .iter()
                    .any(|m| law.name.starts_with(&format!("{}.", m.migrations.module))),
            "{}",
            law.name
        );
    }
}

/// A schedule without a handler would make tasks that nobody can do.
#[tokio::test]
async fn every_schedule_has_its_handler() {
    let test = testkit::fresh(db::Engine::Sqlite, &mercer::migrations()).await.unwrap();
    for test_bank in [true, false] {
        let outside = mercer::Outside::open(test.dir(), None, "http://localhost", test_bank).await.unwrap();
        let kinds: Vec<&str> = mercer::handlers(&test.db, &outside).iter().map(|(kind, _)| *kind).collect();
        for schedule in mercer::schedules(test_bank) {
            assert!(kinds.contains(&schedule.kind), "{} has no handler", schedule.kind);
        }
        let unique: HashSet<_> = kinds.iter().collect();
        assert_eq!(unique.len(), kinds.len(), "two handlers for one kind");
    }
}

/// Nobody pays a shop that sells with a bank for trying out.
#[tokio::test]
async fn the_test_bank_is_where_it_is_asked_for() {
    let test = testkit::fresh(db::Engine::Sqlite, &mercer::migrations()).await.unwrap();
    for test_bank in [true, false] {
        let outside = mercer::Outside::open(test.dir(), None, "http://localhost", test_bank).await.unwrap();
        assert_eq!(outside.providers.get("test").is_some(), test_bank);
        assert!(outside.providers.get("bank_transfer").is_some());
        let ways = outside.flows(&test.db).ways(&site::PaymentMethods { enabled: Some(vec!["test".into()]) });
        assert_eq!(ways.len(), usize::from(test_bank));
    }
}

/// A database that was made with the order of a language (a managed PostgreSQL's usual way) compares as SQLite does.
#[tokio::test]
async fn a_database_of_a_language_still_compares_bytes() {
    let Some(pg) = testkit::postgres() else { return testkit::skipped("a_database_of_a_language") };
    pg.run("create database german template template0 locale_provider icu icu_locale 'de-DE' locale 'C'");
    let db = db::Db::open_relaxed(&db::Target::Postgres(pg.url("german"))).await.unwrap();
    let greater = "select 'B' > 'a'";
    assert!(
        db.read(async |tx: &mut db::Tx| tx.value::<bool>(greater, &[]).await).await.unwrap(),
        "it is German"
    );
    db::migrate(&db, &mercer::migrations(), kernel::Timestamp(0)).await.unwrap();
    assert_eq!(
        db::migrate(&db, &mercer::migrations(), kernel::Timestamp(0)).await.unwrap(),
        0,
        "once is enough"
    );
    crate::filled::fill(&db).await;
    let left: i64 = db
        .read(async |tx: &mut db::Tx| {
            let text = "select count(*) from information_schema.columns
                        where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'C'";
            tx.value(text, &[]).await
        })
        .await
        .unwrap();
    assert_eq!(left, 0, "columns in the order of a language");
    let ctx = testkit::ctx();
    let found = db
        .write("names", async move |tx: &mut db::Tx| -> Result<Vec<(String,)>, db::Error> {
            for (number, name) in ["anna", "Berta", "Änne", "\u{10ffff}"].into_iter().enumerate() {
                let key = format!("{number}@example.com");
                let text = "insert into customer (id, store_id, email, email_key, name, locale, created_at, updated_at)
                            values ($1, $2, $3, $3, $4, 'de', 0, 0)";
                let id: kernel::CustomerId = ctx.id();
                tx.exec(text, db::params![id, ctx.store.id, &*key, name]).await?;
            }
            let text = "select name from customer where name >= 'B' order by name";
            tx.all::<(String,)>(text, &[]).await
        })
        .await
        .unwrap();
    let found: Vec<&str> = found.iter().map(|(name,)| name.as_str()).collect();
    assert_eq!(found, ["Berta", "anna", "Änne", "\u{10ffff}"]);
    assert!(mercer::examine(&db).await.unwrap().violations.is_empty());
}
