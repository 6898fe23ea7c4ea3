//! An order by its secret link: confirmed, and later how far it is.

use axum::response::{IntoResponse, Redirect, Response};
use db::Tx;
use flows::OrderPage;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use kernel::{Ctx, Money};
use orders::OrderState;
use payments::{OrderPayment, PaymentRow, PaymentState};
use theme::arg;
use theme::views::{
    Attribute, Confirmation, Link, Notice, NoticeKind, Order, OrderEvent, OrderStatus, Payment, Refund,
    Shipment, Step, StepState,
};
use warehouse::OrderFulfilment;

use super::checkout::way_name;
use super::frame::{Frame, frame_of};
use super::{cart, cart_cookie, totals};
use crate::extract::{Fields, Path};
use crate::{Caller, Error, State};

async fn read(state: &State, ctx: &Ctx, secret: &str) -> Result<OrderPage, Error> {
    if secret.len() < 20 || secret.len() > 64 {
        return Err(Error::not_found());
    }
    let secret = secret.to_owned();
    Ok(state.db().read(async |tx: &mut Tx| flows::order_page_of(tx, ctx, &secret).await).await?)
}

/// `GET /orders/{secret}`; with `?new=1`, thanks.
pub(super) async fn show(
    state: State,
    caller: Caller,
    Path(secret): Path<String>,
    query: Fields,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let found = read(&state, ctx, &secret).await?;
    let path = format!("/orders/{secret}");
    let order = order(&state, ctx, &frame, &found)?;
    let number = found.head.number.to_string();
    let page = frame.private_page(&path, &frame.say("order-title", &[arg("number", number)]));
    let bought = matches!(found.head.state, OrderState::Placed | OrderState::Closed);
    let unheard = found.head.state == OrderState::AwaitingPayment && found.payment == OrderPayment::Pending;
    let asked = found.payments.last().is_some_and(|p| p.state == PaymentState::ActionRequired);
    let text = if query.get("new") == "1" && (bought || (unheard && !asked)) {
        let next = frame.say(next(&found), &[]);
        frame.render(&Confirmation { page, order, next })?
    } else {
        let (headline, detail) = headline(&frame, &found);
        let view = OrderStatus {
            page,
            headline,
            detail,
            notices: notices(&frame, &found),
            shipments: shipments(&frame, &found),
            refunds: refunds(&frame, &found),
            events: events(&frame, &found),
            order,
        };
        frame.render(&view)?
    };
    let mut response = cart::html(text);
    // the address is the key: no other site is told it
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

/// `POST /orders/{secret}/pay`: back to the checkout, also in another browser than the one that ordered. A form of the
/// order's own page: a link from elsewhere must not put a stranger's cart in place of one's own.
pub(super) async fn pay(
    state: State,
    caller: Caller,
    Path(secret): Path<String>,
    _: HeaderMap,
) -> Result<Response, Error> {
    let ctx = &caller.ctx;
    let frame = frame_of(&state, ctx).await?;
    let found = read(&state, ctx, &secret).await?;
    let waits = found.head.state == OrderState::AwaitingPayment;
    let Some(cart) = found.head.cart.filter(|_| waits) else {
        return Ok(Redirect::to(&frame.url(&format!("/orders/{secret}"))).into_response());
    };
    let cart = state.db().read(async |tx: &mut Tx| checkout::get(tx, ctx, cart).await).await?;
    let mut response = Redirect::to(&frame.url("/checkout")).into_response();
    cart_cookie::keep(&state, response.headers_mut(), &cart.secret, cart.pieces());
    Ok(response)
}

fn money(frame: &Frame, found: &OrderPage, minor: i64) -> String {
    frame.amount(Money::new(minor, found.head.currency))
}

/// The order as its buyer sees it.
fn order(state: &State, ctx: &Ctx, frame: &Frame, found: &OrderPage) -> Result<Order, Error> {
    let head = &found.head;
    let at = head.placed_at.unwrap_or(head.created_at);
    let written = |address: &kernel::Address| {
        let mut lines = address.label();
        if !address.country.is_empty() && address.country != ctx.store.country {
            lines.push(customers::country::name(&address.country, &frame.locale).to_owned());
        }
        lines
    };
    let (ship_to, bill_to) = (head.ship_to(), head.bill_to());
    let open = head.state == OrderState::AwaitingPayment;
    let asked =
        found.payments.iter().find(|p| p.state == PaymentState::ActionRequired && !p.action_url.is_empty());
    let pay = match asked {
        Some(p) if open => Some(Link { name: frame.say("pay-continue", &[]), url: p.action_url.clone() }),
        None if open && found.payment != OrderPayment::Pending => {
            let url = frame.url(&format!("/orders/{}/pay", head.secret));
            Some(Link { name: frame.say("pay-again", &[]), url })
        }
        _ => None,
    };
    Ok(Order {
        number: head.number.to_string(),
        url: frame.url(&format!("/orders/{}", head.secret)),
        placed: frame.day(at),
        email: head.email.clone(),
        lines: totals::lines_of_order(state, ctx, frame, found)?,
        count: u64::try_from(head.item_count).unwrap_or(0),
        totals: totals::of_order(frame, found),
        steps: steps(frame, found),
        address: written(&ship_to),
        billing: if bill_to == ship_to { vec![] } else { written(&bill_to) },
        shipping_method: if head.shipping_method.is_empty() {
            "–".to_owned()
        } else {
            head.shipping_method.clone()
        },
        payments: payments(frame, found),
        instructions: instructions(frame, found),
        pay,
        pay_by_form: asked.is_none(),
    })
}

/// Attempts that count; those that failed only when nothing else is there.
fn payments(frame: &Frame, found: &OrderPage) -> Vec<Payment> {
    let failed = |p: &&PaymentRow| matches!(p.state, PaymentState::Failed | PaymentState::Voided);
    let good: Vec<&PaymentRow> = found.payments.iter().filter(|p| !failed(p)).collect();
    let shown = if good.is_empty() { found.payments.last().into_iter().collect() } else { good };
    let payment = |p: &PaymentRow| Payment {
        method: way_name(frame, &p.provider),
        state: frame.say(
            match p.state {
                PaymentState::Captured => "payment-paid",
                PaymentState::Authorised | PaymentState::PartiallyCaptured => "payment-authorised",
                PaymentState::Due => "payment-due",
                PaymentState::Failed => "payment-failed",
                PaymentState::Voided => "payment-voided",
                PaymentState::Started
                | PaymentState::ActionRequired
                | PaymentState::Pending
                | PaymentState::Unknown => "payment-waiting",
            },
            &[],
        ),
        amount: frame.amount(Money::new(p.amount_minor, p.currency)),
    };
    shown.into_iter().map(payment).collect()
}

/// Where a bank transfer goes, while it is owed.
fn instructions(frame: &Frame, found: &OrderPage) -> Vec<Attribute> {
    let owed = found.payments.iter().find(|p| p.state == PaymentState::Due && p.provider == "bank_transfer");
    let Some(owed) = owed.filter(|_| found.head.state != OrderState::Cancelled && !frame.bank.is_empty())
    else {
        return vec![];
    };
    let bank = &frame.bank;
    let fact = |key: &str, value: String| Attribute { label: frame.say(key, &[]), value };
    let iban = bank.iban.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let mut facts = vec![
        fact("transfer-account", bank.holder.clone()),
        fact("transfer-iban", iban),
        fact("transfer-bic", bank.bic.clone()),
        fact("transfer-bank", bank.bank.clone()),
        fact("transfer-reference", found.head.number.to_string()),
        fact("transfer-amount", frame.amount(Money::new(owed.open_minor(), owed.currency))),
        fact("transfer-note", bank.text.get(&frame.locale).to_owned()),
    ];
    facts.retain(|f| !f.value.is_empty());
    facts
}

/// What happens next, as a key.
fn next(found: &OrderPage) -> &'static str {
    match found.payment {
        OrderPayment::Due if found.head.payment_method == "bank_transfer" => "next-transfer",
        OrderPayment::Due => "next-due",
        OrderPayment::Pending | OrderPayment::Unpaid | OrderPayment::Failed => "next-unknown",
        _ => "next-paid",
    }
}

