//! An order with nothing left to ship, to take or to send back is closed by itself.

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, OrderId};
use orders::OrderState;
use payments::PaymentRow;
use work::{Handler, Job, Mode, NewTask, Outcome, TaskError};

use crate::{Error, Shop};

/// The kind of task that looks.
pub const KIND: &str = "orders.close";

/// Does `orders.close`: once for each order that changed, from what is current.
pub struct CloseTask(pub Shop);

#[async_trait]
impl Handler for CloseTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(subject) = job.subject else { return Ok(Outcome::Done) };
        let (ctx, job) = (ctx.clone(), job.clone());
        self.0
            .db
            .write(Unit::named("close_order"), async move |tx: &mut Tx| {
                close_if_done(tx, &ctx, OrderId::from_uuid(subject)).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(Outcome::Recorded)
    }
}

/// Those of these orders that seem done with, in few reads; the task itself looks closer.
pub(crate) async fn done_among(tx: &mut Tx, mut orders: Vec<OrderId>) -> Result<Vec<OrderId>, Error> {
    let requests = warehouse::of_orders(tx, &orders).await?;
    let payments = payments::of_orders(tx, &orders).await?;
    orders.retain(|order| {
        let left = requests.iter().any(|(of, _, asked, shipped)| of == order && shipped < asked);
        let open = payments.iter().any(|p| p.order == *order && is_open(p));
        !left && !open
    });
    Ok(orders)
}

/// Is money of this attempt still to come, or to be heard of?
fn is_open(payment: &PaymentRow) -> bool {
    payment.state.is_undecided() || (payment.state.is_open() && payment.open_minor() > 0)
}

/// Looks at an order soon: within another flow's transaction.
pub(crate) async fn soon(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let task = NewTask {
        kind: KIND,
        key: order.uuid().simple().to_string(), // as events make it
        mode: Mode::Match,
        subject: Some(order.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    Ok(work::enqueue(tx, ctx, &task).await?)
}

pub(crate) async fn close_if_done(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
    let order = orders::head(tx, id).await?;
    if order.state != OrderState::Placed || order.hold.is_some() {
        return Ok(());
    }
    let left: i64 = warehouse::lines_of(tx, id).await?.iter().map(warehouse::FulfilmentLine::left).sum();
    let open = payments::of_order(tx, id).await?.iter().any(is_open);
    let back = payments::refunds_of(tx, id).await?.iter().any(|r| r.state == "pending");
    if left > 0 || open || back {
        return Ok(());
    }
    orders::close(tx, ctx, id).await?;
    orders::note(tx, ctx, id, "closed", "Closed: everything is shipped and settled", &serde_json::json!({}))
        .await?;
    Ok(())
}
