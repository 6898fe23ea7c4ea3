use std::collections::HashMap;

use db::{ToVal, Tx, Val, params, spread, sql, words};
use kernel::{AssetId, Ctx, Permit, perms::ProductsWrite};
use serde::Serialize;
use uuid::Uuid;

use crate::{AssetState, Error};

kernel::states! {
    /// What shows pictures.
    pub enum Subject {
        /// A product.
        Product = "product",
        /// A category.
        Category = "category",
    }
}
words!(Subject);

impl Subject {
    /// Its name in the change feed.
    fn feed(self) -> &'static str {
        match self {
            Subject::Product => "product",
            Subject::Category => "category",
        }
    }
}

db::row! {
    /// A picture where it is shown.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Image {
        /// Which product or category.
        pub subject: Uuid,
        /// Which asset.
        pub asset: AssetId,
        /// Its place, from 1.
        pub position: i64,
        /// What it shows, for those who cannot see it.
        pub alt: String,
        /// Is it here?
        pub state: AssetState,
        /// In pixels, once it is here.
        pub width: Option<i64>,
        /// In pixels, once it is here.
        pub height: Option<i64>,
        /// OKLCH degrees.
        pub hue: Option<i64>,
        /// Its name when it came.
        pub file_name: String,
        /// Why it could not be had.
        pub error: Option<String>,
    }
}

/// Pictures of many subjects, by subject and place, those too that are not here yet. One statement.
///
/// # Errors
/// The database's.
pub async fn images_of(tx: &mut Tx, kind: Subject, ids: &[Uuid]) -> Result<Vec<Image>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select u.subject_id, u.asset_id, u.position, u.alt, a.state, a.width, a.height, a.hue, a.file_name, a.error
             from asset_usage u join asset a on a.id = u.asset_id
             where u.subject_kind = $1 and u.subject_id in ($2) order by u.subject_id, u.position, u.asset_id"
        ),
        params![kind],
        ids.iter().map(ToVal::to_val),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Shows a picture, last; one that is shown already stays where it is and gets the new alt text.
///
/// # Errors
/// [`Error::NotFound`] for an asset of another store.
pub async fn attach(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    kind: Subject,
    subject: Uuid,
    asset: AssetId,
    alt: &str,
) -> Result<(), Error> {
    crate::get(tx, ctx.store.id, asset).await?;
    tx.exec(
        sql!(
            "insert into asset_usage (asset_id, subject_kind, subject_id, position, alt)
             values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from asset_usage
                 where subject_kind = $2 and subject_id = $3), $4)
             on conflict (subject_kind, subject_id, asset_id) do update set alt = excluded.alt"
        ),
        params![asset, kind, subject, alt.trim()],
    )
    .await?;
    told(tx, ctx, kind, subject, "asset.attach", asset, serde_json::json!({ "alt": alt.trim() })).await
}

/// Shows a picture there no longer; the file stays.
///
/// # Errors
/// [`Error::NotFound`] when it is not shown there.
pub async fn detach(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    kind: Subject,
    subject: Uuid,
    asset: AssetId,
) -> Result<(), Error> {
    let gone = tx
        .exec(
            sql!("delete from asset_usage where asset_id = $1 and subject_kind = $2 and subject_id = $3"),
            params![asset, kind, subject],
        )
        .await?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    told(tx, ctx, kind, subject, "asset.detach", asset, serde_json::json!({})).await
}

/// Says what a picture shows, there.
///
/// # Errors
/// [`Error::NotFound`] when it is not shown there.
pub async fn set_alt(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    kind: Subject,
    subject: Uuid,
    asset: AssetId,
    alt: &str,
) -> Result<(), Error> {
    let done = tx
        .exec(
            sql!("update asset_usage set alt = $4 where asset_id = $1 and subject_kind = $2 and subject_id = $3"),
            params![asset, kind, subject, alt.trim()],
        )
        .await?;
    if done == 0 {
        return Err(Error::NotFound);
    }
    told(tx, ctx, kind, subject, "asset.describe", asset, serde_json::json!({ "alt": alt.trim() })).await
}

