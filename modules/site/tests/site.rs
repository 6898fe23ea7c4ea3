#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;

use db::{Db, Tx, params};
use kernel::{Address, Clock, Ctx, Currency, ErrorKind, Fault, PageSize, SeededEntropy, perms};
use site::{
    Announcement, BankDetails, DetailsChange, Error, Ids, MailSender, NewStore, PerLocale, Setting,
    ThemeSettings,
};

const TABLES: &[db::Migrations] = &[work::MIGRATIONS, site::MIGRATIONS];

fn new_store() -> NewStore {
    let ids = Ids::fresh(testkit::clock().now(), &SeededEntropy::new(3));
    NewStore {
        ids,
        name: " Corner Grocer ".into(),
        legal_name: String::new(),
        legal_address: Address { line1: "Damrak 1".into(), country: "NL".into(), ..Address::default() },
        vat_number: "NL001".into(),
        email: "shop@example.com".into(),
        currency: Currency::EUR,
        country: "nl".into(),
        time_zone: "Europe/Amsterdam".into(),
        prices_include_tax: true,
        locales: vec!["en".into(), "de".into()],
    }
}

async fn try_set_up(db: &Db, new: NewStore) -> Result<Ctx, Error> {
    let ctx = Ctx::with(Arc::new(new.store()), testkit::clock(), Arc::new(SeededEntropy::new(9)));
    let by = ctx.clone();
    let store = db.write("set_up", async move |tx: &mut Tx| site::set_up(tx, &by, &new).await).await?;
    Ok(ctx.in_store(Arc::new(store)))
}

async fn set_up(db: &Db) -> Ctx {
    try_set_up(db, new_store()).await.unwrap()
}

async fn set<T: Setting + Clone + Sync + 'static>(db: &Db, ctx: &Ctx, value: T) -> Result<T, Error> {
    let ctx = ctx.clone();
    db.write("set", async move |tx: &mut Tx| {
        site::set_setting(tx, &ctx, &ctx.permit::<perms::SettingsWrite>().unwrap(), value.clone()).await
    })
    .await
}

async fn get<T: Setting + 'static>(db: &Db, ctx: &Ctx) -> Result<T, Error> {
    db.read(async |tx: &mut Tx| site::setting::<T>(tx, ctx.store.id).await).await
}

async fn redirect(db: &Db, ctx: &Ctx, from: &'static str, to: &'static str) -> Result<(), Error> {
    let ctx = ctx.clone();
    db.write("redirect", async move |tx: &mut Tx| {
        site::set_redirect(tx, &ctx, &ctx.permit::<perms::SettingsWrite>().unwrap(), from, to).await
    })
    .await
}

async fn broken(db: &Db) -> Vec<&'static str> {
    let found = db.read(async |tx: &mut Tx| db::check(tx, site::LAWS).await).await.unwrap();
    found.iter().map(|v| v.law).collect()
}

async fn script(db: &Db, text: &'static str) {
    db.write("break", async move |tx: &mut Tx| tx.script(text).await).await.unwrap();
}

