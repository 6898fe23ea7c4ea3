//! The API's keeping: products with all that belongs to them, fields, categories, people, redirects, the machine.

use serde_json::json;

use crate::program::{PNG, Program};
use crate::world::{MIGRATIONS, World};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_product_comes_whole_as_from_the_form(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let field = json!({ "resource": "product", "namespace": "custom", "key": "origin", "name": "Origin", "kind": "text" });
        let field = all.post("/admin/fields", field).await.is(201);
        let new = json!({
            "state": "live",
            "texts": [{ "locale": "en", "title": "Quince" }],
            "variants": [
                { "sku": "Q1", "price": { "minor": 199, "currency": "EUR" }, "on_hand": 7 },
            ],
            "fields": [{ "field": field["id"], "value": "Kent" }],
        });
        let made = all.post("/admin/products", new).await.is(201);
        let at = format!("/admin/products/{}", made.id());
        let seen = all.get(&format!("{at}?expand[]=prices,stock,fields,images")).await.is(200);
        assert_eq!(seen["variants"][0]["stock"][0]["on_hand"], 7);
        assert_eq!(seen["fields"][0]["value"], "Kent");
        assert_eq!(world.count("select cast(count(*) as bigint) from movement where reason = 'initial' and on_hand_delta = 7").await, 1);

        let picture = all.upload(&format!("{at}/images?alt=Red&file_name=red.png"), PNG, &[]).await.is(200);
        let asset = picture["data"][0]["picture"]["id"].clone();
        assert_eq!(picture["data"][0]["picture"]["alt"], "Red");
        let image = format!("{at}/images/{}", asset.as_str().unwrap());
        assert_eq!(all.patch(&image, json!({ "alt": "Very red" })).await.is(200)["data"][0]["picture"]["alt"], "Very red");
        all.put(&format!("{at}/images"), json!({ "images": [asset] })).await.is(200);
        all.upload(&format!("{at}/images"), "no picture", &[]).await.problem(422, "not_a_picture");

        // what is not named stays: prices, pictures, fields
        let variant = seen["variants"][0]["id"].clone();
        let change = json!({ "vendor": "Orchard" });
        all.patch(&at, change).await.is(200);
        let change = json!({ "variants": [{ "id": variant, "sku": "Q1-A" }] });
        all.patch(&at, change).await.is(200);
        let seen = all.get(&format!("{at}?expand[]=prices,stock,fields,images")).await.is(200);
        assert_eq!((&seen["vendor"], &seen["variants"][0]["sku"]), (&json!("Orchard"), &json!("Q1-A")));
        assert_eq!(seen["variants"][0]["price"]["minor"], 199);
        assert_eq!((&seen["fields"][0]["value"], &seen["images"][0]["picture"]["alt"]), (&json!("Kent"), &json!("Very red")));
        let change = json!({ "fields": [{ "field": field["id"], "value": "" }], "images": [] });
        all.patch(&at, change).await.is(200);
        let seen = all.get(&format!("{at}?expand[]=fields,images")).await.is(200);
        assert_eq!((&seen["fields"], &seen["images"]), (&json!([]), &json!([])));
        all.delete(&image).await;

        let writer = Program::new(&world, &["products:read", "products:write"]).await;
        let stocked = json!({ "texts": [{ "locale": "en", "title": "Fig" }], "variants": [{ "on_hand": 1 }] });
        writer.post("/admin/products", stocked).await.problem(403, "permission_missing");
        assert_eq!(writer.get("/admin/products?search=Fig").await.is(200)["data"], json!([]), "all or nothing");
        let counted = json!({
            "texts": [{ "locale": "en", "title": "Service" }], "variants": [{ "tracked": false, "oversell": true }],
        });
        let made = all.post("/admin/products", counted).await.is(201);
        let seen = all.get(&format!("/admin/products/{}?expand[]=stock", made.id())).await.is(200);
        let item = world.count("select cast(count(*) as bigint) from inventory_item where not tracked and oversell").await;
        assert_eq!(item, 1, "{}", seen.json);
    }

    async fn fields_and_categories_are_kept(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let field = json!({ "resource": "product", "namespace": "custom", "key": "origin", "name": "Origin", "kind": "text" });
        let made = all.post("/admin/fields", field.clone()).await.is(201);
        all.post("/admin/fields", field).await.problem(422, "field_taken");
        let at = format!("/admin/fields/{}", made.id());
        all.patch(&at, json!({ "name": "Where from" })).await.is(204);
        assert_eq!(all.get("/admin/fields").await.is(200)["data"][0]["name"], "Where from");
        let product = all.get("/admin/products?search=Mango").await.is(200)["data"][0]["id"].as_str().unwrap().to_owned();
        let values = format!("/admin/products/{product}/fields");
        let set = json!({ "values": [{ "field": made["id"], "value": "Peru" }] });
        assert_eq!(all.put(&values, set).await.is(200)["data"][0]["value"], "Peru");
        assert_eq!(all.get(&values).await.is(200)["data"][0]["key"], "custom.origin");
        all.delete(&at).await.is(204);
        assert_eq!(all.get(&values).await.is(200)["data"], json!([]));

        let named = |n: &str| json!([{ "locale": "en", "name": n }, { "locale": "de", "name": n }]);
        let top = all.post("/admin/categories", json!({ "texts": named("Veg") })).await.is(201);
        let below = json!({ "parent": top["id"], "texts": named("Roots") });
        let below = all.post("/admin/categories", below).await.is(201);
        let at = format!("/admin/categories/{}", below.id());
        assert_eq!(all.patch(&at, json!({ "texts": named("Tubers") })).await.is(200)["texts"][0]["name"], "Tubers");
        assert_eq!(all.get(&at).await.is(200)["parent"], top["id"]);
        all.delete(&format!("/admin/categories/{}", top.id())).await.problem(409, "category_not_empty");
        assert!(all.patch(&at, json!({ "parent": null })).await.is(200)["parent"].is_null());
        let loops = json!({ "parent": below["id"] });
        assert!(all.patch(&at, loops).await.status.is_client_error());
        all.delete(&at).await.is(204);
        all.get(&at).await.is(404);
    }

    async fn people_roles_and_zones_are_kept(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let role = json!({ "name": "Packers", "grants": [{ "permission": "orders:read" }, { "permission": "orders:fulfil" }] });
        let role = all.post("/admin/roles", role).await.is(201);
        let at = format!("/admin/roles/{}", role.id());
        let fewer = json!({ "name": "Readers", "grants": [{ "permission": "orders:read" }] });
        let changed = all.put(&at, fewer).await.is(200);
        assert_eq!((&changed["name"], changed["grants"].as_array().unwrap().len()), (&json!("Readers"), 1));
        let unknown = json!({ "name": "X", "grants": [{ "permission": "orders:eat" }] });
        assert_eq!(all.put(&at, unknown).await.problem(422, "invalid")["field"], "grants[0].permission");

        let new = json!({ "email": "kofi@example.com", "name": "Kofi", "password": crate::world::PASSWORD, "roles": [role["id"]] });
        let kofi = all.post("/admin/staff", new).await.is(201);
        assert_eq!(kofi["roles"][0]["name"], "Readers");
        let person = format!("/admin/staff/{}", kofi.id());
        let change = json!({ "name": "Kofi Mensah", "active": false, "roles": [] });
        let changed = all.patch(&person, change).await.is(200);
        assert_eq!((&changed["name"], &changed["active"], &changed["roles"]), (&json!("Kofi Mensah"), &json!(false), &json!([])));
        assert_eq!(all.get(&person).await.is(200)["email"], "kofi@example.com");
        all.delete(&at).await.is(204);
        assert!(!all.get("/admin/roles").await.is(200).json.to_string().contains("Readers"));

        let zone = all.post("/admin/shipping-zones", json!({ "name": "North", "countries": ["SE"] })).await.is(201);
        let at = format!("/admin/shipping-zones/{}", zone.id());
        let wider = json!({ "name": "North", "countries": ["SE", "NO"] });
        assert_eq!(all.put(&at, wider).await.is(200)["countries"], json!(["NO", "SE"]));
        let price = json!({ "minor": 900, "currency": "EUR" });
        let method = json!({ "name": { "en": "Ferry" }, "kind": "flat", "price": price });
        let made = all.post(&format!("{at}/methods"), method).await.is(201);
        let method = format!("/admin/shipping-methods/{}", made.id());
        let by_weight = json!({
            "name": { "en": "Ferry" }, "kind": "weight", "price": price, "free_from": { "minor": 9000, "currency": "EUR" },
            "bands": [{ "up_to_grams": 2000, "price": { "minor": 700, "currency": "EUR" } }],
        });
        assert_eq!(all.put(&method, by_weight).await.is(200)["bands"][0]["price"]["minor"], 700);
        all.delete(&method).await.is(204);
        all.delete(&at).await.is(204);

        let customer = json!({ "email": "alan@example.com", "name": "Alan" });
        let customer = all.post("/admin/customers", customer).await.is(201);
        let at = format!("/admin/customers/{}", customer.id());
        let address = |line: &str| json!({ "name": "Alan", "line1": line, "postcode": "1012 LG", "city": "Amsterdam", "country": "NL" });
        all.post(&format!("{at}/addresses"), address("Damrak 1")).await.is(200);
        let two = all.post(&format!("{at}/addresses"), address("Damrak 2")).await.is(200);
        let other = two["data"].as_array().unwrap().iter().find(|a| a["is_default"] == false).unwrap()["id"].clone();
        let told = all.put(&format!("{at}/default-address"), json!({ "address": other })).await.is(200);
        let default = told["data"].as_array().unwrap().iter().find(|a| a["is_default"] == true).unwrap();
        assert_eq!(default["id"], other);
        let one = format!("{at}/addresses/{}", other.as_str().unwrap());
        let told = all.put(&one, address("Damrak 3")).await.is(200);
        assert!(told.json.to_string().contains("Damrak 3"));
        let wrong = json!({ "name": "Alan", "country": "NL" });
        assert!(all.put(&one, wrong).await.is(422)["errors"].is_array());
        all.delete(&one).await.is(204);
    }

    async fn paths_move_and_move_back(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        for (from, to) in [("/old", "/p/mango"), ("/older", "/old")] {
            let told = all.put("/admin/redirects", json!({ "from_path": from, "to_path": to })).await.is(200);
            assert_eq!(told["to_path"], to);
        }
        all.put("/admin/redirects", json!({ "from_path": "/p/x", "to_path": "https://evil.example" })).await.is(422);
        assert_eq!(world.browser().get("/older").await.to(), "/p/mango");
        let page = all.get("/admin/redirects?limit=1").await.is(200);
        assert_eq!((&page["data"][0]["from_path"], &page["next"]), (&json!("/old"), &json!("/old")));
        let page = all.get("/admin/redirects?limit=5&after=/old").await.is(200);
        assert_eq!((&page["data"][0]["from_path"], &page["next"]), (&json!("/older"), &json!(null)));
        all.delete("/admin/redirects?from_path=/old").await.is(204);
        assert_eq!(all.get("/admin/redirects").await.is(200)["data"].as_array().unwrap().len(), 1);
    }

    async fn the_machine_is_looked_after(db) {
        let world = World::new(&db).await;
        let all = Program::new(&world, kernel::perms::ALL).await;
        let order = Program::shopper(&world).order().await["order"].as_str().unwrap().to_owned();
        let events = all.get("/admin/events?kind=orderplaced").await.is(200);
        assert_eq!(events["data"][0]["kind"], "OrderPlaced");
        let of = all.get(&format!("/admin/events?subject={order}")).await.is(200);
        assert_eq!(of["data"][0]["id"], events["data"][0]["id"]);
        all.get("/admin/events?subject=nothing").await.problem(400, "bad_request");
        let doctor = all.get("/admin/doctor").await.is(200);
        assert_eq!(doctor["healthy"], true, "{}", doctor.json);
        assert!(doctor["laws"].as_array().unwrap().len() > 30);

        let due = all.get("/admin/tasks?limit=1").await.is(200);
        let next = all.get(&format!("/admin/tasks?limit=1&after={}", due["next"].as_str().unwrap())).await.is(200);
        assert_ne!(due["data"][0]["id"], next["data"][0]["id"]);
        let ctx = world.ctx.clone();
        world.db.write("dead", async move |tx: &mut db::Tx| {
            tx.exec("update task set state = 'dead', last_error = 'no' where state = 'due'", &[]).await?;
            ::work::alerts::raise(tx, &ctx, "stock:short", "Too few apples.", None).await
        }).await.unwrap();
        let dead = all.get("/admin/tasks?state=dead").await.is(200)["data"].as_array().unwrap().len();
        assert!(dead > 0);
        let told = all.once("/admin/task-replays", "again-please", json!({ "kind": "nothing" })).await.is(200);
        assert_eq!(told["replayed"], 0);
        assert_eq!(all.post("/admin/task-replays", json!({})).await.is(200)["replayed"], dead);
        assert_eq!(all.get("/admin/tasks?state=dead").await.is(200)["data"], json!([]));
        let id = all.get("/admin/tasks").await.is(200)["data"][0]["id"].as_str().unwrap().to_owned();
        all.post(&format!("/admin/tasks/{id}/replay"), json!({})).await.is(204);
        world.work().await;
        all.post(&format!("/admin/tasks/{id}/replay"), json!({})).await.problem(409, "not_replayable");
        assert!(!all.get("/admin/tasks?state=done&limit=2").await.is(200)["next"].is_null());

        assert_eq!(all.get("/admin/alerts").await.is(200)["data"][0]["key"], "stock:short");
        all.post("/admin/alert-resolutions", json!({ "key": "stock:short" })).await.is(204);
        assert_eq!(all.get("/admin/alerts").await.is(200)["data"], json!([]));
        all.post("/admin/alert-resolutions", json!({ "key": "stock:short" })).await.problem(404, "not_found");
    }
}
