//! The checkout, on one page: whatever goes wrong, it comes back with everything that was typed.

mod typed;
mod view;

use ::checkout::{Calculation, Cart, CartDetails, CartState};
use axum::response::{IntoResponse, Redirect, Response};
use db::{Tx, Unit};
use flows::{Outcome, PlaceOrder, Placement};
use http::{HeaderMap, StatusCode};
use kernel::{Ctx, ErrorKind, Fault};
use orders::{OrderHead, OrderState};
use theme::arg;
use theme::views::{Notice, NoticeKind};

use super::frame::{Frame, frame_of};
use super::{cart, cart_cookie, totals};
use crate::extract::{Fields, Posted};
use crate::{Caller, Error, State};
pub(crate) use typed::said;
use typed::{Typed, Wrong, seen};
pub(super) use view::way_name;

/// A cart at the checkout, with the order that waits for its payment, if one was made of it.
struct At {
    cart: Cart,
    waiting: Option<OrderHead>,
    /// The order was placed: there is nothing to check out any more.
    done: Option<OrderHead>,
}

async fn at(state: &State, ctx: &Ctx, headers: &HeaderMap) -> Result<Option<At>, Error> {
    let Some(secret) = cart_cookie::secret(headers) else { return Ok(None) };
    let found = state.db().read(async |tx: &mut Tx| ::checkout::find(tx, ctx, &secret).await).await?;
    let Some(cart) = found else { return Ok(None) };
    let mut at = At { cart, waiting: None, done: None };
    match at.cart.state {
        CartState::Open => {}
        CartState::Dropped => return Ok(None),
        CartState::Ordered => {
            let cart = at.cart.id;
            let made = state.db().read(async |tx: &mut Tx| orders::by_cart(tx, cart).await).await?;
            let order = made.into_iter().find(|o| o.state != OrderState::Cancelled);
            match order {
                Some(o) if o.state == OrderState::AwaitingPayment => at.waiting = Some(o),
                Some(o) => at.done = Some(o),
                None => {}
            }
        }
    }
    Ok(Some(at))
}

/// Codes of the ways to pay that are offered, in the merchant's order.
fn ways(state: &State, frame: &Frame) -> Vec<String> {
    state.shop().ways(&frame.payment_methods)
}

/// `GET /checkout`.
pub(super) async fn show(
    state: State,
    caller: Caller,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let Some(at) = at(&state, ctx, &headers).await? else { return Ok(to(&frame, "/cart")) };
    if let Some(done) = &at.done {
        return Ok(finished(&frame, &done.secret));
    }
    let calculation = calculated(&state, ctx, &at.cart).await?;
    let open = at.waiting.is_none();
    if at.cart.lines.is_empty() || (open && !calculation.can_check_out()) {
        return Ok(to(&frame, "/cart")); // which says why
    }
    let mut typed = Typed::remembered(&at.cart, &ctx.store.country);
    typed.address.country = country_or_home(&typed, ctx);
    let mut wrong = vec![];
    if query.get("refused") == "1" && at.waiting.is_some() {
        wrong.push(Wrong::at("payment", frame.say("error-challenge-refused", &[])));
    }
    // the first way to deliver is chosen, so that the sum is the one to be paid
    let calculation =
        if open { with_shipping(&state, ctx, &at.cart, calculation, &typed).await? } else { calculation };
    page(&state, ctx, &frame, &at, Some(calculation), &typed, &wrong).await
}

fn country_or_home(typed: &Typed, ctx: &Ctx) -> String {
    if typed.address.country.is_empty() { ctx.store.country.clone() } else { typed.address.country.clone() }
}

