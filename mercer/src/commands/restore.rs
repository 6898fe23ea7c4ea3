use std::path::PathBuf;

use db::Tx;
use kernel::{Clock, SystemClock};

use super::doctor;
use crate::config::Config;
use crate::presence::Presence;
use crate::shop::Shop;
use crate::{Exit, Failure, backup};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// The backup
    file: PathBuf,
    /// Replace the shop that is there; its database is copied into DIR/backups first
    #[arg(long)]
    force: bool,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    if !args.file.is_file() {
        return Err(Failure::new(Exit::Io, format!("there is no file {}", args.file.display())));
    }
    let shop = Shop::open_or_make(config).await?;
    // a server beside it would go on showing, and selling, what was there
    let _alone = Presence::alone(&shop.config.dir)?;
    let now = SystemClock.now();
    let held = shop.db.read(async |tx: &mut Tx| db::schema::tables(tx).await).await?;
    if args.force && !held.is_empty() {
        let path = shop.copy_before("restore", now).await?;
        println!("what was there: {}", path.display());
    }
    let manifest = backup::restore(&shop.db, &shop.config.dir, &args.file, args.force, now).await?;
    let index = shop.config.dir.join("index");
    if index.exists() {
        std::fs::remove_dir_all(&index).map_err(|e| Failure::io(&index, &e))?; // made anew from what is there now
    }
    println!(
        "{}: {} rows of {} tables, {} pictures and files, {} files of the theme, written {} by Mercer {} from {}",
        shop.config.db,
        manifest.rows(),
        manifest.tables.len(),
        manifest.assets.len(),
        manifest.theme.len(),
        manifest.created_at,
        manifest.mercer,
        manifest.engine
    );
    let newer = shop.migrate().await?;
    if newer > 0 {
        println!("{newer} migrations brought it up to this program");
    }
    doctor::report(&doctor::examine(&shop.db).await?, false)
}
