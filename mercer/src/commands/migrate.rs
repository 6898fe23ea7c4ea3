use crate::config::Config;
use crate::shop::Shop;
use crate::{Exit, Failure, wiring};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Only say what would be done; exit status 1 when anything would
    #[arg(long)]
    check: bool,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open_or_make(config).await?;
    if args.check {
        let pending = db::pending(&shop.db, &wiring::migrations()).await?;
        for m in &pending.migrations {
            println!("{}/{}", m.module, m.name);
        }
        println!("{} pending", pending.migrations.len());
        return Ok(if pending.migrations.is_empty() { Exit::Ok } else { Exit::Problems });
    }
    let n = shop.migrate().await?;
    println!("{n} migrations run; {} is up to date", shop.config.db);
    Ok(Exit::Ok)
}
