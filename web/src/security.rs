//! What every answer says to browsers, and which requests are refused for where they come from.

use std::fmt::Write as _;

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};

use crate::{Config, Error};

/// The content security policy of a page, beyond `self`: put it into the response's extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Csp {
    form_action: Vec<String>,
    script: Vec<&'static str>,
}

impl Csp {
    /// Forms of this page may end at another origin (a payment provider's page): its scheme and host.
    #[must_use]
    pub fn form_action(mut self, origin: impl Into<String>) -> Csp {
        self.form_action.push(origin.into());
        self
    }

    /// Scripts of this page may do what needs it: `'wasm-unsafe-eval'`.
    #[must_use]
    pub fn script(mut self, source: &'static str) -> Csp {
        self.script.push(source);
        self
    }

    fn header(&self) -> HeaderValue {
        let mut text = String::from(STRICT_BUT_FORMS);
        text.push_str("; script-src 'self'");
        for source in &self.script {
            let _ = write!(text, " {source}"); // writing to a String cannot fail
        }
        text.push_str("; form-action 'self'");
        for origin in self.form_action.iter().filter(|o| !o.contains([';', ',', ' '])) {
            let _ = write!(text, " {origin}");
        }
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(STRICT))
    }
}

const STRICT_BUT_FORMS: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'";
const STRICT: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'; script-src 'self'; form-action 'self'";

/// Puts the headers on an answer; what the handler set itself stays.
pub(crate) fn harden(config: &Config, response: &mut Response) {
    let csp = response.extensions().get::<Csp>().map(Csp::header);
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    put(header::CONTENT_SECURITY_POLICY, csp.unwrap_or(HeaderValue::from_static(STRICT)));
    put(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    put(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    put(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    put(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    put(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(), geolocation=(), payment=()"),
    );
    if config.secure() {
        put(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

/// Refuses what another site's page sends with a visitor's cookies: this is why no form needs a token. Requests with a
/// key and webhooks carry their own proof; a program that sends neither header has no visitor's cookies.
pub(crate) fn same_site<B>(config: &Config, request: &Request<B>) -> Result<(), Error> {
    let path = request.uri().path();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || path.starts_with("/hooks/") || request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let headers = request.headers();
    let said = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    let good = match said {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => headers.get(header::ORIGIN).is_none_or(|o| is_ours(config, headers, o)),
    };
    if good {
        return Ok(());
    }
    tracing::warn!(path, "refused a request that another site sent");
    Err(Error::new(kernel::ErrorKind::Denied, "cross_site", "This was sent by another site."))
}

fn is_ours(config: &Config, headers: &HeaderMap, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if origin == config.public_url {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    host.is_some() && origin.split_once("://").map(|(_, rest)| rest) == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(method: Method, path: &str, headers: &[(&str, &str)]) -> bool {
        let config = Config { public_url: "https://shop.example".into(), dev: false, behind_proxy: false };
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        same_site(&config, &request.body(()).unwrap()).is_ok()
    }

    #[test]
    fn other_sites_cannot_send_forms() {
        let post = |headers: &[(&str, &str)]| sent(Method::POST, "/cart/lines", headers);
        assert!(post(&[("sec-fetch-site", "same-origin")]) && post(&[]));
        assert!(!post(&[("sec-fetch-site", "cross-site")]) && !post(&[("sec-fetch-site", "same-site")]));
        assert!(post(&[("origin", "https://shop.example")]));
        assert!(post(&[("origin", "http://localhost:80"), ("host", "localhost:80")]));
        assert!(
            !post(&[("origin", "https://evil.example"), ("host", "shop.example")])
                && !post(&[("origin", "null")])
        );
        assert!(sent(Method::POST, "/hooks/payments/test", &[("origin", "https://bank.example")]));
        assert!(sent(Method::GET, "/", &[("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn a_page_may_add_to_its_policy_and_nothing_can_break_out() {
        let csp = Csp::default().form_action("https://pay.example").form_action("https://x; script-src *");
        let text = csp.header();
        let text = text.to_str().unwrap();
        assert!(
            text.ends_with("form-action 'self' https://pay.example") && text.contains("script-src 'self';")
        );
    }
}
