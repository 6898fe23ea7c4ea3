//! Money that comes late, twice, or not: what was authorised is taken, let go or known to a person.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use adapters::payment::{BankTransfer, CashOnDelivery};
use flows::{Error, Happened, Outcome, PlaceOrder, Placement, Shop};
use kernel::{CartId, Money};
use orders::OrderState;
use payments::ports::{Answer, Authorise, Provider};
use payments::{OrderPayment, PaymentState};

use crate::wire::Wire;
use crate::world::{PRICE, SHIPPING, STOCK, both, shop_with};

impl crate::world::World {
    /// The bank at the other end of a line that the test holds.
    fn wired(&mut self) -> Arc<Wire> {
        let wire = Arc::new(Wire::to(&self.bank));
        self.shop = shop_with(&self.db, vec![wire.clone(), Arc::new(BankTransfer), Arc::new(CashOnDelivery)]);
        wire
    }

    fn press(&self, cart: (CartId, i64), token: &str) -> PlaceOrder {
        PlaceOrder {
            cart: cart.0,
            version: cart.1,
            read: None,
            seen_total_minor: None,
            provider: "test".into(),
            token: token.into(),
            key: format!("{token}-{}", cart.0),
        }
    }

    /// A purchase whose request for money is on its way to the bank, and waits there.
    async fn under_way(
        &self,
        wire: &Wire,
        cart: (CartId, i64),
    ) -> tokio::task::JoinHandle<Result<Placement, Error>> {
        wire.hold.store(true, Ordering::SeqCst);
        let (shop, ctx, input): (Shop, _, _) =
            (self.shop.clone(), self.ctx.shopper(), self.press(cart, "tok_success"));
        let paying = tokio::spawn(async move { flows::place_order(&shop, &ctx, input).await });
        wire.entered.notified().await;
        paying
    }

    async fn alerts(&self) -> Vec<String> {
        let all = self.db.read(async |tx: &mut db::Tx| work::alerts::open(tx).await).await.unwrap();
        all.into_iter().map(|a| a.key).collect()
    }

    async fn sql(&self, text: &'static str) {
        self.db.write("sql", async move |tx: &mut db::Tx| tx.script(text).await).await.unwrap();
    }

    fn shipment(&self, page: &flows::OrderPage, quantity: i64) -> flows::Ship {
        flows::Ship {
            fulfilment: page.fulfilments[0].id,
            lines: vec![(page.fulfilment_lines[0].id, quantity)],
            carrier: String::new(),
            tracking_number: String::new(),
            tracking_url: String::new(),
            notify: true,
        }
    }

    fn refund(&self, page: &flows::OrderPage, quantity: i64, shipping: i64, restock: bool) -> flows::Refund {
        let restock = restock.then_some(self.ctx.store.location);
        flows::Refund {
            order: page.head.id,
            lines: vec![flows::RefundItem { line: page.lines[0].id, quantity, restock }],
            shipping_minor: shipping,
            adjustment_minor: 0,
            reason: String::new(),
        }
    }

    async fn set_policy(&self, when: flows::CaptureWhen) {
        let ctx = self.ctx.clone();
        self.db
            .write("policy", async move |tx: &mut db::Tx| {
                site::set_setting(tx, &ctx, &ctx.permit().unwrap(), flows::CapturePolicy { when }).await
            })
            .await
            .unwrap();
    }
}

