//! Signing in and out.

use std::time::Duration;

use access::SignIn;
use axum::response::{IntoResponse, Redirect, Response};
use db::Tx;
use http::{HeaderMap, StatusCode, header};

use super::office::{Office, html, locale_of, theme_of};
use super::sent::{Form, Query};
use super::views::{Fields, SignInView};
use super::words;
use crate::extract::{SESSION_COOKIE, cookie_of, no_cookie, session_cookie};
use crate::{Auth, Error, Ip, Routes, State, static_version};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/admin/sign-in", Auth::Public, form).post("/admin/sign-in", Auth::Public, sign_in).post(
        "/admin/sign-out",
        Auth::SignedIn,
        sign_out,
    )
}

/// `GET /admin/sign-in`.
async fn form(state: State, headers: HeaderMap, Query(query): Query) -> Result<Response, Error> {
    if !state.begin().await? {
        return Ok(Redirect::to("/admin/setup").into_response());
    }
    let next = way(query.value("next"));
    if let Some(token) = cookie_of(&headers, SESSION_COOKIE) {
        let ctx = state.ctx()?;
        let known = state.db().read(async |tx: &mut Tx| access::session_of(tx, &ctx, &token).await).await?;
        if known.is_some() {
            return Ok(Redirect::to(&next).into_response());
        }
    }
    let signed_out = query.value("signed_out") == "1";
    show(&state, &headers, Fields::new().with("next", next), None, signed_out, StatusCode::OK).await
}

/// `POST /admin/sign-in`.
async fn sign_in(state: State, Ip(ip): Ip, headers: HeaderMap, Form(form): Form) -> Result<Response, Error> {
    if !state.begin().await? {
        return Ok(Redirect::to("/admin/setup").into_response());
    }
    let next = way(form.value("next"));
    let user_agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let attempt = SignIn {
        email: form.value("email").trim().to_owned(),
        password: form.value("password").to_owned(),
        user_agent: user_agent.to_owned(),
        ip,
    };
    let ctx = state.ctx()?;
    let wait = match access::sign_in(state.db(), &ctx, state.limiter(), &attempt).await {
        Ok(opened) => {
            let mut response = Redirect::to(&next).into_response();
            response.headers_mut().append(header::SET_COOKIE, session_cookie(state.config(), &opened));
            return Ok(response);
        }
        Err(access::Error::WrongCredentials) => None,
        Err(access::Error::TooManyAttempts { wait, .. }) => Some(wait),
        Err(e) => return Err(e.into()),
    };
    // the password is never sent back
    let mut again = Fields::new().with("email", attempt.email).with("next", next);
    if wait.is_none() {
        again.fail("", words::t(locale_of(&headers), "sign-in-wrong"));
    }
    let status =
        if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    show(&state, &headers, again, wait, false, status).await
}

async fn show(
    state: &State,
    headers: &HeaderMap,
    form: Fields,
    wait: Option<Duration>,
    signed_out: bool,
    status: StatusCode,
) -> Result<Response, Error> {
    let store = state.ctx()?.store.id;
    let store_name = state.db().read(async |tx: &mut Tx| site::details(tx, store).await).await?.name;
    state.keep_name(&store_name);
    let locale = locale_of(headers);
    let view = SignInView {
        locale,
        theme: theme_of(headers),
        version: static_version().to_owned(),
        store_name,
        form,
        wait_minutes: wait.map(|w| u32::try_from(w.as_secs().div_ceil(60).max(1)).unwrap_or(1)),
        signed_out,
    };
    let mut response = html(status, words::render(&view, locale).map_err(Error::internal)?);
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    }
    Ok(response)
}

/// `POST /admin/sign-out`.
async fn sign_out(office: Office, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(token) = cookie_of(&headers, SESSION_COOKIE) {
        let ctx = office.ctx().clone();
        office
            .db()
            .write("sign_out", async move |tx: &mut Tx| access::sign_out(tx, &ctx, &token).await)
            .await?;
    }
    let mut response = Redirect::to("/admin/sign-in?signed_out=1").into_response();
    response.headers_mut().append(header::SET_COOKIE, no_cookie(SESSION_COOKIE));
    Ok(response)
}

/// Where to after signing in: only into the back office, never to another site.
fn way(next: &str) -> String {
    let ours = next == "/admin" || next.starts_with("/admin/") || next.starts_with("/admin?");
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let outside = ["/admin/sign-in", "/admin/sign-out", "/admin/setup"];
    let inside = !outside.iter().any(|o| next.starts_with(o));
    if ours && plain && inside { next.to_owned() } else { "/admin".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn after_signing_in_one_stays_here() {
        for good in ["/admin", "/admin?days=7", "/admin/orders?view=closed"] {
            assert_eq!(way(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example/admin",
            "/administer",
            "/admin/\\evil",
            "/admin/sign-out",
        ] {
            assert_eq!(way(bad), "/admin", "{bad}");
        }
    }
}
