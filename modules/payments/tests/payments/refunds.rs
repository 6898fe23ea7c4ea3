//! Money that goes back: first what was not taken, never more than is there, and when the provider agreed.

use db::Tx;
use kernel::{ErrorKind, Fault as _, OrderId, OrderLineId};
use payments::ports::Answer;
use payments::{Error, LineRefunded, NewRefund, NewRefundLine, PaymentState, RefundRow};

use crate::scene::{AMOUNT, Scene, TABLES, no, states, too_much, undecided, yes};

fn line(line: OrderLineId, quantity: i64, gross_minor: i64, given_up: i64, restocked: i64) -> NewRefundLine {
    let net_minor = gross_minor * 4 / 5;
    NewRefundLine {
        line,
        quantity,
        net_minor,
        tax_minor: gross_minor - net_minor,
        gross_minor,
        given_up,
        restocked,
        location: None,
    }
}

async fn refunds(s: &Scene, order: OrderId) -> Vec<RefundRow> {
    s.db.read(async |tx: &mut Tx| payments::refunds_of(tx, order).await).await.unwrap()
}

async fn of_lines(s: &Scene, order: OrderId) -> Vec<(OrderLineId, i64, i64, i64, i64, i64)> {
    let rows: Vec<LineRefunded> =
        s.db.read(async |tx: &mut Tx| payments::refunded_of_lines(tx, order).await).await.unwrap();
    rows.iter().map(|l| (l.line, l.quantity, l.net_minor, l.gross_minor, l.restocked, l.giving_up)).collect()
}

