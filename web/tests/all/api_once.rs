//! Requests that come twice: one effect, the same answer; and texts that no database can keep.

use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{PNG, Program};
use crate::world::{MIGRATIONS, World};

/// Sends it twice: the answers are the same. Then with another body: refused.
async fn twice(who: &Program, path: &str, body: Value, other: Value) -> Value {
    let key = format!("twice-{path}-0123456789abcdef");
    let first = who.once(path, &key, body.clone()).await;
    assert!(first.status.is_success(), "{path}: {} {}", first.status, first.json);
    let second = who.once(path, &key, body).await;
    // how long a cart's amounts hold is counted from the answer
    let lasting = |mut json: Value| {
        json.as_object_mut().unwrap().remove("expires_at");
        json
    };
    let answers = (lasting(first.json.clone()), lasting(second.json.clone()));
    assert_eq!((first.status, answers.0), (second.status, answers.1), "{path}");
    assert_eq!(second.header("location"), first.header("location"), "{path}");
    who.once(path, &key, other).await.problem(409, "idempotency_key_reused");
    first.json
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn whatever_is_made_is_made_once(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let product = |title: &str| json!({
            "texts": [{ "locale": "en", "title": title }],
            "variants": [{ "sku": title, "price": { "minor": 199, "currency": "EUR" }, "on_hand": 5 }],
        });
        let made = twice(&all, "/admin/products", product("Quince"), product("Fig")).await;
        let variant = made["variants"][0]["id"].clone();
        let (add, sub) = (json!({ "variant": variant, "delta": 3, "reason": "found" }), json!({ "variant": variant, "delta": -3, "reason": "lost" }));
        let level = twice(&all, "/admin/inventory/adjustments", add, sub).await;
        assert_eq!(level["data"][0]["on_hand"], 8, "added once");
        let name = |n: &str| json!({ "texts": [{ "locale": "en", "name": n }] });
        twice(&all, "/admin/categories", name("Citrus"), name("Stone fruit")).await;
        let field = |k: &str| json!({ "resource": "product", "namespace": "custom", "key": k, "name": k, "kind": "text" });
        twice(&all, "/admin/fields", field("origin"), field("farm")).await;
        twice(&all, "/admin/locations", json!({ "name": "Attic" }), json!({ "name": "Cellar" })).await;
        let person = |e: &str| json!({ "email": e, "name": "Alan" });
        let customer = twice(&all, "/admin/customers", person("a@example.com"), person("b@example.com")).await;
        let address = |l: &str| json!({ "name": "Alan", "line1": l, "postcode": "1012 LG", "city": "Amsterdam", "country": "NL" });
        let at = format!("/admin/customers/{}/addresses", customer["id"].as_str().unwrap());
        let addresses = twice(&all, &at, address("Damrak 1"), address("Damrak 2")).await;
        assert_eq!(addresses["data"].as_array().unwrap().len(), 1);
        let role = |n: &str| json!({ "name": n, "grants": [{ "permission": "orders:read" }] });
        twice(&all, "/admin/roles", role("Readers"), role("Writers")).await;
        let staff = |e: &str| json!({ "email": e, "name": "Kofi", "password": crate::world::PASSWORD });
        twice(&all, "/admin/staff", staff("k@example.com"), staff("l@example.com")).await;
        let rate = |p: &str| json!({ "country": "BE", "name": "BTW", "percent": p });
        twice(&all, "/admin/tax-rates", rate("21"), rate("6")).await;
        let zone = |c: &str| json!({ "name": c, "countries": [c] });
        let zone = twice(&all, "/admin/shipping-zones", zone("DE"), zone("FR")).await;
        let method = |p: i64| json!({ "name": { "en": "Post" }, "kind": "flat", "price": { "minor": p, "currency": "EUR" } });
        let at = format!("/admin/shipping-zones/{}/methods", zone["id"].as_str().unwrap());
        twice(&all, &at, method(400), method(500)).await;
        // a key's secret is told once and kept nowhere
        let key = json!({ "name": "Reader", "grants": [{ "permission": "orders:read" }] });
        all.once("/admin/keys", "the-readers-key", key.clone()).await.is(201);
        all.once("/admin/keys", "the-readers-key", key).await.problem(409, "secret_told");
        assert_eq!(world.count("select cast(count(*) as bigint) from api_key where name = 'Reader'").await, 1);
        let count = async |table: &'static str| world.count(table).await;
        assert_eq!(count("select cast(count(*) as bigint) from product").await, 4);
        assert_eq!(count("select cast(count(*) as bigint) from role where name = 'Readers'").await, 1);
        // pictures: the bytes are the body
        let at = format!("/admin/products/{}/images", made["id"].as_str().unwrap());
        for _ in 0..2 {
            let shown = all.upload(&at, PNG, &[("idempotency-key", "a-red-picture")]).await.is(200);
            assert_eq!(shown["data"].as_array().unwrap().len(), 1);
        }
        // another program may choose the same key
        let other = Program::new(&world, kernel::perms::ALL).await;
        let key = "twice-/admin/locations-0123456789abcdef";
        assert_eq!(other.once("/admin/locations", key, json!({ "name": "Barn" })).await.is(201)["name"], "Barn");
        other.once("/admin/locations", "short", json!({ "name": "Barn" })).await.problem(422, "idempotency_key_wrong");
    }

    async fn what_is_refused_is_not_remembered(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let wrong = json!({ "resource": "product", "namespace": "", "key": "", "name": "", "kind": "text" });
        assert!(all.once("/admin/fields", "a-field-of-mine", wrong).await.status.is_client_error());
        let right = json!({ "resource": "product", "namespace": "custom", "key": "a", "name": "A", "kind": "text" });
        all.once("/admin/fields", "a-field-of-mine", right).await.is(201);
    }

    async fn a_shopper_begins_one_cart_and_adds_once(db) {
        let world = World::new(&db).await;
        let shop = Program::shopper(&world);
        let variant = shop.get("/shop/products/mango").await.is(200)["variants"][0]["id"].clone();
        let lines = |n: i64| json!({ "lines": [{ "variant": variant, "quantity": n }] });
        shop.once("/shop/carts", "12345678", lines(1)).await.problem(422, "idempotency_key_short");
        let cart = twice(&shop, "/shop/carts", lines(1), lines(2)).await;
        assert_eq!(world.count("select cast(count(*) as bigint) from cart").await, 1);
        let at = format!("/shop/carts/{}/lines", cart["secret"].as_str().unwrap());
        let more = |n: i64| json!({ "variant": variant, "quantity": n });
        let cart = twice(&shop, &at, more(1), more(2)).await;
        assert_eq!(cart["lines"][0]["quantity"], 2, "one and one");
    }

    async fn no_text_holds_a_nul(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let shop = Program::shopper(&world);
        let nul = "a\0b";
        let wrong = [
            ("/admin/customers", json!({ "email": "a@example.com", "name": nul }), "name"),
            ("/admin/products", json!({ "texts": [{ "locale": "en", "title": nul }], "variants": [] }), "texts[0].title"),
            ("/admin/shipping-zones", json!({ "name": "x", "countries": [nul] }), "countries[0]"),
        ];
        for (path, body, field) in wrong {
            let told = all.post(path, body).await.problem(400, "bad_request");
            assert_eq!(told["field"], field, "{path}");
        }
        for path in ["/admin/products?search=a%00b", "/admin/orders?search=%00", "/admin/events?kind=%00"] {
            all.get(path).await.problem(400, "bad_request");
        }
        let cart = shop.cart().await;
        shop.patch(&format!("/shop/carts/{cart}"), json!({ "note": nul })).await.problem(400, "bad_request");
        shop.get("/shop/search?q=%00").await.problem(400, "bad_request");
        all.put("/admin/settings/capture", json!({ "value": { "when": nul } })).await.problem(400, "bad_request");
        // letters that only look like it are a text
        let note = json!({ "note": "\\u0000" });
        assert_eq!(shop.send(Method::PATCH, &format!("/shop/carts/{cart}"), Some(note), &[]).await.is(200)["note"], "\\u0000");
    }
}
