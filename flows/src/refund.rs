//! Giving money back, by line, with goods back on the shelf: intend, call, record.

use db::{Tx, Unit};
use kernel::{Ctx, Money, OrderId, Permit, RefundId, perms};
use orders::OrderState;
use payments::{Balance, NewRefund, NewRefundLine, RefundLineRow, RefundRow};
use work::{Job, News};

use crate::errand::Errand;
use crate::refund_plan::{invalid, plan};
use crate::{Error, Once, Refund, Shop, capture};

/// Gives money back. When the provider has done so (and not before: it may refuse), goods that had not left are free
/// again, and goods that had go back on the shelf where staff say so.
///
/// # Errors
/// [`Error::Invalid`], [`payments::Error::TooMuch`], [`Error::Conflict`]; [`orders::Error::NotFound`], also outside the
/// permit's channels.
pub async fn refund(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersRefund>,
    input: Refund,
) -> Result<RefundRow, Error> {
    refund_once(shop, ctx, permit, input, true, None).await
}

/// The same for a request that may come twice: a repeat makes nothing, and tells how the first one stands. `notify`:
/// the customer is written to.
///
/// # Errors
/// As [`refund`]; [`work::Error::KeyReused`].
pub async fn refund_once(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersRefund>,
    input: Refund,
    notify: bool,
    once: Option<Once>,
) -> Result<RefundRow, Error> {
    crate::goods::restock_within(permit, &input)?;
    let (c, permit) = (ctx.clone(), permit.clone());
    let (row, job) = shop
        .db
        .write(Unit::named("begin_refund"), async move |tx: &mut Tx| {
            orders::head_within(tx, &permit, input.order).await?;
            if let Some(made) = Once::found(once.as_ref(), tx).await? {
                return Ok((payments::refund(tx, RefundId::from_uuid(made)).await?, None));
            }
            let (row, job) = begin(tx, &c, &input, notify).await?;
            Once::keep(once.as_ref(), tx, &c, row.id.uuid()).await?;
            Ok::<_, Error>((row, job))
        })
        .await?;
    if let Some(job) = job {
        Errand::Refund(row.id).run(shop, ctx, &job, false).await?;
    }
    shop.db.read(async |tx: &mut Tx| Ok(payments::refund(tx, row.id).await?)).await
}

async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    input: &Refund,
    notify: bool,
) -> Result<(RefundRow, Option<Job>), Error> {
    if input.reason.chars().count() > 1_000 {
        return Err(invalid("reason", "The reason has at most 1,000 letters."));
    }
    let plan = plan(tx, input).await?;
    let id: RefundId = ctx.id();
    let new = NewRefund {
        id,
        order: input.order,
        payment: plan.balance.payment.id,
        goods_minor: plan.goods_minor,
        shipping_minor: input.shipping_minor,
        adjustment_minor: input.adjustment_minor,
        tax_minor: plan.tax_minor,
        reason: input.reason.trim().to_owned(),
        quiet: !notify,
        lines: plan
            .lines
            .iter()
            .map(|l| NewRefundLine {
                line: l.row.id,
                quantity: l.quantity,
                net_minor: l.worth.0,
                tax_minor: l.worth.1,
                gross_minor: l.worth.2,
                given_up: l.given_up,
                restocked: l.restocked,
                location: l.restock,
            })
            .collect(),
    };
    let row = payments::begin_refund(tx, ctx, &new).await?;
    let amount = Money::new(row.amount_minor, row.currency).shown("en");
    let pieces: i64 = plan.lines.iter().map(|l| l.quantity).sum();
    let noun = if pieces == 1 { "piece" } else { "pieces" };
    let text = match (pieces, row.reason.as_str()) {
        (0, "") => format!("{amount} refunded"),
        (0, why) => format!("{amount} refunded: {why}"),
        (n, "") => format!("{amount} refunded for {n} {noun}"),
        (n, why) => format!("{amount} refunded for {n} {noun}: {why}"),
    };
    let data = serde_json::json!({
        "refund": id, "amount_minor": row.amount_minor, "currency": row.currency, "pieces": pieces,
        "reason": row.reason,
    });
    orders::note(tx, ctx, input.order, "refunded", &text, &data).await?;
    if row.state == "succeeded" {
        after(tx, ctx, &row).await?;
        return Ok((row, None));
    }
    let job = Errand::Refund(id).mine(tx, ctx).await?;
    Ok((row, Some(job)))
}

