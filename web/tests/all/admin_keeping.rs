//! The back office's keeping: products, categories, stock, settings, staff, the machine.

use reqwest::StatusCode;

use crate::admin::owner;
use crate::world::{Browser, MIGRATIONS, Seen, World};

/// A form with files, as a browser sends it.
async fn send(browser: &Browser, path: &str, field: &str, name: &str, bytes: &str) -> Seen {
    let body = format!(
        "--sep\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{bytes}\r\n--sep--\r\n"
    );
    let request = browser.client.post(format!("{}{path}", browser.base));
    let request = request.header("content-type", "multipart/form-data; boundary=sep").body(body);
    Seen::of(request.send().await.unwrap()).await
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn every_screen_opens(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        for path in [
            "products", "products/new", "products?q=mango", "products?view=draft", "categories", "inventory",
            "inventory?view=out", "inventory?q=mango", "locations", "settings", "settings/shop", "settings/staff",
            "settings/roles", "settings/keys", "settings/taxes", "settings/shipping", "settings/payments",
            "settings/theme", "settings/fields", "settings/redirects", "account", "mails", "system/tasks", "system/tasks?view=all", "system/events",
            "system/events?q=Order", "system/doctor", "imports",
        ] {
            browser.get(&format!("/admin/{path}")).await.ok();
        }
        browser.post("/admin/system/doctor", &[]).await.ok().has("Everything agrees");
    }

    async fn a_product_is_made_changed_and_kept_from_loss(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let mut form = vec![
            ("action", "save"), ("status", "live"), ("title.en", ""), ("variant.0.id", ""),
            ("variant.0.price", "2,40"), ("variant.0.sku", "PEAR"), ("variant.0.on_hand", "7"),
        ];
        let refused = browser.post("/admin/products/new", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("value=\"PEAR\"").has("title.en-err");
        form[2] = ("title.en", "Pear");
        let to = browser.post("/admin/products/new", &form).await.to().to_owned();
        let page = browser.get(&to).await.ok();
        page.has("Pear").has("7 available").has("value=\"2.40\"");
        let version = page.input("version");
        let id = page.input("variant.0.id");
        let change = [
            ("action", "save"), ("status", "live"), ("title.en", "Pear, ripe"), ("version", version.as_str()),
            ("variant.0.id", id.as_str()), ("variant.0.price", "3.00"), ("variant.0.sku", "PEAR"),
        ];
        assert_eq!(browser.post(&to, &change).await.to(), to);
        let late = browser.post(&to, &change).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.has("Somebody else changed this product").has("Pear, ripe");
        let options = [
            ("action", "options"), ("status", "live"), ("title.en", "Pear"), ("version", version.as_str()),
            ("option.1.name", "Size"), ("option.1.values", "One, Kilo"), ("variant.0.id", id.as_str()),
        ];
        browser.post(&to, &options).await.ok().has("value=\"Kilo\"").has("variant.1.sku");
        let picture = send(&browser, &format!("{to}/images"), "images", "a.png", "no picture").await;
        assert_eq!(picture.status, StatusCode::UNPROCESSABLE_ENTITY);
        picture.has("no JPEG");
    }

    async fn stock_is_counted_in_the_table_and_by_hand(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let list = browser.get("/admin/inventory?q=mango").await.ok();
        let cell = list.text.split("name=\"on_hand.").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let (cell, seen) = (format!("on_hand.{cell}"), format!("seen.{cell}"));
        let item = cell.split('.').nth(1).unwrap().to_owned();
        let saved = browser.post("/admin/inventory/adjustments", &[(&cell, "12"), (&seen, "3"), ("reason", "counted")]).await;
        browser.follow(saved).await.ok().has("One quantity saved");
        let late = browser.post("/admin/inventory/adjustments", &[(&cell, "5"), (&seen, "3"), ("reason", "counted")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.has("(12)").has("value=\"5\"");
        let page = browser.get(&format!("/admin/inventory/{item}")).await.ok();
        page.has("Counted").has("+9");
        let (place, key) = (cell.split('.').nth(2).unwrap().to_owned(), page.input("idempotency_key"));
        let form = [("location_id", place.as_str()), ("change", "-2"), ("reason", "damaged"), ("idempotency_key", &key)];
        for _ in 0..2 {
            browser.post(&format!("/admin/inventory/{item}/adjustments"), &form).await.to();
        }
        browser.get("/admin/inventory?q=mango").await.ok().has("value=\"10\"");
    }

    async fn settings_are_kept_or_refused_beside_their_field(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let tax = [("country", "DE"), ("class", "standard"), ("name", "MwSt."), ("rate", "x")];
        let refused = browser.post("/admin/settings/taxes", &tax).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("value=\"MwSt.\"").has("rate-err");
        let tax = [("country", "DE"), ("class", "standard"), ("name", "MwSt."), ("rate", "19")];
        browser.follow(browser.post("/admin/settings/taxes", &tax).await).await.ok().has("19 %");
        let zone = [("name", "Germany"), ("country", "DE")];
        let page = browser.follow(browser.post("/admin/settings/shipping/zones", &zone).await).await.ok();
        let id = page.text.split("zone=").last().unwrap().split('#').next().unwrap().to_owned();
        let method = [
            ("zone_id", id.as_str()), ("name.en", "By weight"), ("kind", "weight"), ("steps", "2000 4.90\n5000 6.90"),
            ("active", "on"),
        ];
        browser.follow(browser.post("/admin/settings/shipping/methods", &method).await).await.ok().has("5 kg");
        let wrong = [("on.test", "on"), ("capture", "placed"), ("bank.iban", "DE00")];
        let refused = browser.post("/admin/settings/payments", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("bank.iban-err");
        let look = [("hue", "150"), ("radius", "8"), ("announcement.en", "Closed on Monday")];
        browser.follow(browser.post("/admin/settings/theme", &look).await).await.ok().has("Closed on Monday");
        let made = browser.post("/admin/settings/keys", &[("name", "Books"), ("permission", "orders:read")]).await.ok();
        made.has("mercer_").has("shown this once");
        let category = browser.post("/admin/categories", &[("name", "Citrus"), ("parent_id", "")]).await;
        browser.follow(category).await.ok().has("Citrus");
    }

    async fn a_file_is_imported(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let csv = "Handle,Title,Variant Price\nplum,Plum,0.90\nfig,Fig,zz\n";
        let to = send(&browser, "/admin/imports", "file", "fruit.csv", csv).await.to().to_owned();
        browser.get(&to).await.ok().has("fruit.csv").has("errors.csv");
        let refused = browser.get(&format!("{to}/errors.csv")).await.ok();
        refused.has("fig").has_not("plum");
        browser.get("/admin/products?q=plum").await.ok().has("Plum");
    }
}
