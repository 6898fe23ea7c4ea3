//! Who asks, and from where.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use access::{KeyHolder, Opened, SignedIn};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use cookie::time::OffsetDateTime;
use cookie::{Cookie, SameSite};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Ctx, Permission, Permit};
use serde::de::DeserializeOwned;

use crate::{Config, Error, State};

/// The cookie of a signed-in browser.
pub const SESSION_COOKIE: &str = "mercer_session";

/// Who sends a request.
#[derive(Clone, Debug)]
pub enum Who {
    /// Somebody who shops.
    Shopper,
    /// Somebody who works here and is signed in.
    Staff(SignedIn),
    /// A program with a key.
    Key(KeyHolder),
}

/// Who sends a request, as the route's [`crate::Auth`] found out, and the context for every verb and flow. On routes
/// that are `Auth::Public` there is none.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who, when, where, in which language.
    pub ctx: Ctx,
    /// With their session or key.
    pub who: Who,
}

impl Caller {
    /// Proof that the caller may do `P`.
    ///
    /// # Errors
    /// Of kind `Unauthenticated` or `Denied`.
    pub fn permit<P: Permission>(&self) -> Result<Permit<P>, Error> {
        Ok(self.ctx.permit::<P>()?)
    }

    /// The session, on routes for staff.
    ///
    /// # Errors
    /// Of kind `Unauthenticated` when a key or a shopper asks.
    pub fn staff(&self) -> Result<&SignedIn, Error> {
        match &self.who {
            Who::Staff(signed_in) => Ok(signed_in),
            Who::Shopper | Who::Key(_) => Err(kernel::Denied::SignIn.into()),
        }
    }
}

impl FromRequestParts<State> for State {
    type Rejection = Infallible;
    async fn from_request_parts(_: &mut Parts, state: &State) -> Result<State, Infallible> {
        Ok(state.clone())
    }
}

impl FromRequestParts<State> for Caller {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Caller, Error> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or_else(|| Error::internal("a public route asks who calls; register it with another Auth"))
    }
}

/// The language of a storefront address (`/de/…`), taken off before routing; on other addresses there is none.
#[derive(Clone, Debug)]
pub struct PathLocale(pub std::sync::Arc<str>);

/// axum's `Path`, whose refusal is one of our errors: an address that names nothing.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for Path<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Path<T>, Error> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Error::not_found())
    }
}

/// What a form or a query holds, by name; nothing typed can fail to be read. Of a name that comes twice the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From `a=1&b=2`; bytes that are no UTF-8 become signs of replacement, and so do signs of control.
    pub fn parse(bytes: &[u8]) -> Fields {
        let clean = |text: std::borrow::Cow<'_, str>| -> String {
            // browsers end lines with two signs, of which one stays
            let text = text.replace("\r\n", "\n");
            text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
        };
        Fields(url::form_urlencoded::parse(bytes).map(|(k, v)| (clean(k), clean(v))).collect())
    }

    /// The value of a name, trimmed; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.trim())
    }
}

/// The query of the address.
impl FromRequestParts<State> for Fields {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Fields, Infallible> {
        Ok(Fields::parse(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

/// A form that was posted, as [`Fields`].
#[derive(Clone, Debug, Default)]
pub struct Posted(pub Fields);

impl FromRequest<State> for Posted {
    type Rejection = Error;
    async fn from_request(request: Request, state: &State) -> Result<Posted, Error> {
        let too_much = |_| Error::bad_request("The form could not be read.");
        let bytes = Bytes::from_request(request, state).await.map_err(too_much)?;
        no_nul(&bytes)?;
        Ok(Posted(Fields::parse(&bytes)))
    }
}

/// Does an encoded form or query hold U+0000?
pub(crate) fn holds_nul(encoded: impl AsRef<[u8]>) -> bool {
    encoded.as_ref().windows(3).any(|w| w == b"%00") || encoded.as_ref().contains(&0)
}

/// No form holds U+0000: PostgreSQL cannot keep it, and nobody types it.
pub(crate) fn no_nul(form: &[u8]) -> Result<(), Error> {
    if holds_nul(form) {
        return Err(Error::bad_request("The form holds the sign U+0000, which no text may."));
    }
    Ok(())
}

/// The visitor's address.
#[derive(Clone, Copy, Debug)]
pub struct Ip(pub IpAddr);

impl Ip {
    /// Of a request's head.
    pub(crate) fn of(state: &State, parts: &Parts) -> IpAddr {
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let forwarded = || {
            let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
            last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let told = state.config().behind_proxy.then(forwarded).flatten();
        told.or(direct).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}

impl FromRequestParts<State> for Ip {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Ip, Infallible> {
        Ok(Ip(Ip::of(state, parts)))
    }
}

/// A cookie's value, decoded.
pub fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| Cookie::split_parse_encoded(line.to_owned()))
        .flatten()
        .find(|c| c.name() == name)
        .map(|c| c.value().to_owned())
}

/// A cookie for the whole shop that scripts cannot read, Lax, and only for https where the shop is reached so.
pub fn private_cookie(
    config: &Config,
    name: &'static str,
    value: String,
    ends_at: kernel::Timestamp,
) -> HeaderValue {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.secure())
        .expires(OffsetDateTime::from_unix_timestamp(ends_at.micros() / 1_000_000).ok());
    header_of(&cookie.build())
}

/// Takes a cookie away.
pub fn no_cookie(name: &'static str) -> HeaderValue {
    let mut cookie = Cookie::build((name, "")).path("/").build();
    cookie.make_removal();
    header_of(&cookie)
}

/// The `Set-Cookie` that signs a browser in.
pub fn session_cookie(config: &Config, opened: &Opened) -> HeaderValue {
    private_cookie(config, SESSION_COOKIE, opened.token.reveal().to_owned(), opened.ends_at)
}

pub(crate) fn header_of(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::try_from(cookie.encoded().to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// The secret of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
