use std::collections::HashMap;
use std::future::Future;
use std::sync::OnceLock;

use db::{Db, Engine, Migrations, Target};
use parking_lot::Mutex;

use crate::postgres::{postgres, skipped};

/// A fresh, migrated database that goes with its value.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Where it is, for a second process or handle.
    pub target: Target,
    dir: tempfile::TempDir,
}

impl TestDb {
    /// A folder that goes with the database.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A second handle on the same database, as another process (or the same after a crash) would have.
    pub async fn again(&self) -> Db {
        Db::open_relaxed(&self.target).await.expect("the database opens again")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let (Target::Postgres(url), Some(pg)) = (&self.target, postgres()) {
            self.db.close();
            pg.drop_database(url);
        }
    }
}

/// A fresh, migrated database; `None` (and said loudly) for PostgreSQL where it is not installed.
pub async fn fresh(engine: Engine, migrations: &[Migrations]) -> Option<TestDb> {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let target = match engine {
        Engine::Sqlite => Target::File(dir.path().join("mercer.db")),
        Engine::Postgres => {
            let pg = postgres()?;
            Target::Postgres(pg.database(Some(&template(pg, migrations).await)))
        }
    };
    let db = Db::open_relaxed(&target).await.expect("a test database opens");
    if engine == Engine::Sqlite {
        db::migrate(&db, migrations, kernel::Timestamp(0)).await.expect("migrations run from empty");
    }
    Some(TestDb { db, target, dir })
}

/// Migrating costs more than copying: one template for each set of modules.
async fn template(pg: &crate::Postgres, migrations: &[Migrations]) -> String {
    static MADE: OnceLock<Mutex<HashMap<String, String>>> = OnceLock::new();
    let key: Vec<&str> = migrations.iter().flat_map(|m| m.files.iter().map(|(name, _)| *name)).collect();
    let key = key.join(" ");
    let made = MADE.get_or_init(Mutex::default);
    if let Some(name) = made.lock().get(&key) {
        return name.clone();
    }
    let url = pg.database(None);
    let db = Db::open_relaxed(&Target::Postgres(url.clone())).await.expect("a template opens");
    db::migrate(&db, migrations, kernel::Timestamp(0)).await.expect("migrations run from empty");
    db.close();
    drop(db);
    let name = url.rsplit('/').next().and_then(|n| n.split('?').next()).unwrap_or_default().to_owned();
    // a template with a connection left cannot be copied
    for _ in 0..100 {
        let probe = tokio::task::spawn_blocking({
            let name = name.clone();
            move || pg_idle(&name)
        });
        if probe.await.unwrap_or(false) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    made.lock().insert(key, name.clone());
    name
}

fn pg_idle(name: &str) -> bool {
    postgres().is_some_and(|pg| pg.is_idle(name))
}

/// Runs a test's body on a fresh database of one engine.
///
/// # Panics
/// When the test does.
pub fn run<F: Future<Output = ()>>(engine: Engine, migrations: &[Migrations], body: impl FnOnce(Db) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        match fresh(engine, migrations).await {
            Some(test) => body(test.db.clone()).await,
            None => skipped(std::thread::current().name().unwrap_or("a test")),
        }
    });
}
