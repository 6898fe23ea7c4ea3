//! The cart's secret, which only the server reads, and its count, which pages show.

use std::time::Duration;

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use kernel::Timestamp;

use crate::extract::{cookie_of, header_of, no_cookie, private_cookie};
use crate::{Config, State};

const SECRET: &str = "cart";
const COUNT: &str = "cart_count";
/// A cart that nobody touches is forgotten.
const LIFE: Duration = Duration::from_secs(60 * 24 * 3600);

/// The secret a browser holds; what cannot be one is none.
pub(super) fn secret(headers: &HeaderMap) -> Option<String> {
    let secret = cookie_of(headers, SECRET)?;
    let plausible = (20..=64).contains(&secret.len()) && secret.bytes().all(|b| b.is_ascii_alphanumeric());
    plausible.then_some(secret)
}

/// Remembers a cart and how many pieces are in it.
pub(super) fn keep(state: &State, headers: &mut HeaderMap, secret: &str, pieces: i64) {
    let ends_at = state.clock().now().plus(LIFE);
    headers.append(header::SET_COOKIE, private_cookie(state.config(), SECRET, secret.to_owned(), ends_at));
    headers.append(header::SET_COOKIE, count(state.config(), pieces, ends_at));
}

/// Forgets the cart.
pub(super) fn forget(headers: &mut HeaderMap) {
    headers.append(header::SET_COOKIE, no_cookie(SECRET));
    headers.append(header::SET_COOKIE, no_cookie(COUNT));
}

fn count(config: &Config, pieces: i64, ends_at: Timestamp) -> HeaderValue {
    let expires = cookie::time::OffsetDateTime::from_unix_timestamp(ends_at.micros() / 1_000_000).ok();
    let cookie = Cookie::build((COUNT, pieces.to_string()))
        .path("/")
        .same_site(SameSite::Lax)
        .secure(config.secure())
        .expires(expires);
    header_of(&cookie.build())
}
