//! Name, legal entity, time zone, languages, how prices are entered.

use axum::response::Response;
use db::Tx;
use kernel::Address;
use kernel::perms::SettingsWrite;
use site::{Details, DetailsChange};

use crate::Error;
use crate::admin::blame::blame;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::views::{Choice, Fields, Section, SettingsShopView};

const PATH: &str = "/admin/settings/shop";

/// `GET /admin/settings/shop`.
pub(super) async fn page(office: Office) -> Result<Response, Error> {
    let view = view(&office, None).await?;
    office.page(&view)
}

async fn read(office: &Office) -> Result<Details, Error> {
    let store = office.ctx().store.id;
    Ok(office.db().read(async |tx: &mut Tx| site::details(tx, store).await).await?)
}

async fn view(office: &Office, typed: Option<Fields>) -> Result<SettingsShopView, Error> {
    office.permit::<SettingsWrite>()?;
    let now = read(office).await?;
    Ok(SettingsShopView {
        shell: office.shell(Section::Settings).await?,
        currency: now.currency.code().to_owned(),
        country: customers::country::name(&now.country, office.locale.tag()).to_owned(),
        time_zones: jiff::tz::db().available().map(|z| Choice::new(z.as_str(), z.as_str())).collect(),
        form: typed.unwrap_or_else(|| stored(&now)),
        can_edit: true,
    })
}

fn stored(now: &Details) -> Fields {
    Fields::new()
        .with("store_name", now.name.as_str())
        .with("email", now.email.as_str())
        .with("legal_name", now.legal_name.as_str())
        .with("line1", now.legal_address.line1.as_str())
        .with("line2", now.legal_address.line2.as_str())
        .with("postcode", now.legal_address.postcode.as_str())
        .with("city", now.legal_address.city.as_str())
        .with("tax_number", now.vat_number.as_str())
        .with("time_zone", now.time_zone.as_str())
        .with("locales", now.locales.join(", "))
        .with("prices_include_tax", if now.prices_include_tax { "yes" } else { "no" })
}

/// `POST /admin/settings/shop`.
pub(super) async fn save(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let was = read(&office).await?;
    let value = |name: &str| form.value(name).trim().to_owned();
    let change = DetailsChange {
        name: Some(value("store_name")),
        legal_name: Some(value("legal_name")),
        legal_address: Some(Address {
            line1: value("line1"),
            line2: value("line2"),
            postcode: value("postcode"),
            city: value("city"),
            ..was.legal_address
        }),
        vat_number: Some(value("tax_number")),
        email: Some(value("email")),
        country: None,
        time_zone: Some(value("time_zone")),
        prices_include_tax: Some(value("prices_include_tax") != "no"),
    };
    let locales: Vec<String> = value("locales")
        .split([',', ' '])
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    let (ctx, same) = (office.ctx().clone(), locales == was.locales);
    let saved = office
        .db()
        .write("update_details", async move |tx: &mut Tx| {
            site::update_details(tx, &ctx, &permit, &change).await?;
            if !same {
                site::set_locales(tx, &ctx, &permit, &locales).await?;
            }
            Ok::<_, site::Error>(())
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, |field| match field {
                "name" => "store_name".to_owned(),
                "vat_number" => "tax_number".to_owned(),
                "locale" => "locales".to_owned(),
                other => other.to_owned(),
            })?;
            office.refused(&view(&office, Some(form)).await?)
        }
    }
}
