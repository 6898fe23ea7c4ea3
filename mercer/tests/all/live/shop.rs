//! A shop on disk (or on PostgreSQL), its server as a process, and shoppers who speak its API.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use db::{Db, Target, Tx};
use flows::SetUp;
use kernel::{Clock, Ctx, Currency, Grant, Grants, OsEntropy, Rate, Scope, SystemClock};
use serde_json::{Value, json};
use testkit::Engine;

pub const API: &str = "/api/2026-11";

/// The program that is tested: `MERCER_PROGRAM`, say the release build, or the one built with these tests.
fn program() -> std::ffi::OsString {
    std::env::var_os("MERCER_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_mercer").into())
}

/// A port that no other test of this process gets, outside the range the system gives to callers: otherwise another
/// test's server may stand where this one's was expected, and answer for it.
fn port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 20_000).unwrap();
    loop {
        let port = 10_000 + (first + GIVEN.fetch_add(1, Ordering::SeqCst)) % 20_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// How long something may take: the bound holds for an optimised program, an unoptimised one gets more.
pub fn at_most(seconds: u64, unoptimised: u64) -> Duration {
    let optimised = !cfg!(debug_assertions) || std::env::var_os("MERCER_PROGRAM").is_some();
    Duration::from_secs(if optimised { seconds } else { unoptimised })
}

/// A shop with some products, ready to be served.
pub struct LiveShop {
    pub dir: tempfile::TempDir,
    pub target: Target,
    pub key: String,
    _base: testkit::TestDb,
}

/// Title, stock.
pub type Thing<'a> = (&'a str, i64);

