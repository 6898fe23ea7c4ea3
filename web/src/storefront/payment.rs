//! Coming back from a provider, and the page on which the test bank asks its question.

use axum::response::{IntoResponse, Redirect, Response};
use db::Tx;
use flows::{Outcome, Placement};
use http::HeaderMap;
use kernel::{Ctx, Money, PaymentId};
use orders::OrderHead;
use payments::{PaymentRow, PaymentState};
use theme::views::Challenge;

use super::frame::{Frame, frame};
use super::{cart, cart_cookie};
use crate::extract::{Path, Posted};
use crate::{Caller, Error, State};

/// A payment with its order, for the browser that began it: it holds the cart's secret.
async fn own(
    state: &State,
    ctx: &Ctx,
    headers: &HeaderMap,
    id: &str,
) -> Result<(PaymentRow, OrderHead), Error> {
    let id: PaymentId = id.parse().map_err(|_| Error::not_found())?;
    let secret = cart_cookie::secret(headers).ok_or_else(Error::not_found)?;
    let read = async |tx: &mut Tx| {
        let payment = payments::get(tx, id).await?;
        let order = orders::head(tx, payment.order).await?;
        let cart = checkout::find(tx, ctx, &secret).await?;
        Ok::<_, flows::Error>((payment, order, cart))
    };
    let (payment, order, cart) = state.db().read(read).await?;
    if cart.is_none_or(|c| Some(c.id) != order.cart) {
        return Err(Error::not_found());
    }
    Ok((payment, order))
}

/// The frame in the language the order was made in: a provider's address carries none.
async fn of_order(state: &State, order: &OrderHead) -> Result<std::sync::Arc<Frame>, Error> {
    let known = state.shopfront()?.locales().contains(&order.locale);
    let locale = if known { order.locale.clone() } else { state.default_locale().to_string() };
    frame(state, &locale).await
}

/// `GET /payments/{id}/return`: the provider sends the browser back.
pub(super) async fn back(
    state: State,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (payment, order) = own(&state, &caller.ctx, &headers, &id).await?;
    let frame = of_order(&state, &order).await?;
    let (shop, ctx) = (state.shop().clone(), caller.ctx.clone());
    // as at the checkout: a browser that goes away does not end it half-way
    let asked = tokio::spawn(async move { flows::return_from_action(&shop, &ctx, payment.id).await });
    let placement = asked.await.map_err(Error::internal)??;
    Ok(answer(&frame, &placement))
}

fn answer(frame: &Frame, placement: &Placement) -> Response {
    let order = frame.url(&format!("/orders/{}", placement.secret));
    let mut response = match &placement.outcome {
        Outcome::Declined { .. } => return Redirect::to(&frame.url("/checkout?refused=1")).into_response(),
        Outcome::Action { .. } | Outcome::Cancelled => return Redirect::to(&order).into_response(),
        Outcome::Placed | Outcome::Pending => Redirect::to(&format!("{order}?new=1")).into_response(),
    };
    cart_cookie::forget(response.headers_mut());
    response
}

/// `GET /test-bank/challenge/{id}`: “confirm this payment”.
pub(super) async fn challenge(
    state: State,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if state.challenge().is_none() {
        return Err(Error::not_found());
    }
    let (payment, order) = own(&state, &caller.ctx, &headers, &id).await?;
    let frame = of_order(&state, &order).await?;
    if payment.state != PaymentState::ActionRequired {
        return Ok(Redirect::to(&format!("/payments/{}/return", payment.id)).into_response());
    }
    let path = format!("/test-bank/challenge/{}", payment.id);
    let page = frame.private_page(&path, &frame.say("challenge-title", &[]));
    let view = Challenge {
        bank: frame.say("bank-name", &[]),
        merchant: page.store.clone(),
        amount: frame.amount(Money::new(payment.amount_minor, payment.currency)),
        reference: order.number.to_string(),
        action_url: path,
        hidden: vec![],
        page,
    };
    Ok(cart::html(frame.render(&view)?))
}

/// `POST /test-bank/challenge/{id}`: the buyer's answer, to the bank; then back, as from any bank.
pub(super) async fn answer_challenge(
    state: State,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted,
) -> Result<Response, Error> {
    let desk = state.challenge().ok_or_else(Error::not_found)?;
    let (payment, _) = own(&state, &caller.ctx, &headers, &id).await?;
    if !desk(payment.id, form.get("result") == "approve").await {
        tracing::debug!("the test bank was answered and had asked nothing");
    }
    Ok(Redirect::to(&format!("/payments/{}/return", payment.id)).into_response())
}
