//! The storefront's read side on both engines: what is shown, found, kept, and how soon a change shows.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod scene;

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::{Db, Tx};
use kernel::TextState as _;
use scene::{Scene, text};
use shopfront::{Deps, Found, Sort, Stock};

const TABLES: &[db::Migrations] = &[
    work::MIGRATIONS,
    site::MIGRATIONS,
    catalog::MIGRATIONS,
    assets::MIGRATIONS,
    pricing::MIGRATIONS,
    inventory::MIGRATIONS,
];

fn here<T>(found: Found<T>) -> T {
    match found {
        Found::Here(page) => *page,
        Found::Moved(to) => panic!("moved to {to}"),
        Found::Gone => panic!("gone"),
    }
}

fn titles(cards: &[shopfront::Card]) -> Vec<&str> {
    cards.iter().map(|c| c.title.as_str()).collect()
}

testkit::on_both! {
    migrations = TABLES;

    async fn a_category_shows_what_is_in_and_below_it(db) {
        let s = Scene::new(&db).await;
        let fruit = s.category(None, "Fruit", "Obst").await;
        let citrus = s.category(Some(fruit), "Citrus", "Zitrusfrüchte").await;
        let apple = s.product("Apple", Some(fruit), &[199]).await;
        let lemon = s.product("Lemon", Some(citrus), &[89, 299]).await;
        s.product("Bread", None, &[350]).await;
        s.draft("Secret").await;
        s.unpriced("Priceless", Some(fruit)).await;
        let front = s.open().await;
        let page = here(front.category("en", "fruit", Sort::Featured, 1).await.unwrap());
        assert_eq!(titles(&page.cards), ["Apple", "Lemon"]);
        assert_eq!((page.total, page.page, page.pages, page.name.as_str()), (2, 1, 1, "Fruit"));
        assert_eq!(page.children.iter().map(|c| (c.name.as_str(), c.products)).collect::<Vec<_>>(), [("Citrus", 1)]);
        assert_eq!(page.alternates, [("en".into(), "fruit".into()), ("de".into(), "obst".into())]);
        let (a, l) = (&page.cards[0], &page.cards[1]);
        assert_eq!((a.product, a.price_minor, a.from, a.stock), (apple, 199, false, Stock::In));
        assert!(a.only_variant.is_some() && l.only_variant.is_none());
        assert_eq!((l.product, l.price_minor, l.from, l.variants), (lemon, 89, true, 2));
        let below = here(front.category("de", "zitrusfruechte", Sort::Featured, 1).await.unwrap());
        assert_eq!(below.crumbs.iter().map(|c| c.slug.as_str()).collect::<Vec<_>>(), ["obst", "zitrusfruechte"]);
        for (sort, order) in [
            (Sort::Featured, ["Apple", "Lemon", "Bread"]),
            (Sort::PriceUp, ["Lemon", "Apple", "Bread"]),
            (Sort::PriceDown, ["Bread", "Apple", "Lemon"]),
            (Sort::Newest, ["Bread", "Lemon", "Apple"]),
            (Sort::Name, ["Apple", "Bread", "Lemon"]),
        ] {
            assert_eq!(titles(&front.everything("en", sort, 1).cards), order, "{}", sort.as_str());
        }
        // an address of another language leads on; one of none does not exist
        assert_eq!(front.category("de", "fruit", Sort::Featured, 1).await.unwrap(), Found::Moved("obst".into()));
        assert_eq!(front.category("en", "nothing", Sort::Featured, 1).await.unwrap(), Found::Gone);
        let tree = front.tree("de");
        assert_eq!((tree.len(), tree[0].products, tree[0].children[0].name.as_str()), (1, 2, "Zitrusfrüchte"));
    }

    async fn pages_hold_24(db) {
        let s = Scene::new(&db).await;
        for n in 0..50 {
            s.product(&format!("Item {n:02}"), None, &[100 + n]).await;
        }
        let front = s.open().await;
        let page = front.everything("en", Sort::PriceUp, 2);
        assert_eq!((page.cards.len(), page.pages, page.cards[0].title.as_str()), (24, 3, "Item 24"));
        assert_eq!(front.everything("en", Sort::PriceUp, 99).page, 3);
        assert_eq!(front.everything("en", Sort::PriceUp, 3).cards.len(), 2);
        assert_eq!(front.sitemap(0, 100).len(), 50);
        assert_eq!(front.sitemap(48, 100).len(), 2);
    }

    async fn a_product_page_has_everything(db) {
        let s = Scene::new(&db).await;
        let fruit = s.category(None, "Fruit", "Obst").await;
        let id = s.product("Lemon", Some(fruit), &[89, 299]).await;
        s.product("Apple", Some(fruit), &[199]).await;
        let v = s.variants(id).await;
        s.stock(v[0], 3).await;
        s.stock(v[1], 0).await;
        s.image(id, "Two lemons").await;
        s.tax("VAT 9 %", 9).await;
        let front = s.open().await;
        let page = here(front.product("en", "lemon").await.unwrap());
        assert_eq!((page.title.as_str(), page.vendor.as_str()), ("Lemon", "Grower"));
        assert_eq!(page.images.iter().map(|i| (&*i.alt, i.width)).collect::<Vec<_>>(), [("Two lemons", 800)]);
        assert_eq!(page.options[0].values, ["1", "2"]);
        let shown: Vec<_> = page.variants.iter().map(|v| (v.price_minor, v.stock, v.title.as_str())).collect();
        assert_eq!(shown, [(89, Stock::Low(3), "1"), (299, Stock::Out, "2")]);
        assert_eq!(page.variants[0].unit.unwrap().per_kilo_minor, 178);
        assert_eq!(titles(&page.related), ["Apple"]);
        assert_eq!(page.crumbs[0].slug, "fruit");
        assert_eq!(page.tax.name, "VAT 9 %");
        assert_eq!(page.alternates, [("en".into(), "lemon".into())]);
        // German has no text of its own: the English one is shown, at its address
        assert_eq!(here(front.product("de", "lemon").await.unwrap()).locale, "en");
        // a new address: the old one leads on
        s.retitle(id, "Zesty lemon", "zesty-lemon").await;
        front.refresh().await.unwrap();
        assert_eq!(front.product("en", "lemon").await.unwrap(), Found::Moved("zesty-lemon".into()));
        assert_eq!(here(front.product("en", "zesty-lemon").await.unwrap()).title, "Zesty lemon");
        s.retire(id).await;
        front.refresh().await.unwrap();
        assert_eq!(front.product("en", "zesty-lemon").await.unwrap(), Found::Gone);
        assert_eq!(front.products(), 1);
    }

    async fn finds_words_beginnings_codes_and_what_was_mistyped(db) {
        let s = Scene::new(&db).await;
        let fruit = s.category(None, "Fruit", "Obst").await;
        let lemon = s.product("Sicilian lemon", Some(fruit), &[89]).await;
        s.product("Green apple", Some(fruit), &[199]).await;
        s.product("Apple cider vinegar", None, &[299]).await;
        s.german(lemon, "Zitrone aus Sizilien").await;
        let front = s.open().await;
        assert!(!front.is_indexed());
        assert_eq!(front.search("en", "apple", 1).unwrap().total, 2, "titles are searched while the index is built");
        front.settle().await.unwrap();
        assert!(front.is_indexed());
        let found = |locale: &str, words: &str| {
            let page = front.search(locale, words, 1).unwrap();
            assert_eq!(page.total, page.cards.len());
            let mut titles: Vec<_> = page.cards.into_iter().map(|c| c.title).collect();
            titles.sort();
            titles
        };
        assert_eq!(found("en", "lemon"), ["Sicilian lemon"]);
        assert_eq!(found("en", "LEM"), ["Sicilian lemon"], "the beginning of a word");
        assert_eq!(found("en", "green app"), ["Green apple"], "every word");
        assert_eq!(found("en", "lemno"), ["Sicilian lemon"], "swapped");
        assert_eq!(found("en", "sicillian lemon"), ["Sicilian lemon"], "one too many");
        assert_eq!(found("en", "gren"), Vec::<String>::new(), "short words as they are");
        assert_eq!(found("de", "zitrone"), ["Zitrone aus Sizilien"]);
        assert_eq!(found("en", "zitrone"), Vec::<String>::new());
        assert_eq!(found("en", "sku-sicilian-lemon-1"), ["Sicilian lemon"], "a code as a whole");
        assert_eq!(found("en", "grower"), ["Apple cider vinegar", "Green apple", "Sicilian lemon"], "the brand");
        assert_eq!(found("en", "obst"), Vec::<String>::new());
        assert_eq!(found("de", "obst").len(), 2, "the category");
        assert_eq!(found("en", "fresh").len(), 3, "a tag");
        assert_eq!(found("en", "described").len(), 3, "the description");
        for nothing in ["", "  ", "!?", "xylophone", "\u{0}", "((("] {
            assert!(found("en", nothing).is_empty(), "{nothing}");
        }
        let hints = front.suggest("en", "fru").unwrap();
        assert_eq!(hints.categories.iter().map(|c| (c.slug.as_str(), c.products)).collect::<Vec<_>>(), [("fruit", 2)]);
        assert_eq!(front.suggest("en", "appl").unwrap().products.len(), 2);
        // what changes is found anew
        s.retitle(lemon, "Sicilian lime", "lime").await;
        front.settle().await.unwrap();
        assert!(front.search("en", "lemon", 1).unwrap().cards.iter().all(|c| c.title != "Sicilian lemon"));
        assert_eq!(front.search("en", "lime", 1).unwrap().total, 1);
        s.rename_category(fruit, "Orchard").await;
        front.settle().await.unwrap();
        assert_eq!(front.search("en", "orchard", 1).unwrap().total, 2);
    }

    async fn a_change_drops_the_bodies_that_show_it(db) {
        let s = Scene::new(&db).await;
        let (fruit, bread) = (s.category(None, "Fruit", "Obst").await, s.category(None, "Bread", "Brot").await);
        let apple = s.product("Apple", Some(fruit), &[199]).await;
        let loaf = s.product("Loaf", Some(bread), &[350]).await;
        let of_apple = s.variants(apple).await[0];
        s.stock(of_apple, 100).await;
        let front = s.open().await;
        front.settle().await.unwrap();
        let keep = || async {
            let fruit_page = here(front.category("en", "fruit", Sort::Featured, 1).await.unwrap());
            let bread_page = here(front.category("en", "bread", Sort::Featured, 1).await.unwrap());
            let apple_page = here(front.product("en", "apple").await.unwrap());
            let found = front.search("en", "apple", 1).unwrap();
            let all = [("/c/fruit", fruit_page.deps), ("/c/bread", bread_page.deps), ("/p/apple", apple_page.deps),
                ("/search", found.deps), ("/about", Deps::default())];
            for (address, deps) in all {
                front.kept().get_or_render(address, async { scene::body(address, deps) }).await.unwrap();
            }
        };
        let kept = || {
            ["/c/fruit", "/c/bread", "/p/apple", "/search", "/about"].into_iter().filter(|a| front.kept().get(a).is_some()).collect::<Vec<_>>()
        };
        keep().await;
        assert_eq!(kept().len(), 5);
        front.refresh().await.unwrap();
        assert_eq!(kept().len(), 5, "nothing changed");

        s.stock(of_apple, 60).await;
        front.refresh().await.unwrap();
        assert_eq!(kept().len(), 5, "a sale that nobody sees drops nothing");
        s.stock(of_apple, 4).await;
        front.refresh().await.unwrap();
        assert_eq!(kept(), ["/c/bread", "/about"], "only 4 left");
        assert_eq!(here(front.product("en", "apple").await.unwrap()).variants[0].stock, Stock::Low(4));

        keep().await;
        s.price(of_apple, 149).await;
        front.refresh().await.unwrap();
        assert_eq!(kept(), ["/c/bread", "/about"]);
        assert_eq!(here(front.category("en", "fruit", Sort::Featured, 1).await.unwrap()).cards[0].price_minor, 149);

        keep().await;
        s.product("Pear", Some(fruit), &[99]).await;
        front.refresh().await.unwrap();
        assert_eq!(kept(), ["/c/bread", "/p/apple", "/about"].iter().copied().filter(|a| *a != "/p/apple").collect::<Vec<_>>(),
            "a new neighbour is related");

        front.settle().await.unwrap();
        keep().await;
        s.retire(loaf).await;
        front.refresh().await.unwrap();
        assert_eq!(kept(), ["/c/fruit", "/p/apple", "/about"]);

        front.settle().await.unwrap();
        keep().await;
        s.rename_category(bread, "Bakery").await;
        front.refresh().await.unwrap();
        assert_eq!(kept(), Vec::<&str>::new(), "the tree is everywhere");
    }

    async fn a_price_begins_and_ends_by_itself(db) {
        let s = Scene::new(&db).await;
        let id = s.product("Apple", None, &[199]).await;
        let v = s.variants(id).await[0];
        let front = s.open().await;
        let price = || front.cards("en", &[id]).first().map(|c| c.price_minor);
        s.price_from(v, 99, s.in_minutes(10), s.in_minutes(20)).await;
        front.refresh().await.unwrap();
        assert_eq!(price(), None, "the one price there is has not begun");
        for (minutes, shown) in [(9, None), (11, Some(99)), (19, Some(99)), (21, None)] {
            s.clock_at(minutes);
            front.refresh().await.unwrap();
            assert_eq!(price(), shown, "after {minutes} minutes");
        }
    }

    async fn the_index_outlives_the_process(db) {
        let s = Scene::new(&db).await;
        let apple = s.product("Apple", None, &[199]).await;
        let first = s.open().await;
        first.settle().await.unwrap();
        scene::leave(first).await;
        s.retitle(apple, "Boskoop", "boskoop").await;
        let second = s.open().await;
        assert!(second.is_indexed(), "the index that was left fits");
        second.settle().await.unwrap();
        assert_eq!(titles(&second.search("en", "boskoop", 1).unwrap().cards), ["Boskoop"]);
        // another process beside it has an index of its own
        let beside = s.open().await;
        assert!(!beside.is_indexed());
        beside.settle().await.unwrap();
        assert_eq!(beside.search("en", "boskoop", 1).unwrap().total, 1);
        drop(beside);
        scene::leave(second).await;
        // a database that does not fit the index: rows went without a word, as after a restore
        s.sql("update product set state = 'retired'").await;
        let third = s.open().await;
        third.settle().await.unwrap();
        assert_eq!(third.search("en", "boskoop", 1).unwrap().total, 0);
    }

    async fn another_language_is_taken_in(db) {
        let s = Scene::new(&db).await;
        let id = s.product("Apple", None, &[199]).await;
        let front = s.open().await;
        front.settle().await.unwrap();
        s.texts(id, vec![text("fr", "Pomme")]).await;
        s.locales(&["fr", "en"]).await;
        front.settle().await.unwrap();
        assert_eq!(front.locales(), ["fr", "en"]);
        assert_eq!(front.search("fr", "pomme", 1).unwrap().total, 1);
        assert_eq!(front.cards("fr", &[id])[0].title, "Pomme");
        assert_eq!(front.cards("unknown", &[id])[0].title, "Pomme", "the default");
    }

    async fn a_change_shows_in_every_process_within_a_second(db) {
        let s = Scene::new(&db).await;
        let id = s.product("Apple", None, &[199]).await;
        let v = s.variants(id).await[0];
        let (a, b) = (s.open().await, s.open().await);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let runs: Vec<_> = [&a, &b].into_iter().map(|f| tokio::spawn(Arc::clone(f).run(stopped.clone()))).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        for amount in [149, 159, 169] {
            s.price(v, amount).await;
            s.retitle(id, &format!("Apple {amount}"), &format!("apple-{amount}")).await;
            let began = Instant::now();
            let shows = |f: &shopfront::Shopfront| {
                let card = f.cards("en", &[id]).remove(0);
                card.price_minor == amount && f.search("en", &amount.to_string(), 1).unwrap().total == 1
            };
            while !(shows(&a) && shows(&b)) {
                assert!(began.elapsed() < Duration::from_millis(1500), "not within a second: {:?}", began.elapsed());
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        stop.send(true).unwrap();
        for run in runs {
            run.await.unwrap();
        }
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap();
        }
    }
}

/// What 10,000 products of three variants take; run by hand: `cargo test -p shopfront -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn ten_thousand() {
    async fn body(db: Db) {
        let s = Scene::new(&db).await;
        s.many(10_000).await;
        let before = scene::anonymous_kib();
        let began = Instant::now();
        let front = s.open().await;
        println!("load {:?}, {} KiB", began.elapsed(), scene::anonymous_kib() - before);
        let began = Instant::now();
        front.settle().await.unwrap();
        println!("index {:?}, {} KiB", began.elapsed(), scene::anonymous_kib() - before);
        for words in ["product", "product 77", "prodduct", "sku-5000-2", "description words"] {
            let began = Instant::now();
            println!(
                "search '{words}': {} in {:?}",
                front.search("en", words, 1).unwrap().total,
                began.elapsed()
            );
        }
        for sort in Sort::ALL {
            let began = Instant::now();
            let page = front.everything("en", *sort, 7);
            println!("{sort}: {} in {:?}", page.cards.len(), began.elapsed());
        }
        let began = Instant::now();
        here(front.product("en", "product-4711").await.unwrap());
        println!("product {:?}", began.elapsed());
        let began = Instant::now();
        db.read(async |tx: &mut Tx| tx.value::<i64>("select cast(1 as bigint)", &[]).await).await.unwrap();
        for _ in 0..100 {
            front.refresh().await.unwrap();
        }
        println!("idle refresh {:?}", began.elapsed() / 100);
    }
    testkit::run(testkit::Engine::Sqlite, TABLES, body);
}
