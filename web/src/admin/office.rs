//! What every screen is made with: who reads it, in which language and colours, and what the last action said.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use kernel::{Ctx, Currency, Money, Permission, Permit, Timestamp};

use super::shown;
use super::views::{Flash, Theme, When};
use super::words::{self, Locale};
use crate::extract::{cookie_of, header_of, no_cookie, private_cookie};
use crate::{Caller, Config, Error, State};

/// The cookie of the colours.
pub(crate) const THEME_COOKIE: &str = "theme";
/// The cookie of the language, for screens before sign-in.
pub(crate) const LOCALE_COOKIE: &str = "admin_locale";
/// The cookie that carries what an action said to the page after it.
const FLASH_COOKIE: &str = "flash";

/// A signed-in request as handlers of screens take it.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) state: State,
    pub(crate) caller: Caller,
    pub(crate) locale: Locale,
    pub(crate) theme: Theme,
    zone: TimeZone,
    pub(super) flash: Option<Flash>,
}

impl FromRequestParts<State> for Office {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Office, Error> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let zone = TimeZone::get(&caller.ctx.store.time_zone).unwrap_or(TimeZone::UTC);
        Ok(Office {
            state: state.clone(),
            locale: Locale::from_tag(&caller.ctx.locale),
            theme: theme_of(&parts.headers),
            flash: flash_of(&parts.headers),
            zone,
            caller,
        })
    }
}

impl Office {
    /// The context for verbs and flows.
    pub(crate) fn ctx(&self) -> &Ctx {
        &self.caller.ctx
    }

    /// The database.
    pub(crate) fn db(&self) -> &db::Db {
        self.state.db()
    }

    /// Proof that the reader may do `P`.
    ///
    /// # Errors
    /// Of kind `Denied`.
    pub(crate) fn permit<P: Permission>(&self) -> Result<Permit<P>, Error> {
        self.caller.permit::<P>()
    }

    /// May the reader? For buttons and links.
    pub(crate) fn may<P: Permission>(&self) -> bool {
        self.ctx().may(P::NAME)
    }

    /// The screen.
    ///
    /// # Errors
    /// Whatever the template reports.
    pub(crate) fn page<V: Template>(&self, view: &V) -> Result<Response, Error> {
        self.page_as(StatusCode::OK, view)
    }

    /// The form again, with what is wrong with it.
    ///
    /// # Errors
    /// As [`Office::page`].
    pub(crate) fn refused<V: Template>(&self, view: &V) -> Result<Response, Error> {
        self.page_as(StatusCode::UNPROCESSABLE_ENTITY, view)
    }

    pub(crate) fn page_as<V: Template>(&self, status: StatusCode, view: &V) -> Result<Response, Error> {
        let mut response = html(status, words::render(view, self.locale).map_err(Error::internal)?);
        if self.flash.is_some() {
            response.headers_mut().append(header::SET_COOKIE, no_cookie(FLASH_COOKIE)); // it is said once
        }
        Ok(response)
    }

    /// To another screen, which says what was done.
    pub(crate) fn done(&self, to: &str, text: impl Into<String>) -> Response {
        self.go(to, Flash { text: text.into(), bad: false, undo: None })
    }

    /// To another screen, which says what was done and offers to take it back.
    pub(crate) fn done_undoable(&self, to: &str, text: impl Into<String>, undo: String) -> Response {
        self.go(to, Flash { text: text.into(), bad: false, undo: Some(undo) })
    }

    /// To another screen, which says what did not work.
    pub(crate) fn bad(&self, to: &str, text: impl Into<String>) -> Response {
        self.go(to, Flash { text: text.into(), bad: true, undo: None })
    }

    /// To another screen, which says what did not work: an error that no field of a form could mend.
    ///
    /// # Errors
    /// What is not the reader's affair, or more than a refusal.
    pub(crate) fn failed(&self, to: &str, e: impl Into<Error>) -> Result<Response, Error> {
        let mut form = super::views::Fields::new();
        super::sent::beside(&mut form, e)?;
        let text = form.errors().first().map(|e| e.message.clone()).unwrap_or_default();
        Ok(self.go(to, Flash { text, bad: true, undo: None }))
    }

    fn go(&self, to: &str, flash: Flash) -> Response {
        let mut response = Redirect::to(to).into_response();
        let value =
            format!("{}|{}|{}", u8::from(flash.bad), flash.undo.unwrap_or_default(), short(&flash.text));
        let soon = self.ctx().now().plus(std::time::Duration::from_secs(60));
        let cookie = private_cookie(self.state.config(), FLASH_COOKIE, value, soon);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }

    /// The words of a key.
    pub(crate) fn t(&self, key: &str) -> String {
        words::t(self.locale, key)
    }