fn headline(frame: &Frame, found: &OrderPage) -> (String, String) {
    let (key, detail) = match found.head.state {
        OrderState::Cancelled => ("status-cancelled", String::new()),
        OrderState::Draft | OrderState::AwaitingPayment if found.payment == OrderPayment::Pending => {
            ("step-payment-waiting", frame.say("next-unknown", &[]))
        }
        OrderState::Draft | OrderState::AwaitingPayment => ("status-awaiting-payment", String::new()),
        OrderState::Placed | OrderState::Closed => match found.fulfilment {
            OrderFulfilment::Fulfilled if arrived(found) => ("status-delivered", String::new()),
            OrderFulfilment::Fulfilled => ("status-shipped", String::new()),
            OrderFulfilment::Partial => ("status-part-shipped", String::new()),
            _ => ("status-placed", frame.say(next(found), &[])),
        },
    };
    (frame.say(key, &[]), detail)
}

fn arrived(found: &OrderPage) -> bool {
    !found.shipments.is_empty() && found.shipments.iter().all(|s| s.delivered_at.is_some())
}

fn notices(frame: &Frame, found: &OrderPage) -> Vec<Notice> {
    let refused = found.head.state == OrderState::AwaitingPayment && found.payment == OrderPayment::Failed;
    let text = if refused { frame.say("error-declined", &[]) } else { String::new() };
    let notice = (!text.is_empty()).then_some(Notice { kind: NoticeKind::Bad, text });
    notice.into_iter().collect()
}

