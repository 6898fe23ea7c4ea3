//! SQLite: one writer thread that lets those who wait share a commit, and a pool of read-only connections.

use std::collections::HashMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, select};
use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::handle::Shared;
use crate::tx::{Conn, Tx};
use crate::{Engine, Error, Lane, Row, Unit, Val};

/// So many units share one commit at most.
const GROUP: usize = 64;
/// A group of bulk units goes on no longer than this.
const BULK: Duration = Duration::from_millis(10);
/// How long a writer waits for another process (an import beside the server).
const BUSY: Duration = Duration::from_secs(30);

/// One connection with its rewritten texts.
pub(crate) struct LiteConn {
    conn: Connection,
    texts: HashMap<Box<str>, Box<str>>,
}

impl LiteConn {
    fn open(path: &Path, sync: &str, read_only: bool) -> Result<LiteConn, Error> {
        let flags = if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
        };
        let conn = Connection::open_with_flags(path, flags)
            .map_err(|e| Error::Connection(format!("{}: {e}", path.display())))?;
        conn.busy_timeout(BUSY)?;
        if !read_only {
            conn.execute_batch("pragma journal_mode=wal;")?;
        }
        let cache_kib = if read_only { 8_192 } else { 32_768 };
        conn.execute_batch(&format!(
            "pragma synchronous={sync}; pragma foreign_keys=on; pragma cache_size=-{cache_kib}; \
             pragma temp_store=memory; pragma mmap_size=1073741824; pragma wal_autocheckpoint=2000;"
        ))?;
        // a plan is made once a text: otherwise SQLite prepares it anew whenever a value is bound that it compared with
        // the words of a partial index, an eighth of what a purchase cost
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(512);
        Ok(LiteConn { conn, texts: HashMap::new() })
    }

    fn with<T>(
        &mut self,
        sql: &str,
        f: impl FnOnce(&mut rusqlite::CachedStatement<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if !self.texts.contains_key(sql) {
            if self.texts.len() > 4_096 {
                self.texts.clear();
            }
            self.texts.insert(sql.into(), Engine::sqlite_text(sql).into());
        }
        let mut statement = self.conn.prepare_cached(&self.texts[sql]).map_err(Error::of_sqlite)?;
        f(&mut statement)
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, Error> {
        self.with(sql, |s| {
            // a statement with `returning` yields rows; whoever does not want them still wants it done
            if s.column_count() > 0 {
                let mut rows = s.query(rusqlite::params_from_iter(params)).map_err(Error::of_sqlite)?;
                let mut n = 0;
                while rows.next().map_err(Error::of_sqlite)?.is_some() {
                    n += 1;
                }
                return Ok(n);
            }
            s.execute(rusqlite::params_from_iter(params)).map(|n| n as u64).map_err(Error::of_sqlite)
        })
    }

    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        f: &mut dyn FnMut(&Row<'_>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.with(sql, |s| {
            let mut rows = s.query(rusqlite::params_from_iter(params)).map_err(Error::of_sqlite)?;
            while let Some(row) = rows.next().map_err(Error::of_sqlite)? {
                if !f(&Row::Lite(row))? {
                    // statements that write are run to their end, whatever the reader wants
                    while rows.next().map_err(Error::of_sqlite)?.is_some() {}
                    break;
                }
            }
            Ok(())
        })
    }

    pub(crate) fn script(&mut self, text: &str) -> Result<(), Error> {
        self.conn.execute_batch(text).map_err(Error::of_sqlite)
    }

    /// Prepares a text without running it.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.with(sql, |_| Ok(()))
    }

    fn control(&self, text: &str) -> Result<(), Error> {
        self.conn.prepare_cached(text)?.execute([])?;
        Ok(())
    }

    /// Copies the database as it stands into a new file.
    pub(crate) fn vacuum_into(&mut self, path: &Path) -> Result<(), Error> {
        self.conn.execute("vacuum into ?1", [path.to_string_lossy()])?;
        Ok(())
    }
}

/// Polls once: a verb on SQLite never waits for anything but the database, and that answers at once.
pub(crate) fn at_once<T>(f: impl Future<Output = T>) -> T {
    let mut f = std::pin::pin!(f);
    match f.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(v) => v,
        std::task::Poll::Pending => {
            panic!("a verb awaited something that is not the database, inside a transaction")
        }
    }
}

type Ack = Box<dyn FnOnce(Result<(), Error>) + Send>;
type Job = Box<dyn FnOnce(&mut Tx, Place) -> Done + Send>;

/// Where in its transaction a unit runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing was done in it before: if this one fails, all of it is rolled back.
    First,
    /// In a savepoint of its own, so that those before it stand if it fails.
    Later,
}

/// A unit that was run.
struct Done {
    /// Says to whoever waits what became of it.
    ack: Ack,
    failed: bool,
}

/// The SQLite side of a [`Db`](crate::Db).
pub(crate) struct Lite {
    fast: Sender<Job>,
    bulk: Sender<Job>,
    readers: Mutex<Vec<Tx>>,
    free: Semaphore,
    path: PathBuf,
    sync: &'static str,
}

