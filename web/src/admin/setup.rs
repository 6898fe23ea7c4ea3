//! First-run set-up: the shop and its owner, who is signed in at once. Where others can reach the server, it asks for the
//! code that it printed.

use access::Opened;
use axum::response::{IntoResponse, Redirect, Response};
use customers::country;
use db::Tx;
use flows::SetUp;
use http::{HeaderMap, StatusCode, header};
use kernel::{Currency, Fault as _, Rate, StaffId};

use super::office::{LOCALE_COOKIE, html, lasting, locale_of, theme_of};
use super::sent::{Form, Query, beside};
use super::views::{Choice, Fields, SetupView};
use super::words::{self, Locale};
use crate::extract::session_cookie;
use crate::{Auth, Error, Ip, Routes, State, static_version};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/admin/setup", Auth::Public, form).post("/admin/setup", Auth::Public, set_up)
}

/// `GET /admin/setup?code=`.
async fn form(state: State, headers: HeaderMap, Query(asked): Query) -> Result<Response, Error> {
    if state.begin().await? {
        return Ok(Redirect::to("/admin").into_response());
    }
    let german = locale_of(&headers) == Locale::De;
    let form = Fields::new()
        .with("country", "DE")
        .with("currency", "EUR")
        .with("time_zone", "Europe/Berlin")
        .with("locale", if german { "de" } else { "en" })
        .with("prices_include_tax", "on")
        .with("code", asked.value("code"));
    show(&state, &headers, form, StatusCode::OK)
}

