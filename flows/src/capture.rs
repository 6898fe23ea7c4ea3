//! Taking authorised money, letting it go, and recording money that came by terms: intend, call, record.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{CaptureId, Ctx, Money, OrderId, PaymentId, Permit, perms};
use payments::ports::{Answer, Question};
use payments::{CaptureRow, PaymentRow};
use work::{Handler, Job, Mode, NewTask, News, Outcome, TaskError};

use crate::{CapturePolicy, CaptureWhen, Error, Once, Shop};

/// The kind of task that captures or voids.
pub const KIND: &str = "payments.capture";
/// How long the request has it before a worker takes over.
const LEASE: Duration = Duration::from_secs(30);

fn task(ctx: &Ctx, id: CaptureId) -> NewTask {
    NewTask {
        kind: KIND,
        key: id.to_string(),
        mode: Mode::Tell,
        subject: Some(id.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    }
}

/// Writes a capture down for a worker to make: within another flow's transaction.
pub(crate) async fn capture_soon(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    amount_minor: i64,
) -> Result<(), Error> {
    let new = payments::begin_capture(tx, ctx, payment, amount_minor).await?;
    work::enqueue(tx, ctx, &task(ctx, new.id)).await?;
    Ok(())
}

/// Lets an attempt go, soon: within another flow's transaction. Terms need nobody outside.
pub(crate) async fn void_soon(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    let p = payments::get(tx, payment).await?;
    if p.state == payments::PaymentState::Due {
        payments::void_now(tx, ctx, payment).await?;
        return Ok(());
    }
    let new = payments::begin_void(tx, ctx, payment).await?;
    work::enqueue(tx, ctx, &task(ctx, new.id)).await?;
    Ok(())
}

/// Takes a part of what is authorised.
///
/// # Errors
/// [`payments::Error::TooMuch`], [`payments::Error::NotAllowed`].
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
    _: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
    amount_minor: i64,
    once: Option<Once>,
) -> Result<PaymentRow, Error> {
    let c = ctx.clone();
    let begun = shop
        .db
        .write(Unit::named("begin_capture"), async move |tx: &mut Tx| {
            if Once::found(once.as_ref(), tx).await?.is_some() {
                return Ok(None);
            }
            let new = payments::begin_capture(tx, &c, payment, amount_minor).await?;
            let job = work::enqueue_leased(tx, &c, &task(&c, new.id), LEASE).await?;
            Once::keep(once.as_ref(), tx, &c, new.id.uuid()).await?;
            Ok::<_, Error>(Some((new.id, job)))
        })
        .await?;
    if let Some((id, job)) = begun {
        carry_out(shop, ctx, id, job, false).await?;
    }
    shop.db.read(async |tx: &mut Tx| Ok(payments::get(tx, payment).await?)).await
}

/// Lets go of whatever was not taken.
///
/// # Errors
/// [`payments::Error::NotAllowed`].
pub async fn void(
    shop: &Shop,
    ctx: &Ctx,
    _: &Permit<perms::PaymentsCapture>,
    payment: PaymentId,
) -> Result<PaymentRow, Error> {
    let c = ctx.clone();
    let begun = shop
        .db
        .write(Unit::named("begin_void").read_committed(), async move |tx: &mut Tx| {
            if payments::get(tx, payment).await?.state == payments::PaymentState::Due {
                payments::void_now(tx, &c, payment).await?;
                return Ok::<_, Error>(None);
            }
            let new = payments::begin_void(tx, &c, payment).await?;
            let job = work::enqueue_leased(tx, &c, &task(&c, new.id), LEASE).await?;
            Ok(Some((new.id, job)))
        })
        .await?;
    if let Some((id, job)) = begun {
        carry_out(shop, ctx, id, job, false).await?;
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
            told(tx, &ctx, row.order, "paid", &text).await?;
            Ok::<_, Error>(row)
        })
        .await
}

async fn told(tx: &mut Tx, ctx: &Ctx, order: OrderId, kind: &str, text: &str) -> Result<(), Error> {
    orders::note(tx, ctx, order, kind, text, &serde_json::json!({})).await?;
    let news = News { kind: "OrderPaymentChanged", subject: order.uuid(), data: serde_json::json!({}) };
    work::tell(tx, ctx, &news).await?;
    Ok(())
}

/// The call and the record. `asking` when an earlier try may have reached the provider.
async fn carry_out(shop: &Shop, ctx: &Ctx, id: CaptureId, job: Job, asking: bool) -> Result<bool, Error> {
    let (row, payment) = shop
        .db
        .read(async |tx: &mut Tx| {
            let row = payments::capture_of(tx, id).await?;
            let payment = payments::get(tx, row.payment).await?;
            Ok::<_, Error>((row, payment))
        })
        .await?;
    let provider = shop.provider(&payment.provider)?;
    let earlier = if asking && provider.capabilities().can_ask {
        shop.call(provider.ask(Question::Capture(id))).await?
    } else {
        Answer::Never
    };
    let answer = match earlier {
        Answer::Never if row.kind == "void" => shop.call(provider.void(id, payment.id)).await?,
        Answer::Never => {
            let amount = Money::new(row.amount_minor, payment.currency);
            shop.call(provider.capture(id, payment.id, amount)).await?
        }
        known => known,
    };
    let (ctx, undecided) =
        (ctx.clone(), !matches!(answer, Answer::Yes { .. } | Answer::Terms { .. } | Answer::No { .. }));
    shop.db
        .write(Unit::named("record_capture").read_committed(), async move |tx: &mut Tx| {
            if let Some(row) = payments::record_capture(tx, &ctx, id, &answer).await? {
                after(tx, &ctx, &row, &answer).await?;
            }
            if !undecided {
                work::finish(tx, &ctx, &job).await?;
            }
            Ok::<_, Error>(!undecided)
        })
        .await
}

async fn after(tx: &mut Tx, ctx: &Ctx, row: &CaptureRow, answer: &Answer) -> Result<(), Error> {
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
    }
    told(tx, ctx, row.order, kind, &text).await
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
                at_once(tx, &ctx, OrderId::from_uuid(subject)).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(Outcome::Recorded)
    }
}

async fn at_once(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let policy: CapturePolicy = site::setting(tx, ctx.store.id).await?;
    if policy.when != CaptureWhen::Placed {
        return Ok(());
    }
    for payment in payments::of_order(tx, order).await? {
        if !payment.state.is_open() || !payment.provider_captures() {
            continue;
        }
        let left = payment.open_minor() - payments::pending_captures(tx, payment.id).await?;
        if left > 0 {
            capture_soon(tx, ctx, payment.id, left).await?;
        }
    }
    Ok(())
}

/// Does `payments.capture`.
pub struct CaptureTask(pub Shop);

#[async_trait]
impl Handler for CaptureTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let id: CaptureId = job.key.parse()?;
        let row = self.0.db.read(async |tx: &mut Tx| payments::capture_of(tx, id).await).await?;
        if row.state != "pending" {
            return Ok(Outcome::Done);
        }
        let done = carry_out(&self.0, ctx, id, job.clone(), true).await?;
        Ok(if done {
            Outcome::Recorded
        } else {
            Outcome::Retry { after: Duration::from_secs(30), why: "the provider has not decided".to_owned() }
        })
    }
}
