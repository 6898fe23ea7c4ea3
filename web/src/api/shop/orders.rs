//! Placing orders, and looking after one by its secret.

use checkout::{CartDetails, CartState};
use db::{Tx, Unit};
use flows::{Outcome, PlaceOrder};
use kernel::Ctx;
use payments::PaymentState;
use serde::{Deserialize, Serialize};
use site::PaymentMethods;
use utoipa::ToSchema;

use super::Reading;
use super::carts::{cart_of, wrong_fields};
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, IfMatch, OnceKey};
use crate::api::orders::{OrderLine, Refund, Shipment, lines, refunds, shipments};
use crate::api::types::{Address, Amount, at, read_some};
use crate::{Caller, Error, State};

/// A way to pay.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaymentMethod {
    /// `test`, `bank_transfer`, `cash_on_delivery`.
    code: String,
    /// Is it paid later, by terms?
    terms: bool,
    /// Only for trying out.
    test: bool,
}

/// The codes of the ways to pay that the shop offers, in its order.
async fn offered(state: &State, ctx: &Ctx) -> Result<Vec<String>, Error> {
    let chosen: PaymentMethods =
        state.db().read(async |tx: &mut Tx| site::known_setting(tx, ctx.store.id).await).await?;
    Ok(state.shop().ways(&chosen))
}

pub(super) async fn methods(state: State, caller: Caller) -> Result<List<PaymentMethod>, Error> {
    let shape = |code: String| {
        let can = state.shop().providers.get(&code)?.capabilities();
        Some(PaymentMethod { code, terms: can.terms, test: can.test })
    };
    let codes = offered(&state, &caller.ctx).await?;
    Ok(List::whole(codes.into_iter().filter_map(shape).collect()))
}

/// An order to be placed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    /// The cart's secret.
    cart: String,
    /// The code of a way to pay; the cart's by default.
    payment_method: Option<String>,
    /// What the provider gave the shopper; empty for terms.
    #[serde(default)]
    payment_token: String,
    /// The total that the shopper saw. A higher one by now is refused (409 `total_rose`): show it, and ask again.
    seen_total: Option<Amount>,
}

/// How a purchase stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Placement)]
pub(super) struct PlacementView {
    #[schema(example = "ord_01h455vb4pex5vsknk084sn02q")]
    order: String,
    number: i64,
    /// Whoever has it may look after the order.
    secret: String,
    /// `placed`; `action` (send the shopper to `action_url`); `pending` (look again); `declined` (try another way to
    /// pay, with a new key: the goods are held); `cancelled`.
    outcome: &'static str,
    action_url: Option<String>,
    /// Why the payment was declined.
    text: Option<String>,
}

impl From<flows::Placement> for PlacementView {
    fn from(p: flows::Placement) -> PlacementView {
        let (outcome, action_url, text) = match p.outcome {
            Outcome::Placed => ("placed", None, None),
            Outcome::Action { url } => ("action", Some(url), None),
            Outcome::Pending => ("pending", None, None),
            Outcome::Declined { text } => ("declined", None, Some(text)),
            Outcome::Cancelled => ("cancelled", None, None),
        };
        PlacementView {
            order: p.order.to_string(),
            number: p.number,
            secret: p.secret,
            outcome,
            action_url,
            text,
        }
    }
}

