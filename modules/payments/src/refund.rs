use db::{Tx, params};
use kernel::{Ctx, Currency, LocationId, Money, OrderId, OrderLineId, PaymentId, RefundId, Timestamp};
use serde_json::json;
use work::Deed;

use crate::balance::locked;
use crate::ports::Answer;
use crate::record::event;
use crate::{Action, Error, PaymentRow, find, next};

/// Money to go back.
#[derive(Debug, Clone)]
pub struct NewRefund {
    /// Its id, which is the provider's idempotency key.
    pub id: RefundId,
    /// Of which order.
    pub order: OrderId,
    /// Of which attempt.
    pub payment: PaymentId,
    /// For goods, gross, in minor units.
    pub goods_minor: i64,
    /// For shipping, gross.
    pub shipping_minor: i64,
    /// Goodwill, or less than the goods were worth (below zero).
    pub adjustment_minor: i64,
    /// Of all that, the tax.
    pub tax_minor: i64,
    /// Why.
    pub reason: String,
    /// Is the customer not written to?
    pub quiet: bool,
    /// Which lines.
    pub lines: Vec<NewRefundLine>,
}

/// A line's part of a refund.
#[derive(Debug, Clone)]
pub struct NewRefundLine {
    /// Which.
    pub line: OrderLineId,
    /// Sold units.
    pub quantity: i64,
    /// What they were worth without tax.
    pub net_minor: i64,
    /// Their tax.
    pub tax_minor: i64,
    /// With tax.
    pub gross_minor: i64,
    /// Sold units that had not left, and will not.
    pub given_up: i64,
    /// Sold units put back on the shelf.
    pub restocked: i64,
    /// Where.
    pub location: Option<LocationId>,
}

db::row! {
    /// Money that went or goes back.
    #[derive(Debug, Clone)]
    pub struct RefundRow {
        /// Its id.
        pub id: RefundId,
        /// Of which order.
        pub order: OrderId,
        /// Of which attempt.
        pub payment: PaymentId,
        /// In which currency.
        pub currency: Currency,
        /// Altogether.
        pub amount_minor: i64,
        /// Of what was captured.
        pub from_captured_minor: i64,
        /// Of what will not be captured after all.
        pub from_open_minor: i64,
        /// For shipping.
        pub shipping_minor: i64,
        /// Goodwill.
        pub adjustment_minor: i64,
        /// Of it, tax.
        pub tax_minor: i64,
        /// `pending`, `succeeded`, `failed`.
        pub state: String,
        /// Why.
        pub reason: String,
        /// Is the customer not written to?
        pub quiet: bool,
        /// What the provider said against it.
        pub error: String,
        /// Who gave it.
        pub actor_name: String,
        /// When.
        pub created_at: Timestamp,
        /// On which business day.
        pub created_day: String,
    }
}

pub(crate) const REFUND: &str = "select id, order_id, payment_id, currency, amount_minor, from_captured_minor, from_open_minor,
    shipping_minor, adjustment_minor, tax_minor, state, reason, quiet, error_text, actor_name, created_at, created_day from refund";

