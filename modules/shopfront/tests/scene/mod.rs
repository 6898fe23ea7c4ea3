//! A small shop to look at.

use std::sync::Arc;
use std::time::Duration;

use catalog::{
    CategoryText, Facts, NewCategory, NewProduct, ProductChange, ProductState, TextInput, VariantInput,
};
use db::{Db, Tx, params};
use kernel::{
    Address, AssetId, CategoryId, Clock as _, Ctx, Currency, FixedClock, ProductId, Rate, Timestamp,
    VariantId, perms,
};
use shopfront::{Deps, Fresh, Shopfront};

/// A write that must succeed.
macro_rules! write {
    ($scene:expr, |$tx:ident, $ctx:ident| $body:expr) => {{
        let $ctx = $scene.ctx.clone();
        $scene.db.write("scene", async move |$tx: &mut Tx| $body).await.unwrap()
    }};
}

pub struct Scene {
    db: Db,
    ctx: Ctx,
    clock: Arc<FixedClock>,
    began: Timestamp,
    dir: tempfile::TempDir,
}

pub fn text(locale: &str, title: &str) -> TextInput {
    let description = "<p>Well <b>described</b></p>".to_owned();
    TextInput { locale: locale.to_owned(), title: title.to_owned(), description, ..TextInput::default() }
}

pub fn body(text: &'static str, deps: Deps) -> Result<Fresh, std::convert::Infallible> {
    let content_type = http::HeaderValue::from_static("text/html; charset=utf-8");
    Ok(Fresh { bytes: bytes::Bytes::from_static(text.as_bytes()), content_type, gzip: None, deps })
}

/// Ends a process's storefront as a shutdown does.
pub async fn leave(front: Arc<Shopfront>) {
    let (stop, stopped) = tokio::sync::watch::channel(true);
    Arc::clone(&front).run(stopped).await;
    drop((stop, front));
}

/// Anonymous memory of this process.
pub fn anonymous_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("RssAnon")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

