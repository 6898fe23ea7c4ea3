//! What a request brings, with clear words where it is wrong.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use kernel::{Cursor, ErrorKind, PageSize};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Required, Type};
use utoipa::{IntoParams, ToSchema};

use super::describe::{Op, Says};
use crate::{Error, State};

/// A request's JSON. Unknown fields and wrong types are told by their place: `lines[0].quantity`.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<State> for Body<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &State) -> Result<Body<T>, Error> {
        let headers = request.headers().clone();
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        parse_body(&headers, &bytes).map(Body)
    }
}

/// The JSON of a request that says that it is some.
pub(crate) fn parse_body<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Error> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    if !kind.is_some_and(is_json) {
        return Err(Error::bad_request("Send JSON, with the header 'Content-Type: application/json'."));
    }
    parse(bytes)
}

/// The body did not come whole.
pub(crate) fn unread(e: axum::extract::rejection::BytesRejection) -> Error {
    Error::bad_request(format!("The body cannot be read: {}.", e.body_text()))
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind == "application/json" || kind.ends_with("+json")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    no_nul(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    let value: T = parsed.map_err(|e| {
        let path = e.path().to_string();
        misread(path, e.inner())
    })?;
    reader.end().map_err(|e| misread(String::new(), &e))?;
    Ok(value)
}

/// No text holds U+0000: PostgreSQL cannot keep it, and nobody means it.
fn no_nul(bytes: &[u8]) -> Result<(), Error> {
    const ESCAPED: &[u8] = b"\\u0000";
    if !bytes.windows(ESCAPED.len()).any(|w| w == ESCAPED) {
        return Ok(());
    }
    // it may be an escaped backslash before a harmless u0000
    let Some(place) = serde_json::from_slice(bytes).ok().and_then(|json| place_of_nul(&json)) else {
        return Ok(());
    };
    let mut wrong = Error::bad_request("A text holds the sign U+0000, which no text may.");
    wrong.field = Some(place).filter(|p| !p.is_empty());
    Err(wrong)
}

fn place_of_nul(json: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let joined = |at: String, rest: String| match rest.as_bytes().first() {
        None | Some(b'[') => at + &rest,
        Some(_) => format!("{at}.{rest}"),
    };
    match json {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(all) => all
            .iter()
            .enumerate()
            .find_map(|(n, value)| place_of_nul(value).map(|rest| joined(format!("[{n}]"), rest))),
        Value::Object(map) => map.iter().find_map(|(name, value)| {
            if name.contains('\0') {
                return Some(String::new());
            }
            place_of_nul(value).map(|rest| joined(name.clone(), rest))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn misread(path: String, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    // serde_json ends its texts with the place, which the field tells better
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    if error.is_syntax() || error.is_eof() {
        return Error::bad_request(format!("This is not JSON: {text}."));
    }
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| said.strip_prefix(start)?.split_once('`').map(|(name, _)| name));
    let path = if path == "." { String::new() } else { path };
    let field = match named {
        // the path of an unknown field ends with it already
        Some(name) if path.is_empty() || path == name => name.to_owned(),
        Some(name) if path.ends_with(&format!(".{name}")) => path,
        Some(name) => format!("{path}.{name}"),
        None => path,
    };
    let mut wrong = Error::new(ErrorKind::Invalid, "invalid_body", sentence(&said.replace('`', "'")));
    if !field.is_empty() {
        wrong.field = Some(field);
    }
    wrong
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let end = if text.ends_with('.') { "" } else { "." };
    first.into_iter().flatten().chain(letters).chain(end.chars()).collect()
}

impl<T: ToSchema> Says for Body<T> {
    fn say(op: &mut Op) {
        let schema = op.component::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new().content("application/json", content);
        op.body = Some(body.required(Some(Required::True)).build());
    }
}

/// The request's raw bytes, at most `MOST` of them; their type is sniffed: a picture.
#[derive(Debug)]
pub(crate) struct Raw<const MOST: usize>(pub(crate) Bytes);

impl<const MOST: usize> FromRequest<State> for Raw<MOST> {
    type Rejection = Error;
    async fn from_request(request: Request, _: &State) -> Result<Raw<MOST>, Error> {
        let read = axum::body::to_bytes(request.into_body(), MOST).await;
        read.map(Raw).map_err(|_| too_much(MOST))
    }
}

/// It did not come whole, or is more than is taken.
fn too_much(most: usize) -> Error {
    Error::bad_request(format!("The body did not come whole, or is more than {} MB.", most >> 20))
}

impl<const MOST: usize> Says for Raw<MOST> {
    fn say(op: &mut Op) {
        say_bytes(op);
    }
}

fn say_bytes(op: &mut Op) {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(utoipa::openapi::SchemaFormat::Custom("binary".into())))
        .build();
    let content = ContentBuilder::new().schema(Some(utoipa::openapi::Schema::Object(schema))).build();
    let body = RequestBodyBuilder::new().content("application/octet-stream", content);
    op.body = Some(body.required(Some(Required::True)).build());
}

/// A body that is taken as it comes, never whole in memory: a file.
#[derive(Debug)]
pub(crate) struct Upload(axum::body::Body);

/// A file has at most so many bytes.
const MOST_OF_FILE: usize = 1 << 30;

impl Upload {
    /// Hands it on as it comes.
    pub(crate) async fn into(self, incoming: &mut flows::import::Incoming) -> Result<(), Error> {
        let mut frames = self.0;
        while let Some(frame) = frames.frame().await {
            let Ok(data) = frame.map_err(|_| too_much(MOST_OF_FILE))?.into_data() else { continue };
            incoming.add(data).await?;
            if incoming.bytes() > MOST_OF_FILE as u64 {
                return Err(too_much(MOST_OF_FILE));
            }
        }
        match incoming.bytes() {
            0 => Err(Error::bad_request("Send the file as the body of the request.")),
            _ => Ok(()),
        }
    }
}

impl FromRequest<State> for Upload {
    type Rejection = std::convert::Infallible;
    async fn from_request(request: Request, _: &State) -> Result<Upload, std::convert::Infallible> {
        Ok(Upload(request.into_body()))
    }
}

impl Says for Upload {
    fn say(op: &mut Op) {
        say_bytes(op);
    }
}

/// What an address names. The places are told by the route's path.
#[derive(Debug)]
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for At<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<At<T>, Error> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(at)) => Ok(At(at)),
            // what is no id names nothing
            Err(_) => Err(Error::new(
                ErrorKind::NotFound,
                "not_found",
                "There is nothing at this address; an id in it is not one of its kind.",
            )),
        }
    }
}

