//! What a shopper's program may do: browse, gather, buy, look after the order. Needs no key; a cart and an order are
//! known by their secret.

mod browse;
mod carts;
mod orders;
mod views;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use kernel::Ctx;
use theme::Theme;

use super::ask::{Params, bad_param};
use super::describe::{Op, Says};
use super::table::Api;
use crate::{Auth, Caller, Error, State};

pub(super) fn routes(api: Api) -> Api {
    let api = api
        .part("shop", "Products")
        .get(
            "/products",
            Auth::Shopper,
            "Products of the shop or of one category, 24 a page",
            browse::products,
        )
        .get(
            "/products/{product}",
            Auth::Shopper,
            "A product, by its id or its address (slug)",
            browse::product,
        )
        .get("/categories", Auth::Shopper, "The tree of categories", browse::categories)
        .get("/categories/{slug}", Auth::Shopper, "A category with what lies in it", browse::category)
        .get("/search", Auth::Shopper, "Products and categories that fit some words", browse::search)
        .get("/suggestions", Auth::Shopper, "What might be meant while somebody types", browse::suggestions);
    let cart = "/carts/{secret}";
    let lines = "/carts/{secret}/lines";
    let line = "/carts/{secret}/lines/{line}";
    let api = api
        .part("shop", "Carts")
        .post("/carts", Auth::Shopper, "Begins a cart with some lines", carts::create)
        .get(cart, Auth::Shopper, "A cart with what it comes to", carts::get)
        .patch(cart, Auth::Shopper, "Sets e-mail, addresses, shipping, payment, note", carts::update)
        .post(lines, Auth::Shopper, "Puts something into the cart", carts::add_line)
        .patch(line, Auth::Shopper, "Sets a line's quantity", carts::set_quantity)
        .delete(line, Auth::Shopper, "Takes a line out", carts::remove_line)
        .get(
            "/carts/{secret}/quotes",
            Auth::Shopper,
            "How it can be shipped, and for how much",
            carts::quotes,
        )
        .post(
            "/carts/{secret}/reopening",
            Auth::Shopper,
            "Back to a cart whose order awaits payment",
            carts::reopen,
        )
        .get("/countries", Auth::Shopper, "Countries, and how their addresses are written", browse::countries)
        .get("/payment-methods", Auth::Shopper, "How one can pay", orders::methods);
    api.part("shop", "Orders")
        .post("/orders", Auth::Shopper, "Places the order of a cart and pays it", orders::place)
        .get("/orders/{secret}", Auth::Shopper, "How an order stands, by its secret", orders::get)
}

/// The reader's context: in another of the shop's languages if one is asked for.
fn reading(state: &State, caller: &Caller, locale: Option<&str>) -> Result<Ctx, Error> {
    let Some(locale) = locale else { return Ok(caller.ctx.clone()) };
    let all = state.shopfront()?.locales();
    if all.iter().any(|l| l == locale) {
        return Ok(caller.ctx.in_locale(locale));
    }
    Err(bad_param("locale", format!("The shop speaks {}", all.join(", "))))
}

/// Who reads an answer that is made for them alone, and in which language: that of `?locale`, else the first of the
/// request's `Accept-Language` that the shop speaks, else the shop's own.
#[derive(Clone)]
pub(super) struct Reading {
    ctx: Ctx,
    theme: Arc<Theme>,
}

impl Reading {
    /// What stands between a cart and its order, in the reader's words; `title` is what the line is called.
    fn said(&self, problem: &checkout::Problem, title: &str) -> String {
        crate::storefront::said(self.theme.words(), &self.ctx.locale, problem, title)
    }
}

impl std::ops::Deref for Reading {
    type Target = Ctx;
    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

impl FromRequestParts<State> for Reading {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Reading, Error> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let Params(asked) = Params::<browse::Language>::from_request_parts(parts, state).await?;
        let spoken = state.shopfront()?.locales();
        let header = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let locale = asked.locale.or_else(|| first_spoken(header.unwrap_or_default(), &spoken));
        let ctx = reading(state, &caller, locale.as_deref())?;
        Ok(Reading { ctx, theme: state.theme().clone() })
    }
}

impl Says for Reading {
    fn say(op: &mut Op) {
        Params::<browse::Language>::say(op);
        op.header("Accept-Language", false, "Where `locale` is missing: the languages of whoever reads it.");
    }
}

/// The first of what a reader understands that the shop speaks.
fn first_spoken(accepted: &str, spoken: &[String]) -> Option<String> {
    let mut tags: Vec<(u16, &str)> = accepted
        .split(',')
        .filter_map(|part| {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(Some(1_000), thousandths)?;
            Some((weight, tag.trim())).filter(|(weight, _)| *weight > 0)
        })
        .collect();
    tags.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight)); // stable: the first of equals
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    tags.iter().find_map(|(_, tag)| {
        let exact = spoken.iter().find(|l| l.eq_ignore_ascii_case(tag));
        exact.or_else(|| spoken.iter().find(|l| primary(l) == primary(tag))).cloned()
    })
}

/// `0.8` is 800.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let part: u16 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    whole.parse::<u16>().ok()?.checked_mul(1_000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::first_spoken;

    #[test]
    fn the_first_language_that_both_know() {
        let spoken = ["en".to_owned(), "de".to_owned()];
        let first = |accepted: &str| first_spoken(accepted, &spoken);
        assert_eq!(first("fr, de-AT;q=0.8, en;q=0.9").as_deref(), Some("en"));
        assert_eq!(first("de-AT, en;q=0.9").as_deref(), Some("de"));
        assert_eq!(first("en;q=0, de;q=0.1").as_deref(), Some("de"));
        assert_eq!(first("fr, *"), None);
        assert_eq!(first(""), None);
    }
}
