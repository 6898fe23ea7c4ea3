//! The back office: who gets in, and the way of an order from the list to its refund.

use kernel::OrderId;
use reqwest::StatusCode;

use crate::world::{Browser, MIGRATIONS, PASSWORD, Seen, World};

/// Signed in as the owner.
pub async fn owner(world: &World) -> Browser {
    let browser = world.browser();
    let form = [("email", "ada@example.com"), ("password", PASSWORD), ("next", "/admin")];
    let seen = browser.post("/admin/sign-in", &form).await;
    assert_eq!(seen.to(), "/admin");
    browser
}

/// A guest buys; the order's id.
pub async fn buy(world: &World, payment: &str, token: &str) -> OrderId {
    let guest = world.browser();
    guest.add("mango", "2").await;
    let form = guest.form(payment, token).await;
    assert!(guest.submit(&form).await.status.is_redirection());
    let text = "select id from orders order by created_at desc limit 1";
    world.db.read(async |tx: &mut db::Tx| tx.value::<OrderId>(text, &[]).await).await.unwrap()
}

/// Every value of fields whose name begins so.
fn inputs(page: &Seen, start: &str) -> Vec<String> {
    let mark = format!("name=\"{start}");
    let rest = page.text.split(&mark).skip(1);
    rest.map(|r| format!("{start}{}", r.split('"').next().unwrap())).collect()
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_new_shop_is_set_up_in_a_browser(db) {
        let world = World::bare(&db).await;
        let browser = world.browser();
        assert_eq!(browser.get("/admin").await.to(), "/admin/setup");
        assert_eq!(browser.get("/admin/sign-in").await.to(), "/admin/setup");
        browser.get("/admin/setup").await.ok().has("Europe/Berlin");
        let mut form = vec![
            ("store_name", "Marrow"), ("legal_name", "Marrow GmbH"), ("country", "DE"), ("currency", "EUR"),
            ("time_zone", "Europe/Berlin"), ("locale", "en"), ("prices_include_tax", "on"),
            ("owner_name", "Mara Lind"), ("email", "mara@example.com"), ("password", "short"),
        ];
        let refused = browser.post("/admin/setup", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("value=\"Marrow GmbH\"").has("password-err");
        form.pop();
        form.push(("password", PASSWORD));
        let home = browser.follow(browser.post("/admin/setup", &form).await).await.ok();
        home.has("Mara").has("Finish setting up").has("Marrow");
        assert_eq!(world.count("select cast(count(*) as bigint) from tax_rate").await, 1);
        assert_eq!(browser.get("/admin/setup").await.to(), "/admin");
        assert_eq!(world.browser().post("/admin/setup", &form).await.to(), "/admin");
    }

    async fn who_knows_the_password_gets_in_and_back_to_the_page(db) {
        let world = World::new(&db).await;
        let browser = world.browser();
        let to = browser.get("/admin/orders?view=closed").await.to().to_owned();
        assert_eq!(to, "/admin/sign-in?next=%2Fadmin%2Forders%3Fview%3Dclosed");
        let page = browser.get(&to).await.ok();
        let next = page.input("next");
        let wrong = [("email", "ada@example.com"), ("password", "wrong"), ("next", next.as_str())];
        let refused = browser.post("/admin/sign-in", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("do not fit together").has("value=\"ada@example.com\"").has_not("wrong");
        let right = [("email", "ada@example.com"), ("password", PASSWORD), ("next", next.as_str())];
        assert_eq!(browser.post("/admin/sign-in", &right).await.to(), "/admin/orders?view=closed");
        browser.get("/admin/orders").await.ok();
        let outside = [("email", "ada@example.com"), ("password", PASSWORD), ("next", "https://evil.example/admin")];
        assert_eq!(world.browser().post("/admin/sign-in", &outside).await.to(), "/admin");
        let out = browser.post("/admin/sign-out", &[]).await;
        browser.follow(out).await.ok().has("You are signed out");
        assert!(browser.get("/admin").await.to().starts_with("/admin/sign-in"));
    }

    async fn guessing_is_slowed_down(db) {
        let world = World::new(&db).await;
        let browser = world.browser();
        let form = [("email", "ada@example.com"), ("password", "guess")];
        let mut last = browser.post("/admin/sign-in", &form).await;
        for _ in 0..12 {
            if last.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            last = browser.post("/admin/sign-in", &form).await;
        }
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(last.header("retry-after").parse::<u64>().unwrap() > 0);
        last.has("Too many tries");
    }

    async fn colours_and_language_are_ones_own(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        browser.get("/admin").await.ok().has("data-theme=\"device\"").has("lang=\"en\"");
        browser.post("/admin/preferences/theme", &[("theme", "dark")]).await.to();
        browser.post("/admin/preferences/locale", &[("locale", "de")]).await.to();
        browser.get("/admin").await.ok().has("data-theme=\"dark\"").has("lang=\"de\"").has("Bestellungen");
        let missing = browser.get("/admin/orders/nothing").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        missing.has("Hier ist nichts").has("data-theme=\"dark\"").has("href=\"/admin/orders\"");
    }

    async fn an_order_goes_from_the_list_to_its_refund(db) {
        let world = World::new(&db).await;
        let id = buy(&world, "test", "tok_success").await;
        let (browser, page) = (owner(&world).await, format!("/admin/orders/{id}"));

        for list in ["", "?view=to_ship", "?q=grace", "?payment=authorised", "?fulfilment=unfulfilled", "?q=%231001"] {
            browser.get(&format!("/admin/orders{list}")).await.ok().has(&page).has("Grace Hopper");
        }
        for list in ["?view=closed", "?q=nobody", "?payment=paid", "?from=2030-01-01", "?view=unpaid"] {
            browser.get(&format!("/admin/orders{list}")).await.ok().has_not(&page);
        }
        browser.get(&page).await.ok().has("Damrak 1").has("Mango").has("Authorised").has("10.00");
        browser.get("/admin/fulfilment").await.ok().has("Grace Hopper");

        // ship one of two
        let form = browser.get(&format!("{page}/fulfilment")).await.ok();
        let lines = inputs(&form, "quantity.");
        assert_eq!(lines.len(), 1);
        let (key, request) = (form.input("idempotency_key"), form.input("fulfilment_order_id"));
        let mut ship = vec![
            ("fulfilment_order_id", request.as_str()), ("idempotency_key", key.as_str()), ("carrier", "DHL"),
            ("tracking_number", "JD0146"), ("tracking_url", "javascript:alert(1)"), ("notify", "on"),
            (lines[0].as_str(), "1"),
        ];
        let refused = browser.post(&format!("{page}/shipments"), &ship).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("value=\"JD0146\"").has("tracking_url-err");
        ship[4].1 = "";
        for _ in 0..2 {
            // the button was pressed twice
            assert_eq!(browser.post(&format!("{page}/shipments"), &ship).await.to(), page);
        }
        assert_eq!(world.count("select cast(count(*) as bigint) from shipment").await, 1);
        let shown = browser.get(&page).await.ok();
        shown.has("One piece shipped").has("JD0146").has("1 of 2 shipped").has("Partly fulfilled");

        // refund that one, back on the shelf
        let form = browser.get(&format!("{page}/refunds")).await.ok();
        let quantity = inputs(&form, "quantity.").remove(0);
        let (restock, key) = (quantity.replace("quantity", "restock"), form.input("idempotency_key"));
        let location = world.ctx.store.location.to_string();
        let mut refund = vec![
            ("idempotency_key", key.as_str()), ("location_id", location.as_str()), ("reason", "damaged"),
            ("note", "Bruised"), (restock.as_str(), "on"), ("shipping", ""), ("custom", ""),
            (quantity.as_str(), "1"), ("action", "update"),
        ];
        browser.post(&format!("{page}/refunds"), &refund).await.ok().has("Refund €2.50");
        assert_eq!(world.count("select cast(count(*) as bigint) from refund").await, 0);
        refund[8].1 = "refund";
        refund[6].1 = "abc";
        let refused = browser.post(&format!("{page}/refunds"), &refund).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("value=\"abc\"").has("custom-err");
        refund[6].1 = "";
        for _ in 0..2 {
            assert_eq!(browser.post(&format!("{page}/refunds"), &refund).await.to(), page);
        }
        assert_eq!(world.count("select cast(count(*) as bigint) from refund").await, 1);
        assert_eq!(world.count("select amount_minor from refund").await, 250);
        browser.get(&page).await.ok().has("Bruised").has("1 refunded").has("€2.50");
        browser.get("/admin/customers?q=grace").await.ok();
    }

    async fn money_is_taken_once_and_terms_are_marked_as_paid(db) {
        let world = World::new(&db).await;
        let card = buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        let page = format!("/admin/orders/{card}");
        let shown = browser.get(&page).await.ok();
        let (payment, seen) = (shown.input("payment_id"), shown.input("seen"));
        let take = [("payment_id", payment.as_str()), ("seen", seen.as_str()), ("amount", "2.00")];
        for _ in 0..2 {
            assert_eq!(browser.post(&format!("{page}/captures"), &take).await.to(), page);
        }
        assert_eq!(world.count("select captured_minor from payment").await, 200);
        let too_much = [("payment_id", payment.as_str()), ("seen", "x"), ("amount", "999")];
        let told = browser.follow(browser.post(&format!("{page}/captures"), &too_much).await).await;
        told.ok().has("toast bad");
        browser.get(&page).await.ok().has("Partly paid").has_not("toast bad");

        let terms = buy(&world, "bank_transfer", "").await;
        let page = format!("/admin/orders/{terms}");
        browser.get("/admin/orders?view=unpaid").await.ok().has(&page);
        let shown = browser.get(&page).await.ok();
        let (payment, seen) = (shown.input("payment_id"), shown.input("seen"));
        let other = [("payment_id", payment.as_str()), ("seen", seen.as_str())];
        let wrong = browser.post(&format!("/admin/orders/{card}/captures"), &other).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.post(&format!("{page}/captures"), &other).await.to(), page);
        browser.get("/admin/orders?view=unpaid").await.ok().has_not(&page);
    }

    async fn an_order_is_held_noted_commented_and_called_off(db) {
        let world = World::new(&db).await;
        let id = buy(&world, "test", "tok_success").await;
        let (browser, page) = (owner(&world).await, format!("/admin/orders/{id}"));
        let comment = browser.post(&format!("{page}/comments"), &[("comment", "<b>Rang</b>")]).await;
        browser.follow(comment).await.ok().has("&#60;b&#62;Rang").has("Comment posted");
        let empty = browser.post(&format!("{page}/comments"), &[("comment", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.post(&format!("{page}/notes"), &[("note", "Gift"), ("tags", "vip, vip , new")]).await.to();
        browser.get(&page).await.ok().has("value=\"vip, new\"").has("Gift");

        let held = browser.post(&format!("{page}/hold"), &[("hold_reason", "Odd address")]).await;
        let held = browser.follow(held).await.ok();
        held.has("On hold: Odd address").has(&format!("action=\"{page}/release\"")).has("Undo");
        let bulk = [("action", "fulfil"), ("id", &*id.to_string())];
        let back = browser.post("/admin/orders/bulk", &bulk).await;
        browser.follow(back).await.ok().has("toast bad");
        assert_eq!(world.count("select cast(count(*) as bigint) from shipment").await, 0);
        browser.post(&format!("{page}/release"), &[]).await.to();

        browser.get(&format!("{page}/cancellation")).await.ok().has("€10.00");
        let off = [("reason", "stock"), ("note", "Last ones were spoiled"), ("notify", "on")];
        let off = browser.post(&format!("{page}/cancellation"), &off).await;
        browser.follow(off).await.ok().has("cancelled").has("Last ones were spoiled");
        browser.get("/admin/orders?view=cancelled").await.ok().has(&page);
        let again = browser.post(&format!("{page}/cancellation"), &[("reason", "stock")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn several_orders_leave_at_once_with_their_papers(db) {
        let world = World::new(&db).await;
        let id = buy(&world, "test", "tok_success").await.to_string();
        let browser = owner(&world).await;
        let slips = browser.post("/admin/orders/bulk", &[("action", "packing_slips"), ("id", &id)]).await.ok();
        slips.has("Grace Hopper").has("Mango").has("print.css");
        let list = browser.get("/admin/fulfilment").await.ok();
        let request = list.text.split("value=\"ful_").nth(1).map(|r| format!("ful_{}", r.split('"').next().unwrap()));
        let request = request.unwrap_or_else(|| list.input("id"));
        let pick = [("action", "pick_list"), ("id", request.as_str())];
        browser.post("/admin/fulfilment/bulk", &pick).await.ok().has("Mango");
        let all = browser.post("/admin/orders/bulk", &[("action", "fulfil"), ("id", &id), ("id", "nonsense")]).await;
        browser.follow(all).await.ok().has("One shipment made");
        browser.get("/admin/fulfilment").await.ok().has("Nothing to ship");
        browser.get("/admin/fulfilment?view=shipped").await.ok().has("Grace Hopper");
        browser.follow(browser.post("/admin/orders/bulk", &[("action", "fulfil")]).await).await.ok().has("Nothing was selected");
    }

    async fn the_palette_finds_and_home_shows_what_waits(db) {
        let world = World::new(&db).await;
        let id = buy(&world, "test", "tok_success").await;
        let browser = owner(&world).await;
        browser.get("/admin/search?q=grace").await.ok().has(&format!("/admin/orders/{id}")).has("Grace Hopper");
        browser.get("/admin/search?q=mango").await.ok().has("/admin/products/");
        assert_eq!(browser.get("/admin/search?q=").await.text, "{\"orders\":[],\"products\":[],\"customers\":[]}");
        let home = browser.get("/admin?days=7").await.ok();
        home.has("One order to ship").has("One payment to capture").has("Recent orders").has("Grace Hopper");
    }
}
