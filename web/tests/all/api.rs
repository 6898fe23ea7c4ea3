//! The JSON API as programs use it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::program::{Program, V};
use crate::world::{MIGRATIONS, World};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_program_buys(db) {
        let world = World::new(&db).await;
        let shop = Program::shopper(&world);
        let all = shop.get("/shop/products").await.is(200);
        assert_eq!(all["total"], 3);
        assert_eq!(all["data"].as_array().unwrap().len(), 3);
        assert_eq!(all.header("mercer-version"), "2026-11");
        let kept = shop.get("/shop/products").await.is(200);
        assert_eq!((kept.header("mercer-version"), kept.json), ("2026-11".to_owned(), all.json));
        let fruit = shop.get("/shop/products?category=fruit&sort=price").await.is(200);
        assert_eq!(fruit["data"][0]["price"], json!({ "minor": 45, "currency": "EUR", "shown": "€0.45" }));
        let german = shop.get("/shop/products/mango?locale=de").await.is(200);
        assert_eq!(german["variants"][0]["price"]["shown"], "2,50\u{a0}€");
        let found = shop.get("/shop/search?q=mang").await.is(200);
        assert_eq!(found["data"][0]["title"], "Mango");

        let cart = shop.cart().await;
        let order = json!({ "cart": cart, "payment_token": "tok_success" });
        let placed = shop.once("/shop/orders", "first-press", order.clone()).await.is(201);
        assert_eq!(placed["outcome"], "placed");
        let again = shop.once("/shop/orders", "first-press", order.clone()).await.is(201);
        assert_eq!(again.json, placed.json);
        let other = json!({ "cart": cart, "payment_token": "tok_declined" });
        shop.once("/shop/orders", "first-press", other).await.problem(409, "idempotency_key_reused");
        assert_eq!(world.order_count().await, 1);
        shop.post("/shop/orders", order).await.problem(422, "idempotency_key_missing");

        let secret = placed["secret"].as_str().unwrap();
        let status = shop.get(&format!("/shop/orders/{secret}")).await.is(200);
        assert_eq!((&status["state"], &status["payment"]), (&json!("placed"), &json!("authorised")));
        assert_eq!(status["total"]["minor"], 1000); // two at 2.50 and a parcel at 5.00
        shop.get("/shop/orders/nothing").await.is(404);
    }

    async fn what_is_wrong_is_told(db) {
        let world = World::new(&db).await;
        let shop = Program::shopper(&world);
        let told = shop.post("/shop/carts", json!({ "lines": [{ "variant": "x" }] })).await;
        let told = told.problem(422, "invalid_body");
        assert_eq!(told["field"], "lines[0].variant");
        assert!(told["detail"].as_str().unwrap().contains("var_"), "{}", told.json);
        let lines = json!({ "lines": [{ "variant": world_variant(&shop).await, "qty": 1 }] });
        let told = shop.post("/shop/carts", lines).await.problem(422, "invalid_body");
        assert_eq!(told["field"], "lines[0].qty");
        shop.get("/shop/products?after=x").await.problem(400, "bad_request");
        shop.get("/shop/products/none").await.problem(404, "product_not_found");
        shop.get("/shop/nothing").await.problem(404, "not_found");
        let lines = json!({ "lines": [{ "variant": world_variant(&shop).await }] });
        let cart = shop.post("/shop/carts", lines).await.is(201);
        let order = json!({ "cart": cart["secret"], "payment_method": "test" });
        let told = shop.once("/shop/orders", "too-early", order).await.problem(422, "cart_problems");
        let fields: Vec<_> = told["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
        assert!(fields.contains(&json!("email")), "{fields:?}");
        // another's change in between
        let at = format!("/shop/carts/{}", cart["secret"].as_str().unwrap());
        let tag = shop.get(&at).await.is(200).header("etag");
        let note = |n: &str| Some(json!({ "note": n }));
        shop.send(Method::PATCH, &at, note("a"), &[("if-match", &tag)]).await.is(200);
        let late = shop.send(Method::PATCH, &at, note("b"), &[("if-match", &tag)]).await;
        late.problem(412, "precondition_failed");
    }

    async fn a_program_ships_and_refunds(db) {
        let world = World::new(&db).await;
        let shop = Program::shopper(&world);
        let staff = Program::new(&world, kernel::perms::ALL).await;
        let placed = shop.order().await;
        let order = format!("/admin/orders/{}", placed["order"].as_str().unwrap());
        let seen = staff.get(&format!("{order}?expand[]=lines&expand[]=fulfilment_orders")).await.is(200);
        assert_eq!(seen["fulfilment"], "unfulfilled");
        assert!(seen["payments"].is_null());
        let line = seen["lines"].as_array().unwrap().iter().find(|l| l["kind"] == "item").unwrap()["id"].clone();
        staff.get(&format!("{order}?expand[]=colour")).await.problem(400, "bad_request");

        let parcel = json!({ "carrier": "PostNL", "tracking_number": "3S1" });
        let shipped = staff.once(&format!("{order}/shipments"), "parcel-one", parcel.clone()).await.is(201);
        assert_eq!(shipped["lines"][0]["quantity"], 2);
        let again = staff.once(&format!("{order}/shipments"), "parcel-one", parcel).await.is(201);
        assert_eq!(again["id"], shipped["id"]);

        world.work().await; // what is being taken is not given back at the same time
        let location = world.ctx.store.location.to_string();
        let back = json!({ "lines": [{ "line": line, "quantity": 1, "restock": location }], "reason": "bruised" });
        let preview = staff.post(&format!("{order}/refund-previews"), back.clone()).await.is(200);
        assert_eq!(preview["amount"]["minor"], 250);
        let refund = staff.once(&format!("{order}/refunds"), "bruised-one", back.clone()).await.is(201);
        assert_eq!((&refund["amount"]["minor"], &refund["lines"][0]["restocked"]), (&json!(250), &json!(1)));
        let again = staff.once(&format!("{order}/refunds"), "bruised-one", back).await.is(201);
        assert_eq!(again["id"], refund["id"]);
        let all = staff.get(&format!("{order}/refunds")).await.is(200);
        assert_eq!(all["data"].as_array().unwrap().len(), 1);
        assert_eq!(world.count("select cast(count(*) as bigint) from refund").await, 1);

        let said = staff.post(&format!("{order}/comments"), json!({ "text": "Sorry!" })).await.is(200);
        assert_eq!(said["data"][0]["text"], "Sorry!");
        staff.post(&format!("{order}/cancellation"), json!({})).await.problem(409, "order_state");
        let second = shop_again(&shop, "second-one").await;
        let second = format!("/admin/orders/{second}");
        for _ in 0..2 {
            let gone = staff.post(&format!("{second}/cancellation"), json!({ "reason": "changed" })).await.is(200);
            assert_eq!(gone["state"], "cancelled");
        }
    }

    async fn a_program_keeps_the_catalogue(db) {
        let world = World::new(&db).await;
        let staff = Program::new(&world, &["products:read", "products:write", "inventory:read", "inventory:write"]).await;
        let new = json!({
            "state": "live",
            "texts": [{ "locale": "en", "title": "Quince" }],
            "variants": [{ "sku": "Q1", "price": { "minor": 199, "currency": "EUR" } }],
        });
        let made = staff.post("/admin/products", new).await.is(201);
        let at = format!("/admin/products/{}", made["id"].as_str().unwrap());
        let variant = made["variants"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(made["variants"][0]["price"]["minor"], 199);

        let price = json!({ "amount": { "minor": 149, "currency": "EUR" }, "compare_at": { "minor": 199, "currency": "EUR" } });
        staff.put(&format!("/admin/variants/{variant}/prices"), price).await.is(200);
        let dollars = json!({ "amount": { "minor": 149, "currency": "USD" } });
        let told = staff.put(&format!("/admin/variants/{variant}/prices"), dollars).await.problem(422, "invalid");
        assert_eq!(told["field"], "amount.currency");
        let count = json!({ "variant": variant, "on_hand": 12 });
        let level = staff.put("/admin/inventory/levels", count).await.is(200);
        assert_eq!(level["data"][0]["available"], 12);
        let adjust = json!({ "variant": variant, "delta": -2, "reason": "damaged", "note": "mould" });
        let level = staff.post("/admin/inventory/adjustments", adjust).await.is(200);
        assert_eq!(level["data"][0]["on_hand"], 10);
        let item = level["data"][0]["item"].as_str().unwrap().to_owned();
        let ledger = staff.get(&format!("/admin/inventory/items/{item}/movements")).await.is(200);
        assert_eq!(ledger["data"][0]["note"], "mould");

        let seen = staff.get(&format!("{at}?expand[]=prices,stock")).await.is(200);
        assert_eq!(seen["variants"][0]["price"]["minor"], 149);
        assert_eq!(seen["variants"][0]["stock"][0]["on_hand"], 10);
        let tag = seen.header("etag");
        let same = staff.send(Method::GET, &format!("{at}?expand[]=prices,stock"), None, &[("if-none-match", &tag)]).await;
        same.is(304);
        let vendor = |v: &str| Some(json!({ "vendor": v }));
        let changed = staff.send(Method::PATCH, &at, vendor("Orchard"), &[("if-match", &tag)]).await.is(200);
        assert_eq!(changed["vendor"], "Orchard");
        let late = staff.send(Method::PATCH, &at, vendor("Other"), &[("if-match", &tag)]).await;
        late.problem(412, "precondition_failed");

        world.refresh().await;
        let shop = Program::shopper(&world);
        let shown = shop.get("/shop/products/quince").await.is(200);
        assert_eq!(shown["variants"][0]["price"]["minor"], 149);
        assert_eq!(shown["variants"][0]["compare_at"]["minor"], 199);
        // what is kept changes with what it shows
        let price = json!({ "amount": { "minor": 99, "currency": "EUR" } });
        staff.put(&format!("/admin/variants/{variant}/prices"), price).await.is(200);
        world.refresh().await;
        assert_eq!(shop.get("/shop/products/quince").await.is(200)["variants"][0]["price"]["minor"], 99);

        staff.get("/admin/orders").await.problem(403, "permission_missing");
        let nobody = Program { key: Some("mercer_nothing".into()), ..Program::shopper(&world) };
        nobody.get("/admin/products").await.problem(401, "sign_in");
    }

    async fn lists_are_walked_to_their_end(db) {
        let world = World::new(&db).await;
        let staff = Program::new(&world, &["products:read"]).await;
        let (mut seen, mut after) = (vec![], String::new());
        for _ in 0..10 {
            let page = staff.get(&format!("/admin/products?limit=1&after={after}")).await.is(200);
            seen.extend(page["data"].as_array().unwrap().iter().map(|p| p["id"].clone()));
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 3);
        seen.sort_by_key(Value::to_string);
        seen.dedup();
        assert_eq!(seen.len(), 3);
        staff.get("/admin/products?after=x").await.problem(400, "bad_request");
        staff.get("/admin/products?limit=1000").await.problem(400, "bad_request");
        let told = staff.get("/admin/products").await.is(200);
        assert!(told.header("ratelimit").starts_with("\"default\";r="), "{}", told.header("ratelimit"));
        assert!(told.header("ratelimit-policy").contains(";w=60"));
    }

    async fn settings_people_and_work(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        for path in [
            "/admin/me", "/admin/store", "/admin/settings", "/admin/payment-methods", "/admin/tax-rates",
            "/admin/shipping-zones", "/admin/figures", "/admin/queues", "/admin/tasks", "/admin/alerts", "/admin/mails",
            "/admin/staff", "/admin/roles", "/admin/permissions", "/admin/keys", "/admin/customers", "/admin/locations",
            "/admin/categories", "/admin/fields", "/admin/imports", "/admin/orders", "/admin/fulfilment-orders",
        ] {
            let told = all.get(path).await.is(200);
            assert!(told.json.is_object(), "{path}");
        }
        let rate = json!({ "country": "BE", "name": "BTW", "percent": "21" });
        let made = all.post("/admin/tax-rates", rate).await.is(201);
        assert_eq!(made["percent"], "21");
        let at = format!("/admin/tax-rates/{}", made["id"].as_str().unwrap());
        all.send(Method::DELETE, &at, None, &[]).await.is(204);
        let value = json!({ "value": { "when": "placed" } });
        all.put("/admin/settings/capture", value).await.is(200);
        let told = all.put("/admin/settings/capture", json!({ "value": { "when": "never" } })).await;
        assert_eq!(told.problem(422, "invalid")["field"], "value.when");
        let grants = json!([{ "permission": "orders:read" }]);
        let key = all.post("/admin/keys", json!({ "name": "Reader", "grants": grants })).await.is(201);
        let reader = Program { key: key["secret"].as_str().map(str::to_owned), ..Program::shopper(&world) };
        assert_eq!(reader.get("/admin/me").await.is(200)["grants"][0]["permission"], "orders:read");
        reader.get("/admin/orders").await.is(200);
        reader.get("/admin/staff").await.problem(403, "permission_missing");
        let customer = json!({ "email": "alan@example.com", "name": "Alan", "address": { "country": "NL" } });
        let told = all.post("/admin/customers", customer).await.is(422);
        assert!(told["errors"].as_array().is_some_and(|e| e.len() > 1), "{}", told.json);
        let made = all.post("/admin/customers", json!({ "email": "alan@example.com", "name": "Alan" })).await.is(201);
        let at = format!("/admin/customers/{}", made["id"].as_str().unwrap());
        assert_eq!(all.patch(&at, json!({ "note": "Regular" })).await.is(200)["note"], "Regular");
    }

    async fn every_operation_is_in_the_document(db) {
        let world = World::new(&db).await;
        let url = format!("{}/api/openapi.json", world.base);
        let answer = testkit::browser().build().unwrap().get(&url).send().await.unwrap();
        let document: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let mut told: Vec<String> = vec![];
        let mut ids: Vec<String> = vec![];
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                what_is_said_of(&format!("{method} {path}"), method, operation);
                told.push(format!("{} {path}", method.to_uppercase()));
                ids.push(operation["operationId"].as_str().unwrap().to_owned());
                let places = path.matches('{').count();
                let named = operation["parameters"].as_array().map_or(0, |all| all.iter().filter(|p| p["in"] == "path").count());
                assert_eq!(places, named, "{method} {path}");
            }
        }
        let prefix = format!("{V}/");
        let mut there: Vec<String> = web::routes(world.state.clone())
            .into_iter()
            .filter(|r| r.path.starts_with(&prefix))
            .map(|r| format!("{} {}", r.method, r.path))
            .collect();
        told.sort();
        there.sort();
        assert_eq!(told, there);
        assert!(there.len() > 90, "{}", there.len());
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "two operations share an id");
        // every reference leads somewhere
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for reference in references(&document) {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            assert!(schemas.contains_key(name), "{reference}");
        }
        let page = testkit::browser().build().unwrap().get(format!("{}/api", world.base)).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert!(page.text().await.unwrap().contains("/api/2026-11/admin/orders/{order}/refunds"));
    }
}

