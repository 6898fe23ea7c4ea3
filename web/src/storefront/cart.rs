use axum::Json;
use axum::response::{IntoResponse, Redirect, Response};
use checkout::{CalcLine, Calculation, Cart, NewLine, Problem};
use db::{Tx, Unit};
use http::{HeaderMap, StatusCode, header};
use kernel::{CartLineId, Ctx, ProductId, VariantId};
use shopfront::Sort;
use theme::arg;
use theme::views::{self, CartAnswer, CartLine, Notice, NoticeKind};

use super::frame::{Frame, frame_of};
use super::{cart_cookie, totals};
use crate::extract::{Fields, Path, Posted};
use crate::{Caller, Error, State};

/// Products to go on with, below a cart.
const SUGGESTED: usize = 4;

/// The open cart of a browser with what it comes to; none when it has none.
pub(super) async fn cart_of(
    state: &State,
    ctx: &Ctx,
    headers: &HeaderMap,
) -> Result<Option<(Cart, Calculation)>, Error> {
    let Some(secret) = cart_cookie::secret(headers) else { return Ok(None) };
    let read = async |tx: &mut Tx| {
        let Some(cart) = checkout::find(tx, ctx, &secret).await? else { return Ok(None) };
        let calculation = checkout::calculate(tx, ctx, &cart).await?;
        Ok::<_, checkout::Error>(Some((cart, calculation)))
    };
    Ok(state.db().read(read).await?)
}

/// `GET /cart`.
pub(super) async fn show(
    state: State,
    caller: Caller,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let found = cart_of(&state, ctx, &headers).await?.filter(|(c, _)| c.state == checkout::CartState::Open);
    let fewer = query.get("fewer").parse::<CartLineId>().ok();
    if let Some((cart, calculation)) = &found {
        see_prices(&state, ctx, cart, calculation).await?;
    }
    page(&state, ctx, found, fewer, vec![]).await
}

