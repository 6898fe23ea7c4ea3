//! Purchases with the process dying at every point: one order, at most one charge, exact stock, every law.

use std::collections::BTreeMap;

use flows::Outcome;
use testkit::Engine;

use crate::world::{PRICE, SHIPPING, STOCK, World};

/// What must come of it in the end, however often the process died.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Placed,
    Declined,
}

async fn once(engine: Engine, token: &str, end: End, fuse: Option<u64>, twice: bool) -> Option<u64> {
    let mut w = World::new(engine).await?;
    w.twice = twice;
    let cart = w.cart(2).await;
    w.db.faults().arm(fuse.unwrap_or(u64::MAX));
    let _ = w.pay(cart, "test", token, "key-1").await;
    let _ = w.work().await;
    let passed = w.db.faults().passed();
    assert_eq!(w.db.faults().is_dead(), fuse.is_some(), "the fuse {fuse:?} must burn: {passed} points");
    w.restart().await;
    w.work().await.unwrap();
    w.let_time_pass().await;
    // the shopper presses the button again, and once more: a double click
    let mut last = None;
    for _ in 0..2 {
        last = Some(w.pay(cart, "test", token, "key-1").await.unwrap());
        w.let_time_pass().await;
    }
    let last = last.unwrap();
    assert_eq!(w.count("select cast(count(*) as bigint) from orders").await, 1);
    let accounts = w.bank.accounts().await.unwrap();
    let charged: i64 =
        accounts.iter().filter(|a| matches!(a.state.as_str(), "yes" | "late")).map(|a| a.amount_minor).sum();
    match end {
        End::Placed => {
            assert!(matches!(last.outcome, Outcome::Placed | Outcome::Pending), "{:?}", last.outcome);
            assert_eq!(charged, 2 * PRICE + SHIPPING);
            assert_eq!(
                w.count("select cast(count(*) as bigint) from orders where state = 'placed'").await,
                1
            );
            assert_eq!(
                w.count("select cast(count(*) as bigint) from event where kind = 'OrderPlaced'").await,
                1
            );
            assert_eq!(w.count("select cast(sum(quantity) as bigint) from fulfilment_line").await, 2);
            assert_eq!(w.count("select cast(count(*) as bigint) from customer").await, 1);
            assert_eq!(w.sellable().await, STOCK - 2);
        }
        End::Declined => {
            assert_eq!(charged, 0);
            assert_eq!(
                w.count("select cast(count(*) as bigint) from orders where state = 'placed'").await,
                0
            );
        }
    }
    w.lawful().await;
    Some(passed)
}

fn everywhere(engine: Engine, token: &str, end: End) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(points) = once(engine, token, end, None, false).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        assert!(points >= 5, "{points} points");
        once(engine, token, end, None, true).await;
        for fuse in 0..points {
            once(engine, token, end, Some(fuse), fuse % 2 == 1).await;
        }
    });
}

macro_rules! crashed {
    ($($name:ident $token:literal $end:ident),*) => { $(
        mod $name {
            use super::*;
            #[test]
            fn sqlite() { everywhere(Engine::Sqlite, $token, End::$end); }
            #[test]
            fn postgres() { everywhere(Engine::Postgres, $token, End::$end); }
        }
    )* };
}

crashed!(
    success "tok_success" Placed,
    decline "tok_decline" Declined,
    answer_lost_after_charging "tok_timeout_charged" Placed,
    notice_twice "tok_duplicate" Placed,
    notice_late "tok_late" Placed
);