both! {
    async fn a_yes_after_the_void_gives_the_money_back(w) {
        let wire = w.wired();
        let cart = w.cart(2).await;
        let paying = w.under_way(&wire, cart).await;
        // in another window: back to the cart. The bank lets go of what it does not know
        flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await.unwrap();
        assert_eq!(w.sellable().await, STOCK);
        wire.go.notify_one();
        let first = paying.await.unwrap().unwrap();
        assert_eq!(first.outcome, Outcome::Cancelled);
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "yes", "the bank holds the money");
        assert!(w.alerts().await.iter().any(|a| a.starts_with("payment_late:")), "and people know");
        w.lawful().await;
        w.work().await.unwrap();
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "voided");
        assert!(w.alerts().await.is_empty(), "it was given back");
        let again = w.pay((cart.0, cart.1 + 1), "test", "tok_success", "k2").await.unwrap();
        assert_eq!(again.outcome, Outcome::Placed);
        w.lawful().await;
    }

    async fn a_request_that_arrives_after_its_process_died_is_asked_about(w) {
        let wire = w.wired();
        let cart = w.cart(1).await;
        let paying = w.under_way(&wire, cart).await;
        flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await.unwrap();
        paying.abort();
        let payment = w.count("select cast(count(*) as bigint) from payment where state = 'failed'").await;
        assert_eq!(payment, 1);
        let order = w.db.read(async |tx: &mut db::Tx| orders::by_cart(tx, cart.0).await).await.unwrap()[0].id;
        let page = w.page(order).await;
        let request = Authorise { payment: page.payments[0].id, amount: Money::new(page.head.total_minor, page.head.currency), token: "tok_success".into(), order_number: 1, return_path: String::new() };
        w.bank.authorise(&request).await;
        w.let_time_pass().await;
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "voided");
        w.lawful().await;
    }

    async fn a_request_stuck_on_the_line_is_given_up_and_then_given_back(w) {
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_stuck", "k").await.unwrap();
        assert_eq!(first.outcome, Outcome::Pending);
        w.clock.advance(Duration::from_secs(3));
        w.work().await.unwrap();
        assert_eq!(w.page(first.order).await.payments[0].state, PaymentState::Unknown, "one question is not enough");
        for _ in 0..12 {
            w.clock.advance(Duration::from_secs(3));
            w.work().await.unwrap();
        }
        assert_eq!(w.page(first.order).await.payments[0].state, PaymentState::Failed);
        assert!(w.bank.accounts().await.unwrap().is_empty());
        let second = w.pay(cart, "test", "tok_success", "k2").await.unwrap();
        assert_eq!((second.order, second.outcome), (first.order, Outcome::Placed));
        w.let_time_pass().await;
        let page = w.page(first.order).await;
        let accounts = w.bank.accounts().await.unwrap();
        let of = |i: usize| accounts.iter().find(|a| a.payment == page.payments[i].id.to_string()).unwrap().state.clone();
        assert_eq!((of(0).as_str(), of(1).as_str()), ("voided", "yes"));
        assert_eq!((page.head.state, page.payment), (OrderState::Placed, OrderPayment::Authorised));
        w.lawful().await;
    }

    async fn an_order_sold_meanwhile_is_not_called_off(w) {
        let wire = w.wired();
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_timeout_charged", "k").await.unwrap();
        assert_eq!(first.outcome, Outcome::Pending);
        wire.cut(); // the void is not heard; the question is: yes
        let back = flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await;
        assert!(matches!(back, Err(Error::Conflict(_))), "{back:?}");
        assert_eq!(w.page(first.order).await.head.state, OrderState::Placed);
        w.lawful().await;
    }

    async fn the_clock_calls_off_no_order_that_was_sold(w) {
        let wire = w.wired();
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_timeout_charged", "k").await.unwrap();
        wire.cut();
        w.clock.advance(Duration::from_secs(31 * 60));
        assert_eq!(flows::expire_holds(&w.shop, &w.ctx).await.unwrap(), 0);
        assert_eq!(w.page(first.order).await.head.state, OrderState::Placed);
        w.lawful().await;
    }

    async fn the_clock_calls_off_no_order_that_is_held_anew(w) {
        let wire = w.wired();
        let cart = w.cart(1).await;
        let first = w.pay(cart, "test", "tok_challenge", "k").await.unwrap();
        *wire.meanwhile.lock().unwrap() = Some((w.db.clone(), "update orders set held_until = held_until + 3600000000".into()));
        w.clock.advance(Duration::from_secs(31 * 60));
        assert_eq!(flows::expire_holds(&w.shop, &w.ctx).await.unwrap(), 0);
        assert_eq!(w.page(first.order).await.head.state, OrderState::AwaitingPayment);
        assert_eq!(w.sellable().await, STOCK - 1);
        w.lawful().await;
    }

    async fn money_being_taken_is_not_given_up(w) {
        let wire = w.wired();
        let p = w.buy(2).await;
        let page = w.page(p.order).await;
        let (total, payment) = (page.head.total_minor, page.payments[0].id);
        wire.cut();
        let now = flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), payment, total - 100).await.unwrap();
        assert_eq!(now.captured_minor, 0, "it is on its way");
        let permit = w.ctx.permit().unwrap();
        let nothing = flows::Refund { lines: vec![], ..w.refund(&page, 1, 0, false) };
        let preview = w.db.read(async |tx: &mut db::Tx| flows::preview_refund(tx, &permit, &nothing).await).await.unwrap();
        assert_eq!(preview.most_minor, 100);
        let too_much = flows::refund(&w.shop, &w.ctx, &permit, w.refund(&page, 1, 0, false)).await;
        assert!(matches!(too_much, Err(Error::Payments(payments::Error::TooMuch { .. }))), "{too_much:?}");
        let cancel = flows::Cancel { order: p.order, reason: String::new(), notify: false };
        let called_off = flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel.clone()).await;
        assert!(matches!(called_off, Err(Error::Conflict(_))), "{called_off:?}");
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 1)).await.unwrap();
        wire.say(None);
        w.let_time_pass().await;
        assert_eq!(w.page(p.order).await.payments[0].captured_minor, total - 100);
        w.lawful().await;
    }

    async fn what_the_provider_took_is_taken(w) {
        let wire = w.wired();
        let p = w.buy(1).await;
        let page = w.page(p.order).await;
        wire.cut();
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), page.payments[0].id, page.head.total_minor).await.unwrap();
        // our books say that it was let go: as an older program, or a person, may have written
        w.sql("update payment set state = 'voided', let_go_minor = authorised_minor").await;
        wire.say(None);
        w.let_time_pass().await;
        let now = w.page(p.order).await;
        assert_eq!((now.payments[0].state, now.payments[0].captured_minor, now.payments[0].let_go_minor), (PaymentState::Captured, page.head.total_minor, 0));
        assert!(w.alerts().await.iter().any(|a| a.starts_with("taken:")));
        w.lawful().await;
    }

    async fn what_is_being_let_go_is_not_open(w) {
        let wire = w.wired();
        let p = w.buy(1).await;
        let page = w.page(p.order).await;
        let payment = page.payments[0].id;
        wire.cut();
        flows::void(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), payment).await.unwrap();
        let taken = flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), payment, 100).await;
        assert!(matches!(taken, Err(Error::Payments(payments::Error::NotAllowed { .. }))), "{taken:?}");
        let back = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, 0, false)).await;
        assert!(matches!(back, Err(Error::Payments(payments::Error::TooMuch { .. }))), "{back:?}");
        wire.say(None);
        w.let_time_pass().await;
        let now = w.page(p.order).await;
        assert_eq!((now.payment, now.head.state), (OrderPayment::Voided, OrderState::Placed));
        assert!(now.head.hold.is_some(), "an order that nothing pays for does not leave the house");
        assert_eq!(w.alerts().await, [format!("unpaid:{}", p.order)]);
        w.lawful().await;
    }

    async fn money_is_taken_at_once_only_of_what_is_sold(w) {
        w.set_policy(flows::CaptureWhen::Placed).await;
        let p = w.buy(1).await;
        let cancel = flows::Cancel { order: p.order, reason: String::new(), notify: false };
        flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel).await.unwrap();
        w.let_time_pass().await;
        assert_eq!(w.count("select cast(count(*) as bigint) from capture where kind = 'capture'").await, 0);
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "voided");
        w.lawful().await;
    }

    async fn a_refused_refund_moves_nothing(w) {
        let cart = w.cart(2).await;
        let p = w.pay(cart, "test", "tok_no_refund", "k").await.unwrap();
        let page = w.page(p.order).await;
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), page.payments[0].id, 500).await.unwrap();
        // a part is open and would be let go, a part was taken and cannot go back
        for _ in 0..2 {
            let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 2, SHIPPING, false)).await.unwrap();
            assert_eq!((row.state.as_str(), row.from_captured_minor), ("failed", 500));
        }
        let now = w.page(p.order).await;
        assert_eq!((now.payments[0].let_go_minor, now.payments[0].open_minor()), (0, page.head.total_minor - 500));
        assert_eq!((now.fulfilment_lines[0].left(), w.sellable().await), (2, STOCK - 2));
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 2)).await.unwrap();
        w.work().await.unwrap();
        for _ in 0..2 {
            let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 2, 0, true)).await.unwrap();
            assert_eq!(row.state, "failed");
        }
        assert_eq!(w.sellable().await, STOCK - 2, "nothing came back on the shelf");
        w.let_time_pass().await;
        assert_eq!(w.page(p.order).await.head.state, OrderState::Closed, "a refund that failed leaves nothing to do");
        w.lawful().await;
    }

    async fn what_a_refund_gives_up_stays_until_it_is_known(w) {
        let wire = w.wired();
        let p = w.buy(2).await;
        let page = w.page(p.order).await;
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), page.payments[0].id, page.head.total_minor).await.unwrap();
        wire.cut();
        let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, 0, false)).await.unwrap();
        assert_eq!((row.state.as_str(), w.sellable().await), ("pending", STOCK - 2));
        let both = flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 2)).await;
        assert!(matches!(both, Err(Error::Conflict(_))), "{both:?}");
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 1)).await.unwrap();
        wire.say(None);
        w.let_time_pass().await;
        let now = w.page(p.order).await;
        assert_eq!((now.refunds[0].state.as_str(), now.fulfilment_lines[0].cancelled, w.sellable().await), ("succeeded", 1, STOCK - 1));
        assert_eq!(now.head.state, OrderState::Closed);
        w.lawful().await;
    }

    async fn a_returned_piece_is_one_that_had_left(w) {
        let p = w.buy(3).await;
        let page = w.page(p.order).await;
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 1)).await.unwrap();
        w.work().await.unwrap();
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, 0, true)).await.unwrap();
        let now = w.page(p.order).await;
        assert_eq!((now.fulfilment_lines[0].left(), now.refund_lines[0].restocked), (2, 1));
        // no more comes back than had left
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, 0, true)).await.unwrap();
        let now = w.page(p.order).await;
        assert_eq!((now.fulfilment_lines[0].left(), now.refund_lines.iter().map(|l| l.restocked).sum::<i64>()), (1, 1));
        assert_eq!(w.sellable().await, STOCK - 3 + 2);
        w.lawful().await;
    }

    async fn the_provider_hears_of_what_will_not_be_taken(w) {
        let p = w.buy(1).await;
        let page = w.page(p.order).await;
        let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, SHIPPING, false)).await.unwrap();
        assert_eq!((row.state.as_str(), row.from_captured_minor), ("succeeded", 0));
        w.let_time_pass().await;
        assert_eq!(w.bank.accounts().await.unwrap()[0].state, "voided");
        let now = w.page(p.order).await;
        assert_eq!((now.payment, now.head.state, now.head.hold), (OrderPayment::Voided, OrderState::Closed, None));
        assert_eq!(w.count("select cast(count(*) as bigint) from capture").await, 1, "it is told once");
        w.lawful().await;
    }

    async fn the_provider_hears_of_the_rest_of_what_was_taken_in_part(w) {
        let p = w.buy(2).await;
        let page = w.page(p.order).await;
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 1)).await.unwrap();
        w.work().await.unwrap();
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 1, 0, false)).await.unwrap();
        w.let_time_pass().await;
        let account = &w.bank.accounts().await.unwrap()[0];
        assert_eq!((account.captured_minor, account.amount_minor), (PRICE + SHIPPING, PRICE + SHIPPING));
        assert_eq!(w.page(p.order).await.payments[0].state, PaymentState::Captured);
        w.lawful().await;
    }

    async fn one_bad_payment_holds_up_no_other(w) {
        let (one, two, three) = (w.cart(1).await, w.cart(1).await, w.cart(1).await);
        let gone = w.pay(one, "test", "tok_timeout_charged", "a").await.unwrap();
        w.sql("update payment set provider = 'gone'").await;
        let known = w.pay(two, "test", "tok_timeout_charged", "b").await.unwrap();
        w.clock.advance(Duration::from_secs(5));
        w.work().await.unwrap();
        assert_eq!(w.page(known.order).await.head.state, OrderState::Placed);
        assert_eq!(w.alerts().await.len(), 1, "and a person knows of the bad one");
        let unpaid = w.pay(three, "test", "tok_decline", "c").await.unwrap();
        w.clock.advance(Duration::from_secs(31 * 60));
        w.work().await.unwrap();
        assert_eq!(w.page(unpaid.order).await.head.state, OrderState::Cancelled);
        assert_eq!(w.page(gone.order).await.head.state, OrderState::AwaitingPayment);
        assert!(w.page(gone.order).await.head.held_until.unwrap() > w.ctx.now(), "it is not tried without end");
        w.lawful().await;
    }

    async fn nobody_pays_more_than_they_saw(w) {
        let cart = w.cart(1).await;
        let total = PRICE + SHIPPING;
        let press = |seen| PlaceOrder { seen_total_minor: Some(seen), ..w.press(cart, "tok_success") };
        let ctx = w.ctx.shopper();
        let more = flows::place_order(&w.shop, &ctx, press(total - 1)).await;
        assert!(matches!(&more, Err(Error::TotalRose { seen, now }) if (seen.minor, now.minor) == (total - 1, total)), "{more:?}");
        assert_eq!(w.count("select cast(count(*) as bigint) from orders").await, 0);
        let less = flows::place_order(&w.shop, &ctx, press(total + 1)).await.unwrap();
        assert_eq!(less.outcome, Outcome::Placed);
    }

    async fn a_refused_capture_can_be_tried_again(w) {
        let wire = w.wired();
        let p = w.buy(1).await;
        let before = w.page(p.order).await.payments[0].clone();
        wire.say(Some(Answer::No { code: "no".into(), text: "not now".into() }));
        flows::capture(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), before.id, 100).await.unwrap();
        let after = w.page(p.order).await.payments[0].clone();
        assert_eq!((before.captured_minor, after.captured_minor), (0, 0));
        assert_ne!(before.captures, after.captures, "what the page showed differs, and so does the button's key");
    }

    async fn lifting_a_hold_closes_what_is_done(w) {
        let p = w.buy(1).await;
        let page = w.page(p.order).await;
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 1)).await.unwrap();
        let hold = async |why: Option<&'static str>| {
            let (ctx, order) = (w.ctx.clone(), p.order);
            w.db.write("hold", async move |tx: &mut db::Tx| orders::set_hold(tx, &ctx, &ctx.permit().unwrap(), order, why).await).await.unwrap();
        };
        hold(Some("look")).await;
        w.let_time_pass().await;
        assert_eq!(w.page(p.order).await.head.state, OrderState::Placed);
        hold(None).await;
        w.work().await.unwrap();
        assert_eq!(w.page(p.order).await.head.state, OrderState::Closed);
        w.lawful().await;
    }

    async fn what_costs_and_weighs_nothing_is_done_with_the_sale(w) {
        w.sql("update variant set requires_shipping = false; update price set amount_minor = 0").await;
        let p = w.buy(1).await;
        assert_eq!(w.page(p.order).await.head.total_minor, 0);
        w.work().await.unwrap();
        assert_eq!(w.page(p.order).await.head.state, OrderState::Closed);
        w.lawful().await;
    }

    async fn what_is_never_shipped_is_taken_with_the_sale(w) {
        w.sql("update variant set requires_shipping = false").await;
        let p = w.buy(1).await;
        w.work().await.unwrap();
        let page = w.page(p.order).await;
        assert_eq!((page.payment, page.head.state), (OrderPayment::Paid, OrderState::Closed));
        w.lawful().await;
    }

    async fn refunds_sum_up_to_the_cent_after_one_that_failed(w) {
        let wire = w.wired();
        let p = w.buy(10).await;
        let page = w.page(p.order).await;
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.shipment(&page, 10)).await.unwrap();
        w.work().await.unwrap();
        wire.cut();
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 5, 0, false)).await.unwrap();
        wire.say(None);
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 5, 0, false)).await.unwrap();
        wire.say(Some(Answer::No { code: "no".into(), text: "not that one".into() }));
        w.let_time_pass().await;
        wire.say(None);
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), w.refund(&page, 5, 0, false)).await.unwrap();
        let (net, gross) = w.db.read(async |tx: &mut db::Tx| {
            tx.one::<(i64, i64)>("select cast(sum(l.net_minor) as bigint), cast(sum(l.gross_minor) as bigint) from refund_line l join refund r on r.id = l.refund_id where r.state = 'succeeded'", &[]).await
        }).await.unwrap();
        assert_eq!((net, gross), (page.lines[0].net_minor, page.lines[0].gross_minor));
        w.lawful().await;
    }

    async fn where_nobody_can_be_asked_a_person_says_what_happened(w) {
        let wire = w.wired();
        wire.cannot_ask.store(true, Ordering::SeqCst);
        let (one, two) = (w.cart(1).await, w.cart(1).await);
        let paid = w.pay(one, "test", "tok_timeout_charged", "a").await.unwrap();
        let unpaid = w.pay(two, "test", "tok_timeout", "b").await.unwrap();
        w.let_time_pass().await;
        let payment = w.page(paid.order).await.payments[0].clone();
        assert_eq!(payment.state, PaymentState::Unknown);
        assert_eq!(w.alerts().await.len(), 2);
        let permit = w.ctx.permit().unwrap();
        flows::decide(&w.shop, &w.ctx, &permit, payment.id, Happened::Paid).await.unwrap();
        assert_eq!(w.page(paid.order).await.head.state, OrderState::Placed);
        let other = w.page(unpaid.order).await.payments[0].id;
        flows::decide(&w.shop, &w.ctx, &permit, other, Happened::NotPaid).await.unwrap();
        assert_eq!(w.page(unpaid.order).await.payments[0].state, PaymentState::Failed);
        assert!(w.alerts().await.is_empty());
        let again = flows::decide(&w.shop, &w.ctx, &permit, other, Happened::Paid).await;
        assert!(matches!(again, Err(Error::Conflict(_))));
        w.lawful().await;
    }

    async fn only_a_way_that_is_offered_pays(w) {
        let cart = w.cart(1).await;
        let ctx = w.ctx.clone();
        let ways = site::PaymentMethods { enabled: Some(vec!["bank_transfer".into()]) };
        w.db.write("ways", async move |tx: &mut db::Tx| site::set_setting(tx, &ctx, &ctx.permit().unwrap(), ways.clone()).await).await.unwrap();
        let refused = w.pay(cart, "test", "tok_success", "k").await;
        assert!(matches!(refused, Err(Error::NoProvider { .. })), "{refused:?}");
        assert!(w.bank.accounts().await.unwrap().is_empty());
        assert_eq!(w.pay(cart, "bank_transfer", "", "k2").await.unwrap().outcome, Outcome::Placed);
    }

    async fn the_test_bank_pays_nothing_where_the_program_has_none(w) {
        // the setting still names it, as of a shop that was tried out before
        w.shop = shop_with(&w.db, vec![Arc::new(BankTransfer), Arc::new(CashOnDelivery)]);
        let cart = w.cart(1).await;
        assert!(matches!(w.pay(cart, "test", "tok_success", "k").await, Err(Error::NoProvider { .. })));
        assert_eq!(w.shop.ways(&site::PaymentMethods { enabled: Some(vec!["test".into(), "cash_on_delivery".into()]) }), ["cash_on_delivery"]);
        assert_eq!(w.shop.ways(&site::PaymentMethods { enabled: None }), ["bank_transfer", "cash_on_delivery"]);
    }
}
