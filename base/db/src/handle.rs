use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;

use crate::postgres::Pg;
use crate::sqlite::{self, Lite};
use crate::tx::{Conn, Tx};
use crate::{Engine, Error, Faults, Stats, Target};

/// How strictly PostgreSQL keeps a transaction apart from others; SQLite has one writer and needs none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    /// Where conditional statements and unique keys carry the proof.
    ReadCommitted,
    /// Where what was read must still hold at the commit; run again on a collision.
    Serializable,
    /// One moment's view, read-only.
    Snapshot,
}

/// Who goes first on SQLite's one writer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// Somebody waits for it.
    Fast,
    /// Goes only when nobody waits: imports, clean-ups.
    Bulk,
}

/// A named write.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    pub(crate) name: &'static str,
    isolation: Isolation,
    pub(crate) lane: Lane,
}

impl Unit {
    /// Serializable, in the fast lane.
    pub const fn named(name: &'static str) -> Unit {
        Unit { name, isolation: Isolation::Serializable, lane: Lane::Fast }
    }
    /// Read committed: conditional statements and unique keys carry the proof.
    #[must_use]
    pub const fn read_committed(self) -> Unit {
        Unit { isolation: Isolation::ReadCommitted, ..self }
    }
    /// Goes only when nobody waits.
    #[must_use]
    pub const fn bulk(self) -> Unit {
        Unit { lane: Lane::Bulk, ..self }
    }
}

impl From<&'static str> for Unit {
    fn from(name: &'static str) -> Unit {
        Unit::named(name)
    }
}

/// What a program hangs on its database for verbs to find, by type: the subscriber table, a waker.
#[derive(Default)]
pub struct Extensions(RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Extensions {
    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.read().get(&TypeId::of::<T>()).cloned().and_then(|a| a.downcast().ok())
    }
}

pub(crate) struct Shared {
    pub(crate) stats: Stats,
    pub(crate) extensions: Extensions,
    pub(crate) faults: Faults,
}

enum Side {
    Lite(Lite),
    Pg(Pg),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    side: Arc<Side>,
    shared: Arc<Shared>,
}

/// A write is run again until this much time has passed.
const DEADLINE: Duration = Duration::from_secs(10);

impl Db {
    /// Opens (SQLite: and creates) a database; every commit is durable.
    ///
    /// # Errors
    /// [`Error::Connection`].
    pub async fn open(target: &Target) -> Result<Db, Error> {
        Db::open_with(target, "full").await
    }

    /// Opens a throw-away database whose commits survive a crash of the process but not of the machine: tests.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_relaxed(target: &Target) -> Result<Db, Error> {
        Db::open_with(target, "off").await
    }

    async fn open_with(target: &Target, sync: &'static str) -> Result<Db, Error> {
        let shared = Arc::new(Shared {
            stats: Stats::default(),
            extensions: Extensions::default(),
            faults: Faults::default(),
        });
        let side = match target {
            Target::File(path) => Side::Lite(Lite::open(path, sync, 4, &shared)?),
            Target::Postgres(url) => {
                let pg = Pg::open(url, 24)?;
                drop(pg.connection().await?); // say now if nobody answers
                Side::Pg(pg)
            }
        };
        Ok(Db { side: Arc::new(side), shared })
    }

    /// Hangs `value` on the database, for verbs to find by its type.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(self, value: Arc<T>) -> Db {
        self.shared.extensions.0.write().insert(TypeId::of::<T>(), value);
        self
    }

    /// What was given to [`Db::with`] under this type.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.extensions.get::<T>()
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match &*self.side {
            Side::Lite(_) => Engine::Sqlite,
            Side::Pg(_) => Engine::Postgres,
        }
    }

    /// Counters since the start.
    pub fn stats(&self) -> &Stats {
        &self.shared.stats
    }

    /// Fault points, for tests.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Reads; several statements may see different moments. Short: on SQLite it runs on the caller's thread.
    ///
    /// # Errors
    /// What `f` says, or the database.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
    {
        self.alive()?;
        match &*self.side {
            Side::Lite(lite) => {
                let mut reader = lite.reader().await?;
                sqlite::at_once(f(reader.tx()))
            }
            Side::Pg(pg) => {
                let mut tx = Tx::new(Conn::Pg(pg.connection().await?), self.shared.clone());
                f(&mut tx).await
            }
        }
    }

    /// Reads several statements' worth of one moment.
    ///
    /// # Errors
    /// What `f` says, or the database.
    pub async fn snapshot<T, E, F>(&self, f: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
    {
        self.alive()?;
        match &*self.side {
            Side::Lite(lite) => {
                let mut reader = lite.reader().await?;
                sqlite::snapshot(reader.tx(), f)
            }
            Side::Pg(pg) => pg_snapshot(pg, &self.shared, f).await,
        }
    }

    /// A long read of one moment (a report, an export, the doctor), off the async workers and outside the pool that
    /// serves pages.
    ///
    /// # Errors
    /// What `f` says, or the database.
    pub async fn report<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.alive()?;
        match &*self.side {
            Side::Lite(lite) => {
                let mut tx = lite.private_reader(&self.shared)?;
                tokio::task::spawn_blocking(move || sqlite::snapshot(&mut tx, f))
                    .await
                    .unwrap_or_else(|e| Err(E::from(Error::Panicked(e.to_string()))))
            }
            Side::Pg(pg) => pg_snapshot(pg, &self.shared, f).await,
        }
    }

    /// Writes: all of it or nothing, durable when this returns. The closure may run again after a collision, so it
    /// has no effect but through its `Tx`.
    ///
    /// # Errors
    /// What `f` says (nothing was written), or the database.
    pub async fn write<T, E, F>(&self, unit: impl Into<Unit>, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let unit = unit.into();
        self.shared.faults.point()?;
        let result = match &*self.side {
            Side::Lite(lite) => lite.write(unit, f).await,
            Side::Pg(pg) => pg_write(pg, &self.shared, unit, f).await,
        };
        if result.is_ok() {
            self.shared.faults.point()?; // durable, and nobody was told
        }
        result
    }

    /// Can it be reached, and does it answer?
    ///
    /// # Errors
    /// [`Error::Connection`] and the like.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read(async |tx: &mut Tx| tx.value::<i64>("select cast(1 as bigint)", &[]).await.map(drop)).await
    }

    /// Prepares a text without running it: does it hold on this engine's schema?
    ///
    /// # Errors
    /// What the engine says of the text.
    pub async fn prepare(&self, sql: &str) -> Result<(), Error> {
        self.read(async |tx: &mut Tx| match &mut tx.conn {
            Conn::Lite(c) => c.prepare(sql),
            Conn::Pg(c) => c.prepare(sql).await,
        })
        .await
    }

    /// Copies a SQLite database as it stands into a new file (before a migration); `false` on PostgreSQL.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn copy_into(&self, path: &Path) -> Result<bool, Error> {
        match &*self.side {
            Side::Lite(lite) => {
                let mut tx = lite.private_reader(&self.shared)?;
                let path = path.to_owned();
                let copy = move || match &mut tx.conn {
                    Conn::Lite(c) => c.vacuum_into(&path),
                    Conn::Pg(_) => Ok(()),
                };
                tokio::task::spawn_blocking(copy).await.map_err(|e| Error::Panicked(e.to_string()))??;
                Ok(true)
            }
            Side::Pg(_) => Ok(false),
        }
    }

    /// Lets no further connection be had (PostgreSQL); SQLite closes with the last clone.
    pub fn close(&self) {
        if let Side::Pg(pg) = &*self.side {
            pg.close();
        }
    }

    fn alive(&self) -> Result<(), Error> {
        if self.shared.faults.is_dead() { Err(Error::Crashed) } else { Ok(()) }
    }
}

