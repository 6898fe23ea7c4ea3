//! Calling an order off: nothing leaves, what it held is free, money goes back.

use db::{Tx, Unit};
use kernel::{CartId, Ctx, OrderId, Permit, perms};
use orders::{OrderState, Still};
use payments::ports::{Answer, Question};
use work::News;

use crate::{Error, Shop, capture, goods, refund, settle};

/// Why and what of it.
#[derive(Debug, Clone)]
pub struct Cancel {
    /// Which order.
    pub order: OrderId,
    /// Why; the customer reads it.
    pub reason: String,
    /// Shall the customer be written to?
    pub notify: bool,
}

/// Calls an order off that was not shipped, not even in part.
///
/// # Errors
/// [`Error::Conflict`] when something was shipped; [`Error::Undecided`] while a payment is undecided and the provider
/// cannot be heard; [`orders::Error::NotAllowed`]; [`orders::Error::NotFound`], also outside the permit's channels.
pub async fn cancel_order(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersWrite>,
    input: Cancel,
) -> Result<(), Error> {
    let order = input.order;
    shop.db.read(async |tx: &mut Tx| orders::head_within(tx, permit, order).await).await?;
    cancel(shop, ctx, input, Still::Open).await
}

/// The same, for those who hold no permit: the clock, and a shopper who goes back to the cart. Both call off only what
/// `still` is as they saw it: meanwhile it may have been sold, or be held anew for another attempt.
pub(crate) async fn cancel(shop: &Shop, ctx: &Ctx, input: Cancel, still: Still) -> Result<(), Error> {
    decide_first(shop, ctx, input.order, still).await?;
    let ctx = ctx.clone();
    shop.db
        .write(Unit::named("cancel_order"), async move |tx: &mut Tx| cancel_in(tx, &ctx, &input, still).await)
        .await
}

/// A hold never expires under an undecided payment: it is let go with the provider first.
async fn decide_first(shop: &Shop, ctx: &Ctx, order: OrderId, still: Still) -> Result<(), Error> {
    // one look at both: an attempt that begins after it is not ours to end
    let payments = shop
        .db
        .snapshot(async |tx: &mut Tx| {
            still.check(ctx, &orders::head(tx, order).await?)?;
            Ok::<_, Error>(payments::of_order(tx, order).await?)
        })
        .await?;
    let Some(payment) = payments.into_iter().find(|p| p.state.is_undecided()) else { return Ok(()) };
    let provider = shop.provider(&payment.provider)?;
    let answer = match shop.call(provider.void(ctx.id(), payment.id)).await? {
        // should the request that asks for the money arrive only now, its yes is let go when it is heard
        Answer::Yes { .. } => Answer::No { code: "voided".to_owned(), text: "called off".to_owned() },
        _ if provider.capabilities().can_ask => {
            match shop.call(provider.ask(Question::Payment(payment.id))).await? {
                // it could not be told not to take a request that may still be on its way
                Answer::Never => return Err(Error::Undecided),
                known => known,
            }
        }
        _ => return Err(Error::Undecided),
    };
    settle::record(shop, ctx, payment.id, &answer, None, None).await?;
    let now = shop.db.read(async |tx: &mut Tx| payments::get(tx, payment.id).await).await?;
    if now.state.is_undecided() { Err(Error::Undecided) } else { Ok(()) }
}

async fn cancel_in(tx: &mut Tx, ctx: &Ctx, input: &Cancel, still: Still) -> Result<(), Error> {
    let id = input.order;
    if !warehouse::shipments_of(tx, id).await?.is_empty() {
        let text = "Something of this order was shipped: refund what comes back instead.";
        return Err(Error::Conflict(text.to_owned()));
    }
    let was = orders::head(tx, id).await?;
    let reason = input.reason.trim();
    orders::cancel(tx, ctx, id, reason, still).await?;
    goods::put_back(tx, ctx, id).await?;
    inventory::release(tx, ctx, id).await?;
    warehouse::cancel_all(tx, ctx, id).await?;
    for payment in payments::of_order(tx, id).await? {
        let balance = payments::balance(tx, payment.id).await?;
        if payment.state.is_undecided() {
            return Err(Error::Undecided);
        }
        if balance.taking_minor > 0 {
            let text = "Its money is being taken at this moment: try again in a minute.";
            return Err(Error::Conflict(text.to_owned()));
        }
        if payment.captured_minor > 0 {
            refund::refund_rest(tx, ctx, &balance, reason).await?;
        } else if payment.state.is_open() {
            capture::void_soon(tx, ctx, payment.id).await?;
        }
    }
    let text = if reason.is_empty() { "Cancelled".to_owned() } else { format!("Cancelled: {reason}") };
    orders::note(tx, ctx, id, "cancelled", &text, &serde_json::json!({ "reason": reason })).await?;
    // one that was never placed is nobody's business but ours
    let told = input.notify && was.state == OrderState::Placed;
    let news = News {
        kind: if told { "OrderCancelled" } else { "OrderDropped" },
        subject: id.uuid(),
        data: serde_json::json!({}),
    };
    work::tell(tx, ctx, &news).await?;
    Ok(())
}

/// The shopper goes back to change the cart of an order that awaits payment: the order is called off, the cart is
/// open again, in a new version.
///
/// # Errors
/// [`Error::Conflict`] when it is sold; [`Error::Undecided`].
pub async fn reopen_cart(shop: &Shop, ctx: &Ctx, cart: CartId) -> Result<(), Error> {
    let made = shop.db.read(async |tx: &mut Tx| orders::by_cart(tx, cart).await).await?;
    let waiting = made.iter().find(|o| o.state == OrderState::AwaitingPayment);
    if waiting.is_none() && made.iter().any(|o| matches!(o.state, OrderState::Placed | OrderState::Closed)) {
        return Err(Error::Conflict("This cart was ordered already.".to_owned()));
    }
    if let Some(order) = waiting {
        let reason = "The customer changed the cart".to_owned();
        let input = Cancel { order: order.id, reason, notify: false };
        match cancel(shop, ctx, input, Still::Unpaid).await {
            Ok(()) => {}
            // its payment was given while we looked
            Err(Error::Orders(orders::Error::NotAllowed {
                state: OrderState::Placed | OrderState::Closed,
                ..
            })) => {
                return Err(Error::Conflict("This cart was ordered already.".to_owned()));
            }
            Err(e) => return Err(e),
        }
    }
    let ctx = ctx.clone();
    shop.db
        .write(Unit::named("reopen_cart").read_committed(), async move |tx: &mut Tx| {
            checkout::reopen(tx, &ctx, cart).await
        })
        .await?;
    Ok(())
}
