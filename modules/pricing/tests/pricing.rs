//! Prices and taxes on both databases, and the arithmetic of lines under random input.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use db::{Tx, params};
use kernel::{Ctx, Fault, Rate, Timestamp, VariantId};
use pricing::{
    Error, ImportPrice, NewPrice, NewTaxRate, clear_price, create_tax_rate, delete_tax_rate, import_prices,
    prices_of, rate_for, set_price, tax_rates, update_tax_rate,
};

mod lines;

async fn set(db: &db::Db, ctx: &Ctx, new: NewPrice) -> Result<(), Error> {
    let ctx = ctx.clone();
    db.write("t", async move |tx: &mut Tx| set_price(tx, &ctx, &ctx.permit().unwrap(), new).await).await
}

async fn amount(db: &db::Db, ctx: &Ctx, variant: VariantId, quantity: i64, at: Timestamp) -> Option<i64> {
    let prices =
        db.read(async |tx: &mut Tx| prices_of(tx, ctx.store.market, &[variant], at).await).await.unwrap();
    prices.of(variant, quantity).map(|p| p.amount_minor)
}

async fn broken(db: &db::Db) -> Vec<&'static str> {
    let found = db.read(async |tx: &mut Tx| db::check(tx, pricing::LAWS).await).await.unwrap();
    found.into_iter().map(|v| v.law).collect()
}

fn vat(category: &str, percent: i64) -> NewTaxRate {
    NewTaxRate {
        country: "nl".into(),
        region: String::new(),
        tax_category: category.into(),
        name: format!("VAT {percent} %"),
        rate: Rate::percent(percent),
    }
}

