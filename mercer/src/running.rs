//! A process that runs until it is told to end: the signals, the runner of tasks, and how long the end may take.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use work::Runner;

use crate::shop::Shop;
use crate::{Exit, Failure, Outside, wiring};

/// Requests and tasks in hand get this long to finish; what is left of ten seconds is for the search index.
const GRACE: Duration = Duration::from_secs(9);
/// How often a shop that is not set up is looked at.
const UNTIL_SET_UP: Duration = Duration::from_secs(1);
/// How soon tasks know of a change to the store itself.
const UNTIL_SEEN: Duration = Duration::from_secs(5);

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

/// Runs tasks and schedules until told to stop, from when the shop is set up. The runner's context holds the store, so
/// another is begun when what the shop says of itself (its time zone, its country) was changed.
///
/// # Errors
/// The database's, while waiting for set-up.
pub async fn work(shop: &Shop, outside: &Outside, mut stop: watch::Receiver<bool>) -> Result<(), Failure> {
    loop {
        let ctx = loop {
            if let Some(ctx) = shop.system().await? {
                break ctx;
            }
            if stopped_within(&mut stop, UNTIL_SET_UP).await {
                return Ok(());
            }
        };
        let (tell, told) = watch::channel(false);
        let (handlers, schedules) =
            (wiring::handlers(&shop.db, outside), wiring::schedules(outside.bank.is_some()));
        let runner = Arc::new(Runner::new(shop.db.clone(), ctx.clone(), handlers, schedules));
        let watching = async {
            let over = loop {
                if stopped_within(&mut stop, UNTIL_SEEN).await {
                    break true;
                }
                match shop.system().await {
                    Ok(Some(now)) if now.store != ctx.store => break false,
                    Ok(_) => {}
                    Err(e) => tracing::warn!(error = %e, "the store cannot be read"),
                }
            };
            let _ = tell.send(true); // the runner listens, or has ended
            over
        };
        let ((), over) = tokio::join!(runner.run(told), watching);
        if over {
            return Ok(());
        }
    }
}

/// Was it told to stop before this time passed?
async fn stopped_within(stop: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::time::timeout(time, stop.wait_for(|told| *told)).await.is_ok()
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
