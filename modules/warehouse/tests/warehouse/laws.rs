//! Every law is proven by breaking it.

use warehouse::LAWS;

use crate::world::{MIGRATIONS, World};

const BREAKS: &[(&str, &str)] = &[
    (
        "warehouse.shipped_is_in_shipments",
        "update fulfilment_line set quantity = quantity + 1, shipped = shipped + 1",
    ),
    ("warehouse.shipped_within_ordered", "update shipment_line set quantity = quantity + 1000"),
    ("warehouse.states_follow_from_lines", "update fulfilment_order set state = 'shipped'"),
    // promised for ever: the request was done, what it was promised was not
    ("warehouse.promises_are_to_be_shipped", "update fulfilment_line set cancelled = quantity - shipped"),
    // the other way about: to be shipped, and nothing is promised
    ("warehouse.promises_are_to_be_shipped", "update commitment set done = quantity, state = 'closed'"),
    ("warehouse.promises_follow_orders", "update orders set state = 'closed'"),
    ("warehouse.promises_follow_orders", "update orders set state = 'cancelled'"),
    ("warehouse.promises_follow_orders", "update commitment set state = 'reserved'"),
    (
        "warehouse.restocked_within_gone",
        "insert into refund (id, store_id, order_id, payment_id, currency, amount_minor, from_captured_minor, from_open_minor,
             state, actor_name, created_at, created_day)
         select o.id, o.store_id, o.id, p.id, 'EUR', 0, 0, 0, 'succeeded', '', 1, '' from orders o, payment p;
         insert into refund_line (refund_id, order_line_id, quantity, net_minor, tax_minor, gross_minor, restocked)
         select order_id, id, 3, 0, 0, 0, 3 from order_line",
    ),
];

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn every_law_can_be_broken(db) {
        let w = World::new(&db).await;
        w.ship(w.first, 2).await.unwrap();
        db.write("payment", async |tx: &mut db::Tx| tx.exec(
            "insert into payment (id, store_id, channel_id, market_id, order_id, provider, state, currency, locale, amount_minor, created_at, updated_at)
             select id, store_id, channel_id, market_id, id, 'test', 'due', 'EUR', 'en', 0, 1, 1 from orders", &[]).await).await.unwrap();
        w.lawful().await;
        testkit::break_each(&db, LAWS, BREAKS).await;
        w.lawful().await;
        for text in db::texts() { if let Err(e) = db.prepare(text).await { panic!("{e}\n{text}"); } }
    }
}
