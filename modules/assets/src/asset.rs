use db::{ToVal, Tx, Val, params, spread, sql, words};
use kernel::{AssetId, Ctx, Cursor, Page, PageSize, Permit, StoreId, Timestamp, perms::ProductsWrite};
use serde::Serialize;

use crate::{Error, MediaType, Stored};

kernel::states! {
    /// Where a file stands.
    pub enum AssetState {
        /// On its way from another server.
        Fetching = "fetching",
        /// Here.
        Ready = "ready",
        /// It could not be had; the error says why.
        Failed = "failed",
    }
}
words!(AssetState);

db::row! {
    /// A file as uploaded or fetched.
    #[derive(Debug, Clone, Serialize)]
    pub struct Asset {
        /// Its id.
        pub id: AssetId,
        /// Its fingerprint, once it is here.
        pub sha256: Option<Vec<u8>>,
        /// What it really is.
        pub media_type: Option<MediaType>,
        /// Its size.
        pub byte_size: Option<i64>,
        /// In pixels.
        pub width: Option<i64>,
        /// In pixels.
        pub height: Option<i64>,
        /// OKLCH degrees.
        pub hue: Option<i64>,
        /// Its name when it came, for people.
        pub file_name: String,
        /// Where it came from.
        pub source_url: Option<String>,
        /// Where it stands.
        pub state: AssetState,
        /// Why it could not be had.
        pub error: Option<String>,
        /// When it was first known.
        pub created_at: Timestamp,
    }
}

/// One asset.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(tx: &mut Tx, store: StoreId, id: AssetId) -> Result<Asset, Error> {
    many(tx, store, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Several assets; in no order, and without those that are not there.
///
/// # Errors
/// The database's.
pub async fn many(tx: &mut Tx, store: StoreId, ids: &[AssetId]) -> Result<Vec<Asset>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select id, sha256, media_type, byte_size, width, height, hue, file_name, source_url, state, error,
                 created_at
             from asset where store_id = $1 and id in ($2)"
        ),
        params![store],
        ids.iter().map(ToVal::to_val),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Assets in a state (or in any), newest first.
///
/// # Errors
/// The database's.
pub async fn list(
    tx: &mut Tx,
    store: StoreId,
    state: Option<AssetState>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Asset>, Error> {
    let rows: Vec<Asset> = tx
        .all(
            sql!(
                "select id, sha256, media_type, byte_size, width, height, hue, file_name, source_url, state, error,
                     created_at
                 from asset
                 where store_id = $1 and (cast($2 as text) is null or state = $2)
                   and (cast($3 as bigint) is null or (created_at, id) < ($3, $4))
                 order by created_at desc, id desc limit $5"
            ),
            params![store, state, after.map(|c| c.key), after.map(|c| c.id), size.plus_one()],
        )
        .await?;
    Ok(Page::cut(rows, size, |a| Cursor { key: a.created_at.0, id: a.id.uuid() }))
}

/// How many assets stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// On their way.
    pub fetching: i64,
    /// Here.
    pub ready: i64,
    /// Could not be had.
    pub failed: i64,
}

/// How many assets stand where.
///
/// # Errors
/// The database's.
pub async fn counts(tx: &mut Tx, store: StoreId) -> Result<Counts, Error> {
    let rows: Vec<(AssetState, i64)> = tx
        .all(
            sql!("select state, cast(count(*) as bigint) from asset where store_id = $1 group by state"),
            params![store],
        )
        .await?;
    let of = |state| rows.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    Ok(Counts {
        fetching: of(AssetState::Fetching),
        ready: of(AssetState::Ready),
        failed: of(AssetState::Failed),
    })
}

/// Every file that is here, by its name for people and its place below the store's root. Inner read, for those who
/// check that it lies there.
///
/// # Errors
/// The database's.
pub async fn originals(tx: &mut Tx) -> Result<Vec<(String, String)>, Error> {
    let rows: Vec<(String, Vec<u8>)> = tx
        .all(sql!("select file_name, sha256 from asset where state = 'ready' order by created_at, id"), &[])
        .await?;
    Ok(rows.into_iter().map(|(name, sha256)| (name, crate::vault::original(&sha256).to_string())).collect())
}

/// Makes an asset of an uploaded file, which lies in the vault already; the same content twice is one asset.
///
/// # Errors
/// The database's.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    stored: &Stored,
    file_name: &str,
) -> Result<AssetId, Error> {
    let ids = ensure_stored(tx, ctx, &[(stored.clone(), file_name.to_owned())]).await?;
    Ok(ids[0])
}

/// Assets for files that lie in the vault, found by their content or made, in the order asked for. For imports:
/// whoever calls holds the permission.
///
/// # Errors
/// The database's.
pub async fn ensure_stored(
    tx: &mut Tx,
    ctx: &Ctx,
    files: &[(Stored, String)],
) -> Result<Vec<AssetId>, Error> {
    if files.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select sha256, id from asset where store_id = $1 and state = 'ready' and sha256 in ($2) order by id"
        ),
        params![ctx.store.id],
        files.iter().map(|(s, _)| Val::Bytes(&s.sha256)),
    );
    let known: Vec<(Vec<u8>, AssetId)> = tx.all(&text, &p).await?;
    let mut ids: std::collections::HashMap<[u8; 32], AssetId> = std::collections::HashMap::new();
    for (sha256, id) in known.into_iter().rev() {
        if let Ok(sha256) = <[u8; 32]>::try_from(sha256) {
            ids.insert(sha256, id); // the oldest wins
        }
    }
    let now = ctx.now();
    let mut new: Vec<(AssetId, &Stored, &str)> = vec![];
    for (stored, name) in files {
        ids.entry(stored.sha256).or_insert_with(|| {
            let id = ctx.id();
            new.push((id, stored, name));
            id
        });
    }
    let mut values: Vec<Val<'_>> = Vec::with_capacity(new.len() * 12);
    for (id, s, name) in &new {
        values.extend_from_slice(params![
            *id,
            ctx.store.id,
            s.sha256,
            s.media_type,
            s.byte_size,
            s.width,
            s.height,
            s.hue,
            *name,
            AssetState::Ready,
            now,
            now
        ]);
    }
    tx.insert(
        "insert into asset (id, store_id, sha256, media_type, byte_size, width, height, hue, file_name, state,
             created_at, updated_at) values",
        12,
        &values,
        "",
    )
    .await?;
    Ok(files.iter().map(|(s, _)| ids[&s.sha256]).collect())
}
