//! Product files on both databases: both dialects, wrong rows, twice, dry, cut off at every point.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assets::Vault;
use db::{Tx, Val};
use flows::import::{Options, Report, products};
use testkit::Engine;

use crate::world::World;

const OLD: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Image,Cost per item,Status,Fabric (product.metafields.custom.fabric),Washes,Weave\n\
shirt,Linen Shirt,\"<p>Soft.<script>x()</script></p>\",Flax & Co,Apparel > Clothing > Shirts,,\"linen, summer\",TRUE,Size,S,Colour,Blue,LS-S,250.5,shopify,5,deny,49.90,59.90,TRUE,TRUE,'4006381333931,https://cdn.example.com/shirt-2.jpg?v=1,2,Back,FALSE,Linen shirt,Cool,https://cdn.example.com/blue.jpg,20,active,linen,30,007\n\
shirt,,,,,,,,,M,,Blue,LS-M,260,shopify,0,continue,49.90,,TRUE,TRUE,,https://cdn.example.com/shirt-1.jpg,1,Front,,,,,20,,,,\n\
shirt,,,,,,,,,L,,Blue,LS-L,270,,,deny,54.90,40,TRUE,FALSE,,,,,,,,,,,,,\n\
shirt,,,,,,,,,,,,,,,,,,,,,,https://cdn.example.com/shirt-3.jpg,3,Detail,,,,,,,,,\n\
gift-wrap,Gift wrap,,,,Services,,FALSE,Title,Default Title,,,GW,0,,,deny,2.50,,FALSE,TRUE,,,,,FALSE,,,,,active,,,\n";

const NEW: &str = "\u{feff}status;TITLE;url handle;Description;Vendor;Product category;Type;Tags;Published on online store;SKU;Barcode;Option1 name;Option1 value;Option2 name;Option2 value;Price;Compare-at price;Cost per item;Charge tax;Inventory tracker;Inventory quantity;Continue selling when out of stock;Weight value (grams);Requires shipping;Product image URL;Image position;Image alt text;Variant image URL;Gift card;SEO title;SEO description;Fabric (product.metafields.custom.fabric);Washes;Weave\r\n\
Active;Linen Shirt;shirt;\"<p>Soft.<script>x()</script></p>\";Flax & Co;Apparel > Clothing > Shirts;;\"linen, summer\";TRUE;LS-S;4006381333931;Size;S;Colour;Blue;49.90;59.90;20;TRUE;shopify;5;FALSE;250.5;TRUE;https://cdn.example.com/shirt-2.jpg?v=1;2;Back;https://cdn.example.com/blue.jpg;FALSE;Linen shirt;Cool;linen;30;007\r\n\
;;shirt;;;;;;;LS-M;;;M;;Blue;49.90;;20;TRUE;shopify;0;TRUE;260;TRUE;https://cdn.example.com/shirt-1.jpg;1;Front;;;;;;;\r\n\
;;shirt;;;;;;;LS-L;;;L;;Blue;54.90;40;;FALSE;;;FALSE;270;TRUE;;;;;;;;;;\r\n\
;;shirt;;;;;;;;;;;;;;;;;;;;;;https://cdn.example.com/shirt-3.jpg;3;Detail;;;;;;;\r\n\
Active;Gift wrap;gift-wrap;;;;Services;;FALSE;GW;;Title;Default Title;;;2.50;;;TRUE;;;FALSE;0;FALSE;;;;;FALSE;;;;;\r\n";

struct Desk {
    world: World,
    dir: tempfile::TempDir,
}

