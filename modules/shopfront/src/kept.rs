use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use kernel::{CategoryId, ProductId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

/// What a body was built from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
enum Dep {
    /// What a card or page shows of a product.
    Product(ProductId),
    /// Which products lie in or below a category, and their order; none is the whole shop.
    Listing(Option<CategoryId>),
    /// What a search finds.
    Search,
}

/// What a body was built from: it is dropped as soon as any of it changes. A change of the shop itself (settings,
/// languages, the category tree) drops every body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deps(Vec<Dep>);

impl Deps {
    /// And a product's title, price, picture or availability.
    #[must_use]
    pub fn product(mut self, id: ProductId) -> Deps {
        self.0.push(Dep::Product(id));
        self
    }

    /// And which products lie in or below a category (none: in the shop), and their order.
    #[must_use]
    pub fn listing(mut self, category: Option<CategoryId>) -> Deps {
        self.0.push(Dep::Listing(category));
        self
    }

    /// And what searches find.
    #[must_use]
    pub fn search(mut self) -> Deps {
        self.0.push(Dep::Search);
        self
    }

    /// And all of that.
    #[must_use]
    pub fn and(mut self, other: &Deps) -> Deps {
        self.0.extend_from_slice(&other.0);
        self
    }

    fn tidy(mut self) -> Box<[Dep]> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.into_boxed_slice()
    }
}

/// What changed, gathered over a few changes.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    deps: HashSet<Dep>,
    all: bool,
}

impl Touched {
    pub(crate) fn product(&mut self, id: ProductId) {
        self.deps.insert(Dep::Product(id));
    }
    pub(crate) fn listing(&mut self, category: Option<CategoryId>) {
        self.deps.insert(Dep::Listing(category));
    }
    pub(crate) fn search(&mut self) {
        self.deps.insert(Dep::Search);
    }
    pub(crate) fn everything(&mut self) {
        self.all = true;
    }
    fn is_empty(&self) -> bool {
        !self.all && self.deps.is_empty()
    }
}

/// A body as a renderer gives it.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// The bytes.
    pub bytes: Bytes,
    /// `text/html; charset=utf-8`.
    pub content_type: HeaderValue,
    /// The same bytes compressed by gzip, where that was done.
    pub gzip: Option<Bytes>,
    /// What it was built from.
    pub deps: Deps,
}

/// A body that is kept, ready to be sent.
#[derive(Debug)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// Its type.
    pub content_type: HeaderValue,
    /// Compressed by gzip.
    pub gzip: Option<Bytes>,
    /// A strong validator: a hash of the bytes, in quotes.
    pub etag: HeaderValue,
    deps: Box<[Dep]>,
}

impl Body {
    fn new(fresh: Fresh) -> Body {
        let hash = Sha256::digest(&fresh.bytes);
        let mut etag = String::with_capacity(34);
        etag.push('"');
        for b in &hash[..16] {
            etag.push(char::from(HEX[usize::from(b >> 4)]));
            etag.push(char::from(HEX[usize::from(b & 15)]));
        }
        etag.push('"');
        let etag = HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"0\""));
        Body {
            bytes: fresh.bytes,
            content_type: fresh.content_type,
            gzip: fresh.gzip,
            etag,
            deps: fresh.deps.tidy(),
        }
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

#[derive(Clone)]
struct Bulk;

impl Weighter<String, Arc<Body>> for Bulk {
    fn weight(&self, key: &String, body: &Arc<Body>) -> u64 {
        let gzip = body.gzip.as_ref().map_or(0, Bytes::len);
        (key.len() + body.bytes.len() + gzip + body.deps.len() * size_of::<Dep>() + 200) as u64
    }
}

/// Rendered bodies by address, bounded by their bytes. A hit is one look-up and shares the bytes.
pub struct Kept {
    bodies: Cache<String, Arc<Body>, Bulk>,
    /// Grows with every change that drops something: a body whose rendering began before it is not kept.
    generation: AtomicU64,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("bodies", &self.bodies.len())
            .field("bytes", &self.bodies.weight())
            .finish()
    }
}

/// A body of this size is one of so many that are kept: only a guess for the cache's own tables.
const USUAL_BYTES: u64 = 32 * 1024;

/// A moment between two changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment(u64);

impl Kept {
    /// At most so many bytes.
    pub(crate) fn new(bytes: u64) -> Kept {
        let guess = usize::try_from(bytes / USUAL_BYTES).unwrap_or(1000);
        Kept { bodies: Cache::with_weighter(guess, bytes, Bulk), generation: AtomicU64::new(0) }
    }

    /// The body of an address (path with query, as `web` normalised it; it says the locale), if it is kept.
    pub fn get(&self, address: &str) -> Option<Arc<Body>> {
        self.bodies.get(address)
    }

    /// This moment, for whoever reads something now that a body will be rendered from.
    pub fn now(&self) -> Moment {
        Moment(self.generation.load(Ordering::SeqCst))
    }

    /// The body of an address, rendered if it is not kept. Others who ask for the same meanwhile wait for the one
    /// that renders. What fails is not kept. For a renderer that reads all it shows by itself.
    ///
    /// # Errors
    /// The renderer's.
    pub async fn get_or_render<E>(
        &self,
        address: &str,
        render: impl Future<Output = Result<Fresh, E>>,
    ) -> Result<Arc<Body>, E> {
        let mut began = None;
        let made = async {
            began = Some(self.now());
            Ok(Arc::new(Body::new(render.await?)))
        };
        let body = self.bodies.get_or_insert_async(address, made).await?;
        self.drop_overtaken(address, &body, began);
        Ok(body)
    }

