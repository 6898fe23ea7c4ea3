//! Asking a provider for money: the call between T1 and T2, and the task that makes it after a crash.

use async_trait::async_trait;
use db::Tx;
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

/// Finds out what became of an undecided attempt: asks, and only if the provider never heard of it asks for the money,
/// with the same key.
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
    let answer = if provider.capabilities().can_ask {
        shop.call(provider.ask(Question::Payment(payment.id))).await?
    } else {
        Answer::Never
    };
    let answer = match answer {
        Answer::Never if payment.state == PaymentState::Started => {
            let (number, amount) = shop
                .db
                .read(async |tx: &mut Tx| {
                    let number = orders::number_of(tx, payment.order).await?;
                    Ok::<_, Error>((number, Money::new(payment.amount_minor, payment.currency)))
                })
                .await?;
            let again = NewPayment {
                id: payment.id,
                order: payment.order,
                provider: payment.provider.clone(),
                amount,
                token: payment.token.clone(),
            };
            call(shop, &*provider, &again, number).await?
        }
        answer => answer,
    };
    settle::record(shop, ctx, payment.id, &answer, job, None).await?;
    Ok(())
}

/// Does `payments.authorise`.
pub struct AuthoriseTask(pub Shop);

#[async_trait]
impl Handler for AuthoriseTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let id: PaymentId = job.key.parse()?;
        let payment = self.0.db.read(async |tx: &mut Tx| payments::get(tx, id).await).await?;
        if payment.state != PaymentState::Started {
            return Ok(Outcome::Done); // decided, or asked about by the clock
        }
        resume(&self.0, ctx, &payment, Some(job.clone())).await?;
        Ok(Outcome::Recorded)
    }
}
