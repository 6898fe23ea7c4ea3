//! A periodic look for what an event missed: tasks that compute from what is current are asked for again where what is
//! current says that they never ran.

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, OrderId, PageSize};
use work::{Handler, Job, Mode, NewTask, Outcome, TaskError};

use crate::{Error, Shop, close, figures, remember};

/// Which task is looked after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scan {
    /// Orders whose figures do not follow from them.
    Figures,
    /// Orders whose buyer is not remembered.
    Customers,
    /// Orders that are done with and not closed.
    Close,
}

impl Scan {
    /// All of them; each has a schedule and a handler.
    pub const ALL: [Scan; 3] = [Scan::Figures, Scan::Customers, Scan::Close];

    /// The kind of task that looks.
    pub const fn kind(self) -> &'static str {
        match self {
            Scan::Figures => "analytics.scan",
            Scan::Customers => "customers.scan",
            Scan::Close => "orders.scan",
        }
    }

    /// The kind of task that is asked for.
    fn asks_for(self) -> &'static str {
        match self {
            Scan::Figures => figures::KIND,
            Scan::Customers => remember::KIND,
            Scan::Close => close::KIND,
        }
    }

    /// Orders that want it, at most a page; for the next page, after which of them to go on.
    async fn page(
        self,
        tx: &mut Tx,
        after: Option<OrderId>,
    ) -> Result<(Vec<OrderId>, Option<OrderId>), Error> {
        Ok(match self {
            // what is repaired is not found again: one page a turn
            Scan::Figures => (analytics::behind(tx, PageSize::MAX).await?, None),
            Scan::Customers => (orders::without_customer(tx, PageSize::MAX).await?, None),
            Scan::Close => {
                let open = orders::going_on(tx, after, PageSize::MAX).await?;
                let next = open.last().copied().filter(|_| open.len() == PageSize::MAX.get());
                (close::done_among(tx, open).await?, next)
            }
        })
    }
}

/// Looks through everything once.
pub struct ScanTask {
    /// Where.
    pub shop: Shop,
    /// For what.
    pub scan: Scan,
}

#[async_trait]
impl Handler for ScanTask {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        let (db, scan, mut after) = (&self.shop.db, self.scan, None);
        loop {
            // off the workers that serve pages: it reads much
            let (found, next) = db.report(async move |tx: &mut Tx| scan.page(tx, after).await).await?;
            if !found.is_empty() {
                let (unit, ctx) = (Unit::named("scan").read_committed().bulk(), ctx.clone());
                db.write(unit, async move |tx: &mut Tx| {
                    work::repair(tx, &ctx, &asks(scan, &ctx, &found)).await
                })
                .await?;
            }
            if next.is_none() {
                return Ok(Outcome::Done);
            }
            after = next;
        }
    }
}

fn asks(scan: Scan, ctx: &Ctx, found: &[OrderId]) -> Vec<NewTask> {
    let task = |order: &OrderId| NewTask {
        kind: scan.asks_for(),
        key: order.uuid().simple().to_string(), // as an event's match task has it
        mode: Mode::Match,
        subject: Some(order.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    found.iter().map(task).collect()
}
