//! Zones, methods and quotes on both databases.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use db::{Tx, params};
use kernel::{Ctx, Fault, ShippingMethodId, ShippingZoneId};
use shipping::{
    Band, Error, Kind, NewMethod, NewZone, Quote, Words, create_method, create_zone, delete_method,
    delete_zone, quotes, update_method, update_zone, zones,
};

async fn add_zone(db: &db::Db, ctx: &Ctx, name: &str, countries: &[&str]) -> Result<ShippingZoneId, Error> {
    let new = NewZone { name: name.into(), countries: countries.iter().map(|c| (*c).to_owned()).collect() };
    let ctx = ctx.clone();
    db.write("t", async move |tx: &mut Tx| create_zone(tx, &ctx, &ctx.permit().unwrap(), new.clone()).await)
        .await
}

async fn add(
    db: &db::Db,
    ctx: &Ctx,
    zone: ShippingZoneId,
    new: NewMethod,
) -> Result<ShippingMethodId, Error> {
    let ctx = ctx.clone();
    db.write("t", async move |tx: &mut Tx| {
        create_method(tx, &ctx, &ctx.permit().unwrap(), zone, new.clone()).await
    })
    .await
}

async fn to(db: &db::Db, ctx: &Ctx, country: &str, grams: i64, goods: i64) -> Vec<(String, i64)> {
    let all: Vec<Quote> =
        db.read(async |tx: &mut Tx| quotes(tx, ctx, country, grams, goods).await).await.unwrap();
    all.into_iter().map(|q| (q.name, q.amount_minor)).collect()
}

async fn broken(db: &db::Db) -> Vec<&'static str> {
    let found = db.read(async |tx: &mut Tx| db::check(tx, shipping::LAWS).await).await.unwrap();
    found.into_iter().map(|v| v.law).collect()
}

fn parcel() -> NewMethod {
    NewMethod {
        name: Words::new([("en", "Parcel"), ("de", "Paket")]),
        kind: Kind::Weight,
        bands: vec![
            Band { up_to_grams: 2_000, amount_minor: 490 },
            Band { up_to_grams: 30_000, amount_minor: 990 },
        ],
        free_from_minor: Some(5_000),
        ..NewMethod::flat("", 0)
    }
}