/// Every operation says what it does, who may, what it takes and what it answers.
fn what_is_said_of(name: &str, method: &str, operation: &Value) {
    let description = operation["description"].as_str().unwrap_or_default();
    let who = ["Needs the permission `", "Needs a key", "Open to all."];
    assert!(who.iter().any(|w| description.contains(w)), "{name}: {description}");
    assert!(operation["summary"].as_str().is_some_and(|s| s.len() > 3), "{name} has no summary");
    assert!(operation["tags"][0].is_string(), "{name} has no heading");
    assert_eq!(operation["security"].is_array(), !description.contains("Open to all"), "{name}");
    let answers = operation["responses"].as_object().unwrap();
    assert!(answers["default"]["content"]["application/problem+json"]["schema"].is_object(), "{name}");
    let good: Vec<_> = answers.iter().filter(|(status, _)| status.starts_with('2')).collect();
    assert_eq!(good.len(), 1, "{name} answers in one way");
    for (status, answer) in good {
        assert!(answer["description"].is_string(), "{name}");
        let schemas = answer["content"].as_object().map(|c| c.values().all(|m| m["schema"].is_object()));
        assert_eq!(schemas, (status != "204").then_some(true), "{name} {status}: {answer}");
    }
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        assert!(parameter["schema"].is_object() && parameter["name"].is_string(), "{name}: {parameter}");
        assert!(parameter["in"] == "path" || parameter["description"].is_string(), "{name}: {parameter}");
    }
    let takes_key = operation["parameters"].to_string().contains("Idempotency-Key");
    // a preview reads, and a cart or order of a repeat is told by its key
    assert_eq!(takes_key, method == "post" && !name.ends_with("/refund-previews"), "{name}");
    if ["put", "patch"].contains(&method) {
        let body = &operation["requestBody"]["content"];
        assert!(body["application/json"]["schema"].is_object(), "{name}");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(k, v)| match v.as_str() {
                Some(text) if k == "$ref" => vec![text.to_owned()],
                _ => references(v),
            })
            .collect(),
        Value::Array(all) => all.iter().flat_map(references).collect(),
        _ => vec![],
    }
}

async fn world_variant(shop: &Program) -> Value {
    shop.get("/shop/products/mango").await.is(200)["variants"][0]["id"].clone()
}

/// An order of one apple, by bank transfer; its id.
async fn shop_again(shop: &Program, key: &str) -> String {
    let found = shop.get("/shop/products/pink-lady").await.is(200);
    let lines = json!({ "lines": [{ "variant": found["variants"][0]["id"] }] });
    let cart = shop.post("/shop/carts", lines).await.is(201);
    let secret = cart["secret"].as_str().unwrap();
    let at = format!("/shop/carts/{secret}");
    let address = json!({
        "name": "Alan Turing", "line1": "Damrak 2", "postcode": "1012 LG", "city": "Amsterdam", "country": "NL",
    });
    shop.patch(&at, json!({ "email": "alan@example.com", "address": address })).await.is(200);
    let quotes = shop.get(&format!("{at}/quotes")).await.is(200);
    shop.patch(&at, json!({ "shipping_method": quotes["data"][0]["method"] })).await.is(200);
    let order = json!({ "cart": secret, "payment_method": "bank_transfer" });
    let placed = shop.once("/shop/orders", key, order).await.is(201);
    placed["order"].as_str().unwrap().to_owned()
}
