//! The command line: one file a command.

mod backup;
mod demo;
pub mod doctor;
mod import;
mod key;
mod migrate;
mod restore;
mod serve;
mod staff;
mod worker;

use std::future::Future;

use clap::{Parser, Subcommand};

use crate::config::{Common, Config, Mailing, Serving};
use crate::{Exit, Failure, logs};

/// Mercer runs an online retail business: what is sold, where it lies, who buys it, what is owed.
#[derive(Parser, Debug)]
#[command(name = "mercer", version, arg_required_else_help = true, after_help = EXITS)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXITS: &str = "Exit status: 0 well; 1 problems found; 2 usage; 65 bad data; 69 unavailable; 70 internal; \
                     74 file trouble; 78 configuration.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a grocer with 90 days behind it, or find the one made before, and serve it: for trying out
    Demo(demo::Args),
    /// Serve the storefront, the back office and the API, and run tasks and schedules beside
    Serve(serve::Args),
    /// Run tasks and schedules without serving pages: beside servers that share one PostgreSQL
    Worker {
        #[command(flatten)]
        mailing: Mailing,
    },
    /// Bring a product file into the shop: import products FILE
    Import(import::Args),
    /// Who works here: add, list, disable, enable, reset-password
    Staff(staff::Args),
    /// Keys for programs: create, list, revoke
    Key(key::Args),
    /// Write the whole shop, database and pictures, into one file that either database can be restored from
    Backup(backup::Args),
    /// Check a backup, then write it into an empty shop of either database
    Restore(restore::Args),
    /// Bring the database up to this program, after a backup
    Migrate(migrate::Args),
    /// Ask whether every law holds in the live database; changes nothing
    Doctor(doctor::Args),
}

/// Runs the command.
///
/// # Errors
/// What the person who typed it must be told.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let Args { common, command } = args;
    match command {
        Command::Demo(args) => wait(demo::run(demo::settings(common, &args)?, args)),
        Command::Serve(args) => {
            let config = Config::load(&common, Some(&args.serving))?;
            logs::start(&config)?;
            wait(serve::run(config, args))
        }
        Command::Worker { mailing } => {
            let config = Config::load(&common, Some(&Serving { mailing, ..Serving::default() }))?;
            logs::start(&config)?;
            wait(worker::run(config))
        }
        Command::Import(args) => quiet(&common, |config| import::run(config, args)),
        Command::Staff(args) => quiet(&common, |config| staff::run(config, args)),
        Command::Key(args) => quiet(&common, |config| key::run(config, args)),
        Command::Backup(args) => quiet(&common, |config| backup::run(config, args)),
        Command::Restore(args) => quiet(&common, |config| restore::run(config, args)),
        Command::Migrate(args) => quiet(&common, |config| migrate::run(config, args)),
        Command::Doctor(args) => quiet(&common, |config| doctor::run(config, args)),
    }
}

/// For commands that print what they did: unless asked otherwise, only warnings are logged.
fn quiet<F: Future<Output = Result<Exit, Failure>>>(
    common: &Common,
    f: impl FnOnce(Config) -> F,
) -> Result<Exit, Failure> {
    let mut config = Config::load(common, None)?;
    if common.log.is_none() {
        config.log = "warn".to_owned();
    }
    logs::start(&config)?;
    wait(f(config))
}

fn wait(f: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::new(Exit::Unavailable, format!("the machine gives no threads: {e}")))?;
    let result = runtime.block_on(f);
    // a blocking read that nobody waits for any more must not hold up the end
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    result
}
