//! What shoppers and staff do, on both databases.

use std::time::Duration;

use crate::world::{PRICE, SHIPPING, STOCK, both};
use flows::{Error, Outcome};
use orders::OrderState;
use payments::OrderPayment;

both! {
    async fn a_declined_card_is_followed_by_another(w) {
        let cart = w.cart(2).await;
        let first = w.pay(cart, "test", "tok_decline", "k1").await.unwrap();
        assert!(matches!(first.outcome, Outcome::Declined { .. }));
        assert_eq!(w.sellable().await, STOCK - 2, "the goods are held meanwhile");
        let same = w.pay(cart, "test", "tok_decline", "k1").await.unwrap();
        assert_eq!(same, first, "the same press tells the same");
        let second = w.pay(cart, "test", "tok_success", "k2").await.unwrap();
        assert_eq!((second.order, second.outcome), (first.order, Outcome::Placed));
        assert_eq!(w.count("select cast(count(*) as bigint) from payment").await, 2);
        w.lawful().await;
    }

    async fn two_windows_make_one_order(w) {
        let cart = w.cart(1).await;
        let (a, b) = tokio::join!(w.pay(cart, "test", "tok_success", "a"), w.pay(cart, "test", "tok_success", "b"));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.order, b.outcome), (b.order, Outcome::Placed));
        assert_eq!(w.bank.accounts().await.unwrap().len(), 1);
        w.lawful().await;
    }

    async fn a_key_is_for_one_request(w) {
        let (one, two) = (w.cart(1).await, w.cart(2).await);
        w.pay(one, "test", "tok_success", "k").await.unwrap();
        assert!(matches!(w.pay(two, "test", "tok_success", "k").await, Err(Error::Work(work::Error::KeyReused))));
    }

    async fn a_challenge_is_answered(w) {
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_challenge", "k").await.unwrap();
        let Outcome::Action { url } = &first.outcome else { panic!("{:?}", first.outcome) };
        assert!(url.starts_with("/test-bank/challenge/pay_"));
        let payment = w.page(first.order).await.payments[0].id;
        assert!(w.bank.answer_challenge(payment, true).await.unwrap());
        let now = flows::return_from_action(&w.shop, &w.ctx.shopper(), payment).await.unwrap();
        assert_eq!(now.outcome, Outcome::Placed);
        assert_eq!(flows::return_from_action(&w.shop, &w.ctx.shopper(), payment).await.unwrap().outcome, Outcome::Placed);
        w.lawful().await;
    }

    async fn a_challenge_nobody_answers_lets_the_goods_go(w) {
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_challenge", "k").await.unwrap();
        for _ in 0..4 { w.let_time_pass().await; }
        assert_eq!(w.page(first.order).await.head.state, OrderState::Cancelled);
        assert_eq!(w.sellable().await, STOCK);
        let payment = w.page(first.order).await.payments[0].id;
        assert!(!w.bank.answer_challenge(payment, true).await.unwrap(), "the bank was told first");
        w.lawful().await;
    }

    async fn a_bank_that_was_not_reached_took_nothing(w) {
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_timeout", "k").await.unwrap();
        assert_eq!(first.outcome, Outcome::Pending);
        w.let_time_pass().await;
        assert!(matches!(w.pay(cart, "test", "tok_timeout", "k").await.unwrap().outcome, Outcome::Declined { .. }));
        let second = w.pay(cart, "test", "tok_success", "k2").await.unwrap();
        assert_eq!(second.outcome, Outcome::Placed);
        w.lawful().await;
    }

    async fn an_unpaid_order_lets_its_goods_go(w) {
        let cart = w.cart(4).await;
        let first = w.pay(cart, "test", "tok_decline", "k").await.unwrap();
        assert_eq!(w.sellable().await, STOCK - 4);
        w.clock.advance(Duration::from_secs(31 * 60));
        w.work().await.unwrap();
        assert_eq!(w.page(first.order).await.head.state, OrderState::Cancelled);
        assert_eq!(w.sellable().await, STOCK);
        let again = w.pay(cart, "test", "tok_success", "k2").await.unwrap();
        assert_eq!(again.outcome, Outcome::Cancelled);
        w.lawful().await;
    }

    async fn going_back_to_the_cart_calls_the_order_off(w) {
        let cart = w.cart(4).await;
        let first = w.pay(cart, "test", "tok_decline", "k").await.unwrap();
        flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await.unwrap();
        assert_eq!(w.sellable().await, STOCK);
        assert_eq!(w.page(first.order).await.head.state, OrderState::Cancelled);
        let again = w.pay((cart.0, cart.1 + 1), "test", "tok_success", "k2").await.unwrap();
        assert_ne!(again.order, first.order);
        assert_eq!(again.outcome, Outcome::Placed);
        assert!(matches!(flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await, Err(Error::Conflict(_))));
        w.lawful().await;
    }

    async fn the_last_ones_go_to_one_buyer(w) {
        let (one, two) = (w.cart(6).await, w.cart(6).await);
        w.pay(one, "test", "tok_success", "a").await.unwrap();
        match w.pay(two, "test", "tok_success", "b").await {
            Err(Error::Problems(p)) => assert!(p.iter().any(|p| matches!(p, checkout::Problem::OnlyLeft { left: 4, .. })), "{p:?}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(w.bank.accounts().await.unwrap().len(), 1, "nobody was charged for nothing");
        w.lawful().await;
    }

    async fn a_race_for_the_last_ones(w) {
        let mut carts = vec![];
        for _ in 0..14 { carts.push(w.cart(1).await); }
        let (w, mut sold, mut told) = (std::sync::Arc::new(w), 0, 0);
        let buyers: Vec<_> = carts.into_iter().enumerate().map(|(i, cart)| { let w = w.clone(); tokio::spawn(async move { w.pay(cart, "test", "tok_success", &format!("k{i}")).await }) }).collect();
        for b in buyers {
            match b.await.unwrap() {
                Ok(p) => { assert_eq!(p.outcome, Outcome::Placed); sold += 1; }
                Err(Error::NotEnough { .. } | Error::Problems(_)) => told += 1,
                Err(e) => panic!("{e}"),
            }
        }
        assert_eq!((sold, told, w.sellable().await), (10, 4, 0));
        assert_eq!(w.bank.accounts().await.unwrap().len(), 10);
        w.lawful().await;
    }

    async fn money_by_bank_transfer(w) {
        let cart = w.cart(2).await;
        let p = w.pay(cart, "bank_transfer", "", "k").await.unwrap();
        assert_eq!(p.outcome, Outcome::Placed);
        let page = w.page(p.order).await;
        assert_eq!((page.payment, page.head.total_minor), (OrderPayment::Due, 2 * PRICE + SHIPPING));
        let permit = w.ctx.permit().unwrap();
        flows::mark_paid(&w.shop, &w.ctx, &permit, page.payments[0].id, 300).await.unwrap();
        assert_eq!(w.page(p.order).await.payment, OrderPayment::PartlyPaid);
        let too_much = flows::mark_paid(&w.shop, &w.ctx, &permit, page.payments[0].id, 10_000).await;
        assert!(matches!(too_much, Err(Error::Payments(payments::Error::TooMuch { .. }))));
        flows::mark_paid(&w.shop, &w.ctx, &permit, page.payments[0].id, 2 * PRICE + SHIPPING - 300).await.unwrap();
        assert_eq!(w.page(p.order).await.payment, OrderPayment::Paid);
        w.lawful().await;
    }

    async fn a_part_is_shipped_and_paid_for(w) {
        let p = w.buy(3).await;
        let page = w.page(p.order).await;
        let permit = w.ctx.permit().unwrap();
        let ship = |n: i64| flows::Ship { fulfilment: page.fulfilments[0].id, lines: vec![(page.fulfilment_lines[0].id, n)], carrier: String::new(), tracking_number: String::new(), tracking_url: String::new(), notify: true };
        flows::ship(&w.shop, &w.ctx, &permit, ship(1)).await.unwrap();
        w.work().await.unwrap();
        let now = w.page(p.order).await;
        assert_eq!((now.fulfilment, now.payment, now.payments[0].captured_minor), (warehouse::OrderFulfilment::Partial, OrderPayment::PartlyPaid, PRICE + SHIPPING));
        let too_many = flows::ship(&w.shop, &w.ctx, &permit, ship(3)).await;
        assert!(matches!(too_many, Err(Error::Warehouse(warehouse::Error::TooMany { left: 2, .. }))));
        // one of the two that are left is given up before it leaves: nothing to send back, less to take
        let refund = flows::Refund { order: p.order, lines: vec![flows::RefundItem { line: page.lines[0].id, quantity: 1, restock: None }], shipping_minor: 0, adjustment_minor: 0, reason: String::new() };
        let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), refund).await.unwrap();
        assert_eq!((row.from_open_minor, row.from_captured_minor, row.state.as_str()), (PRICE, 0, "succeeded"));
        assert_eq!(w.sellable().await, STOCK - 2);
        flows::ship(&w.shop, &w.ctx, &permit, ship(1)).await.unwrap();
        w.let_time_pass().await;
        let end = w.page(p.order).await;
        assert_eq!((end.head.state, end.payments[0].captured_minor, end.fulfilment), (OrderState::Closed, 2 * PRICE + SHIPPING, warehouse::OrderFulfilment::Fulfilled));
        w.lawful().await;
    }

    async fn a_refund_by_line_shipping_and_goodwill(w) {
        let p = w.buy(3).await;
        let page = w.page(p.order).await;
        let ship = flows::Ship { fulfilment: page.fulfilments[0].id, lines: vec![(page.fulfilment_lines[0].id, 3)], carrier: String::new(), tracking_number: String::new(), tracking_url: String::new(), notify: true };
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), ship).await.unwrap();
        w.work().await.unwrap();
        let input = |quantity, shipping, adjustment| flows::Refund { order: p.order, lines: vec![flows::RefundItem { line: page.lines[0].id, quantity, restock: Some(w.ctx.store.location) }], shipping_minor: shipping, adjustment_minor: adjustment, reason: "late".into() };
        let (db, permit) = (w.db.clone(), w.ctx.permit().unwrap());
        let i = input(2, 500, 100);
        let preview = db.read(async |tx: &mut db::Tx| flows::preview_refund(tx, &permit, &i).await).await.unwrap();
        assert_eq!((preview.amount_minor, preview.most_minor), (2 * PRICE + 600, 3 * PRICE + SHIPPING));
        let row = flows::refund(&w.shop, &w.ctx, &permit, i).await.unwrap();
        assert_eq!((row.amount_minor, row.state.as_str(), w.sellable().await), (2 * PRICE + 600, "succeeded", STOCK - 1));
        let again = flows::refund(&w.shop, &w.ctx, &permit, input(2, 0, 0)).await;
        assert!(matches!(again, Err(Error::Invalid { field: "quantity", .. })), "{again:?}");
        let shipping_again = flows::refund(&w.shop, &w.ctx, &permit, input(0, 1, 0)).await;
        assert!(matches!(shipping_again, Err(Error::Invalid { field: "shipping", .. })));
        let rest = flows::refund(&w.shop, &w.ctx, &permit, input(1, 0, -100)).await.unwrap();
        assert_eq!(rest.amount_minor, PRICE - 100);
        assert_eq!(w.page(p.order).await.payment, OrderPayment::Refunded);
        w.lawful().await;
    }

    async fn a_refund_the_bank_refuses_is_seen(w) {
        let cart = w.cart(1).await;
        let p = w.pay(cart, "test", "tok_no_refund", "k").await.unwrap();
        let page = w.page(p.order).await;
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), page.payments[0].id, page.head.total_minor).await.unwrap();
        let input = flows::Refund { order: p.order, lines: vec![], shipping_minor: 0, adjustment_minor: 100, reason: String::new() };
        let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), input).await.unwrap();
        assert_eq!(row.state, "failed");
        assert_eq!(w.page(p.order).await.payment, OrderPayment::Paid);
        assert_eq!(w.db.read(async |tx: &mut db::Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        w.lawful().await;
    }

    async fn a_paid_order_is_cancelled_and_the_money_goes_back(w) {
        let p = w.buy(2).await;
        let page = w.page(p.order).await;
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), page.payments[0].id, 500).await.unwrap();
        let cancel = flows::Cancel { order: p.order, reason: "no stock".into(), notify: true };
        flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel.clone()).await.unwrap();
        w.let_time_pass().await;
        let end = w.page(p.order).await;
        assert_eq!((end.head.state, end.fulfilment, w.sellable().await), (OrderState::Cancelled, warehouse::OrderFulfilment::Cancelled, STOCK));
        let bank = w.bank.accounts().await.unwrap();
        assert_eq!((bank[0].captured_minor, bank[0].refunded_minor), (500, 500));
        assert!(flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel).await.is_err());
        w.lawful().await;
    }

    async fn money_that_comes_after_the_cancellation_goes_back(w) {
        let cart = w.cart(1).await;
        let p = w.pay(cart, "test", "tok_late", "k").await.unwrap();
        assert_eq!(p.outcome, Outcome::Pending);
        // somebody forces the order away under the undecided payment, as a lost race would
        let (order, ctx) = (p.order, w.ctx.clone());
        w.db.write("force", async move |tx: &mut db::Tx| { orders::cancel(tx, &ctx, order, "raced", orders::Still::Unpaid).await?; inventory::release(tx, &ctx, order).await?; Ok::<_, Error>(()) }).await.unwrap();
        w.let_time_pass().await;
        let end = w.page(p.order).await;
        assert_eq!((end.head.state, end.payment), (OrderState::Cancelled, OrderPayment::Voided));
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "voided");
        w.lawful().await;
    }

    async fn money_is_taken_at_once_where_the_shop_wants_it(w) {
        let ctx = w.ctx.clone();
        w.db.write("policy", async move |tx: &mut db::Tx| site::set_setting(tx, &ctx, &ctx.permit().unwrap(), flows::CapturePolicy { when: flows::CaptureWhen::Placed }).await).await.unwrap();
        let p = w.buy(1).await;
        w.work().await.unwrap();
        assert_eq!(w.page(p.order).await.payment, OrderPayment::Paid);
        w.lawful().await;
    }

    async fn a_held_order_does_not_ship(w) {
        let p = w.buy(1).await;
        let page = w.page(p.order).await;
        let (ctx, order) = (w.ctx.clone(), p.order);
        w.db.write("hold", async move |tx: &mut db::Tx| orders::set_hold(tx, &ctx, &ctx.permit().unwrap(), order, Some("check the address")).await).await.unwrap();
        let ship = flows::Ship { fulfilment: page.fulfilments[0].id, lines: vec![(page.fulfilment_lines[0].id, 1)], carrier: String::new(), tracking_number: String::new(), tracking_url: String::new(), notify: true };
        assert!(matches!(flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), ship).await, Err(Error::Conflict(_))));
        assert_eq!(w.page(p.order).await.fulfilment, warehouse::OrderFulfilment::Unfulfilled, "all or nothing");
        w.lawful().await;
    }

    async fn a_purchase_is_lean(w) {
        let cart = w.cart(1).await;
        w.buy(1).await; // statements are warm
        let before = (w.db.stats().statements(), w.db.stats().units());
        w.pay(cart, "test", "tok_success", "lean").await.unwrap();
        let after = (w.db.stats().statements() - before.0, w.db.stats().units() - before.1);
        // look 7 (a server remembers the ways to pay: then 6), T1 10 (11 with a second line), T2 11
        assert!(after.0 <= 28 && after.1 == 2, "{after:?} statements and units");
    }
}
