use std::path::PathBuf;

use kernel::{Clock, SystemClock};

use crate::config::Config;
use crate::shop::Shop;
use crate::{Exit, Failure, backup};

/// So many missing pictures are named.
const NAMED: usize = 5;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// The file to write [default: DIR/backups/mercer-DATE-TIME.zip]
    file: Option<PathBuf>,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    let now = SystemClock.now();
    let path = match args.file {
        Some(path) => path,
        None => {
            let dir = shop.config.dir.join("backups");
            std::fs::create_dir_all(&dir).map_err(|e| Failure::io(&dir, &e))?;
            dir.join(format!("mercer-{}.zip", backup::stamp(now)))
        }
    };
    let held = backup::write(&shop.db, Some(&shop.config.dir), &path, now).await?;
    println!(
        "{}: {} rows of {} tables, {} pictures and files ({} bytes), {} files of the theme, from {}; without mercer.toml",
        path.display(),
        held.rows(),
        held.tables.len(),
        held.assets.len(),
        held.asset_bytes(),
        held.theme.len(),
        held.engine
    );
    let missing = backup::missing(&shop.db, &held).await?;
    if missing.is_empty() {
        return Ok(Exit::Ok);
    }
    let some = missing.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if missing.len() > NAMED { ", …" } else { "" };
    eprintln!(
        "pictures without a file in {}, so not in the backup: {} ({some}{more}); upload them again",
        shop.config.dir.join("assets").display(),
        missing.len()
    );
    Ok(Exit::Problems)
}