impl LiveShop {
    pub async fn new(engine: Engine, things: &[Thing<'_>]) -> Option<LiveShop> {
        let base = testkit::fresh(engine, &mercer::migrations()).await?;
        let dir = tempfile::tempdir().unwrap();
        let target = match &base.target {
            Target::File(_) => Target::File(dir.path().join("mercer.db")),
            postgres => postgres.clone(),
        };
        let clock = Arc::new(SystemClock);
        let db = Db::open(&target).await.unwrap();
        db::migrate(&db, &mercer::migrations(), clock.now()).await.unwrap();
        let input = SetUp {
            shop_name: "Live".into(),
            owner_name: "Owner".into(),
            owner_email: "owner@example.com".into(),
            password: "a password for tests".into(),
            country: "NL".into(),
            currency: Currency::EUR,
            time_zone: "Europe/Amsterdam".into(),
            prices_include_tax: true,
            locales: vec!["en".into()],
            tax: Some(("VAT".into(), Rate::percent(21))),
            test_payments: true,
        };
        let (store, _) = flows::set_up(&db, clock, Arc::new(OsEntropy), input).await.unwrap();
        let ctx = Ctx::system(Arc::new(store));
        let key = db
            .write("key", async move |tx: &mut Tx| {
                let grant = |p: &str| Grant { permission: p.to_owned(), scope: Scope::ALL };
                let grants = Grants(vec![grant("products:read"), grant("products:write")]);
                access::create_key(tx, &ctx, &ctx.permit()?, "tests", &grants).await
            })
            .await
            .unwrap()
            .1;
        db.close();
        let shop = LiveShop { dir, target, key: key.reveal().to_owned(), _base: base };
        let file = shop.dir.path().join("things.csv");
        std::fs::write(&file, csv(things)).unwrap();
        shop.mercer(&["import", "products", &file.display().to_string()]);
        Some(shop)
    }

    /// Where the database is, as the command line wants it.
    fn db(&self) -> String {
        match &self.target {
            Target::File(path) => path.display().to_string(),
            Target::Postgres(url) => url.clone(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(program());
        c.args(args).arg("--dir").arg(self.dir.path()).args(["--db", &self.db()]).stdin(Stdio::null());
        c
    }

    /// Runs a command to its end; it must succeed.
    pub fn mercer(&self, args: &[&str]) -> String {
        let out = self.command(args).output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "mercer {args:?}: {said}");
        said
    }

    pub fn serve(&self) -> Serving {
        self.start("serve")
    }

    pub fn start(&self, what: &str) -> Serving {
        let port = port();
        let mut args = vec![what.to_owned()];
        if what == "serve" {
            args.extend(["--port".to_owned(), port.to_string()]);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let began = Instant::now();
        let log = std::fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let child = self.command(&args).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Serving { child, port, began, key: self.key.clone() }
    }

    pub fn log(&self) -> PathBuf {
        self.dir.path().join("server.log")
    }
}

fn csv(things: &[Thing<'_>]) -> String {
    let mut text = String::from(
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,\
         Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Status\n",
    );
    for (title, stock) in things {
        let handle = title.to_lowercase();
        text.push_str(&format!("{handle},{title},TRUE,Title,Default Title,{handle}-1,shopify,{stock},deny,9.99,TRUE,TRUE,active\n"));
    }
    text
}

/// A server as a process; killed with its value.
pub struct Serving {
    pub child: Child,
    pub port: u16,
    began: Instant,
    key: String,
}

impl Serving {
    /// Waits until it is ready; how long that took since its start.
    pub async fn ready(&mut self, log: &Path) -> Duration {
        let client = testkit::browser().build().unwrap();
        loop {
            if let Ok(a) = client.get(self.url("/readyz")).send().await
                && a.status().is_success()
            {
                let took = self.began.elapsed();
                let mine =
                    client.get(self.url(&format!("{API}/admin/products"))).bearer_auth(&self.key).send();
                assert!(
                    mine.await.unwrap().status().is_success(),
                    "another shop answers on port {}",
                    self.port
                );
                return took;
            }
            let dead = self.child.try_wait().unwrap();
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(dead.is_none(), "the server ended: {dead:?}\n{}", said());
            assert!(self.began.elapsed() < Duration::from_secs(30), "not ready within 30 s\n{}", said());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of a try to buy.
#[derive(Debug)]
pub enum Bought {
    /// The secret of the order's page.
    Placed(String),
    /// Told kindly: not enough is left.
    SoldOut(String),
}

/// The first variant of the product with this slug.
pub async fn variant(client: &reqwest::Client, s: &Serving, slug: &str) -> String {
    let product: Value =
        client.get(s.url(&format!("{API}/shop/products/{slug}"))).send().await.unwrap().json().await.unwrap();
    first(&product, "var_").unwrap_or_else(|| panic!("no variant in {product}"))
}

pub fn first(v: &Value, prefix: &str) -> Option<String> {
    match v {
        Value::String(s) if s.starts_with(prefix) => Some(s.clone()),
        Value::Object(map) => map.values().find_map(|v| first(v, prefix)),
        Value::Array(all) => all.iter().find_map(|v| first(v, prefix)),
        _ => None,
    }
}

/// A cart with one of it, ready to be paid; its secret.
pub async fn cart(
    client: &reqwest::Client,
    port: u16,
    variant: &str,
) -> anyhow_lite::Result<Result<String, String>> {
    let url = |path: &str| format!("http://127.0.0.1:{port}{API}/shop{path}");
    let made = client
        .post(url("/carts"))
        .json(&json!({ "lines": [{ "variant": variant, "quantity": 1 }] }))
        .send()
        .await?;
    if !made.status().is_success() {
        return Ok(Err(made.text().await?));
    }
    let cart: Value = made.json().await?;
    let secret = cart["secret"].as_str().ok_or("no secret")?.to_owned();
    let quotes: Value = client.get(url(&format!("/carts/{secret}/quotes"))).send().await?.json().await?;
    let method = first(&quotes, "shm_").ok_or_else(|| format!("no quote in {quotes}"))?;
    let details = json!({
        "email": "kofi@example.com",
        "address": { "name": "Kofi Mensah", "line1": "Prinsengracht 214", "postcode": "1016 DL", "city": "Amsterdam", "country": "NL" },
        "shipping_method": method,
        "payment_method": "test",
    });
    let set = client.patch(url(&format!("/carts/{secret}"))).json(&details).send().await?;
    if !set.status().is_success() {
        return Err(set.text().await?.into());
    }
    Ok(Ok(secret))
}

/// Pays a cart.
pub async fn pay(
    client: &reqwest::Client,
    port: u16,
    secret: &str,
    token: &str,
) -> anyhow_lite::Result<Bought> {
    let url = format!("http://127.0.0.1:{port}{API}/shop/orders");
    let body = json!({ "cart": secret, "payment_method": "test", "payment_token": token });
    let answer = client.post(url).header("idempotency-key", secret).json(&body).send().await?;
    let status = answer.status();
    let said: Value = answer.json().await?;
    match (status.as_u16(), said["outcome"].as_str()) {
        (201, Some("placed")) => Ok(Bought::Placed(said["secret"].as_str().ok_or("no secret")?.to_owned())),
        (409 | 422 | 400, _) => Ok(Bought::SoldOut(said.to_string())),
        _ => Err(format!("{status}: {said}").into()),
    }
}

/// Errors of a shopper whose server may be dead: any text will do.
pub mod anyhow_lite {
    pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
}