/// The sum with the way to deliver that the page has chosen, without writing it down.
async fn with_shipping(
    state: &State,
    ctx: &Ctx,
    cart: &Cart,
    mut calculation: Calculation,
    typed: &Typed,
) -> Result<Calculation, Error> {
    let mut cart = cart.clone();
    cart.address.get_or_insert_default().country.clone_from(&typed.address.country);
    if calculation.country != typed.address.country {
        calculation = calculated(state, ctx, &cart).await?;
    }
    let chosen = view::chosen(typed, &calculation);
    if chosen == cart.shipping_method || !calculation.requires_shipping {
        return Ok(calculation);
    }
    cart.shipping_method = chosen;
    calculated(state, ctx, &cart).await
}

async fn calculated(state: &State, ctx: &Ctx, cart: &Cart) -> Result<Calculation, Error> {
    Ok(state.db().read(async |tx: &mut Tx| ::checkout::calculate(tx, ctx, cart).await).await?)
}

fn to(frame: &Frame, path: &str) -> Response {
    Redirect::to(&frame.url(path)).into_response()
}

/// To the order's own page, and the cart is forgotten.
fn finished(frame: &Frame, secret: &str) -> Response {
    let mut response = to(frame, &format!("/orders/{secret}?new=1"));
    cart_cookie::forget(response.headers_mut());
    response
}

