//! The shop around its goods: who it is, where it ships to, what it charges, who works there.

use std::collections::BTreeMap;

use db::{Db, Tx, Unit};
use kernel::{Actor, Address, Ctx, LocationId, Permit, Rate, RoleId, Store, perms};
use pricing::NewTaxRate;
use shipping::{Band, Kind, NewMethod, NewZone, Words};
use site::{Announcement, BankDetails, DetailsChange, MailSender, PerLocale, ThemeSettings};

use super::{PASSWORD, STAFF, email, said};
use crate::Failure;

fn address(line1: &str, postcode: &str, city: &str) -> Address {
    Address {
        company: "Marrow Greengrocers B.V.".to_owned(),
        line1: line1.to_owned(),
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        country: "NL".to_owned(),
        ..Address::default()
    }
}

/// Everything but goods and people; the store as it is then.
///
/// # Errors
/// A fault of the program.
pub async fn furnish(db: &Db, ctx: &Ctx) -> Result<Store, Failure> {
    let ctx = ctx.clone();
    db.write(Unit::named("demo_settings"), async move |tx: &mut Tx| inside(tx, &ctx).await)
        .await
        .map_err(said)
}

async fn inside(tx: &mut Tx, ctx: &Ctx) -> Result<Store, flows::Error> {
    let permit: Permit<perms::SettingsWrite> = ctx.permit()?;
    let shop = address("Elandsgracht 60", "1016 TX", "Amsterdam");
    let barn = address("Middenweg 12", "1462 VA", "Middenbeemster");
    inventory::update_location(tx, ctx, &permit, ctx.store.location, "Shop", &shop, 1, true).await?;
    let second: LocationId = ctx.id();
    inventory::create_location(tx, ctx, second, "Barn", &barn).await?;
    taxes(tx, ctx, &permit).await?;
    ways_to_ship(tx, ctx, &permit).await?;
    words(tx, ctx, &permit).await?;
    let change = DetailsChange {
        legal_name: Some("Marrow Greengrocers B.V.".to_owned()),
        legal_address: Some(Address { company: String::new(), ..shop }),
        vat_number: Some("NL001234567B01".to_owned()),
        email: Some(email("hello")),
        ..DetailsChange::default()
    };
    Ok(site::update_details(tx, ctx, &permit, &change).await?)
}

async fn taxes(tx: &mut Tx, ctx: &Ctx, permit: &Permit<perms::SettingsWrite>) -> Result<(), flows::Error> {
    // the Netherlands' standard rate came with the set-up
    for (country, category, name, percent) in [
        ("NL", "food", "VAT 9 %", 9),
        ("DE", "food", "MwSt. 7 %", 7),
        ("DE", "standard", "MwSt. 19 %", 19),
        ("BE", "food", "VAT 6 %", 6),
        ("BE", "standard", "VAT 21 %", 21),
    ] {
        let new = NewTaxRate {
            country: country.to_owned(),
            region: String::new(),
            tax_category: category.to_owned(),
            name: name.to_owned(),
            rate: Rate::percent(percent),
        };
        pricing::create_tax_rate(tx, ctx, permit, new).await?;
    }
    Ok(())
}

fn method(en: &str, de: &str, text: (&str, &str), position: i64, amount_minor: i64) -> NewMethod {
    NewMethod {
        name: Words::new([("en", en), ("de", de)]),
        description: Words::new([("en", text.0), ("de", text.1)]),
        position,
        // shipping is taxed like what is shipped
        tax_category: "food".to_owned(),
        ..NewMethod::flat(en, amount_minor)
    }
}

