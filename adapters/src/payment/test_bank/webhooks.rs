use async_trait::async_trait;
use flows::{Notice, Shop};
use kernel::{Ctx, ErrorKind, Fault};
use work::{Handler, Job, Outcome, TaskError};

use super::{TestBank, books};

/// The kind of task in which the bank sends its notices.
pub const WEBHOOKS: &str = "test_bank.webhooks";

/// The bank's postman: hands each notice to the same function that the address for webhooks hands them to.
pub struct WebhooksTask(pub Shop, pub TestBank);

#[async_trait]
impl Handler for WebhooksTask {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        for (id, payment, kind) in books::due_notices(&self.1.books, ctx.now()).await? {
            let notice = Notice { id, kind, payment: payment.parse()? };
            match flows::receive_webhook(&self.0, ctx, "test", notice).await {
                Ok(_) => {}
                // the shop's database was restored to a time before this payment
                Err(e) if e.kind() == ErrorKind::NotFound => {
                    tracing::warn!(payment, "a notice for an unknown payment")
                }
                Err(e) => return Err(e.into()),
            }
        }
        Ok(Outcome::Done)
    }
}