impl Desk {
    async fn new(engine: Engine) -> Option<Desk> {
        Some(Desk { world: World::new(engine).await?, dir: tempfile::tempdir().unwrap() })
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn try_run(&self, file: &Path, options: Options) -> Result<Report, flows::import::Error> {
        let vault = Vault::open(&self.dir.path().join("files")).unwrap();
        let permit = self.world.ctx.permit().unwrap();
        // a server runs it beside its requests, so it must be able to move between threads
        fn movable<F: Future + Send>(f: F) -> F {
            f
        }
        movable(products(&self.world.db, &self.world.ctx, &vault, &permit, file, &options, &|_| ())).await
    }

    async fn run(&self, name: &str, text: impl AsRef<[u8]>) -> Report {
        let file = self.file(name, text);
        self.try_run(&file, Options::default()).await.unwrap()
    }

    /// Everything that an import writes, ids and all, as text.
    async fn shop(&self, ids: bool) -> Vec<String> {
        let columns = [
            (
                "product p join product_text t on t.product_id = p.id",
                "t.slug || ' ' || t.title || ' ' || t.description || ' ' || p.state || ' ' || p.vendor || ' ' || p.product_type || ' ' || p.tags || ' ' || t.seo_title || ' ' || t.seo_description",
                "p.id",
            ),
            (
                "variant v",
                "coalesce(v.sku, '-') || ' ' || coalesce(v.gtin, '-') || ' ' || coalesce(v.option1, '-') || ' ' || coalesce(v.option2, '-') || ' ' || cast(v.position as text) || ' ' || coalesce(cast(v.weight_grams as text), '-') || ' ' || coalesce(cast(v.cost_minor as text), '-') || case when v.requires_shipping then ' ships' else '' end || case when v.taxable then ' taxed' else '' end || case when v.image_id is null then '' else ' pictured' end",
                "v.id",
            ),
            (
                "price x join variant v on v.id = x.variant_id",
                "coalesce(v.sku, '-') || ' ' || cast(x.amount_minor as text) || ' ' || coalesce(cast(x.compare_at_minor as text), '-')",
                "x.id",
            ),
            (
                "stock_level l join variant_item i on i.item_id = l.item_id join variant v on v.id = i.variant_id join inventory_item j on j.id = l.item_id",
                "coalesce(v.sku, '-') || ' ' || cast(l.on_hand as text) || case when j.tracked then ' counted' else '' end || case when j.oversell then ' oversold' else '' end",
                "l.item_id",
            ),
            ("category_text c", "c.name || ' ' || c.slug", "c.category_id"),
            (
                "custom_value c join custom_field f on f.id = c.field_id",
                "f.namespace || '.' || f.key || ' ' || f.kind || ' ' || c.value",
                "c.subject_id",
            ),
            (
                "asset_usage u join asset a on a.id = u.asset_id",
                "cast(u.position as text) || ' ' || a.file_name || ' ' || u.alt",
                "u.asset_id",
            ),
        ];
        let mut out = vec![];
        for (from, what, id) in columns {
            let text = format!("select {what}, {id} from {from}");
            let rows: Vec<(String, uuid::Uuid)> =
                self.world.db.read(async |tx: &mut Tx| tx.all(&text, &[]).await).await.unwrap();
            out.extend(rows.into_iter().map(|(text, id)| if ids { format!("{text} {id}") } else { text }));
        }
        out.sort();
        out
    }

    async fn one(&self, sql: &str, params: &[Val<'_>]) -> i64 {
        self.world.db.read(async |tx: &mut Tx| tx.value(sql, params).await).await.unwrap()
    }
}

/// `count` products of three variants, some of them wrong.
fn many(count: usize) -> String {
    let mut text = "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Material\n".to_owned();
    for i in 0..count {
        for (n, size) in ["S", "M", "L"].iter().enumerate() {
            let (title, body, kind, option) = match n {
                0 => (
                    format!("Product {i}"),
                    format!("<p>Number <b>{i}</b></p>"),
                    format!("Type {}", i % 3),
                    "Size",
                ),
                _ => (String::new(), String::new(), String::new(), ""),
            };
            let price = if i % 5 == 3 && n == 1 { "free".to_owned() } else { format!("{}.50", i + n) };
            text +=
                &format!("product-{i},{title},{body},{kind},{option},{size},P{i}-{n},{price},shopify,{n},\n");
        }
    }
    text
}

macro_rules! on_both { ($($(#[$m:meta])* async fn $name:ident($desk:ident) $body:block)*) => { $(
    mod $name {
        use super::*;
        async fn body(engine: Engine) {
            let Some($desk) = Desk::new(engine).await else {
                testkit::skipped(std::thread::current().name().unwrap_or("a test"));
                return;
            };
            $body
            $desk.world.lawful().await;
        }
        $(#[$m])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn sqlite() { body(Engine::Sqlite).await; }
        $(#[$m])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() { body(Engine::Postgres).await; }
    }
)* } }

on_both! {
    async fn both_dialects_make_the_same_shop_and_twice_is_once(desk) {
        let first = desk.run("old.csv", OLD).await;
        assert_eq!((first.rows, first.created, first.refused), (5, 2, 0), "{first:#?}");
        assert_eq!(first.categories, 4);
        let shop = desk.shop(true).await;
        let has = |line: &str| assert!(shop.iter().any(|l| l.starts_with(line)), "{line} in {shop:#?}");
        has("shirt Linen Shirt <p>Soft.</p> live Flax & Co  [\"linen\",\"summer\"] Linen shirt Cool");
        has("gift-wrap Gift wrap  draft  Services");
        has("LS-S 4006381333931 S Blue 1 251 2000 ships taxed pictured");
        has("LS-L - L Blue 3 270 - ships ");
        has("GW - - - 1 0 - taxed");
        has("LS-S 4990 5990");
        has("LS-L 5490 - ");
        has("LS-S 5 counted ");
        has("LS-M 0 counted oversold");
        has("LS-L 0 ");
        has("Shirts shirts");
        has("custom.fabric text linen");
        has("custom.washes integer 30");
        has("custom.weave text 007");
        has("1 shirt-1.jpg Front");
        has("2 shirt-2.jpg Back");
        has("4 blue.jpg ");
        assert_eq!(first.pictures_to_fetch, 4);
        let again = desk.run("old.csv", OLD).await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 2));
        assert_eq!(desk.shop(true).await, shop, "the same file again changes nothing");
        let other = desk.run("new.csv", NEW).await;
        assert_eq!((other.created, other.updated, other.unchanged, other.refused), (0, 0, 2, 0), "{other:#?}");
        assert_eq!(desk.shop(true).await, shop, "the other dialect says the same");
        assert_eq!(desk.one("select cast(count(*) as bigint) from task where kind = 'assets.fetch'", &[]).await, 4);
    }

    async fn the_new_dialect_makes_it_too(desk) {
        let first = desk.run("new.csv", NEW).await;
        assert_eq!((first.created, first.refused), (2, 0), "{first:#?}");
        let again = desk.run("old.csv", OLD).await;
        assert_eq!(again.unchanged, 2);
    }

    async fn wrong_rows_go_out_with_their_reasons_and_come_back_mended(desk) {
        let file = desk.file("many.csv", many(7));
        let first = desk.try_run(&file, Options::default()).await.unwrap();
        assert_eq!((first.created, first.refused, first.refused_rows), (6, 1, 3), "{first:#?}");
        assert_eq!(first.remarks[0].row, 11);
        let errors = first.error_file.clone().unwrap();
        assert_eq!(errors, desk.dir.path().join("many.errors.csv"));
        let text = std::fs::read_to_string(&errors).unwrap();
        assert!(text.starts_with("Handle,Title,") && text.lines().next().unwrap().ends_with(",Material,error"), "{text}");
        assert!(text.contains("'free' is not an amount") && text.contains("row 11 of this product is wrong"), "{text}");
        let mended = desk.file("mended.csv", text.replace(",free,", ",9.99,"));
        let second = desk.try_run(&mended, Options::default()).await.unwrap();
        assert_eq!((second.created, second.refused, second.error_file), (1, 0, None));
        assert!(second.fields.is_empty(), "the reasons are no field of anybody's");
    }

    async fn every_sort_of_mistake_is_told(desk) {
        let text = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Status,Variant Grams,Image Position,Image Src,Gift Card\n\
            good,Good,Size,S,G1,1,active,1,,,\n\
            no-title,,Size,S,N1,1,,,,,\n\
            twins,Twins,Size,S,T1,1,,,,,\n\
            twins,,,s,T2,1,,,,,\n\
            thief,Thief,Size,S,G1,1,,,,,\n\
            short,Short,Size\n\
            status,Status,Size,S,S1,1,sleeping,,,,\n\
            heavy,Heavy,Size,S,H1,1,,a ton,,,\n\
            ,,Size,S,X1,1,,,,,\n\
            good,,,M,G2,1,,,,,\n\
            card,Card,Size,S,C1,1,,,,,TRUE\n\
            APPLE-2,Taken,Size,S,APPLE,1,,,,,\n\
            ,,,,,,,,,,\n\
            last,Last,Size,S,L1,1,,,,,\n";
        let report = desk.run("wrong.csv", text).await;
        let told: Vec<(u64, &str)> = report.remarks.iter().map(|r| (r.row, r.reason.as_str())).collect();
        assert_eq!((report.created, report.updated, report.refused), (2, 1, 9), "{told:#?}");
        for (row, reason) in [(2, "title"), (4, "twice"), (5, "further up"), (6, "3 cells"), (7, "'sleeping'"), (8, "'a ton'"), (9, "neither a handle"), (10, "together"), (11, "gift cards")] {
            assert!(told.iter().any(|(r, t)| *r == row && t.contains(reason)), "{row} {reason} in {told:#?}");
        }
    }

    async fn a_dry_run_tells_the_same_and_writes_nothing(desk) {
        let before = desk.shop(true).await;
        let file = desk.file("many.csv", many(12));
        let dry = desk.try_run(&file, Options { dry_run: true, ..Options::default() }).await.unwrap();
        assert_eq!(desk.shop(true).await, before);
        assert_eq!(desk.one("select cast(count(*) as bigint) from import_run", &[]).await, 0);
        assert_eq!(desk.one("select cast(count(*) as bigint) from custom_field", &[]).await, 0);
        assert!(!desk.dir.path().join("many.errors.csv").exists());
        let real = desk.try_run(&file, Options::default()).await.unwrap();
        assert_eq!((dry.created, dry.refused, dry.categories), (real.created, real.refused, real.categories));
        assert_eq!(dry.remarks, real.remarks);
        let again = desk.try_run(&file, Options { dry_run: true, ..Options::default() }).await.unwrap();
        assert_eq!((again.created, again.unchanged, again.refused), (0, real.created, real.refused));
    }

    async fn missing_columns_keep_and_empty_cells_clear(desk) {
        desk.run("old.csv", OLD).await;
        let before = desk.shop(true).await;
        let keeps = desk.run("keep.csv", "Handle,Vendor\nshirt,Flax & Co\n").await;
        assert_eq!((keeps.unchanged, keeps.refused), (1, 0), "{keeps:#?}");
        assert_eq!(desk.shop(true).await, before);
        let by_sku = desk.run("price.csv", "handle,variant sku,price\nshirt,LS-M,44\nshirt,LS-L,\n").await;
        assert_eq!((by_sku.updated, by_sku.refused), (1, 0), "{by_sku:#?}");
        let shop = desk.shop(false).await;
        assert!(shop.contains(&"LS-M 4400 -".to_owned()) && shop.contains(&"LS-S 4990 5990".to_owned()));
        assert!(!shop.iter().any(|l| l.starts_with("LS-L 5490")), "an empty price is none");
        let clears = desk.run("clear.csv", "Handle,Vendor,Tags,Image Src,Product Category,Fabric (product.metafields.custom.fabric)\nshirt,,,,,\n").await;
        assert_eq!(clears.updated, 1);
        let shop = desk.shop(false).await;
        assert!(shop.iter().any(|l| l.starts_with("shirt Linen Shirt <p>Soft.</p> live   []")), "{shop:#?}");
        assert!(!shop.iter().any(|l| l.contains("shirt-1.jpg")));
        assert_eq!(desk.one("select cast(count(*) as bigint) from product where category_id is not null", &[]).await, 1);
    }

    async fn pictures_come_from_a_folder(desk) {
        let folder = desk.dir.path().join("pictures");
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        // the smallest PNG: one red pixel
        let png: &[u8] = &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82];
        std::fs::write(folder.join("deep/Red Shirt.PNG"), png).unwrap();
        std::fs::write(folder.join("broken.png"), b"no picture").unwrap();
        let text = "Handle,Title,Image Src,Image Alt Text\na,A,https://cdn.example.com/red%20shirt.png?v=2,Red\na,,broken.png,\na,,https://cdn.example.com/elsewhere.png,\n";
        let file = desk.file("a.csv", text);
        let options = Options { images: Some(folder), no_fetch: true, ..Options::default() };
        let report = desk.try_run(&file, options.clone()).await.unwrap();
        assert_eq!((report.created, report.pictures_to_fetch), (1, 0));
        assert_eq!(report.notes.len(), 2, "{:?}", report.notes);
        assert!(desk.shop(false).await.contains(&"1 red shirt.png Red".to_owned()));
        assert_eq!(desk.one("select cast(count(*) as bigint) from asset where state = 'ready' and width = 1", &[]).await, 1);
        assert_eq!(desk.try_run(&file, options).await.unwrap().unchanged, 1);
    }
}

/// Cut off at every fault point, and run again: the same shop, the same errors, every batch once.
async fn cut_off(engine: Engine, fuse: u64) -> Option<bool> {
    let mut desk = Desk::new(engine).await?;
    let file = desk.file("many.csv", many(60));
    desk.world.db.faults().arm(fuse);
    let first = desk.try_run(&file, Options::default()).await;
    let died = desk.world.db.faults().is_dead();
    assert_eq!(first.is_err(), died);
    desk.world.restart().await;
    let whole = desk.try_run(&file, Options::default()).await.unwrap();
    if died {
        assert_eq!(
            (whole.created + whole.unchanged, whole.updated, whole.refused),
            (48, 0, 12),
            "fuse {fuse}: {whole:#?}"
        );
    }
    let errors = std::fs::read_to_string(desk.dir.path().join("many.errors.csv")).unwrap();
    assert_eq!(errors.lines().count(), 1 + 36, "fuse {fuse}: every refused row once");
    assert_eq!(desk.one("select cast(count(*) as bigint) from product", &[]).await, 49);
    assert_eq!(
        desk.one(
            "select cast(sum(on_hand_delta) as bigint) from movement where reason in ('import', 'initial')",
            &[]
        )
        .await,
        48 * 3 + 10
    );
    desk.world.lawful().await;
    Some(died)
}

async fn cut_off_anywhere(engine: Engine) {
    for fuse in 0.. {
        match cut_off(engine, fuse).await {
            Some(true) => {}
            Some(false) => break,
            None => return testkit::skipped(std::thread::current().name().unwrap_or("a test")),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_cut_off_anywhere_goes_on() {
    cut_off_anywhere(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_cut_off_anywhere_goes_on_with_postgres() {
    cut_off_anywhere(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_where_it_was_unless_it_is_begun_anew() {
    let mut desk = Desk::new(Engine::Sqlite).await.unwrap();
    let file = desk.file("many.csv", many(60));
    desk.world.db.faults().arm(9);
    desk.try_run(&file, Options::default()).await.unwrap_err();
    desk.world.restart().await;
    let done = desk.one("select row_position from import_run", &[]).await;
    assert!(done > 0, "the fuse is behind the first batch");
    let again = desk.try_run(&file, Options { restart: true, ..Options::default() }).await.unwrap();
    assert_eq!(again.resumed_at, 0);
    assert!(again.unchanged > 0, "what stood is found unchanged");
    desk.world.lawful().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_files_are_refused_as_a_whole() {
    let desk = Desk::new(Engine::Sqlite).await.unwrap();
    let refused = async |text: &[u8]| {
        let file = desk.file("x.csv", text);
        desk.try_run(&file, Options::default()).await.unwrap_err().to_string()
    };
    assert!(refused(b"Email,Phone\na@b.c,1\n").await.contains("neither a column 'Title'"));
    assert!(refused(b"\xff\xfeT\0i\0t\0l\0e\0").await.contains("UTF-16"));
    assert!(refused(b"").await.contains("neither"));
    let empty = desk.run("empty.csv", "Handle,Title\n").await;
    assert_eq!((empty.rows, empty.created), (0, 0));
    assert!(refused(b"T\0i\0t\0l\0e\0").await.contains("UTF-16"), "without its mark too");
    let nul = desk.run("nul.csv", b"Handle,Title,Vendor\nn,N,no\0body\nm,M,X\n").await;
    assert_eq!((nul.created, nul.refused), (1, 1), "{nul:#?}");
    assert!(nul.remarks[0].reason.contains("NUL"), "{nul:#?}");
    let latin = desk.run("latin.csv", b"Handle,Title\na,Caf\xe9\nb,B\n").await;
    assert_eq!((latin.created, latin.refused), (1, 1));
    let errors = std::fs::read(latin.error_file.unwrap()).unwrap();
    assert!(errors.windows(4).any(|w| w == b"Caf\xe9"), "as it stood");
    desk.world.lawful().await;
}

/// How fast: `cargo test -p flows --release -- --ignored fast --nocapture`; `IMPORT_FILE` names another file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn fast() {
    let desk = Desk::new(Engine::Sqlite).await.unwrap();
    let file = match std::env::var_os("IMPORT_FILE") {
        Some(path) => PathBuf::from(path),
        None => desk.file("many.csv", many(10_000).replace("free", "1")),
    };
    let options = Options { error_file: Some(desk.dir.path().join("errors.csv")), ..Options::default() };
    let db = Arc::new(&desk.world.db);
    for _ in 0..2 {
        let (began, statements, commits) =
            (std::time::Instant::now(), db.stats().statements(), db.stats().commits());
        let report = desk.try_run(&file, options.clone()).await.unwrap();
        println!(
            "{:?}: {} created, {} unchanged, {} statements, {} commits",
            began.elapsed(),
            report.created,
            report.unchanged,
            db.stats().statements() - statements,
            db.stats().commits() - commits
        );
        if report.rows < 100 {
            println!("{report:#?}\n{:#?}", desk.shop(false).await);
        }
    }
}