impl<T> Says for At<T> {
    fn say(_: &mut Op) {}
}

/// What stands behind the question mark.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for Params<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Params<T>, Error> {
        if parts.uri.query().is_some_and(crate::extract::holds_nul) {
            return Err(Error::bad_request("A parameter holds the sign U+0000, which no text may."));
        }
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Params(params)),
            Err(e) => {
                let text = e.body_text();
                let said = text.split_once(": ").map_or(text.as_str(), |(_, said)| said);
                let (field, said) = said.split_once(": ").unwrap_or(("", said));
                let mut wrong = Error::bad_request(sentence(said));
                wrong.field = Some(field.to_owned()).filter(|f| !f.is_empty());
                Err(wrong)
            }
        }
    }
}

impl<T: IntoParams> Says for Params<T> {
    fn say(op: &mut Op) {
        op.parameters.extend(T::into_params(|| Some(ParameterIn::Query)));
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(crate) struct Paging {
    /// `next` of the page before; the first page has none.
    pub(crate) after: Option<String>,
    /// How many rows at most, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub(crate) limit: Option<u32>,
}

impl Paging {
    /// As the modules' lists take it.
    pub(crate) fn read(&self) -> Result<(Option<Cursor>, PageSize), Error> {
        page_of(self.after.as_deref(), self.limit)
    }
}

/// A cursor and a limit as the modules' lists take them.
pub(crate) fn page_of(after: Option<&str>, limit: Option<u32>) -> Result<(Option<Cursor>, PageSize), Error> {
    let cursor = after.filter(|a| !a.is_empty()).map(Cursor::decode).transpose();
    let cursor = cursor.map_err(|e| bad_param("after", e))?;
    match limit {
        Some(0 | 101..) => Err(bad_param("limit", "A page has 1 to 100 rows.")),
        limit => Ok((cursor, limit.map(PageSize::new).unwrap_or_default())),
    }
}

/// A word of a query that is none of its list.
pub(crate) fn bad_param(name: &str, text: impl ToString) -> Error {
    let mut wrong = Error::bad_request(sentence(&text.to_string()));
    wrong.field = Some(name.to_owned());
    wrong
}

/// A state or kind out of a query.
pub(crate) fn word<T: kernel::TextState>(name: &str, text: &str) -> Result<T, Error> {
    T::parse(text).ok_or_else(|| {
        let all: Vec<&str> = T::ALL.iter().map(|t| t.as_str()).collect();
        bad_param(name, format!("'{text}' is none of {}", all.join(", ")))
    })
}

/// What may be asked for with `expand[]`.
pub(crate) trait Expandable {
    /// Every name.
    const ALL: &'static [&'static str];
}

/// Which parts of a resource are wanted with it: `?expand[]=lines&expand[]=payments`.
#[derive(Debug)]
pub(crate) struct Expand<P>(Vec<String>, std::marker::PhantomData<P>);

impl<P> Expand<P> {
    /// Is this part wanted?
    pub(crate) fn has(&self, part: &str) -> bool {
        self.0.iter().any(|p| p == part)
    }
    /// Is any?
    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }
}

impl<P: Expandable + Send> FromRequestParts<State> for Expand<P> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Expand<P>, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let mut wanted = vec![];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name != "expand[]" && name != "expand" {
                continue;
            }
            for part in value.split(',').map(str::trim).filter(|p| !p.is_empty()) {
                if !P::ALL.contains(&part) {
                    let text = format!("'{part}' is none of {}", P::ALL.join(", "));
                    return Err(bad_param("expand[]", text));
                }
                wanted.push(part.to_owned());
            }
        }
        Ok(Expand(wanted, std::marker::PhantomData))
    }
}