testkit::on_both! {
    migrations = &[work::MIGRATIONS, pricing::MIGRATIONS];

    async fn a_price_is_set_changed_and_cleared(db) {
        let ctx = testkit::ctx();
        let v = ctx.id();
        assert_eq!(amount(&db, &ctx, v, 1, ctx.now()).await, None);
        set(&db, &ctx, NewPrice::plain(v, 399)).await.unwrap();
        set(&db, &ctx, NewPrice { min_quantity: 10, ..NewPrice::plain(v, 349) }).await.unwrap();
        assert_eq!((amount(&db, &ctx, v, 9, ctx.now()).await, amount(&db, &ctx, v, 10, ctx.now()).await), (Some(399), Some(349)));
        set(&db, &ctx, NewPrice { compare_at_minor: Some(499), ..NewPrice::plain(v, 379) }).await.unwrap();
        set(&db, &ctx, NewPrice { compare_at_minor: Some(499), ..NewPrice::plain(v, 379) }).await.unwrap();
        assert_eq!(amount(&db, &ctx, v, 1, ctx.now()).await, Some(379));
        let told: (i64, i64) = db.read(async |tx: &mut Tx| tx.one(
            "select (select cast(count(*) as bigint) from change where subject = 'price'), (select cast(count(*) as bigint) from audit)", &[]).await).await.unwrap();
        assert_eq!(told, (3, 3), "the same again says nothing");
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| clear_price(tx, &c, &c.permit().unwrap(), v, 1).await).await.unwrap();
        assert_eq!(amount(&db, &ctx, v, 10, ctx.now()).await, None);
        assert!(broken(&db).await.is_empty());
    }

    async fn a_price_holds_between_its_dates(db) {
        let ctx = testkit::ctx();
        let v = ctx.id();
        let (from, to) = (Timestamp(100), Timestamp(200));
        set(&db, &ctx, NewPrice { starts_at: Some(from), ends_at: Some(to), ..NewPrice::plain(v, 5) }).await.unwrap();
        for (at, want) in [(99, None), (100, Some(5)), (199, Some(5)), (200, None)] {
            assert_eq!(amount(&db, &ctx, v, 1, Timestamp(at)).await, want, "{at}");
        }
    }

    async fn wrong_prices_are_refused_with_their_field(db) {
        let ctx = testkit::ctx();
        let v = ctx.id();
        let good = NewPrice::plain(v, 100);
        for (new, code, field) in [
            (NewPrice { amount_minor: -1, ..good }, "amount_out_of_range", "price"),
            (NewPrice { amount_minor: i64::MAX, ..good }, "amount_out_of_range", "price"),
            (NewPrice { compare_at_minor: Some(100), ..good }, "compare_at_too_low", "compare_at"),
            (NewPrice { min_quantity: 0, ..good }, "min_quantity_too_low", "min_quantity"),
            (NewPrice { min_quantity: 2, ..good }, "base_price_missing", "min_quantity"),
            (NewPrice { starts_at: Some(Timestamp(2)), ends_at: Some(Timestamp(2)), ..good }, "dates_reversed", "ends_at"),
        ] {
            let e = set(&db, &ctx, new).await.unwrap_err();
            assert_eq!((e.code(), e.field()), (code, Some(field)));
        }
    }

    async fn a_permit_for_another_store_does_not_reach(db) {
        let ctx = testkit::ctx();
        let scope = kernel::Scope { stores: vec![ctx.id()], ..kernel::Scope::ALL };
        let grants = kernel::Grants(vec![kernel::Grant { permission: "products:write".into(), scope }]);
        let staff = ctx.acting(kernel::Actor::Staff { id: ctx.id(), name: "Ada".into() }, grants);
        let e = set(&db, &staff, NewPrice::plain(ctx.id(), 1)).await.unwrap_err();
        assert_eq!(e.kind(), kernel::ErrorKind::Denied);
    }

    async fn an_import_writes_what_changed(db) {
        let ctx = testkit::ctx();
        let all: Vec<ImportPrice> = (0..700i64).map(|i| ImportPrice { variant: ctx.id(), amount_minor: i, compare_at_minor: Some(350) }).collect();
        let import = async |all: Vec<ImportPrice>| {
            let ctx = ctx.clone();
            db.write("import", async move |tx: &mut Tx| import_prices(tx, &ctx, &all).await).await
        };
        assert_eq!(import(all.clone()).await.unwrap(), 700);
        assert_eq!(import(all.clone()).await.unwrap(), 0, "the same again changes nothing");
        let mut next = all.clone();
        next[7].amount_minor = 12_345;
        assert_eq!(import(next.clone()).await.unwrap(), 1);
        assert_eq!(import(vec![]).await.unwrap(), 0);
        next[9].amount_minor = -1;
        next[8].amount_minor = 1;
        assert!(import(next.clone()).await.is_err());
        let ids: Vec<VariantId> = all.iter().map(|p| p.variant).collect();
        let prices = db.read(async |tx: &mut Tx| prices_of(tx, ctx.store.market, &ids, ctx.now()).await).await.unwrap();
        assert!(ids.iter().enumerate().all(|(i, v)| prices.one(*v).unwrap().amount_minor == if i == 7 { 12_345 } else { i as i64 }));
        assert!(broken(&db).await.is_empty(), "a price before that is not higher is left out");
    }

    async fn prices_of_many_are_one_statement(db) {
        let ctx = testkit::ctx();
        let ids: Vec<VariantId> = (0..250).map(|_| ctx.id()).collect();
        let before = db.stats().statements();
        db.read(async |tx: &mut Tx| prices_of(tx, ctx.store.market, &ids, ctx.now()).await).await.unwrap();
        assert_eq!(db.stats().statements() - before, 1);
        db.read(async |tx: &mut Tx| prices_of(tx, ctx.store.market, &[], ctx.now()).await).await.unwrap();
        assert_eq!(db.stats().statements() - before, 1);
    }

    async fn tax_rates_are_kept(db) {
        let ctx = testkit::ctx();
        let make = async |new: NewTaxRate| {
            let ctx = ctx.clone();
            db.write("t", async move |tx: &mut Tx| create_tax_rate(tx, &ctx, &ctx.permit().unwrap(), new.clone()).await).await
        };
        let id = make(vat("standard", 21)).await.unwrap();
        make(vat("food", 9)).await.unwrap();
        assert_eq!(make(vat(" Food ", 8)).await.unwrap_err().code(), "rate_exists");
        assert_eq!(make(NewTaxRate { country: "Holland".into(), ..vat("x", 1) }).await.unwrap_err().field(), Some("country"));
        assert_eq!(make(vat("x", 101)).await.unwrap_err().field(), Some("rate"));
        assert_eq!(make(NewTaxRate { name: " ".into(), ..vat("x", 1) }).await.unwrap_err().field(), Some("name"));
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| update_tax_rate(tx, &c, &c.permit().unwrap(), id, vat("standard", 19)).await).await.unwrap();
        let rate = async |country: &'static str, category: &'static str| {
            db.read(async |tx: &mut Tx| rate_for(tx, &ctx, country, "", category).await).await.unwrap().rate
        };
        assert_eq!((rate("NL", "food").await, rate("NL", "toys").await, rate("DE", "food").await), (Rate::percent(9), Rate::percent(19), Rate::ZERO));
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| delete_tax_rate(tx, &c, &c.permit().unwrap(), id).await).await.unwrap();
        let c = ctx.clone();
        let again = db.write("t", async move |tx: &mut Tx| delete_tax_rate(tx, &c, &c.permit().unwrap(), id).await).await;
        assert!(matches!(again, Err(Error::NoSuchRate)));
        assert_eq!(db.read(async |tx: &mut Tx| tax_rates(tx, &ctx).await).await.unwrap().len(), 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn every_law_can_be_broken(db) {
        let ctx = testkit::ctx();
        let (a, b) = (ctx.id(), ctx.id());
        set(&db, &ctx, NewPrice::plain(a, 100)).await.unwrap();
        set(&db, &ctx, NewPrice::plain(b, 100)).await.unwrap();
        for (law, text) in [
            ("pricing.one_currency", "update price set currency = 'USD' where variant_id = $1"),
            ("pricing.compare_at_is_higher", "update price set currency = 'EUR', compare_at_minor = 100 where variant_id = $1"),
            ("pricing.quantities_have_a_base", "update price set compare_at_minor = null, min_quantity = 2 where variant_id = $1"),
            ("pricing.dates_in_order", "update price set min_quantity = 1, starts_at = 5, ends_at = 4 where variant_id = $1"),
        ] {
            db.write("break", async move |tx: &mut Tx| tx.exec(text, params![a as VariantId]).await).await.unwrap();
            assert_eq!(broken(&db).await, [law]);
        }
        let c = ctx.clone();
        db.write("break", async move |tx: &mut Tx| {
            tx.exec("update price set ends_at = null", &[]).await?;
            tx.exec("insert into tax_rate (id, store_id, country, tax_category, name, rate_ppm) values ($1, $2, 'nl', 'food', 'x', 1)", params![c.id::<kernel::TaxRate>(), c.store.id]).await
        }).await.unwrap();
        assert_eq!(broken(&db).await, ["pricing.rates_of_countries"]);
        assert_eq!(pricing::LAWS.len(), 5, "a new law is broken here too");
    }
}