/// Ordered, paid, on the way, delivered.
fn steps(frame: &Frame, found: &OrderPage) -> Vec<Step> {
    let step =
        |state: StepState, key: &str, detail: String| Step { state, label: frame.say(key, &[]), detail };
    let at = found.head.placed_at.unwrap_or(found.head.created_at);
    let ordered = step(StepState::Done, "step-placed", frame.day(at).text);
    if found.head.state == OrderState::Cancelled {
        let when = found.head.cancelled_at.map(|at| frame.day(at).text).unwrap_or_default();
        return vec![ordered, step(StepState::Stopped, "step-cancelled", when)];
    }
    use OrderPayment as P;
    let (paid, settled) = match found.payment {
        P::Paid | P::Authorised | P::PartlyPaid | P::PartlyRefunded | P::Refunded => {
            (step(StepState::Done, "step-paid", String::new()), true)
        }
        P::Due => (step(StepState::Now, "step-payment-due", String::new()), true),
        P::Failed | P::Voided => (step(StepState::Stopped, "step-payment-failed", String::new()), false),
        P::Pending | P::Unpaid => (step(StepState::Now, "step-payment-waiting", String::new()), false),
    };
    let due = found.payment == P::Due;
    let shipped = found.shipments.first().map(|s| frame.day(s.created_at).text).unwrap_or_default();
    let (sent, here) = match found.fulfilment {
        OrderFulfilment::Fulfilled if arrived(found) => (StepState::Done, StepState::Done),
        OrderFulfilment::Fulfilled => (StepState::Done, StepState::Now),
        OrderFulfilment::Partial => (StepState::Now, StepState::Todo),
        _ if settled && !due => (StepState::Now, StepState::Todo),
        _ => (StepState::Todo, StepState::Todo),
    };
    let mut steps = vec![ordered, paid];
    if found.lines.iter().any(|l| l.requires_shipping) {
        let label =
            if found.fulfilment == OrderFulfilment::Unfulfilled { "step-packing" } else { "step-shipped" };
        steps.push(step(sent, label, shipped));
        steps.push(step(here, "step-delivered", String::new()));
    }
    steps
}

fn shipments(frame: &Frame, found: &OrderPage) -> Vec<Shipment> {
    let contents = |id| {
        let of = found.shipment_lines.iter().filter(|l| l.shipment == id);
        of.map(|l| format!("{} × {}", l.quantity, l.title)).collect()
    };
    let shipment = |s: &warehouse::ShipmentRow| Shipment {
        carrier: s.carrier.clone(),
        tracking: s.tracking_number.clone(),
        // what staff typed may be anything; only a link of the web is one
        tracking_url: Some(s.tracking_url.clone())
            .filter(|u| u.starts_with("https://") || u.starts_with("http://")),
        at: frame.minute(s.created_at),
        contents: contents(s.id),
    };
    found.shipments.iter().map(shipment).collect()
}

fn refunds(frame: &Frame, found: &OrderPage) -> Vec<Refund> {
    let refund = |r: &payments::RefundRow| Refund {
        amount: frame.amount(Money::new(r.amount_minor, r.currency)),
        at: frame.day(r.created_at),
        state: frame.say(
            match r.state.as_str() {
                "succeeded" => "refund-done",
                "failed" => "refund-failed",
                _ => "refund-pending",
            },
            &[],
        ),
        reason: r.reason.clone(),
    };
    found.refunds.iter().map(refund).collect()
}

/// What happened, the newest first; the shop's own notes are its own.
fn events(frame: &Frame, found: &OrderPage) -> Vec<OrderEvent> {
    let mut all = vec![];
    let mut push = |at, text: String| all.push((at, text));
    if let Some(at) = found.head.placed_at {
        push(at, frame.say("event-placed", &[]));
    }
    for e in &found.payment_events {
        let key = match e.kind.as_str() {
            "captured" => "event-paid",
            "failed" => "event-payment-failed",
            _ => continue,
        };
        let of = found.payments.iter().find(|p| p.id == e.payment);
        let minor = if e.amount_minor > 0 { e.amount_minor } else { of.map_or(0, |p| p.amount_minor) };
        push(e.at, frame.say(key, &[arg("amount", money(frame, found, minor))]));
    }
    for s in &found.shipments {
        push(s.created_at, frame.say("event-shipped", &[]));
        if let Some(at) = s.delivered_at {
            push(at, frame.say("event-delivered", &[]));
        }
    }
    for r in found.refunds.iter().filter(|r| r.state == "succeeded") {
        push(
            r.created_at,
            frame.say("event-refunded", &[arg("amount", money(frame, found, r.amount_minor))]),
        );
    }
    if let Some(at) = found.head.cancelled_at {
        push(at, frame.say("event-cancelled", &[]));
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().map(|(at, text)| OrderEvent { at: frame.minute(at), text }).collect()
}
