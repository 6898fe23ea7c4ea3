//! A small shop with one product, a clock that stands, the test bank, and a bookkeeper who checks every law.

use std::sync::Arc;
use std::time::Duration;

use adapters::payment::{BankTransfer, CashOnDelivery, TestBank};
use db::{Db, Law, Migrations, Tx, Unit};
use flows::{Error, PlaceOrder, Placement, Providers, SetUp, Shop};
use kernel::{Address, CartId, Ctx, Currency, FixedClock, OrderId, Rate, SeededEntropy, VariantId};
use testkit::{Engine, TestDb};
use work::{Runner, Subscribers};

pub const MIGRATIONS: &[Migrations] = &[
    work::MIGRATIONS,
    site::MIGRATIONS,
    access::MIGRATIONS,
    customers::MIGRATIONS,
    catalog::MIGRATIONS,
    assets::MIGRATIONS,
    pricing::MIGRATIONS,
    inventory::MIGRATIONS,
    shipping::MIGRATIONS,
    checkout::MIGRATIONS,
    orders::MIGRATIONS,
    payments::MIGRATIONS,
    warehouse::MIGRATIONS,
    analytics::MIGRATIONS,
];

pub fn laws() -> Vec<Law> {
    [
        work::LAWS,
        site::LAWS,
        access::LAWS,
        customers::LAWS,
        catalog::LAWS,
        assets::LAWS,
        pricing::LAWS,
        inventory::LAWS,
        shipping::LAWS,
        checkout::LAWS,
        orders::LAWS,
        payments::LAWS,
        warehouse::LAWS,
        analytics::LAWS,
        flows::LAWS,
    ]
    .concat()
}

pub struct World {
    pub test: TestDb,
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub ctx: Ctx,
    pub shop: Shop,
    pub bank: TestBank,
    pub variant: VariantId,
    pub twice: bool,
    _bank_dir: tempfile::TempDir,
}

/// How many are in stock at the beginning.
pub const STOCK: i64 = 10;
/// What one costs, with tax.
pub const PRICE: i64 = 399;
/// What shipping costs, with tax.
pub const SHIPPING: i64 = 500;

fn shop_of(db: &Db, bank: &TestBank) -> Shop {
    shop_with(db, vec![Arc::new(bank.clone()), Arc::new(BankTransfer), Arc::new(CashOnDelivery)])
}

/// A shop with these providers.
pub fn shop_with(db: &Db, providers: Vec<Arc<dyn payments::ports::Provider>>) -> Shop {
    let providers = Providers::new(providers);
    Shop {
        db: db.clone(),
        providers: Arc::new(providers),
        theme: Arc::new(theme::Theme::embedded()),
        public_url: "http://shop.example".into(),
    }
}

fn hung(db: Db) -> Db {
    db.with(Arc::new(Subscribers::new(flows::tasks::SUBSCRIBERS)))
}