testkit::on_both! {
    migrations = TABLES;

    async fn what_was_taken_goes_back_when_the_provider_agreed(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::Captured).await;
        for wrong in [0, -1, AMOUNT + 1] { assert_eq!(too_much(s.refund(id, wrong).await), AMOUNT); }
        let r = s.refund(id, 300).await.unwrap();
        assert_eq!((r.payment, r.order, r.currency.code(), r.amount_minor), (id, s.row(id).await.order, "EUR", 300));
        assert_eq!((r.state.as_str(), r.from_captured_minor, r.from_open_minor), ("pending", 300, 0));
        assert_eq!((r.reason.as_str(), r.quiet, r.actor_name.as_str(), r.created_day.as_str()), ("Bruised", false, "Mercer", "2026-03-02"));
        let b = s.balance(id).await;
        assert_eq!((b.returning_minor, b.giving_up_minor, b.back_minor(), b.most_minor()), (300, 0, 700, 700));
        assert_eq!(s.row(id).await.refunded_minor, 0);
        assert_eq!(too_much(s.refund(id, 701).await), 700);
        let done = s.refunded(r.id, yes()).await.unwrap();
        assert_eq!((done.id, done.state.as_str()), (r.id, "succeeded"));
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, AMOUNT, 300, 0));
        let rest = s.refund(id, 700).await.unwrap();
        s.refunded(rest.id, yes()).await.unwrap();
        assert_eq!((s.sums(id).await, s.balance(id).await.most_minor()), ((PaymentState::Captured, AMOUNT, AMOUNT, AMOUNT, 0), 0));
        assert_eq!(too_much(s.refund(id, 1).await), 0);
        let facts = s.facts(id).await;
        assert!(facts.contains(&("refunded".to_owned(), 300)) && facts.contains(&("refunded".to_owned(), 700)));
        assert_eq!(s.deeds().await.iter().filter(|d| *d == "payment.refund").count(), 2);
        s.lawful().await;
    }

    async fn what_was_not_taken_is_let_go_first(db) {
        let s = Scene::new(&db);
        // all of it is open: nothing travels, so it has succeeded
        for id in [s.authorised(AMOUNT).await, s.due(AMOUNT).await] {
            let authorised = s.row(id).await.authorised_minor;
            let state = s.row(id).await.state;
            let r = s.refund(id, 300).await.unwrap();
            assert_eq!((r.state.as_str(), r.from_captured_minor, r.from_open_minor), ("succeeded", 0, 300));
            assert_eq!(s.sums(id).await, (state, authorised, 0, 0, 300));
            assert!(s.refunded(r.id, yes()).await.is_none(), "there is nothing to answer");
            s.refund(id, 700).await.unwrap();
            assert_eq!(s.sums(id).await, (PaymentState::Voided, authorised, 0, 0, AMOUNT));
            assert!(s.facts(id).await.contains(&("let_go".to_owned(), 700)));
        }
        // 400 were taken, 600 are open: the open part goes when the other does
        let id = s.in_state(PaymentState::PartiallyCaptured).await;
        let r = s.refund(id, 750).await.unwrap();
        assert_eq!((r.state.as_str(), r.from_captured_minor, r.from_open_minor), ("pending", 150, 600));
        assert_eq!(s.sums(id).await, (PaymentState::PartiallyCaptured, AMOUNT, 400, 0, 0));
        let b = s.balance(id).await;
        assert_eq!((b.giving_up_minor, b.returning_minor, b.free_minor(), b.back_minor()), (600, 150, 0, 250));
        assert_eq!(too_much(s.begin_capture(id, 1).await), 0);
        s.refunded(r.id, yes()).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, 400, 150, 600));
        s.lawful().await;
    }

    async fn what_is_being_taken_or_let_go_is_not_given_back(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let capture = s.begin_capture(id, 600).await.unwrap();
        assert_eq!(too_much(s.refund(id, 401).await), 400);
        s.refund(id, 400).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Authorised, AMOUNT, 0, 0, 400));
        s.captured(capture, yes()).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, 600, 0, 400), "all that will be taken was");
        let id = s.in_state(PaymentState::PartiallyCaptured).await;
        s.begin_void(id).await.unwrap();
        assert_eq!(too_much(s.refund(id, 401).await), 400);
        assert_eq!(s.refund(id, 400).await.unwrap().from_open_minor, 0);
        s.lawful().await;
    }

    async fn a_refused_refund_changes_nothing(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::PartiallyCaptured).await;
        let before = s.sums(id).await;
        let r = s.refund(id, AMOUNT).await.unwrap();
        for answer in undecided().into_iter().chain([Answer::Never]) {
            assert!(s.refunded(r.id, answer).await.is_none());
        }
        let failed = s.refunded(r.id, no()).await.unwrap();
        assert_eq!((failed.state.as_str(), failed.error.as_str()), ("failed", "The bank said no."));
        assert_eq!((s.sums(id).await, s.balance(id).await.most_minor()), (before, AMOUNT));
        let told = s.events(id).await.into_iter().find(|e| e.kind == "refund_failed").unwrap();
        assert_eq!((told.amount_minor, told.detail.as_str()), (400, "The bank said no."));
        assert!(s.refunded(r.id, yes()).await.is_none(), "another one is another refund");
        assert_eq!(s.sums(id).await, before);
        s.take(id, 600).await;
        s.lawful().await;
    }

    async fn an_answer_to_a_refund_counts_once(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::Captured).await;
        let r = s.refund(id, 400).await.unwrap();
        let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.refunded(r.id, yes()).await }) }).collect();
        let mut heard = 0;
        for task in tasks { heard += usize::from(task.await.unwrap().is_some()); }
        assert_eq!((heard, s.row(id).await.refunded_minor), (1, 400));
        assert!(s.refunded(r.id, no()).await.is_none());
        let row = db.read(async |tx: &mut Tx| payments::refund(tx, r.id).await).await.unwrap();
        assert_eq!((row.state.as_str(), row.error.as_str()), ("succeeded", ""));
        assert_eq!(s.facts(id).await.iter().filter(|(kind, _)| kind == "refunded").count(), 1);
        let nobody = db.read(async |tx: &mut Tx| payments::refund(tx, s.ctx.id()).await).await.unwrap_err();
        assert_eq!(nobody.to_string(), "there is no such refund");
        s.lawful().await;
    }

    async fn many_who_give_back_at_once_give_no_more_than_was_taken(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::Captured).await;
        let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.refund(id, 300).await }) }).collect();
        let mut begun = vec![];
        for task in tasks {
            match task.await.unwrap() {
                Ok(r) => begun.push(r.id),
                lost => assert_eq!(too_much(lost), 100),
            }
        }
        assert_eq!(begun.len(), 3);
        let tasks: Vec<_> = begun.into_iter().map(|r| { let s = s.clone(); tokio::spawn(async move { s.refunded(r, yes()).await.unwrap() }) }).collect();
        for task in tasks { task.await.unwrap(); }
        assert_eq!(s.row(id).await.refunded_minor, 900, "none overwrites another");
        s.lawful().await;
    }

    async fn a_capture_and_a_refund_heard_at_once_both_count(db) {
        let s = Scene::new(&db);
        for _ in 0..12 {
            let id = s.in_state(PaymentState::PartiallyCaptured).await;
            let capture = s.begin_capture(id, 300).await.unwrap();
            let r = s.refund(id, 500).await.unwrap();
            assert_eq!((r.from_open_minor, r.from_captured_minor), (300, 200));
            let (a, b) = (s.clone(), s.clone());
            let (taken, back) = tokio::join!(
                tokio::spawn(async move { a.captured(capture, yes()).await }),
                tokio::spawn(async move { b.refunded(r.id, yes()).await })
            );
            assert!(taken.unwrap().is_some() && back.unwrap().is_some());
            assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, 700, 200, 300), "nothing is open any more, whoever was first");
        }
        assert!(s.alerts().await.is_empty());
        s.lawful().await;
    }

    async fn only_where_there_is_money_does_any_go_back(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let most = match state {
                PaymentState::Authorised | PaymentState::PartiallyCaptured | PaymentState::Captured | PaymentState::Due => AMOUNT,
                _ => 0,
            };
            assert_eq!(s.balance(id).await.most_minor(), most, "{state}");
            assert_eq!(too_much(s.refund(id, most + 1).await), most);
            if most > 0 { s.refund(id, most).await.unwrap(); }
        }
        s.lawful().await;
    }

    async fn a_refund_says_what_it_is_for(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::Captured).await;
        let order = s.row(id).await.order;
        let (apples, pears) = { let (a, b) = (s.ctx.id(), s.ctx.id()); if a < b { (a, b) } else { (b, a) } };
        let new = NewRefund {
            goods_minor: 350,
            shipping_minor: 95,
            adjustment_minor: -45,
            tax_minor: 80,
            quiet: true,
            lines: vec![line(apples, 2, 250, 1, 1), line(pears, 1, 100, 0, 0)],
            ..s.refund_of(id, 0).await
        };
        let r = s.begin_refund(new.clone()).await.unwrap();
        assert_eq!((r.amount_minor, r.shipping_minor, r.adjustment_minor, r.tax_minor, r.quiet), (400, 95, -45, 80, true));
        assert_eq!(of_lines(&s, order).await.len(), 2);
        let mut pending = of_lines(&s, order).await;
        pending.sort();
        assert_eq!(pending, [(apples, 2, 200, 250, 1, 1), (pears, 1, 80, 100, 0, 0)]);
        s.refunded(r.id, yes()).await.unwrap();
        assert!(of_lines(&s, order).await.contains(&(apples, 2, 200, 250, 1, 0)), "what was given up is no more to come");
        // one that failed counts for nothing, one that comes later adds up
        s.clock.advance(std::time::Duration::from_secs(1));
        for answer in [no(), yes()] {
            let more = NewRefund { id: s.ctx.id(), goods_minor: 125, shipping_minor: 0, adjustment_minor: 0, lines: vec![line(apples, 1, 125, 1, 0)], ..new.clone() };
            let more = s.begin_refund(more).await.unwrap();
            assert!(of_lines(&s, order).await.contains(&(apples, 3, 300, 375, 1, 1)));
            s.refunded(more.id, answer).await.unwrap();
        }
        assert!(of_lines(&s, order).await.contains(&(apples, 3, 300, 375, 1, 0)));
        let lines = db.read(async |tx: &mut Tx| payments::refund_lines(tx, order).await).await.unwrap();
        assert_eq!(lines.len(), 4, "tried ones too");
        let first = lines.iter().find(|l| l.refund == r.id && l.line == apples).unwrap();
        assert_eq!((first.quantity, first.gross_minor, first.given_up, first.restocked, first.location), (2, 250, 1, 1, None));
        assert_eq!(refunds(&s, order).await.iter().map(|r| r.state.as_str()).filter(|state| *state == "failed").count(), 1);
        assert_eq!(refunds(&s, order).await[0].id, r.id, "the oldest first");
        assert!(refunds(&s, s.ctx.id()).await.is_empty() && of_lines(&s, s.ctx.id()).await.is_empty());
        s.lawful().await;
    }

    async fn a_refund_that_does_not_add_up_is_refused(db) {
        let s = Scene::new(&db);
        let id = s.in_state(PaymentState::Captured).await;
        let good = s.refund_of(id, 0).await;
        for (wrong, field) in [
            (NewRefund { goods_minor: 251, lines: vec![line(s.ctx.id(), 2, 250, 0, 0)], ..good.clone() }, "lines"),
            (NewRefund { goods_minor: 250, ..good.clone() }, "lines"),
            (NewRefund { lines: vec![line(s.ctx.id(), 2, 250, 0, 0)], ..good.clone() }, "lines"),
            (NewRefund { adjustment_minor: 100, order: s.ctx.id(), ..good.clone() }, "payment"),
        ] {
            let e = s.begin_refund(wrong).await.unwrap_err();
            assert_eq!((e.kind(), e.code(), e.field()), (ErrorKind::Invalid, "invalid", Some(field)), "{e}");
        }
        let nobody = s.begin_refund(NewRefund { payment: s.ctx.id(), ..good }).await.unwrap_err();
        assert!(matches!(nobody, Error::NotFound { what: "payment" }));
        assert!(refunds(&s, s.row(id).await.order).await.is_empty());
        s.lawful().await;
    }
}
