//! Orders by the API after they were placed: parcels, money, filters, papers, several at once; problems in the
//! shopper's language.

use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{Program, Told};
use crate::world::{MIGRATIONS, World};

/// An order of two mangoes to be paid by terms; its id.
async fn by_terms(shop: &Program) -> String {
    let cart = shop.cart().await;
    let order = json!({ "cart": cart, "payment_method": "bank_transfer" });
    shop.once("/shop/orders", "by-terms-one", order).await.is(201)["order"].as_str().unwrap().to_owned()
}

fn first(list: &Told) -> String {
    list["data"][0]["id"].as_str().unwrap_or_else(|| panic!("{}", list.json)).to_owned()
}

fn ids(list: &Told) -> Vec<Value> {
    list["data"].as_array().unwrap().iter().map(|o| o["id"].clone()).collect()
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_parcel_is_followed_to_its_end(db) {
        let world = World::new(&db).await;
        let (shop, staff) = (Program::shopper(&world), Program::new(&world, kernel::perms::ALL).await);
        let order = shop.order().await["order"].as_str().unwrap().to_owned();
        let at = format!("/admin/orders/{order}");
        let waiting = staff.get("/admin/fulfilment-orders").await.is(200);
        let request = format!("/admin/fulfilment-orders/{}", first(&waiting));
        let held = staff.patch(&request, json!({ "action": "hold", "reason": "Odd address" })).await.is(200);
        assert_eq!((&held["state"], &held["hold_reason"]), (&json!("on_hold"), &json!("Odd address")));
        staff.patch(&request, json!({ "action": "pick" })).await.is(409);
        assert_eq!(staff.patch(&request, json!({ "action": "unhold" })).await.is(200)["state"], "open");
        assert_eq!(staff.patch(&request, json!({ "action": "pick" })).await.is(200)["state"], "picking");
        let (status, kind, page) = staff.text(&format!("{request}/pick-list")).await;
        assert!(status.is_success() && kind.starts_with("text/html") && page.contains("Mango"), "{page}");
        let (status, _, page) = staff.text(&format!("{request}/packing-slip")).await;
        assert!(status.is_success() && page.contains("Grace Hopper"), "{page}");

        let one = json!({ "lines": [{ "line": held["lines"][0]["id"], "quantity": 1 }], "carrier": "DHL" });
        let shipped = staff.once(&format!("{at}/shipments"), "parcel-one", one).await.is(201);
        let parcel = format!("/admin/shipments/{}", shipped.id());
        let tracked = staff.patch(&parcel, json!({ "carrier": "DHL", "tracking_number": "JD0146" })).await.is(200);
        assert_eq!(tracked["tracking_number"], "JD0146");
        assert!(tracked["tracking_url"].as_str().unwrap().contains("JD0146"), "{}", tracked.json);
        let (status, _, page) = staff.text(&format!("{parcel}/packing-slip")).await;
        assert!(status.is_success() && page.contains("Mango"), "{page}");
        staff.patch(&parcel, json!({ "state": "eaten" })).await.problem(422, "invalid");
        assert_eq!(staff.patch(&parcel, json!({ "state": "delivered" })).await.is(200)["state"], "delivered");
        staff.patch(&parcel, json!({ "state": "lost" })).await.problem(404, "not_found");
        let rest = staff.once(&format!("{at}/shipments"), "parcel-two", json!({})).await.is(201);
        let rest = format!("/admin/shipments/{}", rest.id());
        assert_eq!(staff.patch(&rest, json!({ "state": "lost" })).await.is(200)["state"], "lost");
        let parcels = staff.get(&format!("{at}/shipments")).await.is(200);
        assert_eq!(parcels["data"].as_array().unwrap().len(), 2);
    }

    async fn money_is_let_go_and_terms_are_received(db) {
        let world = World::new(&db).await;
        let (shop, staff) = (Program::shopper(&world), Program::new(&world, kernel::perms::ALL).await);
        let order = shop.order().await["order"].as_str().unwrap().to_owned();
        let payment = first(&staff.get(&format!("/admin/orders/{order}/payments")).await.is(200));
        for _ in 0..2 {
            let gone = staff.once(&format!("/admin/payments/{payment}/voiding"), "let-it-go", json!({})).await.is(200);
            assert_eq!(gone["state"], "voided");
        }
        let order = by_terms(&Program::shopper(&world)).await;
        let payment = first(&staff.get(&format!("/admin/orders/{order}/payments")).await.is(200));
        let at = format!("/admin/payments/{payment}/receipts");
        let part = json!({ "amount": { "minor": 400, "currency": "EUR" } });
        for _ in 0..2 {
            let got = staff.once(&at, "first-part", part.clone()).await.is(200);
            assert_eq!(got["captured"]["minor"], 400);
        }
        staff.once(&at, "first-part", json!({})).await.problem(409, "idempotency_key_reused");
        let dollars = json!({ "amount": { "minor": 400, "currency": "USD" } });
        staff.once(&at, "in-dollars", dollars).await.problem(422, "invalid");
        let rest = staff.once(&at, "the-rest", json!({})).await.is(200);
        assert_eq!((&rest["state"], &rest["open"]["minor"]), (&json!("captured"), &json!(0)));
    }

    async fn an_undecided_attempt_is_asked_about_or_decided_by_a_person(db) {
        let world = World::new(&db).await;
        world.stock(world.mango().await, 50).await;
        let staff = Program::new(&world, kernel::perms::ALL).await;
        let silent = async |method: &str, token: &str| {
            let order = Program::shopper(&world).unheard(method, token).await;
            let payment = first(&staff.get(&format!("/admin/orders/{order}/payments")).await.is(200));
            (format!("/admin/orders/{order}"), format!("/admin/payments/{payment}"))
        };
        // the bank can be asked: nobody need guess
        let (order, payment) = silent("test", "tok_timeout_charged").await;
        let paid = json!({ "paid": true });
        staff.once(&format!("{payment}/decision"), "only-a-guess", paid.clone()).await.problem(409, "conflict");
        assert_eq!(staff.post(&format!("{payment}/inquiries"), json!({})).await.is(200)["state"], "authorised");
        assert_eq!(staff.get(&order).await.is(200)["state"], "placed");

        // this one cannot, and stays as it is when it is
        let (order, payment) = silent("slow", "unheard").await;
        assert_eq!(staff.post(&format!("{payment}/inquiries"), json!({})).await.is(200)["state"], "unknown");
        for _ in 0..2 {
            let told = staff.once(&format!("{payment}/decision"), "seen-at-the-bank", paid.clone()).await.is(200);
            assert_eq!(told["state"], "authorised", "{}", told.json);
        }
        let other = json!({ "paid": false });
        staff.once(&format!("{payment}/decision"), "seen-at-the-bank", other.clone()).await.problem(409, "idempotency_key_reused");
        staff.once(&format!("{payment}/decision"), "changed-my-mind", other.clone()).await.problem(409, "conflict");
        assert_eq!(staff.get(&order).await.is(200)["state"], "placed");
        let (order, payment) = silent("slow", "unheard").await;
        assert_eq!(staff.once(&format!("{payment}/decision"), "not-at-the-bank", other).await.is(200)["state"], "failed");
        assert_eq!(staff.get(&order).await.is(200)["state"], "awaiting_payment");
        staff.once(&format!("{payment}/decision"), "nothing-sensible", json!({ "paid": "perhaps" })).await.problem(422, "invalid_body");
        let reader = Program::new(&world, &["orders:read"]).await;
        reader.once(&format!("{payment}/decision"), "not-for-you", paid).await.problem(403, "permission_missing");
        reader.post(&format!("{payment}/inquiries"), json!({})).await.problem(403, "permission_missing");
    }

    async fn orders_are_found_by_what_is_derived(db) {
        let world = World::new(&db).await;
        let staff = Program::new(&world, kernel::perms::ALL).await;
        let card = Program::shopper(&world).order().await["order"].clone();
        world.stock(world.mango().await, 50).await;
        let terms: Value = by_terms(&Program::shopper(&world)).await.into();
        let found = async |query: &str| ids(&staff.get(&format!("/admin/orders?{query}")).await.is(200));
        assert_eq!(found("payment=authorised").await, std::slice::from_ref(&card));
        assert_eq!(found("payment=due").await, std::slice::from_ref(&terms));
        assert_eq!(found("fulfilment=unfulfilled").await.len(), 2);
        assert!(found("payment=paid").await.is_empty());
        staff.get("/admin/orders?payment=golden").await.problem(400, "bad_request");
        staff.get("/admin/orders?fulfilment=eaten").await.problem(400, "bad_request");
        // one after the other, each once
        let (mut seen, mut after) = (vec![], String::new());
        for _ in 0..5 {
            let page = staff.get(&format!("/admin/orders?fulfilment=unfulfilled&limit=1&after={after}")).await.is(200);
            seen.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            after = next.to_owned();
        }
        assert_eq!(seen, [terms.clone(), card.clone()]);
        let page = staff.get("/admin/fulfilment-orders?limit=1").await.is(200);
        let next = staff.get(&format!("/admin/fulfilment-orders?limit=1&after={}", page["next"].as_str().unwrap())).await.is(200);
        assert_ne!(first(&page), first(&next));
        assert!(next["next"].is_null());

        let take = json!({ "action": "capture", "orders": [card.clone()] });
        for _ in 0..2 {
            let told = staff.once("/admin/order-batches", "take-the-money", take.clone()).await.is(200);
            assert_eq!(told["data"][0]["done"], 1, "{}", told.json);
        }
        assert_eq!(found("payment=paid").await, std::slice::from_ref(&card));
        assert_eq!(world.count("select cast(count(*) as bigint) from capture").await, 1);
        let both = json!({ "action": "fulfil", "orders": [card, terms, kernel::OrderId::compose(1, [1; 8])] });
        staff.post("/admin/order-batches", both.clone()).await.problem(422, "idempotency_key_missing");
        for _ in 0..2 {
            let told = staff.once("/admin/order-batches", "away-with-them", both.clone()).await.is(200);
            let done: Vec<_> = told["data"].as_array().unwrap().iter().map(|r| r["done"].as_i64().unwrap()).collect();
            assert_eq!(done, [1, 1, 0], "{}", told.json);
            assert!(told["data"][2]["code"].is_string() && told["data"][0]["code"].is_null(), "{}", told.json);
        }
        assert_eq!(world.count("select cast(count(*) as bigint) from shipment").await, 2);
        assert_eq!(found("fulfilment=fulfilled").await.len(), 2);
        let reader = Program::new(&world, &["orders:read"]).await;
        reader.once("/admin/order-batches", "not-for-you", take).await.problem(403, "permission_missing");
    }

    async fn problems_are_told_in_the_shoppers_language(db) {
        let world = World::new(&db).await;
        let shop = Program::shopper(&world);
        let variant = shop.get("/shop/products/mango").await.is(200)["variants"][0]["id"].clone();
        let lines = json!({ "lines": [{ "variant": variant, "quantity": 3 }] });
        let cart = shop.post("/shop/carts?locale=de", lines).await.is(201);
        world.stock(world.mango().await, 1).await;
        let text = |told: &Value, code: &str| {
            let found = told.as_array().unwrap().iter().find(|p| p["code"] == code);
            let found = found.unwrap_or_else(|| panic!("no {code} in {told}"));
            found.get("text").or(found.get("detail")).unwrap().as_str().unwrap().to_owned()
        };
        let at = format!("/shop/carts/{}", cart["secret"].as_str().unwrap());
        let german = text(&cart["problems"], "email_missing");
        let english = text(&shop.get(&format!("{at}?locale=en")).await.is(200)["problems"], "email_missing");
        assert_ne!(german, english);
        let asked = shop.send(Method::GET, &at, None, &[("accept-language", "fr, de-AT;q=0.7")]).await.is(200);
        assert_eq!(text(&asked["problems"], "email_missing"), german);
        assert!(text(&asked["problems"], "only_left").contains("Mango"), "{}", asked.json);
        let order = json!({ "cart": cart["secret"], "payment_method": "test" });
        let headers = [("idempotency-key", "too-early"), ("accept-language", "de")];
        let told = shop.send(Method::POST, "/shop/orders", Some(order), &headers).await.problem(422, "cart_problems");
        assert_eq!(text(&told["errors"], "email_missing"), german);
        assert_eq!(told["detail"], told["errors"][0]["detail"]);
    }
}
