//! Compression of bodies that are kept.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tower::{Layer as _, ServiceExt as _};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::State;

/// A way to compress.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Encoding {
    Br,
    Gzip,
}

impl Encoding {
    /// As headers name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Br => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// The best that a browser takes. (One that it refuses by `q=0` is not taken.)
    pub(crate) fn liked(headers: &HeaderMap) -> Option<Encoding> {
        let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
        let takes = |name: &str| {
            accepted.split(',').any(|part| {
                let mut part = part.split(';');
                let named = part.next().is_some_and(|n| n.trim().eq_ignore_ascii_case(name));
                let refused = part.any(|q| matches!(q.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
                named && !refused
            })
        };
        [Encoding::Br, Encoding::Gzip].into_iter().find(|e| takes(e.name()))
    }
}

/// Compresses off the async workers; gives the bytes back as they are if that cannot be done.
pub(crate) async fn squeeze(bytes: Bytes, encoding: Encoding) -> Bytes {
    let plain = bytes.clone();
    let work = tokio::task::spawn_blocking(move || {
        // brotli's best takes seconds a megabyte: once for a file that never changes, not for a page that may
        tokio::runtime::Handle::current().block_on(through(bytes, encoding))
    });
    work.await.ok().flatten().unwrap_or(plain)
}

async fn through(bytes: Bytes, encoding: Encoding) -> Option<Bytes> {
    let level = match encoding {
        Encoding::Br => CompressionLevel::Precise(6),
        Encoding::Gzip => CompressionLevel::Precise(7),
    };
    let mut plain = Response::new(Full::new(bytes));
    plain.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    let answer =
        tower::service_fn(move |_: Request<()>| std::future::ready(Ok::<_, Infallible>(plain.clone())));
    let request = Request::builder().header(header::ACCEPT_ENCODING, encoding.name()).body(()).ok()?;
    let response = CompressionLayer::new().quality(level).layer(answer).oneshot(request).await.ok()?;
    response.headers().get(header::CONTENT_ENCODING)?;
    Some(response.into_body().collect().await.ok()?.to_bytes())
}

/// Compressed bodies by the hash of their bytes: made once, when first asked for, and bounded by their size.
pub(crate) struct Squeezed {
    bodies: Cache<(Bytes, Encoding), Bytes, Bulk>,
    making: Arc<Semaphore>,
}

#[derive(Clone)]
struct Bulk;

impl Weighter<(Bytes, Encoding), Bytes> for Bulk {
    fn weight(&self, (key, _): &(Bytes, Encoding), body: &Bytes) -> u64 {
        (key.len() + body.len() + 100) as u64
    }
}

/// So many bytes at most.
const KEPT_BYTES: u64 = 16 << 20;
/// A compressed page is about so large: only a guess for the cache's own tables.
const USUAL_BYTES: usize = 6 * 1024;

impl Default for Squeezed {
    fn default() -> Squeezed {
        let guess = usize::try_from(KEPT_BYTES).unwrap_or(USUAL_BYTES) / USUAL_BYTES;
        let making = Arc::new(Semaphore::new(2));
        Squeezed { bodies: Cache::with_weighter(guess, KEPT_BYTES, Bulk), making }
    }
}

impl Squeezed {
    /// The compressed form of a body, if it is there; if not it is being made, and this answer goes as it is.
    pub(crate) fn get(
        self: &Squeezed,
        etag: &HeaderValue,
        bytes: &Bytes,
        encoding: Encoding,
        state: &State,
    ) -> Option<Bytes> {
        let key = (Bytes::copy_from_slice(etag.as_bytes()), encoding);
        if let Some(found) = self.bodies.get(&key) {
            return Some(found);
        }
        if let Ok(turn) = self.making.clone().try_acquire_owned() {
            let (state, bytes) = (state.clone(), bytes.clone());
            tokio::spawn(async move {
                let small = squeeze(bytes, encoding).await;
                state.squeezed().bodies.insert(key, small);
                drop(turn);
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn liked(accept: &str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::try_from(accept).unwrap());
        Encoding::liked(&headers)
    }

    #[tokio::test]
    async fn text_shrinks() {
        let text = Bytes::from("Mercer ".repeat(500));
        for encoding in [Encoding::Br, Encoding::Gzip] {
            let small = squeeze(text.clone(), encoding).await;
            assert!(small.len() < text.len() / 10, "{} {}", encoding.name(), small.len());
        }
    }

    #[test]
    fn browsers_choose() {
        assert_eq!(liked("gzip, deflate, br;q=0.9"), Some(Encoding::Br));
        assert_eq!(liked("br;q=0, gzip"), Some(Encoding::Gzip));
        assert_eq!(liked("identity"), None);
    }
}
