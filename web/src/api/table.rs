//! Every operation, registered once: its route, who may use it, and its place in the document.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts as _, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use kernel::Permission;

use super::answer::Validated;
use super::describe::{Described, Op};
use super::{VERSION, openapi, page};
use crate::limit::{Asker, by_address};
use crate::{Auth, Caller, Ip, Routes, State, Who};

/// An operation, for the document.
pub(crate) struct Entry {
    pub(crate) method: Method,
    /// With the version: `/api/2026-11/admin/orders/{id}`.
    pub(crate) path: String,
    pub(crate) auth: Auth,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    /// Unique: `admin_orders_get`.
    pub(crate) id: String,
    pub(crate) describe: fn(&mut Op),
}

/// All operations while they are gathered.
pub(crate) struct Api {
    routes: Routes,
    entries: Vec<Entry>,
    side: &'static str,
    tag: &'static str,
}

/// Staff or a key with this permission.
pub(crate) fn may<P: Permission>() -> Auth {
    Auth::Api(P::NAME)
}

macro_rules! verbs {
    ($($name:ident = $method:ident;)*) => {$(
        /// An operation: its path below the side, who may, what it does, its handler.
        #[must_use]
        pub(crate) fn $name<H, T, D>(self, path: &str, auth: Auth, summary: &'static str, handler: H) -> Api
        where
            H: Handler<T, State> + Described<D>,
            T: 'static,
        {
            let name = std::any::type_name::<H>();
            self.add(
                (Method::$method, path, auth, summary, name),
                on(MethodFilter::$method, handler),
                <H as Described<D>>::describe,
            )
        }
    )*};
}

impl Api {
    pub(crate) fn new(routes: Routes) -> Api {
        Api { routes, entries: vec![], side: "", tag: "" }
    }

    /// Where the following belong: `shop` or `admin`, and under which heading.
    #[must_use]
    pub(crate) fn part(mut self, side: &'static str, tag: &'static str) -> Api {
        (self.side, self.tag) = (side, tag);
        self
    }

    verbs! {
        get = GET;
        post = POST;
        put = PUT;
        patch = PATCH;
        delete = DELETE;
    }

    fn add(
        mut self,
        (method, path, auth, summary, name): (Method, &str, Auth, &'static str, &str),
        handler: MethodRouter<State>,
        describe: fn(&mut Op),
    ) -> Api {
        let path = format!("/api/{VERSION}/{}{path}", self.side);
        let state = self.routes.state().clone();
        let around = from_fn(move |request: Request, next: Next| {
            let state = state.clone();
            async move { around(&state, request, next).await }
        });
        // web::api::admin::orders::list is admin_orders_list
        let id = name.split("::").skip(2).collect::<Vec<_>>().join("_");
        let tag = self.tag;
        self.routes = self.routes.add(method.clone(), &path, auth, handler.layer(around));
        self.entries.push(Entry { method, path, auth, tag, summary, id, describe });
        self
    }

    /// With the document, and a page for people.
    pub(crate) fn finish(self) -> Routes {
        let entries: Arc<[Entry]> = self.entries.into();
        let document: Arc<OnceLock<Bytes>> = Arc::default();
        let listed = entries.clone();
        let openapi = async move |state: State| {
            let bytes =
                document.get_or_init(|| openapi::document(&entries, &state.config().public_url).into());
            ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], bytes.clone())
        };
        let page = async move || page::page(&listed);
        self.routes.get("/api", Auth::Public, page).get("/api/openapi.json", Auth::Public, openapi)
    }
}

/// Around every operation: counts, and tells the version, what is left, and what has not changed.
async fn around(state: &State, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let left = match asker(state, &mut parts).await {
        None => None,
        Some(asker) => match state.limits().api.ask(&asker) {
            Ok(left) => Some(left),
            Err(refused) => {
                let (error, left) = *refused;
                let mut response = error.into_response();
                left.tell(response.headers_mut());
                return response;
            }
        },
    };
    let known = parts.headers.get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<Validated>().is_some() && is_known(known.as_ref(), &response) {
        let headers = std::mem::take(response.headers_mut());
        response = StatusCode::NOT_MODIFIED.into_response();
        *response.headers_mut() = headers;
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    let headers = response.headers_mut();
    if let Some(left) = left {
        left.tell(headers);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    super::version(&mut response);
    response
}

/// Who is counted.
async fn asker(state: &State, parts: &mut http::request::Parts) -> Option<Asker> {
    match parts.extensions.get::<Caller>().map(|c| &c.who) {
        Some(Who::Key(key)) => return Some(Asker::Known(key.id.uuid())),
        Some(Who::Staff(signed_in)) => return Some(Asker::Known(signed_in.staff.id.uuid())),
        Some(Who::Shopper) | None => {}
    }
    let Ok(Ip(ip)) = Ip::from_request_parts(parts, state).await;
    by_address(ip)
}

fn is_known(known: Option<&HeaderValue>, response: &Response) -> bool {
    let (Some(known), Some(tag)) = (known, response.headers().get(header::ETAG)) else { return false };
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag) || known.trim() == "*"
}