impl Scene {
    pub async fn new(db: &Db) -> Scene {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 7);
        let s = &ctx.store;
        let new = site::NewStore {
            ids: site::Ids {
                store: s.id,
                channel: s.channel,
                market: s.market,
                entity: s.entity,
                location: s.location,
            },
            name: "Corner".into(),
            legal_name: String::new(),
            legal_address: Address { line1: "Damrak 1".into(), country: "NL".into(), ..Address::default() },
            vat_number: String::new(),
            email: "shop@example.com".into(),
            currency: Currency::EUR,
            country: "NL".into(),
            time_zone: "Europe/Amsterdam".into(),
            prices_include_tax: true,
            locales: vec!["en".into(), "de".into()],
        };
        let c = ctx.clone();
        db.write("set_up", async move |tx: &mut Tx| {
            site::set_up(tx, &c, &new).await.unwrap();
            inventory::create_location(tx, &c, c.store.location, "Shelf", &Address::default()).await.unwrap();
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
        let began = clock.now();
        Scene { db: db.clone(), ctx, clock, began, dir: tempfile::tempdir().unwrap() }
    }

    pub async fn open(&self) -> Arc<Shopfront> {
        Shopfront::open(self.db.clone(), self.ctx.clone(), self.dir.path()).await.unwrap()
    }

    pub async fn category(&self, parent: Option<CategoryId>, english: &str, german: &str) -> CategoryId {
        let named = |locale: &str, name: &str| CategoryText {
            locale: locale.to_owned(),
            name: name.to_owned(),
            slug: String::new(),
            description: String::new(),
        };
        let new = NewCategory { parent, texts: vec![named("en", english), named("de", german)] };
        write!(self, |tx, ctx| catalog::create_category(tx, &ctx, &may(&ctx), &new).await)
    }

    pub async fn rename_category(&self, id: CategoryId, name: &str) {
        let text = CategoryText {
            locale: "en".into(),
            name: name.to_owned(),
            slug: name.to_lowercase(),
            description: String::new(),
        };
        let texts = vec![text];
        write!(self, |tx, ctx| catalog::set_category_texts(tx, &ctx, &may(&ctx), id, &texts).await)
    }

    async fn make(
        &self,
        state: ProductState,
        title: &str,
        category: Option<CategoryId>,
        prices: &[i64],
    ) -> ProductId {
        self.clock.advance(Duration::from_micros(1)); // so that the order of making is an order
        let code = title.to_lowercase().replace(' ', "-");
        let variant = |n: usize| VariantInput {
            sku: Some(format!("SKU-{code}-{n}")),
            options: [(prices.len() > 1).then(|| n.to_string()), None, None],
            unit_grams: Some(500),
            ..VariantInput::default()
        };
        let new = NewProduct {
            state,
            facts: Facts {
                category,
                vendor: "Grower".into(),
                tags: vec!["fresh".into()],
                ..Facts::default()
            },
            texts: vec![text("en", title)],
            options: if prices.len() > 1 { vec!["Size".into()] } else { vec![] },
            variants: (1..=prices.len().max(1)).map(variant).collect(),
        };
        let id = write!(self, |tx, ctx| catalog::create_product(tx, &ctx, &may(&ctx), &new).await);
        for (v, amount) in self.variants(id).await.into_iter().zip(prices) {
            self.price(v, *amount).await;
        }
        id
    }

    pub async fn product(&self, title: &str, category: Option<CategoryId>, prices: &[i64]) -> ProductId {
        self.make(ProductState::Live, title, category, prices).await
    }

    pub async fn draft(&self, title: &str) -> ProductId {
        self.make(ProductState::Draft, title, None, &[100]).await
    }

    pub async fn unpriced(&self, title: &str, category: Option<CategoryId>) -> ProductId {
        self.make(ProductState::Live, title, category, &[]).await
    }

    async fn get(&self, id: ProductId) -> catalog::Product {
        let store = self.ctx.store.id;
        self.db.read(async |tx: &mut Tx| catalog::get(tx, store, id).await).await.unwrap()
    }

    pub async fn variants(&self, id: ProductId) -> Vec<VariantId> {
        self.get(id).await.active().map(|v| v.id).collect()
    }

    async fn change(&self, id: ProductId, change: ProductChange) {
        let version = self.get(id).await.version;
        write!(self, |tx, ctx| catalog::update_product(tx, &ctx, &may(&ctx), id, version, &change).await);
    }

    pub async fn texts(&self, id: ProductId, texts: Vec<TextInput>) {
        self.change(id, ProductChange { texts: Some(texts), ..ProductChange::default() }).await;
    }

    pub async fn retitle(&self, id: ProductId, title: &str, slug: &str) {
        self.texts(id, vec![TextInput { slug: Some(slug.to_owned()), ..text("en", title) }]).await;
    }

    pub async fn german(&self, id: ProductId, title: &str) {
        self.texts(id, vec![text("de", title)]).await;
    }

    pub async fn retire(&self, id: ProductId) {
        self.change(id, ProductChange { state: Some(ProductState::Retired), ..ProductChange::default() })
            .await;
    }

    pub async fn price(&self, variant: VariantId, amount: i64) {
        let new = pricing::NewPrice::plain(variant, amount);
        write!(self, |tx, ctx| pricing::set_price(tx, &ctx, &may(&ctx), new).await)
    }

    pub async fn price_from(&self, variant: VariantId, amount: i64, from: Timestamp, to: Timestamp) {
        let plain = pricing::NewPrice::plain(variant, amount);
        let new = pricing::NewPrice { starts_at: Some(from), ends_at: Some(to), ..plain };
        write!(self, |tx, ctx| pricing::set_price(tx, &ctx, &may(&ctx), new).await)
    }

    pub fn in_minutes(&self, minutes: u64) -> Timestamp {
        self.began.plus(Duration::from_secs(minutes * 60))
    }

    pub fn clock_at(&self, minutes: u64) {
        self.clock.set(self.in_minutes(minutes));
    }

    /// Makes it counted, with so many on hand.
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
        })
    }

    /// A picture as if it had been uploaded.
    pub async fn image(&self, product: ProductId, alt: &str) {
        let alt = alt.to_owned();
        write!(self, |tx, ctx| {
            let id: AssetId = ctx.id();
            tx.exec(
                "insert into asset (id, store_id, sha256, media_type, byte_size, width, height, hue, file_name, state, created_at,
                     updated_at) values ($1, $2, $3, 'image/jpeg', 1, 800, 600, 40, 'a.jpg', 'ready', $4, $4)",
                params![id, ctx.store.id, [0u8; 32], ctx.now()],
            )
            .await
            .unwrap();
            assets::attach(tx, &ctx, &may(&ctx), assets::Subject::Product, product.uuid(), id, &alt).await
        })
    }

    pub async fn tax(&self, name: &str, percent: i64) {
        let name = name.to_owned();
        write!(self, |tx, ctx| {
            tx
            .exec(
                "insert into tax_rate (id, store_id, country, tax_category, name, rate_ppm) values ($1, $2, 'NL', 'standard', $3, $4)",
                params![ctx.id::<kernel::TaxRate>(), ctx.store.id, name, Rate::ppm(percent * 10_000)],
            )
            .await
        });
    }

    pub async fn locales(&self, locales: &[&str]) {
        let locales: Vec<String> = locales.iter().map(|l| (*l).to_owned()).collect();
        write!(self, |tx, ctx| {
            site::set_locales(tx, &ctx, &ctx.permit::<perms::SettingsWrite>().unwrap(), &locales).await
        })
    }

    pub async fn sql(&self, text: &'static str) {
        self.db.write("sql", async move |tx: &mut Tx| tx.exec(text, &[]).await).await.unwrap();
    }

    /// Many products of three variants each, written as an import would: past the verbs.
    pub async fn many(&self, count: usize) {
        for from in (0..count).step_by(500) {
            write!(self, |tx, ctx| {
                let now = ctx.now();
                let (mut products, mut texts, mut variants, mut prices) = (vec![], vec![], vec![], vec![]);
                let names: Vec<(ProductId, String, String, String)> = (from..(from + 500).min(count))
                    .map(|n| {
                        let words = format!("<p>The description of number {n} has some more words to read about it, as they do.</p>");
                        (ctx.id(), format!("Product {n}"), format!("product-{n}"), words.repeat(3))
                    })
                    .collect();
                let skus: Vec<(ProductId, VariantId, String, i64, i64)> = names
                    .iter()
                    .flat_map(|(id, _, slug, _)| {
                        (1..=3).map(|v| {
                            (*id, ctx.id(), slug.replace("product", "SKU") + &format!("-{v}"), v, v * 100)
                        })
                    })
                    .collect();
                for (id, title, slug, words) in &names {
                    products.extend_from_slice(params![
                        *id,
                        ctx.store.id,
                        "live",
                        "Maker",
                        "[\"fresh\"]",
                        now,
                        now
                    ]);
                    texts.extend_from_slice(params![*id, ctx.store.id, "en", *title, *slug, *words]);
                }
                for (id, variant, sku, position, amount) in &skus {
                    variants.extend_from_slice(params![
                        *variant,
                        *id,
                        ctx.store.id,
                        *position,
                        *sku,
                        now,
                        now
                    ]);
                    prices.extend_from_slice(params![
                        *variant,
                        ctx.store.id,
                        *variant,
                        ctx.store.market,
                        "EUR",
                        *amount,
                        now
                    ]);
                }
                tx.insert(
                    "insert into product (id, store_id, state, vendor, tags, created_at, updated_at) values",
                    7,
                    &products,
                    "",
                )
                .await?;
                tx.insert("insert into product_text (product_id, store_id, locale, title, slug, description) values", 6, &texts, "").await?;
                tx.insert("insert into variant (id, product_id, store_id, position, sku, created_at, updated_at) values", 7, &variants, "").await?;
                tx.insert("insert into price (id, store_id, variant_id, market_id, currency, amount_minor, updated_at) values", 7, &prices, "").await
            });
        }
    }
}

fn may(ctx: &Ctx) -> kernel::Permit<perms::ProductsWrite> {
    ctx.permit().unwrap()
}
