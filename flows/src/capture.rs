//! Taking authorised money, letting it go, and recording money that came by terms: intend, call, record.

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, Money, OrderId, PaymentId, Permit, perms};
use orders::OrderState;
use payments::ports::Answer;
use payments::{CaptureRow, PaymentRow, PaymentState};
use work::{Handler, Job, News, Outcome, TaskError};

use crate::errand::Errand;
use crate::{CapturePolicy, CaptureWhen, Error, Once, Shop, close};

/// Writes a capture down for a worker to make: within another flow's transaction.
pub(crate) async fn capture_soon(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    amount_minor: i64,
) -> Result<(), Error> {
    let id = payments::begin_capture(tx, ctx, payment, amount_minor).await?;
    Errand::Capture(id).soon(tx, ctx).await
}

/// Lets an attempt go, soon: within another flow's transaction. Terms need nobody outside.
pub(crate) async fn void_soon(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    let b = payments::balance(tx, payment).await?;
    if b.payment.state == PaymentState::Due {
        return Ok(payments::void_now(tx, ctx, payment).await?);
    }
    if b.letting_go {
        return Ok(());
    }
    let id = payments::begin_void(tx, ctx, payment).await?;
    Errand::Capture(id).soon(tx, ctx).await
}

/// What a provider still holds of an attempt of which nothing will be taken any more is let go, soon.
pub(crate) async fn release_soon(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    match payments::begin_release(tx, ctx, payment).await? {
        Some(id) => Errand::Capture(id).soon(tx, ctx).await,
        None => Ok(()),
    }
}

/// Takes a part of what is authorised.
///
/// # Errors
/// [`payments::Error::NotFound`], also outside the permit's channels; [`payments::Error::TooMuch`],
/// [`payments::Error::NotAllowed`].
pub async fn capture(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
    amount_minor: i64,
) -> Result<PaymentRow, Error> {
    capture_once(shop, ctx, permit, payment, amount_minor, None).await
}

/// The same for a request that may come twice: a repeat takes nothing, and tells how the payment stands.
///
/// # Errors
/// As [`capture`]; [`work::Error::KeyReused`].
pub async fn capture_once(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
    amount_minor: i64,
    once: Option<Once>,
) -> Result<PaymentRow, Error> {
    let (c, permit) = (ctx.clone(), permit.clone());
    let begun = shop
        .db
        .write(Unit::named("begin_capture"), async move |tx: &mut Tx| {
            payments::get_within(tx, &permit, payment).await?;
            if Once::found(once.as_ref(), tx).await?.is_some() {
                return Ok(None);
            }
            let id = payments::begin_capture(tx, &c, payment, amount_minor).await?;
            let errand = Errand::Capture(id);
            let job = errand.mine(tx, &c).await?;
            Once::keep(once.as_ref(), tx, &c, id.uuid()).await?;
            Ok::<_, Error>(Some((errand, job)))
        })
        .await?;
    if let Some((errand, job)) = begun {
        errand.run(shop, ctx, &job, false).await?;
    }
    shop.db.read(async |tx: &mut Tx| Ok(payments::get(tx, payment).await?)).await
}

/// Lets go of whatever was not taken.
///
/// # Errors
/// [`payments::Error::NotFound`], also outside the permit's channels; [`payments::Error::NotAllowed`].
pub async fn void(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
) -> Result<PaymentRow, Error> {
    let (c, permit) = (ctx.clone(), permit.clone());
    let begun = shop
        .db
        .write(Unit::named("begin_void").read_committed(), async move |tx: &mut Tx| {
            if payments::get_within(tx, &permit, payment).await?.state == PaymentState::Due {
                payments::void_now(tx, &c, payment).await?;
                unpaid_now(tx, &c, payment).await?;
                return Ok::<_, Error>(None);
            }
            let errand = Errand::Capture(payments::begin_void(tx, &c, payment).await?);
            let job = errand.mine(tx, &c).await?;
            Ok(Some((errand, job)))
        })
        .await?;
    if let Some((errand, job)) = begun {
        errand.run(shop, ctx, &job, false).await?;
    }
    shop.db.read(async |tx: &mut Tx| Ok(payments::get(tx, payment).await?)).await
}

/// Money that was due by terms has come.
///
/// # Errors
/// [`payments::Error::TooMuch`], [`payments::Error::NotAllowed`].
pub async fn mark_paid(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
    amount_minor: i64,
) -> Result<PaymentRow, Error> {
    mark_paid_once(shop, ctx, permit, payment, amount_minor, None).await
}

