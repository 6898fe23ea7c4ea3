//! PostgreSQL: a pool of connections with cached statements.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Timeouts};

use crate::address::Address;
use crate::tls::{Caller, explain};
use crate::{Error, Isolation, Row, Val};

/// How long a request waits for a free connection.
const WAIT: Duration = Duration::from_secs(10);

/// The PostgreSQL side of a [`Db`](crate::Db).
pub(crate) struct Pg {
    pool: Pool,
}

impl Pg {
    pub(crate) fn open(url: &str, size: usize) -> Result<Pg, Error> {
        let address = Address::parse(url)?;
        let recycle = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(address.config, Caller::new(&address.trust)?, recycle);
        let pool = Pool::builder(manager)
            .max_size(size)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) })
            .build()
            .map_err(|e| Error::Connection(e.to_string()))?;
        Ok(Pg { pool })
    }

    pub(crate) async fn connection(&self) -> Result<PgConn, Error> {
        let client = self.pool.get().await.map_err(|e| match e {
            deadpool_postgres::PoolError::Timeout(_) => Error::Busy,
            deadpool_postgres::PoolError::Backend(e) => Error::Connection(explain(&e)),
            other => Error::Connection(other.to_string()),
        })?;
        Ok(PgConn { client: Some(client), open: false })
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A connection out of the pool; one dropped inside a transaction is closed, never handed on.
pub(crate) struct PgConn {
    client: Option<Object>,
    open: bool,
}

impl PgConn {
    fn client(&self) -> Result<&Object, Error> {
        self.client.as_ref().ok_or(Error::Closed)
    }

    pub(crate) async fn begin(&mut self, isolation: Isolation) -> Result<(), Error> {
        let text = match isolation {
            Isolation::ReadCommitted => "begin isolation level read committed",
            Isolation::Serializable => "begin isolation level serializable",
            Isolation::Snapshot => "begin isolation level repeatable read read only",
        };
        self.open = true;
        self.client()?.batch_execute(text).await.map_err(Error::of_postgres)
    }

    pub(crate) async fn end(&mut self, text: &str) -> Result<(), Error> {
        self.client()?.batch_execute(text).await.map_err(Error::of_postgres)?;
        self.open = false;
        Ok(())
    }

    /// Forgets every statement prepared on this connection: what they give has changed.
    pub(crate) fn forget_statements(&self) {
        if let Some(client) = &self.client {
            client.statement_cache.clear();
        }
    }

    /// Is it to be tried again with a statement prepared anew? Inside a transaction the whole unit is.
    fn again<T>(&self, result: &Result<T, Error>) -> bool {
        let outdated = matches!(result, Err(e) if e.is_outdated_plan());
        if outdated {
            self.forget_statements();
        }
        outdated && !self.open
    }

    pub(crate) async fn exec(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, Error> {
        let result = self.exec_once(sql, params).await;
        if self.again(&result) { self.exec_once(sql, params).await } else { result }
    }

    async fn exec_once(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, Error> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(Error::of_postgres)?;
        client.execute_raw(&statement, params.iter()).await.map_err(Error::of_postgres)
    }

    pub(crate) async fn query(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Error> {
        let result = self.query_once(sql, params).await;
        if self.again(&result) { self.query_once(sql, params).await } else { result }
    }

    async fn query_once(&mut self, sql: &str, params: &[Val<'_>]) -> Result<Vec<tokio_postgres::Row>, Error> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(Error::of_postgres)?;
        let params: Vec<&(dyn postgres_types::ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        client.query(&statement, &params).await.map_err(Error::of_postgres)
    }

    pub(crate) async fn each(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        f: &mut (dyn FnMut(&Row<'_>) -> Result<bool, Error> + Send),
    ) -> Result<(), Error> {
        let result = self.each_once(sql, params, f).await; // refused before it gave a row
        if self.again(&result) { self.each_once(sql, params, f).await } else { result }
    }

    async fn each_once(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        f: &mut (dyn FnMut(&Row<'_>) -> Result<bool, Error> + Send),
    ) -> Result<(), Error> {
        use futures::TryStreamExt;
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(Error::of_postgres)?;
        let rows = client.query_raw(&statement, params.iter()).await.map_err(Error::of_postgres)?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = rows.try_next().await.map_err(Error::of_postgres)? {
            if !f(&Row::Pg(&row))? {
                break;
            }
        }
        Ok(())
    }

    pub(crate) async fn script(&mut self, text: &str) -> Result<(), Error> {
        self.client()?.batch_execute(text).await.map_err(Error::of_postgres)
    }

    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.client()?.prepare(sql).await.map(drop).map_err(Error::of_postgres)
    }
}

impl Drop for PgConn {
    fn drop(&mut self) {
        if self.open
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client)); // the server rolls back when the connection closes
        }
    }
}