async fn page(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    at: &At,
    calculation: Option<Calculation>,
    typed: &Typed,
    wrong: &[Wrong],
) -> Result<Response, Error> {
    let calculation = match calculation {
        Some(calculation) => calculation,
        None => calculated(state, ctx, &at.cart).await?,
    };
    let zones = state.db().read(async |tx: &mut Tx| shipping::zones(tx, ctx).await).await?;
    let countries: Vec<String> = zones.into_iter().flat_map(|z| z.countries).collect();
    let ways = ways(state, frame);
    let mut notices = vec![];
    let (lines, totals) = match &at.waiting {
        None => (
            totals::lines_of_calculation(state, ctx, frame, &calculation)?,
            totals::of_calculation(frame, &calculation),
        ),
        // an order stands by what it was made of, whatever prices do meanwhile
        Some(order) => {
            let text = frame.say("checkout-waiting", &[arg("number", order.number.to_string())]);
            notices.push(Notice { kind: NoticeKind::Info, text });
            let secret = order.secret.clone();
            let whole =
                state.db().read(async |tx: &mut Tx| flows::order_page_of(tx, ctx, &secret).await).await?;
            (totals::lines_of_order(state, ctx, frame, &whole)?, totals::of_order(frame, &whole))
        }
    };
    let shown = view::Shown {
        typed,
        calculation: &calculation,
        lines,
        totals,
        seen: seen(&at.cart),
        wrong,
        notices,
        ways: &ways,
        countries: &countries,
    };
    let text = frame.render(&view::view(ctx, frame, shown))?;
    let mut response = cart::html(text);
    if !wrong.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// `POST /checkout`: recalculates (`action=update`) or places the order.
pub(super) async fn submit(
    state: State,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let typed = Typed::of(&form);
    // once more if the same form, sent twice, meets itself
    for _ in 0..3 {
        let Some(found) = at(&state, ctx, &headers).await? else { return Ok(to(&frame, "/cart")) };
        if let Some(done) = &found.done {
            return Ok(finished(&frame, &done.secret));
        }
        if found.cart.lines.is_empty() {
            return Ok(to(&frame, "/cart"));
        }
        let tried = match form.get("action") {
            "update" => update(&state, ctx, &frame, found, &typed).await,
            _ => place(&state, ctx, &frame, found, &typed).await,
        };
        match tried {
            Err(e) if e.code == "cart_changed" => continue,
            answer => return answer,
        }
    }
    let Some(found) = at(&state, ctx, &headers).await? else { return Ok(to(&frame, "/cart")) };
    let changed = Wrong::whole(frame.say("error-cart-changed", &[]));
    page(&state, ctx, &frame, &found, None, &typed, &[changed]).await
}

/// Keeps what was typed so far and shows what it comes to.
async fn update(state: &State, ctx: &Ctx, frame: &Frame, at: At, typed: &Typed) -> Result<Response, Error> {
    if at.waiting.is_some() {
        return page(state, ctx, frame, &at, None, typed, &[]).await;
    }
    let cart = keep(state, ctx, &at.cart, typed.details(&view::news(frame))).await?;
    let calculation = calculated(state, ctx, &cart).await?;
    let calculation = with_shipping(state, ctx, &cart, calculation, typed).await?;
    page(state, ctx, frame, &At { cart, ..at }, Some(calculation), typed, &[]).await
}

/// Writes the details down if they are new.
async fn keep(state: &State, ctx: &Ctx, cart: &Cart, details: CartDetails) -> Result<Cart, Error> {
    if CartDetails::of(cart) == details {
        return Ok(cart.clone());
    }
    let (ctx, cart) = (ctx.clone(), cart.clone());
    let unit = Unit::named("set_details").read_committed();
    let kept = state
        .db()
        .write(unit, async move |tx: &mut Tx| ::checkout::set_details(tx, &ctx, &cart, details.clone()).await)
        .await;
    Ok(kept?)
}

async fn place(state: &State, ctx: &Ctx, frame: &Frame, at: At, typed: &Typed) -> Result<Response, Error> {
    let ways = ways(state, frame);
    let details = typed.details(&view::news(frame));
    let changed = CartDetails { payment_method: None, ..details.clone() }
        != CartDetails { payment_method: None, ..CartDetails::of(&at.cart) };
    let clean = typed.is_clean(&frame.locale, &ways);
    // the order that waits was made for another address or delivery: it is called off, and the cart is open again
    if at.waiting.is_some() && changed {
        let calculation = calculated(state, ctx, &at.cart).await?;
        let wrong = typed.wrong(frame, &calculation, &ways);
        if !wrong.is_empty() {
            return page(state, ctx, frame, &at, Some(calculation), typed, &wrong).await;
        }
        flows::reopen_cart(state.shop(), ctx, at.cart.id).await?;
        return Err(Error::new(ErrorKind::Conflict, "cart_changed", "")); // and from the beginning
    }
    let at = match &at.waiting {
        Some(_) => at,
        None => At { cart: keep(state, ctx, &at.cart, details).await?, ..at },
    };
    let elsewhere =
        at.waiting.is_none() && !typed.seen.is_empty() && typed.seen != seen(&at.cart).to_string();
    // where the form itself is well, placing calculates and tells what else stands in the way
    if !clean || elsewhere {
        let calculation = calculated(state, ctx, &at.cart).await?;
        let mut wrong = typed.wrong(frame, &calculation, &ways);
        if elsewhere {
            wrong.insert(0, Wrong::whole(frame.say("error-cart-changed", &[])));
        }
        if !wrong.is_empty() {
            return page(state, ctx, frame, &at, Some(calculation), typed, &wrong).await;
        }
    }
    let input = PlaceOrder {
        cart: at.cart.id,
        version: at.cart.version,
        read: Some(at.cart.clone()),
        seen_total_minor: typed.seen_total.parse().ok(),
        provider: typed.payment.clone(),
        token: typed.token().to_owned(),
        key: key(ctx, typed),
    };
    let (shop, by) = (state.shop().clone(), ctx.clone());
    // a browser that closes in between must not take the rest of it along
    let placing = tokio::spawn(async move { flows::place_order(&shop, &by, input).await });
    let placed = placing.await.map_err(Error::internal)?;
    match placed {
        Ok(placement) => placed_answer(state, ctx, frame, at, typed, placement).await,
        Err(e) => not_placed(state, ctx, frame, at, typed, e).await,
    }
}

/// The form's own; one that is not ours is replaced, since a key is remembered.
fn key(ctx: &Ctx, typed: &Typed) -> String {
    let ours = (20..=64).contains(&typed.key.len()) && typed.key.bytes().all(|b| b.is_ascii_alphanumeric());
    if ours { typed.key.clone() } else { ctx.secret() }
}

async fn placed_answer(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    at: At,
    typed: &Typed,
    placement: Placement,
) -> Result<Response, Error> {
    match placement.outcome {
        Outcome::Placed | Outcome::Pending => Ok(finished(frame, &placement.secret)),
        Outcome::Action { url } => Ok(Redirect::to(&url).into_response()),
        Outcome::Declined { text } => {
            tracing::debug!(order = placement.number, text, "a payment was declined");
            let declined = frame.say("error-declined", &[]);
            let field = if typed.payment == "test" { "test_token" } else { "payment" };
            let waiting =
                state.db().read(async |tx: &mut Tx| orders::head(tx, placement.order).await).await?;
            let at = At { waiting: Some(waiting), ..at };
            page(state, ctx, frame, &at, None, typed, &[Wrong::at(field, declined)]).await
        }
        // called off meanwhile (its time ran out): the cart is open again, or will be with the next try
        Outcome::Cancelled => {
            flows::reopen_cart(state.shop(), ctx, at.cart.id).await?;
            Err(Error::new(ErrorKind::Conflict, "cart_changed", ""))
        }
    }
}

/// The page again, with what stands in the way.
async fn not_placed(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    at: At,
    typed: &Typed,
    e: flows::Error,
) -> Result<Response, Error> {
    // the same form, sent twice, may have met the stock that its twin holds
    if at.waiting.is_none() {
        let id = at.cart.id;
        let now = state.db().read(async |tx: &mut Tx| ::checkout::get(tx, ctx, id).await).await?;
        if now.state != CartState::Open {
            return Err(Error::new(ErrorKind::Conflict, "cart_changed", ""));
        }
    }
    let calculation = calculated(state, ctx, &at.cart).await?;
    let title = |p: &::checkout::Problem| {
        let line = calculation.lines.iter().find(|l| Some(l.cart_line_id) == p.line());
        line.map(|l| l.title.clone()).unwrap_or_default()
    };
    let wrong = match &e {
        flows::Error::Problems(problems) => {
            let stops = problems.iter().filter(|p| p.stops_order());
            stops.map(|p| typed::problem(frame, p, &title(p))).collect()
        }
        flows::Error::NotEnough { title, left, .. } => {
            let args = [arg("name", title.clone()), arg("left", (*left).max(0))];
            vec![Wrong::whole(frame.say("error-sold-meanwhile", &args))]
        }
        flows::Error::TotalRose { seen, now } => {
            let args = [arg("was", frame.amount(*seen)), arg("now", frame.amount(*now))];
            vec![Wrong::whole(frame.say("error-total-rose", &args))]
        }
        flows::Error::NoProvider { .. } => vec![Wrong::at("payment", frame.say("error-payment-gone", &[]))],
        flows::Error::Undecided => vec![Wrong::whole(frame.say("error-payment-unclear", &[]))],
        e if matches!(e.kind(), ErrorKind::Unavailable) => {
            vec![Wrong::whole(frame.say("error-bank-silent", &[]))]
        }
        _ => return Err(e.into()),
    };
    // prices that rose are shown by this very page, so the next press of the button is meant
    if let flows::Error::Problems(_) = &e {
        let (c, cart, calculation) = (ctx.clone(), at.cart.clone(), calculation.clone());
        let unit = Unit::named("see_prices").read_committed();
        let seen = state
            .db()
            .write(unit, async move |tx: &mut Tx| ::checkout::see_prices(tx, &c, &cart, &calculation).await)
            .await;
        if let Err(e) = seen
            && !matches!(e, ::checkout::Error::Changed | ::checkout::Error::Closed)
        {
            return Err(e.into());
        }
    }
    page(state, ctx, frame, &at, Some(calculation), typed, &wrong).await
}