    /// With a number.
    pub(crate) fn tn(&self, key: &str, n: i64) -> String {
        words::tn(self.locale, key, n)
    }

    /// With a text.
    pub(crate) fn tx(&self, key: &str, x: &str) -> String {
        words::tx(self.locale, key, x)
    }

    /// With two.
    pub(crate) fn txy(&self, key: &str, x: &str, y: &str) -> String {
        words::txy(self.locale, key, x, y)
    }

    /// An amount in the store's currency.
    pub(crate) fn money(&self, minor: i64) -> String {
        self.money_in(minor, self.ctx().store.currency)
    }

    /// An amount.
    pub(crate) fn money_in(&self, minor: i64, currency: Currency) -> String {
        Money::new(minor, currency).shown(self.locale.tag())
    }

    /// A whole number, grouped.
    pub(crate) fn number(&self, n: i64) -> String {
        shown::number(n, self.locale)
    }

    /// A moment: "Today 14:23", "24 Oct 14:23", "24 Oct 2025".
    pub(crate) fn when(&self, at: Timestamp) -> When {
        shown::when(at, self.ctx(), self.locale)
    }

    /// The same of what may not have happened.
    pub(crate) fn when_ever(&self, at: Option<Timestamp>) -> When {
        shown::when_if(at, self.ctx(), self.locale)
    }

    /// The day of a moment: "Today", "Yesterday", "24 Oct", "24 Oct 2025".
    pub(crate) fn day(&self, at: Timestamp) -> String {
        let date = at.jiff().to_zoned(self.zone.clone()).date();
        let today = self.today();
        if date == today {
            self.t("day-today")
        } else if date.tomorrow().is_ok_and(|next| next == today) {
            self.t("day-yesterday")
        } else {
            shown::day(date, today, self.locale)
        }
    }

    /// A business day such as `2026-11-23`: "23 Nov".
    pub(crate) fn business_day(&self, day: &str) -> String {
        day.parse().map_or_else(|_| day.to_owned(), |date| shown::day(date, self.today(), self.locale))
    }

    fn today(&self) -> jiff::civil::Date {
        self.ctx().now().jiff().to_zoned(self.zone.clone()).date()
    }

    /// The first moment of a day as a date field sends it; `days` later.
    pub(crate) fn midnight(&self, day: &str, days: i64) -> Option<Timestamp> {
        let date: jiff::civil::Date = day.parse().ok()?;
        let at = date.checked_add(days.days()).ok()?.to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(at.timestamp().as_microsecond()))
    }

    /// The hour of the day where the shop is.
    pub(crate) fn hour(&self) -> i8 {
        self.ctx().now().jiff().to_zoned(self.zone.clone()).hour()
    }
}

/// The page of the back office that a form stood on.
pub(super) fn came_from(headers: &HeaderMap, otherwise: &str) -> String {
    let referer =
        headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|v| url::Url::parse(v).ok());
    let path = referer.map(|u| match u.query() {
        Some(query) => format!("{}?{query}", u.path()),
        None => u.path().to_owned(),
    });
    let ours = |p: &String| p == "/admin" || p.starts_with("/admin/") || p.starts_with("/admin?");
    path.filter(ours).unwrap_or_else(|| otherwise.to_owned())
}

/// A page that no cache keeps.
pub(super) fn html(status: StatusCode, text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

pub(super) fn theme_of(headers: &HeaderMap) -> Theme {
    Theme::parse(&cookie_of(headers, THEME_COOKIE).unwrap_or_default())
}

/// Before sign-in: as last chosen, or as the browser asks.
pub(super) fn locale_of(headers: &HeaderMap) -> Locale {
    let asked = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned);
    Locale::from_tag(&cookie_of(headers, LOCALE_COOKIE).or_else(asked).unwrap_or_default())
}

/// A cookie of the back office that lasts a year.
pub(super) fn lasting(config: &Config, name: &'static str, value: &'static str) -> HeaderValue {
    let cookie = cookie::Cookie::build((name, value))
        .path("/admin")
        .http_only(true)
        .same_site(cookie::SameSite::Lax)
        .secure(config.secure())
        .max_age(cookie::time::Duration::days(365));
    header_of(&cookie.build())
}

fn flash_of(headers: &HeaderMap) -> Option<Flash> {
    let text = cookie_of(headers, FLASH_COOKIE)?;
    let mut parts = text.splitn(3, '|');
    let (bad, undo, text) = (parts.next()?, parts.next()?, parts.next()?);
    let undo = Some(undo.to_owned()).filter(|u| u.starts_with("/admin/"));
    Some(Flash { text: text.to_owned(), bad: bad == "1", undo })
}

/// A cookie holds about 4,000 bytes.
fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
