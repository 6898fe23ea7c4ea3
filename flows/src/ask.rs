//! Asking again what became of attempts that were never decided.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, PageSize, PaymentId};
use payments::PaymentRow;
use work::{Handler, Job, Outcome as TaskOutcome, TaskError};

use crate::{Error, Placement, Shop, authorise, place_order};

/// The kind of task that asks.
pub const KIND: &str = "payments.ask";

/// A turn begins nothing new after this long: with the calls of the last one (20 s each) it ends before its lease of a
/// minute, and what is left is the next turn's.
pub(crate) const TURN: Duration = Duration::from_secs(15);
/// How long an attempt that could not be asked about is left alone.
const LATER: Duration = Duration::from_secs(60);

/// Asks about every attempt whose time has come; how many were asked about. One that fails holds up none of the
/// others.
///
/// # Errors
/// The database's, where it cannot be read.
pub async fn ask_due(shop: &Shop, ctx: &Ctx) -> Result<usize, Error> {
    let due =
        shop.db.read(async |tx: &mut Tx| payments::due_to_ask(tx, ctx.now(), PageSize::MAX).await).await?;
    let (mut asked, until) = (0, ctx.now().plus(TURN));
    for payment in &due {
        if ctx.now() > until {
            break;
        }
        match authorise::resume(shop, ctx, payment, None).await {
            Ok(()) => asked += 1,
            Err(e) if e.is_crash() => return Err(e),
            Err(e) => cannot_ask(shop, ctx, payment, &e).await?,
        }
    }
    Ok(asked)
}

async fn cannot_ask(shop: &Shop, ctx: &Ctx, payment: &PaymentRow, why: &Error) -> Result<(), Error> {
    tracing::error!(payment = %payment.id, error = %why, "nobody could be asked about a payment");
    let text = format!("Nobody could be asked what became of a payment with '{}': {why}", payment.provider);
    let (ctx, id, order) = (ctx.clone(), payment.id, payment.order);
    shop.db
        .write(Unit::named("ask_later").read_committed(), async move |tx: &mut Tx| {
            payments::ask_later(tx, &ctx, id, LATER).await?;
            work::alerts::raise(tx, &ctx, &authorise::undecided(id), &text, Some(order.uuid())).await?;
            Ok::<_, Error>(())
        })
        .await
}

/// The shopper's browser comes back from the provider: asks at once.
///
/// # Errors
/// The database's; [`payments::Error::NotFound`].
pub async fn return_from_action(shop: &Shop, ctx: &Ctx, id: PaymentId) -> Result<Placement, Error> {
    let payment = shop.db.read(async |tx: &mut Tx| payments::get(tx, id).await).await?;
    if payment.state.is_undecided() || payment.ended_without_money() {
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
