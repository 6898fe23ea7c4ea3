use crate::config::Config;
use crate::shop::Shop;
use crate::{Exit, Failure, running};

pub async fn run(config: Config) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    let stop = running::stopping()?;
    tracing::info!(database = %shop.config.db, "working");
    running::until_stopped(stop.clone(), running::work(&shop, stop)).await
}
