//! A small shop that is served, and browsers that visit it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapters::payment::{BankTransfer, CashOnDelivery, TestBank};
use async_trait::async_trait;
use catalog::{CategoryText, Facts, NewCategory, NewProduct, ProductState, TextInput, VariantInput};
use db::{Db, Migrations, Target, Tx};
use flows::{Providers, SetUp};
use kernel::{
    CaptureId, Clock, Ctx, Currency, Money, OsEntropy, PaymentId, Permit, ProductId, Rate, RefundId,
    SystemClock, VariantId,
};
use payments::ports::{Answer, Authorise, Capabilities, Provider, Question};
use reqwest::{Client, Response, StatusCode};
use web::{Config, Parts, State};

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

pub const PASSWORD: &str = "seven pears in a green bowl";

/// A write that must succeed.
macro_rules! write {
    ($world:expr, |$tx:ident, $ctx:ident| $body:expr) => {{
        let $ctx = $world.ctx.clone();
        $world.db.write("world", async move |$tx: &mut Tx| $body).await.unwrap()
    }};
}

pub struct World {
    pub db: Db,
    pub ctx: Ctx,
    pub state: State,
    pub base: String,
    pub bank: TestBank,
    serving: tokio::task::JoinHandle<()>,
    _dir: tempfile::TempDir,
}

/// Says yes after a while: long enough for a browser to close. Of the token `unheard` it is never known what it said.
struct Slow;

#[async_trait]
impl Provider for Slow {
    fn code(&self) -> &'static str {
        "slow"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities { can_ask: false, terms: true, test: true }
    }
    async fn authorise(&self, request: &Authorise) -> Answer {
        if request.token == "unheard" {
            return Answer::Unknown { why: "unheard".to_owned() };
        }
        tokio::time::sleep(Duration::from_millis(600)).await;
        Answer::Terms { reference: "slow".to_owned() }
    }
    async fn ask(&self, _: Question) -> Answer {
        Answer::Never
    }
    async fn capture(&self, _: CaptureId, _: PaymentId, _: Money) -> Answer {
        Answer::Pending
    }
    async fn void(&self, _: CaptureId, _: PaymentId) -> Answer {
        Answer::Yes { reference: String::new() }
    }
    async fn refund(&self, _: RefundId, _: PaymentId, _: Money) -> Answer {
        Answer::Pending
    }
}

async fn parts(db: &Db, dir: &Path, bank: &TestBank, base: &str) -> Parts {
    let providers = Providers::new(vec![
        Arc::new(bank.clone()),
        Arc::new(BankTransfer),
        Arc::new(CashOnDelivery),
        Arc::new(Slow),
    ]);
    let config = Config { public_url: base.to_owned(), dev: true, behind_proxy: false };
    let theme = Arc::new(theme::Theme::load(&web::theme_options(None)));
    let vault = assets::Vault::open(&dir.join("assets")).unwrap();
    let mut parts = Parts::new(db.clone(), config, theme, Arc::new(providers), vault, dir.join("index"));
    let laws = [work::LAWS, site::LAWS, access::LAWS, customers::LAWS, catalog::LAWS, pricing::LAWS];
    parts.laws =
        [laws.concat(), [inventory::LAWS, orders::LAWS, payments::LAWS, warehouse::LAWS].concat()].concat();
    let desk = bank.clone();
    parts.challenge = Some(Arc::new(move |payment, approved| {
        let desk = desk.clone();
        Box::pin(async move { desk.answer_challenge(payment, approved).await.unwrap_or(false) })
    }));
    parts
}

impl World {
    /// Served, but not set up.
    pub async fn bare(db: &Db) -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let bank = TestBank::open(&Target::File(dir.path().join("bank.db")), clock).await.unwrap();
        let subscribers = work::Subscribers::new(flows::tasks::SUBSCRIBERS);
        let db = &db.clone().with(Arc::new(subscribers));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = State::new(parts(db, dir.path(), &bank, &base).await);
        let app = web::app(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let ctx = Ctx::system(testkit::store());
        World { db: db.clone(), ctx, state, base, bank, serving, _dir: dir }
    }

