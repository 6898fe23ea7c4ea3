//! Every kind of task that the program has, run again after it was done: nothing may be there twice, and nothing changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use assets::{FetchError, Fetched, Fetcher};
use db::schema::{self, Cell};
use db::{Db, Engine, Tx, Unit, params};
use kernel::{Address, Ctx, Currency, FixedClock, Rate, SeededEntropy};
use work::{Mode, NewTask, Runner};

/// A picture, wherever it is asked for.
struct Pictures;

#[async_trait::async_trait]
impl Fetcher for Pictures {
    async fn fetch(&self, _: &str) -> Result<Fetched, FetchError> {
        Ok(Fetched { bytes: PICTURE.to_vec().into() })
    }
}

/// One grey dot as PNG.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81,
    0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// A shop in which everything happened that a task is about: sold, shipped, given back, called off, a picture asked for.
async fn busy(db: &Db, outside: &mercer::Outside) -> Ctx {
    let clock = Arc::new(FixedClock::new(kernel::Timestamp(1_772_445_600_000_000)));
    let entropy = Arc::new(SeededEntropy::new(7));
    let input = flows::SetUp {
        shop_name: "Marrow".into(),
        owner_name: "Ada".into(),
        owner_email: "ada@example.com".into(),
        password: "correct horse battery".into(),
        country: "NL".into(),
        currency: Currency::EUR,
        time_zone: "Europe/Amsterdam".into(),
        prices_include_tax: true,
        locales: vec!["en".into()],
        tax: Some(("VAT".into(), Rate::percent(9))),
        test_payments: true,
    };
    let (store, _) = flows::set_up(db, clock.clone(), entropy.clone(), input).await.unwrap();
    let ctx = Ctx::with(Arc::new(store), clock, entropy);
    let shop = outside.flows(db);
    let text = catalog::TextInput { locale: "en".into(), title: "Apple".into(), ..Default::default() };
    let variant = flows::SaveVariant {
        custom: vec![],
        is: catalog::VariantInput { sku: Some("APL".into()), ..Default::default() },
        amount_minor: Some(399),
        compare_at_minor: None,
        on_hand: Some(10),
    };
    let input = flows::SaveProduct {
        product: None,
        state: catalog::ProductState::Live,
        facts: catalog::Facts::default(),
        texts: vec![text],
        options: vec![],
        variants: vec![variant],
        custom: vec![],
        images: None,
    };
    let stock = ctx.permit().unwrap();
    let (product, _) =
        flows::save_product(&shop, &ctx, &ctx.permit().unwrap(), Some(&stock), input).await.unwrap();
    let c = ctx.clone();
    db.write("picture", async move |tx: &mut Tx| {
        assets::ensure_sources(tx, &c, &["https://example.com/apple.png"]).await
    })
    .await
    .unwrap();
    let store = ctx.store.id;
    let product =
        db.read(async |tx: &mut Tx| catalog::get(tx, store, product).await).await.unwrap().variants[0].id;
    let (sold, dropped) = (buy(&shop, &ctx, product).await, buy(&shop, &ctx, product).await);
    let permit = ctx.permit().unwrap();
    let page = db.read(async |tx: &mut Tx| flows::order_page(tx, &permit, sold.order).await).await.unwrap();
    let ship = flows::Ship {
        fulfilment: page.fulfilments[0].id,
        lines: vec![(page.fulfilment_lines[0].id, 2)],
        carrier: "PostNL".into(),
        tracking_number: "3S".into(),
        tracking_url: String::new(),
        notify: true,
    };
    flows::ship(&shop, &ctx, &ctx.permit().unwrap(), ship).await.unwrap();
    run(db, &ctx, outside).await;
    let refund = flows::Refund {
        order: sold.order,
        lines: vec![flows::RefundItem {
            line: page.lines[0].id,
            quantity: 1,
            restock: Some(ctx.store.location),
        }],
        shipping_minor: 0,
        adjustment_minor: 0,
        reason: "bruised".into(),
    };
    flows::refund(&shop, &ctx, &ctx.permit().unwrap(), refund).await.unwrap();
    let cancel = flows::Cancel { order: dropped.order, reason: "changed mind".into(), notify: true };
    flows::cancel_order(&shop, &ctx, &ctx.permit().unwrap(), cancel).await.unwrap();
    let mut file = flows::import::Incoming::begin(&ctx, &outside.vault).await.unwrap();
    file.add("Title,URL handle,Price\nQuince,quince,1.99\n".into()).await.unwrap();
    let wish = flows::import::Wish { dry_run: false, locale: None };
    let permit = ctx.permit().unwrap();
    file.queue(db, &ctx, &outside.vault, &permit, "products.csv", &wish, None).await.unwrap();
    ctx
}

