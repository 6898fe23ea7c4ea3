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

    async fn what_is_sold_by_weight_is_counted_in_grams(db) {
        let world = World::new(&db).await;
        let mango = world.mango().await;
        world.stock(mango, 12_500).await;
        let ctx = world.ctx.clone();
        let item = world.db.write("weighed", async move |tx: &mut db::Tx| {
            let item = inventory::item_of(tx, mango).await?[0].id;
            tx.exec("update inventory_item set base_unit = 'gram' where id = $1", db::params![item]).await?;
            let may = crate::world::may(&ctx);
            inventory::adjust(tx, &ctx, &may, item, ctx.store.location, -1_500, inventory::Reason::Damaged, "").await?;
            Ok::<_, inventory::Error>(item)
        }).await.unwrap();
        let browser = owner(&world).await;
        let list = browser.get("/admin/inventory?q=mango").await.ok();
        list.has("in grams").has("11,000\u{a0}g").has("value=\"11000\"");
        let page = browser.get(&format!("/admin/inventory/{item}")).await.ok();
        page.has("counted in grams").has_not("counted in pieces").has("−1,500\u{a0}g").has("In grams: such as");
        browser.get("/admin/inventory?q=pink").await.ok().has_not("in grams");
        let staff = crate::program::Program::new(&world, kernel::perms::ALL).await;
        let levels = staff.get(&format!("/admin/inventory/levels?variants={mango}")).await.is(200);
        assert_eq!(levels["data"][0]["base_unit"], "gram");
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
        browser.get(&to).await.ok().has("fruit.csv").has("Waiting for its turn").has_not("errors.csv");
        assert_eq!(send(&browser, "/admin/imports", "file", "again.csv", csv).await.to(), to, "it is on its way");
        world.work().await;
        browser.get(&to).await.ok().has("fruit.csv").has("errors.csv").has_not("Waiting for its turn");
        let refused = browser.get(&format!("{to}/errors.csv")).await.ok();
        refused.has("fig").has_not("plum");
        browser.get("/admin/products?q=plum").await.ok().has("Plum");
        let none = send(&browser, "/admin/imports", "other", "fruit.csv", csv).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let strange = send(&browser, "/admin/imports", "file", "mails.csv", "Email\na@b.c\n").await.to().to_owned();
        world.work().await;
        browser.get(&strange).await.ok().has("this is no product file");
        assert_eq!(browser.get(&format!("{strange}/errors.csv")).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_rehearsal_changes_nothing(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let body = "--sep\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\non\r\n\
             --sep\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dry.csv\"\r\n\
             Content-Type: text/csv\r\n\r\nHandle,Title,Variant Price\nplum,Plum,0.90\nfig,Fig,zz\n\r\n--sep--\r\n";
        let request = browser.client.post(format!("{}/admin/imports", browser.base));
        let request = request.header("content-type", "multipart/form-data; boundary=sep").body(body);
        let to = Seen::of(request.send().await.unwrap()).await.to().to_owned();
        world.work().await;
        browser.get(&to).await.ok().has("dry.csv").has("Dry run").has("zz");
        assert_eq!(world.count("select cast(count(*) as bigint) from product").await, 3);
    }

    async fn a_picture_is_uploaded_and_shown(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let list = browser.get("/admin/products?q=mango").await.ok();
        let id = list.text.split("/admin/products/prd_").nth(1).unwrap().split(['"', '?']).next().unwrap();
        let at = format!("/admin/products/prd_{id}");
        let mut body = b"--sep\r\nContent-Disposition: form-data; name=\"images\"; filename=\"red.png\"\r\n\
            Content-Type: image/png\r\n\r\n".to_vec();
        body.extend_from_slice(crate::program::PNG);
        body.extend_from_slice(b"\r\n--sep--\r\n");
        let request = browser.client.post(format!("{}{at}/images", browser.base));
        let request = request.header("content-type", "multipart/form-data; boundary=sep").body(body);
        let done = Seen::of(request.send().await.unwrap()).await;
        let page = browser.follow(done).await.ok();
        page.has("/img/ast_");
        assert_eq!(world.count("select cast(count(*) as bigint) from asset_usage").await, 1);
        assert_eq!(world.count("select cast(count(*) as bigint) from asset where state = 'ready'").await, 1);
    }

    async fn a_form_with_a_nul_is_refused(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        for path in ["/admin/categories", "/admin/settings/taxes", "/admin/products/new"] {
            let seen = browser.post(path, &[("name", "a\0b"), ("title.en", "a\0b")]).await;
            assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{path}");
        }
        let guest = world.browser();
        guest.add("mango", "1").await;
        let seen = guest.post("/checkout", &[("action", "place"), ("name", "\0")]).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST);
        browser.get("/admin/products?q=%00").await.ok();
        guest.get("/search?q=%00").await.ok();
    }

    async fn roles_and_people_are_changed(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let role = [("name", "Packer"), ("permission", "orders:read"), ("permission", "orders:fulfil")];
        browser.follow(browser.post("/admin/settings/roles", &role).await).await.ok().has("Packer");
        let id: kernel::RoleId = world.db.read(async |tx: &mut db::Tx| {
            tx.value("select id from role where name = 'Packer'", &[]).await
        }).await.unwrap();
        let change = [("name", "Packers"), ("permission", "orders:read")];
        browser.follow(browser.post(&format!("/admin/settings/roles/{id}"), &change).await).await.ok().has("Packers");
        let id = id.to_string();
        let new = [
            ("name", "Kofi"), ("email", "kofi@example.com"), ("password", crate::world::PASSWORD), ("role_id", id.as_str()),
        ];
        browser.follow(browser.post("/admin/settings/staff", &new).await).await.ok().has("kofi@example.com");
        let staff: kernel::StaffId = world.db.read(async |tx: &mut db::Tx| {
            tx.value("select id from staff where email = 'kofi@example.com'", &[]).await
        }).await.unwrap();
        let kofi = world.browser();
        let sign_in = [("email", "kofi@example.com"), ("password", crate::world::PASSWORD), ("next", "/admin/orders")];
        assert_eq!(kofi.post("/admin/sign-in", &sign_in).await.to(), "/admin/orders");
        kofi.get("/admin/orders").await.ok();
        assert_eq!(kofi.get("/admin/settings/staff").await.status, StatusCode::FORBIDDEN);
        let change = [("name", "Kofi Mensah"), ("email", "kofi@example.com"), ("password", ""), ("role_id", id.as_str())];
        let shut_out = browser.post(&format!("/admin/settings/staff/{staff}"), &change).await;
        browser.follow(shut_out).await.ok().has("Kofi Mensah");
        assert!(kofi.get("/admin/orders").await.status.is_redirection(), "who is shut out is shut out at once");
    }
}
