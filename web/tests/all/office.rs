//! The back office's screens of what a shop keeps beyond the usual: own fields, customers, words, links.

use kernel::{CustomerId, OrderId};
use reqwest::StatusCode;

use crate::admin::owner;
use crate::world::{Browser, MIGRATIONS, Seen, World};

/// A guest buys two mangoes; what else they typed comes along.
async fn buy(world: &World, more: &[(&'static str, &str)]) -> OrderId {
    let guest = world.browser();
    guest.add("mango", "2").await;
    let mut form = guest.form("bank_transfer", "").await;
    form.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let placed = guest.submit(&form).await;
    assert!(placed.status.is_redirection(), "{}", placed.text);
    let text = "select id from orders order by created_at desc limit 1";
    world.db.read(async |tx: &mut db::Tx| tx.value::<OrderId>(text, &[]).await).await.unwrap()
}

/// The guest as a customer: what the task of the order does.
async fn remembered(world: &World, order: OrderId) -> CustomerId {
    let handler = flows::tasks::handlers(world.state.shop());
    let runner = work::Runner::new(world.db.clone(), world.ctx.clone(), handler, vec![]);
    runner.run_due().await.unwrap();
    let order = world.db.read(async |tx: &mut db::Tx| orders::head(tx, order).await).await.unwrap();
    order.customer.unwrap()
}

async fn german(browser: &Browser) {
    browser.post("/admin/preferences/locale", &[("locale", "de")]).await.to();
}

/// What stands between these two, first.
fn between<'a>(page: &'a Seen, start: &str, end: &str) -> &'a str {
    let at = page.text.find(start).unwrap_or_else(|| panic!("no '{start}' in: {}", page.text)) + start.len();
    page.text[at..].split(end).next().unwrap()
}

/// Defines a field; its id.
async fn define(browser: &Browser, resource: &str, name: &str, kind: &str) -> String {
    let form = [("resource", resource), ("name", name), ("key", ""), ("kind", kind)];
    let seen = browser.follow(browser.post("/admin/settings/fields", &form).await).await.ok();
    let row = seen.text.split("<tr id=\"field_").find(|r| r.contains(&format!(">{name}</a>"))).unwrap();
    row.split('"').next().unwrap().to_owned()
}

/// A picture of 8 by 8 pixels.
const PNG: [u8; 94] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0, 75,
    109, 41, 220, 0, 0, 0, 37, 73, 68, 65, 84, 120, 218, 99, 56, 17, 160, 113, 34, 80, 227, 68, 144, 198,
    137, 96, 141, 19, 33, 26, 39, 66, 53, 78, 132, 105, 156, 8, 215, 96, 24, 90, 18, 0, 190, 41, 80, 225,
    128, 239, 34, 87, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// Sends a file in the field `image`, as a browser does.
async fn send(browser: &Browser, path: &str, bytes: &[u8]) -> Seen {
    let head = "--sep\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\
                Content-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), bytes, b"\r\n--sep--\r\n"].concat();
    let request = browser.client.post(format!("{}{path}", browser.base));
    let request = request.header("content-type", "multipart/form-data; boundary=sep").body(body);
    Seen::of(request.send().await.unwrap()).await
}