testkit::on_both! {
    migrations = TABLES;

    async fn sets_up_once(db) {
        let none = db.read(async |tx: &mut Tx| site::find_store(tx).await).await.unwrap();
        assert_eq!(none, None);
        let ctx = set_up(&db).await;
        assert_eq!(*ctx.store, new_store().store());
        let d = db.read(async |tx: &mut Tx| site::details(tx, ctx.store.id).await).await.unwrap();
        assert_eq!((d.name.as_str(), d.legal_name.as_str(), d.country.as_str()), ("Corner Grocer", "Corner Grocer", "NL"));
        assert_eq!(d.locales, ["en", "de"]);
        assert_eq!(d.legal_address.line1, "Damrak 1");
        let again = try_set_up(&db, new_store()).await.unwrap_err();
        assert!(matches!(again, Error::AlreadySetUp) && again.kind() == ErrorKind::Conflict);
        assert!(broken(&db).await.is_empty());
    }

    async fn two_at_once_make_one_store(db) {
        let other = NewStore { ids: Ids::fresh(testkit::clock().now(), &SeededEntropy::new(4)), ..new_store() };
        let (a, b) = tokio::join!(try_set_up(&db, new_store()), try_set_up(&db, other));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
        let n: i64 = db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from store", &[]).await).await.unwrap();
        assert_eq!(n, 1);
    }

    async fn set_up_names_the_wrong_field(db) {
        type Spoil = fn(&mut NewStore);
        let wrong: [(&str, Spoil); 5] = [
            ("name", |n| n.name = "  ".into()),
            ("email", |n| n.email = "nobody".into()),
            ("time_zone", |n| n.time_zone = "Mars/Olympus".into()),
            ("country", |n| n.country = "Netherlands".into()),
            ("locales", |n| n.locales = vec![]),
        ];
        for (field, spoil) in wrong {
            let mut new = new_store();
            spoil(&mut new);
            let e = try_set_up(&db, new).await.unwrap_err();
            assert_eq!(e.field(), Some(field), "{e}");
        }
        assert_eq!(db.read(async |tx: &mut Tx| site::find_store(tx).await).await.unwrap(), None);
    }

    async fn details_change_in_part(db) {
        let ctx = set_up(&db).await;
        let change = DetailsChange { name: Some("Greens".into()), time_zone: Some("Europe/Berlin".into()), prices_include_tax: Some(false), ..DetailsChange::default() };
        let by = ctx.clone();
        let store = db.write("update", async move |tx: &mut Tx| {
            site::update_details(tx, &by, &by.permit::<perms::SettingsWrite>().unwrap(), &change).await
        }).await.unwrap();
        assert_eq!(store.time_zone, "Europe/Berlin");
        assert!(!store.prices_include_tax);
        let d = db.read(async |tx: &mut Tx| site::details(tx, ctx.store.id).await).await.unwrap();
        assert_eq!((d.name.as_str(), d.vat_number.as_str()), ("Greens", "NL001"));
        let touched: i64 = db.read(async |tx: &mut Tx| {
            tx.value("select cast(count(*) as bigint) from change where subject = 'site' and subject_id = $1", params![ctx.store.id]).await
        }).await.unwrap();
        assert_eq!(touched, 2);
        let audited: i64 = db.read(async |tx: &mut Tx| {
            tx.value("select cast(count(*) as bigint) from audit where verb in ('store.set_up', 'store.update')", &[]).await
        }).await.unwrap();
        assert_eq!(audited, 2);
    }

    async fn settings_are_typed_and_default(db) {
        let ctx = set_up(&db).await;
        assert_eq!(get::<Announcement>(&db, &ctx).await.unwrap(), Announcement::default());
        let shown = Announcement { active: true, text: PerLocale::default().with("en", " Free shipping "), link: "/sale/".into() };
        let kept = set(&db, &ctx, shown).await.unwrap();
        assert_eq!((kept.text.get("de"), kept.link.as_str()), ("Free shipping", "/sale"));
        assert_eq!(get::<Announcement>(&db, &ctx).await.unwrap(), kept);
        let silent = set(&db, &ctx, Announcement { active: true, ..Announcement::default() }).await.unwrap_err();
        assert_eq!(silent.field(), Some("text"));
        let bad = set(&db, &ctx, BankDetails { iban: "DE89 3704 0044 0532 0130 01".into(), ..BankDetails::default() }).await.unwrap_err();
        assert_eq!(bad.field(), Some("iban"));
        let bank = set(&db, &ctx, BankDetails { holder: "Ada".into(), iban: "DE89 3704 0044 0532 0130 00".into(), ..BankDetails::default() }).await.unwrap();
        assert_eq!(bank.iban, "DE89370400440532013000");
        let bad = set(&db, &ctx, MailSender { address: "not one".into(), ..MailSender::default() }).await.unwrap_err();
        assert_eq!(bad.field(), Some("address"));
        let look = ThemeSettings(serde_json::from_str(r#"{"accent_hue": 150}"#).unwrap());
        set(&db, &ctx, look.clone()).await.unwrap();
        let all = db.read(async |tx: &mut Tx| site::all_settings(tx, ctx.store.id).await).await.unwrap();
        assert_eq!(all.keys().collect::<Vec<_>>(), ["announcement", "bank_details", "theme"]);
        assert_eq!(serde_json::from_value::<ThemeSettings>(all["theme"].clone()).unwrap(), look);
    }

    async fn languages_change(db) {
        let ctx = set_up(&db).await;
        let by = ctx.clone();
        db.write("locales", async move |tx: &mut Tx| {
            site::set_locales(tx, &by, &by.permit::<perms::SettingsWrite>().unwrap(), &["de".into(), "nl".into()]).await
        }).await.unwrap();
        let now = db.read(async |tx: &mut Tx| site::locales(tx, ctx.store.id).await).await.unwrap();
        assert_eq!(now, ["de", "nl"]);
        assert!(broken(&db).await.is_empty());
    }

    async fn a_footer_holds_links_and_no_scripts(db) {
        let ctx = set_up(&db).await;
        let set = async |footer: site::Footer| {
            let ctx = ctx.clone();
            db.write("t", async move |tx: &mut Tx| {
                site::set_setting(tx, &ctx, &ctx.permit::<perms::SettingsWrite>().unwrap(), footer.clone()).await
            }).await
        };
        let links = |url: &str| site::LinksPerLocale([("en".to_owned(), vec![site::FooterLink { name: "Terms".into(), url: url.into() }])].into());
        let promise = site::Promise { icon: "truck".into(), title: site::PerLocale::default().with("en", "Fast"), text: site::PerLocale::default() };
        let good = site::Footer { legal: links("/terms"), promises: vec![promise.clone(), site::Promise::default()], ..site::Footer::default() };
        let kept = set(good).await.unwrap();
        assert_eq!((kept.legal.get("de")[0].url.as_str(), kept.promises.len()), ("/terms", 1));
        assert_eq!(set(site::Footer { links: links("javascript:alert(1)"), ..site::Footer::default() }).await.unwrap_err().field(), Some("links"));
        let odd = site::Promise { icon: "skull".into(), ..promise };
        assert_eq!(set(site::Footer { promises: vec![odd], ..site::Footer::default() }).await.unwrap_err().field(), Some("promises"));
    }

    async fn redirects_are_followed_and_never_loop(db) {
        let ctx = set_up(&db).await;
        redirect(&db, &ctx, "/a", "/b").await.unwrap();
        redirect(&db, &ctx, "/b/", "/c").await.unwrap();
        assert_eq!(redirect(&db, &ctx, "/c", "/a").await.unwrap_err().field(), Some("to_path"));
        assert_eq!(redirect(&db, &ctx, "/x", "/x").await.unwrap_err().field(), Some("to_path"));
        assert_eq!(redirect(&db, &ctx, "/x", "//evil.example").await.unwrap_err().field(), Some("to_path"));
        let id = ctx.store.id;
        let end = db.read(async |tx: &mut Tx| site::redirect_of(tx, id, "/a/").await).await.unwrap();
        assert_eq!(end.as_deref(), Some("/c"));
        assert_eq!(db.read(async |tx: &mut Tx| site::redirect_of(tx, id, "/z").await).await.unwrap(), None);
        let by = ctx.clone();
        db.write("remove", async move |tx: &mut Tx| {
            site::remove_redirect(tx, &by, &by.permit::<perms::SettingsWrite>().unwrap(), "/a").await
        }).await.unwrap();
        let rest = db.read(async |tx: &mut Tx| site::redirects(tx, id, "", PageSize::default()).await).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn laws_notice(db) {
        set_up(&db).await;
        assert!(broken(&db).await.is_empty());
        let mut seen = vec![];
        script(&db, "delete from store_locale where locale = 'en'").await;
        seen.extend(broken(&db).await);
        assert_eq!(seen, ["site.default_locale_is_spoken"]);
        script(&db, "insert into store_locale (store_id, locale, position) select id, 'en', 0 from store; delete from market").await;
        seen.extend(broken(&db).await);
        assert_eq!(seen[1..], ["site.store_is_whole"]);
        script(&db, "insert into redirect (store_id, from_path, to_path, created_at) select id, '/x', '/x', 1 from store").await;
        seen.extend(broken(&db).await);
        assert_eq!(seen[2..], ["site.store_is_whole", "site.redirects_lead_elsewhere"]);
        testkit::every_law_was_broken(site::LAWS, &seen);
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}
