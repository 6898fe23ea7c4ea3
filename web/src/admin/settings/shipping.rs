//! Zones and methods.

use axum::response::Response;
use db::Tx;
use kernel::perms::SettingsWrite;
use kernel::{ErrorKind, Money, ShippingMethodId, ShippingZoneId, TextState};
use shipping::{Band, EVERYWHERE, Kind, Method, NewMethod, NewZone, Zone};

use crate::admin::blame::{blame, count};
use crate::admin::categories::named as languages;
use crate::admin::locations::countries;
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query, amount};
use crate::admin::views::{Chip, Choice, Fields, MethodRow, Section, SettingsShippingView, ZoneCard};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/settings/shipping";

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("settings:write");
    routes
        .get(PATH, write, list)
        .post("/admin/settings/shipping/zones", write, create_zone)
        .post("/admin/settings/shipping/zones/{id}", write, update_zone)
        .post("/admin/settings/shipping/zones/{id}/deletion", write, delete_zone)
        .post("/admin/settings/shipping/methods", write, create_method)
        .post("/admin/settings/shipping/methods/{id}", write, update_method)
        .post("/admin/settings/shipping/methods/{id}/deletion", write, delete_method)
}

/// Which form is open, and what was typed into it and refused.
#[derive(Default)]
struct Open {
    zone: Option<ShippingZoneId>,
    method: Option<ShippingMethodId>,
    zone_form: Option<Fields>,
    method_form: Option<Fields>,
}

/// `GET /admin/settings/shipping?zone={id}&method={id}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let open = Open {
        zone: query.value("zone").parse().ok(),
        method: query.value("method").parse().ok(),
        ..Open::default()
    };
    let view = view(&office, open).await?;
    office.page(&view)
}

async fn view(office: &Office, open: Open) -> Result<SettingsShippingView, Error> {
    office.permit::<SettingsWrite>()?;
    let ctx = office.ctx();
    let (zones, locales) = office
        .db()
        .read(async |tx: &mut Tx| {
            let zones = shipping::zones(tx, ctx).await?;
            Ok::<_, Error>((zones, site::locales(tx, ctx.store.id).await?))
        })
        .await?;
    let zone = open.zone.and_then(|id| zones.iter().find(|z| z.id == id));
    let method = open.method.and_then(|id| zones.iter().flat_map(|z| &z.methods).find(|m| m.id == id));
    let mut choices = vec![Choice::new(EVERYWHERE, office.t("shipping-everywhere"))];
    choices.extend(countries(office));
    Ok(SettingsShippingView {
        shell: office.shell(Section::Settings).await?,
        countries: choices,
        zone_choices: zones.iter().map(|z| Choice::new(z.id.to_string(), &z.name)).collect(),
        zone_form: open.zone_form.unwrap_or_else(|| zone.map_or_else(Fields::new, zone_fields)),
        zone_editing: zone.map(|z| z.id.to_string()),
        zone_empty: zone.is_some_and(|z| z.methods.is_empty()),
        method_form: open.method_form.unwrap_or_else(|| match method {
            Some(m) => method_fields(m),
            None => Fields::new().with("kind", "flat").with("active", "on"),
        }),
        method_editing: method.map(|m| m.id.to_string()),
        locales: languages(office, &locales),
        currency: ctx.store.currency.code().to_owned(),
        zones: zones.iter().map(|z| card(office, z)).collect(),
        can_edit: true,
    })
}

fn card(office: &Office, zone: &Zone) -> ZoneCard {
    let name = |code: &String| match code.as_str() {
        EVERYWHERE => office.t("shipping-everywhere"),
        code => customers::country::name(code, office.locale.tag()).to_owned(),
    };
    ZoneCard {
        id: zone.id.to_string(),
        name: zone.name.clone(),
        countries: zone.countries.iter().map(name).collect::<Vec<_>>().join(", "),
        methods: zone.methods.iter().map(|m| row(office, m)).collect(),
    }
}

