//! Opening a shop: its database with what the program hangs on it, its migrations, its store.

use std::path::PathBuf;
use std::sync::Arc;

use db::{Db, Engine, Tx};
use kernel::{Clock, Ctx, SystemClock, Timestamp};

use crate::config::Config;
use crate::{Exit, Failure, backup, wiring};

/// An open shop.
pub struct Shop {
    /// Where it is and how it runs.
    pub config: Config,
    /// Its database.
    pub db: Db,
}

impl Shop {
    /// Opens the database, and makes an empty one where there is none.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open_or_make(config: Config) -> Result<Shop, Failure> {
        std::fs::create_dir_all(&config.dir).map_err(|e| Failure::io(&config.dir, &e))?;
        let db = Db::open(&config.db)
            .await?
            .with(Arc::new(wiring::subscribers()))
            .with(Arc::new(work::Waker::default()));
        Ok(Shop { config, db })
    }

    /// Opens a database that must be there and as new as this program: what every command but `serve`, `migrate`
    /// and `restore` wants.
    ///
    /// # Errors
    /// [`Exit::Io`] when there is none, [`Exit::Problems`] when migrations are pending.
    pub async fn open(config: Config) -> Result<Shop, Failure> {
        if let db::Target::File(path) = &config.db
            && !path.is_file()
        {
            let text = format!(
                "there is no shop at {}; 'mercer serve' makes one, --dir names another",
                path.display()
            );
            return Err(Failure::new(Exit::Io, text));
        }
        let shop = Shop::open_or_make(config).await?;
        let pending = db::pending(&shop.db, &wiring::migrations()).await?;
        if pending.migrations.is_empty() {
            return Ok(shop);
        }
        let text = if pending.fresh {
            format!("the database {} is empty; 'mercer serve' sets a shop up", shop.config.db)
        } else {
            format!("{} migrations are pending; run 'mercer migrate' first", pending.migrations.len())
        };
        Err(Failure::new(Exit::Problems, text))
    }

    /// Brings the database up to this program, after a backup where there is something to lose.
    ///
    /// # Errors
    /// When the backup cannot be written, or a migration fails (nothing is changed then).
    pub async fn migrate(&self) -> Result<usize, Failure> {
        let all = wiring::migrations();
        let pending = db::pending(&self.db, &all).await?;
        if pending.migrations.is_empty() {
            return Ok(0);
        }
        let now = SystemClock.now();
        if !pending.fresh {
            let path = self.copy_before("migrate", now).await?;
            tracing::info!(backup = %path.display(), "made a backup before the migrations");
        }
        let n = db::migrate(&self.db, &all, now).await?;
        tracing::info!(migrations = n, engine = self.db.engine().name(), "the database is up to date");
        Ok(n)
    }

    /// Copies the database aside before something that cannot be undone: the file itself (SQLite) or a backup
    /// without its assets, which stay where they are (PostgreSQL).
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn copy_before(&self, what: &str, now: Timestamp) -> Result<PathBuf, Failure> {
        let dir = self.config.dir.join("backups");
        std::fs::create_dir_all(&dir).map_err(|e| Failure::io(&dir, &e))?;
        let stamp = backup::stamp(now);
        match self.db.engine() {
            Engine::Sqlite => {
                let path = dir.join(format!("before-{what}-{stamp}.db"));
                self.db.copy_into(&path).await?;
                Ok(path)
            }
            Engine::Postgres => {
                let path = dir.join(format!("before-{what}-{stamp}.zip"));
                backup::write(&self.db, None, &path, now).await?;
                Ok(path)
            }
        }
    }

    /// Where the assets lie.
    pub fn assets(&self) -> PathBuf {
        self.config.dir.join("assets")
    }

    /// The system's context in this shop's store; `None` before set-up.
    ///
    /// # Errors
    /// The database's.
    pub async fn system(&self) -> Result<Option<Ctx>, Failure> {
        let store = self
            .db
            .read(async |tx: &mut Tx| site::find_store(tx).await)
            .await
            .map_err(|e| Failure::of(&e))?;
        Ok(store.map(|store| Ctx::system(Arc::new(store))))
    }

    /// [`Shop::system`], for commands that are nothing without a store.
    ///
    /// # Errors
    /// [`Exit::Problems`] before set-up.
    pub async fn set_up(&self) -> Result<Ctx, Failure> {
        let none = || {
            Failure::new(
                Exit::Problems,
                "the shop is not set up yet; run 'mercer serve' and open its address",
            )
        };
        self.system().await?.ok_or_else(none)
    }
}
