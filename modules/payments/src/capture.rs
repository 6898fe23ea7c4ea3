use db::{Tx, params};
use kernel::{CaptureId, Ctx, Money, OrderId, PaymentId, TextState as _};
use serde_json::json;
use work::Deed;

use crate::balance::locked;
use crate::ports::Answer;
use crate::record::event;
use crate::{Action, Balance, Error, PaymentRow, find, next};

db::row! {
    /// A capture or void. Its id is the provider's idempotency key.
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

async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: &PaymentRow,
    kind: &str,
    amount: i64,
) -> Result<CaptureId, Error> {
    let id: CaptureId = ctx.id();
    tx.exec(
        db::sql!(
            "insert into capture (id, payment_id, order_id, kind, amount_minor, state, created_at)
             values ($1, $2, $3, $4, $5, 'pending', $6)"
        ),
        params![id, payment.id, payment.order, kind, amount, ctx.now()],
    )
    .await?;
    let verb = if kind == "void" { "payment.void" } else { "payment.capture" };
    let deed = Deed::new(verb, "payment", payment.id.uuid())
        .was(json!({ "state": payment.state.as_str(), "captured_minor": payment.captured_minor }))
        .is(json!({ "amount_minor": amount, "capture": id }));
    work::audit(tx, ctx, &deed).await?;
    Ok(id)
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
) -> Result<CaptureId, Error> {
    let b = locked(tx, payment).await?;
    let p = &b.payment;
    if !p.state.is_open() || !p.provider_captures() {
        return Err(Error::NotAllowed { state: p.state, action: "captured" });
    }
    if b.letting_go {
        return Err(Error::NotAllowed { state: p.state, action: "captured while it is being let go" });
    }
    let left = b.free_minor();
    if amount_minor <= 0 || amount_minor > left {
        let money = |n| Money::new(n, p.currency);
        return Err(Error::TooMuch { wanted: money(amount_minor), left: money(left), action: "captured" });
    }
    begin(tx, ctx, p, "capture", amount_minor).await
}

