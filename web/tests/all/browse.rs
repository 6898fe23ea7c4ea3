//! Looking around, also by those who type nonsense.

use reqwest::StatusCode;

use crate::world::{MIGRATIONS, World, may};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn every_page_shows_what_there_is(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.get("/").await.ok().has("Corner Shop").has("Pink Lady").has("/c/fruit");
        b.get("/all").await.ok().has("Mango").has("€2.50");
        b.get("/c/fruit").await.ok().has("Pink Lady").has("from").has("€0.80").has("application/ld+json");
        b.get("/c/fruit?sort=price_down").await.ok().has("Mango");
        let product = b.get("/p/pink-lady").await.ok();
        product.has("Bag of 6").has("€3.99").has("Includes VAT.").has("Grower").has("Fresh and <b>good</b>.");
        b.get("/search?q=pink").await.ok().has("Pink Lady");
        b.get("/search?q=nowhere").await.ok().has("Nothing found");
        let suggested = b.get("/search/suggest?q=man").await.ok();
        assert_eq!(suggested.header("content-type"), "application/json");
        suggested.has("\"label\":\"Mango\"").has("€2.50");
        b.get("/cart").await.ok().has("Your cart is empty");
        assert_eq!(b.get("/checkout").await.to(), "/cart");
        b.get("/robots.txt").await.ok().has("Disallow: /cart").has("Disallow: /de/cart").has("/sitemap.xml");
        let map = b.get("/sitemap.xml").await.ok();
        map.has(&format!("{}/p/pink-lady</loc>", world.base)).has("/de/p/rosa-dame</loc>").has("/de/c/obst</loc>");
        b.get("/theme.css").await.ok().has("--hue:");
        for file in ["store.css", "store.js", "checkout.css", "admin.css"] {
            let seen = b.get(&web::static_url(file)).await.ok();
            assert!(seen.header("cache-control").contains("immutable"), "{file}");
        }
    }

    async fn german_lives_below_its_name(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let page = b.get("/de/p/rosa-dame").await.ok();
        page.has("lang=\"de\"").has("0,80\u{a0}€").has("href=\"/p/pink-lady\"");
        b.get("/de").await.ok().has("Rosa Dame").has("lang=\"de\"");
        b.get("/de/c/obst").await.ok().has("Rosa Dame");
        b.get("/de/search?q=rosa").await.ok().has("/de/p/rosa-dame");
        assert_eq!(b.get("/de/p/pink-lady").await.to(), "/de/p/rosa-dame", "the other language's address leads here");
        b.get("/de/cart").await.ok().has("Warenkorb");
        assert_eq!(b.get("/fr/p/pink-lady").await.status, StatusCode::NOT_FOUND);
    }

    async fn old_addresses_lead_to_new_ones(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let seen = b.get("/old/page").await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND);
        seen.has("This page is not here").has("Fruit");
        let ctx = world.ctx.clone();
        world.db.write("redirect", async move |tx: &mut db::Tx| {
            site::set_redirect(tx, &ctx, &may(&ctx), "/old/page", "/c/fruit").await
        }).await.unwrap();
        assert_eq!(b.get("/old/page").await.to(), "/c/fruit");
        let id = world.product("Kiwi", "Kiwi", world.category("More", "Mehr").await, &[("", 100, 5)]).await;
        let ctx = world.ctx.clone();
        world.db.write("rename", async move |tx: &mut db::Tx| {
            let text = catalog::TextInput {
                locale: "en".into(), title: "Golden kiwi".into(), slug: Some("golden-kiwi".into()),
                ..catalog::TextInput::default()
            };
            let change = catalog::ProductChange { texts: Some(vec![text]), ..catalog::ProductChange::default() };
            let version = catalog::get(tx, ctx.store.id, id).await.unwrap().version;
            catalog::update_product(tx, &ctx, &may(&ctx), id, version, &change).await
        }).await.unwrap();
        world.refresh().await;
        assert_eq!(b.get("/p/kiwi").await.to(), "/p/golden-kiwi");
    }

    async fn nonsense_is_answered_kindly(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        for path in [
            "/p/nothing", "/c/nothing", "/p/%00", "/p/..%2f..%2fetc", "/orders/x", "/orders/00000000000000000000000000",
            "/img/x/320.webp", "/img/ast_01h455vb4pex5vsknk084sn02q/320.webp", "/static/../Cargo.toml", "/static/nothing.css",
            "/payments/x/return", "/payments/pay_01h455vb4pex5vsknk084sn02q/return", "/test-bank/challenge/x", "/sitemap/9.xml",
            "/sitemap/x", "/nothing/at/all", "/de/nothing",
        ] {
            let seen = b.get(path).await;
            assert_eq!(seen.status, StatusCode::NOT_FOUND, "{path}: {}", seen.text);
        }
        for path in [
            "/c/fruit?page=-1&sort=nonsense", "/c/fruit?page=99999999999999999999", "/p/pink-lady?variant=nonsense",
            "/p/pink-lady?variant=var_01h455vb4pex5vsknk084sn02q", "/search?q=%ff%fe%00<script>", "/search", "/search?q=&page=abc",
            "/search/suggest", "/cart?fewer=nonsense", "/theme.css?v=%20", "/?%", "/all?page=0",
        ] {
            let seen = b.get(path).await;
            assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
            seen.has_not("<script>");
        }
        b.get("/p/lime-b").await.ok().has("Lime &lt;b&gt;&amp;").has_not("Lime <b>");
        let long = "x".repeat(2000);
        b.get(&format!("/search?q={long}")).await.ok();
        assert_eq!(b.post("/cart", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    async fn carts_take_nonsense_kindly(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let page = b.get("/p/mango").await.ok();
        let mango = page.input("variant_id");
        for (variant, quantity, status) in [
            ("", "1", StatusCode::NOT_FOUND),
            ("nonsense", "1", StatusCode::NOT_FOUND),
            ("var_01h455vb4pex5vsknk084sn02q", "1", StatusCode::NOT_FOUND),
            (mango.as_str(), "0", StatusCode::UNPROCESSABLE_ENTITY),
            (mango.as_str(), "-3", StatusCode::UNPROCESSABLE_ENTITY),
            (mango.as_str(), "1e9", StatusCode::UNPROCESSABLE_ENTITY),
            (mango.as_str(), "99999999999999999999", StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let seen = b.post("/cart/lines", &[("variant_id", variant), ("quantity", quantity)]).await;
            assert_eq!(seen.status, status, "{variant} × {quantity}: {}", seen.text);
        }
        // more than there are: what there is, and it says so
        let seen = b.post("/cart/lines", &[("variant_id", &mango), ("quantity", "9")]).await;
        b.follow(seen).await.ok().has("Only 3 left");
        // sold out
        let lime = b.get("/p/lime-b").await.ok().input("variant_id");
        let seen = b.post("/cart/lines", &[("variant_id", &lime)]).await;
        assert_eq!(seen.status, StatusCode::CONFLICT);
        seen.has("is sold out").has("Mango");
        // a script is told the same as JSON
        let url = format!("{}/cart/lines", world.base);
        let answer = b.client.post(url).header("accept", "application/json").form(&[("variant_id", &lime)]).send().await;
        let answer: serde_json::Value = answer.unwrap().json().await.unwrap();
        assert_eq!((answer["ok"].as_bool(), answer["count"].as_i64()), (Some(false), Some(3)));
        // lines
        let cart = b.get("/cart").await.ok();
        let line = cart.text.split("/cart/lines/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        for (action, quantity, shown) in [
            ("less", "3", "value=\"2\""), ("set", "abc", "value=\"2\""), ("set", "1", "value=\"1\""), ("more", "1", "value=\"2\""),
            ("set", "-5", "Your cart is empty"),
        ] {
            let seen = b.post(&format!("/cart/lines/{line}"), &[("action", action), ("quantity", quantity)]).await;
            b.follow(seen).await.ok().has(shown);
        }
        let seen = b.post("/cart/lines/nonsense", &[("action", "remove")]).await;
        assert_eq!(seen.to(), "/cart");
        // cookies that are none of ours
        for cookie in ["cart=nonsense", "cart=", "cart=0000000000000000000000000000", "cart=%ff; =;;", "cart_count=<b>"] {
            let url = format!("{}/cart", world.base);
            let answer = world.browser().client.get(url).header("cookie", cookie).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{cookie}");
        }
        assert_eq!(world.order_count().await, 0);
    }

    async fn other_sites_cannot_fill_carts(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let mango = b.get("/p/mango").await.ok().input("variant_id");
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let url = format!("{}/cart/lines", world.base);
            let answer = b.client.post(url).header(name, value).form(&[("variant_id", &mango)]).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        }
        b.get("/cart").await.ok().has("Your cart is empty");
        let page = b.get("/").await.ok();
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }

    async fn before_set_up_there_is_only_set_up(db) {
        let world = World::bare(&db).await;
        let b = world.browser();
        assert_eq!(b.get("/").await.to(), "/admin/setup");
        assert_eq!(b.get("/p/pink-lady").await.to(), "/admin/setup");
        assert_eq!(b.post("/cart/lines", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
        b.get("/healthz").await.ok();
        b.get("/readyz").await.ok().has("set up");
        b.get("/static/store.css").await.ok();
    }
}
