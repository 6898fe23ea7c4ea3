//! What a shopper's program may do: browse, gather, buy, look after the order. Needs no key; a cart and an order are
//! known by their secret.

mod browse;
mod carts;
mod orders;
mod views;

use kernel::Ctx;

use super::ask::bad_param;
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
