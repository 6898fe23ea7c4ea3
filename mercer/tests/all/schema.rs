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