/// What follows when it is known how a refund ended.
pub(crate) async fn after(tx: &mut Tx, ctx: &Ctx, row: &RefundRow) -> Result<(), Error> {
    if row.state == "succeeded" {
        let lines = payments::refund_lines(tx, row.order).await?;
        for line in lines.iter().filter(|l| l.refund == row.id) {
            goods_back(tx, ctx, row.order, line).await?;
        }
        capture::release_soon(tx, ctx, row.payment).await?;
        let kind = if row.quiet { "OrderRefundedQuietly" } else { "OrderRefunded" };
        return tell(tx, ctx, row, kind).await;
    }
    let amount = Money::new(row.amount_minor, row.currency).shown("en");
    let text = format!("The provider refused to refund {amount}: {}", row.error);
    let data = serde_json::json!({
        "refund": row.id, "amount_minor": row.amount_minor, "currency": row.currency, "why": row.error,
    });
    orders::note(tx, ctx, row.order, "refund_failed", &text, &data).await?;
    work::alerts::raise(tx, ctx, &format!("refund:{}", row.id), &text, Some(row.order.uuid())).await?;
    tell(tx, ctx, row, "OrderRefundFailed").await
}

async fn goods_back(tx: &mut Tx, ctx: &Ctx, order: OrderId, line: &RefundLineRow) -> Result<(), Error> {
    let lines = orders::lines(tx, order).await?;
    let Some(variant) = lines.iter().find(|l| l.id == line.line).and_then(|l| l.variant) else {
        return Ok(());
    };
    // an order that was called off meanwhile gave up all that it held
    let held = orders::head(tx, order).await?.state != OrderState::Cancelled;
    if line.given_up > 0 && held {
        let parts = warehouse::cancel_line(tx, ctx, order, line.line, line.given_up).await?;
        orders::cancel_lines(tx, &[(line.line, line.given_up)]).await?;
        for (location, quantity) in parts {
            inventory::release_line(tx, ctx, order, line.line, location, quantity).await?;
        }
    }
    if let (Some(location), true) = (line.location, line.restocked > 0) {
        let cause = line.refund.uuid();
        inventory::restock(tx, ctx, order, line.line, variant, location, line.restocked, cause).await?;
    }
    Ok(())
}

async fn tell(tx: &mut Tx, ctx: &Ctx, row: &RefundRow, kind: &'static str) -> Result<(), Error> {
    let data = serde_json::json!({ "refund": row.id });
    work::tell(tx, ctx, &News { kind, subject: row.order.uuid(), data }).await?;
    Ok(())
}

/// Writes down that all that was taken goes back, and the rest is let go: within a cancellation. One refund for
/// whatever is left.
pub(crate) async fn refund_rest(
    tx: &mut Tx,
    ctx: &Ctx,
    balance: &Balance,
    reason: &str,
) -> Result<(), Error> {
    let (payment, rest) = (&balance.payment, balance.most_minor());
    if rest <= 0 {
        return Ok(());
    }
    let new = NewRefund {
        id: ctx.id(),
        order: payment.order,
        payment: payment.id,
        goods_minor: 0,
        shipping_minor: 0,
        adjustment_minor: rest,
        tax_minor: 0,
        reason: reason.to_owned(),
        quiet: false,
        lines: vec![],
    };
    let row = payments::begin_refund(tx, ctx, &new).await?;
    if row.state == "pending" {
        Errand::Refund(row.id).soon(tx, ctx).await
    } else {
        capture::release_soon(tx, ctx, row.payment).await
    }
}