fn row(office: &Office, m: &Method) -> MethodRow {
    let price = match m.is.kind {
        Kind::Flat => office.money_in(m.is.amount_minor, m.currency),
        Kind::Weight => {
            let step = |b: &Band| {
                let kilos = weight(office, b.up_to_grams);
                office.txy("shipping-up-to", &office.money_in(b.amount_minor, m.currency), &kilos)
            };
            m.is.bands.iter().map(step).collect::<Vec<_>>().join(", ")
        }
    };
    let free =
        m.is.free_from_minor.map(|f| office.tx("shipping-free-above", &office.money_in(f, m.currency)));
    let days = match (m.is.min_days, m.is.max_days) {
        (Some(low), Some(high)) if low == high => office.tn("shipping-days-one", low),
        (Some(low), Some(high)) => office.txy("shipping-days", &low.to_string(), &high.to_string()),
        (Some(n), None) | (None, Some(n)) => office.tn("shipping-days-one", n),
        (None, None) => "–".to_owned(),
    };
    MethodRow {
        id: m.id.to_string(),
        name: m.is.name.get(office.locale.tag()).to_owned(),
        price: [Some(price), free].into_iter().flatten().collect::<Vec<_>>().join("; "),
        delivery: days,
        state: if m.is.active { Chip::Active } else { Chip::Inactive },
    }
}

/// "800 g", "5 kg", "2.5 kg".
fn weight(office: &Office, grams: i64) -> String {
    if grams < 1_000 || grams % 100 != 0 {
        return format!("{} g", office.number(grams));
    }
    let point = if office.locale == crate::admin::words::Locale::De { ',' } else { '.' };
    match (grams / 1_000, grams % 1_000 / 100) {
        (kilos, 0) => format!("{} kg", office.number(kilos)),
        (kilos, tenth) => format!("{}{point}{tenth} kg", office.number(kilos)),
    }
}

fn zone_fields(zone: &Zone) -> Fields {
    let mut form = Fields::new().with("name", zone.name.as_str());
    for country in &zone.countries {
        form.add("country", country.as_str());
    }
    form
}

fn method_fields(m: &Method) -> Fields {
    let plain = |minor: i64| Money::new(minor, m.currency).plain();
    let whole = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let step = |b: &Band| format!("{} {}", b.up_to_grams, plain(b.amount_minor));
    let mut form = Fields::new()
        .with("zone_id", m.zone.to_string())
        .with("kind", m.is.kind.as_str())
        .with("price", if m.is.kind == Kind::Flat { plain(m.is.amount_minor) } else { String::new() })
        .with("free_from", m.is.free_from_minor.map(plain).unwrap_or_default())
        .with("steps", m.is.bands.iter().map(step).collect::<Vec<_>>().join("\n"))
        .with("min_days", whole(m.is.min_days))
        .with("max_days", whole(m.is.max_days));
    for (locale, text) in &m.is.name.0 {
        form.set(&format!("name.{locale}"), text.as_str());
    }
    if m.is.active {
        form.set("active", "on");
    }
    form
}

/// What was typed of a method, over what it was; what is wrong is said beside its field.
fn typed(office: &Office, form: &mut Fields, was: Option<&NewMethod>) -> NewMethod {
    let currency = office.ctx().store.currency;
    let kind = Kind::parse(form.value("kind")).unwrap_or(Kind::Flat);
    let price = amount(form, "price", currency);
    if kind == Kind::Flat && price.is_none() && form.error("price").is_none() {
        form.fail("price", office.t("error-price-missing"));
    }
    let mut name = was.map(|w| w.name.clone()).unwrap_or_default();
    let tags: Vec<String> = form.names().filter_map(|n| n.strip_prefix("name.")).map(str::to_owned).collect();
    for tag in tags {
        let text = form.value(&format!("name.{tag}")).trim().to_owned();
        name.0.insert(tag, text);
    }
    name.0.retain(|_, text| !text.is_empty());
    NewMethod {
        name,
        kind,
        amount_minor: price.unwrap_or_default(),
        bands: if kind == Kind::Weight { bands(office, form) } else { vec![] },
        free_from_minor: amount(form, "free_from", currency),
        min_days: count(office, form, "min_days"),
        max_days: count(office, form, "max_days"),
        active: form.on("active"),
        description: was.map(|w| w.description.clone()).unwrap_or_default(),
        position: was.map_or(0, |w| w.position),
        tax_category: was.map_or_else(|| pricing::STANDARD.to_owned(), |w| w.tax_category.clone()),
    }
}

/// "5000 4.90" a line.
fn bands(office: &Office, form: &mut Fields) -> Vec<Band> {
    let currency = office.ctx().store.currency;
    let text = form.value("steps").to_owned();
    let mut all = vec![];
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let read = line.split_once(char::is_whitespace).and_then(|(grams, price)| {
            let up_to_grams = grams.trim_end_matches(':').parse().ok()?;
            Some(Band { up_to_grams, amount_minor: Money::parse(price, currency).ok()?.minor })
        });
        match read {
            Some(band) => all.push(band),
            None => {
                form.fail("steps", office.tx("error-not-a-step", line));
                break;
            }
        }
    }
    all
}

