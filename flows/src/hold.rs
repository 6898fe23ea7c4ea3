//! Orders whose payment never came let go of their stock.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, PageSize};
use orders::Still;
use work::{Handler, Job, Outcome, TaskError};

use crate::cancel::{Cancel, cancel};
use crate::{Error, Shop, ask};

/// The kind of task that does it.
pub const KIND: &str = "orders.expire_holds";

/// How long one that could not be called off is left alone.
const LATER: Duration = Duration::from_secs(2 * 60);

/// Calls off every order that awaited payment for too long; how many. One whose payment is undecided waits, and one
/// that fails holds up none of the others.
///
/// # Errors
/// The database's, where it cannot be read.
pub async fn expire_holds(shop: &Shop, ctx: &Ctx) -> Result<usize, Error> {
    let late =
        shop.db.read(async |tx: &mut Tx| orders::held_past(tx, ctx.now(), PageSize::MAX).await).await?;
    let (mut done, until) = (0, ctx.now().plus(ask::TURN));
    for order in late {
        if ctx.now() > until {
            break; // the next turn goes on
        }
        let reason = "It was not paid in time".to_owned();
        let later = match cancel(shop, ctx, Cancel { order, reason, notify: false }, Still::Overdue).await {
            Ok(()) => {
                done += 1;
                false
            }
            // it was decided just now, or is held anew
            Err(Error::Orders(orders::Error::NotAllowed { .. } | orders::Error::Held)) => false,
            Err(Error::Undecided | Error::Conflict(_)) => true,
            Err(e) if e.is_crash() => return Err(e),
            Err(e) => {
                tracing::error!(%order, error = %e, "an order whose time is up cannot be called off");
                true
            }
        };
        if later {
            let next = ctx.now().plus(LATER);
            shop.db
                .write(Unit::named("keep_longer").read_committed(), async move |tx: &mut Tx| {
                    orders::keep_longer(tx, order, next).await
                })
                .await?;
        }
    }
    Ok(done)
}

/// Does `orders.expire_holds`.
pub struct ExpireHoldsTask(pub Shop);

#[async_trait]
impl Handler for ExpireHoldsTask {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        expire_holds(&self.0, ctx).await?;
        Ok(Outcome::Done)
    }
}