async fn buy(shop: &flows::Shop, ctx: &Ctx, variant: kernel::VariantId) -> flows::Placement {
    let c = ctx.shopper();
    let (cart, version) = shop
        .db
        .write(Unit::named("cart").read_committed(), async move |tx: &mut Tx| {
            let line = checkout::NewLine { variant, quantity: 2, seen_price_minor: Some(399) };
            let added = checkout::add_line(tx, &c, None, line).await?;
            let cart = checkout::get(tx, &c, added.cart).await?;
            let offers = shipping::quotes(tx, &c, "NL", 0, 0).await?;
            let mut details = checkout::CartDetails::of(&cart);
            details.email = "kofi@example.com".into();
            details.address = Some(Address {
                name: "Kofi Mensah".into(),
                line1: "Prinsengracht 214".into(),
                postcode: "1016 DL".into(),
                city: "Amsterdam".into(),
                country: "NL".into(),
                ..Address::default()
            });
            details.shipping_method = offers.first().map(|q| q.method);
            details.payment_method = Some("test".into());
            let cart = checkout::set_details(tx, &c, &cart, details).await?;
            Ok::<_, checkout::Error>((cart.id, cart.version))
        })
        .await
        .unwrap();
    let input = flows::PlaceOrder {
        cart,
        version,
        read: None,
        seen_total_minor: None,
        provider: "test".into(),
        token: "tok_duplicate".into(),
        key: cart.to_string(),
    };
    flows::place_order(shop, &ctx.shopper(), input).await.unwrap()
}

/// What is due is done.
async fn run(db: &Db, ctx: &Ctx, outside: &mercer::Outside) {
    let runner = Runner::new(db.clone(), ctx.clone(), mercer::handlers(db, outside), vec![]);
    runner.run_due().await.unwrap();
}

/// One more turn of every task of this kind.
async fn again(db: &Db, ctx: &Ctx, outside: &mercer::Outside, kind: &'static str) {
    let now = ctx.now();
    db.write("again", async move |tx: &mut Tx| {
        tx.exec(
            "update task set state = 'due', due_at = $2, attempts = 0, leased_by = null, leased_until = null
             where kind = $1",
            params![kind, now],
        )
        .await
    })
    .await
    .unwrap();
    run(db, ctx, outside).await;
}

/// Every row of every table, but for the work's own books and the feed, where a repeat shows and does no harm.
async fn rows(db: &Db) -> BTreeMap<String, Vec<String>> {
    db.report(async |tx: &mut Tx| {
        let mut all = BTreeMap::new();
        for table in schema::tables(tx).await? {
            if ["task", "change", "schedule"].contains(&table.name.as_str()) {
                continue;
            }
            let mut rows: Vec<String> = vec![];
            schema::each_row(tx, &table, |row: Vec<Cell>| {
                rows.push(format!("{row:?}"));
                Ok(true)
            })
            .await?;
            rows.sort();
            all.insert(table.name, rows);
        }
        Ok::<_, db::Error>(all)
    })
    .await
    .unwrap()
}

async fn count(db: &Db, text: &'static str, kind: &'static str) -> i64 {
    db.read(async |tx: &mut Tx| tx.value(text, params![kind]).await).await.unwrap()
}

async fn every_task(engine: Engine) {
    let Some(test) = testkit::fresh(engine, &mercer::migrations()).await else {
        return testkit::skipped("every_task");
    };
    let db = test.db.clone().with(Arc::new(mercer::subscribers()));
    let mut outside = mercer::Outside::open(test.dir(), None, "http://localhost", true).await.unwrap();
    outside.fetcher = Arc::new(Pictures);
    let ctx = busy(&db, &outside).await;
    run(&db, &ctx, &outside).await;
    let kinds: Vec<&'static str> =
        mercer::handlers(&db, &outside).into_iter().map(|(kind, _)| kind).collect();
    let scheduled: Vec<&str> = mercer::schedules(true).iter().map(|s| s.kind).collect();
    for kind in &kinds {
        let kind: &'static str = kind;
        if scheduled.contains(&kind) {
            let c = ctx.clone();
            db.write("schedule", async move |tx: &mut Tx| {
                let payload = serde_json::json!({});
                let task = NewTask {
                    kind,
                    key: "schedule".to_owned(),
                    mode: Mode::Match,
                    subject: None,
                    payload,
                    due_at: c.now(),
                };
                work::enqueue(tx, &c, &task).await
            })
            .await
            .unwrap();
        }
        let there = count(&db, "select cast(count(*) as bigint) from task where kind = $1", kind).await;
        assert!(there > 0, "nothing in this test's shop asks for {kind}: a new task needs its occasion here");
        again(&db, &ctx, &outside, kind).await;
        let undone = "select cast(count(*) as bigint) from task where kind = $1 and (state <> 'done' or last_error is not null)";
        assert_eq!(count(&db, undone, kind).await, 0, "{kind} was not done");
        let books = outside.bank.as_ref().unwrap();
        let (before, bank) = (rows(&db).await, books.accounts().await.unwrap());
        again(&db, &ctx, &outside, kind).await;
        let after = rows(&db).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{kind}, run again, changed {table}");
        }
        assert_eq!(books.accounts().await.unwrap(), bank, "{kind}, run again, was felt at the bank");
    }
    let found = mercer::examine(&db).await.unwrap();
    assert!(found.violations.is_empty(), "{:?}", found.violations);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_task_on_sqlite() {
    every_task(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_task_on_postgres() {
    every_task(Engine::Postgres).await;
}
