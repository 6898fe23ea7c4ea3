//! Asking a provider for money: the call between T1 and T2, and the task that makes it after a crash.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, Money, PaymentId};
use payments::ports::{Answer, Authorise, Provider, Question};
use payments::{NewPayment, PaymentRow, PaymentState};
use work::{Handler, Job, Outcome, TaskError};

use crate::{Error, Shop, settle};

/// The kind of task that asks for money.
pub const KIND: &str = "payments.authorise";

pub(crate) async fn call(
    shop: &Shop,
    provider: &dyn Provider,
    payment: &NewPayment,
    number: i64,
) -> Result<Answer, Error> {
    if payment.amount.minor == 0 {
        return Ok(Answer::Terms { reference: "nothing to pay".to_owned() });
    }
    let request = Authorise {
        payment: payment.id,
        amount: payment.amount,
        token: payment.token.clone(),
        order_number: number,
        return_path: format!("/payments/{}/return", payment.id),
    };
    Ok(shop.call(provider.authorise(&request)).await?)
}

/// An attempt of which the provider says that it never heard: so often it is asked, at growing intervals, before it is
/// believed. A request may be on its way longer than we wait for its answer.
const QUESTIONS: i64 = 3;
/// Where the provider cannot be asked, a person is; and reminded after this long.
const REMIND: Duration = Duration::from_secs(24 * 3_600);

/// Finds out what became of an attempt that is undecided, or that we ended ourselves: asks. Only where it was never
/// answered is the money asked for again, with the same key.
///
/// # Errors
/// The database's.
pub(crate) async fn resume(
    shop: &Shop,
    ctx: &Ctx,
    payment: &PaymentRow,
    job: Option<Job>,
) -> Result<(), Error> {
    let provider = shop.provider(&payment.provider)?;
    let can_ask = provider.capabilities().can_ask;
    let known =
        if can_ask { shop.call(provider.ask(Question::Payment(payment.id))).await? } else { Answer::Never };
    let answer = match (known, payment.state) {
        (Answer::Never, PaymentState::Started) => ask_for_money(shop, &*provider, payment).await?,
        (Answer::Never, PaymentState::ActionRequired | PaymentState::Pending | PaymentState::Unknown) => {
            if !can_ask {
                return nobody_can_say(shop, ctx, payment, job).await;
            }
            never_heard(shop, ctx, &*provider, payment).await?
        }
        (answer, _) => answer,
    };
    settle::record(shop, ctx, payment.id, &answer, job, None).await?;
    Ok(())
}

async fn ask_for_money(shop: &Shop, provider: &dyn Provider, payment: &PaymentRow) -> Result<Answer, Error> {
    let number = shop.db.read(async |tx: &mut Tx| orders::number_of(tx, payment.order).await).await?;
    let again = NewPayment {
        id: payment.id,
        order: payment.order,
        provider: payment.provider.clone(),
        amount: Money::new(payment.amount_minor, payment.currency),
        token: payment.token.clone(),
    };
    call(shop, provider, &again, number).await
}

/// The provider was asked for the money and says that it never was: our request may still arrive. It is believed after
/// some questions, and only once it was told not to take that request any more.
async fn never_heard(
    shop: &Shop,
    ctx: &Ctx,
    provider: &dyn Provider,
    payment: &PaymentRow,
) -> Result<Answer, Error> {
    if payment.asked < QUESTIONS {
        return Ok(Answer::Unknown { why: "the provider has not heard of it yet".to_owned() });
    }
    match shop.call(provider.void(ctx.id(), payment.id)).await? {
        Answer::Yes { .. } => Ok(Answer::Never),
        // it knows it by now
        Answer::No { .. } => Ok(shop.call(provider.ask(Question::Payment(payment.id))).await?),
        unclear => Ok(Answer::Unknown { why: format!("the provider could not be told: {unclear:?}") }),
    }
}

/// It stays undecided until a person says what happened ([`decide`](crate::decide)) or lets it go.
async fn nobody_can_say(shop: &Shop, ctx: &Ctx, payment: &PaymentRow, job: Option<Job>) -> Result<(), Error> {
    let (ctx, payment) = (ctx.clone(), payment.clone());
    shop.db
        .write(Unit::named("ask_a_person").read_committed(), async move |tx: &mut Tx| {
            let amount = Money::new(payment.amount_minor, payment.currency).shown("en");
            let text = format!(
                "Nobody knows whether {amount} were paid: '{}' cannot be asked. Look there, and say what happened.",
                payment.provider
            );
            work::alerts::raise(tx, &ctx, &undecided(payment.id), &text, Some(payment.order.uuid())).await?;
            payments::ask_later(tx, &ctx, payment.id, REMIND).await?;
            if let Some(job) = &job {
                work::finish(tx, &ctx, job).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

/// The key of the alert about an attempt whose outcome nobody can be asked for.
pub(crate) fn undecided(payment: PaymentId) -> String {
    format!("payment_undecided:{payment}")
}

/// Does `payments.authorise`.
pub struct AuthoriseTask(pub Shop);

#[async_trait]
impl Handler for AuthoriseTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let id: PaymentId = job.key.parse()?;
        let payment = self.0.db.read(async |tx: &mut Tx| payments::get(tx, id).await).await?;
        // one that was ended under the request that died may have brought money all the same
        if payment.state != PaymentState::Started && !payment.ended_without_money() {
            return Ok(Outcome::Done); // decided, or asked about by the clock
        }
        resume(&self.0, ctx, &payment, Some(job.clone())).await?;
        Ok(Outcome::Recorded)
    }
}
