//! What browsers and search engines ask for by themselves.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use shopfront::Deps;

use super::frame::{Frame, frame};
use super::kept;
use crate::extract::{Fields, Path};
use crate::{Error, State};

/// Addresses in one file; search engines take up to 50,000.
const ADDRESSES: usize = 10_000;

/// `/theme.css`: the merchant's choices of look.
pub(super) async fn theme_css(state: State, query: Fields) -> Result<Response, Error> {
    let frame = frame(&state, &state.default_locale()).await?;
    let version = frame.theme_version();
    let keep = if query.get("v") == version { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, keep)];
    Ok((headers, frame.theme_css.clone()).into_response())
}

/// `/robots.txt`: what is personal is nobody's index.
pub(super) async fn robots(state: State) -> Result<Response, Error> {
    let mut text = String::from("User-agent: *\n");
    let locales = state.shopfront()?.locales();
    let prefixes = std::iter::once(String::new()).chain(locales.iter().skip(1).map(|l| format!("/{l}")));
    for prefix in prefixes {
        for path in ["/cart", "/checkout", "/orders/", "/search", "/payments/"] {
            let _ = writeln!(text, "Disallow: {prefix}{path}"); // writing to a String cannot fail
        }
    }
    let _ = writeln!(
        text,
        "Disallow: /admin\nDisallow: /api\n\nSitemap: {}/sitemap.xml",
        state.config().public_url
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `/sitemap.xml`: everything, or where its parts are.
pub(super) async fn sitemap(state: State, headers: HeaderMap) -> Result<Response, Error> {
    let since = kept::now(&state)?;
    let frame = frame(&state, &state.default_locale()).await?;
    let render = async {
        let shopfront = state.shopfront()?;
        // categories are a few beside the products
        let parts = (shopfront.products() + 1_000).div_ceil(ADDRESSES);
        let deps = Deps::default().listing(None);
        if parts == 1 {
            return Ok((part(&state, &frame, 0)?, deps));
        }
        let mut text = String::from(HEAD);
        text.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        for n in 1..=parts {
            let _ =
                writeln!(text, "<sitemap><loc>{}/sitemap/{n}.xml</loc></sitemap>", state.config().public_url);
        }
        text.push_str("</sitemapindex>\n");
        Ok((text, deps))
    };
    kept::kept(&state, &headers, since, "/sitemap.xml", XML, render).await
}

/// `/sitemap/{n}.xml`: some of it, from 1.
pub(super) async fn sitemap_part(
    state: State,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let n: usize = file.strip_suffix(".xml").and_then(|n| n.parse().ok()).ok_or_else(Error::not_found)?;
    if n == 0 || n > (state.shopfront()?.products() + 1_000).div_ceil(ADDRESSES) {
        return Err(Error::not_found());
    }
    let since = kept::now(&state)?;
    let frame = frame(&state, &state.default_locale()).await?;
    let render = async { Ok((part(&state, &frame, n - 1)?, Deps::default().listing(None))) };
    kept::kept(&state, &headers, since, &format!("/sitemap/{n}.xml"), XML, render).await
}

const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn part(state: &State, frame: &Frame, n: usize) -> Result<String, Error> {
    let mut text = String::from(HEAD);
    text.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let mut entry = |path: &str| {
        // slugs hold neither & nor <
        let _ = writeln!(text, "<url><loc>{}{path}</loc></url>", state.config().public_url);
    };
    let locales = state.shopfront()?.locales();
    if n == 0 {
        locales.iter().for_each(|l| entry(&format!("{}/", frame.prefix_of(l))));
    }
    for found in state.shopfront()?.sitemap(n * ADDRESSES, ADDRESSES) {
        let kind = if found.is_category { "c" } else { "p" };
        for (locale, slug) in &found.addresses {
            entry(&format!("{}/{kind}/{slug}", frame.prefix_of(locale)));
        }
    }
    text.push_str("</urlset>\n");
    Ok(text)
}
