use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, on};
use axum::{Router, routing::MethodFilter};
use db::Tx;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use kernel::{Denied, ErrorKind};

use crate::extract::{PathLocale, SESSION_COOKIE, bearer, cookie_of};
use crate::limit::by_address;
use crate::{Caller, Error, Ip, State, Who};

/// Who may use a route. Every route has one; it is checked before its handler runs, and the test of all routes tries
/// each without credentials and without the permission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Auth {
    /// Anybody, before set-up too; the handler gets no [`Caller`].
    Public,
    /// Anybody, as a shopper in the language of the address.
    Shopper,
    /// Staff, whatever they may do: their own sessions, password, preferences.
    SignedIn,
    /// Staff with this permission.
    Staff(&'static str),
    /// A key or staff, whatever they may do.
    Key,
    /// A key or staff with this permission.
    Api(&'static str),
}

/// A route that was registered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// `GET`, `POST` …
    pub method: Method,
    /// As axum writes it: `/admin/orders/{id}`.
    pub path: String,
    /// Who may.
    pub auth: Auth,
}

/// Dresses an error for the routes below a path.
pub type Dress = fn(&State, &Asked, &Error) -> Response;

/// What is known of a request when its error is dressed.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path without its language.
    pub path: String,
    /// The language of a storefront address.
    pub locale: Option<Arc<str>>,
    /// Who asked, where that was found out.
    pub caller: Option<Caller>,
    /// Does it want JSON?
    pub wants_json: bool,
    /// Did htmx ask for a part of a page?
    pub htmx: bool,
    /// The request's id, to name when asking for help.
    pub request_id: String,
    /// The browser's cookies: colours and language of the page about the error.
    pub cookies: Option<HeaderValue>,
}

/// All routes while they are gathered: `admin::routes(routes)` adds its own and gives it back.
pub struct Routes {
    state: State,
    router: Router<State>,
    list: Vec<Route>,
    pub(crate) dress: Vec<(&'static str, Dress)>,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes").field("list", &self.list).finish_non_exhaustive()
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $filter:ident, $method:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<H, T>(self, path: &str, auth: Auth, handler: H) -> Routes
        where
            H: Handler<T, State>,
            T: 'static,
        {
            self.add(Method::$method, path, auth, on(MethodFilter::$filter, handler))
        }
    )*};
}

impl Routes {
    pub(crate) fn new(state: State) -> Routes {
        Routes { state, router: Router::new(), list: vec![], dress: vec![] }
    }

    verbs! {
        /// A route that reads (HEAD too).
        get = GET, GET;
        /// A route that makes or does something.
        post = POST, POST;
        /// A route that replaces something.
        put = PUT, PUT;
        /// A route that changes a part of something.
        patch = PATCH, PATCH;
        /// A route that removes something.
        delete = DELETE, DELETE;
    }

    /// Who dresses errors below a path (`/admin`); the longest path that fits does. Without one: the storefront's page,
    /// or problem details below `/api` and where JSON is wanted.
    #[must_use]
    pub fn problems(mut self, below: &'static str, dress: Dress) -> Routes {
        self.dress.push((below, dress));
        self
    }

    /// The state, for what must be prepared once.
    pub fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn add(
        mut self,
        method: Method,
        path: &str,
        auth: Auth,
        handler: MethodRouter<State>,
    ) -> Routes {
        let state = self.state.clone();
        let guarded = handler.route_layer(from_fn(move |request: Request, next: Next| {
            let state = state.clone();
            async move { guard(&state, auth, request, next).await }
        }));
        self.router = self.router.route(path, guarded);
        self.list.push(Route { method, path: path.to_owned(), auth });
        self
    }

