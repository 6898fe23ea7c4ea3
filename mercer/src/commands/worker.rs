use crate::config::Config;
use crate::presence::Presence;
use crate::shop::Shop;
use crate::{Exit, Failure, Outside, running};

pub async fn run(config: Config) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    let config = &shop.config;
    let _here = Presence::shared(&config.dir)?;
    let address = config.address(config.listen);
    let (mail, test_bank) = (config.mail_url.as_deref(), config.test_bank(config.listen));
    let outside = Outside::open(&config.dir, mail, &address, test_bank).await?;
    let stop = running::stopping()?;
    tracing::info!(database = %shop.config.db, "working");
    running::until_stopped(stop.clone(), running::work(&shop, &outside, stop)).await
}
