use db::{Tx, params};
use kernel::{CaptureId, Ctx, Money, OrderId, PaymentId, TextState as _};
use serde_json::json;
use work::Deed;

use crate::ports::Answer;
use crate::record::event;
use crate::{Action, Error, PaymentRow, find, next};

/// A capture or void to be asked for.
#[derive(Debug, Clone)]
pub struct NewCapture {
    /// Its id, which is the provider's idempotency key.
    pub id: CaptureId,
    /// Of which attempt.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
}

db::row! {
    /// A capture or void.
    #[derive(Debug, Clone)]
    pub struct CaptureRow {
        /// Its id.
        pub id: CaptureId,
        /// Of which attempt.
        pub payment: PaymentId,
        /// Of which order.
        pub order: OrderId,
        /// `capture` or `void`.
        pub kind: String,
        /// How much, in minor units.
        pub amount_minor: i64,
        /// `pending`, `succeeded`, `failed`.
        pub state: String,
    }
}

/// One capture or void.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn capture_of(tx: &mut Tx, id: CaptureId) -> Result<CaptureRow, Error> {
    tx.opt(
        db::sql!("select id, payment_id, order_id, kind, amount_minor, state from capture where id = $1"),
        params![id],
    )
    .await?
    .ok_or(Error::NotFound { what: "capture" })
}

/// What is on its way to be taken, in minor units.
///
/// # Errors
/// The database's.
pub async fn pending_captures(tx: &mut Tx, payment: PaymentId) -> Result<i64, Error> {
    Ok(tx
        .value(
            db::sql!(
                "select cast(coalesce(sum(amount_minor), 0) as bigint) from capture
                 where payment_id = $1 and kind = 'capture' and state = 'pending'"
            ),
            params![payment],
        )
        .await?)
}

async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: &PaymentRow,
    id: CaptureId,
    kind: &str,
    amount: i64,
) -> Result<NewCapture, Error> {
    tx.exec(
        db::sql!(
            "insert into capture (id, payment_id, order_id, kind, amount_minor, state, created_at)
             values ($1, $2, $3, $4, $5, 'pending', $6)"
        ),
        params![id, payment.id, payment.order, kind, amount, ctx.now()],
    )
    .await
    .map_err(|e| {
        if e.is_unique() {
            Error::NotAllowed { state: payment.state, action: "voided twice" }
        } else {
            e.into()
        }
    })?;
    let verb = if kind == "void" { "payment.void" } else { "payment.capture" };
    let deed = Deed::new(verb, "payment", payment.id.uuid())
        .was(json!({ "state": payment.state.as_str(), "captured_minor": payment.captured_minor }))
        .is(json!({ "amount_minor": amount, "capture": id }));
    work::audit(tx, ctx, &deed).await?;
    Ok(NewCapture { id, payment: payment.id, amount: Money::new(amount, payment.currency) })
}

/// Writes down that a part of the authorisation shall be taken. The caller checked the right to.
///
/// # Errors
/// [`Error::NotAllowed`], [`Error::TooMuch`].
pub async fn begin_capture(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    amount_minor: i64,
) -> Result<NewCapture, Error> {
    let p = find::lock(tx, payment).await?;
    if !p.state.is_open() || !p.provider_captures() {
        return Err(Error::NotAllowed { state: p.state, action: "captured" });
    }
    let left = p.open_minor() - pending_captures(tx, payment).await?;
    if amount_minor <= 0 || amount_minor > left {
        let money = |n| Money::new(n, p.currency);
        return Err(Error::TooMuch { wanted: money(amount_minor), left: money(left), action: "captured" });
    }
    begin(tx, ctx, &p, ctx.id(), "capture", amount_minor).await
}