pub(super) async fn place(
    state: State,
    OnceKey(key): OnceKey,
    seen: IfMatch,
    ctx: Reading,
    Body(new): Body<NewOrder>,
) -> Result<Made<PlacementView>, Error> {
    let mut cart = state.db().read(async |tx: &mut Tx| cart_of(tx, &ctx, &new.cart).await).await?;
    let unpayable = |code: &str| Error::from(flows::Error::NoProvider { code: code.to_owned() });
    let provider = new.payment_method.or_else(|| cart.payment_method.clone()).unwrap_or_default();
    if !offered(&state, &ctx).await?.contains(&provider) {
        return Err(unpayable(&provider));
    }
    if cart.state == CartState::Open {
        seen.check(cart.version)?;
        if cart.payment_method.as_ref() != Some(&provider) {
            let details = CartDetails { payment_method: Some(provider.clone()), ..CartDetails::of(&cart) };
            let (c, was) = (ctx.clone(), cart);
            let unit = Unit::named("cart_details").read_committed();
            cart = state
                .db()
                .write(unit, async move |tx: &mut Tx| {
                    checkout::set_details(tx, &c, &was, details.clone()).await
                })
                .await?;
        }
    }
    let cart_id = cart.id;
    let input = PlaceOrder {
        cart: cart_id,
        version: cart.version,
        seen_total_minor: read_some(new.seen_total.as_ref(), cart.currency, "seen_total")?,
        read: Some(cart),
        provider,
        token: new.payment_token,
        // a key is only this cart's: two shoppers' programs may count alike
        key: format!("{cart_id}:{key}"),
    };
    let placed = match flows::place_order(state.shop(), &ctx, input).await {
        Ok(placed) => placed,
        Err(flows::Error::Problems(problems)) => {
            let now = state
                .db()
                .read(async |tx: &mut Tx| {
                    let cart = checkout::get(tx, &ctx, cart_id).await?;
                    checkout::calculate(tx, &ctx, &cart).await
                })
                .await?;
            let errors = wrong_fields(&ctx, &problems, &now.lines);
            let mut wrong = Error::from(flows::Error::Problems(problems));
            if let Some(first) = errors.first() {
                wrong.text.clone_from(&first.detail);
            }
            return Err(Error { errors, ..wrong });
        }
        Err(e) => return Err(e.into()),
    };
    Ok(Made::new(format!("/shop/orders/{}", placed.secret), placed.into()))
}

/// An order as its shopper sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShopperOrder {
    id: String,
    number: i64,
    /// `awaiting_payment`, `placed`, `closed` or `cancelled`.
    state: String,
    /// `unpaid`, `authorised`, `due`, `paid`, `partly_refunded` …
    payment: String,
    /// `unfulfilled`, `partial`, `fulfilled` …
    fulfilment: String,
    email: String,
    shipping_address: Address,
    billing_address: Address,
    shipping_method: String,
    payment_method: String,
    note: String,
    lines: Vec<OrderLine>,
    net: Amount,
    tax: Amount,
    total: Amount,
    /// What went back.
    refunded: Amount,
    refunds: Vec<Refund>,
    shipments: Vec<Shipment>,
    /// Where the shopper must do something before it is paid.
    action_url: Option<String>,
    cancel_reason: Option<String>,
    created_at: String,
    placed_at: Option<String>,
}

pub(super) async fn get(
    state: State,
    caller: Caller,
    At(secret): At<String>,
) -> Result<One<ShopperOrder>, Error> {
    let ctx = caller.ctx;
    let page = state.db().read(async |tx: &mut Tx| flows::order_page_of(tx, &ctx, &secret).await).await?;
    let head = &page.head;
    let amount = |minor: i64| Amount::shown(minor, head.currency, &head.locale);
    let refunded: i64 = page.refunds.iter().filter(|r| r.state != "failed").map(|r| r.amount_minor).sum();
    let action = page.payments.last().filter(|p| p.state == PaymentState::ActionRequired);
    Ok(One::new(ShopperOrder {
        id: head.id.to_string(),
        number: head.number,
        state: head.state.to_string(),
        payment: page.payment.to_string(),
        fulfilment: page.fulfilment.to_string(),
        email: head.email.clone(),
        shipping_address: head.ship_to().into(),
        billing_address: head.bill_to().into(),
        shipping_method: head.shipping_method.clone(),
        payment_method: head.payment_method.clone(),
        note: head.note.clone(),
        lines: lines(&page.lines, head.currency),
        net: amount(head.net_minor),
        tax: amount(head.tax_minor),
        total: amount(head.total_minor),
        refunded: amount(refunded),
        refunds: refunds(&page.refunds, &page.refund_lines),
        shipments: shipments(&page.shipments, &page.shipment_lines),
        action_url: action.map(|p| p.action_url.clone()),
        cancel_reason: head.cancel_reason.clone(),
        created_at: at(head.created_at),
        placed_at: head.placed_at.map(at),
    }))
}
