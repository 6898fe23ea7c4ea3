//! The JSON API, for the shop and the back office. Dated: what is below `/api/2026-11/` keeps its meaning; what would
//! break it comes below a new date. Every operation is registered in one table ([`table::Api`]), from which the
//! OpenAPI document and the page for people are made.

mod admin;
mod answer;
mod ask;
mod describe;
mod once;
mod openapi;
mod orders;
mod page;

mod shop;
mod table;
mod types;

use axum::response::Response;
use http::{HeaderName, HeaderValue};

use crate::Routes;

/// The date of the only version there is.
pub const VERSION: &str = "2026-11";

/// Its routes.
pub fn routes(routes: Routes) -> Routes {
    admin::routes(shop::routes(table::Api::new(routes))).finish()
}

/// Which version answers.
pub(crate) fn version(response: &mut Response) {
    response
        .headers_mut()
        .insert(HeaderName::from_static("mercer-version"), HeaderValue::from_static(VERSION));
}

/// Without the secrets of carts and orders.
pub(crate) fn shown_path(path: &str) -> &str {
    let secret =
        ["/shop/carts/", "/shop/orders/"].iter().find_map(|part| Some(path.find(part)? + part.len()));
    match secret {
        Some(at) if path.starts_with("/api/") => &path[..at],
        _ => path,
    }
}
