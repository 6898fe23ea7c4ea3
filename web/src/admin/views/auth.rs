//! Screens before sign-in, and the error pages.

use askama::Template;

use super::{
    super::words::Locale,
    fields::{Choice, Fields, When},
    filters,
    shell::{Shell, Theme},
};

/// `GET /admin/sign-in`: fields `email`, `password`, hidden `next`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/sign_in.html")]
pub struct SignInView {
    pub locale: Locale,
    pub theme: Theme,
    pub version: String,
    pub store_name: String,
    pub form: Fields,
    /// Minutes to wait after too many tries.
    pub wait_minutes: Option<u32>,
    /// Shown after signing out.
    pub signed_out: bool,
}

/// `GET /admin/setup`: the shop and its owner, once. Fields: `store_name`, `legal_name`, `country`,
/// `currency`, `time_zone`, `locale`, `prices_include_tax`, `owner_name`, `email`, `password`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/setup.html")]
pub struct SetupView {
    pub locale: Locale,
    pub theme: Theme,
    pub version: String,
    pub form: Fields,
    /// Must the code be known that the server printed?
    pub asks_code: bool,
    pub countries: Vec<Choice>,
    pub currencies: Vec<Choice>,
    pub time_zones: Vec<Choice>,
    pub locales: Vec<Choice>,
}

/// What went wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Forbidden,
    NotFound,
    Internal,
}

impl Problem {
    pub fn status(self) -> u16 {
        match self {
            Problem::Forbidden => 403,
            Problem::NotFound => 404,
            Problem::Internal => 500,
        }
    }

    fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Problem::Forbidden => ("problem-forbidden", "problem-forbidden-text", "lock"),
            Problem::NotFound => ("problem-not-found", "problem-not-found-text", "search-x"),
            Problem::Internal => ("problem-internal", "problem-internal-text", "triangle-alert"),
        }
    }
}

/// 403, 404 and 500; within the shell where somebody is signed in.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/problem.html")]
pub struct ProblemView {
    pub shell: Shell,
    pub problem: Problem,
    /// The request's id, to tell support; empty: not shown.
    pub request_id: String,
}

/// The same pages without a shell: nobody is signed in, or the shell itself failed.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/problem_bare.html")]
pub struct ProblemBareView {
    pub locale: Locale,
    pub theme: Theme,
    pub version: String,
    pub store_name: String,
    pub problem: Problem,
    pub request_id: String,
}

/// A browser that one is signed in with.
#[derive(Clone, Debug)]
pub struct SessionCard {
    pub id: String,
    /// "Firefox, Linux".
    pub browser: String,
    /// Or empty.
    pub ip: String,
    pub since: When,
    pub seen: When,
    /// The one that asks.
    pub this: bool,
}

/// `GET|POST /admin/account`: `name`; `POST …/password`: `current`, `password`; `POST …/sessions/{id}/deletion`;
/// `POST …/sessions/deletion` ends all others.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/account.html")]
pub struct AccountView {
    pub shell: Shell,
    pub email: String,
    pub sessions: Vec<SessionCard>,
    /// Is there another than this one?
    pub others: bool,
    pub form: Fields,
}
