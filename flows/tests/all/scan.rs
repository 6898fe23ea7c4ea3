//! What an event missed is repaired by a look at what is current.

use std::time::Duration;

use testkit::Engine;

use crate::world::World;

/// The tasks that an order's events asked for are lost before they ran.
async fn lose(w: &World, kind: &'static str) {
    w.db.write("lose", async move |tx: &mut db::Tx| {
        tx.exec("delete from task where kind = $1 and mode = 'match'", db::params![kind]).await
    })
    .await
    .unwrap();
}

fn repaired(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(w) = World::new(engine).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        w.work().await.unwrap(); // the schedules' first turn finds nothing
        let placed = w.buy(2).await;
        for kind in ["analytics.order", "customers.remember"] {
            lose(&w, kind).await;
        }
        w.work().await.unwrap();
        let facts = "select cast(count(*) as bigint) from sale_fact";
        let known = "select cast(count(*) as bigint) from orders where customer_id is not null";
        let closed = "select cast(count(*) as bigint) from orders where state = 'closed'";
        assert_eq!((w.count(facts).await, w.count(known).await), (0, 0));
        w.clock.advance(Duration::from_secs(3_601));
        w.work().await.unwrap();
        assert_eq!((w.count(facts).await, w.count(known).await), (1, 1));

        // shipped and paid, and the task that would close it is lost
        let page = w.page(placed.order).await;
        let ship = flows::Ship {
            fulfilment: page.fulfilments[0].id,
            lines: vec![(page.fulfilment_lines[0].id, 2)],
            carrier: String::new(),
            tracking_number: String::new(),
            tracking_url: String::new(),
            notify: false,
        };
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), ship).await.unwrap();
        lose(&w, "orders.close").await;
        w.work().await.unwrap();
        lose(&w, "orders.close").await;
        w.db.write("reopen", async |tx: &mut db::Tx| {
            tx.exec("update orders set state = 'placed', closed_at = null", &[]).await
        })
        .await
        .unwrap();
        w.work().await.unwrap();
        assert_eq!(w.count(closed).await, 0);
        w.clock.advance(Duration::from_secs(3_601));
        w.work().await.unwrap();
        assert_eq!(w.count(closed).await, 1);

        // figures that stopped following their order
        w.db.write("bend", async |tx: &mut db::Tx| {
            tx.exec("update sale_fact set gross_minor = gross_minor + 1, net_minor = net_minor + 1", &[])
                .await
        })
        .await
        .unwrap();
        w.clock.advance(Duration::from_secs(3_601));
        w.work().await.unwrap();
        w.lawful().await;
    });
}

#[test]
fn sqlite() {
    repaired(Engine::Sqlite);
}

#[test]
fn postgres() {
    repaired(Engine::Postgres);
}