testkit::on_both! {
    migrations = &[work::MIGRATIONS, shipping::MIGRATIONS];

    async fn quotes_follow_country_weight_and_worth(db) {
        let ctx = testkit::ctx();
        let home = add_zone(&db, &ctx, "Home", &["nl", "BE", "NL"]).await.unwrap();
        let rest = add_zone(&db, &ctx, "World", &["*"]).await.unwrap();
        add_zone(&db, &ctx, "Nowhere", &["US"]).await.unwrap();
        add(&db, &ctx, home, NewMethod { position: 2, ..NewMethod::flat("Courier", 1_500) }).await.unwrap();
        add(&db, &ctx, home, NewMethod { position: 1, ..parcel() }).await.unwrap();
        add(&db, &ctx, home, NewMethod { active: false, ..NewMethod::flat("Pigeon", 1) }).await.unwrap();
        add(&db, &ctx, rest, NewMethod::flat("Post", 2_500)).await.unwrap();
        let named = |all: &[(&str, i64)]| all.iter().map(|(n, a)| ((*n).to_owned(), *a)).collect::<Vec<_>>();
        assert_eq!(to(&db, &ctx, "NL", 1_000, 100).await, named(&[("Parcel", 490), ("Courier", 1_500)]));
        assert_eq!(to(&db, &ctx, "BE", 2_001, 4_999).await, named(&[("Parcel", 990), ("Courier", 1_500)]));
        assert_eq!(to(&db, &ctx, "BE", 2_001, 5_000).await, named(&[("Parcel", 0), ("Courier", 1_500)]));
        assert_eq!(to(&db, &ctx, "NL", 30_001, 0).await, named(&[("Courier", 1_500)]));
        assert_eq!(to(&db, &ctx, "JP", 1, 1).await, named(&[("Post", 2_500)]));
        assert_eq!(to(&db, &ctx, "US", 1, 1).await, vec![], "a named country is not everywhere else");
        let before = db.stats().statements();
        assert_eq!(to(&db, &ctx.in_locale("de"), "NL", 0, 0).await[0].0, "Paket");
        assert_eq!(db.stats().statements() - before, 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn zones_are_kept(db) {
        let ctx = testkit::ctx();
        let a = add_zone(&db, &ctx, " Home ", &["NL"]).await.unwrap();
        assert_eq!(add_zone(&db, &ctx, "Again", &["NL", "DE"]).await.unwrap_err().code(), "country_in_another_zone");
        assert_eq!(add_zone(&db, &ctx, "", &["DE"]).await.unwrap_err().field(), Some("name"));
        assert_eq!(add_zone(&db, &ctx, "X", &[]).await.unwrap_err().field(), Some("countries"));
        assert_eq!(add_zone(&db, &ctx, "X", &["Germany"]).await.unwrap_err().field(), Some("countries"));
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| {
            let new = NewZone { name: "Benelux".into(), countries: vec!["NL".into(), "be".into(), "LU".into()] };
            update_zone(tx, &c, &c.permit().unwrap(), a, new).await
        }).await.unwrap();
        let m = add(&db, &ctx, a, parcel()).await.unwrap();
        let all = db.read(async |tx: &mut Tx| zones(tx, &ctx).await).await.unwrap();
        assert_eq!((all.len(), all[0].name.as_str(), &all[0].countries[..], all[0].methods.len()), (1, "Benelux", &["BE".to_owned(), "LU".into(), "NL".into()][..], 1));
        assert_eq!(all[0].methods[0].is, parcel());
        let remove = async |zone: bool| {
            let c = ctx.clone();
            db.write("t", async move |tx: &mut Tx| {
                let permit = c.permit().unwrap();
                if zone { delete_zone(tx, &c, &permit, a).await } else { delete_method(tx, &c, &permit, m).await }
            }).await
        };
        assert!(matches!(remove(true).await, Err(Error::ZoneNotEmpty)));
        remove(false).await.unwrap();
        assert!(matches!(remove(false).await, Err(Error::NoSuchMethod)));
        remove(true).await.unwrap();
        assert!(matches!(remove(true).await, Err(Error::NoSuchZone)));
        add_zone(&db, &ctx, "Again", &["NL"]).await.unwrap();
    }

    async fn methods_are_changed(db) {
        let ctx = testkit::ctx();
        let zone = add_zone(&db, &ctx, "Home", &["NL"]).await.unwrap();
        let m = add(&db, &ctx, zone, parcel()).await.unwrap();
        let c = ctx.clone();
        db.write("t", async move |tx: &mut Tx| {
            update_method(tx, &c, &c.permit().unwrap(), m, NewMethod { tax_category: "Post".into(), ..NewMethod::flat("Letter", 99) }).await
        }).await.unwrap();
        assert_eq!(to(&db, &ctx, "NL", 99_999, 0).await, [("Letter".to_owned(), 99)]);
        assert!(matches!(add(&db, &ctx, ctx.id(), parcel()).await, Err(Error::NoSuchZone)));
        let audits: i64 = db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from audit", &[]).await).await.unwrap();
        assert_eq!(audits, 3);
    }

    async fn every_law_can_be_broken(db) {
        let ctx = testkit::ctx();
        let zone = add_zone(&db, &ctx, "Home", &["NL"]).await.unwrap();
        add(&db, &ctx, zone, parcel()).await.unwrap();
        let store = ctx.store.id;
        for (law, text) in [
            ("shipping.stores_agree", "update shipping_method set store_id = zone_id where store_id = $1"),
            ("shipping.zones_have_countries", "delete from shipping_zone_country where store_id = $1"),
            ("shipping.weights_have_prices", "update shipping_method set bands = '[]' where store_id = $1"),
            ("shipping.days_in_order", "update shipping_method set min_days = 3, max_days = 2 where store_id = $1"),
        ] {
            let broke: Result<Vec<&'static str>, Error> = db.write("break", async move |tx: &mut Tx| {
                tx.exec(text, params![store]).await?;
                Err(Error::Country { country: db::check(tx, shipping::LAWS).await?.iter().map(|v| v.law).collect::<Vec<_>>().join(" ") })
            }).await;
            let Err(Error::Country { country }) = broke else { panic!("rolled back") };
            assert_eq!(country, law);
        }
        assert_eq!(shipping::LAWS.len(), 4, "a new law is broken here too");
    }
}