fn method_field(form: &Fields) -> impl Fn(&str) -> String + use<> {
    let first = form.names().find(|n| n.starts_with("name.")).unwrap_or("name.en").to_owned();
    move |field| match field {
        "name" => first.clone(),
        "bands" => "steps".to_owned(),
        "amount" => "price".to_owned(),
        other => other.to_owned(),
    }
}

/// `POST /admin/settings/shipping/methods`: `zone_id`, `name.{tag}`, `kind`, `price`, `free_from`, `steps`, `min_days`,
/// `max_days`, `active`.
async fn create_method(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let new = typed(&office, &mut form, None);
    let zone: Option<ShippingZoneId> = form.value("zone_id").parse().ok();
    if let (Some(zone), true) = (zone, form.is_ok()) {
        let ctx = office.ctx().clone();
        let made = office
            .db()
            .write("create_shipping_method", async move |tx: &mut Tx| {
                shipping::create_method(tx, &ctx, &permit, zone, new.clone()).await
            })
            .await;
        match made {
            Ok(_) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => {
                let named = method_field(&form);
                blame(&office, &mut form, e, named)?;
            }
        }
    }
    office.refused(&view(&office, Open { method_form: Some(form), ..Open::default() }).await?)
}

/// `POST /admin/settings/shipping/methods/{id}`.
async fn update_method(
    office: Office,
    Path(id): Path<ShippingMethodId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let ctx = office.ctx().clone();
    let was = office.db().read(async |tx: &mut Tx| shipping::method(tx, &ctx, id).await).await?;
    let new = typed(&office, &mut form, Some(&was.is));
    if form.is_ok() {
        let saved = office
            .db()
            .write("update_shipping_method", async move |tx: &mut Tx| {
                shipping::update_method(tx, &ctx, &permit, id, new.clone()).await
            })
            .await;
        match saved {
            Ok(()) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => {
                let named = method_field(&form);
                blame(&office, &mut form, e, named)?;
            }
        }
    }
    office
        .refused(&view(&office, Open { method: Some(id), method_form: Some(form), ..Open::default() }).await?)
}

/// `POST /admin/settings/shipping/methods/{id}/deletion`.
async fn delete_method(office: Office, Path(id): Path<ShippingMethodId>) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("delete_shipping_method", async move |tx: &mut Tx| {
            shipping::delete_method(tx, &ctx, &permit, id).await
        })
        .await?;
    Ok(office.done(PATH, office.t("form-deleted")))
}

fn zone_of(form: &Fields) -> NewZone {
    NewZone {
        name: form.value("name").to_owned(),
        countries: form.all("country").map(str::to_owned).collect(),
    }
}

fn zone_field(field: &str) -> String {
    if field == "name" { "zone_name".to_owned() } else { field.to_owned() }
}

/// `POST /admin/settings/shipping/zones`: `name`, `country` (repeated).
async fn create_zone(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let (ctx, new) = (office.ctx().clone(), zone_of(&form));
    let made = office
        .db()
        .write("create_shipping_zone", async move |tx: &mut Tx| {
            shipping::create_zone(tx, &ctx, &permit, new.clone()).await
        })
        .await;
    match made {
        Ok(_) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, zone_field)?;
            office.refused(&view(&office, Open { zone_form: Some(form), ..Open::default() }).await?)
        }
    }
}

/// `POST /admin/settings/shipping/zones/{id}`.
async fn update_zone(
    office: Office,
    Path(id): Path<ShippingZoneId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let (ctx, new) = (office.ctx().clone(), zone_of(&form));
    let saved = office
        .db()
        .write("update_shipping_zone", async move |tx: &mut Tx| {
            shipping::update_zone(tx, &ctx, &permit, id, new.clone()).await
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, zone_field)?;
            let open = Open { zone: Some(id), zone_form: Some(form), ..Open::default() };
            office.refused(&view(&office, open).await?)
        }
    }
}

/// `POST /admin/settings/shipping/zones/{id}/deletion`.
async fn delete_zone(office: Office, Path(id): Path<ShippingZoneId>) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let ctx = office.ctx().clone();
    let gone = office
        .db()
        .write("delete_shipping_zone", async move |tx: &mut Tx| {
            shipping::delete_zone(tx, &ctx, &permit, id).await
        })
        .await
        .map_err(Error::from);
    match gone {
        Ok(()) => Ok(office.done(PATH, office.t("form-deleted"))),
        Err(e) if e.kind == ErrorKind::Conflict => office.failed(PATH, e),
        Err(e) => Err(e),
    }
}