/// Everything after the sale, crashed at every point: ship, refund with goods back, cancel another.
async fn after(engine: Engine, fuse: Option<u64>, twice: bool) -> Option<u64> {
    let mut w = World::new(engine).await?;
    w.twice = twice;
    let (a, b) = (w.buy(3).await, w.buy(1).await);
    w.work().await.unwrap();
    w.db.faults().arm(fuse.unwrap_or(u64::MAX));
    let passed = |w: &World| w.db.faults().passed();
    let mut done = steps(&w, &a, &b).await;
    let mut points = passed(&w);
    if fuse.is_some() {
        assert!(done.is_err());
        w.restart().await;
        w.let_time_pass().await;
        done = steps(&w, &a, &b).await; // staff look again and do what is left
        points = 0;
    }
    done.unwrap();
    w.let_time_pass().await;
    let page = w.page(a.order).await;
    assert_eq!(page.payment, payments::OrderPayment::PartlyRefunded, "{:#?}", page.payments);
    assert_eq!(page.fulfilment, warehouse::OrderFulfilment::Fulfilled);
    let back: i64 = page.refunds.iter().map(|r| r.amount_minor).sum();
    assert_eq!(back, PRICE);
    let other = w.page(b.order).await;
    assert_eq!(
        (other.head.state, other.payment),
        (orders::OrderState::Cancelled, payments::OrderPayment::Voided)
    );
    assert_eq!(w.sellable().await, STOCK - 3 + 1);
    let accounts: BTreeMap<String, (i64, i64)> = w
        .bank
        .accounts()
        .await
        .unwrap()
        .into_iter()
        .map(|x| (x.payment, (x.captured_minor, x.refunded_minor)))
        .collect();
    assert_eq!(accounts[&page.payments[0].id.to_string()], (3 * PRICE + SHIPPING, PRICE));
    assert_eq!(accounts[&other.payments[0].id.to_string()], (0, 0));
    w.lawful().await;
    Some(points)
}

async fn steps(w: &World, a: &flows::Placement, b: &flows::Placement) -> Result<(), flows::Error> {
    let ctx = &w.ctx;
    let page =
        w.db.read(async |tx: &mut db::Tx| flows::order_page(tx, &ctx.permit()?, a.order).await).await?;
    let left: Vec<_> =
        page.fulfilment_lines.iter().filter(|l| l.left() > 0).map(|l| (l.id, l.left())).collect();
    if !left.is_empty() {
        let input = flows::Ship {
            fulfilment: page.fulfilments[0].id,
            lines: left,
            carrier: "PostNL".into(),
            tracking_number: "3SABC123".into(),
            tracking_url: String::new(),
            notify: true,
        };
        flows::ship(&w.shop, ctx, &ctx.permit()?, input).await?;
    }
    w.work().await.map_err(flows::Error::from)?;
    let page =
        w.db.read(async |tx: &mut db::Tx| flows::order_page(tx, &ctx.permit()?, a.order).await).await?;
    if page.refunds.is_empty() {
        let item =
            flows::RefundItem { line: page.lines[0].id, quantity: 1, restock: Some(ctx.store.location) };
        let input = flows::Refund {
            order: a.order,
            lines: vec![item],
            shipping_minor: 0,
            adjustment_minor: 0,
            reason: "bruised".into(),
        };
        flows::refund(&w.shop, ctx, &ctx.permit()?, input).await?;
    }
    let page =
        w.db.read(async |tx: &mut db::Tx| flows::order_page(tx, &ctx.permit()?, b.order).await).await?;
    if page.head.state == orders::OrderState::Placed {
        let input = flows::Cancel { order: b.order, reason: "changed mind".into(), notify: true };
        flows::cancel_order(&w.shop, ctx, &ctx.permit()?, input).await?;
    }
    w.work().await.map_err(flows::Error::from)?;
    Ok(())
}

fn after_everywhere(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(points) = after(engine, None, false).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        after(engine, None, true).await;
        for fuse in 0..points {
            after(engine, Some(fuse), false).await;
        }
    });
}

mod after_the_sale {
    use super::*;
    #[test]
    fn sqlite() {
        after_everywhere(Engine::Sqlite);
    }
    #[test]
    fn postgres() {
        after_everywhere(Engine::Postgres);
    }
}
