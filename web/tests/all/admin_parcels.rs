//! The back office's parcels, money that is let go, alerts and tasks, a customer who is changed.

use kernel::{CustomerId, OrderId, PaymentId, ShipmentId};

use crate::admin::{buy, owner};
use crate::program::Program;
use crate::world::{Browser, MIGRATIONS, World};

/// Ships all of an order.
async fn ship(browser: &Browser, order: OrderId) {
    let bulk = [("action", "fulfil"), ("id", &*order.to_string())];
    browser.follow(browser.post("/admin/orders/bulk", &bulk).await).await.ok().has("One shipment made");
}

async fn newest<T: db::Get + Send + 'static>(world: &World, text: &'static str) -> T {
    world.db.read(async |tx: &mut db::Tx| tx.value::<T>(text, &[]).await).await.unwrap()
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_parcel_is_tracked_and_delivered(db) {
        let world = World::new(&db).await;
        let order = buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        ship(&browser, order).await;
        let id: ShipmentId = newest(&world, "select id from shipment").await;
        let at = format!("/admin/shipments/{id}");
        let tracking = [("carrier", "DHL"), ("tracking_number", "JD0146"), ("tracking_url", "")];
        browser.follow(browser.post(&at, &tracking).await).await.ok().has("JD0146");
        browser.get(&format!("{at}/packing-slip")).await.ok().has("Mango");
        browser.follow(browser.post(&format!("{at}/delivery"), &[]).await).await.ok();
        assert_eq!(newest::<String>(&world, "select state from shipment").await, "delivered");
        browser.follow(browser.post(&format!("{at}/loss"), &[]).await).await.ok();
        assert_eq!(newest::<String>(&world, "select state from shipment").await, "delivered");
    }

    async fn a_parcel_is_lost(db) {
        let world = World::new(&db).await;
        let order = buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        ship(&browser, order).await;
        let id: ShipmentId = newest(&world, "select id from shipment").await;
        browser.follow(browser.post(&format!("/admin/shipments/{id}/loss"), &[]).await).await.ok();
        assert_eq!(newest::<String>(&world, "select state from shipment").await, "lost");
    }

    async fn money_that_was_not_taken_is_let_go(db) {
        let world = World::new(&db).await;
        buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        let id: PaymentId = newest(&world, "select id from payment").await;
        browser.follow(browser.post(&format!("/admin/payments/{id}/void"), &[]).await).await.ok();
        assert_eq!(newest::<String>(&world, "select state from payment").await, "voided");
    }

    async fn a_person_says_what_became_of_an_attempt_that_nobody_can_be_asked_about(db) {
        let world = World::new(&db).await;
        let order = Program::shopper(&world).unheard("slow", "unheard").await;
        let browser = owner(&world).await;
        let id: PaymentId = newest(&world, "select id from payment").await;
        let at = format!("/admin/payments/{id}/decision");
        browser.get(&format!("/admin/orders/{order}")).await.ok().has(&at);
        assert_eq!(browser.post(&at, &[("paid", "perhaps")]).await.status, reqwest::StatusCode::BAD_REQUEST);
        let noted = browser.follow(browser.post(&at, &[("paid", "yes")]).await).await.ok();
        noted.has("Noted what became of the payment").has_not(&at);
        assert_eq!(newest::<String>(&world, "select state from payment").await, "authorised");
        browser.follow(browser.post(&at, &[("paid", "no")]).await).await.has("decided already");
        assert_eq!(newest::<String>(&world, "select state from payment").await, "authorised");
    }

    async fn alerts_are_resolved_and_tasks_run_again(db) {
        let world = World::new(&db).await;
        buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        let ctx = world.ctx.clone();
        world.db.write("alert", async move |tx: &mut db::Tx| {
            tx.exec("update task set state = 'dead', last_error = 'no'", &[]).await?;
            work::alerts::raise(tx, &ctx, "stock:short", "Too few apples.", None).await
        }).await.unwrap();
        browser.get("/admin/system/tasks").await.ok().has("Too few apples.");
        let resolved = browser.post("/admin/system/alerts/resolutions", &[("key", "stock:short")]).await;
        browser.follow(resolved).await.ok().has_not("Too few apples.");
        let task: kernel::TaskId = newest(&world, "select id from task where state = 'dead' order by id limit 1").await;
        let dead = world.count("select cast(count(*) as bigint) from task where state = 'dead'").await;
        browser.follow(browser.post(&format!("/admin/system/tasks/{task}/replays"), &[]).await).await.ok();
        assert_eq!(world.count("select cast(count(*) as bigint) from task where state = 'dead'").await, dead - 1);
        browser.follow(browser.post("/admin/system/tasks/replays", &[]).await).await.ok();
        assert_eq!(world.count("select cast(count(*) as bigint) from task where state = 'dead'").await, 0);
    }

    async fn a_customer_is_changed(db) {
        let world = World::new(&db).await;
        buy(&world, "test", "tok_success").await;
        world.work().await; // the shop remembers who bought
        let browser = owner(&world).await;
        let id: CustomerId = newest(&world, "select id from customer").await;
        let at = format!("/admin/customers/{id}");
        browser.get(&at).await.ok().has("grace@example.com");
        let change = [
            ("name", "Rear Admiral Hopper"), ("email", "grace@example.com"), ("phone", "+31 20 1234567"), ("locale", "en"),
        ];
        browser.follow(browser.post(&at, &change).await).await.ok().has("Rear Admiral Hopper").has("+31 20 1234567");
        let wrong = browser.post(&at, &[("name", "G"), ("email", "nobody")]).await;
        assert_eq!(wrong.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
        let note = browser.post(&format!("{at}/notes"), &[("note", "Likes mangoes")]).await;
        browser.follow(note).await.ok().has("Rear Admiral Hopper").has("Likes mangoes");
    }
}
