//! What shoppers see. A route is written once; in other languages than the shop's own it lives below the language's
//! name (`/de/c/obst`), which is taken off before routing.

mod cart;
mod cart_cookie;
mod category;
mod checkout;
mod frame;
mod home;
mod kept;
mod machines;
mod order;
mod payment;
mod pictures;
mod problem;
mod product;
mod search;
mod show;
mod totals;

use axum::response::{IntoResponse, Redirect, Response};
use db::Tx;
use kernel::Ctx;

use crate::{Auth, Error, Routes, State};

pub(crate) use checkout::said;
pub(crate) use frame::Frames;
pub(crate) use kept::kept_answer;
pub(crate) use pictures::Pictures;
pub(crate) use problem::problem;

pub(crate) fn routes(routes: Routes) -> Routes {
    let open = Auth::Shopper;
    routes
        .get("/", open, home::home)
        .get("/c/{slug}", open, category::category)
        .get("/all", open, category::everything)
        .get("/p/{slug}", open, product::product)
        .get("/search", open, search::search)
        .get("/search/suggest", open, search::suggest)
        .get("/cart", open, cart::show)
        .post("/cart/lines", open, cart::add)
        .post("/cart/lines/{id}", open, cart::change)
        .get("/checkout", open, checkout::show)
        .post("/checkout", open, checkout::submit)
        .get("/orders/{secret}", open, order::show)
        .post("/orders/{secret}/pay", open, order::pay)
        .get("/payments/{id}/return", open, payment::back)
        .get("/test-bank/challenge/{id}", open, payment::challenge)
        .post("/test-bank/challenge/{id}", open, payment::answer_challenge)
        .get("/img/{id}/{file}", open, pictures::picture)
        .get("/theme.css", open, machines::theme_css)
        .get("/robots.txt", open, machines::robots)
        .get("/sitemap.xml", open, machines::sitemap)
        .get("/sitemap/{file}", open, machines::sitemap_part)
}

/// What is not at an address may have moved: the merchant's own redirects, by path with language.
///
/// # Errors
/// Of kind `NotFound` when it has not.
pub(crate) async fn moved(state: &State, ctx: &Ctx, path: &str) -> Result<Response, Error> {
    let store = ctx.store.id;
    let to = state.db().read(async |tx: &mut Tx| site::redirect_of(tx, store, path).await).await?;
    to.map(|to| Redirect::permanent(&to).into_response()).ok_or_else(Error::not_found)
}
