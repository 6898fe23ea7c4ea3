//! A process that runs until it is told to end: the signals, the runner of tasks, and how long the end may take.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use work::Runner;

use crate::shop::Shop;
use crate::{Exit, Failure, Outside, wiring};

/// Requests and tasks in hand get this long to finish.
const GRACE: Duration = Duration::from_secs(10);
/// How often a shop that is not set up is looked at.
const UNTIL_SET_UP: Duration = Duration::from_secs(1);

/// Becomes true at SIGTERM or SIGINT; a second signal ends the process at once.
///
/// # Errors
/// When the system gives no signals.
pub fn stopping() -> Result<watch::Receiver<bool>, Failure> {
    let none = |e: std::io::Error| Failure::new(Exit::Unavailable, format!("no signals: {e}"));
    let mut term = signal(SignalKind::terminate()).map_err(none)?;
    let mut int = signal(SignalKind::interrupt()).map_err(none)?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        for last in [false, true] {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            if last {
                tracing::warn!("told to end twice; ending at once");
                std::process::exit(Exit::Ok as i32);
            }
            tracing::info!("ending: finishing what is in hand");
            let _ = tell.send(true); // nobody listens: then there is nothing to finish
        }
    });
    Ok(told)
}

/// Runs tasks and schedules until told to stop, from when the shop is set up.
///
/// # Errors
/// The database's, while waiting for set-up.
pub async fn work(shop: &Shop, outside: &Outside, mut stop: watch::Receiver<bool>) -> Result<(), Failure> {
    let ctx = loop {
        if let Some(ctx) = shop.system().await? {
            break ctx;
        }
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            () = tokio::time::sleep(UNTIL_SET_UP) => {}
        }
    };
    let runner = Runner::new(shop.db.clone(), ctx, wiring::handlers(&shop.db, outside), wiring::schedules());
    Arc::new(runner).run(stop).await;
    Ok(())
}

/// Waits for `running`, and from the signal on no longer than the grace.
///
/// # Errors
/// What `running` says.
pub async fn until_stopped(
    mut stop: watch::Receiver<bool>,
    running: impl Future<Output = Result<(), Failure>>,
) -> Result<Exit, Failure> {
    let late = async {
        if stop.wait_for(|told| *told).await.is_err() {
            std::future::pending::<()>().await; // no signal can come any more
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = running => result.map(|()| Exit::Ok),
        () = late => {
            tracing::warn!("not everything finished in {} s; tasks go on when their lease runs out", GRACE.as_secs());
            Ok(Exit::Ok)
        }
    }
}