impl Lite {
    pub(crate) fn open(
        path: &Path,
        sync: &'static str,
        readers: usize,
        shared: &Arc<Shared>,
    ) -> Result<Lite, Error> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            std::fs::create_dir_all(dir).map_err(|e| Error::Connection(format!("{}: {e}", dir.display())))?;
        }
        let writer = Tx::new(Conn::Lite(LiteConn::open(path, sync, false)?), shared.clone());
        let (fast, fast_jobs) = bounded::<Job>(4_096);
        let (bulk, bulk_jobs) = bounded::<Job>(64);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_loop(writer, &fast_jobs, &bulk_jobs))
            .map_err(|e| Error::Connection(e.to_string()))?;
        let open = (0..readers)
            .map(|_| Ok(Tx::new(Conn::Lite(LiteConn::open(path, sync, true)?), shared.clone())))
            .collect::<Result<Vec<_>, Error>>()?;
        let lite = Lite {
            fast,
            bulk,
            readers: Mutex::new(open),
            free: Semaphore::new(readers),
            path: path.to_owned(),
            sync,
        };
        Ok(lite)
    }

    /// A reader of one's own, given back when dropped. Fair: those who wait longest are served first.
    pub(crate) async fn reader(&self) -> Result<Reader<'_>, Error> {
        let permit = self.free.acquire().await.map_err(|_| Error::Closed)?;
        let tx = self.readers.lock().pop().ok_or(Error::Closed)?;
        Ok(Reader { tx: Some(tx), home: &self.readers, _permit: permit })
    }

    /// A connection outside the pool, for long reads that must not hold up pages.
    pub(crate) fn private_reader(&self, shared: &Arc<Shared>) -> Result<Tx, Error> {
        Ok(Tx::new(Conn::Lite(LiteConn::open(&self.path, self.sync, true)?), shared.clone()))
    }

    /// Runs a unit on the writer thread; comes back after its commit is durable.
    pub(crate) async fn write<T, E, F>(&self, named: Unit, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let (tell, told) = tokio::sync::oneshot::channel::<Result<T, E>>();
        let job: Job = Box::new(move |tx, place| {
            tx.unit = named.name;
            let result = unit(tx, place, &f);
            let (hooks, failed) = (tx.take_after(), result.is_err());
            let ack = Box::new(move |commit| {
                let result = match (result, commit) {
                    (Ok(v), Ok(())) => {
                        hooks.into_iter().for_each(|h| h());
                        Ok(v)
                    }
                    // also before what the unit said: it never ran, or what it saw is gone
                    (_, Err(e)) => Err(E::from(e)),
                    (Err(e), Ok(())) => Err(e),
                };
                let _ = tell.send(result); // nobody waits any more: the request was dropped; the write stands
            });
            Done { ack, failed }
        });
        let lane = match named.lane {
            Lane::Fast => &self.fast,
            Lane::Bulk => &self.bulk,
        };
        if let Err(e) = lane.try_send(job) {
            // the queue is full: wait for room without holding up an async worker
            let job = e.into_inner();
            let lane = lane.clone();
            tokio::task::spawn_blocking(move || lane.send(job).map_err(|_| Error::Closed))
                .await
                .map_err(|e| E::from(Error::Panicked(e.to_string())))?
                .map_err(E::from)?;
        }
        told.await.map_err(|_| E::from(Error::Closed))?
    }
}

/// A borrowed read connection.
pub(crate) struct Reader<'a> {
    tx: Option<Tx>,
    home: &'a Mutex<Vec<Tx>>,
    _permit: SemaphorePermit<'a>,
}

impl Reader<'_> {
    pub(crate) fn tx(&mut self) -> &mut Tx {
        self.tx.as_mut().expect("a reader holds its connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(tx) = self.tx.take() {
            self.home.lock().push(tx);
        }
    }
}

/// Runs `f` in a read snapshot on a SQLite connection.
pub(crate) fn snapshot<T, E: From<Error>>(
    tx: &mut Tx,
    f: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    control(tx, "begin")?;
    tx.snapshot = true;
    let result = catch_unwind(AssertUnwindSafe(|| at_once(f(tx))));
    tx.snapshot = false;
    control(tx, "commit")?;
    result.unwrap_or_else(|p| Err(E::from(Error::Panicked(panic_text(&*p)))))
}

fn lite(tx: &mut Tx) -> &mut LiteConn {
    match &mut tx.conn {
        Conn::Lite(c) => c,
        Conn::Pg(_) => unreachable!("the SQLite side holds only SQLite connections"),
    }
}

fn control(tx: &mut Tx, text: &str) -> Result<(), Error> {
    lite(tx).control(text)
}

