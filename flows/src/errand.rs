//! What a provider is asked to do with the money of an attempt: take it, let it go, give it back. One way for all:
//! intend (a row and its task, in somebody's transaction), call with no transaction open, record what follows.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{CaptureId, Ctx, Money, PaymentId, RefundId};
use payments::ports::{Answer, Question};
use work::{Handler, Job, Mode, NewTask, Outcome, TaskError};

use crate::{Error, Shop, capture, refund};

/// The kind of task that captures or voids.
pub const CAPTURE: &str = "payments.capture";
/// The kind of task that refunds.
pub const REFUND: &str = "payments.refund";
/// How long a request has it before a worker takes over.
const LEASE: Duration = Duration::from_secs(30);
/// How soon a provider that does not know yet is asked again.
const AGAIN: Duration = Duration::from_secs(30);

/// An errand, by the row that was written for it; the row's id is the provider's idempotency key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Errand {
    /// A capture or void.
    Capture(CaptureId),
    /// A refund.
    Refund(RefundId),
}

/// What the provider is asked for.
struct Request {
    payment: PaymentId,
    provider: String,
    amount: Money,
    is_void: bool,
    is_pending: bool,
}

impl Errand {
    fn task(self, ctx: &Ctx) -> NewTask {
        let (kind, key, subject) = match self {
            Errand::Capture(id) => (CAPTURE, id.to_string(), id.uuid()),
            Errand::Refund(id) => (REFUND, id.to_string(), id.uuid()),
        };
        let payload = serde_json::json!({});
        NewTask { kind, key, mode: Mode::Tell, subject: Some(subject), payload, due_at: ctx.now() }
    }

    /// A worker does it, soon.
    pub(crate) async fn soon(self, tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
        Ok(work::enqueue(tx, ctx, &self.task(ctx)).await?)
    }

    /// The caller does it as soon as its transaction is committed; a worker does if it dies.
    pub(crate) async fn mine(self, tx: &mut Tx, ctx: &Ctx) -> Result<Job, Error> {
        Ok(work::enqueue_leased(tx, ctx, &self.task(ctx), LEASE).await?)
    }

    async fn request(self, tx: &mut Tx) -> Result<Request, Error> {
        let (payment, amount_minor, is_void, state) = match self {
            Errand::Capture(id) => {
                let row = payments::capture_of(tx, id).await?;
                (row.payment, row.amount_minor, row.kind == "void", row.state)
            }
            Errand::Refund(id) => {
                let row = payments::refund(tx, id).await?;
                (row.payment, row.from_captured_minor, false, row.state)
            }
        };
        let of = payments::get(tx, payment).await?;
        let amount = Money::new(amount_minor, of.currency);
        Ok(Request { payment, provider: of.provider, amount, is_void, is_pending: state == "pending" })
    }

    /// Calls and records. `asking` when an earlier try may have reached the provider. `false` when it does not know yet.
    pub(crate) async fn run(self, shop: &Shop, ctx: &Ctx, job: &Job, asking: bool) -> Result<bool, Error> {
        let request = shop.db.read(async |tx: &mut Tx| self.request(tx).await).await?;
        let answer = self.call(shop, &request, asking).await?;
        let decided = matches!(answer, Answer::Yes { .. } | Answer::Terms { .. } | Answer::No { .. });
        let (ctx, job) = (ctx.clone(), job.clone());
        shop.db
            .write(Unit::named("record_errand"), async move |tx: &mut Tx| {
                self.record(tx, &ctx, &answer).await?;
                if decided {
                    work::finish(tx, &ctx, &job).await?;
                }
                Ok::<_, Error>(decided)
            })
            .await
    }

    async fn call(self, shop: &Shop, request: &Request, asking: bool) -> Result<Answer, Error> {
        let provider = shop.provider(&request.provider)?;
        if asking && provider.capabilities().can_ask {
            let question = match self {
                Errand::Capture(id) => Question::Capture(id),
                Errand::Refund(id) => Question::Refund(id),
            };
            let known = shop.call(provider.ask(question)).await?;
            if known != Answer::Never {
                return Ok(known);
            }
        }
        let (payment, amount) = (request.payment, request.amount);
        Ok(match self {
            Errand::Capture(id) if request.is_void => shop.call(provider.void(id, payment)).await?,
            Errand::Capture(id) => shop.call(provider.capture(id, payment, amount)).await?,
            Errand::Refund(id) => shop.call(provider.refund(id, payment, amount)).await?,
        })
    }

    async fn record(self, tx: &mut Tx, ctx: &Ctx, answer: &Answer) -> Result<(), Error> {
        match self {
            Errand::Capture(id) => {
                if let Some(row) = payments::record_capture(tx, ctx, id, answer).await? {
                    capture::after(tx, ctx, &row, answer).await?;
                }
            }
            Errand::Refund(id) => {
                if let Some(row) = payments::record_refund(tx, ctx, id, answer).await? {
                    refund::after(tx, ctx, &row).await?;
                }
            }
        }
        Ok(())
    }
}

/// Does `payments.capture` and `payments.refund`.
pub struct ErrandTask(pub Shop);

#[async_trait]
impl Handler for ErrandTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let errand = match job.kind.as_str() {
            REFUND => Errand::Refund(job.key.parse()?),
            _ => Errand::Capture(job.key.parse()?),
        };
        if !self.0.db.read(async |tx: &mut Tx| errand.request(tx).await).await?.is_pending {
            return Ok(Outcome::Done);
        }
        if errand.run(&self.0, ctx, job, true).await? {
            return Ok(Outcome::Recorded);
        }
        Ok(Outcome::Retry { after: AGAIN, why: "the provider has not decided".to_owned() })
    }
}
