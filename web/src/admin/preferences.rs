//! What one may choose for oneself: colours and language.

use axum::response::{IntoResponse, Redirect, Response};
use db::Tx;
use http::{HeaderMap, header};

use super::office::{LOCALE_COOKIE, Office, THEME_COOKIE, came_from, lasting};
use super::sent::Form;
use super::views::Theme;
use super::words::Locale;
use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/admin/preferences/theme", Auth::SignedIn, theme).post(
        "/admin/preferences/locale",
        Auth::SignedIn,
        locale,
    )
}

/// `POST /admin/preferences/theme`: `theme` (`device`, `light`, `dark`).
async fn theme(office: Office, headers: HeaderMap, Form(form): Form) -> Result<Response, Error> {
    let theme = Theme::parse(form.value("theme"));
    let mut response = Redirect::to(&came_from(&headers, "/admin")).into_response();
    let cookie = lasting(office.state.config(), THEME_COOKIE, theme.as_str());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /admin/preferences/locale`: `locale`.
async fn locale(office: Office, headers: HeaderMap, Form(form): Form) -> Result<Response, Error> {
    let locale = Locale::from_tag(form.value("locale"));
    let staff = &office.caller.staff()?.staff;
    let (ctx, id, name) = (office.ctx().clone(), staff.id, staff.name.clone());
    office
        .db()
        .write("set_locale", async move |tx: &mut Tx| {
            access::update_profile(tx, &ctx, id, &name, locale.tag()).await
        })
        .await?;
    let mut response = Redirect::to(&came_from(&headers, "/admin")).into_response();
    let cookie = lasting(office.state.config(), LOCALE_COOKIE, locale.tag());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
