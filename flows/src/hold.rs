//! Orders whose payment never came let go of their stock.

use async_trait::async_trait;
use db::Tx;
use kernel::{Ctx, PageSize};
use work::{Handler, Job, Outcome, TaskError};

use crate::cancel::{Cancel, cancel};
use crate::{Error, Shop};

/// The kind of task that does it.
pub const KIND: &str = "orders.expire_holds";

/// Calls off every order that awaited payment for too long; how many. One whose payment is undecided waits.
///
/// # Errors
/// The database's.
pub async fn expire_holds(shop: &Shop, ctx: &Ctx) -> Result<usize, Error> {
    let late =
        shop.db.read(async |tx: &mut Tx| orders::held_past(tx, ctx.now(), PageSize::MAX).await).await?;
    let mut done = 0;
    for order in late {
        let reason = "It was not paid in time".to_owned();
        match cancel(shop, ctx, Cancel { order, reason, notify: false }).await {
            Ok(()) => done += 1,
            // its payment is undecided, or was decided just now: the next turn sees
            Err(Error::Undecided | Error::Conflict(_) | Error::Orders(orders::Error::NotAllowed { .. })) => {}
            Err(e) => return Err(e),
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
