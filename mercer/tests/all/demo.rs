//! The demo's shop is lawful, and has something of everything.

use std::sync::Arc;

use db::{Db, Target, Tx};

#[tokio::test(flavor = "multi_thread")]
async fn three_weeks_of_a_grocer() {
    let dir = tempfile::tempdir().unwrap();
    let orders = mercer::demo::make(dir.path(), "http://127.0.0.1:8080", 21).await.unwrap();
    assert!(orders > 60, "{orders}");
    let db = Db::open(&Target::File(dir.path().join("mercer.db"))).await.unwrap();
    let db = db.with(Arc::new(mercer::subscribers()));
    let found = mercer::examine(&db).await.unwrap();
    assert!(found.violations.is_empty(), "{:#?}", found.violations);
    let count =
        async |sql: &'static str| db.read(async |tx: &mut Tx| tx.value::<i64>(sql, &[]).await).await.unwrap();
    for sql in [
        "select cast(count(*) as bigint) from orders where state = 'placed'",
        "select cast(count(*) as bigint) from orders where state = 'closed'",
        "select cast(count(*) as bigint) from fulfilment_order where state = 'open'",
        "select cast(count(*) as bigint) from shipment where state = 'delivered'",
        "select cast(count(*) as bigint) from payment where state = 'captured'",
        "select cast(count(*) as bigint) from mail where state = 'sent'",
        "select cast(count(*) as bigint) from sale_fact",
        "select cast(count(*) as bigint) from customer",
        "select cast(count(*) as bigint) from asset where state = 'ready' and hue is not null",
        "select cast(count(*) as bigint) from price where compare_at_minor is not null",
    ] {
        assert!(count(sql).await > 0, "none: {sql}");
    }
    assert_eq!(count("select cast(count(*) as bigint) from product where state = 'live'").await, 50);
    assert_eq!(count("select cast(count(*) as bigint) from inventory_item").await, 50);
    assert_eq!(count("select cast(count(*) as bigint) from task where state = 'due'").await, 0);
    assert!(!dir.path().join("draft.db").exists());
}
