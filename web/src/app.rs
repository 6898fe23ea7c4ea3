use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use http::{Extensions, HeaderValue, Method, Uri, header};
use kernel::ErrorKind;
use tower::{Service, ServiceExt as _};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::error::Told;
use crate::extract::PathLocale;
use crate::route::{Asked, Dress, Route, Routes};
use crate::{Caller, Error, State, admin, api, health, hooks, problem, security, static_files, storefront};

/// A form of more bytes is refused, unless its route says otherwise (axum's `DefaultBodyLimit` around the handler).
const BODY: usize = 1 << 20;
/// A request that takes longer is answered with 503; what it wrote stays written.
const PATIENCE: Duration = Duration::from_secs(60);
/// A large file over a slow line takes longer; only who may import gets so far.
const PATIENCE_WITH_FILES: Duration = Duration::from_secs(30 * 60);

/// The whole shop as one service. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that it knows
/// its visitors' addresses.
pub fn app(state: State) -> Router {
    let (state, router, _, dress) = gathered(state).into_parts();
    let compression = CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Fastest);
    let router = router
        .fallback(nothing_here)
        .method_not_allowed_fallback(async || method_not_allowed())
        .layer(DefaultBodyLimit::max(BODY))
        .layer(compression)
        .with_state(state.clone());
    Router::new().fallback_service(Outer { state, router, dress: dress.into(), served: Arc::default() })
}

/// Every route there is, with who may use it: for the test that tries them all, and for API docs.
pub fn routes(state: State) -> Vec<Route> {
    gathered(state).into_parts().2
}

fn gathered(state: State) -> Routes {
    let routes = Routes::new(state);
    let routes = health::routes(static_files::routes(routes));
    let routes = hooks::routes(storefront::routes(routes));
    api::routes(admin::routes(routes))
}

/// What no route knows may be a path that the merchant has redirected.
async fn nothing_here(
    state: State,
    uri: Uri,
    method: Method,
    extensions: Extensions,
) -> Result<Response, Error> {
    let path = uri.path();
    let machine = ["/api", "/admin", "/hooks", "/static"].iter().any(|top| is_below(path, top));
    if machine || !reads(&method) || !state.begin().await? {
        return Err(Error::not_found());
    }
    let path = match extensions.get::<PathLocale>() {
        Some(locale) => format!("/{}{path}", locale.0),
        None => path.to_owned(),
    };
    storefront::moved(&state, &state.ctx()?, &path).await
}

fn method_not_allowed() -> Response {
    let error =
        Error::new(ErrorKind::Invalid, "method_not_allowed", "This address does not take this method.");
    let mut response = error.into_response();
    *response.status_mut() = http::StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// What stands around all routes: where requests come from, the language of their address, errors, headers.
#[derive(Clone)]
struct Outer {
    state: State,
    router: Router,
    dress: Arc<[(&'static str, Dress)]>,
    served: Arc<AtomicU64>,
}

impl Service<Request> for Outer {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if let Some(response) = storefront::kept_answer(&self.state, &request) {
            return Box::pin(std::future::ready(Ok(response)));
        }
        let outer = self.clone();
        Box::pin(async move { Ok(outer.answer(request).await) })
    }
}

impl Outer {
    async fn answer(self, mut request: Request) -> Response {
        let began = self.state.clock().now();
        let id = format!("{:x}.{:x}", began.micros(), self.served.fetch_add(1, Ordering::Relaxed));
        let locale = take_locale(&self.state, &mut request);
        let method = request.method().clone();
        let mut asked = Asked {
            path: request.uri().path().to_owned(),
            locale,
            caller: None,
            wants_json: wants_json(&request),
            htmx: request.headers().contains_key("hx-request"),
            request_id: id,
            cookies: request.headers().get(header::COOKIE).cloned(),
        };
        let mut response = match security::same_site(self.state.config(), &request) {
            // no text of ours holds this sign, and PostgreSQL cannot
            Ok(()) if request.uri().path().contains("%00") => Error::not_found().into_response(),
            Ok(()) => self.inside(request).await,
            Err(refused) => refused.into_response(),
        };
        if let Some(told) = response.extensions_mut().remove::<Told>() {
            asked.caller = response.extensions_mut().remove::<Caller>();
            response = self.dressed(&asked, &told.0, response).await;
        }
        security::harden(self.state.config(), &mut response);
        if let Ok(id) = HeaderValue::try_from(asked.request_id.as_str()) {
            response.headers_mut().insert("x-request-id", id);
        }
        let took = self.state.clock().now().since(began).as_millis() as u64;
        let (path, status) = (shown_path(&asked.path), response.status().as_u16());
        tracing::debug!(%method, path, status, took_ms = took, request_id = asked.request_id, "request");
        if response.status().is_server_error() {
            tracing::warn!(%method, path, status, request_id = asked.request_id, "a request failed");
        }
        response
    }

    async fn inside(&self, request: Request) -> Response {
        let patience = match request.method() {
            &Method::POST if request.uri().path().ends_with("/admin/imports") => PATIENCE_WITH_FILES,
            _ => PATIENCE,
        };
        let running = std::panic::AssertUnwindSafe(self.router.clone().oneshot(request)).catch_unwind();
        match tokio::time::timeout(patience, running).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(panic)) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
                Error::internal(text).into_response()
            }
            Err(_) => Error::new(ErrorKind::Unavailable, "too_slow", "This took too long.").into_response(),
        }
    }

    /// The page or JSON of an error, with the headers (`Retry-After`, cookies) and status it came with.
    async fn dressed(&self, asked: &Asked, error: &Error, bare: Response) -> Response {
        let below = self.dress.iter().filter(|(path, _)| is_below(&asked.path, path));
        let mut response = match below.max_by_key(|(path, _)| path.len()) {
            Some((_, dress)) => dress(&self.state, asked, error),
            None => problem::dress(&self.state, asked, error).await,
        };
        *response.status_mut() = bare.status();
        let fixed = [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING];
        for (name, value) in bare.headers().iter().filter(|(name, _)| !fixed.contains(name)) {
            response.headers_mut().append(name, value.clone());
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn wants_json(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

/// `/de/c/obst` becomes `/c/obst` in German, so that routes are written once.
fn take_locale(state: &State, request: &mut Request) -> Option<Arc<str>> {
    let path = request.uri().path();
    let first = path.get(1..)?.split('/').next()?;
    let locale = state.prefixed_locale(first)?;
    let rest = &path[first.len() + 1..];
    let rest = if rest.is_empty() { "/" } else { rest };
    let rest = match request.uri().query() {
        Some(query) => format!("{rest}?{query}"),
        None => rest.to_owned(),
    };
    *request.uri_mut() = Uri::try_from(rest).ok()?;
    request.extensions_mut().insert(PathLocale(locale.clone()));
    Some(locale)
}

/// Without the secrets that some addresses hold.
fn shown_path(path: &str) -> &str {
    match path.strip_prefix("/orders/") {
        Some(_) => "/orders/…",
        None => api::shown_path(path),
    }
}

/// Is it a method that only reads?
fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
