//! The operations on one page, for people.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::VERSION;
use super::table::Entry;
use crate::{Auth, Error};

/// The page.
#[derive(Template)]
#[template(path = "api/index.html")]
pub(crate) struct Index {
    version: &'static str,
    style: String,
    sides: Vec<Part>,
}

struct Part {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    method: String,
    path: String,
    summary: &'static str,
    needs: &'static str,
}

/// All operations under their headings.
pub(crate) fn page(entries: &[Entry]) -> Response {
    let mut sides: Vec<Part> = vec![];
    for entry in entries {
        let side = if entry.path.contains("/shop/") { "Shop" } else { "Back office" };
        let title = format!("{side}: {}", entry.tag);
        if sides.last().is_none_or(|p| p.title != title) {
            sides.push(Part { title, rows: vec![] });
        }
        let needs = match entry.auth {
            Auth::Public | Auth::Shopper => "",
            Auth::SignedIn | Auth::Key => "a key",
            Auth::Staff(permission) | Auth::Api(permission) => permission,
        };
        let row =
            Row { method: entry.method.to_string(), path: entry.path.clone(), summary: entry.summary, needs };
        if let Some(part) = sides.last_mut() {
            part.rows.push(row);
        }
    }
    match (Index { version: VERSION, style: crate::static_url("api.css"), sides }).render() {
        Ok(html) => Html(html).into_response(),
        Err(e) => Error::internal(e).into_response(),
    }
}
