//! Carts on both databases, through the modules they read; and the calculation without any.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use catalog::{NewProduct, ProductState, TextInput, VariantInput};
use checkout::{
    Added, Calculation, Cart, CartDetails, CartState, Changed, Error, NewLine, Problem, add_line, calculate,
    close, discard, find, reopen, see_prices, set_details, set_quantity, sweep,
};
use db::{Tx, params};
use kernel::{Address, Ctx, Fault, Rate, VariantId};
use pricing::{NewPrice, NewTaxRate};
use shipping::{NewMethod, NewZone};

mod pure;

const MIGRATIONS: &[db::Migrations] = &[
    work::MIGRATIONS,
    catalog::MIGRATIONS,
    pricing::MIGRATIONS,
    inventory::MIGRATIONS,
    shipping::MIGRATIONS,
    checkout::MIGRATIONS,
];

/// A live product with a price of 10.00 and so many pieces.
async fn stocked(db: &db::Db, ctx: &Ctx, title: &str, pieces: i64) -> VariantId {
    let (ctx, title) = (ctx.acting(kernel::Actor::System, kernel::Grants::default()), title.to_owned());
    db.write("stock", async move |tx: &mut Tx| {
        let new = NewProduct {
            state: ProductState::Live,
            facts: catalog::Facts::default(),
            texts: vec![TextInput { locale: "en".into(), title: title.clone(), ..TextInput::default() }],
            options: vec![],
            variants: vec![VariantInput { weight_grams: Some(400), ..VariantInput::default() }],
        };
        let product = catalog::create_product(tx, &ctx, &ctx.permit().unwrap(), &new).await?;
        let variant = catalog::get(tx, ctx.store.id, product).await?.variants[0].id;
        pricing::set_price(tx, &ctx, &ctx.permit().unwrap(), NewPrice::plain(variant, 1_000)).await?;
        let item = inventory::create_item(tx, &ctx, variant, true, false).await?;
        if pieces > 0 {
            tx.exec("update stock_level set on_hand = $2 where item_id = $1", params![item, pieces]).await?;
        }
        Ok::<_, Error>(variant)
    })
    .await
    .unwrap()
}

