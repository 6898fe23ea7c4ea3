//! What a form or an address sends, as the fields that a screen shows again.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::request::Parts;
use kernel::{Currency, ErrorKind, Money};

use super::views::Fields;
use crate::extract::no_nul;
use crate::{Error, State};

/// What stands in the address behind `?`.
#[derive(Clone, Debug)]
pub(crate) struct Query(pub(crate) Fields);

impl FromRequestParts<State> for Query {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Query, Infallible> {
        Ok(Query(parsed(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

/// A form that was posted; repeated names too.
#[derive(Clone, Debug)]
pub(crate) struct Form(pub(crate) Fields);

impl FromRequest<State> for Form {
    type Rejection = Error;
    async fn from_request(request: Request, state: &State) -> Result<Form, Error> {
        let unread = |_| Error::bad_request("The form could not be read.");
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        no_nul(&bytes)?;
        Ok(Form(parsed(&bytes)))
    }
}

/// Bytes that are no UTF-8 become signs of replacement; browsers end lines with two signs, of which one stays.
fn parsed(bytes: &[u8]) -> Fields {
    let clean = |text: std::borrow::Cow<'_, str>| -> String {
        let text = text.replace("\r\n", "\n");
        text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect()
    };
    Fields::sent(url::form_urlencoded::parse(bytes).map(|(k, v)| (clean(k), clean(v))))
}

/// Puts what a person can mend beside its field; anything else is the page's error.
///
/// # Errors
/// What no change of the form would mend.
pub(crate) fn beside(form: &mut Fields, e: impl Into<Error>) -> Result<(), Error> {
    let e = e.into();
    match e.kind {
        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooMany => {
            form.fail(e.field.as_deref().unwrap_or_default(), sentence(&e.text));
            Ok(())
        }
        _ => Err(e),
    }
}

/// As a sentence: errors begin in lower case, since they are joined to others in logs.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// An amount as typed, in minor units; nothing typed is `None`, and what is none is said beside the field.
pub(crate) fn amount(form: &mut Fields, name: &str, currency: Currency) -> Option<i64> {
    let typed = form.value(name).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    match Money::parse(&typed, currency) {
        Ok(money) => Some(money.minor),
        Err(e) => {
            form.fail(name, sentence(&e.to_string()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_keep_what_was_typed() {
        let form = parsed(b"id=1&note=a%0D%0Ab%00&id=2");
        assert_eq!(form.all("id").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.value("note"), "a\nb ");
    }

    #[test]
    fn an_amount_that_is_none_is_said_beside_its_field() {
        let mut form = Fields::new().with("a", "3,50").with("b", "abc").with("c", " ");
        let eur = Currency::EUR;
        let read = [amount(&mut form, "a", eur), amount(&mut form, "b", eur), amount(&mut form, "c", eur)];
        assert_eq!(read, [Some(350), None, None]);
        assert!(form.error("b").is_some_and(|e| e.ends_with('.')) && form.error("c").is_none());
    }

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("sign in first"), "Sign in first.");
        assert_eq!(sentence("Done!"), "Done!");
    }
}
