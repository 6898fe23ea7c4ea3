use kernel::{Entropy, OsEntropy};
use tokio::net::TcpListener;

use crate::config::{Config, Serving};
use crate::presence::Presence;
use crate::shop::Shop;
use crate::{Exit, Failure, Outside, running};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    pub serving: Serving,
    /// Leave tasks and schedules to 'mercer worker'
    #[arg(long)]
    pub no_worker: bool,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open_or_make(config).await?;
    let _here = Presence::shared(&shop.config.dir)?;
    shop.migrate().await?;
    let config = &shop.config;
    let listener = TcpListener::bind(config.listen).await.map_err(|e| {
        let text = format!("cannot listen on {}: {e}; --port names another", config.listen);
        Failure::new(Exit::Unavailable, text)
    })?;
    let address = listener.local_addr().map_err(|e| Failure::new(Exit::Unavailable, e.to_string()))?;
    let (mail, reached) = (config.mail_url.as_deref(), config.address(address));
    let outside = Outside::open(&config.dir, mail, &reached, config.test_bank(address)).await?;
    let web = web::Config {
        public_url: outside.public_url.to_string(),
        dev: config.is_private(address),
        behind_proxy: config.behind_proxy,
    };
    let mut parts = outside.web(&shop.db, web, config.dir.join("index"));
    let code = (!config.is_private(address)).then(setup_code);
    parts.setup_code.clone_from(&code);
    let state = web::State::new(parts);
    let open = state
        .begin()
        .await
        .map_err(|e| Failure::new(Exit::Unavailable, format!("opening: {} {}", e.code, e.text)))?;
    let stop = running::stopping()?;
    println!("{} {}", outside.public_url, if open { "is open" } else { "waits to be set up" });
    if let Some(code) = code.filter(|_| !open) {
        // whoever can read what the server prints is its owner; whoever comes first need not be
        println!("set it up: {}/admin/setup?code={code}", outside.public_url);
    }
    tracing::info!(%address, database = %config.db, "serving");
    let (mut told, until) = (stop.clone(), stop.clone());
    let app = web::app(state.clone());
    let serving = async move {
        web::serve(listener, app, async move { drop(told.wait_for(|told| *told).await) }).await;
        Ok(())
    };
    let working = async { if args.no_worker { Ok(()) } else { running::work(&shop, &outside, stop).await } };
    let ended = running::until_stopped(until, async { tokio::try_join!(serving, working).map(drop) }).await;
    state.end().await;
    ended
}

/// 128 bits that nobody guesses, anew at each start.
fn setup_code() -> String {
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