async fn pg_snapshot<T, E: From<Error>>(
    pg: &Pg,
    shared: &Arc<Shared>,
    f: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    let mut conn = pg.connection().await?;
    conn.begin(Isolation::Snapshot).await?;
    let mut tx = Tx::new(Conn::Pg(conn), shared.clone());
    tx.snapshot = true;
    let result = f(&mut tx).await;
    end(&mut tx, "commit").await?;
    result
}

async fn pg_write<T, E: From<Error>>(
    pg: &Pg,
    shared: &Arc<Shared>,
    unit: Unit,
    f: impl AsyncFn(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    let began = Instant::now();
    let mut tries = 0u32;
    loop {
        let mut conn = pg.connection().await?;
        conn.begin(unit.isolation).await?;
        let mut tx = Tx::new(Conn::Pg(conn), shared.clone());
        tx.snapshot = unit.isolation != Isolation::ReadCommitted;
        tx.unit = unit.name;
        let result = f(&mut tx).await;
        let collided = match result {
            Ok(value) => match end(&mut tx, "commit").await {
                Ok(()) => {
                    shared.stats.commit();
                    shared.stats.unit();
                    tx.take_after().into_iter().for_each(|h| h());
                    return Ok(value);
                }
                Err(e) if e.is_collision() => {
                    drop(end(&mut tx, "rollback").await);
                    Err(e)
                }
                Err(e) => return Err(e.into()),
            },
            Err(e) => {
                end(&mut tx, "rollback").await?;
                if !tx.collided {
                    return Err(e);
                }
                Ok(())
            }
        };
        drop(tx);
        tries += 1;
        shared.stats.retry();
        if began.elapsed() > DEADLINE {
            tracing::warn!(unit = unit.name, tries, error = ?collided.err(), "gave up after colliding");
            return Err(Error::Busy.into());
        }
        tokio::time::sleep(backoff(tries)).await;
    }
}

/// Full jitter: up to 1, 2, 4 … 128 ms.
#[expect(clippy::disallowed_methods, reason = "jitter decides nothing that a test or a shop could see")]
fn backoff(tries: u32) -> Duration {
    let most = 1_000u64 << tries.min(7);
    Duration::from_micros(fastrand::u64(0..most))
}

async fn end(tx: &mut Tx, text: &str) -> Result<(), Error> {
    match &mut tx.conn {
        Conn::Pg(c) => c.end(text).await,
        Conn::Lite(_) => unreachable!("the PostgreSQL side holds only PostgreSQL connections"),
    }
}
