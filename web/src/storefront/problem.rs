//! Errors as pages of the shop. They ask the database nothing: it may be what failed.

use axum::response::Response;
use kernel::ErrorKind;
use shopfront::Sort;
use theme::views::{Link, NotFound, Page, Problem};

use super::cart::html;
use super::frame::{Frame, frame, last_frame};
use crate::{Asked, Error, State};

/// Products to go on with, below “this page is not here”.
const INSTEAD: usize = 4;

pub(crate) async fn problem(state: &State, asked: &Asked, error: &Error) -> Response {
    let locale = asked.locale.clone().unwrap_or_else(|| state.default_locale());
    // the first request of all may be for what is not there
    let loaded = match last_frame(state, &locale) {
        Some(loaded) => Some(loaded),
        None if state.is_open() && error.kind == ErrorKind::NotFound => frame(state, &locale).await.ok(),
        None => None,
    };
    let text = match (&loaded, error.kind) {
        (Some(frame), ErrorKind::NotFound) => not_found(state, frame, &locale),
        _ => plain(state, loaded.as_deref(), &locale, asked, error),
    };
    text.map_or_else(|| error.problem_response(&asked.request_id), html)
}

fn not_found(state: &State, frame: &Frame, locale: &str) -> Option<String> {
    let (cards, _) = state.shopfront().ok()?.shelf(locale, None, Sort::Featured, INSTEAD);
    let page = frame.private_page("/", &frame.say("not-found-title", &[]));
    frame.render(&NotFound { page, cards: frame.cards(&cards) }).ok()
}

fn plain(state: &State, frame: Option<&Frame>, locale: &str, asked: &Asked, error: &Error) -> Option<String> {
    let words = state.theme().words();
    let locale = if words.locales().any(|l| l == locale) { locale } else { "en" };
    let say = |key: &str| words.say(locale, key, &[]);
    let (title, detail) = match error.kind {
        ErrorKind::Invalid if error.code == "bad_request" => ("problem-bad-title", "problem-bad-text"),
        ErrorKind::Invalid => ("problem-invalid-title", "problem-bad-text"),
        ErrorKind::Unauthenticated | ErrorKind::Denied => {
            ("problem-forbidden-title", "problem-forbidden-text")
        }
        ErrorKind::NotFound => ("not-found-title", "not-found-text"),
        ErrorKind::Conflict => ("problem-conflict-title", "problem-bad-text"),
        ErrorKind::TooMany => ("problem-busy-title", "problem-busy-text"),
        ErrorKind::Unavailable => ("problem-gone-title", "problem-gone-text"),
        ErrorKind::Internal => ("problem-title", "problem-text"),
    };
    let page = match frame {
        Some(frame) => frame.private_page(&asked.path, &say(title)),
        None => {
            Page { locale: locale.to_owned(), title: say(title), store: "Shop".to_owned(), ..Page::default() }
        }
    };
    let again = matches!(error.kind, ErrorKind::Internal | ErrorKind::Unavailable | ErrorKind::TooMany);
    let action =
        again.then(|| Link { name: say("try-again"), url: page.path.clone() }).filter(|l| !l.url.is_empty());
    let view = Problem {
        page,
        status: error.status().as_u16(),
        title: say(title),
        detail: say(detail),
        reference: if again { asked.request_id.clone() } else { String::new() },
        action,
    };
    state.theme().render(&view).ok()
}