/// `POST /admin/setup`.
async fn set_up(
    state: State,
    Ip(ip): Ip,
    headers: HeaderMap,
    Form(mut form): Form,
) -> Result<Response, Error> {
    if state.begin().await? {
        return Ok(Redirect::to("/admin").into_response());
    }
    let text = |name: &str| form.value(name).trim().to_owned();
    let (legal_name, reader) = (text("legal_name"), locale_of(&headers));
    let currency = Currency::new(&text("currency")).ok();
    let input = SetUp {
        shop_name: text("store_name"),
        owner_name: text("owner_name"),
        owner_email: text("email"),
        password: form.value("password").to_owned(),
        country: text("country"),
        currency: currency.unwrap_or(Currency::EUR),
        time_zone: text("time_zone"),
        prices_include_tax: form.on("prices_include_tax"),
        locales: vec![text("locale")],
        tax: standard_tax(&text("country"), reader),
        test_payments: state.config().dev && state.shop().providers.get("test").is_some(),
    };
    if currency.is_none() {
        form.fail("currency", words::t(reader, "setup-currency-unknown"));
    }
    if country::get(&input.country).is_none() {
        form.fail("country", words::t(reader, "setup-country-unknown"));
    }
    if !state.may_set_up(form.value("code").trim()) {
        form.fail("code", words::t(reader, "setup-code-wrong"));
    }
    for name in ["store_name", "owner_name", "email", "password"] {
        if form.value(name).trim().is_empty() {
            form.fail(name, words::t(reader, "form-missing"));
        }
    }
    if !form.is_ok() {
        return show(&state, &headers, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let staff = match flows::set_up(state.db(), state.clock(), state.entropy(), input).await {
        Ok((_, staff)) => staff,
        Err(
            flows::Error::Site(site::Error::AlreadySetUp) | flows::Error::Access(access::Error::OwnerExists),
        ) => {
            return Ok(Redirect::to("/admin/sign-in").into_response());
        }
        Err(e) => {
            let field = field_of(&e);
            let mut e = Error::from(e);
            e.field = field.map(str::to_owned);
            beside(&mut form, e)?;
            return show(&state, &headers, form, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    state.begin().await?;
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let opened =
        welcome(&state, staff, legal_name, reader, form.value("owner_name").trim(), (agent, ip)).await?;
    let mut response = Redirect::to("/admin").into_response();
    let set = response.headers_mut();
    set.append(header::SET_COOKIE, session_cookie(state.config(), &opened));
    set.append(header::SET_COOKIE, lasting(state.config(), LOCALE_COOKIE, reader.tag()));
    Ok(response)
}

/// The owner's session, in the language they read the form in, and who sells.
async fn welcome(
    state: &State,
    staff: StaffId,
    legal_name: String,
    reader: Locale,
    name: &str,
    (agent, ip): (String, std::net::IpAddr),
) -> Result<Opened, Error> {
    let (ctx, name) = (state.ctx()?, name.to_owned());
    state
        .db()
        .write("welcome", async move |tx: &mut Tx| {
            if !legal_name.is_empty() {
                let change =
                    site::DetailsChange { legal_name: Some(legal_name.clone()), ..Default::default() };
                site::update_details(tx, &ctx, &ctx.permit()?, &change).await?;
            }
            access::update_profile(tx, &ctx, staff, &name, reader.tag()).await?;
            Ok::<_, Error>(access::open_session(tx, &ctx, staff, &agent, Some(ip)).await?)
        })
        .await
}

/// The form's name of the field that an error is about: shop and owner both have a `name`.
fn field_of(e: &flows::Error) -> Option<&'static str> {
    let field = e.field()?;
    Some(match (e, field) {
        (flows::Error::Access(_), "name") => "owner_name",
        (_, "name") => "store_name",
        (_, "email") => "email",
        (_, "password") => "password",
        (_, "country") => "country",
        (_, "currency") => "currency",
        (_, "time_zone") => "time_zone",
        (_, "locales" | "locale") => "locale",
        _ => return None,
    })
}

fn show(state: &State, headers: &HeaderMap, form: Fields, status: StatusCode) -> Result<Response, Error> {
    let locale = locale_of(headers);
    let countries = country::options(locale.tag()).into_iter().map(|(code, name)| Choice::new(code, name));
    let spoken = state.theme().words().locales().map(|tag| Choice::new(tag, Locale::from_tag(tag).name()));
    let zones = jiff::tz::db().available().map(|name| name.to_string());
    let mut zones: Vec<String> =
        zones.filter(|z| z == "UTC" || AREAS.iter().any(|a| z.starts_with(a))).collect();
    zones.sort_unstable();
    let view = SetupView {
        locale,
        theme: theme_of(headers),
        version: static_version().to_owned(),
        form,
        asks_code: state.asks_setup_code(),
        countries: countries.collect(),
        currencies: Currency::all().map(|c| Choice::new(c.code(), c.code())).collect(),
        time_zones: zones.into_iter().map(|z| Choice::new(z.clone(), z.replace('_', " "))).collect(),
        locales: spoken.collect(),
    };
    Ok(html(status, words::render(&view, locale).map_err(Error::internal)?))
}

/// Time zones that are places; the rest are old names and offsets.
const AREAS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

/// Standard rates of value added tax in parts per thousand, to begin with; the shop's settings hold what is charged.
/// Source: the European Commission's "Taxes in Europe" database, and the tax offices of Britain, Switzerland and
/// Norway, as of January 2026.
const STANDARD: [(&str, i64); 30] = [
    ("AT", 200),
    ("BE", 210),
    ("BG", 200),
    ("CH", 81),
    ("CY", 190),
    ("CZ", 210),
    ("DE", 190),
    ("DK", 250),
    ("EE", 240),
    ("ES", 210),
    ("FI", 255),
    ("FR", 200),
    ("GB", 200),
    ("GR", 240),
    ("HR", 250),
    ("HU", 270),
    ("IE", 230),
    ("IT", 220),
    ("LT", 210),
    ("LU", 170),
    ("LV", 210),
    ("MT", 180),
    ("NL", 210),
    ("NO", 250),
    ("PL", 230),
    ("PT", 230),
    ("RO", 210),
    ("SE", 250),
    ("SI", 220),
    ("SK", 230),
];

fn standard_tax(country: &str, reader: Locale) -> Option<(String, Rate)> {
    let (_, permille) = STANDARD.iter().find(|(code, _)| *code == country)?;
    Some((words::t(reader, "setup-tax-name"), Rate::ppm(permille * 1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_rates_are_found_by_country() {
        assert_eq!(standard_tax("FI", Locale::En), Some(("VAT".to_owned(), Rate::ppm(255_000))));
        assert_eq!(standard_tax("US", Locale::En), None);
        assert!(
            STANDARD.windows(2).all(|w| w[0].0 < w[1].0)
                && STANDARD.iter().all(|(c, _)| country::get(c).is_some())
        );
    }
}