/// Puts the pictures in this order; those left out come behind, in the order they had.
///
/// # Errors
/// The database's.
pub async fn sort(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<ProductsWrite>,
    kind: Subject,
    subject: Uuid,
    order: &[AssetId],
) -> Result<(), Error> {
    let mut shown = images_of(tx, kind, &[subject]).await?;
    let place = |i: &Image| order.iter().position(|a| *a == i.asset).unwrap_or(usize::MAX);
    let before: Vec<AssetId> = shown.iter().map(|i| i.asset).collect();
    shown.sort_by_key(|i| (place(i), i.position));
    for (position, image) in (1i64..).zip(&shown) {
        if position != image.position {
            tx.exec(
                sql!(
                    "update asset_usage set position = $4
                     where asset_id = $1 and subject_kind = $2 and subject_id = $3"
                ),
                params![image.asset, kind, subject, position],
            )
            .await?;
        }
    }
    let after: Vec<AssetId> = shown.iter().map(|i| i.asset).collect();
    let Some(first) = after.first().copied().filter(|_| before != after) else { return Ok(()) };
    told(tx, ctx, kind, subject, "asset.sort", first, serde_json::json!({ "order": after })).await
}

async fn told(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: Subject,
    subject: Uuid,
    verb: &'static str,
    asset: AssetId,
    mut after: serde_json::Value,
) -> Result<(), Error> {
    after["asset"] = serde_json::json!(asset);
    let deed =
        work::Deed { verb, subject_kind: kind.feed(), subject, before: None, after: Some(after), note: None };
    work::audit(tx, ctx, &deed).await?;
    Ok(work::touch(tx, ctx, kind.feed(), subject).await?)
}

/// A picture as an import shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImage {
    /// Which.
    pub asset: AssetId,
    /// What it shows; `None` leaves what was said before.
    pub alt: Option<String>,
}

/// Makes the pictures of many subjects exactly these, in this order; which subjects changed. Unchanged ones cost one
/// read together. For imports: whoever calls holds the permission and touches the change feed.
///
/// # Errors
/// The database's.
pub async fn set_images(
    tx: &mut Tx,
    kind: Subject,
    wanted: &[(Uuid, Vec<NewImage>)],
) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = wanted.iter().map(|(id, _)| *id).collect();
    let mut stored: HashMap<Uuid, Vec<Image>> = HashMap::new();
    for image in images_of(tx, kind, &ids).await? {
        stored.entry(image.subject).or_default().push(image);
    }
    let (mut changed, mut values, mut gone) = (vec![], vec![], vec![]);
    for (subject, new) in wanted {
        let old = stored.remove(subject).unwrap_or_default();
        let mut touched = false;
        let mut kept = vec![];
        for image in new {
            if kept.contains(&image.asset) {
                continue; // the same picture twice
            }
            kept.push(image.asset);
            let position = i64::try_from(kept.len()).unwrap_or(i64::MAX);
            let was = old.iter().find(|o| o.asset == image.asset);
            let alt = image.alt.as_deref().or(was.map(|o| o.alt.as_str())).unwrap_or_default().trim();
            if was.is_none_or(|o| o.position != position || o.alt != alt) {
                touched = true;
                values.push((image.asset, *subject, position, alt.to_owned()));
            }
        }
        for image in old.iter().filter(|o| !kept.contains(&o.asset)) {
            touched = true;
            gone.push((image.asset, *subject));
        }
        if touched {
            changed.push(*subject);
        }
    }
    for (asset, subject) in &gone {
        tx.exec(
            sql!("delete from asset_usage where asset_id = $1 and subject_kind = $2 and subject_id = $3"),
            params![*asset, kind, *subject],
        )
        .await?;
    }
    let mut rows: Vec<Val<'_>> = Vec::with_capacity(values.len() * 5);
    for (asset, subject, position, alt) in &values {
        rows.extend_from_slice(params![*asset, kind, *subject, *position, *alt]);
    }
    tx.insert(
        "insert into asset_usage (asset_id, subject_kind, subject_id, position, alt) values",
        5,
        &rows,
        "on conflict (subject_kind, subject_id, asset_id) do update set position = excluded.position,
             alt = excluded.alt",
    )
    .await?;
    Ok(changed)
}