/// Writes down that whatever was not taken shall be let go; also of an undecided attempt.
///
/// # Errors
/// [`Error::NotAllowed`].
pub async fn begin_void(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<NewCapture, Error> {
    let p = find::lock(tx, payment).await?;
    if next(p.state, Action::LetGo).is_none() || pending_captures(tx, payment).await? > 0 {
        return Err(Error::NotAllowed { state: p.state, action: "voided" });
    }
    let amount = p.open_minor();
    begin(tx, ctx, &p, ctx.id(), "void", amount).await
}

/// Lets go of an attempt with nobody to ask (terms).
///
/// # Errors
/// [`Error::NotAllowed`].
pub async fn void_now(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    let p = find::lock(tx, payment).await?;
    let deed = Deed::new("payment.void", "payment", payment.uuid())
        .was(json!({ "state": p.state.as_str(), "captured_minor": p.captured_minor }))
        .is(json!({ "amount_minor": p.open_minor() }));
    work::audit(tx, ctx, &deed).await?;
    let_go(tx, ctx, &p).await
}

async fn let_go(tx: &mut Tx, ctx: &Ctx, p: &PaymentRow) -> Result<(), Error> {
    let to = next(p.state, Action::LetGo).ok_or(Error::NotAllowed { state: p.state, action: "voided" })?;
    let n = tx
        .exec(
            db::sql!(
                "update payment set state = $3, let_go_minor = case when state in ('authorised', 'partially_captured', 'due')
                         then (case when state = 'due' then amount_minor else authorised_minor end) - captured_minor
                         else let_go_minor end,
                     ask_at = null, decided_at = coalesce(decided_at, $4), updated_at = $4
                 where id = $1 and state = $2"
            ),
            params![p.id, p.state, to, ctx.now()],
        )
        .await?;
    if n == 0 {
        return Err(Error::NotAllowed { state: p.state, action: "voided" });
    }
    event(tx, ctx, p.id, "voided", p.open_minor(), "").await
}

/// Adds to what was taken.
pub(crate) async fn add_captured(
    tx: &mut Tx,
    ctx: &Ctx,
    p: &PaymentRow,
    amount_minor: i64,
) -> Result<(), Error> {
    let left = p.open_minor();
    let money = |n| Money::new(n, p.currency);
    if amount_minor <= 0 || amount_minor > left {
        return Err(Error::TooMuch { wanted: money(amount_minor), left: money(left), action: "taken" });
    }
    let action = if amount_minor == left { Action::CaptureRest } else { Action::CaptureSome };
    let to = next(p.state, action).ok_or(Error::NotAllowed { state: p.state, action: "captured" })?;
    let n = tx
        .exec(
            db::sql!(
                "update payment set state = $3, captured_minor = captured_minor + $4, updated_at = $5
                 where id = $1 and state = $2 and captured_minor = $6"
            ),
            params![p.id, p.state, to, amount_minor, ctx.now(), p.captured_minor],
        )
        .await?;
    if n == 0 {
        Err(Error::NotAllowed { state: p.state, action: "captured at the same time" })
    } else {
        Ok(())
    }
}

/// Records a provider's answer to a capture or void. `None` when it is not decided, or was before.
///
/// # Errors
/// The database's.
pub async fn record_capture(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CaptureId,
    answer: &Answer,
) -> Result<Option<CaptureRow>, Error> {
    let row = capture_of(tx, id).await?;
    let (state, reference, error) = match answer {
        Answer::Yes { reference } | Answer::Terms { reference } => ("succeeded", reference.as_str(), ""),
        Answer::No { text, .. } => ("failed", "", text.as_str()),
        Answer::Pending | Answer::Unknown { .. } | Answer::Action { .. } | Answer::Never => return Ok(None),
    };
    let n = tx
        .exec(
            db::sql!(
                "update capture set state = $2, provider_ref = $3, error_text = $4, decided_at = $5
                 where id = $1 and state = 'pending'"
            ),
            params![id, state, reference, error, ctx.now()],
        )
        .await?;
    if n == 0 {
        return Ok(None);
    }
    let p = find::lock(tx, row.payment).await?;
    match (state, row.kind.as_str()) {
        ("succeeded", "void") => let_go(tx, ctx, &p).await?,
        ("succeeded", _) => {
            add_captured(tx, ctx, &p, row.amount_minor).await?;
            event(tx, ctx, p.id, "captured", row.amount_minor, reference).await?;
        }
        (_, kind) => event(tx, ctx, p.id, &format!("{kind}_failed"), row.amount_minor, error).await?,
    }
    Ok(Some(CaptureRow { state: state.to_owned(), ..row }))
}
