//! The OpenAPI 3.1 document, made of the table of operations.

use std::collections::BTreeMap;

use http::Method;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, HttpMethod, InfoBuilder, OpenApiBuilder, Paths, RefOr, Required, Schema, ServerBuilder,
};

use super::VERSION;
use super::describe::{Op, text_schema};
use super::table::Entry;
use super::types::Problem;
use crate::Auth;

/// The document as JSON.
pub(crate) fn document(entries: &[Entry], public_url: &str) -> String {
    let mut paths = Paths::new();
    let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
    let mut op = Op::default();
    let problem = op.component::<Problem>();
    schemas.extend(op.schemas);
    for entry in entries {
        let mut op = Op::default();
        (entry.describe)(&mut op);
        schemas.extend(std::mem::take(&mut op.schemas));
        let item = PathItem::new(method(&entry.method), operation(entry, op, &problem));
        match paths.paths.get_mut(&entry.path) {
            Some(known) => known.merge_operations(item),
            None => {
                paths.paths.insert(entry.path.clone(), item);
            }
        }
    }
    let info = InfoBuilder::new().title("Mercer").version(VERSION).description(Some(
        "Sell, ship, refund, and keep the books: whatever the shop's pages and the back office do. Amounts are whole \
         minor units beside their currency, times are RFC 3339 in UTC, ids are TypeIDs. Lists have `data` and `next`. \
         Errors are problem details (RFC 9457).",
    ));
    let key = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some("An API key: `mercer_…`"));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("key", SecurityScheme::Http(key.build()))
        .build();
    let all = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url(public_url).build()]))
        .paths(paths)
        .components(Some(components))
        .build();
    all.to_json().unwrap_or_default()
}

fn operation(entry: &Entry, op: Op, problem: &RefOr<Schema>) -> utoipa::openapi::path::Operation {
    let mut told = OperationBuilder::new()
        .operation_id(Some(entry.id.clone()))
        .summary(Some(entry.summary))
        .tag(entry.tag)
        .request_body(op.body);
    for name in places(&entry.path) {
        let place = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
        told = told.parameter(place.required(Required::True).schema(Some(text_schema())).build());
    }
    for parameter in op.parameters {
        told = told.parameter(parameter);
    }
    let who = match entry.auth {
        Auth::Api(permission) => format!("Needs the permission `{permission}`."),
        Auth::Key => "Needs a key, or somebody signed in, whatever they may do.".to_owned(),
        Auth::Staff(permission) => format!("Needs somebody signed in with the permission `{permission}`."),
        Auth::SignedIn => "Needs somebody signed in.".to_owned(),
        Auth::Public | Auth::Shopper => "Open to all.".to_owned(),
    };
    told = told.description(Some(format!("{}. {who}", entry.summary)));
    match entry.auth {
        Auth::Api(_) | Auth::Key | Auth::Staff(_) | Auth::SignedIn => {
            told = told.security(SecurityRequirement::new("key", Vec::<String>::new()));
        }
        Auth::Public | Auth::Shopper => {}
    }
    for (status, response) in op.responses {
        told = told.response(status.to_string(), response);
    }
    let content = ContentBuilder::new().schema(Some(problem.clone())).build();
    let refused =
        ResponseBuilder::new().description("What was wrong").content("application/problem+json", content);
    told.response("default", refused.build()).build()
}

/// The names in braces.
fn places(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
}

fn method(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
