use std::time::Duration;

use db::{Db, Tx, params};
use kernel::{Ctx, Timestamp};
use uuid::Uuid;

use crate::{Error, Known};

/// Says that a row which caches depend on has changed.
///
/// # Errors
/// The database's.
pub async fn touch(tx: &mut Tx, ctx: &Ctx, subject: &'static str, id: Uuid) -> Result<(), Error> {
    touch_many(tx, ctx, subject, &[id]).await
}

/// Says it of several rows at once.
///
/// # Errors
/// The database's.
pub async fn touch_many(tx: &mut Tx, ctx: &Ctx, subject: &'static str, ids: &[Uuid]) -> Result<(), Error> {
    let now = ctx.now();
    let mut values = Vec::with_capacity(ids.len() * 3);
    for id in ids {
        values.extend_from_slice(params![subject, *id, now]);
    }
    if values.is_empty() {
        return Ok(());
    }
    tx.insert("insert into change (subject, subject_id, at) values", 3, &values, "").await?;
    if let Some(known) = tx.extension::<Known>() {
        let mine = ids.iter().map(|id| Change { subject: subject.to_owned(), id: *id }).collect::<Vec<_>>();
        tx.after_commit(move || known.forget(&mine));
    }
    Ok(())
}

/// The subject that stands for everything.
pub const EVERYTHING: &str = "everything";

/// Says that the database holds another shop than a moment ago: a restore.
///
/// # Errors
/// The database's.
pub async fn replaced(tx: &mut Tx, at: Timestamp) -> Result<(), Error> {
    tx.insert(
        "insert into change (subject, subject_id, at) values",
        3,
        params![EVERYTHING, Uuid::nil(), at],
        "",
    )
    .await?;
    Ok(())
}

/// A row that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `product`, `category`, `price`, `stock`, `site`, `asset`.
    pub subject: String,
    /// Whose.
    pub id: Uuid,
}

/// One reader's place in the change feed. A change is told once, never not at all; one that resumes from a place
/// that was kept may tell again what it had told.
#[derive(Debug)]
pub struct Feed {
    mark: db::Mark,
    read_at: Timestamp,
}

/// Changes are kept for a day; a reader that slept longer must begin anew.
const STALE: Duration = Duration::from_secs(12 * 3600);

impl Feed {
    /// From now on. Take the mark first, then load what is to be kept fresh.
    ///
    /// # Errors
    /// The database's.
    pub async fn from_now(db: &Db, ctx: &Ctx) -> Result<Feed, Error> {
        let mark = db.snapshot(async |tx: &mut Tx| db::mark_now(tx).await).await?;
        Ok(Feed { mark, read_at: ctx.now() })
    }

    /// From where another stopped: its [`Feed::place`]. `None` when the database does not reach that far (it was
    /// restored from a backup): then everything must be loaded anew.
    ///
    /// # Errors
    /// The database's.
    pub async fn resume(db: &Db, mark: i64, read_at: Timestamp) -> Result<Option<Feed>, Error> {
        let now = db.snapshot(async |tx: &mut Tx| db::mark_now(tx).await).await?;
        Ok((mark <= now.from()).then_some(Feed { mark: db::Mark::at(mark), read_at }))
    }

    /// Where it stands and when it was last read, to be kept beside what is kept fresh.
    pub fn place(&self) -> (i64, Timestamp) {
        (self.mark.from(), self.read_at)
    }

    /// What changed since the last call; `None` when so much time passed that everything must be loaded anew.
    ///
    /// # Errors
    /// The database's.
    pub async fn next(&mut self, db: &Db, ctx: &Ctx) -> Result<Option<Vec<Change>>, Error> {
        let now = ctx.now();
        if now.since(self.read_at) > STALE {
            *self = Feed::from_now(db, ctx).await?;
            return Ok(None);
        }
        let mark = self.mark.clone();
        let (rows, next) = db.snapshot(async |tx: &mut Tx| db::changes_since(tx, &mark).await).await?;
        self.mark = next;
        self.read_at = now;
        Ok(Some(rows.into_iter().map(|(subject, id)| Change { subject, id }).collect()))
    }
}
