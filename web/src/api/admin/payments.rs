//! Payments of orders.

use db::Tx;
use flows::{Happened, Once};
use kernel::perms::{OrdersRead, OrdersWrite, PaymentsCapture};
use kernel::{Ctx, OrderId, PaymentId, Permission, Permit};
use payments::{EventRow, PaymentRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker;
use crate::api::answer::{List, One};
use crate::api::ask::{At, Body, OnceKey};
use crate::api::once::{Repeat, Sent};
use crate::api::types::{Amount, at};
use crate::{Caller, Error, State};

/// One attempt to be paid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Payment {
    #[schema(example = "pay_01h455vb4pex5vsknk084sn02q")]
    id: String,
    order: String,
    /// `test`, `bank_transfer`, `cash_on_delivery`.
    provider: String,
    /// `started`, `action_required`, `pending`, `unknown`, `authorised`, `partially_captured`, `captured`, `failed`,
    /// `voided`, `due`.
    state: String,
    amount: Amount,
    authorised: Amount,
    captured: Amount,
    refunded: Amount,
    /// Could still be taken.
    open: Amount,
    /// The provider's own name for it.
    reference: String,
    /// Why it failed.
    error: String,
    created_at: String,
    events: Vec<PaymentEvent>,
}

/// Something that happened to a payment.
#[derive(Debug, Serialize, ToSchema)]
struct PaymentEvent {
    kind: String,
    amount: Amount,
    detail: String,
    actor: String,
    at: String,
}

pub(super) fn payment(p: &PaymentRow, events: &[EventRow]) -> Payment {
    let amount = |minor: i64| Amount::of(minor, p.currency);
    let event = |e: &EventRow| PaymentEvent {
        kind: e.kind.clone(),
        amount: amount(e.amount_minor),
        detail: e.detail.clone(),
        actor: e.actor_name.clone(),
        at: at(e.at),
    };
    Payment {
        id: p.id.to_string(),
        order: p.order.to_string(),
        provider: p.provider.clone(),
        state: p.state.to_string(),
        amount: amount(p.amount_minor),
        authorised: amount(p.authorised_minor),
        captured: amount(p.captured_minor),
        refunded: amount(p.refunded_minor),
        open: amount(if p.state.is_open() { p.open_minor() } else { 0 }),
        reference: p.provider_ref.clone(),
        error: p.error_text.clone(),
        created_at: at(p.created_at),
        events: events.iter().filter(|e| e.payment == p.id).map(event).collect(),
    }
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
) -> Result<List<Payment>, Error> {
    let permit = caller.permit::<OrdersRead>()?;
    let (rows, events) = state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &permit, order).await?;
            Ok::<_, Error>((payments::of_order(tx, order).await?, payments::events(tx, order).await?))
        })
        .await?;
    Ok(List::whole(rows.iter().map(|p| payment(p, &events)).collect()))
}

/// One within the asker's reach.
async fn known<P: Permission>(state: &State, permit: &Permit<P>, id: PaymentId) -> Result<PaymentRow, Error> {
    Ok(state.db().read(async |tx: &mut Tx| payments::get_within(tx, permit, id).await).await?)
}

async fn shown(state: &State, row: PaymentRow) -> Result<One<Payment>, Error> {
    let events = state.db().read(async |tx: &mut Tx| payments::events(tx, row.order).await).await?;
    Ok(One::new(payment(&row, &events)))
}

/// How much.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HowMuch {
    /// Missing: all that is open.
    amount: Option<Amount>,
}

impl HowMuch {
    fn read(&self, row: &PaymentRow) -> Result<i64, Error> {
        self.amount.as_ref().map_or(Ok(row.open_minor()), |a| a.read(row.currency, "amount"))
    }

    fn once(&self, scope: &'static str, ctx: &Ctx, key: &str, id: PaymentId) -> Option<Once> {
        let minor = self.amount.as_ref().map(|a| a.minor);
        Some(Once::new(scope, &asker(ctx), key, &format!("{id} {minor:?}")))
    }
}

pub(super) async fn capture(
    state: State,
    caller: Caller,
    At(id): At<PaymentId>,
    OnceKey(key): OnceKey,
    Body(input): Body<HowMuch>,
) -> Result<One<Payment>, Error> {
    let permit = caller.permit::<PaymentsCapture>()?;
    let amount = input.read(&known(&state, &permit, id).await?)?;
    let once = input.once("api.capture", &caller.ctx, &key, id);
    let row = flows::capture_once(state.shop(), &caller.ctx, &permit, id, amount, once).await?;
    shown(&state, row).await
}

pub(super) async fn void(
    state: State,
    caller: Caller,
    At(id): At<PaymentId>,
    once: Repeat,
) -> Result<One<Payment>, Error> {
    let permit = caller.permit::<PaymentsCapture>()?;
    let now = known(&state, &permit, id).await?;
    let row = match now.state {
        payments::PaymentState::Voided => now,
        _ if once.is_done(&state).await? => now,
        _ => flows::void(state.shop(), &caller.ctx, &permit, id).await?,
    };
    once.done(&state, &caller.ctx, id.uuid()).await?;
    shown(&state, row).await
}

pub(super) async fn receive(
    state: State,
    caller: Caller,
    At(id): At<PaymentId>,
    OnceKey(key): OnceKey,
    Body(input): Body<HowMuch>,
) -> Result<One<Payment>, Error> {
    let permit = caller.permit::<PaymentsCapture>()?;
    let amount = input.read(&known(&state, &permit, id).await?)?;
    let once = input.once("api.receipt", &caller.ctx, &key, id);
    let row = flows::mark_paid_once(state.shop(), &caller.ctx, &permit, id, amount, once).await?;
    shown(&state, row).await
}

/// What a person found in the provider's books.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Is the money there?
    paid: bool,
}

pub(super) async fn decide(
    state: State,
    caller: Caller,
    At(id): At<PaymentId>,
    Sent(found, once): Sent<Decision>,
) -> Result<One<Payment>, Error> {
    let permit = caller.permit::<PaymentsCapture>()?;
    let now = known(&state, &permit, id).await?;
    let row = if once.is_done(&state).await? {
        now
    } else {
        let happened = if found.paid { Happened::Paid } else { Happened::NotPaid };
        flows::decide(state.shop(), &caller.ctx, &permit, id, happened).await?
    };
    once.done(&state, &caller.ctx, id.uuid()).await?;
    shown(&state, row).await
}

pub(super) async fn ask(
    state: State,
    caller: Caller,
    At(id): At<PaymentId>,
    once: Repeat,
) -> Result<One<Payment>, Error> {
    let permit = caller.permit::<OrdersWrite>()?;
    known(&state, &permit, id).await?;
    if !once.is_done(&state).await? {
        flows::return_from_action(state.shop(), &caller.ctx, id).await?;
    }
    once.done(&state, &caller.ctx, id.uuid()).await?;
    shown(&state, known(&state, &permit, id).await?).await
}