    #[expect(clippy::type_complexity, reason = "taken apart where it is called, and nowhere else")]
    pub(crate) fn into_parts(self) -> (State, Router<State>, Vec<Route>, Vec<(&'static str, Dress)>) {
        (self.state, self.router, self.list, self.dress)
    }
}

/// Finds out who calls, and lets nobody in who may not.
async fn guard(state: &State, auth: Auth, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(state, auth, &parts).await {
        Ok(None) => next.run(Request::from_parts(parts, body)).await,
        Ok(Some(caller)) => {
            parts.extensions.insert(caller.clone());
            let mut response = next.run(Request::from_parts(parts, body)).await;
            response.extensions_mut().insert(caller); // for whoever dresses an error
            response
        }
        Err(refused) => *refused,
    }
}

async fn admit(state: &State, auth: Auth, request: &Parts) -> Result<Option<Caller>, Box<Response>> {
    let (permission, keys) = match auth {
        Auth::Public => return Ok(None),
        Auth::Shopper => return shopper(state, request).await.map(Some),
        Auth::SignedIn => (None, false),
        Auth::Staff(permission) => (Some(permission), false),
        Auth::Key => (None, true),
        Auth::Api(permission) => (Some(permission), true),
    };
    opened(state, request, keys).await?;
    let found = if keys && request.headers.contains_key(header::AUTHORIZATION) {
        of_key(state, request).await
    } else {
        of_session(state, request).await
    };
    let Some(caller) = found.map_err(|e| Box::new(e.into_response()))? else {
        return Err(Box::new(if keys { unauthorized() } else { to_sign_in(request) }));
    };
    match permission {
        Some(permission) if !caller.ctx.may(permission) => {
            let mut refused = Error::from(Denied::Missing { permission }).into_response();
            refused.extensions_mut().insert(caller);
            Err(Box::new(refused))
        }
        _ => Ok(Some(caller)),
    }
}

/// Before set-up there is nothing to see but set-up.
async fn opened(state: &State, request: &Parts, json: bool) -> Result<(), Box<Response>> {
    match state.begin().await {
        Ok(true) => Ok(()),
        Ok(false) if json || request.method != Method::GET => {
            Err(Box::new(Error::not_set_up().into_response()))
        }
        Ok(false) => Err(Box::new(Redirect::to("/admin/setup").into_response())),
        Err(e) => Err(Box::new(e.into_response())),
    }
}

async fn shopper(state: &State, request: &Parts) -> Result<Caller, Box<Response>> {
    let api = request.uri.path().starts_with("/api");
    opened(state, request, api).await?;
    if !api {
        within(state, request)?;
    }
    let mut ctx = state.ctx().map_err(|e| Box::new(e.into_response()))?.shopper();
    let locale =
        request.extensions.get::<PathLocale>().map_or_else(|| state.default_locale(), |l| l.0.clone());
    ctx.locale = locale;
    Ok(Caller { ctx, who: Who::Shopper })
}

/// Nobody fills carts, tries cards or searches faster than people can.
fn within(state: &State, request: &Parts) -> Result<(), Box<Response>> {
    let limits = state.limits();
    let limit = match request.method {
        Method::GET | Method::HEAD if request.uri.path().starts_with("/search") => &limits.searches,
        Method::GET | Method::HEAD => return Ok(()),
        _ => &limits.shoppers,
    };
    let Some(asker) = by_address(Ip::of(state, request)) else { return Ok(()) };
    limit.ask(&asker).map(drop).map_err(|refused| Box::new(refused.0.into_response()))
}

async fn of_session(state: &State, request: &Parts) -> Result<Option<Caller>, Error> {
    let Some(token) = cookie_of(&request.headers, SESSION_COOKIE).filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let ctx = state.ctx()?;
    let found = state.db().read(async |tx: &mut Tx| access::session_of(tx, &ctx, &token).await).await?;
    let Some(signed_in) = found else { return Ok(None) };
    let ctx = signed_in.ctx(&ctx);
    if signed_in.due {
        let (noted, id) = (ctx.clone(), signed_in.session);
        state
            .db()
            .write("session_seen", async move |tx: &mut Tx| access::session_seen(tx, &noted, id).await)
            .await?;
    }
    Ok(Some(Caller { ctx, who: Who::Staff(signed_in) }))
}

async fn of_key(state: &State, request: &Parts) -> Result<Option<Caller>, Error> {
    let Some(secret) = bearer(&request.headers).map(str::to_owned) else { return Ok(None) };
    let ctx = state.ctx()?;
    let found = state.db().read(async |tx: &mut Tx| access::key_of(tx, &ctx, &secret).await).await?;
    let Some(holder) = found else { return Ok(None) };
    let ctx = holder.ctx(&ctx);
    if holder.due {
        let (noted, id) = (ctx.clone(), holder.id);
        state.db().write("key_used", async move |tx: &mut Tx| access::key_used(tx, &noted, id).await).await?;
    }
    Ok(Some(Caller { ctx, who: Who::Key(holder) }))
}

fn unauthorized() -> Response {
    let text = "Send a key as 'Authorization: Bearer mercer_…', or sign in.";
    let mut refused = Error::new(ErrorKind::Unauthenticated, "sign_in", text).into_response();
    refused.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    refused
}

/// To the sign-in page, and from there back. htmx is told by its own header, since it would follow a redirect and put
/// the sign-in page into a corner of this one.
fn to_sign_in(request: &Parts) -> Response {
    let htmx = request.headers.contains_key("hx-request");
    let back = match request.method {
        Method::GET if !htmx => request.uri.path_and_query().map_or("/admin", |p| p.as_str()),
        _ => request
            .headers
            .get("hx-current-url")
            .and_then(|u| u.to_str().ok())
            .and_then(path_of)
            .unwrap_or("/admin"),
    };
    let back = percent_encoding::utf8_percent_encode(back, percent_encoding::NON_ALPHANUMERIC);
    let to = format!("/admin/sign-in?next={back}");
    if htmx {
        let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/admin/sign-in"));
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", to)]).into_response();
    }
    Redirect::to(&to).into_response()
}

/// The path of an absolute address.
fn path_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.find('/').map(|at| &rest[at..])
}