/// The same for a request that may come twice: a repeat records nothing, and tells how the payment stands.
///
/// # Errors
/// As [`mark_paid`]; [`work::Error::KeyReused`].
pub async fn mark_paid_once(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
    amount_minor: i64,
    once: Option<Once>,
) -> Result<PaymentRow, Error> {
    let (ctx, permit) = (ctx.clone(), permit.clone());
    shop.db
        .write(Unit::named("mark_paid"), async move |tx: &mut Tx| {
            if Once::found(once.as_ref(), tx).await?.is_some() {
                return Ok(payments::get(tx, payment).await?);
            }
            Once::keep(once.as_ref(), tx, &ctx, payment.uuid()).await?;
            let row = payments::mark_paid(tx, &ctx, &permit, payment, amount_minor).await?;
            let text = format!("{} received", Money::new(amount_minor, row.currency).shown("en"));
            let data = serde_json::json!({ "amount_minor": amount_minor, "currency": row.currency });
            told(tx, &ctx, row.order, "paid", &text, &data).await?;
            Ok::<_, Error>(row)
        })
        .await
}

async fn told(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    kind: &str,
    text: &str,
    data: &serde_json::Value,
) -> Result<(), Error> {
    orders::note(tx, ctx, order, kind, text, data).await?;
    let news = News { kind: "OrderPaymentChanged", subject: order.uuid(), data: serde_json::json!({}) };
    work::tell(tx, ctx, &news).await?;
    Ok(())
}

/// What follows from a provider's answer to a capture or void.
pub(crate) async fn after(tx: &mut Tx, ctx: &Ctx, row: &CaptureRow, answer: &Answer) -> Result<(), Error> {
    let payment = payments::get(tx, row.payment).await?;
    let amount = Money::new(row.amount_minor, payment.currency).shown("en");
    let (kind, text) = match (row.kind.as_str(), answer) {
        ("void", Answer::No { text, .. }) => ("void_failed", format!("{amount} could not be let go: {text}")),
        ("void", _) => ("voided", format!("{amount} let go")),
        (_, Answer::No { text, .. }) => ("capture_failed", format!("{amount} could not be captured: {text}")),
        _ => ("captured", format!("{amount} captured")),
    };
    if row.state == "failed" {
        work::alerts::raise(tx, ctx, &format!("capture:{}", row.id), &text, Some(row.order.uuid())).await?;
    } else if row.kind == "void" {
        work::alerts::resolve(tx, ctx, &late(row.payment)).await?;
        unpaid_now(tx, ctx, row.payment).await?;
    } else {
        release_soon(tx, ctx, row.payment).await?;
    }
    let why = match answer {
        Answer::No { text, .. } => text.as_str(),
        _ => "",
    };
    let data =
        serde_json::json!({ "amount_minor": row.amount_minor, "currency": payment.currency, "why": why });
    told(tx, ctx, row.order, kind, &text, &data).await
}

/// The key of the alert about money that came for an attempt that had ended.
pub(crate) fn late(payment: PaymentId) -> String {
    format!("payment_late:{payment}")
}

/// A sold order whose money was let go must not leave the house unseen: it is put on hold. (One that was refunded gave
/// its goods up.)
async fn unpaid_now(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    let order = payments::get(tx, payment).await?.order;
    if orders::head(tx, order).await?.state != OrderState::Placed {
        return Ok(());
    }
    let paid = payments::of_order(tx, order).await?.iter().any(|p| p.state.is_open() || p.captured_minor > 0);
    let refunded = payments::refunds_of(tx, order).await?.iter().any(|r| r.state == "succeeded");
    if paid || refunded {
        return Ok(());
    }
    let why = "Its payment was let go: nothing pays for it";
    orders::hold_back(tx, ctx, order, why).await?;
    work::alerts::raise(tx, ctx, &format!("unpaid:{order}"), why, Some(order.uuid())).await?;
    Ok(())
}

/// The kind of task that takes the money of a placed order where the shop's policy is to take it at once.
pub const AT_ONCE: &str = "payments.capture_at_once";

/// Does `payments.capture_at_once`: once for each order, from what is current.
pub struct AtOnceTask(pub Shop);

#[async_trait]
impl Handler for AtOnceTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(subject) = job.subject else { return Ok(Outcome::Done) };
        let (ctx, job) = (ctx.clone(), job.clone());
        self.0
            .db
            .write(Unit::named("capture_at_once"), async move |tx: &mut Tx| {
                let order = OrderId::from_uuid(subject);
                at_once(tx, &ctx, order).await?;
                // done with already if there is nothing to ship and nothing to take
                close::close_if_done(tx, &ctx, order).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(Outcome::Recorded)
    }
}

async fn at_once(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let policy: CapturePolicy = site::setting(tx, ctx.store.id).await?;
    let now = match policy.when {
        CaptureWhen::Placed => true,
        // what never goes into a parcel is delivered with the sale
        CaptureWhen::Shipped => warehouse::lines_of(tx, order).await?.is_empty(),
        CaptureWhen::Manual => false,
    };
    if !now || orders::head(tx, order).await?.state != OrderState::Placed {
        return Ok(());
    }
    for payment in payments::of_order(tx, order).await? {
        let left = payments::balance(tx, payment.id).await?.free_minor();
        if payment.provider_captures() && left > 0 {
            capture_soon(tx, ctx, payment.id, left).await?;
        }
    }
    Ok(())
}
