//! Asking again what became of attempts that were never decided.

use async_trait::async_trait;
use db::Tx;
use kernel::{Ctx, PageSize, PaymentId};
use work::{Handler, Job, Outcome as TaskOutcome, TaskError};

use crate::{Error, Placement, Shop, authorise, place_order};

/// The kind of task that asks.
pub const KIND: &str = "payments.ask";

/// Asks about every attempt whose time has come; how many were asked about.
///
/// # Errors
/// The database's.
pub async fn ask_due(shop: &Shop, ctx: &Ctx) -> Result<usize, Error> {
    let due =
        shop.db.read(async |tx: &mut Tx| payments::due_to_ask(tx, ctx.now(), PageSize::MAX).await).await?;
    for payment in &due {
        authorise::resume(shop, ctx, payment, None).await?;
    }
    Ok(due.len())
}

/// The shopper's browser comes back from the provider: asks at once.
///
/// # Errors
/// The database's; [`payments::Error::NotFound`].
pub async fn return_from_action(shop: &Shop, ctx: &Ctx, id: PaymentId) -> Result<Placement, Error> {
    let payment = shop.db.read(async |tx: &mut Tx| payments::get(tx, id).await).await?;
    if payment.state.is_undecided() {
        authorise::resume(shop, ctx, &payment, None).await?;
    }
    place_order::placement(shop, payment.order).await
}

/// Does `payments.ask`.
pub struct AskTask(pub Shop);

#[async_trait]
impl Handler for AskTask {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<TaskOutcome, TaskError> {
        ask_due(&self.0, ctx).await?;
        Ok(TaskOutcome::Done)
    }
}
