//! Bulk reads for what the storefront keeps in memory.

use db::{ToVal, Tx, params, spread, sql};
use kernel::{AssetId, StoreId};
use uuid::Uuid;

db::row! {
    /// A picture that is ready to be shown, where it is used.
    #[derive(Debug, Clone)]
    pub struct ShownImage {
        /// Of which product, category.
        pub subject: Uuid,
        /// The file.
        pub asset: AssetId,
        /// What is to be seen, for those who cannot.
        pub alt: String,
        /// In px.
        pub width: i64,
        /// In px.
        pub height: i64,
        /// Its own hue, 0 to 359; none is neutral.
        pub hue: Option<i64>,
    }
}

/// The pictures of some subjects that are ready, the main one first.
///
/// # Errors
/// The database's.
pub async fn shown_images(
    tx: &mut Tx,
    store: StoreId,
    kind: &'static str,
    subjects: &[Uuid],
) -> Result<Vec<ShownImage>, db::Error> {
    let text = sql!(
        "select u.subject_id, a.id, u.alt, a.width, a.height, a.hue
         from asset_usage u join asset a on a.id = u.asset_id
         where a.store_id = $1 and a.state = 'ready' and u.subject_kind = $2 and u.subject_id in ($3)
         order by u.subject_id, u.position, a.id"
    );
    let (text, p) = spread(text, params![store, kind], subjects.iter().map(ToVal::to_val));
    tx.all(&text, &p).await
}

/// Which subjects of a kind use these files.
///
/// # Errors
/// The database's.
pub async fn users_of(tx: &mut Tx, kind: &'static str, assets: &[AssetId]) -> Result<Vec<Uuid>, db::Error> {
    let text = sql!("select distinct subject_id from asset_usage where subject_kind = $1 and asset_id in ($2)");
    let (text, p) = spread(text, params![kind], assets.iter().map(ToVal::to_val));
    Ok(tx.all::<(Uuid,)>(&text, &p).await?.into_iter().map(|(s,)| s).collect())
}
