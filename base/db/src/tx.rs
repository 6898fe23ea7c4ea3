use std::sync::Arc;

use crate::handle::Shared;
use crate::postgres::PgConn;
use crate::sqlite::LiteConn;
use crate::{Engine, Error, FromRow, Get, Row, Val};

/// A unit of work's hold on the database: what every verb takes. Made only by [`Db`](crate::Db).
pub struct Tx {
    pub(crate) conn: Conn,
    pub(crate) shared: Arc<Shared>,
    after: Vec<Box<dyn FnOnce() + Send>>,
    /// Did a statement lose against another transaction, so that the whole may be run again?
    pub(crate) collided: bool,
    pub(crate) snapshot: bool,
    /// The name of the unit that is writing; none while it only reads.
    pub(crate) unit: &'static str,
}

pub(crate) enum Conn {
    Lite(LiteConn),
    Pg(PgConn),
}

impl Tx {
    pub(crate) fn new(conn: Conn, shared: Arc<Shared>) -> Tx {
        Tx { conn, shared, after: vec![], collided: false, snapshot: false, unit: "" }
    }

    /// Which database it is; for the few texts that differ.
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Sqlite,
            Conn::Pg(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; the number of rows it touched.
    ///
    /// # Errors
    /// [`Error::Refused`] when a rule of the schema forbids it; else whatever the engine says.
    pub async fn exec(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, Error> {
        self.seen(sql, params);
        match &mut self.conn {
            Conn::Lite(c) => c.exec(sql, params),
            Conn::Pg(c) => {
                let result = c.exec(sql, params).await;
                self.note(result)
            }
        }
    }

    /// All rows of a query that is known to be small or limited.
    ///
    /// # Errors
    /// As [`Tx::exec`]; [`Error::Column`] when a row is not what `T` expects.
    pub async fn all<T: FromRow>(&mut self, sql: &str, params: &[Val<'_>]) -> Result<Vec<T>, Error> {
        self.seen(sql, params);
        let mut out = vec![];
        match &mut self.conn {
            Conn::Lite(c) => c.each(sql, params, &mut |row| {
                out.push(T::from_row(row)?);
                Ok(true)
            })?,
            Conn::Pg(c) => {
                let rows = c.query(sql, params).await;
                for row in self.note(rows)? {
                    out.push(T::from_row(&Row::Pg(&row))?);
                }
            }
        }
        Ok(out)
    }

    /// The first row, if there is any.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn opt<T: FromRow>(&mut self, sql: &str, params: &[Val<'_>]) -> Result<Option<T>, Error> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// The one row.
    ///
    /// # Errors
    /// As [`Tx::all`]; [`Error::NoRow`] when there is none.
    pub async fn one<T: FromRow>(&mut self, sql: &str, params: &[Val<'_>]) -> Result<T, Error> {
        self.opt(sql, params).await?.ok_or(Error::NoRow)
    }

    /// The first column of the one row.
    ///
    /// # Errors
    /// As [`Tx::one`].
    pub async fn value<T: Get>(&mut self, sql: &str, params: &[Val<'_>]) -> Result<T, Error> {
        self.one::<(T,)>(sql, params).await.map(|(v,)| v)
    }

    /// Every row of a query of any size, one after the other; `false` stops.
    ///
    /// # Errors
    /// As [`Tx::all`], and what `f` says.
    pub async fn each(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<bool, Error> + Send,
    ) -> Result<(), Error> {
        self.seen(sql, params);
        match &mut self.conn {
            Conn::Lite(c) => c.each(sql, params, &mut f),
            Conn::Pg(c) => {
                let result = c.each(sql, params, &mut f).await;
                self.note(result)
            }
        }
    }

    /// Inserts several rows with one statement: `head` ends in `values`, `width` parameters a row, `tail` may hold
    /// `on conflict …`. Nothing to insert is no statement.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn insert(
        &mut self,
        head: &str,
        width: usize,
        params: &[Val<'_>],
        tail: &str,
    ) -> Result<u64, Error> {
        debug_assert!(
            width > 0 && params.len().is_multiple_of(width),
            "{head}: {} parameters of {width}",
            params.len()
        );
        let mut done = 0;
        // both engines allow 32,766 parameters or more; a few hundred a statement keep the texts cacheable
        for rows in params.chunks(width * (480 / width).max(1)) {
            let mut text = String::with_capacity(head.len() + tail.len() + rows.len() * 5);
            text.push_str(head);
            for i in 0..rows.len() {
                text.push_str(if i % width == 0 { if i == 0 { " (" } else { "), (" } } else { ", " });
                text.push('$');
                text.push_str(&(i + 1).to_string());
            }
            text.push_str(") ");
            text.push_str(tail);
            done += self.exec(&text, rows).await?;
        }
        Ok(done)
    }

    /// Runs a text of several statements without parameters: migrations and restores only.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn script(&mut self, text: &str) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Lite(c) => c.script(text),
            Conn::Pg(c) => {
                let result = c.script(text).await;
                self.note(result)
            }
        }
    }

    /// Does it see one moment, which may lie in the past by now? Else each statement sees what is committed.
    pub fn is_snapshot(&self) -> bool {
        self.snapshot
    }

    /// What was given to [`Db::with`](crate::Db::with) under this type.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.extensions.get::<T>()
    }

    /// Runs `f` once this unit's commit is durable, and never if it fails: for waking those who wait.
    pub fn after_commit(&mut self, f: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(f));
    }

    pub(crate) fn take_after(&mut self) -> Vec<Box<dyn FnOnce() + Send>> {
        self.collided = false;
        std::mem::take(&mut self.after)
    }

    /// Counts a statement, and writes it to the log under the target `sql`, with its unit, where that is asked for
    /// (level trace: it holds personal data).
    fn seen(&self, sql: &str, params: &[Val<'_>]) {
        self.shared.stats.statement();
        tracing::trace!(target: "sql", unit = self.unit, sql, ?params);
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(e) = &result
            && e.is_collision()
        {
            self.collided = true;
        }
        result
    }
}