    /// Set up, with a few things on the shelf.
    pub async fn new(db: &Db) -> World {
        let mut world = World::bare(db).await;
        let (clock, entropy): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(OsEntropy));
        let new = SetUp {
            shop_name: "Corner Shop".into(),
            owner_name: "Ada".into(),
            owner_email: "ada@example.com".into(),
            password: PASSWORD.into(),
            country: "NL".into(),
            currency: Currency::EUR,
            time_zone: "Europe/Amsterdam".into(),
            prices_include_tax: true,
            locales: vec!["en".into(), "de".into()],
            tax: Some(("VAT".into(), Rate::ppm(90_000))),
            test_payments: true,
        };
        let (store, _) = flows::set_up(db, clock, entropy, new).await.unwrap();
        world.ctx = Ctx::system(Arc::new(store));
        let ways = ["test", "bank_transfer", "cash_on_delivery", "slow"].map(str::to_owned).to_vec();
        write!(world, |tx, ctx| {
            let ways = site::PaymentMethods { enabled: Some(ways.clone()) };
            site::set_setting(tx, &ctx, &may(&ctx), ways).await
        });
        let fruit = world.category("Fruit", "Obst").await;
        world.product("Pink Lady", "Rosa Dame", fruit, &[("One", 80, 40), ("Bag of 6", 399, 20)]).await;
        world.product("Mango", "Mango", fruit, &[("", 250, 3)]).await;
        world.product("Lime <b>&", "Limette", fruit, &[("", 45, 0)]).await;
        assert!(world.state.begin().await.unwrap());
        world.state.shopfront().unwrap().settle().await.unwrap();
        world
    }

    pub async fn category(&self, english: &str, german: &str) -> kernel::CategoryId {
        let named = |locale: &str, name: &str| CategoryText {
            locale: locale.to_owned(),
            name: name.to_owned(),
            slug: String::new(),
            description: String::new(),
        };
        let new = NewCategory { parent: None, texts: vec![named("en", english), named("de", german)] };
        write!(self, |tx, ctx| catalog::create_category(tx, &ctx, &may(&ctx), &new).await)
    }

    /// Variants as (option, price in cents, on hand).
    pub async fn product(
        &self,
        english: &str,
        german: &str,
        category: kernel::CategoryId,
        variants: &[(&str, i64, i64)],
    ) -> ProductId {
        let text = |locale: &str, title: &str| TextInput {
            locale: locale.to_owned(),
            title: title.to_owned(),
            description: "<p>Fresh and <b>good</b>.</p>".to_owned(),
            ..TextInput::default()
        };
        let several = variants.len() > 1;
        let new = NewProduct {
            state: ProductState::Live,
            facts: Facts { category: Some(category), vendor: "Grower".into(), ..Facts::default() },
            texts: vec![text("en", english), text("de", german)],
            options: if several { vec!["Size".into()] } else { vec![] },
            variants: variants
                .iter()
                .map(|(option, _, _)| VariantInput {
                    options: [several.then(|| (*option).to_owned()), None, None],
                    weight_grams: Some(200),
                    ..VariantInput::default()
                })
                .collect(),
        };
        let id = write!(self, |tx, ctx| catalog::create_product(tx, &ctx, &may(&ctx), &new).await);
        for (variant, (_, price, on_hand)) in self.variants(id).await.into_iter().zip(variants) {
            self.price(variant, *price).await;
            self.stock(variant, *on_hand).await;
        }
        id
    }

    pub async fn variants(&self, id: ProductId) -> Vec<VariantId> {
        let store = self.ctx.store.id;
        let product = self.db.read(async |tx: &mut Tx| catalog::get(tx, store, id).await).await.unwrap();
        product.active().map(|v| v.id).collect()
    }

    /// The mango, of which there are three.
    pub async fn mango(&self) -> VariantId {
        let text = "select v.id from variant v join product_text t on t.product_id = v.product_id
                    where t.title = 'Mango' order by t.locale limit 1";
        self.db.read(async |tx: &mut Tx| tx.value(text, &[]).await).await.unwrap()
    }

    pub async fn price(&self, variant: VariantId, amount: i64) {
        let new = pricing::NewPrice::plain(variant, amount);
        write!(self, |tx, ctx| pricing::set_price(tx, &ctx, &may(&ctx), new).await);
    }

    pub async fn stock(&self, variant: VariantId, on_hand: i64) {
        write!(self, |tx, ctx| {
            let location = ctx.store.location;
            let level = inventory::ImportLevel {
                variant,
                location,
                on_hand: Some(on_hand),
                tracked: true,
                oversell: false,
            };
            inventory::import_levels(tx, &ctx, &[level], None).await
        });
    }

    /// Everything that is due now is done.
    pub async fn work(&self) {
        let (db, vault) = (self.db.clone(), self.state.vault().clone());
        let mut handlers = flows::tasks::handlers(self.state.shop());
        handlers.push((flows::import::RUN, Arc::new(flows::import::RunTask { db, vault })));
        work::Runner::new(self.db.clone(), self.ctx.clone(), handlers, vec![]).run_due().await.unwrap();
    }

    /// The shop has taken in what changed.
    pub async fn refresh(&self) {
        self.state.shopfront().unwrap().refresh().await.unwrap();
    }

    pub async fn order_count(&self) -> i64 {
        self.db
            .read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from orders", &[]).await)
            .await
            .unwrap()
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        self.db.read(async |tx: &mut Tx| tx.value(sql, &[]).await).await.unwrap()
    }

    pub fn browser(&self) -> Browser {
        let client = testkit::browser()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Browser { client, base: self.base.clone() }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub fn may<P: kernel::Permission>(ctx: &Ctx) -> Permit<P> {
    ctx.permit::<P>().unwrap()
}

#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
}