/// One unit: a failed or panicking one rolls back alone.
fn unit<T, E: From<Error>>(
    tx: &mut Tx,
    place: Place,
    f: &impl AsyncFn(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    if place == Place::Later {
        control(tx, "savepoint unit")?;
    }
    let result = catch_unwind(AssertUnwindSafe(|| at_once(f(tx))));
    let result = result.unwrap_or_else(|p| Err(E::from(Error::Panicked(panic_text(&*p)))));
    if result.is_err() {
        drop(tx.take_after());
        // after some errors (a full disk) SQLite has already rolled back everything: the loop asks and tells all
        if !lite(tx).conn.is_autocommit() {
            let undo = if place == Place::First { "rollback" } else { "rollback to unit" };
            if let Err(e) = control(tx, undo) {
                // what comes next would commit half of it
                tracing::error!(error = %e, "a unit could not be undone; Mercer ends, its next start reads what is durable");
                std::process::exit(74);
            }
        }
    }
    if place == Place::Later && !lite(tx).conn.is_autocommit() {
        control(tx, "release unit")?;
    }
    result
}

fn panic_text(p: &(dyn std::any::Any + Send)) -> String {
    p.downcast_ref::<String>()
        .cloned()
        .or_else(|| p.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .unwrap_or_else(|| "no message".to_owned())
}

fn write_loop(mut tx: Tx, fast: &Receiver<Job>, bulk: &Receiver<Job>) {
    let mut acks: Vec<Ack> = Vec::with_capacity(GROUP);
    loop {
        let (first, is_bulk) = match fast.try_recv() {
            Ok(job) => (job, false),
            Err(TryRecvError::Disconnected) if bulk.is_empty() => return,
            Err(_) => {
                select! {
                    recv(fast) -> job => match job { Ok(j) => (j, false), Err(_) => match bulk.try_recv() { Ok(j) => (j, true), Err(_) => return } },
                    recv(bulk) -> job => match job { Ok(j) => (j, true), Err(_) => match fast.recv() { Ok(j) => (j, false), Err(_) => return } },
                }
            }
        };
        if let Err(e) = control(&mut tx, "begin immediate") {
            tracing::error!(error = %e, "SQLite is held by another writer");
            // dropping the job tells its caller `Closed`; say what it was instead by running its acknowledgement
            let ack = skip(&mut tx, first);
            ack(Err(Error::of_sqlite_busy(e)));
            continue;
        }
        let mut lost = false;
        let began = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            let place = if acks.is_empty() { Place::First } else { Place::Later };
            let Done { ack, failed } = job(&mut tx, place);
            let ended = lite(&mut tx).conn.is_autocommit();
            if ended && failed && place == Place::First {
                // it was alone, and says itself why it failed
                ack(Ok(()));
                break;
            }
            acks.push(ack);
            if ended {
                lost = true;
                break;
            }
            if acks.len() < GROUP {
                next = match fast.try_recv() {
                    Ok(job) => Some(job),
                    Err(_) if is_bulk && began.elapsed() < BULK => bulk.try_recv().ok(),
                    Err(_) => None,
                };
            }
        }
        if lost {
            tracing::error!("SQLite rolled back a whole transaction; all writes in it failed");
            for ack in acks.drain(..) {
                ack(Err(Error::TransactionLost("SQLite rolled it back (is the disk full?)".to_owned())));
            }
            continue;
        }
        if acks.is_empty() {
            continue;
        }
        match control(&mut tx, "commit") {
            Ok(()) => {
                tx.shared.stats.commit();
                for ack in acks.drain(..) {
                    tx.shared.stats.unit();
                    ack(Ok(()));
                }
            }
            Err(e) => {
                // whether it is on the disk is unknown: only a fresh start, which reads the log again, can tell
                tracing::error!(error = %e, "a commit failed; Mercer ends so that its next start reads what is durable");
                for ack in acks.drain(..) {
                    ack(Err(Error::TransactionLost(e.to_string())));
                }
                std::process::exit(74);
            }
        }
    }
}

/// Gets a job's acknowledgement without doing its work: outside a transaction every savepoint would commit, so the
/// connection is made to refuse writes meanwhile.
fn skip(tx: &mut Tx, job: Job) -> Ack {
    let _ = lite(tx).script("pragma query_only=on");
    let Done { ack, .. } = job(tx, Place::Later);
    let _ = lite(tx).script("pragma query_only=off");
    ack
}

impl Error {
    fn of_sqlite_busy(e: Error) -> Error {
        match e {
            Error::Sqlite(e) => Error::of_sqlite(e),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    /// Unless told otherwise, SQLite compares a bound value with the words of a partial index, and prepares the
    /// statement anew whenever another is bound.
    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound() {
        let dir = tempfile::tempdir().unwrap();
        let mut conn = LiteConn::open(&dir.path().join("t.db"), "off", false).unwrap();
        conn.script(
            "create table t (id integer primary key, state text not null, at integer not null);
             create index due on t (at) where state = 'due';",
        )
        .unwrap();
        let sql = "select id from t where state = $1 and at <= $2 order by at";
        for (state, at) in [("due", 1), ("done", 2), ("due", 3)] {
            conn.each(sql, params![state, at], &mut |_| Ok(true)).unwrap();
        }
        let status = rusqlite::StatementStatus::RePrepare;
        let again = conn.with(sql, |s| Ok(s.get_status(status))).unwrap();
        assert_eq!(again, 0);
    }
}
