//! First-run set-up: the shop, its owner, and what a shop needs to sell its first thing.

use std::sync::Arc;

use access::NewStaff;
use db::{Db, Tx, Unit};
use kernel::{Address, Clock, Ctx, Currency, Entropy, Rate, StaffId, Store};
use pricing::NewTaxRate;
use shipping::{NewMethod, NewZone};
use site::{Ids, NewStore, PaymentMethods};

use crate::Error;

/// What the first form asks.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The shop's name.
    pub shop_name: String,
    /// Who signs in first.
    pub owner_name: String,
    /// With which e-mail.
    pub owner_email: String,
    /// And which password.
    pub password: String,
    /// Where the shop is, ISO 3166-1 alpha-2.
    pub country: String,
    /// In which currency it sells.
    pub currency: Currency,
    /// IANA.
    pub time_zone: String,
    /// Are prices entered with tax?
    pub prices_include_tax: bool,
    /// The languages of the storefront, the first by default.
    pub locales: Vec<String>,
    /// The standard rate of the country's sales tax; none leaves taxes to be set up.
    pub tax: Option<(String, Rate)>,
    /// Offer the test bank?
    pub test_payments: bool,
}

/// Makes the shop and its owner, all or nothing.
///
/// # Errors
/// [`site::Error::AlreadySetUp`], [`access::Error::OwnerExists`]; the modules' `Invalid` name the field.
pub async fn set_up(
    db: &Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    input: SetUp,
) -> Result<(Store, StaffId), Error> {
    let new = NewStore {
        ids: Ids::fresh(clock.now(), &*entropy),
        name: input.shop_name.clone(),
        legal_name: String::new(),
        legal_address: Address { country: input.country.clone(), ..Address::default() },
        vat_number: String::new(),
        email: input.owner_email.clone(),
        currency: input.currency,
        country: input.country.clone(),
        time_zone: input.time_zone.clone(),
        prices_include_tax: input.prices_include_tax,
        locales: input.locales.clone(),
    };
    let ctx = Ctx::with(Arc::new(new.store()), clock, entropy);
    let owner = NewStaff {
        email: input.owner_email.clone(),
        name: input.owner_name.clone(),
        locale: "en".to_owned(),
        password: access::hash_password(&ctx, &input.password).await?,
    };
    db.write(Unit::named("set_up"), async move |tx: &mut Tx| {
        let store = site::set_up(tx, &ctx, &new).await?;
        let place = Address { country: input.country.clone(), ..Address::default() };
        inventory::create_location(tx, &ctx, store.location, "Shop", &place).await?;
        let staff = access::create_owner(tx, &ctx, &owner).await?;
        defaults(tx, &ctx, &input).await?;
        Ok::<_, Error>((store, staff))
    })
    .await
}

/// A way to ship, a tax, ways to pay: to be changed at leisure, but a shop can sell with them.
async fn defaults(tx: &mut Tx, ctx: &Ctx, input: &SetUp) -> Result<(), Error> {
    let permit = ctx.permit()?;
    let name = customers::country::name(&input.country, &ctx.locale).to_owned();
    let home = NewZone { name, countries: vec![input.country.clone()] };
    let zone = shipping::create_zone(tx, ctx, &permit, home).await?;
    let unit = ctx.store.currency.minor_per_unit();
    let parcel = NewMethod {
        name: shipping::Words::new([("en", "Parcel"), ("de", "Paket")]),
        free_from_minor: Some(50 * unit),
        min_days: Some(1),
        max_days: Some(3),
        ..NewMethod::flat("Parcel", 5 * unit)
    };
    shipping::create_method(tx, ctx, &permit, zone, parcel).await?;
    if let Some((name, rate)) = &input.tax {
        let new = NewTaxRate {
            country: input.country.clone(),
            region: String::new(),
            tax_category: "standard".to_owned(),
            name: name.clone(),
            rate: *rate,
        };
        pricing::create_tax_rate(tx, ctx, &permit, new).await?;
    }
    let mut ways = vec!["bank_transfer".to_owned(), "cash_on_delivery".to_owned()];
    if input.test_payments {
        ways.insert(0, "test".to_owned());
    }
    site::set_setting(tx, ctx, &permit, PaymentMethods { enabled: Some(ways) }).await?;
    Ok(())
}
