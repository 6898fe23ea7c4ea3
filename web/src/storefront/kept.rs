//! Pages that are the same for everyone: rendered once, kept until what they show changes, sent as they are.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use shopfront::{Body, Deps, Fresh, Moment};

use crate::squeeze::Encoding;
use crate::{Error, State, security};

/// The answer to a request whose page is kept: before routing, without a transaction, without rendering.
pub(crate) fn kept_answer(state: &State, request: &Request) -> Option<Response> {
    if *request.method() != Method::GET {
        return None;
    }
    let shopfront = state.shopfront().ok()?;
    let address = request.uri().path_and_query()?.as_str();
    let body = shopfront.kept().get(address)?;
    let mut response = answer(state, request.headers(), &body);
    security::harden(state.config(), &mut response);
    if address.starts_with("/api/") {
        crate::api::version(&mut response);
    }
    Some(response)
}

/// This moment: a handler takes it before it reads anything that its page shows.
pub(crate) fn now(state: &State) -> Result<Moment, Error> {
    Ok(state.shopfront()?.kept().now())
}

/// A page at an address (with language and its own query, in one order), rendered if it is not kept, of what was read
/// since a moment.
pub(crate) async fn page<F>(
    state: &State,
    headers: &HeaderMap,
    since: Moment,
    address: &str,
    render: F,
) -> Result<Response, Error>
where
    F: Future<Output = Result<(String, Deps), Error>>,
{
    kept(state, headers, since, address, HeaderValue::from_static("text/html; charset=utf-8"), render).await
}

/// The same for other types.
pub(crate) async fn kept<F>(
    state: &State,
    headers: &HeaderMap,
    since: Moment,
    address: &str,
    content_type: HeaderValue,
    render: F,
) -> Result<Response, Error>
where
    F: Future<Output = Result<(String, Deps), Error>>,
{
    let shopfront = state.shopfront()?;
    let fresh = async {
        let (text, deps) = render.await?;
        Ok::<_, Error>(Fresh { bytes: Bytes::from(text), content_type, gzip: None, deps })
    };
    let body = shopfront.kept().get_or_render_since(address, since, fresh).await?;
    Ok(answer(state, headers, &body))
}

fn answer(state: &State, headers: &HeaderMap, body: &Arc<Body>) -> Response {
    // weak, since the same page goes out compressed in several ways
    let mut weak = Vec::with_capacity(body.etag.len() + 2);
    weak.extend_from_slice(b"W/");
    weak.extend_from_slice(body.etag.as_bytes());
    let etag = HeaderValue::from_maybe_shared(Bytes::from(weak)).unwrap_or_else(|_| body.etag.clone());
    let mut response = if is_known(headers, &body.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let encoding = Encoding::liked(headers).filter(|_| body.bytes.len() > 512);
        let small =
            encoding.and_then(|e| Some((e, state.squeezed().get(&body.etag, &body.bytes, e, state)?)));
        match small {
            Some((encoding, bytes)) => {
                ([(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()))], bytes)
                    .into_response()
            }
            None => body.bytes.clone().into_response(),
        }
    };
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, body.content_type.clone());
    h.insert(header::ETAG, etag);
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let (Some(known), Ok(etag)) = (headers.get(header::IF_NONE_MATCH), etag.to_str()) else { return false };
    known.to_str().is_ok_and(|known| known.contains(etag))
}