impl<P: Expandable> Says for Expand<P> {
    fn say(op: &mut Op) {
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(P::ALL.iter().copied()));
        let schema = ArrayBuilder::new()
            .items(utoipa::openapi::RefOr::T(utoipa::openapi::Schema::Object(words.build())))
            .build();
        let parameter = ParameterBuilder::new()
            .name("expand[]")
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some("Which parts are wanted with it; repeat the parameter for several."))
            .schema(Some(utoipa::openapi::Schema::Array(schema)));
        op.parameters.push(parameter.build());
    }
}

/// The key of a request that makes money or orders: the same key again makes nothing new and tells what the first one
/// made.
#[derive(Debug)]
pub(crate) struct OnceKey(pub(crate) String);

impl FromRequestParts<State> for OnceKey {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<OnceKey, Error> {
        if let Some(key) = key_of(&parts.headers)? {
            return Ok(OnceKey(key));
        }
        let text = "Send a header 'Idempotency-Key' of 8 to 200 letters, new for each thing you want done, and the \
                    same again when you repeat a request.";
        let mut wrong = Error::new(ErrorKind::Invalid, "idempotency_key_missing", text);
        wrong.field = Some("Idempotency-Key".to_owned());
        Err(wrong)
    }
}

/// The key that a request bears; none is none.
///
/// # Errors
/// When it is too short or too long.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    // a structured header's string comes in quotes
    let key = key.to_str().unwrap_or_default().trim().trim_matches('"');
    if (8..=200).contains(&key.len()) {
        return Ok(Some(key.to_owned()));
    }
    let mut wrong =
        Error::new(ErrorKind::Invalid, "idempotency_key_wrong", "An Idempotency-Key has 8 to 200 letters.");
    wrong.field = Some("Idempotency-Key".to_owned());
    Err(wrong)
}

impl Says for OnceKey {
    fn say(op: &mut Op) {
        op.header(
            "Idempotency-Key",
            true,
            "8 to 200 letters, new for each thing to be done. The same key with the same request makes nothing new; \
             with another request it is refused.",
        );
    }
}

/// `If-Match`: the version that the client saw, out of an `ETag`.
#[derive(Debug)]
pub(crate) struct IfMatch(pub(crate) Option<i64>);

impl FromRequestParts<State> for IfMatch {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<IfMatch, Error> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(IfMatch(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(IfMatch(None));
        }
        let tag = text.trim_start_matches("W/").trim_matches('"');
        let version = tag.strip_prefix('v').and_then(|v| v.split('-').next()?.parse().ok());
        version
            .map(|v| IfMatch(Some(v)))
            .ok_or_else(|| bad_param("If-Match", "This is no ETag of this resource"))
    }
}

impl IfMatch {
    /// Is it what was seen?
    pub(crate) fn check(&self, version: i64) -> Result<(), Error> {
        match self.0 {
            Some(seen) if seen != version => Err(stale()),
            _ => Ok(()),
        }
    }
}

/// It is not what the client saw.
pub(crate) fn stale() -> Error {
    let text = "It was changed since you read it; read it again and repeat your change.";
    Error::new(ErrorKind::Conflict, "precondition_failed", text)
}

impl Says for IfMatch {
    fn say(op: &mut Op) {
        op.header("If-Match", false, "The ETag that was read: if it was changed since, nothing is done.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[allow(dead_code)]
        quantity: i64,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[allow(dead_code)]
        lines: Vec<Line>,
    }

    fn wrong(text: &str) -> (u16, Option<String>, String) {
        let e = parse::<Order>(text.as_bytes()).unwrap_err();
        (e.status().as_u16(), e.field.clone(), e.text.clone())
    }

    #[test]
    fn says_where_and_what() {
        assert_eq!(wrong("{").0, 400);
        assert_eq!(wrong("{\"lines\":[]} x").0, 400);
        let (status, field, text) = wrong(r#"{"lines":[{"quantity":"two"}]}"#);
        assert_eq!((status, field.as_deref()), (422, Some("lines[0].quantity")));
        assert_eq!(text, "Invalid type: string \"two\", expected i64.");
        let (_, field, text) = wrong(r#"{"lines":[{}]}"#);
        assert_eq!(
            (field.as_deref(), text.as_str()),
            (Some("lines[0].quantity"), "Missing field 'quantity'.")
        );
        let (_, field, _) = wrong(r#"{"lines":[{"quantity":1,"color":2}]}"#);
        assert_eq!(field.as_deref(), Some("lines[0].color"));
        assert_eq!(wrong("{}").1.as_deref(), Some("lines"));
        let (status, field, text) = wrong("{\"lines\":[{\"quantity\":\"a\\u0000\"}]}");
        assert_eq!((status, field.as_deref()), (400, Some("lines[0].quantity")));
        assert!(text.contains("U+0000"), "{text}");
        assert_eq!(wrong("{\"li\\u0000nes\":[]}").0, 400);
        let (status, ..) = wrong("{\"lines\":\"\\\\u0000\"}");
        assert_eq!(status, 422, "a backslash and letters are no such sign");
    }
}
