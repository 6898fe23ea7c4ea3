//! What the storefront asks beyond [`images_of`](crate::images_of).

use db::{ToVal, Tx, spread, sql};
use kernel::AssetId;
use uuid::Uuid;

/// Which of these files are used by a product or category; the others are the shop's own.
///
/// # Errors
/// The database's.
pub async fn used(tx: &mut Tx, assets: &[AssetId]) -> Result<Vec<Uuid>, db::Error> {
    let text = sql!("select distinct asset_id from asset_usage where asset_id in ($1)");
    let (text, p) = spread(text, &[], assets.iter().map(ToVal::to_val));
    Ok(tx.all::<(Uuid,)>(&text, &p).await?.into_iter().map(|(s,)| s).collect())
}