/// A location, tax, and a way to ship.
async fn shop(db: &db::Db) -> Ctx {
    let ctx = testkit::ctx();
    let c = ctx.clone();
    db.write("shop", async move |tx: &mut Tx| {
        inventory::create_location(tx, &c, c.store.location, "Shop", &Address::default()).await?;
        let rate = NewTaxRate {
            country: "NL".into(),
            region: String::new(),
            tax_category: "standard".into(),
            name: "VAT 21 %".into(),
            rate: Rate::percent(21),
        };
        pricing::create_tax_rate(tx, &c, &c.permit().unwrap(), rate).await?;
        let zone = NewZone { name: "Home".into(), countries: vec!["NL".into()] };
        let zone = shipping::create_zone(tx, &c, &c.permit().unwrap(), zone).await?;
        shipping::create_method(tx, &c, &c.permit().unwrap(), zone, NewMethod::flat("Parcel", 490)).await?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    ctx.shopper()
}

async fn put(
    db: &db::Db,
    ctx: &Ctx,
    secret: Option<&str>,
    variant: VariantId,
    quantity: i64,
) -> Result<Added, Error> {
    let (ctx, secret) = (ctx.clone(), secret.map(str::to_owned));
    db.write(db::Unit::named("put").read_committed(), async move |tx: &mut Tx| {
        let new = NewLine { variant, quantity, seen_price_minor: Some(1_000) };
        add_line(tx, &ctx, secret.as_deref(), new).await
    })
    .await
}

async fn load(db: &db::Db, ctx: &Ctx, secret: &str) -> Cart {
    db.read(async |tx: &mut Tx| find(tx, ctx, secret).await).await.unwrap().unwrap()
}

async fn worth(db: &db::Db, ctx: &Ctx, cart: &Cart) -> Calculation {
    db.read(async |tx: &mut Tx| calculate(tx, ctx, cart).await).await.unwrap()
}

async fn change(db: &db::Db, ctx: &Ctx, cart: &Cart, quantity: i64) -> Result<Changed, Error> {
    let (ctx, cart) = (ctx.clone(), cart.clone());
    db.write(db::Unit::named("change").read_committed(), async move |tx: &mut Tx| {
        set_quantity(tx, &ctx, &cart, cart.lines[0].id, quantity).await
    })
    .await
}

async fn detail(db: &db::Db, ctx: &Ctx, cart: &Cart, details: CartDetails) -> Result<Cart, Error> {
    let (ctx, cart) = (ctx.clone(), cart.clone());
    db.write("detail", async move |tx: &mut Tx| set_details(tx, &ctx, &cart, details.clone()).await).await
}

async fn shut(db: &db::Db, ctx: &Ctx, cart: &Cart) -> Result<(), Error> {
    let (ctx, id, version) = (ctx.clone(), cart.id, cart.version);
    let unit = db::Unit::named("close").read_committed();
    db.write(unit, async move |tx: &mut Tx| close(tx, &ctx, id, version).await).await
}

async fn broken(db: &db::Db) -> Vec<&'static str> {
    let found = db.read(async |tx: &mut Tx| db::check(tx, checkout::LAWS).await).await.unwrap();
    found.into_iter().map(|v| v.law).collect()
}

fn complete(method: kernel::ShippingMethodId) -> CartDetails {
    CartDetails {
        email: " ada@example.com ".into(),
        address: Some(Address {
            name: "Ada".into(),
            line1: "Dam 1".into(),
            postcode: "1012js".into(),
            city: "Amsterdam".into(),
            country: "nl".into(),
            ..Address::default()
        }),
        shipping_method: Some(method),
        payment_method: Some("test".into()),
        ..CartDetails::default()
    }
}

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_guest_fills_a_cart_and_it_adds_up(db) {
        let ctx = shop(&db).await;
        let (apple, pear) = (stocked(&db, &ctx, "Apple", 50).await, stocked(&db, &ctx, "Pear", 50).await);
        let a = put(&db, &ctx, None, apple, 2).await.unwrap();
        assert_eq!((a.version, a.quantity, a.pieces, a.notice.is_none()), (1, 2, 2, true));
        let b = put(&db, &ctx, Some(&a.secret), pear, 1).await.unwrap();
        assert_eq!((b.cart, b.version, b.quantity, b.pieces), (a.cart, 2, 1, 3));
        let c = put(&db, &ctx, Some(&a.secret), apple, 3).await.unwrap();
        assert_eq!((c.line, c.version, c.quantity, c.pieces), (a.line, 3, 5, 6), "the same again adds to its line");

        let cart = load(&db, &ctx, &a.secret).await;
        assert_eq!((cart.version, cart.pieces(), cart.lines.len(), cart.lines[0].variant), (3, 6, 2, apple));
        let sum = worth(&db, &ctx, &cart).await;
        assert_eq!((sum.goods_gross_minor, sum.tax_minor, sum.total_minor), (6_000, 868 + 174, 6_000));
        assert!(sum.can_check_out() && !sum.can_place());

        let cart = detail(&db, &ctx, &cart, complete(sum.quotes[0].method)).await.unwrap();
        assert_eq!((cart.version, cart.email.as_str(), cart.country()), (4, "ada@example.com", Some("NL")));
        assert_eq!(cart.address.as_ref().map(|a| a.postcode.as_str()), Some("1012 JS"), "as its country writes it");
        assert_eq!(load(&db, &ctx, &a.secret).await, cart);
        let sum = worth(&db, &ctx, &cart).await;
        assert!(sum.can_place(), "{:?}", sum.problems);
        assert_eq!((sum.total_minor, sum.lines[0].title.as_str(), sum.lines[1].tax_name.as_str()), (6_490, "Apple", "VAT 21 %"));
        assert!(broken(&db).await.is_empty());
    }

    async fn statements_are_few(db) {
        let ctx = shop(&db).await;
        let (apple, pear) = (stocked(&db, &ctx, "Apple", 50).await, stocked(&db, &ctx, "Pear", 50).await);
        let start = db.stats().statements();
        let spent = || db.stats().statements() - start;
        let a = put(&db, &ctx, None, apple, 2).await.unwrap();
        assert_eq!(spent(), 3, "put into a new cart");
        put(&db, &ctx, Some(&a.secret), pear, 1).await.unwrap();
        assert_eq!(spent(), 6, "put into a cart");
        let cart = load(&db, &ctx, &a.secret).await;
        assert_eq!(spent(), 7, "read");
        let sum = worth(&db, &ctx, &cart).await;
        assert_eq!(spent(), 12, "calculate");
        let cart = detail(&db, &ctx, &cart, complete(sum.shipping.map_or(sum.quotes[0].method, |s| s.method_id))).await.unwrap();
        assert_eq!(spent(), 13, "details");
        let again = detail(&db, &ctx, &cart, CartDetails::of(&cart)).await.unwrap();
        assert_eq!((spent(), again.version), (13, cart.version), "the same details again");
        shut(&db, &ctx, &cart).await.unwrap();
        assert_eq!(spent(), 14, "close");
    }

    async fn no_more_than_is_available_is_put_in(db) {
        let ctx = shop(&db).await;
        let (few, none) = (stocked(&db, &ctx, "Fig", 3).await, stocked(&db, &ctx, "Kiwi", 0).await);
        assert_eq!(put(&db, &ctx, None, none, 1).await.unwrap_err().code(), "sold_out");
        let a = put(&db, &ctx, None, few, 2).await.unwrap();
        let b = put(&db, &ctx, Some(&a.secret), few, 2).await.unwrap();
        assert_eq!((b.quantity, b.pieces, b.notice.unwrap().to_string().as_str()), (3, 3, "Only 3 left"));
        let fresh = put(&db, &ctx, None, few, 9).await.unwrap();
        assert_eq!((fresh.quantity, fresh.pieces, fresh.notice.is_some()), (3, 3, true));

        let cart = load(&db, &ctx, &a.secret).await;
        let changed = change(&db, &ctx, &cart, 5).await.unwrap();
        assert_eq!((changed.quantity, changed.notice), (3, Some(Problem::OnlyLeft { line: a.line, left: 3 })));
        assert_eq!(change(&db, &ctx, &cart, 2).await.unwrap().notice, None);
        // somebody else buys what is in the cart
        db.write("buy", async move |tx: &mut Tx| tx.exec("update stock_level set reserved = 2 where on_hand = 3", &[]).await).await.unwrap();
        let sum = worth(&db, &ctx, &load(&db, &ctx, &a.secret).await).await;
        assert_eq!(sum.lines[0].notices, [Problem::OnlyLeft { line: a.line, left: 1 }]);
        assert!(!sum.can_check_out());
    }

    async fn quantities_and_lines_have_limits(db) {
        let ctx = shop(&db).await;
        let apple = stocked(&db, &ctx, "Apple", 5_000).await;
        for wrong in [0, -1, 1_000] {
            assert_eq!(put(&db, &ctx, None, apple, wrong).await.unwrap_err().field(), Some("quantity"));
        }
        let a = put(&db, &ctx, None, apple, 999).await.unwrap();
        let b = put(&db, &ctx, Some(&a.secret), apple, 999).await.unwrap();
        assert_eq!((b.quantity, b.pieces, b.notice.is_some()), (999, 999, true));
        let cart = load(&db, &ctx, &a.secret).await;
        assert_eq!(change(&db, &ctx, &cart, 1_000).await.unwrap_err().field(), Some("quantity"));
        // what is not counted can be put in; the calculation says that it is not sold
        for _ in 0..99 {
            put(&db, &ctx, Some(&a.secret), ctx.id(), 1).await.unwrap();
        }
        assert_eq!(put(&db, &ctx, Some(&a.secret), ctx.id(), 1).await.unwrap_err().code(), "too_many_lines");
        put(&db, &ctx, Some(&a.secret), apple, 1).await.unwrap();
        let sum = worth(&db, &ctx, &load(&db, &ctx, &a.secret).await).await;
        assert_eq!((sum.lines.len(), sum.gone.len(), sum.can_check_out()), (1, 99, false));
        assert!(broken(&db).await.is_empty());
    }

    async fn lines_are_changed_and_taken_out(db) {
        let ctx = shop(&db).await;
        let apple = stocked(&db, &ctx, "Apple", 50).await;
        let a = put(&db, &ctx, None, apple, 2).await.unwrap();
        let cart = load(&db, &ctx, &a.secret).await;
        assert_eq!(change(&db, &ctx, &cart, 7).await.unwrap(), Changed { version: 2, quantity: 7, notice: None });
        assert_eq!(change(&db, &ctx, &cart, 0).await.unwrap(), Changed { version: 3, quantity: 0, notice: None });
        assert_eq!(change(&db, &ctx, &cart, 1).await.unwrap_err().code(), "cart_line_not_found");
        let empty = load(&db, &ctx, &a.secret).await;
        assert_eq!((empty.lines.len(), empty.version), (0, 3), "what failed did not count");
        assert_eq!(worth(&db, &ctx, &empty).await.problems[0], Problem::Empty);
        let c = ctx.clone();
        let missing = db.write("t", async move |tx: &mut Tx| set_quantity(tx, &c, &cart, c.id(), 1).await).await;
        assert_eq!(missing.unwrap_err().code(), "cart_line_not_found");
    }

    async fn details_are_kept_as_typed_and_checked_for_length(db) {
        let ctx = shop(&db).await;
        let a = put(&db, &ctx, None, stocked(&db, &ctx, "Apple", 50).await, 2).await.unwrap();
        let cart = load(&db, &ctx, &a.secret).await;
        let half = CartDetails { email: "ada@".into(), note: " ring twice ".into(), ..CartDetails::default() };
        let now = detail(&db, &ctx, &cart, half).await.unwrap();
        assert_eq!((now.email.as_str(), now.note.as_str()), ("ada@", "ring twice"));
        let late = detail(&db, &ctx, &cart, CartDetails::default()).await;
        assert_eq!(late.map(|c| c.version).ok(), Some(cart.version), "nothing new against what was read is nothing to do");
        let stale = CartDetails { note: "x".into(), ..CartDetails::default() };
        assert_eq!(detail(&db, &ctx, &cart, stale).await.unwrap_err().code(), "cart_changed");
        let long = CartDetails { address: Some(Address { city: "x".repeat(101), ..Address::default() }), ..CartDetails::default() };
        assert_eq!(detail(&db, &ctx, &now, long).await.unwrap_err().field(), Some("city"));
    }

    async fn one_of_many_closes_a_cart(db) {
        let ctx = shop(&db).await;
        let a = put(&db, &ctx, None, stocked(&db, &ctx, "Apple", 50).await, 2).await.unwrap();
        let cart = load(&db, &ctx, &a.secret).await;
        let won = Arc::new(AtomicUsize::new(0));
        let all: Vec<_> = (0..20).map(|_| {
            let (db, ctx, cart, won) = (db.clone(), ctx.clone(), cart.clone(), won.clone());
            tokio::spawn(async move {
                if shut(&db, &ctx, &cart).await.is_ok() { won.fetch_add(1, Ordering::SeqCst); }
            })
        }).collect();
        for one in all { one.await.unwrap(); }
        assert_eq!(won.load(Ordering::SeqCst), 1);
        assert_eq!(change(&db, &ctx, &cart, 1).await.unwrap_err().code(), "cart_closed");
        assert_eq!(detail(&db, &ctx, &cart, complete(ctx.id())).await.unwrap_err().code(), "cart_changed");
        let other = put(&db, &ctx, Some(&a.secret), cart.lines[0].variant, 1).await.unwrap();
        assert!(other.cart != cart.id && other.secret != a.secret, "a closed cart's shopper begins anew");

        let (c, id) = (ctx.clone(), cart.id);
        assert!(db.write("t", async move |tx: &mut Tx| reopen(tx, &c, id).await).await.unwrap());
        let again = load(&db, &ctx, &a.secret).await;
        assert_eq!((again.state, again.version), (CartState::Open, cart.version + 1));
        assert!(shut(&db, &ctx, &cart).await.is_err(), "the version of an order is spent");
        shut(&db, &ctx, &again).await.unwrap();
        assert!(broken(&db).await.is_empty());
    }

    async fn lines_put_in_at_once_are_all_there(db) {
        let ctx = shop(&db).await;
        let apple = stocked(&db, &ctx, "Apple", 500).await;
        let a = put(&db, &ctx, None, apple, 1).await.unwrap();
        let all: Vec<_> = (0..20).map(|_| {
            let (db, ctx, secret) = (db.clone(), ctx.clone(), a.secret.clone());
            tokio::spawn(async move { put(&db, &ctx, Some(&secret), apple, 2).await.unwrap(); })
        }).collect();
        for one in all { one.await.unwrap(); }
        let cart = load(&db, &ctx, &a.secret).await;
        assert_eq!((cart.pieces(), cart.version, cart.lines.len()), (41, 21, 1));
    }

    async fn a_price_that_rose_is_shown_before_the_order(db) {
        let ctx = shop(&db).await;
        let apple = stocked(&db, &ctx, "Apple", 50).await;
        let a = put(&db, &ctx, None, apple, 2).await.unwrap();
        let cart = load(&db, &ctx, &a.secret).await;
        let method = worth(&db, &ctx, &cart).await.quotes[0].method;
        let cart = detail(&db, &ctx, &cart, complete(method)).await.unwrap();
        let set = async |minor: i64| {
            let system = ctx.acting(kernel::Actor::System, kernel::Grants::default());
            db.write("t", async move |tx: &mut Tx| pricing::set_price(tx, &system, &system.permit().unwrap(), NewPrice::plain(apple, minor)).await).await.unwrap();
        };
        set(900).await;
        let sum = worth(&db, &ctx, &cart).await;
        assert!(sum.can_place() && sum.problems.len() == 1, "a price that fell is only told");
        set(1_100).await;
        let sum = worth(&db, &ctx, &cart).await;
        assert!(!sum.can_place());
        let see = async |cart: Cart, sum: Calculation| {
            let ctx = ctx.clone();
            db.write("t", async move |tx: &mut Tx| see_prices(tx, &ctx, &cart, &sum).await).await
        };
        assert_eq!(see(cart.clone(), sum.clone()).await.unwrap(), cart.version + 1);
        assert_eq!(see(cart.clone(), sum.clone()).await.unwrap_err().code(), "cart_changed");
        let cart = load(&db, &ctx, &a.secret).await;
        let sum = worth(&db, &ctx, &cart).await;
        assert!(sum.can_place() && sum.problems.is_empty());
        assert_eq!(see(cart.clone(), sum).await.unwrap(), cart.version, "nothing new to see");
    }

    async fn carts_are_another_stores_business_and_go_in_time(db) {
        let ctx = shop(&db).await;
        let apple = stocked(&db, &ctx, "Apple", 50).await;
        let (a, b, c) = (put(&db, &ctx, None, apple, 1).await.unwrap(), put(&db, &ctx, None, apple, 1).await.unwrap(), put(&db, &ctx, None, apple, 1).await.unwrap());
        let elsewhere = ctx.in_store(Arc::new(kernel::Store { id: ctx.id(), ..(*ctx.store).clone() }));
        assert!(db.read(async |tx: &mut Tx| find(tx, &elsewhere, &a.secret).await).await.unwrap().is_none());
        shut(&db, &ctx, &load(&db, &ctx, &a.secret).await).await.unwrap();
        let d = ctx.clone();
        assert!(db.write("t", async move |tx: &mut Tx| discard(tx, &d, b.cart).await).await.unwrap());
        let now = ctx.now();
        assert_eq!(db.write("t", async move |tx: &mut Tx| sweep(tx, now).await).await.unwrap(), 0);
        let later = now.plus(std::time::Duration::from_secs(1));
        assert_eq!(db.write("t", async move |tx: &mut Tx| sweep(tx, later).await).await.unwrap(), 2);
        assert!(db.read(async |tx: &mut Tx| find(tx, &ctx, &c.secret).await).await.unwrap().is_none());
        assert_eq!(load(&db, &ctx, &a.secret).await.lines.len(), 1, "an ordered cart stays");
    }

    async fn every_law_can_be_broken(db) {
        let ctx = shop(&db).await;
        let a = put(&db, &ctx, None, stocked(&db, &ctx, "Apple", 50).await, 2).await.unwrap();
        let cart = a.cart;
        for (law, text) in [
            ("checkout.versions_count_changes", "update cart set version = 0 where id = $1"),
            ("checkout.secrets_are_long", "update cart set secret = 'short', version = 1 where id = $1"),
            ("checkout.ordered_carts_have_lines", "update cart set state = 'ordered', secret = 'abcdefghijklmnopqrstuvwxyz' where id = $1"),
        ] {
            db.write("break", async move |tx: &mut Tx| {
                if text.contains("ordered") { tx.exec("delete from cart_line where cart_id = $1", params![cart]).await?; }
                tx.exec(text, params![cart]).await
            }).await.unwrap();
            assert_eq!(broken(&db).await, [law]);
        }
        let c = ctx.clone();
        db.write("break", async move |tx: &mut Tx| {
            tx.exec("update cart set version = 500 where id = $1", params![cart]).await?;
            for i in 0..101 {
                tx.exec("insert into cart_line (id, cart_id, variant_id, quantity, position) values ($1, $2, $3, 1, $4)", params![c.id::<kernel::CartLine>(), cart, c.id::<kernel::Variant>(), i]).await?;
            }
            Ok::<_, Error>(())
        }).await.unwrap();
        assert_eq!(broken(&db).await, ["checkout.lines_are_limited"]);
        assert_eq!(checkout::LAWS.len(), 4, "a new law is broken here too");
    }
}

#[test]
fn states_follow_the_verbs() {
    use checkout::Action::{Close, Discard, Reopen};
    let table = [
        (CartState::Open, Close, Some(CartState::Ordered)),
        (CartState::Ordered, Reopen, Some(CartState::Open)),
        (CartState::Open, Discard, Some(CartState::Dropped)),
        (CartState::Ordered, Close, None),
        (CartState::Dropped, Reopen, None),
    ];
    for (from, action, to) in table {
        assert_eq!(from.after(action), to);
    }
}
