//! Pages about errors: within the frame where somebody is signed in.

use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use kernel::ErrorKind;

use super::office::{html, locale_of, theme_of};
use super::shell::{allowed, settings};
use super::views::{Problem, ProblemBareView, ProblemView, Section, Shell, nav};
use super::words::{self, Locale};
use crate::{Asked, Error, State, Who, static_version};

/// Dresses every error below `/admin`.
pub(super) fn dress(state: &State, asked: &Asked, error: &Error) -> Response {
    if asked.wants_json {
        return error.problem_response(&asked.request_id);
    }
    let mut headers = HeaderMap::new();
    if let Some(cookies) = &asked.cookies {
        headers.insert(header::COOKIE, cookies.clone());
    }
    let problem = match error.kind {
        ErrorKind::Denied | ErrorKind::Unauthenticated => Problem::Forbidden,
        ErrorKind::NotFound => Problem::NotFound,
        _ => Problem::Internal,
    };
    let request_id = if problem == Problem::Internal { asked.request_id.clone() } else { String::new() };
    let (theme, name, version) = (theme_of(&headers), state.name().to_string(), static_version().to_owned());
    let signed_in = asked.caller.as_ref().and_then(|c| match &c.who {
        Who::Staff(signed_in) => Some((&c.ctx, signed_in)),
        Who::Shopper | Who::Key(_) => None,
    });
    let page = match signed_in {
        Some((ctx, signed_in)) => {
            let locale = Locale::from_tag(&ctx.locale);
            let shell = Shell {
                locale,
                theme,
                store_name: name,
                store_url: "/".to_owned(),
                staff_name: signed_in.staff.name.clone(),
                staff_email: signed_in.staff.email.clone(),
                nav: nav(section_of(&asked.path), |s| allowed(ctx, s), |_| None),
                settings: settings(ctx),
                flash: None,
                version,
            };
            words::render(&ProblemView { shell, problem, request_id }, locale)
        }
        None => {
            let locale = locale_of(&headers);
            let view = ProblemBareView { locale, theme, version, store_name: name, problem, request_id };
            words::render(&view, locale)
        }
    };
    html(StatusCode::OK, page.unwrap_or_else(|_| error.text.clone()))
}

/// The part of the back office that an address belongs to.
fn section_of(path: &str) -> Section {
    let below = |section: &Section| {
        let href = section.look().1;
        *section != Section::Home
            && path.strip_prefix(href).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    Section::ALL.into_iter().find(below).unwrap_or(Section::Home)
}