/// What the shopper has been shown counts as seen; nothing new costs nothing.
async fn see_prices(state: &State, ctx: &Ctx, cart: &Cart, calculation: &Calculation) -> Result<(), Error> {
    let new =
        |l: &CalcLine| cart.line(l.cart_line_id).is_some_and(|c| c.seen_price_minor != Some(l.single_minor));
    if !calculation.lines.iter().any(new) {
        return Ok(());
    }
    let (ctx, cart, calculation) = (ctx.clone(), cart.clone(), calculation.clone());
    let unit = Unit::named("see_prices").read_committed();
    let seen = state
        .db()
        .write(unit, async move |tx: &mut Tx| checkout::see_prices(tx, &ctx, &cart, &calculation).await)
        .await;
    match seen {
        // another window changed it: that one sees the prices
        Ok(_) | Err(checkout::Error::Changed | checkout::Error::Closed) => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// The cart's page; `say` is told above it.
pub(super) async fn page(
    state: &State,
    ctx: &Ctx,
    found: Option<(Cart, Calculation)>,
    fewer: Option<CartLineId>,
    say: Vec<Notice>,
) -> Result<Response, Error> {
    let frame = frame_of(state, ctx).await?;
    let shopfront = state.shopfront()?;
    let title = frame.say("cart", &[]);
    let (suggested, _) = shopfront.shelf(&ctx.locale, None, Sort::Featured, SUGGESTED * 2);
    let held: Vec<ProductId> = found.iter().flat_map(|(_, c)| &c.lines).map(|l| l.product_id).collect();
    let suggested: Vec<_> =
        suggested.into_iter().filter(|c| !held.contains(&c.product)).take(SUGGESTED).collect();
    let mut view = views::Cart {
        page: frame.private_page("/cart", &title),
        count: 0,
        lines: vec![],
        totals: views::Rows::default(),
        notices: say,
        can_check_out: false,
        suggestions: frame.cards(&suggested),
    };
    let Some((cart, calculation)) = found else {
        let mut response = html(frame.render(&view)?);
        cart_cookie::forget(response.headers_mut());
        return Ok(response);
    };
    view.count = u64::try_from(calculation.pieces()).unwrap_or(0);
    view.lines = lines(state, ctx, &frame, &calculation, fewer)?;
    view.totals = totals::of_calculation(&frame, &calculation);
    view.can_check_out = calculation.can_check_out();
    let mut response = html(frame.render(&view)?);
    cart_cookie::keep(state, response.headers_mut(), &cart.secret, cart.pieces());
    Ok(response)
}

pub(super) fn html(text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}

fn lines(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    calculation: &Calculation,
    fewer: Option<CartLineId>,
) -> Result<Vec<CartLine>, Error> {
    let shopfront = state.shopfront()?;
    let products: Vec<ProductId> = calculation.lines.iter().map(|l| l.product_id).collect();
    let cards = shopfront.cards(&ctx.locale, &products);
    let mut lines: Vec<CartLine> = calculation
        .lines
        .iter()
        .map(|l| {
            let card = cards.iter().find(|c| c.product == l.product_id);
            let image = card.and_then(|c| c.image.as_ref());
            line(
                frame,
                l,
                image.map(|i| totals::picture(frame, i, l.image_id)),
                fewer == Some(l.cart_line_id),
            )
        })
        .collect();
    lines.extend(calculation.gone.iter().map(|g| {
        let name = if g.title.is_empty() { frame.say("line-unknown", &[]) } else { g.title.clone() };
        CartLine {
            id: g.cart_line_id.to_string(),
            url: frame.url("/all"),
            notices: vec![bad(frame.say("line-not-for-sale", &[]))],
            meta: String::new(),
            image: None,
            quantity: u32::try_from(g.quantity).unwrap_or(1),
            max_quantity: 0,
            total: String::new(),
            was: None,
            each: String::new(),
            name,
        }
    }));
    Ok(lines)
}

fn line(frame: &Frame, l: &CalcLine, image: Option<views::Image>, fewer: bool) -> CartLine {
    let mut notices: Vec<Notice> = l.notices.iter().map(|p| notice(frame, p)).collect();
    if fewer && notices.is_empty() {
        let text = frame.say("line-fewer", &[arg("count", l.max_quantity)]);
        notices.push(Notice { kind: NoticeKind::Warn, text });
    }
    let paid = totals::shown_minor(frame, l.net_minor, l.gross_minor);
    CartLine {
        id: l.cart_line_id.to_string(),
        name: l.title.clone(),
        url: frame.url(&format!("/p/{}?variant={}", l.slug, l.variant_id)),
        meta: l.variant_title.replace(" / ", ", "),
        image,
        quantity: u32::try_from(l.quantity).unwrap_or(1),
        max_quantity: u32::try_from(l.max_quantity).unwrap_or(0),
        total: frame.money(paid),
        was: (l.discount_minor > 0).then(|| frame.money(paid + l.discount_minor)),
        each: frame.money(l.unit_minor),
        notices,
    }
}

fn bad(text: String) -> Notice {
    Notice { kind: NoticeKind::Bad, text }
}

/// What stands beside a line.
fn notice(frame: &Frame, problem: &Problem) -> Notice {
    match problem {
        Problem::SoldOut { .. } => bad(frame.say("line-sold-out", &[])),
        Problem::OnlyLeft { left, .. } => bad(frame.say("line-only-left", &[arg("count", *left)])),
        Problem::PriceChanged { was, now, .. } => {
            let (was, now) = (frame.amount(*was), frame.amount(*now));
            let text = frame.say("line-price-changed", &[arg("was", was), arg("now", now)]);
            Notice { kind: NoticeKind::Warn, text }
        }
        Problem::NotForSale { .. } => bad(frame.say("line-not-for-sale", &[])),
        other => bad(other.to_string()),
    }
}

/// `POST /cart/lines`: puts something in. A script gets JSON, a form the cart.
pub(super) async fn add(
    state: State,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let shopfront = state.shopfront()?;
    let variant = form.get("variant_id").parse::<VariantId>().ok();
    let product = variant.and_then(|v| shopfront.product_of(v));
    let (Some(variant), Some(product)) = (variant, product) else {
        return refused(&state, ctx, &headers, StatusCode::NOT_FOUND, frame.say("cart-gone", &[])).await;
    };
    let quantity = match form.get("quantity") {
        "" => Some(1),
        typed => typed.parse().ok().filter(|n| (1..=checkout::MAX_QUANTITY).contains(n)),
    };
    let Some(quantity) = quantity else {
        let text = frame.say("cart-quantity-wrong", &[arg("max", checkout::MAX_QUANTITY)]);
        return refused(&state, ctx, &headers, StatusCode::UNPROCESSABLE_ENTITY, text).await;
    };
    let name =
        shopfront.cards(&ctx.locale, &[product]).into_iter().next().map(|c| c.title).unwrap_or_default();
    let secret = cart_cookie::secret(&headers);
    let line = NewLine { variant, quantity, seen_price_minor: shopfront.shown_price(variant) };
    let (c, s) = (ctx.clone(), secret.clone());
    let unit = Unit::named("add_line").read_committed();
    let added = state
        .db()
        .write(unit, async move |tx: &mut Tx| checkout::add_line(tx, &c, s.as_deref(), line).await)
        .await;
    let added = match added {
        Ok(added) => added,
        Err(checkout::Error::SoldOut { .. }) => {
            let text = frame.say("cart-not-added", &[arg("name", name)]);
            return refused(&state, ctx, &headers, StatusCode::CONFLICT, text).await;
        }
        Err(checkout::Error::TooManyLines) => {
            let text = frame.say("cart-full", &[arg("max", checkout::MAX_LINES)]);
            return refused(&state, ctx, &headers, StatusCode::UNPROCESSABLE_ENTITY, text).await;
        }
        Err(e) => return Err(e.into()),
    };
    let message = match &added.notice {
        Some(Problem::OnlyLeft { left, .. }) => {
            frame.say("cart-only", &[arg("name", name), arg("count", *left)])
        }
        _ => frame.say("cart-added", &[arg("name", name)]),
    };
    let mut response = if wants_json(&headers) {
        let count = u64::try_from(added.pieces).unwrap_or(0);
        Json(CartAnswer { ok: true, count, message }).into_response()
    } else {
        let fewer = added.notice.map(|_| format!("?fewer={}", added.line)).unwrap_or_default();
        Redirect::to(&frame.url(&format!("/cart{fewer}"))).into_response()
    };
    cart_cookie::keep(&state, response.headers_mut(), &added.secret, added.pieces);
    Ok(response)
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|a| a.to_str().ok())
        .is_some_and(|a| a.starts_with("application/json"))
}

/// Nothing was put in, and why: as JSON, or the cart's page with the reason above it.
async fn refused(
    state: &State,
    ctx: &Ctx,
    headers: &HeaderMap,
    status: StatusCode,
    text: String,
) -> Result<Response, Error> {
    let found = cart_of(state, ctx, headers).await?.filter(|(c, _)| c.state == checkout::CartState::Open);
    if wants_json(headers) {
        let count = found.map_or(0, |(c, _)| u64::try_from(c.pieces()).unwrap_or(0));
        return Ok((status, Json(CartAnswer { ok: false, count, message: text })).into_response());
    }
    let mut response = page(state, ctx, found, None, vec![bad(text)]).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /cart/lines/{id}`: sets, lowers, raises or removes a line.
pub(super) async fn change(
    state: State,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Posted(form): Posted,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let back = frame.url("/cart");
    let found = cart_of(&state, ctx, &headers).await?;
    let line = id.parse::<CartLineId>().ok();
    let stored = found.as_ref().zip(line).and_then(|((cart, _), l)| cart.line(l).cloned());
    let (Some((cart, _)), Some(stored)) = (found, stored) else {
        return Ok(Redirect::to(&back).into_response()); // gone already: the cart shows it
    };
    let typed = form.get("quantity").parse::<i64>().ok().unwrap_or(stored.quantity);
    let wanted = match form.get("action") {
        "remove" => 0,
        "less" => typed.saturating_sub(1),
        "more" => typed.saturating_add(1),
        _ => typed,
    };
    let wanted = wanted.clamp(0, checkout::MAX_QUANTITY);
    let (c, at) = (ctx.clone(), cart.clone());
    let unit = Unit::named("set_quantity").read_committed();
    let changed = state
        .db()
        .write(unit, async move |tx: &mut Tx| checkout::set_quantity(tx, &c, &at, stored.id, wanted).await)
        .await;
    let to = match changed {
        Ok(changed) if changed.notice.is_some() => format!("{back}?fewer={}", stored.id),
        Ok(_)
        | Err(checkout::Error::SoldOut { .. } | checkout::Error::NoSuchLine | checkout::Error::Closed) => {
            back
        }
        Err(e) => return Err(e.into()),
    };
    Ok(Redirect::to(&to).into_response())
}
