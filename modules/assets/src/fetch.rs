use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use db::{Db, Tx, Unit, Val, params, spread, sql};
use kernel::{AssetId, Ctx, Id};
use uuid::Uuid;
use work::{Handler, Job, Mode, NewTask, Outcome, TaskError};

use crate::asset::AssetState;
use crate::{Error, FetchError, Fetcher, Stored, Vault};

/// The kind of task that fetches one picture.
pub const FETCH: &str = "assets.fetch";

/// A server that does not answer is asked so often.
const TRIES: i64 = 6;

/// Assets for addresses of pictures, found or made, in the order asked for; what is new, or failed before, is fetched
/// by a task. For imports: whoever calls holds the permission.
///
/// # Errors
/// The database's.
pub async fn ensure_sources(tx: &mut Tx, ctx: &Ctx, urls: &[&str]) -> Result<Vec<AssetId>, Error> {
    if urls.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!("select source_url, id, state from asset where store_id = $1 and source_url in ($2)"),
        params![ctx.store.id],
        urls.iter().map(|u| Val::Text(u)),
    );
    let known: Vec<(String, AssetId, AssetState)> = tx.all(&text, &p).await?;
    let again: Vec<AssetId> =
        known.iter().filter(|(_, _, state)| *state == AssetState::Failed).map(|(_, id, _)| *id).collect();
    let mut ids: HashMap<&str, AssetId> = known.iter().map(|(url, id, _)| (url.as_str(), *id)).collect();
    let now = ctx.now();
    let mut values: Vec<Val<'_>> = vec![];
    let mut due = again.clone();
    for url in urls {
        if !ids.contains_key(url) {
            let id: AssetId = ctx.id();
            ids.insert(url, id);
            due.push(id);
            values.extend([
                Val::Uuid(id.uuid()),
                Val::Uuid(ctx.store.id.uuid()),
                Val::Text(url),
                Val::Text("fetching"),
                Val::Int(now.0),
                Val::Int(now.0),
                Val::Text(file_name(url)),
            ]);
        }
    }
    tx.insert(
        "insert into asset (id, store_id, source_url, state, created_at, updated_at, file_name) values",
        7,
        &values,
        "",
    )
    .await?;
    if !again.is_empty() {
        let (text, p) = spread(
            sql!("update asset set state = 'fetching', error = null, updated_at = $1 where id in ($2)"),
            params![now],
            again.iter().map(db::ToVal::to_val),
        );
        tx.exec(&text, &p).await?;
    }
    let tasks: Vec<NewTask> = due
        .into_iter()
        .map(|id| NewTask {
            kind: FETCH,
            key: id.to_string(),
            mode: Mode::Match,
            subject: Some(id.uuid()),
            payload: serde_json::json!({}),
            due_at: now,
        })
        .collect();
    work::enqueue_many(tx, ctx, &tasks).await?;
    Ok(urls.iter().map(|u| ids[u]).collect())
}

/// The last part of an address, without its query.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().filter(|n| !n.is_empty()).unwrap_or("picture")
}

/// Does `assets.fetch`: asks the guarded fetcher, looks at what came, keeps it.
pub struct Fetch {
    /// Where assets stand.
    pub db: Db,
    /// Where files lie.
    pub vault: Vault,
    /// Who goes outside.
    pub fetcher: Arc<dyn Fetcher>,
}

#[async_trait]
impl Handler for Fetch {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(id) = job.subject else {
            return Ok(Outcome::Fail { why: "the task names no picture".to_owned() });
        };
        let id: AssetId = Id::from_uuid(id);
        let store = ctx.store.id;
        let asset = match self.db.read(async |tx: &mut Tx| crate::get(tx, store, id).await).await {
            Ok(asset) => asset,
            Err(Error::NotFound) => return Ok(Outcome::Done), // taken away meanwhile
            Err(e) => return Err(e.into()),
        };
        let (AssetState::Fetching, Some(url)) = (asset.state, asset.source_url) else {
            return Ok(Outcome::Done);
        };
        let stored = match self.fetcher.fetch(&url).await {
            Ok(fetched) => self.vault.store(fetched.bytes).await,
            // a failure, which counts: "not yet" would be said for ever
            Err(FetchError::Unreachable(why)) if job.attempt < TRIES => return Err(why.into()),
            Err(FetchError::Unreachable(why) | FetchError::Refused(why)) => {
                self.end(ctx, job, id, Err(why)).await?;
                return Ok(Outcome::Recorded);
            }
        };
        let end = match stored {
            Ok(stored) => Ok(stored),
            Err(
                e @ (Error::NotAPicture | Error::TooLarge | Error::TooManyPixels { .. } | Error::Damaged(_)),
            ) => Err(e.to_string()),
            Err(e) => return Err(e.into()),
        };
        self.end(ctx, job, id, end).await?;
        Ok(Outcome::Recorded)
    }
}

impl Fetch {
    /// What came of it and the task's end, in one transaction.
    async fn end(&self, ctx: &Ctx, job: &Job, id: AssetId, end: Result<Stored, String>) -> Result<(), Error> {
        let (ctx, job) = (ctx.clone(), job.clone());
        self.db
            .write(Unit::named("fetched").read_committed(), async move |tx: &mut Tx| {
                record(tx, &ctx, id, &end).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok(())
            })
            .await
    }
}

async fn record(tx: &mut Tx, ctx: &Ctx, id: AssetId, end: &Result<Stored, String>) -> Result<(), Error> {
    let now = ctx.now();
    match end {
        Ok(s) => {
            tx.exec(
                sql!(
                    "update asset set state = 'ready', sha256 = $2, media_type = $3, byte_size = $4, width = $5,
                         height = $6, hue = $7, error = null, updated_at = $8
                     where id = $1 and state = 'fetching'"
                ),
                params![id, s.sha256, s.media_type, s.byte_size, s.width, s.height, s.hue, now],
            )
            .await?;
        }
        Err(why) => {
            tx.exec(
                sql!("update asset set state = 'failed', error = $2, updated_at = $3 where id = $1 and state = 'fetching'"),
                params![id, why, now],
            )
            .await?;
        }
    }
    work::touch(tx, ctx, "asset", id.uuid()).await?;
    let shown: Vec<(Uuid,)> = tx
        .all(
            sql!("select subject_id from asset_usage where asset_id = $1 and subject_kind = 'product'"),
            params![id],
        )
        .await?;
    let products: Vec<Uuid> = shown.into_iter().map(|(id,)| id).collect();
    Ok(work::touch_many(tx, ctx, "product", &products).await?)
}
