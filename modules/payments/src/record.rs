use std::time::Duration;

use db::{Tx, params};
use kernel::{Ctx, OrderId, PaymentId, Permit, perms};
use serde_json::json;
use work::Deed;

use crate::ports::Answer;
use crate::{Action, Error, PaymentRow, PaymentState, find, next};

/// What recording an answer changed.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Whose payment.
    pub order: OrderId,
    /// What it became.
    pub state: PaymentState,
    /// What it was asked for.
    pub amount_minor: i64,
}

/// Writes a row of the attempt's history.
pub(crate) async fn event(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    kind: &str,
    amount_minor: i64,
    detail: &str,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into payment_event (id, payment_id, kind, amount_minor, detail, actor_kind, actor_name, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            ctx.id::<kernel::PaymentEvent>(),
            payment,
            kind,
            amount_minor,
            detail,
            ctx.actor.kind(),
            ctx.actor.name(),
            ctx.now()
        ],
    )
    .await?;
    Ok(())
}

/// Records a provider's answer to an attempt. `None` when it was decided before: somebody recorded it already.
/// The browser, the webhook, the worker and the question all meet here.
///
/// # Errors
/// The database's.
pub async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    id: PaymentId,
    answer: &Answer,
) -> Result<Option<Recorded>, Error> {
    let now = ctx.now();
    let (action, state, reference, url, code, text) = match answer {
        Answer::Yes { reference } => {
            (Action::Authorise, PaymentState::Authorised, reference.as_str(), "", "", "")
        }
        Answer::Terms { reference } => (Action::Agree, PaymentState::Due, reference.as_str(), "", "", ""),
        Answer::No { code, text } => {
            (Action::Refuse, PaymentState::Failed, "", "", code.as_str(), text.as_str())
        }
        Answer::Never => {
            (Action::Refuse, PaymentState::Failed, "", "", "never_asked", "The provider was never asked.")
        }
        Answer::Action { url } => (Action::Wait, PaymentState::ActionRequired, "", url.as_str(), "", ""),
        Answer::Pending => (Action::Wait, PaymentState::Pending, "", "", "", ""),
        Answer::Unknown { why } => (Action::Wait, PaymentState::Unknown, "", "", "", why.as_str()),
    };
    debug_assert!(state.is_undecided() || next(PaymentState::Started, action) == Some(state));
    let authorised = i64::from(state == PaymentState::Authorised);
    let ask_at = state.is_undecided().then(|| now.plus(pause(state)));
    let decided_at = (!state.is_undecided()).then_some(now);
    let row: Option<(OrderId, i64)> = tx
        .opt(
            db::sql!(
                "update payment set state = $2, authorised_minor = $3 * amount_minor,
                     provider_ref = case when $4 = '' then provider_ref else $4 end, action_url = $5, error_code = $6,
                     error_text = $7, asked = asked + 1,
                     ask_at = case when $8 = false then null else $9 + (asked * asked * 2000000) end,
                     decided_at = $10, updated_at = $11
                 where id = $1 and state in ('started', 'action_required', 'pending', 'unknown')
                 returning order_id, amount_minor"
            ),
            params![
                id,
                state,
                authorised,
                reference,
                url,
                code,
                text,
                ask_at.is_some(),
                ask_at.unwrap_or_default(),
                decided_at,
                now
            ],
        )
        .await?;
    let Some((order, amount_minor)) = row else { return Ok(None) };
    if !state.is_undecided() {
        event(
            tx,
            ctx,
            id,
            kernel::TextState::as_str(state),
            amount_minor,
            if text.is_empty() { reference } else { text },
        )
        .await?;
    }
    Ok(Some(Recorded { order, state, amount_minor }))
}

/// Asking failed, or nobody can be asked: again after this long. Nothing else changes.
///
/// # Errors
/// The database's.
pub async fn ask_later(tx: &mut Tx, ctx: &Ctx, id: PaymentId, after: Duration) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update payment set ask_at = $2 where id = $1
                 and state in ('started', 'action_required', 'pending', 'unknown')"
        ),
        params![id, ctx.now().plus(after)],
    )
    .await?;
    Ok(())
}

/// How soon an undecided attempt is asked about first; later questions come at growing intervals.
fn pause(state: PaymentState) -> Duration {
    Duration::from_secs(match state {
        PaymentState::Unknown => 2,
        PaymentState::Pending => 10,
        _ => 60,
    })
}

/// Money that was due by terms has come (in part too): staff say so.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope; [`Error::NotAllowed`], [`Error::TooMuch`].
pub async fn mark_paid(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    id: PaymentId,
    amount_minor: i64,
) -> Result<PaymentRow, Error> {
    let b = crate::balance::locked(tx, id).await?;
    if !permit.scope().has_channel(b.payment.channel) {
        return Err(Error::NotFound { what: "payment" });
    }
    if b.payment.provider_captures() || !b.payment.state.is_open() {
        return Err(Error::NotAllowed { state: b.payment.state, action: "marked as paid" });
    }
    crate::capture::add_paid(tx, ctx, &b, amount_minor).await?;
    event(tx, ctx, id, "paid", amount_minor, "").await?;
    let deed = Deed::new("payment.mark_paid", "payment", id.uuid())
        .was(json!({ "captured_minor": b.payment.captured_minor }))
        .is(json!({ "captured_minor": b.payment.captured_minor + amount_minor }));
    work::audit(tx, ctx, &deed).await?;
    find::get(tx, id).await
}