/// Somebody with a built-in role, signed in.
async fn signed_in_as(world: &World, role: &str) -> Browser {
    let (ctx, role) = (world.ctx.clone(), role.to_owned());
    let password = access::hash_password(&ctx, crate::world::PASSWORD).await.unwrap();
    let email = format!("{role}@example.com");
    let new = access::NewStaff { email: email.clone(), name: role.clone(), locale: "en".into(), password };
    world
        .db
        .write("staff", async move |tx: &mut db::Tx| {
            let roles = access::roles(tx).await.unwrap();
            let of = |b: access::BuiltIn| kernel::TextState::as_str(b) == role;
            let role = roles.iter().find(|r| r.role.built_in.is_some_and(of)).unwrap().role.id;
            access::create_staff(tx, &ctx, &crate::world::may(&ctx), &new, &[role]).await.unwrap();
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let browser = world.browser();
    let form = [("email", &*email), ("password", crate::world::PASSWORD), ("next", "/admin")];
    assert_eq!(browser.post("/admin/sign-in", &form).await.to(), "/admin");
    browser
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn own_fields_are_defined_named_ordered_and_deleted(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        browser.get("/admin/settings/fields").await.ok().has("No custom fields yet");
        let missing = browser.post("/admin/settings/fields", &[("resource", "order"), ("name", " "), ("kind", "date")]).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        missing.has("name-err").has("value=\"order\" selected").has("value=\"date\" selected");
        let shelf = define(&browser, "product", "Shelf life", "integer").await;
        let origin = define(&browser, "product", "Origin", "text").await;
        let page = browser.get("/admin/settings/fields").await.ok();
        page.has("custom.shelf_life");
        assert!(page.text.find(&shelf).unwrap() < page.text.find(&origin).unwrap());
        let twice = browser.post("/admin/settings/fields", &[("resource", "product"), ("name", "Other"), ("key", "origin"), ("kind", "text")]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        twice.has("key-err").has("value=\"Other\"");
        browser.post(&format!("/admin/settings/fields/{origin}/place"), &[("to", "up")]).await.to();
        let page = browser.get("/admin/settings/fields").await.ok();
        assert!(page.text.find(&origin).unwrap() < page.text.find(&shelf).unwrap());
        browser.get(&format!("/admin/settings/fields?edit={origin}")).await.ok().has("value=\"Origin\"");
        browser.follow(browser.post(&format!("/admin/settings/fields/{origin}"), &[("name", "Country of origin")]).await).await.ok().has("Country of origin");
        german(&browser).await;
        let wrong = browser.post("/admin/settings/fields", &[("resource", "product"), ("name", "X"), ("key", "A b"), ("kind", "text")]).await;
        wrong.has("Eigene Felder").has("Nur Kleinbuchstaben").has_not("lower-case");
        browser.post(&format!("/admin/settings/fields/{shelf}/deletion"), &[]).await.to();
        browser.get("/admin/settings/fields").await.ok().has_not("Shelf life");
    }

    async fn own_fields_are_filled_on_product_variant_customer_and_order(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let (shelf, bin) = (define(&browser, "product", "Shelf life", "integer").await, define(&browser, "variant", "Crate", "text").await);
        let (room, gift) = (define(&browser, "customer", "Room", "integer").await, define(&browser, "order", "Gift", "boolean").await);

        let list = browser.get("/admin/products?q=mango").await.ok();
        let product = format!("/admin/products/{}", between(&list, "id=\"product_", "\""));
        let page = browser.get(&product).await.ok();
        let (version, variant) = (page.input("version"), page.input("variant.0.id"));
        let (own, crate_of) = (format!("custom.{shelf}"), format!("variant.0.custom.{bin}"));
        let mut form = vec![
            ("action", "save"), ("status", "live"), ("title.en", "Mango"), ("version", &version), ("variant.0.id", &variant),
            ("variant.0.price", "2.50"), ("variant.0.more", "on"), ("variant.0.taxable", "on"),
            ("variant.0.unit_grams", "350"), (&crate_of, "A 7"), (&own, "some"),
        ];
        let refused = browser.post(&product, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has(&format!("{own}-err")).has("value=\"some\"").has("value=\"A 7\"");
        form.last_mut().unwrap().1 = "12";
        assert_eq!(browser.post(&product, &form).await.to(), product);
        let page = browser.get(&product).await.ok();
        page.has("value=\"12\"").has("value=\"A 7\"").has("value=\"350\"");
        let ticks = |page: &Seen, name: &str| page.text.contains(&format!("name=\"variant.0.{name}\" value=\"on\" checked"));
        assert!(ticks(&page, "taxable") && !ticks(&page, "requires_shipping"), "{}", page.text);
        page.has("Counted, and not sold when out of stock.").has("#policy");
        // a smaller form leaves what it does not know
        let version = page.input("version");
        let small = [
            ("action", "save"), ("status", "live"), ("title.en", "Mango"), ("version", &*version), ("variant.0.id", &variant),
            ("variant.0.price", "2.60"), (&own, "12"),
        ];
        assert_eq!(browser.post(&product, &small).await.to(), product);
        let page = browser.get(&product).await.ok();
        page.has("value=\"A 7\"").has("value=\"350\"").has("value=\"2.60\"");
        assert!(!ticks(&page, "requires_shipping"));

        world.refresh().await; // a price that rose since the page was shown would have to be seen first
        let order = buy(&world, &[]).await;
        let page = format!("/admin/orders/{order}");
        browser.get(&page).await.ok().has("Gift");
        browser.follow(browser.post(&format!("{page}/fields"), &[(&*format!("custom.{gift}"), "on")]).await).await.ok().has(&format!("name=\"custom.{gift}\" value=\"on\" checked"));
        let customer = format!("/admin/customers/{}", remembered(&world, order).await);
        let room = format!("custom.{room}");
        let refused = browser.post(&format!("{customer}/fields"), &[(&*room, "attic")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has(&format!("{room}-err")).has("value=\"attic\"").has("a whole number is needed");
        browser.follow(browser.post(&format!("{customer}/fields"), &[(&*room, "12")]).await).await.ok().has("value=\"12\"");
        german(&browser).await;
        browser.post(&format!("{customer}/fields"), &[(&*room, "attic")]).await.has("eine ganze Zahl");
        assert_eq!(world.count("select cast(count(*) as bigint) from audit where verb in ('order.fields', 'customer.fields')").await, 2);
    }

    async fn a_customer_has_tags_addresses_and_an_average(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let order = buy(&world, &[]).await;
        let id = remembered(&world, order).await;
        let page = format!("/admin/customers/{id}");
        let shown = browser.get(&page).await.ok();
        shown.has("Damrak 1").has("Never asked").has("€10.00");
        let seen = shown.input("seen");
        let change = [("name", "Grace"), ("email", "grace@example.com"), ("locale", "en"), ("tags", "vip, Press"), ("seen", &*seen)];
        assert_eq!(browser.post(&page, &change).await.to(), page);
        let late = browser.post(&page, &change).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.has("meanwhile").has("value=\"vip, Press\"");
        browser.get(&page).await.ok().has("<span class=\"tag\">vip</span>");
        browser.get("/admin/customers?tag=vip").await.ok().has(&page).has("<option value=\"Press\"");
        browser.get("/admin/customers?tag=none").await.ok().has_not(&page).has("Clear filters");

        let new = browser.get(&format!("{page}/addresses/new")).await.ok();
        new.has("value=\"Grace\"").has("name=\"postcode\"");
        let us = browser.post(&format!("{page}/addresses"), &[("action", "country"), ("country", "US"), ("line1", "1 Main")]).await.ok();
        us.has("name=\"region\"").has("value=\"1 Main\"");
        let mut address = vec![("action", "save"), ("country", "NL"), ("name", "Grace"), ("line1", "Singel 3"), ("postcode", "12"), ("city", "Amsterdam")];
        let refused = browser.post(&format!("{page}/addresses"), &address).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("postcode-err").has("value=\"Singel 3\"");
        address[4].1 = "1012ab";
        assert_eq!(browser.post(&format!("{page}/addresses"), &address).await.to(), page);
        let shown = browser.get(&page).await.ok();
        shown.has("Singel 3").has("1012 AB");
        let second = between(&shown, "action=\"/admin/customers/", "/main").split('/').next_back().unwrap().to_owned();
        browser.get(&format!("{page}/addresses/{second}")).await.ok().has("value=\"Singel 3\"");
        address[3].1 = "Singel 5";
        assert_eq!(browser.post(&format!("{page}/addresses/{second}"), &address).await.to(), page);
        browser.post(&format!("{page}/addresses/{second}/main"), &[]).await.to();
        let shown = browser.get(&page).await.ok();
        assert!(shown.text.find("Singel 5").unwrap() < shown.text.find("Damrak 1").unwrap(), "the main one first");
        browser.post(&format!("{page}/addresses/{second}/deletion"), &[]).await.to();
        browser.get(&page).await.ok().has_not("Singel 5");
        let gone = browser.get(&format!("{page}/addresses/{second}")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }

    async fn consent_comes_from_the_checkout_and_staff_say_why(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let order = buy(&world, &[("news", "on")]).await;
        let id = remembered(&world, order).await;
        let page = format!("/admin/customers/{id}");
        browser.get(&page).await.ok().has("Corner Shop may tell me about news").has("E-mail: agreed").has("Checkout");
        browser.get("/admin/customers?consent=yes").await.ok().has(&page);
        browser.get("/admin/customers?consent=no").await.ok().has_not(&page);
        let refused = browser.post(&format!("{page}/consents"), &[("channel", "email"), ("granted", "no"), ("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("reason-err").has("value=\"no\" selected");
        browser.post(&format!("{page}/consents"), &[("channel", "email"), ("granted", "no"), ("reason", "Rang us on Monday")]).await.to();
        browser.post(&format!("{page}/consents"), &[("channel", "post"), ("granted", "yes"), ("reason", "Signed a card")]).await.to();
        browser.get(&page).await.ok().has("E-mail: taken back").has("Rang us on Monday").has("Staff: Ada").has("Letters: agreed");
        browser.get("/admin/customers?consent=no").await.ok().has(&page);
        german(&browser).await;
        browser.get(&page).await.ok().has("Einwilligung").has("E-Mail: widerrufen").has("Mitarbeiter: Ada");
    }

    async fn the_shoppers_words_and_the_staffs_stand_apart(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let order = buy(&world, &[("note", "Ring twice\nplease")]).await;
        let page = format!("/admin/orders/{order}");
        browser.get(&page).await.ok().has("Ring twice\nplease");
        browser.post(&format!("{page}/notes"), &[("note", "Pays late"), ("tags", "")]).await.to();
        browser.get(&page).await.ok().has("Ring twice\nplease").has("Pays late");
        assert_eq!(world.count("select cast(count(*) as bigint) from orders where note like 'Ring twice%' and staff_note = 'Pays late'").await, 1);
    }

    async fn old_paths_lead_on_and_never_in_a_circle(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        browser.get("/admin/settings/redirects").await.ok().has("No redirects yet");
        let add = async |from: &str, to: &str| browser.post("/admin/settings/redirects", &[("from_path", from), ("to_path", to)]).await;
        browser.follow(add("https://old.example/shoes", "/p/mango").await).await.ok().has("<code>/shoes</code>");
        world.refresh().await;
        assert_eq!(world.browser().get("/shoes").await.to(), "/p/mango");
        assert_eq!(add("/boots", "/shoes").await.to(), "/admin/settings/redirects");
        let circle = add("/p/mango", "/boots").await;
        assert_eq!(circle.status, StatusCode::UNPROCESSABLE_ENTITY);
        circle.has("to_path-err").has("value=\"/boots\"");
        assert_eq!(add("/x", "//evil.example").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        german(&browser).await;
        add("/p/mango", "/boots").await.has("Weiterleitungen").has("im Kreis").has_not("leads back");
        browser.post("/admin/settings/redirects/deletion", &[("from_path", "/shoes")]).await.to();
        browser.get("/admin/settings/redirects").await.ok().has_not("<code>/shoes</code></td>").has("<code>/boots</code>");
    }

    async fn one_changes_ones_password_and_ends_ones_sessions(db) {
        let world = World::new(&db).await;
        let (browser, other) = (owner(&world).await, owner(&world).await);
        let page = browser.get("/admin/account").await.ok();
        page.has("ada@example.com").has("This browser");
        let wrong = browser.post("/admin/account/password", &[("current", "wrong one"), ("password", "nine plums on a plate")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.has("current-err").has_not("wrong one").has_not("nine plums");
        let weak = browser.post("/admin/account/password", &[("current", crate::world::PASSWORD), ("password", "short")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        weak.has("password-err");
        let changed = browser.post("/admin/account/password", &[("current", crate::world::PASSWORD), ("password", "nine plums on a plate")]).await;
        browser.follow(changed).await.ok().has("Password changed");
        assert!(other.get("/admin").await.to().starts_with("/admin/sign-in"), "others are signed out");

        let third = world.browser();
        let form = [("email", "ada@example.com"), ("password", "nine plums on a plate"), ("next", "/admin")];
        assert_eq!(third.post("/admin/sign-in", &form).await.to(), "/admin");
        let page = browser.get("/admin/account").await.ok();
        let end = between(&page, "action=\"/admin/account/sessions/", "\"").to_owned();
        browser.follow(browser.post(&format!("/admin/account/sessions/{end}"), &[]).await).await.ok();
        assert!(third.get("/admin").await.to().starts_with("/admin/sign-in"));
        browser.get("/admin/account").await.ok().has_not("/admin/account/sessions/deletion");
        let saved = browser.post("/admin/account", &[("name", "Ada Lovelace")]).await;
        browser.follow(saved).await.ok().has("value=\"Ada Lovelace\"");
        assert_eq!(browser.post("/admin/account", &[("name", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        german(&browser).await;
        browser.get("/admin/account").await.ok().has("Ihr Konto").has("Dieser Browser");
    }

    async fn the_welcome_and_a_category_have_their_pictures(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let refused = send(&browser, "/admin/settings/theme/image", b"no picture").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("image-err");
        assert_eq!(send(&browser, "/admin/settings/theme/image", &PNG).await.to(), "/admin/settings/theme");
        let page = browser.get("/admin/settings/theme").await.ok();
        let asset = between(&page, "src=\"/img/", "/").to_owned();
        world.refresh().await;
        let home = world.browser().get("/").await.ok();
        home.has("class=\"hero-i\"").has(&format!("/img/{asset}/"));
        // saving the other settings keeps it
        let look = [("hue", "150"), ("radius", "8"), ("hero_title.en", "Ripe today")];
        browser.post("/admin/settings/theme", &look).await.to();
        world.refresh().await;
        world.browser().get("/").await.ok().has("Ripe today").has("class=\"hero-i\"");
        browser.post("/admin/settings/theme/image/deletion", &[]).await.to();
        world.refresh().await;
        world.browser().get("/").await.ok().has_not("class=\"hero-i\"");

        let list = browser.get("/admin/categories").await.ok();
        let id = between(&list, "/admin/categories?edit=", "#").to_owned();
        let at = format!("/admin/categories/{id}/image");
        send(&browser, &at, b"no picture").await.has("image-err").has("value=\"Fruit\"");
        send(&browser, &at, &PNG).await.to();
        browser.get(&format!("/admin/categories?edit={id}")).await.ok().has(&format!("/img/{asset}/"));
        world.refresh().await;
        world.browser().get("/").await.ok().has(&format!("/img/{asset}/"));
        browser.post(&format!("{at}/deletion"), &[]).await.to();
        world.refresh().await;
        world.browser().get("/").await.ok().has_not(&asset);
    }

    async fn what_stands_around_a_page_is_the_merchants(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let bare = world.browser().get("/").await.ok();
        bare.has_not("foot-1").has_not("class=\"trust\"");
        let mut form = vec![
            ("hue", "150"), ("radius", "8"), ("announcement.en", "Closed on Monday"), ("announcement_link", "/c/fruit"),
            ("footer_text.en", "Fruit since 1911"), ("links.en", "Our story | https://example.com/us"),
            ("search_hint.en", "Apples, pears"), ("promise.1.icon", "truck"), ("promise.1.title.en", "Fast"),
            ("promise.1.text.en", "Here tomorrow"), ("legal.en", "Terms /terms"),
        ];
        let refused = browser.post("/admin/settings/theme", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("legal.en-err").has("Fruit since 1911").has("value=\"Here tomorrow\"");
        form.last_mut().unwrap().1 = "Terms | /terms\nPrivacy | javascript:alert(1)";
        browser.post("/admin/settings/theme", &form).await.has("legal.en-err").has_not("is no link");
        form.last_mut().unwrap().1 = "Terms | /terms\nPrivacy | /privacy";
        assert_eq!(browser.post("/admin/settings/theme", &form).await.to(), "/admin/settings/theme");
        browser.get("/admin/settings/theme").await.ok().has("Terms | /terms\nPrivacy | /privacy").has("value=\"Here tomorrow\"");
        world.refresh().await;
        let guest = world.browser();
        let home = guest.get("/").await.ok();
        home.has("<a href=\"/c/fruit\">Closed on Monday</a>").has("Fruit since 1911").has("href=\"https://example.com/us\"");
        home.has("placeholder=\"Apples, pears\"").has("<b>Fast</b>").has("Here tomorrow").has("href=\"/terms\"");
        guest.get("/de").await.ok().has("href=\"/de/terms\"").has("Informationen");
        guest.add("mango", "1").await;
        guest.get("/checkout").await.ok().has("href=\"/privacy\"");
        german(&browser).await;
        form.last_mut().unwrap().1 = "AGB /agb";
        browser.post("/admin/settings/theme", &form).await.has("ist kein Link");
    }

    async fn a_refund_is_told_or_not(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let order = buy(&world, &[]).await;
        let page = format!("/admin/orders/{order}/refunds");
        let told = "select cast(count(*) as bigint) from event where kind = 'OrderRefunded'";
        for (notify, wanted) in [(None, 0), (Some("on"), 1)] {
            let form = browser.get(&page).await.ok();
            form.has("name=\"notify\" value=\"on\" checked");
            let key = form.input("idempotency_key");
            let mut refund = vec![("idempotency_key", &*key), ("reason", "other"), ("custom", "1.00"), ("action", "refund")];
            refund.extend(notify.map(|n| ("notify", n)));
            assert_eq!(browser.post(&page, &refund).await.to(), format!("/admin/orders/{order}"));
            assert_eq!(world.count(told).await, wanted);
        }
        assert_eq!(world.count("select cast(count(*) as bigint) from refund").await, 2);
    }

    async fn the_timeline_speaks_the_readers_language(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        let order = buy(&world, &[]).await;
        let page = format!("/admin/orders/{order}");
        browser.post(&format!("{page}/hold"), &[("hold_reason", "Odd address")]).await.to();
        browser.post(&format!("{page}/release"), &[]).await.to();
        let ctx = world.ctx.clone();
        world.db.write("odd", async move |tx: &mut db::Tx| {
            orders::note(tx, &ctx, order, "painted", "The parcel was painted", &serde_json::json!({})).await?;
            // a row of before, whose data lacks the amount
            orders::note(tx, &ctx, order, "captured", "€1.00 captured", &serde_json::json!({})).await
        }).await.unwrap();
        browser.get(&page).await.ok().has("to be paid").has("On hold: Odd address").has("It goes on");
        german(&browser).await;
        let seen = browser.get(&page).await.ok();
        seen.has("zu zahlen").has("Odd address").has("The parcel was painted").has("€1.00 captured");
        seen.has_not("to be paid").has_not("Put on hold").has_not("Let go on");
    }

    async fn the_doctor_asks_the_audit_chain_too(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        work::audit::seal(&db).await.unwrap();
        browser.post("/admin/system/doctor", &[]).await.ok().has("Everything agrees").has("follows from the one before it");
        db.write("thief", async move |tx: &mut db::Tx| {
            tx.exec("delete from audit where seal = 1", &[]).await.map(|_| ())
        }).await.unwrap();
        browser.post("/admin/system/doctor", &[]).await.ok().has("One law broken").has_not("Everything agrees");
    }

    async fn built_in_roles_see_their_part_and_no_more(db) {
        let world = World::new(&db).await;
        let stock = ["products", "categories", "inventory", "locations"];
        let menus: [(&str, &[&str]); 5] = [
            ("manager", &["orders", "fulfilment", "customers", "imports", "mails", "system/tasks", "settings"]),
            ("fulfilment", &["orders", "fulfilment"]),
            ("support", &["orders", "customers"]),
            ("catalogue", &["imports", "settings"]),
            ("analyst", &["orders", "customers"]),
        ];
        let every = ["orders", "fulfilment", "customers", "imports", "mails", "system/tasks", "settings"];
        for (role, menu) in menus {
            let browser = signed_in_as(&world, role).await;
            let home = browser.get("/admin").await.ok();
            let nav = between(&home, "<nav class=\"nav\"", "</nav>").to_owned();
            for part in stock.iter().chain(&every) {
                let href = format!("href=\"/admin/{part}\"");
                let wanted = stock.contains(part) || menu.contains(part);
                assert_eq!(nav.contains(&href), wanted, "{role}: {part} in {nav}");
                let status = browser.get(&format!("/admin/{part}")).await.status;
                let may = if wanted { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(status, may, "{role}: {part}");
            }
            browser.get("/admin/settings/staff").await.has_not("New password");
        }
    }

    async fn a_key_is_made_for_one_place(db) {
        let world = World::new(&db).await;
        let browser = owner(&world).await;
        browser.get("/admin/settings/keys").await.ok().has_not("name=\"location_id\"");
        let (ctx, second) = (world.ctx.clone(), world.ctx.id::<kernel::Location>());
        world.db.write("place", async move |tx: &mut db::Tx| {
            inventory::create_location(tx, &ctx, second, "Far shed", &kernel::Address::default()).await
        }).await.unwrap();
        browser.get("/admin/settings/keys").await.ok().has("Far shed");
        let form = [("name", "Shed"), ("permission", "inventory:read"), ("location_id", &*second.to_string())];
        let made = browser.post("/admin/settings/keys", &form).await.ok();
        made.has("Far shed</td>");
        let key = between(&made, "id=\"secret\" value=\"", "\"").to_owned();
        let product = world.db.read(async |tx: &mut db::Tx| {
            tx.value::<kernel::VariantId>("select id from variant order by id limit 1", &[]).await
        }).await.unwrap();
        let url = format!("{}/api/2026-11/admin/inventory/levels?variants={product}", world.base);
        let levels = browser.client.get(&url).bearer_auth(&key).send().await.unwrap();
        assert_eq!(levels.status(), StatusCode::OK);
        let text = levels.text().await.unwrap();
        assert!(!text.contains(&world.ctx.store.location.to_string()), "{text}");
    }
}
