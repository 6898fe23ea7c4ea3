//! Pages are rendered once, kept, and dropped as soon as what they show changes.

use db::Tx;
use reqwest::StatusCode;

use crate::world::{MIGRATIONS, Seen, World};

const PAGES: &[&str] = &[
    "/",
    "/all",
    "/c/fruit",
    "/c/fruit?sort=price",
    "/p/pink-lady",
    "/search?q=pink",
    "/de",
    "/de/p/rosa-dame",
];

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_hit_asks_the_database_nothing(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.get("/").await.ok();
        // the storefront's own look at the change feed costs a statement each 100 ms: it is told apart by standing still
        world.state.end().await;
        for page in PAGES {
            b.get(page).await.ok();
        }
        let before = db.stats().statements();
        for page in PAGES {
            for _ in 0..10 {
                b.get(page).await.ok();
            }
        }
        // addresses that only differ in what nobody asks for are the same page
        b.get("/p/pink-lady?utm_source=news").await.ok();
        b.get("/c/fruit?page=1&sort=featured&x=y").await.ok();
        assert_eq!(db.stats().statements() - before, 0, "kept pages asked the database");
    }

    async fn a_page_is_known_by_its_etag_and_comes_compressed(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let first = b.get("/p/pink-lady").await.ok();
        let etag = first.header("etag").to_owned();
        let url = format!("{}/p/pink-lady", world.base);
        let again = b.client.get(&url).header("if-none-match", &etag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(again.bytes().await.unwrap().is_empty());
        for encoding in ["br", "gzip"] {
            let mut got = String::new();
            for _ in 0..50 {
                let answer = b.client.get(&url).header("accept-encoding", encoding).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK);
                got = answer.headers().get("content-encoding").map_or("", |e| e.to_str().unwrap()).to_owned();
                if got == encoding {
                    let small = answer.bytes().await.unwrap();
                    assert!(small.len() * 2 < first.text.len(), "{encoding}: {}", small.len());
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            assert_eq!(got, encoding);
        }
        let head = Seen::of(b.client.head(&url).send().await.unwrap()).await.ok();
        assert!(head.text.is_empty() && head.header("etag") == etag);
    }

    async fn a_changed_price_is_shown_at_once(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let mango = b.get("/p/mango").await.ok().input("variant_id");
        b.get("/all").await.ok().has("€2.50");
        world.price(mango.parse().unwrap(), 275).await;
        world.refresh().await;
        b.get("/p/mango").await.ok().has("€2.75").has_not("€2.50");
        b.get("/all").await.ok().has("€2.75");
    }

    async fn a_cart_remembers_no_price_that_has_changed(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let mango = b.get("/p/mango").await.ok().input("variant_id");
        b.add("mango", "2").await;
        let warm = db.stats().statements();
        b.get("/cart").await.ok().has("€5.00");
        b.get("/cart").await.ok().has("€5.00");
        assert!(db.stats().statements() - warm < 12, "what is for sale, prices, taxes and shipping are remembered");
        // set here, by an import, and by another process, which only the feed tells of
        world.price(mango.parse().unwrap(), 275).await;
        b.get("/cart").await.ok().has("€5.50");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("products.csv");
        std::fs::write(&file, "Title,URL handle,Price\nMango,mango,3.10\n").unwrap();
        let vault = assets::Vault::open(dir.path()).unwrap();
        let (permit, options) = (world.ctx.permit().unwrap(), flows::import::Options::default());
        let told = flows::import::products(&db, &world.ctx, &vault, &permit, &file, &options, &|_| ()).await.unwrap();
        assert_eq!(told.updated, 1, "{told:?}");
        b.get("/cart").await.ok().has("€6.20");
        let ctx = world.ctx.clone();
        db.write("elsewhere", async move |tx: &mut Tx| {
            tx.exec("update price set amount_minor = 320", &[]).await?;
            let ids: Vec<(kernel::VariantId,)> = tx.all("select variant_id from price", &[]).await?;
            for (id,) in &ids {
                tx.exec("insert into change (subject, subject_id, at) values ('price', $1, $2)", db::params![*id, ctx.now()]).await?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
        let began = std::time::Instant::now();
        while !b.get("/cart").await.ok().text.contains("€6.40") {
            assert!(began.elapsed() < std::time::Duration::from_secs(1), "not seen within a second");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}
