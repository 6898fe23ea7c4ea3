//! Whoever bought is remembered as a customer.

use async_trait::async_trait;
use customers::NewCustomer;
use db::{Tx, Unit};
use kernel::{Ctx, OrderId};
use work::{Handler, Job, Outcome, TaskError};

use crate::{Error, Shop};

/// The kind of task that does it.
pub const KIND: &str = "customers.remember";

/// Does `customers.remember`: once for each order.
pub struct RememberTask(pub Shop);

#[async_trait]
impl Handler for RememberTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(subject) = job.subject else { return Ok(Outcome::Done) };
        let (ctx, job) = (ctx.clone(), job.clone());
        self.0
            .db
            .write(Unit::named("remember_customer"), async move |tx: &mut Tx| {
                let order = orders::head(tx, OrderId::from_uuid(subject)).await?;
                let address = order.ship_to();
                let new = NewCustomer {
                    email: order.email.clone(),
                    name: order.name.clone(),
                    phone: address.phone.clone(),
                    locale: order.locale.clone(),
                    accepts_marketing: !order.consent.is_empty(),
                    consent: (!order.consent.is_empty()).then(|| (order.consent.clone(), order.created_at)),
                    address: Some(address),
                };
                let customer = customers::remember(tx, &ctx, &new).await?;
                orders::remember_customer(tx, order.id, customer).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(Outcome::Recorded)
    }
}
