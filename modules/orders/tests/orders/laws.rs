//! Every law is proven by breaking each half of it on orders in every state.

use orders::{LAWS, LineKind, OrderState};

use crate::scene::{Scene, TABLES, states};

const BREAKS: &[(&str, &str)] = &[
    ("orders.line_gross_is_net_plus_tax", "update order_line set tax_minor = tax_minor - 1 where position = 3"),
    ("orders.total_is_sum_of_gross", "delete from order_line where kind = 'shipping'"),
    ("orders.total_is_sum_of_gross", "update orders set net_minor = net_minor + 1"),
    ("orders.total_is_sum_of_gross", "update orders set tax_minor = tax_minor + 1"),
    ("orders.entered_side_holds", "update order_line set discount_minor = discount_minor + 1 where position = 1"),
    ("orders.entered_side_holds", "update order_line set quantity = quantity + 1 where kind = 'shipping'"),
    // prices that were entered without tax are another side
    ("orders.entered_side_holds", "update orders set prices_include_tax = not prices_include_tax"),
    ("orders.placed_orders_have_their_event", "update orders set placed_at = created_at where state = 'awaiting_payment'"),
    ("orders.placed_orders_have_their_event", "update event set kind = 'OrderShipped'"),
    (
        "orders.placed_orders_have_their_event",
        "insert into event (id, store_id, channel_id, kind, subject_id, data, actor_kind, told, at)
         select subject_id, store_id, channel_id, kind, subject_id, data, actor_kind, told, at from event where kind = 'OrderPlaced'",
    ),
    ("orders.states_have_their_times", "update orders set placed_at = null where state = 'placed'"),
    ("orders.states_have_their_times", "update orders set placed_day = null where state = 'closed'"),
    ("orders.states_have_their_times", "update orders set cancelled_at = null"),
    ("orders.states_have_their_times", "update orders set cancelled_at = 1 where state = 'placed'"),
    ("orders.states_have_their_times", "update orders set closed_at = null"),
    ("orders.states_have_their_times", "update orders set held_until = null"),
];

testkit::on_both! {
    migrations = TABLES;

    async fn every_law_can_be_broken(db) {
        let s = Scene::new(&db);
        for state in states() {
            s.in_state(*state).await;
        }
        // entered without tax, and one that costs nothing
        let mut net = s.order();
        net.prices_include_tax = false;
        for l in &mut net.lines {
            (l.net_minor, l.gross_minor) = (l.gross_minor, l.gross_minor + l.tax_minor);
        }
        s.insert(net).await;
        let mut free = s.order();
        free.lines = vec![s.line(LineKind::Item, 2, 100, 200)];
        s.insert(free).await;
        s.lawful().await;
        testkit::break_each(&db, LAWS, BREAKS).await;
        s.lawful().await;
    }

    async fn an_old_orders_event_may_be_forgotten(db) {
        let s = Scene::new(&db);
        s.in_state(OrderState::Placed).await;
        s.clock.advance(std::time::Duration::from_secs(29 * 24 * 3600));
        s.in_state(OrderState::Placed).await;
        let text = "delete from event where at = (select min(at) from event)";
        db.write("expire", async move |tx: &mut db::Tx| tx.exec(text, &[]).await).await.unwrap();
        s.lawful().await;
        db.write("expire", async move |tx: &mut db::Tx| tx.exec(text, &[]).await).await.unwrap();
        assert_eq!(s.broken().await.len(), 2, "without any event there is no old and no young");
    }
}
