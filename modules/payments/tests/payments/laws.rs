//! Every law is proven by breaking each half of it on attempts in every state.

use payments::{LAWS, NewRefund, NewRefundLine, PaymentState};

use crate::scene::{AMOUNT, Scene, TABLES, no, states, yes};

const BREAKS: &[(&str, &str)] = &[
    ("payments.captured_within_authorised", "update payment set captured_minor = -1 where state = 'authorised'"),
    ("payments.captured_within_authorised", "update payment set let_go_minor = -1 where state = 'authorised'"),
    ("payments.captured_within_authorised", "update payment set captured_minor = amount_minor + 1 where state = 'due'"),
    // less was authorised than was asked for: the rest is nobody's
    ("payments.captured_within_authorised", "update payment set authorised_minor = authorised_minor - 1 where state = 'captured'"),
    ("payments.captured_within_authorised", "update payment set authorised_minor = amount_minor + 1 where state = 'authorised'"),
    ("payments.refunded_within_captured", "update payment set refunded_minor = -1"),
    ("payments.refunded_within_captured", "update payment set refunded_minor = 1 where state = 'authorised'"),
    ("payments.sums_follow_from_rows", "update payment set refunded_minor = refunded_minor + 1 where state = 'captured'"),
    ("payments.sums_follow_from_rows", "update refund set state = 'succeeded' where state = 'failed'"),
    ("payments.sums_follow_from_rows", "update refund set state = 'pending' where state = 'succeeded'"),
    ("payments.captures_explain_captured", "update capture set state = 'failed' where kind = 'capture'"),
    ("payments.captures_explain_captured", "update capture set kind = 'capture' where kind = 'void'"),
    ("payments.captures_explain_captured", "delete from payment_event where kind = 'paid'"),
    ("payments.money_was_agreed_to", "delete from payment_event where kind = 'due'"),
    (
        "payments.money_was_agreed_to",
        "delete from payment_event where kind = 'authorised' and payment_id in (select id from payment where state = 'voided')",
    ),
    ("payments.undecided_are_asked_again", "update payment set ask_at = null where state = 'unknown'"),
    ("payments.undecided_are_asked_again", "update payment set ask_at = 1 where state = 'failed'"),
    (
        "payments.one_undecided_an_order",
        "drop index payment_one_undecided; update payment set order_id = (select order_id from payment where state = 'started')",
    ),
    (
        "payments.one_charge_an_order",
        "update payment set order_id = (select order_id from payment where state = 'authorised' and let_go_minor = 0)
         where state = 'captured'",
    ),
    (
        "payments.one_charge_an_order",
        "update payment set order_id = (select order_id from payment where state = 'authorised' and let_go_minor = 0)
         where state = 'due'",
    ),
    ("payments.states_follow_from_sums", "update payment set state = 'authorised' where state = 'partially_captured'"),
    ("payments.states_follow_from_sums", "update payment set state = 'authorised' where state = 'due'"),
    ("payments.states_follow_from_sums", "update payment set state = 'partially_captured' where state = 'authorised'"),
    ("payments.states_follow_from_sums", "update payment set state = 'captured' where state = 'authorised'"),
    ("payments.states_follow_from_sums", "update payment set state = 'pending' where state = 'authorised'"),
    ("payments.states_follow_from_sums", "update payment set state = 'failed' where state = 'captured'"),
    ("payments.states_follow_from_sums", "update payment set state = 'due' where state = 'authorised'"),
    ("payments.refund_lines_sum_up", "delete from refund_line"),
    ("payments.refund_lines_sum_up", "update refund set shipping_minor = shipping_minor + 1"),
    ("payments.refund_lines_sum_up", "update refund set adjustment_minor = adjustment_minor - 1"),
    (
        "payments.agreed_to_once",
        "insert into payment_event (id, payment_id, kind, amount_minor, actor_kind, actor_name, at)
         select payment_id, payment_id, 'authorised', amount_minor, actor_kind, actor_name, at from payment_event where kind = 'due'",
    ),
];

/// Attempts in every state, and what may happen to them.
async fn busy(s: &Scene) {
    for state in states() {
        s.in_state(*state).await;
    }
    // given back in part, after a refusal; by line
    let back = s.in_state(PaymentState::Captured).await;
    for answer in [no(), yes()] {
        let line = NewRefundLine {
            line: s.ctx.id(),
            quantity: 1,
            net_minor: 80,
            tax_minor: 20,
            gross_minor: 100,
            given_up: 0,
            restocked: 1,
            location: None,
        };
        let new = NewRefund {
            goods_minor: 100,
            shipping_minor: 50,
            lines: vec![line],
            ..s.refund_of(back, -10).await
        };
        let r = s.begin_refund(new).await.unwrap();
        assert_eq!(r.amount_minor, 140);
        s.refunded(r.id, answer).await.unwrap();
    }
    // owed, and paid in part; nothing was owed
    let owed = s.due(AMOUNT).await;
    s.mark_paid(owed, 300).await.unwrap();
    s.due(0).await;
    // a second attempt after all of the first went back
    let first = s.in_state(PaymentState::Captured).await;
    let r = s.refund(first, AMOUNT).await.unwrap();
    s.refunded(r.id, yes()).await.unwrap();
    let second = s.start(s.row(first).await.order, AMOUNT).await.unwrap();
    s.answer(second, yes()).await.unwrap();
    s.refund(second, 100).await.unwrap();
}

testkit::on_both! {
    migrations = TABLES;

    async fn every_law_can_be_broken(db) {
        let s = Scene::new(&db);
        busy(&s).await;
        s.lawful().await;
        testkit::break_each(&db, LAWS, BREAKS).await;
        s.lawful().await;
    }
}
