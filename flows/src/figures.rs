//! The figures of an order, computed anew from what is current whenever it changed.

use analytics::{Fact, FactKind};
use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::{Ctx, OrderId, Quantity};
use orders::{OrderHead, OrderState};
use payments::{RefundLineRow, RefundRow};
use work::{Handler, Job, Outcome, TaskError};

use crate::{Error, Shop};

/// The kind of task that counts.
pub const KIND: &str = "analytics.order";

/// Does `analytics.order`: once for each order that changed, from what is current.
pub struct FiguresTask(pub Shop);

#[async_trait]
impl Handler for FiguresTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(subject) = job.subject else { return Ok(Outcome::Done) };
        let (ctx, job) = (ctx.clone(), job.clone());
        self.0
            .db
            .write(Unit::named("figures_of_order"), async move |tx: &mut Tx| {
                count(tx, &ctx, OrderId::from_uuid(subject)).await?;
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(Outcome::Recorded)
    }
}

async fn count(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
    let order = orders::head(tx, id).await?;
    let refunds = payments::refunds_of(tx, id).await?;
    let lines = if refunds.is_empty() { vec![] } else { payments::refund_lines(tx, id).await? };
    Ok(analytics::record(tx, ctx, id, &facts(ctx, &order, &refunds, &lines)).await?)
}

/// A sale on the day it was placed, each refund on the day it was given. An order that was called off was never a
/// sale: nothing of it was shipped, and all of its money goes back.
fn facts(ctx: &Ctx, order: &OrderHead, refunds: &[RefundRow], lines: &[RefundLineRow]) -> Vec<Fact> {
    let placed = match order.state {
        OrderState::Placed | OrderState::Closed => order.placed_at,
        OrderState::Draft | OrderState::AwaitingPayment | OrderState::Cancelled => None,
    };
    let Some(placed_at) = placed else { return vec![] };
    let sale = Fact {
        id: order.id.uuid(),
        kind: FactKind::Sale,
        store: ctx.store.id,
        channel: order.channel,
        order: order.id,
        at: placed_at,
        currency: order.currency,
        net_minor: order.net_minor,
        tax_minor: order.tax_minor,
        gross_minor: order.total_minor,
        items: Quantity(order.item_count),
    };
    let refund = |r: &RefundRow| {
        let items: i64 = lines.iter().filter(|l| l.refund == r.id).map(|l| l.quantity).sum();
        // less than the goods were worth may have gone back: then there is no more tax in it than money
        let tax = r.tax_minor.min(r.amount_minor);
        Fact {
            id: r.id.uuid(),
            kind: FactKind::Refund,
            at: r.created_at,
            net_minor: tax - r.amount_minor,
            tax_minor: -tax,
            gross_minor: -r.amount_minor,
            items: Quantity(-items),
            ..sale
        }
    };
    let given = refunds.iter().filter(|r| r.state == "succeeded").map(refund);
    std::iter::once(sale).chain(given).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Id, Timestamp};

    use super::*;

    fn id<E>(n: u128) -> Id<E> {
        Id::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn order(state: OrderState, placed_at: Option<Timestamp>) -> OrderHead {
        OrderHead {
            id: id(1),
            number: 1001,
            state,
            hold: None,
            channel: id(2),
            cart: None,
            cart_version: None,
            customer: None,
            email: String::new(),
            name: String::new(),
            locale: "en".to_owned(),
            currency: Currency::EUR,
            prices_include_tax: true,
            shipping_address: String::new(),
            billing_address: String::new(),
            shipping_method: String::new(),
            payment_method: String::new(),
            net_minor: 1000,
            tax_minor: 90,
            total_minor: 1090,
            item_count: 3,
            secret: String::new(),
            note: String::new(),
            staff_note: String::new(),
            consent: String::new(),
            tags: String::new(),
            created_at: Timestamp(5),
            placed_at,
            placed_day: None,
            held_until: None,
            cancelled_at: None,
            cancel_reason: None,
            closed_at: None,
        }
    }

    fn refund(n: u128, state: &str, amount_minor: i64, tax_minor: i64) -> RefundRow {
        RefundRow {
            id: id(n),
            order: id(1),
            payment: id(3),
            currency: Currency::EUR,
            amount_minor,
            from_captured_minor: amount_minor,
            from_open_minor: 0,
            shipping_minor: 0,
            adjustment_minor: 0,
            tax_minor,
            state: state.to_owned(),
            reason: String::new(),
            quiet: false,
            error: String::new(),
            actor_name: String::new(),
            created_at: Timestamp(50),
            created_day: String::new(),
        }
    }

    #[test]
    fn a_sale_and_what_was_given_back_of_it() {
        let ctx = testkit::ctx();
        let placed = order(OrderState::Closed, Some(Timestamp(10)));
        let refunds =
            [refund(7, "succeeded", 109, 9), refund(8, "failed", 50, 4), refund(9, "succeeded", 4, 9)];
        let line = RefundLineRow {
            refund: id(7),
            line: id(4),
            quantity: 2,
            gross_minor: 109,
            given_up: 0,
            restocked: 0,
            location: None,
        };
        let all = facts(&ctx, &placed, &refunds, &[line]);
        let seen: Vec<_> =
            all.iter().map(|f| (f.at.0, f.net_minor, f.tax_minor, f.gross_minor, f.items.0)).collect();
        assert_eq!(seen, [(10, 1000, 90, 1090, 3), (50, -100, -9, -109, -2), (50, 0, -4, -4, 0)]);
        assert_eq!(all[0].id, placed.id.uuid());
    }

    #[test]
    fn what_was_never_sold_or_called_off_is_no_sale() {
        let ctx = testkit::ctx();
        for (state, at) in [
            (OrderState::AwaitingPayment, None),
            (OrderState::Cancelled, Some(Timestamp(10))),
            (OrderState::Cancelled, None),
        ] {
            assert!(facts(&ctx, &order(state, at), &[refund(7, "succeeded", 1090, 0)], &[]).is_empty());
        }
    }
}