/// Writes down that whatever was not taken shall be let go; also of an undecided attempt.
///
/// # Errors
/// [`Error::NotAllowed`], also while something of it is on its way.
pub async fn begin_void(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<CaptureId, Error> {
    let b = locked(tx, payment).await?;
    let p = &b.payment;
    let action = if b.letting_go {
        "voided twice"
    } else if b.taking_minor + b.giving_up_minor > 0 {
        "voided while something of it is on its way"
    } else if next(p.state, Action::LetGo).is_none() {
        "voided"
    } else {
        return begin(tx, ctx, p, "void", p.open_minor()).await;
    };
    Err(Error::NotAllowed { state: p.state, action })
}

/// Writes down that the provider is told to let go of what will never be taken, once nothing is open any more: refunds
/// let go of it in our books only. `None` when it holds nothing, or knows.
///
/// # Errors
/// [`Error::NotFound`], the database's.
pub async fn begin_release(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<Option<CaptureId>, Error> {
    let b = locked(tx, payment).await?;
    if !b.is_held_for_nothing() {
        return Ok(None);
    }
    begin(tx, ctx, &b.payment, "void", b.payment.let_go_minor).await.map(Some)
}

/// The provider says yes to an attempt that we had ended: our request arrived there after we had let it go, or given
/// it up. Writes the void that gives the money back. `None` when it is no such attempt, or is being let go already.
///
/// # Errors
/// [`Error::NotFound`], the database's.
pub async fn came_late(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    reference: &str,
) -> Result<Option<CaptureRow>, Error> {
    let b = locked(tx, payment).await?;
    if !b.payment.ended_without_money() || b.letting_go {
        return Ok(None);
    }
    let amount = b.payment.amount_minor;
    event(tx, ctx, payment, "came_late", amount, reference).await?;
    let id = begin(tx, ctx, &b.payment, "void", amount).await?;
    capture_of(tx, id).await.map(Some)
}

/// Lets go of an attempt with nobody to ask (terms).
///
/// # Errors
/// [`Error::NotAllowed`].
pub async fn void_now(tx: &mut Tx, ctx: &Ctx, payment: PaymentId) -> Result<(), Error> {
    let p = find::lock(tx, payment).await?;
    if next(p.state, Action::LetGo).is_none() {
        return Err(Error::NotAllowed { state: p.state, action: "voided" });
    }
    let deed = Deed::new("payment.void", "payment", payment.uuid())
        .was(json!({ "state": p.state.as_str(), "captured_minor": p.captured_minor }))
        .is(json!({ "amount_minor": p.open_minor() }));
    work::audit(tx, ctx, &deed).await?;
    let_go(tx, ctx, &p, p.open_minor()).await
}

/// Nothing more of it will be taken. An attempt of which nothing is open, or which ended without money, stays as it is:
/// the provider was only told again.
async fn let_go(tx: &mut Tx, ctx: &Ctx, p: &PaymentRow, amount: i64) -> Result<(), Error> {
    if let Some(to) = next(p.state, Action::LetGo) {
        let open = if p.state.is_open() { p.open_minor() } else { 0 };
        tx.exec(
            db::sql!(
                "update payment set state = $2, let_go_minor = let_go_minor + $3, ask_at = null,
                     decided_at = coalesce(decided_at, $4), updated_at = $4 where id = $1"
            ),
            params![p.id, to, open, ctx.now()],
        )
        .await?;
    }
    event(tx, ctx, p.id, "voided", amount, "").await
}

/// Money that came by terms, as staff say.
pub(crate) async fn add_paid(tx: &mut Tx, ctx: &Ctx, b: &Balance, amount_minor: i64) -> Result<(), Error> {
    let (p, left) = (&b.payment, b.free_minor());
    let money = |n| Money::new(n, p.currency);
    if amount_minor <= 0 || amount_minor > left {
        return Err(Error::TooMuch { wanted: money(amount_minor), left: money(left), action: "taken" });
    }
    add_captured(tx, ctx, p, amount_minor).await
}

/// Adds to what was taken. What the provider took is taken, whatever we thought was left: then less was let go than we
/// believed.
async fn add_captured(tx: &mut Tx, ctx: &Ctx, p: &PaymentRow, amount_minor: i64) -> Result<(), Error> {
    let whole = p.captured_minor + p.let_go_minor + p.open_minor();
    let captured = p.captured_minor + amount_minor;
    let let_go = p.let_go_minor.min((whole - captured).max(0));
    let action = match (p.state.is_open(), captured + let_go >= whole) {
        (false, _) => Action::TakeLate,
        (true, true) => Action::CaptureRest,
        (true, false) => Action::CaptureSome,
    };
    let to = next(p.state, action).ok_or(Error::NotAllowed { state: p.state, action: "captured" })?;
    tx.exec(
        db::sql!(
            "update payment set state = $2, captured_minor = $3, let_go_minor = $4, updated_at = $5 where id = $1"
        ),
        params![p.id, to, captured, let_go, ctx.now()],
    )
    .await?;
    Ok(())
}

/// Records a provider's answer to a capture or void. `None` when it is not decided, or was before. A yes is always
/// recorded; one that our books did not expect raises an alert.
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
    let p = find::lock(tx, row.payment).await?;
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
    match (state, row.kind.as_str()) {
        ("succeeded", "void") => let_go(tx, ctx, &p, row.amount_minor).await?,
        ("succeeded", _) => {
            if !p.state.is_open() || row.amount_minor > p.open_minor() {
                let money = |n| Money::new(n, p.currency).shown("en");
                let text = format!(
                    "The provider took {}, but only {} were open: compare with the provider's books",
                    money(row.amount_minor),
                    money(if p.state.is_open() { p.open_minor() } else { 0 })
                );
                work::alerts::raise(tx, ctx, &format!("taken:{id}"), &text, Some(row.order.uuid())).await?;
            }
            add_captured(tx, ctx, &p, row.amount_minor).await?;
            event(tx, ctx, p.id, "captured", row.amount_minor, reference).await?;
        }
        (_, kind) => event(tx, ctx, p.id, &format!("{kind}_failed"), row.amount_minor, error).await?,
    }
    Ok(Some(CaptureRow { state: state.to_owned(), ..row }))
}
