use db::{Tx, params};
use kernel::{Address, Ctx, Currency, Permit, Store, StoreId, Timestamp, perms};
use serde::Serialize;
use work::Deed;

use crate::set_up::address_json;
use crate::{Error, check};

/// What the shop says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// As shoppers read it.
    pub name: String,
    /// Who invoices.
    pub legal_name: String,
    /// Where who invoices sits.
    pub legal_address: Address,
    /// Or empty.
    pub vat_number: String,
    /// Where shoppers write to; or empty.
    pub email: String,
    /// The market's; it stays as set up.
    pub currency: Currency,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA.
    pub time_zone: String,
    /// Are prices entered with tax?
    pub prices_include_tax: bool,
    /// The languages it speaks, the default first.
    pub locales: Vec<String>,
    /// When any of it was last changed.
    pub updated_at: Timestamp,
}

/// What may be changed of it; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct DetailsChange {
    /// As shoppers read it.
    pub name: Option<String>,
    /// Who invoices.
    pub legal_name: Option<String>,
    /// Where who invoices sits.
    pub legal_address: Option<Address>,
    /// Or empty.
    pub vat_number: Option<String>,
    /// Where shoppers write to.
    pub email: Option<String>,
    /// Where it ships from.
    pub country: Option<String>,
    /// IANA; later business days follow it, those already written stay.
    pub time_zone: Option<String>,
    /// Are prices entered with tax? Prices keep their figures: what they mean changes.
    pub prices_include_tax: Option<bool>,
}

db::row! {
    struct Read {
        name: String,
        legal_name: String,
        address: String,
        vat_number: String,
        email: String,
        currency: Currency,
        country: String,
        time_zone: String,
        prices_include_tax: bool,
        updated_at: Timestamp,
    }
}

/// What the shop says of itself.
///
/// # Errors
/// [`Error::NotSetUp`] when there is no such store.
pub async fn details(tx: &mut Tx, store: StoreId) -> Result<Details, Error> {
    let read: Read = tx
        .opt(
            db::sql!(
                "select s.name, e.name, e.address, e.vat_number, e.email, m.currency, s.country, s.time_zone,
                        m.prices_include_tax, s.updated_at
                 from store s join legal_entity e on e.id = s.legal_entity_id join market m on m.store_id = s.id
                 where s.id = $1 order by m.id limit 1"
            ),
            params![store],
        )
        .await?
        .ok_or(Error::NotSetUp)?;
    let locales = crate::locales(tx, store).await?;
    let legal_address = serde_json::from_str(&read.address)
        .map_err(|e| Error::Setting { key: "legal_entity.address", detail: e.to_string() })?;
    Ok(Details {
        name: read.name,
        legal_name: read.legal_name,
        legal_address,
        vat_number: read.vat_number,
        email: read.email,
        currency: read.currency,
        country: read.country,
        time_zone: read.time_zone,
        prices_include_tax: read.prices_include_tax,
        locales,
        updated_at: read.updated_at,
    })
}

/// Changes what the shop says of itself; the store as contexts hold it from now on.
///
/// # Errors
/// [`Error::Invalid`] names the field; [`Error::NotSetUp`].
pub async fn update_details(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    change: &DetailsChange,
) -> Result<Store, Error> {
    let store = ctx.store.id;
    let before = details(tx, store).await?;
    let d = changed(before.clone(), change)?;
    let now = ctx.now();
    tx.exec(
        db::sql!("update store set name = $2, country = $3, time_zone = $4, updated_at = $5 where id = $1"),
        params![store, d.name, d.country, d.time_zone, now],
    )
    .await?;
    tx.exec(
        db::sql!(
            "update legal_entity set name = $2, address = $3, vat_number = $4, email = $5, updated_at = $6
             where id = (select legal_entity_id from store where id = $1)"
        ),
        params![store, d.legal_name, address_json(&d.legal_address)?, d.vat_number, d.email, now],
    )
    .await?;
    tx.exec(
        db::sql!("update market set prices_include_tax = $2, country = $3 where store_id = $1"),
        params![store, d.prices_include_tax, d.country],
    )
    .await?;
    let deed = Deed {
        verb: "store.update",
        subject_kind: "store",
        subject: store.uuid(),
        before: serde_json::to_value(&before).ok(),
        after: serde_json::to_value(&d).ok(),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    work::touch(tx, ctx, "site", store.uuid()).await?;
    crate::find_store(tx).await?.ok_or(Error::NotSetUp)
}

fn changed(mut d: Details, change: &DetailsChange) -> Result<Details, Error> {
    if let Some(name) = &change.name {
        d.name = check::text("name", name, "The shop's name", 120)?;
    }
    if let Some(name) = &change.legal_name {
        d.legal_name = check::text("legal_name", name, "The company's name", 200)?;
    }
    if let Some(address) = &change.legal_address {
        d.legal_address = address.clone();
    }
    if let Some(number) = &change.vat_number {
        d.vat_number = check::optional("vat_number", number, "The VAT number", 40)?;
    }
    if let Some(email) = &change.email {
        d.email = check::email("email", email)?;
    }
    if let Some(country) = &change.country {
        d.country = check::country(country)?;
    }
    if let Some(zone) = &change.time_zone {
        d.time_zone = check::time_zone(zone)?;
    }
    if let Some(include) = change.prices_include_tax {
        d.prices_include_tax = include;
    }
    Ok(d)
}