/// What came back.
pub struct Seen {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Seen {
    pub async fn of(response: Response) -> Seen {
        let (status, headers) = (response.status(), response.headers().clone());
        Seen { status, headers, text: response.text().await.unwrap() }
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
    pub fn to(&self) -> &str {
        assert!(self.status.is_redirection(), "{}: {}", self.status, self.text);
        self.header("location")
    }
    #[track_caller]
    pub fn ok(self) -> Seen {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self
    }
    #[track_caller]
    pub fn has(&self, text: &str) -> &Seen {
        assert!(self.text.contains(text), "no '{text}' in: {}", self.text);
        self
    }
    #[track_caller]
    pub fn has_not(&self, text: &str) -> &Seen {
        assert!(!self.text.contains(text), "'{text}' in: {}", self.text);
        self
    }
    /// The value of an input.
    #[track_caller]
    pub fn input(&self, name: &str) -> String {
        let marks = [format!("name=\"{name}\" value=\""), format!("name=\"{name}\" type=\"")];
        for mark in &marks {
            if let Some(at) = self.text.find(mark) {
                let rest = &self.text[at..];
                let at = rest.find("value=\"").unwrap() + 7;
                return rest[at..].split('"').next().unwrap().to_owned();
            }
        }
        panic!("no input '{name}' in: {}", self.text)
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Seen {
        Seen::of(self.client.get(format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Seen {
        Seen::of(self.client.post(format!("{}{path}", self.base)).form(form).send().await.unwrap()).await
    }

    /// Follows redirects of this shop, as a browser does.
    pub async fn follow(&self, mut seen: Seen) -> Seen {
        for _ in 0..5 {
            if !seen.status.is_redirection() {
                return seen;
            }
            let to = seen.to().to_owned();
            seen = self.get(&to).await;
        }
        panic!("too many redirects")
    }

    /// Puts the first variant on a product's page into the cart.
    pub async fn add(&self, slug: &str, quantity: &str) -> Seen {
        let page = self.get(&format!("/p/{slug}")).await.ok();
        self.post("/cart/lines", &[("variant_id", &page.input("variant_id")), ("quantity", quantity)]).await
    }

    /// The checkout's form as it was shown, filled in.
    pub async fn form(&self, payment: &str, token: &str) -> Vec<(&'static str, String)> {
        let page = self.get("/checkout").await.ok();
        fill(&page, payment, token)
    }

    pub async fn submit(&self, form: &[(&'static str, String)]) -> Seen {
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.post("/checkout", &form).await
    }
}

/// Fills in a checkout that was shown.
pub fn fill(page: &Seen, payment: &str, token: &str) -> Vec<(&'static str, String)> {
    let shipping = page
        .text
        .split("name=\"shipping_method\"")
        .nth(1)
        .map(|rest| rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned());
    vec![
        ("action", "place".to_owned()),
        ("idempotency_key", page.input("idempotency_key")),
        ("cart_version", page.input("cart_version")),
        ("seen_total", page.input("seen_total")),
        ("email", "grace@example.com".to_owned()),
        ("country", "NL".to_owned()),
        ("name", "Grace Hopper".to_owned()),
        ("line1", "Damrak 1".to_owned()),
        ("postcode", "1012 LG".to_owned()),
        ("city", "Amsterdam".to_owned()),
        ("phone", String::new()),
        ("shipping_method", shipping.unwrap_or_default()),
        ("payment", payment.to_owned()),
        ("test_token", token.to_owned()),
    ]
}
