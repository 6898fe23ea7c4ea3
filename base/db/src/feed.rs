//! Reading the change feed, which the engines need in different ways (the table is `work`'s).

use crate::{Conn, Engine, Error, Tx};

/// Rows since `mark`, each subject once, and the next mark.
///
/// On PostgreSQL the mark is the oldest transaction still running at the read: a lower one may commit later, so its
/// rows are read again rather than missed. On SQLite writers follow each other and the row's number is enough.
///
/// # Errors
/// The database's.
pub async fn changes_since(tx: &mut Tx, mark: i64) -> Result<(Vec<(String, uuid::Uuid)>, i64), Error> {
    match tx.engine() {
        Engine::Sqlite => {
            let next: Option<i64> = tx.value("select max(seq) from change", &[]).await?;
            let next = next.unwrap_or(0).max(mark);
            if next == mark {
                return Ok((vec![], mark));
            }
            let rows = tx
                .all(
                    "select distinct subject, subject_id from change where seq > $1 and seq <= $2",
                    crate::params![mark, next],
                )
                .await?;
            Ok((rows, next))
        }
        Engine::Postgres => {
            let next = tx.value("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", &[]).await?;
            let rows = tx
                .all("select distinct subject, subject_id from change where xid >= $1", crate::params![mark])
                .await?;
            Ok((rows, next))
        }
    }
}

/// The mark from which everything that is written from now on will be seen.
///
/// # Errors
/// The database's.
pub async fn mark_now(tx: &mut Tx) -> Result<i64, Error> {
    match tx.engine() {
        Engine::Sqlite => Ok(tx.value::<Option<i64>>("select max(seq) from change", &[]).await?.unwrap_or(0)),
        Engine::Postgres => {
            tx.value("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", &[]).await
        }
    }
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