async fn ways_to_ship(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::SettingsWrite>,
) -> Result<(), flows::Error> {
    let insulated = ("In an insulated box", "In einer Isolierbox");
    let parcel = |position, amount| method("Parcel", "Paket", insulated, position, amount);
    let days = |m: NewMethod, min, max| NewMethod { min_days: Some(min), max_days: Some(max), ..m };
    for zone in shipping::zones(tx, ctx).await? {
        for m in zone.methods {
            let new = NewMethod { free_from_minor: Some(5_000), ..days(parcel(1, 495), 1, 2) };
            shipping::update_method(tx, ctx, permit, m.id, new).await?;
        }
        let bike = ("Amsterdam, the same evening", "Amsterdam, am selben Abend");
        let bike = days(method("Cargo bike", "Lastenrad", bike, 2, 695), 0, 1);
        shipping::create_method(tx, ctx, permit, zone.id, bike).await?;
        let collect = ("Elandsgracht 60, from 10:00", "Elandsgracht 60, ab 10 Uhr");
        let collect = days(method("Collect from the shop", "Im Laden abholen", collect, 3, 0), 0, 1);
        shipping::create_method(tx, ctx, permit, zone.id, collect).await?;
    }
    let band = |up_to_grams, amount_minor| Band { up_to_grams, amount_minor };
    let germany = NewZone { name: "Germany".to_owned(), countries: vec!["DE".to_owned()] };
    let germany = shipping::create_zone(tx, ctx, permit, germany).await?;
    let by_weight = NewMethod {
        kind: Kind::Weight,
        bands: vec![band(5_000, 795), band(10_000, 995), band(25_000, 1_495)],
        free_from_minor: Some(9_000),
        ..days(parcel(1, 0), 2, 3)
    };
    shipping::create_method(tx, ctx, permit, germany, by_weight).await?;
    let belgium = NewZone { name: "Belgium".to_owned(), countries: vec!["BE".to_owned()] };
    let belgium = shipping::create_zone(tx, ctx, permit, belgium).await?;
    let flat = NewMethod { free_from_minor: Some(7_500), ..days(parcel(1, 695), 1, 3) };
    shipping::create_method(tx, ctx, permit, belgium, flat).await?;
    Ok(())
}

async fn words(tx: &mut Tx, ctx: &Ctx, permit: &Permit<perms::SettingsWrite>) -> Result<(), flows::Error> {
    let bank = BankDetails {
        holder: "Marrow Greengrocers B.V.".to_owned(),
        iban: "NL91ABNA0417164300".to_owned(),
        bic: "ABNANL2A".to_owned(),
        bank: "ABN AMRO".to_owned(),
        text: PerLocale::default(),
    };
    site::set_setting(tx, ctx, permit, bank).await?;
    let sender = MailSender { name: "Marrow".to_owned(), address: email("orders"), reply_to: email("hello") };
    site::set_setting(tx, ctx, permit, sender).await?;
    let announcement = Announcement {
        active: true,
        text: PerLocale::default()
            .with("en", "Free delivery in the Netherlands from €50")
            .with("de", "Lieferung in die Niederlande ab 50 € kostenlos"),
        link: String::new(),
    };
    site::set_setting(tx, ctx, permit, announcement).await?;
    let look = theme::Settings { accent_hue: 150, accent_chroma_milli: 115, ..theme::Settings::default() };
    let look = match serde_json::to_value(look) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::default(),
    };
    site::set_setting(tx, ctx, permit, ThemeSettings(look)).await?;
    Ok(())
}

/// Who acts in the simulated days, each with the rights of their role, by what is before their `@`.
pub type Staff = BTreeMap<&'static str, Ctx>;

/// Hires everybody but the owner, who came with the set-up.
///
/// # Errors
/// A fault of the program.
pub async fn staff(db: &Db, ctx: &Ctx) -> Result<Staff, Failure> {
    let password = access::hash_password(ctx, PASSWORD).await.map_err(said)?;
    let ctx = ctx.clone();
    let hire = async move |tx: &mut Tx| hire(tx, &ctx, &password).await;
    db.write(Unit::named("demo_staff"), hire).await.map_err(said)
}

async fn hire(tx: &mut Tx, ctx: &Ctx, password: &access::Hashed) -> Result<Staff, access::Error> {
    let roles = access::roles(tx).await?;
    let mut all = Staff::new();
    for (name, local, kind) in STAFF.iter().skip(1) {
        let wanted: Vec<RoleId> =
            roles.iter().filter(|r| r.role.built_in == Some(*kind)).map(|r| r.role.id).collect();
        let new = access::NewStaff {
            email: email(local),
            name: (*name).to_owned(),
            locale: "en".to_owned(),
            password: password.clone(),
        };
        let id = access::create_staff(tx, ctx, &ctx.permit()?, &new, &wanted).await?;
        all.insert(local, ctx.acting(Actor::Staff { id, name: (*name).to_owned() }, kind.grants()));
    }
    Ok(all)
}