/// Writes a refund down. What was captured goes back through the provider; beyond that, what is authorised or due is
/// let go, when the refund succeeds: there is nothing to send back. One that only lets go has succeeded by that. The
/// caller checked the right to, and calls the provider if `from_captured_minor` is not zero.
///
/// # Errors
/// [`Error::TooMuch`]; [`Error::Invalid`] for another order's attempt, or lines that do not sum up to the goods.
pub async fn begin_refund(tx: &mut Tx, ctx: &Ctx, new: &NewRefund) -> Result<RefundRow, Error> {
    let b = locked(tx, new.payment).await?;
    let p = &b.payment;
    if p.order != new.order {
        let message = "This payment is another order's.".to_owned();
        return Err(Error::Invalid { field: "payment", message });
    }
    if new.lines.iter().map(|l| l.gross_minor).sum::<i64>() != new.goods_minor {
        let message = "The lines do not sum up to what the goods come to.".to_owned();
        return Err(Error::Invalid { field: "lines", message });
    }
    let money = |n| Money::new(n, p.currency);
    let amount = new.goods_minor + new.shipping_minor + new.adjustment_minor;
    if amount <= 0 || amount > b.most_minor() {
        let left = money(b.most_minor());
        return Err(Error::TooMuch { wanted: money(amount), left, action: "refunded" });
    }
    // unshipped goods first come off what was not taken yet
    let from_open = amount.min(b.free_minor());
    let from_captured = amount - from_open;
    let state = if from_captured > 0 { "pending" } else { "succeeded" };
    let now = ctx.now();
    tx.exec(
        db::sql!(
            "insert into refund (id, store_id, order_id, payment_id, currency, amount_minor, from_captured_minor,
                 from_open_minor, goods_minor, shipping_minor, adjustment_minor, tax_minor, state, reason, actor_name,
                 created_at, created_day, decided_at, quiet)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        ),
        params![
            new.id,
            ctx.store.id,
            new.order,
            p.id,
            p.currency,
            amount,
            from_captured,
            from_open,
            new.goods_minor,
            new.shipping_minor,
            new.adjustment_minor,
            new.tax_minor,
            state,
            new.reason,
            ctx.actor.name(),
            now,
            ctx.today(),
            (from_captured == 0).then_some(now),
            new.quiet
        ],
    )
    .await?;
    let mut values = Vec::with_capacity(new.lines.len() * 9);
    for l in &new.lines {
        values.extend_from_slice(params![
            new.id,
            l.line,
            l.quantity,
            l.net_minor,
            l.tax_minor,
            l.gross_minor,
            l.given_up,
            l.restocked,
            l.location
        ]);
    }
    if !new.lines.is_empty() {
        tx.insert(
            "insert into refund_line (refund_id, order_line_id, quantity, net_minor, tax_minor, gross_minor, given_up, restocked, location_id) values",
            9,
            &values,
            "",
        )
        .await?;
    }
    if from_captured == 0 {
        let_go(tx, ctx, p, from_open, &new.reason).await?;
    }
    let deed = Deed::new("payment.refund", "payment", p.id.uuid())
        .was(json!({ "captured_minor": p.captured_minor, "refunded_minor": p.refunded_minor }))
        .is(json!({ "refund": new.id, "amount_minor": amount, "from_captured_minor": from_captured }))
        .because(&new.reason);
    work::audit(tx, ctx, &deed).await?;
    get(tx, new.id).await
}

/// A part of what is open will never be taken.
async fn let_go(tx: &mut Tx, ctx: &Ctx, p: &PaymentRow, part: i64, why: &str) -> Result<(), Error> {
    let open = if p.state.is_open() { p.open_minor() } else { 0 };
    let part = part.min(open);
    if part == 0 {
        return Ok(());
    }
    let to = if part < open { Some(p.state) } else { next(p.state, Action::LetGo) };
    let to = to.ok_or(Error::NotAllowed { state: p.state, action: "let go" })?;
    tx.exec(
        db::sql!(
            "update payment set let_go_minor = let_go_minor + $2, state = $3, updated_at = $4 where id = $1"
        ),
        params![p.id, part, to, ctx.now()],
    )
    .await?;
    event(tx, ctx, p.id, "let_go", part, why).await
}

/// One refund.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) async fn get(tx: &mut Tx, id: RefundId) -> Result<RefundRow, Error> {
    tx.opt(&format!("{REFUND} where id = $1"), params![id]).await?.ok_or(Error::NotFound { what: "refund" })
}