    /// The same for a renderer that shows what was read since a moment: a body that a change has overtaken since then
    /// is served once and not kept.
    ///
    /// # Errors
    /// The renderer's.
    pub async fn get_or_render_since<E>(
        &self,
        address: &str,
        since: Moment,
        render: impl Future<Output = Result<Fresh, E>>,
    ) -> Result<Arc<Body>, E> {
        let mut rendered = None;
        let made = async {
            let body = Arc::new(Body::new(render.await?));
            rendered = Some(since);
            Ok(body)
        };
        let body = self.bodies.get_or_insert_async(address, made).await?;
        self.drop_overtaken(address, &body, rendered);
        Ok(body)
    }

    fn drop_overtaken(&self, address: &str, body: &Arc<Body>, since: Option<Moment>) {
        // asked after it went in: a change either saw it there, or is seen here
        if since.is_some_and(|m| m != self.now()) {
            self.bodies.remove_if(address, |kept| Arc::ptr_eq(kept, body));
        }
    }

    /// Drops what was built from it.
    pub(crate) fn drop_touched(&self, touched: &Touched) {
        if touched.is_empty() {
            return;
        }
        self.generation.fetch_add(1, Ordering::SeqCst);
        if touched.all {
            self.bodies.retain(|_, _| false);
        } else {
            self.bodies.retain(|_, body| !body.deps.iter().any(|d| touched.deps.contains(d)));
        }
    }

    /// How many bodies are kept, and their bytes.
    pub fn size(&self) -> (usize, u64) {
        (self.bodies.len(), self.bodies.weight())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::AtomicUsize;

    use kernel::Id;

    use super::*;

    fn fresh(text: &'static str, deps: Deps) -> Result<Fresh, Infallible> {
        let content_type = HeaderValue::from_static("text/html; charset=utf-8");
        Ok(Fresh { bytes: Bytes::from_static(text.as_bytes()), content_type, gzip: None, deps })
    }

    fn product(n: u128) -> ProductId {
        Id::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn a_burst_renders_once() {
        let kept = Arc::new(Kept::new(1 << 20));
        let renders = Arc::new(AtomicUsize::new(0));
        let all = (0..50).map(|_| {
            let (kept, renders) = (kept.clone(), renders.clone());
            tokio::spawn(async move {
                let render = async {
                    renders.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    fresh("hello", Deps::default())
                };
                kept.get_or_render("/", render).await.unwrap().bytes.clone()
            })
        });
        for one in all.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), "hello");
        }
        assert_eq!(renders.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_change_drops_what_shows_it_and_nothing_else() {
        let kept = Kept::new(1 << 20);
        kept.get_or_render("/a", async { fresh("a", Deps::default().product(product(1)).listing(None)) })
            .await
            .unwrap();
        kept.get_or_render("/b", async { fresh("b", Deps::default().product(product(2))) }).await.unwrap();
        let mut touched = Touched::default();
        touched.product(product(1));
        kept.drop_touched(&touched);
        assert!(kept.get("/a").is_none() && kept.get("/b").is_some());
        let mut touched = Touched::default();
        touched.everything();
        kept.drop_touched(&touched);
        assert!(kept.get("/b").is_none());
    }

    #[tokio::test]
    async fn a_body_that_a_change_overtook_is_served_once_and_not_kept() {
        let kept = Kept::new(1 << 20);
        let body = kept
            .get_or_render("/a", async {
                let mut touched = Touched::default();
                touched.product(product(1));
                kept.drop_touched(&touched);
                fresh("old", Deps::default().product(product(1)))
            })
            .await
            .unwrap();
        assert_eq!(body.bytes, "old");
        assert!(kept.get("/a").is_none());
    }

    #[tokio::test]
    async fn a_body_of_what_was_read_before_a_change_is_not_kept() {
        let kept = Kept::new(1 << 20);
        let since = kept.now();
        let mut touched = Touched::default();
        touched.product(product(1));
        kept.drop_touched(&touched);
        let old = || async { fresh("old", Deps::default().product(product(1))) };
        kept.get_or_render_since("/a", since, old()).await.unwrap();
        assert!(kept.get("/a").is_none());
        kept.get_or_render_since("/a", kept.now(), old()).await.unwrap();
        assert!(kept.get("/a").is_some());
    }

    #[tokio::test]
    async fn bytes_are_bounded_and_failures_are_not_kept() {
        let kept = Kept::new(256 * 1024);
        for n in 0..1000 {
            let page = Fresh { bytes: Bytes::from(vec![0; 4096]), ..fresh("", Deps::default()).unwrap() };
            kept.get_or_render(&format!("/{n}"), async { Ok::<_, Infallible>(page) }).await.unwrap();
        }
        assert!(kept.size().1 <= 256 * 1024, "{kept:?}");
        assert!(kept.get_or_render("/x", async { Err::<Fresh, _>("no") }).await.is_err());
        assert!(kept.get("/x").is_none());
    }

    #[tokio::test]
    async fn the_same_bytes_have_the_same_etag() {
        let kept = Kept::new(1 << 20);
        let a = kept.get_or_render("/a", async { fresh("a", Deps::default()) }).await.unwrap();
        let b = kept.get_or_render("/b", async { fresh("a", Deps::default()) }).await.unwrap();
        let c = kept.get_or_render("/c", async { fresh("c", Deps::default()) }).await.unwrap();
        assert!(a.etag == b.etag && a.etag != c.etag && a.etag.len() == 34);
    }
}
