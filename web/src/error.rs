use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::{ErrorKind, Fault};
use serde_json::json;

/// What went wrong with a request. A handler returns it with `?` from any module's error; the page or JSON around it is
/// made on the way out ([`crate::Routes::problems`]).
#[derive(Clone, Debug)]
pub struct Error {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// A stable word for programs.
    pub code: &'static str,
    /// What to tell; empty for what is only our affair.
    pub text: String,
    /// Which input it is about.
    pub field: Option<String>,
    /// When it may be tried again, in seconds.
    pub retry_after: Option<u64>,
    /// Every input that is wrong, where several are.
    pub errors: Vec<FieldError>,
}

/// One of several inputs that are wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A stable word for programs.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// What a handler answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Of a kind, with a code and a text for the reader.
    pub fn new(kind: ErrorKind, code: &'static str, text: impl Into<String>) -> Error {
        Error { kind, code, text: text.into(), field: None, retry_after: None, errors: vec![] }
    }

    /// There is no such thing.
    pub fn not_found() -> Error {
        Error::new(ErrorKind::NotFound, "not_found", "There is nothing at this address.")
    }

    /// The input cannot be understood.
    pub fn bad_request(text: impl Into<String>) -> Error {
        Error::new(ErrorKind::Invalid, "bad_request", text)
    }

    /// The shop has no owner and no store yet.
    pub fn not_set_up() -> Error {
        Error::new(ErrorKind::Unavailable, "not_set_up", "This shop is not set up yet.")
    }

    /// Ours, with the reason for the log.
    pub fn internal(reason: impl std::fmt::Display) -> Error {
        tracing::error!(%reason, "internal error");
        Error::new(ErrorKind::Internal, "internal", String::new())
    }

    /// The HTTP status of its kind.
    pub fn status(&self) -> StatusCode {
        match self.kind {
            ErrorKind::Invalid if self.code == "bad_request" => StatusCode::BAD_REQUEST,
            ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorKind::Denied => StatusCode::FORBIDDEN,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict if self.code == "precondition_failed" => StatusCode::PRECONDITION_FAILED,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// As problem details (RFC 9457).
    pub fn problem_json(&self, request_id: &str) -> serde_json::Value {
        let status = self.status();
        let mut body = json!({
            "type": format!("/api/problems/{}", self.code),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "code": self.code,
        });
        if !self.text.is_empty() {
            body["detail"] = json!(self.text);
        }
        if let Some(field) = &self.field {
            body["field"] = json!(field);
        }
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        if !request_id.is_empty() {
            body["request_id"] = json!(request_id);
        }
        body
    }

    /// As a response of problem details.
    pub fn problem_response(&self, request_id: &str) -> Response {
        let body = self.problem_json(request_id).to_string();
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response = (self.status(), [kind], body).into_response();
        self.mark(&mut response);
        response
    }

    fn mark(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

impl<E: Fault> From<E> for Error {
    fn from(e: E) -> Error {
        let kind = e.kind();
        let text = match kind {
            // what is our fault is nobody else's business
            ErrorKind::Internal => {
                tracing::error!(code = e.code(), error = %e, "a request failed");
                String::new()
            }
            ErrorKind::Unavailable => {
                tracing::warn!(code = e.code(), error = %e, "a request could not be served now");
                String::new()
            }
            _ => e.to_string(),
        };
        Error {
            kind,
            code: e.code(),
            text,
            field: e.field().map(str::to_owned),
            retry_after: None,
            errors: vec![],
        }
    }
}

/// An [`Error`] on its way out, for the layer that dresses it.
#[derive(Clone)]
pub(crate) struct Told(pub(crate) Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        self.mark(&mut response);
        response.extensions_mut().insert(Told(Arc::new(self)));
        response
    }
}
