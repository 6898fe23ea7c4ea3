//! What operations answer.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Page;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type};

use super::describe::{Op, Says, text_schema};
use crate::Error;

/// One resource, with its `ETag`.
#[derive(Debug)]
pub(crate) struct One<T> {
    is: T,
    version: Option<i64>,
}

impl<T> One<T> {
    /// A resource without a version of its own.
    pub(crate) fn new(is: T) -> One<T> {
        One { is, version: None }
    }
    /// A resource whose version `If-Match` can name.
    pub(crate) fn versioned(version: i64, is: T) -> One<T> {
        One { is, version: Some(version) }
    }
}

impl<T: Serialize> IntoResponse for One<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::OK, &self.is, self.version);
        response.extensions_mut().insert(Validated);
        response
    }
}

impl<T: ToSchema> Says for One<T> {
    fn say(op: &mut Op) {
        let schema = op.component::<T>();
        op.responses.push((200, body("The resource, with its ETag", schema)));
    }
}

/// The answer has a validator: `If-None-Match` may make it 304.
#[derive(Clone)]
pub(crate) struct Validated;

fn json<T: Serialize>(status: StatusCode, value: &T, version: Option<i64>) -> Response {
    match serde_json::to_vec(value) {
        Err(e) => Error::internal(e).into_response(),
        Ok(bytes) => {
            let hash = crate::static_files::hex(&Sha256::digest(&bytes)[..12]);
            let tag = match version {
                Some(version) => format!("\"v{version}-{hash}\""),
                None => format!("\"{hash}\""),
            };
            let mut response = (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response();
            if let Ok(tag) = HeaderValue::try_from(tag) {
                response.headers_mut().insert(header::ETAG, tag);
            }
            response
        }
    }
}

fn body(text: &str, schema: RefOr<Schema>) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(text).content("application/json", content).build()
}

/// Something that was made: 201, and where it is.
#[derive(Debug)]
pub(crate) struct Made<T> {
    is: T,
    version: Option<i64>,
    at: String,
}

impl<T> Made<T> {
    /// `at` begins after the version: `/admin/orders/ord_…`.
    pub(crate) fn new(at: impl std::fmt::Display, is: T) -> Made<T> {
        Made { is, version: None, at: format!("/api/{}{at}", super::VERSION) }
    }
    /// With a version that `If-Match` can name.
    pub(crate) fn versioned(at: impl std::fmt::Display, version: i64, is: T) -> Made<T> {
        Made { version: Some(version), ..Made::new(at, is) }
    }
}

impl<T: Serialize> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::CREATED, &self.is, self.version);
        if let Ok(at) = HeaderValue::try_from(self.at) {
            response.headers_mut().insert(header::LOCATION, at);
        }
        response
    }
}

impl<T: ToSchema> Says for Made<T> {
    fn say(op: &mut Op) {
        let schema = op.component::<T>();
        op.responses.push((201, body("What was made; its address stands in Location", schema)));
    }
}

/// Some rows of a list.
#[derive(Debug, Serialize)]
pub(crate) struct List<T> {
    /// The rows.
    data: Vec<T>,
    /// What to send as `after` for the next page; none on the last.
    next: Option<String>,
}

impl<T> List<T> {
    /// A page of a module's rows.
    pub(crate) fn page<R>(page: Page<R>, shape: impl FnMut(R) -> T) -> List<T> {
        let page = page.map(shape);
        List { data: page.rows, next: page.next }
    }
    /// With a cursor made by the caller.
    pub(crate) fn with_next(data: Vec<T>, next: Option<String>) -> List<T> {
        List { data, next }
    }
    /// A list that is always told whole.
    pub(crate) fn whole(data: Vec<T>) -> List<T> {
        List { data, next: None }
    }
}

impl<T: Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::OK, &self, None);
        response.extensions_mut().insert(Validated);
        response
    }
}

/// The schema of a list of these.
pub(crate) fn list_schema(row: RefOr<Schema>) -> RefOr<Schema> {
    let rows = ArrayBuilder::new().items(row).build();
    let none = Schema::Object(ObjectBuilder::new().schema_type(Type::Null).build());
    let next = AnyOfBuilder::new().item(text_schema()).item(none).build();
    let list = ObjectBuilder::new()
        .property("data", Schema::Array(rows))
        .property("next", Schema::AnyOf(next))
        .required("data")
        .required("next");
    RefOr::T(Schema::Object(list.build()))
}

impl<T: ToSchema> Says for List<T> {
    fn say(op: &mut Op) {
        let row = op.component::<T>();
        op.responses.push((
            200,
            body("A page of the list; send `next` as `after` for the one after it", list_schema(row)),
        ));
    }
}

/// Done, and nothing to tell: 204.
#[derive(Debug)]
pub(crate) struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Says for Done {
    fn say(op: &mut Op) {
        op.responses.push((204, ResponseBuilder::new().description("Done").build()));
    }
}

/// Bytes that were made before: a body that is kept.
#[derive(Debug)]
pub(crate) struct KeptJson<T> {
    body: std::sync::Arc<shopfront::Body>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T> KeptJson<T> {
    /// The body, which holds a `T`.
    pub(crate) fn new(body: std::sync::Arc<shopfront::Body>) -> KeptJson<T> {
        KeptJson { body, of: std::marker::PhantomData }
    }
}

impl<T> IntoResponse for KeptJson<T> {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.body.content_type.clone()),
            (header::ETAG, self.body.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        ];
        let mut response = (headers, self.body.bytes.clone()).into_response();
        response.extensions_mut().insert(Validated);
        response
    }
}

impl<T: Says> Says for KeptJson<T> {
    fn say(op: &mut Op) {
        T::say(op);
    }
}
