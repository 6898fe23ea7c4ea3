//! Embedded files under `/static/`: immutable with their content's hash in `?v=`, compressed once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::squeeze::{Encoding, squeeze};
use crate::{Auth, Error, Routes};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

struct File {
    bytes: Bytes,
    media_type: String,
    version: String,
    etag: HeaderValue,
    gzip: tokio::sync::OnceCell<Bytes>,
    br: tokio::sync::OnceCell<Bytes>,
}

fn files() -> &'static HashMap<String, File> {
    static FILES: OnceLock<HashMap<String, File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let entry = |name: std::borrow::Cow<'static, str>| {
            let file = Embedded::get(&name)?;
            let version = hex(&file.metadata.sha256_hash()[..8]);
            let etag = HeaderValue::try_from(format!("\"{version}\"")).ok()?;
            let bytes = match file.data {
                std::borrow::Cow::Borrowed(b) => Bytes::from_static(b),
                std::borrow::Cow::Owned(b) => Bytes::from(b),
            };
            let media_type = mime_guess::from_path(&*name).first_or_octet_stream();
            let charset = if media_type.type_() == "text" { "; charset=utf-8" } else { "" };
            let file = File {
                bytes,
                media_type: format!("{media_type}{charset}"),
                version,
                etag,
                gzip: tokio::sync::OnceCell::new(),
                br: tokio::sync::OnceCell::new(),
            };
            Some((name.into_owned(), file))
        };
        Embedded::iter().filter_map(entry).collect()
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        let _ = write!(text, "{b:02x}"); // writing to a String cannot fail
        text
    })
}

/// The address of an embedded file with its content's hash: `/static/store.css?v=1f…`. A name that is not there stays
/// plain, and answers 404.
pub fn static_url(name: &str) -> String {
    match files().get(name) {
        Some(file) => format!("/static/{name}?v={}", file.version),
        None => format!("/static/{name}"),
    }
}

/// One hash over all embedded files, for pages that name several with one version.
pub fn static_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        use sha2::Digest;
        let mut all: Vec<_> =
            files().iter().map(|(name, file)| (name.as_str(), file.version.as_str())).collect();
        all.sort_unstable();
        let hash = all
            .iter()
            .fold(sha2::Sha256::new(), |h, (name, version)| h.chain_update(name).chain_update(version));
        hex(&hash.finalize()[..8])
    })
}

/// Theme options for a shop whose own templates lie in `dir`, with hashed addresses of static files.
pub fn theme_options(dir: Option<std::path::PathBuf>) -> theme::ThemeOptions {
    theme::ThemeOptions { dir, asset_url: Some(Arc::new(static_url)) }
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/static/{*path}", Auth::Public, serve).get("/favicon.ico", Auth::Public, favicon)
}

async fn favicon() -> Response {
    axum::response::Redirect::permanent(&static_url("favicon.svg")).into_response()
}

async fn serve(
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let file = files().get(&path).ok_or_else(Error::not_found)?;
    // a page may name an older version while a new server starts: it gets this one, but does not keep it
    let named = query.as_deref().and_then(|q| q.strip_prefix("v="));
    let kept = named.is_some_and(|v| v == file.version || v == static_version());
    let keep = if kept { "public, max-age=31536000, immutable" } else { "no-cache" };
    let same = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|tags| tags.contains(&file.version));
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, bytes) = file.encoded(&headers).await;
        let mut response = bytes.into_response();
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
        response
    };
    let media_type = HeaderValue::try_from(file.media_type.as_str());
    let h = response.headers_mut();
    h.insert(
        header::CONTENT_TYPE,
        media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    h.insert(header::ETAG, file.etag.clone());
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

impl File {
    /// Compressed as the browser likes best, once for all; what does not shrink (fonts, pictures) stays as it is.
    async fn encoded(&self, headers: &HeaderMap) -> (Option<Encoding>, Bytes) {
        let text = ["text/", "javascript", "json", "svg"].iter().any(|t| self.media_type.contains(t));
        let encoding = Encoding::liked(headers).filter(|_| text && self.bytes.len() > 256);
        let cell = match encoding {
            Some(Encoding::Br) => &self.br,
            Some(Encoding::Gzip) => &self.gzip,
            None => return (None, self.bytes.clone()),
        };
        let make = async || match encoding {
            Some(encoding) => squeeze(self.bytes.clone(), encoding).await,
            None => self.bytes.clone(),
        };
        (encoding, cell.get_or_init(make).await.clone())
    }
}