/// Records a provider's answer to a refund. `None` when it is not decided, or was before.
///
/// # Errors
/// The database's.
pub async fn record_refund(
    tx: &mut Tx,
    ctx: &Ctx,
    id: RefundId,
    answer: &Answer,
) -> Result<Option<RefundRow>, Error> {
    let (state, reference, error) = match answer {
        Answer::Yes { reference } | Answer::Terms { reference } => ("succeeded", reference.as_str(), ""),
        Answer::No { text, .. } => ("failed", "", text.as_str()),
        Answer::Pending | Answer::Unknown { .. } | Answer::Action { .. } | Answer::Never => return Ok(None),
    };
    let payment = get(tx, id).await?.payment;
    let p = find::lock(tx, payment).await?;
    let n = tx
        .exec(
            db::sql!(
                "update refund set state = $2, provider_ref = $3, error_text = $4, decided_at = $5
                 where id = $1 and state = 'pending'"
            ),
            params![id, state, reference, error, ctx.now()],
        )
        .await?;
    if n == 0 {
        return Ok(None);
    }
    let row = get(tx, id).await?;
    if state == "succeeded" {
        tx.exec(
            db::sql!(
                "update payment set refunded_minor = refunded_minor + $2, updated_at = $3 where id = $1"
            ),
            params![row.payment, row.from_captured_minor, ctx.now()],
        )
        .await?;
        let_go(tx, ctx, &p, row.from_open_minor, &row.reason).await?;
    }
    let kind = if state == "succeeded" { "refunded" } else { "refund_failed" };
    event(
        tx,
        ctx,
        row.payment,
        kind,
        row.from_captured_minor,
        if error.is_empty() { reference } else { error },
    )
    .await?;
    Ok(Some(row))
}

db::row! {
    /// A line's part of a refund.
    #[derive(Debug, Clone)]
    pub struct RefundLineRow {
        /// Of which refund.
        pub refund: RefundId,
        /// Which line.
        pub line: OrderLineId,
        /// Sold units.
        pub quantity: i64,
        /// Gross.
        pub gross_minor: i64,
        /// Sold units that had not left, and will not.
        pub given_up: i64,
        /// Sold units put back on the shelf.
        pub restocked: i64,
        /// Where.
        pub location: Option<LocationId>,
    }
}

/// The lines of an order's refunds.
///
/// # Errors
/// The database's.
pub async fn refund_lines(tx: &mut Tx, order: OrderId) -> Result<Vec<RefundLineRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select l.refund_id, l.order_line_id, l.quantity, l.gross_minor, l.given_up, l.restocked, l.location_id
                 from refund_line l join refund r on r.id = l.refund_id
                 where r.order_id = $1 order by r.created_at, l.order_line_id"
            ),
            params![order],
        )
        .await?)
}

db::row! {
    /// What was refunded of a line already, or is on its way back.
    #[derive(Debug, Clone, Copy)]
    pub struct LineRefunded {
        /// Which line.
        pub line: OrderLineId,
        /// Sold units.
        pub quantity: i64,
        /// Without tax.
        pub net_minor: i64,
        /// With tax.
        pub gross_minor: i64,
        /// Of the units, put back on the shelf.
        pub restocked: i64,
        /// Of the units, not shipped yet and still to be given up: their refund is on its way.
        pub giving_up: i64,
    }
}

/// What was refunded of each line of an order; lines of which nothing was are missing.
///
/// # Errors
/// The database's.
pub async fn refunded_of_lines(tx: &mut Tx, order: OrderId) -> Result<Vec<LineRefunded>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select l.order_line_id, cast(sum(l.quantity) as bigint), cast(sum(l.net_minor) as bigint),
                     cast(sum(l.gross_minor) as bigint), cast(sum(l.restocked) as bigint),
                     cast(coalesce(sum(l.given_up) filter (where r.state = 'pending'), 0) as bigint)
                 from refund_line l join refund r on r.id = l.refund_id
                 where r.order_id = $1 and r.state <> 'failed' group by l.order_line_id"
            ),
            params![order],
        )
        .await?)
}
