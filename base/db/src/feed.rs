//! Reading the change feed, which the engines need in different ways (the table is `work`'s).

use std::collections::BTreeSet;

use crate::{Conn, Engine, Error, Tx};

/// A reader's place in the change feed.
///
/// On PostgreSQL the oldest transaction still running at the read: a lower one may commit later. Those that had
/// committed before it did are remembered, so that none is missed and none told twice. On SQLite writers follow each
/// other and the row's number is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    from: i64,
    /// Transactions from there on whose rows were read already.
    ahead: BTreeSet<i64>,
}

impl Mark {
    /// A place that was kept: what had been read ahead of it is read again.
    pub fn at(from: i64) -> Mark {
        Mark { from, ahead: BTreeSet::new() }
    }

    /// What to keep of it.
    pub fn from(&self) -> i64 {
        self.from
    }
}

/// The rows since `mark`, as subject and id, and the next mark.
///
/// # Errors
/// The database's.
pub async fn changes_since(tx: &mut Tx, mark: &Mark) -> Result<(Vec<(String, uuid::Uuid)>, Mark), Error> {
    match tx.engine() {
        Engine::Sqlite => {
            let next: Option<i64> = tx.value("select max(seq) from change", &[]).await?;
            let next = next.unwrap_or(0).max(mark.from);
            if next == mark.from {
                return Ok((vec![], mark.clone()));
            }
            let rows = tx
                .all(
                    "select distinct subject, subject_id from change where seq > $1 and seq <= $2",
                    crate::params![mark.from, next],
                )
                .await?;
            Ok((rows, Mark::at(next)))
        }
        Engine::Postgres => {
            let oldest = oldest_running(tx).await?;
            let rows: Vec<(String, uuid::Uuid, i64)> = tx
                .all(
                    "select distinct subject, subject_id, xid from change where xid >= $1",
                    crate::params![mark.from],
                )
                .await?;
            let ahead = rows.iter().map(|(_, _, xid)| *xid).filter(|xid| *xid >= oldest).collect();
            let news = rows.into_iter().filter(|(_, _, xid)| !mark.ahead.contains(xid));
            Ok((news.map(|(subject, id, _)| (subject, id)).collect(), Mark { from: oldest, ahead }))
        }
    }
}

/// The mark from which everything that is written from now on will be seen.
///
/// # Errors
/// The database's.
pub async fn mark_now(tx: &mut Tx) -> Result<Mark, Error> {
    match tx.engine() {
        Engine::Sqlite => {
            Ok(Mark::at(tx.value::<Option<i64>>("select max(seq) from change", &[]).await?.unwrap_or(0)))
        }
        Engine::Postgres => {
            let from = oldest_running(tx).await?;
            let ahead: Vec<(i64,)> =
                tx.all("select distinct xid from change where xid >= $1", crate::params![from]).await?;
            Ok(Mark { from, ahead: ahead.into_iter().map(|(xid,)| xid).collect() })
        }
    }
}

async fn oldest_running(tx: &mut Tx) -> Result<i64, Error> {
    tx.value("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", &[]).await
}

/// The next number of a series (order numbers): growing, unique, gaps allowed. On PostgreSQL a sequence, so that
/// writers do not wait for each other; on SQLite a counter. The series must exist (`{series:name}` in a migration).
///
/// # Errors
/// The database's, when the series does not exist.
pub async fn next_in_series(tx: &mut Tx, series: &'static str) -> Result<i64, Error> {
    match &tx.conn {
        Conn::Lite(_) => {
            tx.value(
                "update series set last = last + 1 where name = $1 returning last",
                crate::params![series],
            )
            .await
        }
        Conn::Pg(_) => {
            tx.value(
                "select nextval(cast(cast($1 as text) as regclass))",
                crate::params![format!("series_{series}")],
            )
            .await
        }
    }
}