impl World {
    pub async fn new(engine: Engine) -> Option<World> {
        let test = testkit::fresh(engine, MIGRATIONS).await?;
        let db = hung(test.db.clone());
        let clock = testkit::clock();
        let bank_dir = tempfile::tempdir().unwrap();
        let bank =
            TestBank::open(&db::Target::File(bank_dir.path().join("bank.db")), clock.clone()).await.unwrap();
        let entropy = Arc::new(SeededEntropy::new(7));
        let setup = SetUp {
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
        let (store, _) = flows::set_up(&db, clock.clone(), entropy.clone(), setup).await.unwrap();
        let ctx = Ctx::with(Arc::new(store), clock.clone(), entropy);
        let c = ctx.clone();
        let variant = db
            .write("product", async move |tx: &mut Tx| product(tx, &c, "Apple", STOCK).await)
            .await
            .unwrap();
        let shop = shop_of(&db, &bank);
        Some(World { test, db, clock, ctx, shop, bank, variant, twice: false, _bank_dir: bank_dir })
    }

    /// The process died and was started again on the same database; the bank outside lives on.
    pub async fn restart(&mut self) {
        self.db = hung(self.test.again().await);
        self.shop = shop_of(&self.db, &self.bank);
    }

    /// A guest's cart with so many apples, ready to be paid.
    pub async fn cart(&self, quantity: i64) -> (CartId, i64) {
        self.cart_of(self.variant, quantity).await
    }

    pub async fn cart_of(&self, variant: VariantId, quantity: i64) -> (CartId, i64) {
        let ctx = self.ctx.shopper();
        self.db
            .write(Unit::named("cart").read_committed(), async move |tx: &mut Tx| {
                let line = checkout::NewLine { variant, quantity, seen_price_minor: Some(PRICE) };
                let added = checkout::add_line(tx, &ctx, None, line).await?;
                let cart = checkout::get(tx, &ctx, added.cart).await?;
                let offers = shipping::quotes(tx, &ctx, "NL", 0, 0).await?;
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
                let cart = checkout::set_details(tx, &ctx, &cart, details).await?;
                Ok::<_, checkout::Error>((cart.id, cart.version))
            })
            .await
            .unwrap()
    }

    pub async fn pay(
        &self,
        cart: (CartId, i64),
        provider: &str,
        token: &str,
        key: &str,
    ) -> Result<Placement, Error> {
        let input = PlaceOrder {
            cart: cart.0,
            version: cart.1,
            read: None,
            seen_total_minor: None,
            provider: provider.into(),
            token: token.into(),
            key: key.into(),
        };
        flows::place_order(&self.shop, &self.ctx.shopper(), input).await
    }

    pub async fn buy(&self, quantity: i64) -> Placement {
        let cart = self.cart(quantity).await;
        self.pay(cart, "test", "tok_success", &format!("key-{}", cart.0)).await.unwrap()
    }

    /// Everything that is due now is done.
    pub async fn work(&self) -> Result<usize, work::Error> {
        let mut handlers = flows::tasks::handlers(&self.shop);
        handlers.push((
            adapters::payment::test_bank::WEBHOOKS,
            Arc::new(adapters::payment::test_bank::WebhooksTask(self.shop.clone(), self.bank.clone())),
        ));
        let mut schedules = flows::tasks::SCHEDULES.to_vec();
        schedules.push(work::Schedule {
            kind: adapters::payment::test_bank::WEBHOOKS,
            every: Duration::from_secs(2),
        });
        let runner = Runner::new(self.db.clone(), self.ctx.clone(), handlers, schedules);
        let runner = if self.twice { runner.twice() } else { runner };
        runner.run_due().await
    }

    /// Ten minutes go by, with the worker at work.
    pub async fn let_time_pass(&self) {
        for _ in 0..10 {
            self.clock.advance(Duration::from_secs(61));
            self.work().await.unwrap();
        }
    }

    pub async fn lawful(&self) {
        work::audit::seal(&self.db).await.unwrap(); // as the program's schedule does every minute
        let found = self
            .db
            .report(async |tx: &mut Tx| {
                let mut all = db::check(tx, &laws()).await?;
                all.extend(work::audit::verify(tx).await.map_err(|e| db::Error::Panicked(e.to_string()))?);
                Ok::<_, db::Error>(all)
            })
            .await
            .unwrap();
        assert!(found.is_empty(), "{found:#?}");
    }

    pub async fn sellable(&self) -> i64 {
        let variant = self.variant;
        self.db.read(async |tx: &mut Tx| inventory::available_of(tx, &[variant]).await).await.unwrap()[0]
            .sellable()
            .unwrap()
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.db.read(async |tx: &mut Tx| tx.value(sql, &[]).await).await.unwrap()
    }

    pub async fn page(&self, id: OrderId) -> flows::OrderPage {
        let permit = self.ctx.permit().unwrap();
        self.db.read(async |tx: &mut Tx| flows::order_page(tx, &permit, id).await).await.unwrap()
    }
}

async fn product(tx: &mut Tx, ctx: &Ctx, title: &str, stock: i64) -> Result<VariantId, Error> {
    let permit = ctx.permit()?;
    let new = catalog::NewProduct {
        state: catalog::ProductState::Live,
        facts: catalog::Facts::default(),
        texts: vec![catalog::TextInput { locale: "en".into(), title: title.into(), ..Default::default() }],
        options: vec![],
        variants: vec![catalog::VariantInput { sku: Some(title.to_uppercase()), ..Default::default() }],
    };
    let id = catalog::create_product(tx, ctx, &permit, &new).await.expect("the product is right");
    let variant = catalog::get(tx, ctx.store.id, id).await.expect("it is there").variants[0].id;
    pricing::set_price(tx, ctx, &permit, pricing::NewPrice::plain(variant, PRICE)).await?;
    let item = inventory::create_item(tx, ctx, variant, true, false).await?;
    let write = ctx.permit()?;
    inventory::adjust(tx, ctx, &write, item, ctx.store.location, stock, inventory::Reason::Initial, "")
        .await?;
    Ok(variant)
}

pub fn on(engine: Engine, test: impl AsyncFnOnce(World)) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        match World::new(engine).await {
            Some(w) => test(w).await,
            None => testkit::skipped(std::thread::current().name().unwrap_or("a test")),
        }
    });
}

/// Tests that run on both databases, each over a world of its own.
macro_rules! both {
    ($(async fn $name:ident($w:ident) $body:block)*) => { $(
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            use testkit::Engine;
            use $crate::world::{World, on};
            #[allow(unused_mut)]
            async fn body(mut $w: World) $body
            #[test]
            fn sqlite() { on(Engine::Sqlite, body); }
            #[test]
            fn postgres() { on(Engine::Postgres, body); }
        }
    )* };
}
pub(crate) use both;
