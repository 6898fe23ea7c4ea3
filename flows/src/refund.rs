//! Giving money back, by line, with goods back on the shelf: intend, call, record.

use std::time::Duration;

use async_trait::async_trait;
use db::{Tx, Unit};
use inventory::Reason;
use kernel::{Ctx, LocationId, Money, OrderId, OrderLineId, Permit, RefundId, perms};
use orders::{LineKind, LineRow};
use payments::ports::{Answer, Question};
use payments::{NewRefund, NewRefundLine, RefundRow};
use serde::{Deserialize, Serialize};
use work::{Handler, Job, Mode, NewTask, News, Outcome, TaskError};

use crate::{Error, Once, Shop};

/// What staff give back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refund {
    /// Of which order.
    pub order: OrderId,
    /// Which goods.
    pub lines: Vec<RefundItem>,
    /// Of the shipping, gross, in minor units.
    #[serde(default)]
    pub shipping_minor: i64,
    /// Goodwill on top; below zero less than the goods were worth.
    #[serde(default)]
    pub adjustment_minor: i64,
    /// Why; the customer reads it.
    #[serde(default)]
    pub reason: String,
}

/// A line of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefundItem {
    /// Which line.
    pub line: OrderLineId,
    /// Sold units.
    pub quantity: i64,
    /// Where goods that had left go back on the shelf; none leaves them away. What had not left goes back by itself.
    #[serde(default)]
    pub restock: Option<LocationId>,
}

/// What a refund would come to. Minor units.
#[derive(Debug, Clone, Serialize)]
pub struct RefundPreview {
    /// For goods.
    pub goods_minor: i64,
    /// For shipping.
    pub shipping_minor: i64,
    /// Goodwill.
    pub adjustment_minor: i64,
    /// Of all that, tax.
    pub tax_minor: i64,
    /// Altogether.
    pub amount_minor: i64,
    /// The most that can be given back.
    pub most_minor: i64,
    /// The most of it for shipping.
    pub shipping_most_minor: i64,
}

/// A refund worked out: the same for preview and commit.
struct Plan {
    payment: payments::PaymentRow,
    lines: Vec<PlannedLine>,
    goods_minor: i64,
    tax_minor: i64,
    most_minor: i64,
    shipping_most_minor: i64,
}

struct PlannedLine {
    row: LineRow,
    quantity: i64,
    /// Of them, not shipped yet.
    unshipped: i64,
    restock: Option<LocationId>,
    worth: (i64, i64, i64),
}

async fn plan(tx: &mut Tx, input: &Refund) -> Result<Plan, Error> {
    let lines = orders::lines(tx, input.order).await?;
    let refunded = payments::refunded_of_lines(tx, input.order).await?;
    let requests = warehouse::lines_of(tx, input.order).await?;
    let mut planned: Vec<PlannedLine> = vec![];
    for item in input.lines.iter().filter(|i| i.quantity != 0) {
        let row = lines
            .iter()
            .find(|l| l.id == item.line && l.kind == LineKind::Item)
            .ok_or_else(|| invalid("lines", "This line is not on the order."))?
            .clone();
        let gone = refunded.iter().find(|(l, ..)| *l == row.id).map_or(0, |(_, q, _)| *q);
        if item.quantity < 0
            || item.quantity > row.quantity - gone
            || planned.iter().any(|p| p.row.id == row.id)
        {
            let left = row.quantity - gone;
            return Err(invalid("quantity", &format!("Of '{}' {left} can be refunded.", row.title)));
        }
        let unshipped: i64 =
            requests.iter().filter(|r| r.line == row.id).map(warehouse::FulfilmentLine::left).sum();
        let worth = row.worth(gone, gone + item.quantity);
        planned.push(PlannedLine {
            quantity: item.quantity,
            unshipped: unshipped.min(item.quantity),
            restock: item.restock,
            worth,
            row,
        });
    }
    let payments = payments::of_order(tx, input.order).await?;
    let back = payments::refunds_of(tx, input.order).await?;
    let live = |r: &&RefundRow| r.state != "failed";
    let on_the_way: i64 = back.iter().filter(|r| r.state == "pending").map(|r| r.from_captured_minor).sum();
    let payment =
        payments.into_iter().rev().find(|p| p.captured_minor > 0 || p.state.is_open()).ok_or_else(|| {
            Error::Conflict("Nothing was paid for this order that could be given back.".to_owned())
        })?;
    let open = if payment.state.is_open() { payment.open_minor() } else { 0 };
    let most_minor = payment.captured_minor - payment.refunded_minor - on_the_way + open;
    let shipping: Vec<&LineRow> = lines.iter().filter(|l| l.kind == LineKind::Shipping).collect();
    let shipping_gross: i64 = shipping.iter().map(|l| l.gross_minor).sum();
    let shipping_back: i64 = back.iter().filter(live).map(|r| r.shipping_minor).sum();
    let shipping_tax = shipping.first().map_or(0, |l| l.rate.within(input.shipping_minor));
    if input.shipping_minor < 0 || input.shipping_minor > shipping_gross - shipping_back {
        let most = Money::new(shipping_gross - shipping_back, payment.currency);
        return Err(invalid(
            "shipping",
            &format!("Of the shipping at most {} can be refunded.", most.shown("en")),
        ));
    }
    Ok(Plan {
        goods_minor: planned.iter().map(|l| l.worth.2).sum(),
        tax_minor: planned.iter().map(|l| l.worth.1).sum::<i64>() + shipping_tax,
        lines: planned,
        most_minor,
        shipping_most_minor: shipping_gross - shipping_back,
        payment,
    })
}

fn invalid(field: &'static str, message: &str) -> Error {
    Error::Invalid { field, message: message.to_owned() }
}

/// What the refund would come to; writes nothing.
///
/// # Errors
/// As [`refund`].
pub async fn preview_refund(
    tx: &mut Tx,
    _: &Permit<perms::OrdersRefund>,
    input: &Refund,
) -> Result<RefundPreview, Error> {
    let plan = plan(tx, input).await?;
    Ok(RefundPreview {
        goods_minor: plan.goods_minor,
        shipping_minor: input.shipping_minor,
        adjustment_minor: input.adjustment_minor,
        tax_minor: plan.tax_minor,
        amount_minor: plan.goods_minor + input.shipping_minor + input.adjustment_minor,
        most_minor: plan.most_minor,
        shipping_most_minor: plan.shipping_most_minor,
    })
}

/// The kind of task that refunds.
pub const KIND: &str = "payments.refund";
/// How long the request has it before a worker takes over.
const LEASE: Duration = Duration::from_secs(30);

/// Gives money back. Goods that had not left are free again; goods that had go back on the shelf where staff say so.
///
/// # Errors
/// [`Error::Invalid`], [`payments::Error::TooMuch`], [`Error::Conflict`].
pub async fn refund(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersRefund>,
    input: Refund,
) -> Result<RefundRow, Error> {
    refund_once(shop, ctx, permit, input, None).await
}

/// The same for a request that may come twice: a repeat makes nothing, and tells how the first one stands.
///
/// # Errors
/// As [`refund`]; [`work::Error::KeyReused`].
pub async fn refund_once(
    shop: &Shop,
    ctx: &Ctx,
    _: &Permit<perms::OrdersRefund>,
    input: Refund,
    once: Option<Once>,
) -> Result<RefundRow, Error> {
    let c = ctx.clone();
    let (row, job) = shop
        .db
        .write(Unit::named("begin_refund"), async move |tx: &mut Tx| {
            if let Some(made) = Once::found(once.as_ref(), tx).await? {
                return Ok((payments::refund(tx, RefundId::from_uuid(made)).await?, None));
            }
            let (row, job) = begin(tx, &c, &input).await?;
            Once::keep(once.as_ref(), tx, &c, row.id.uuid()).await?;
            Ok::<_, Error>((row, job))
        })
        .await?;
    if let Some(job) = job {
        carry_out(shop, ctx, row.id, job, false).await?;
    }
    shop.db.read(async |tx: &mut Tx| Ok(payments::refund(tx, row.id).await?)).await
}

async fn begin(tx: &mut Tx, ctx: &Ctx, input: &Refund) -> Result<(RefundRow, Option<Job>), Error> {
    if input.reason.chars().count() > 1_000 {
        return Err(invalid("reason", "The reason has at most 1,000 letters."));
    }
    let plan = plan(tx, input).await?;
    let id: RefundId = ctx.id();
    let new = NewRefund {
        id,
        order: input.order,
        payment: plan.payment.id,
        goods_minor: plan.goods_minor,
        shipping_minor: input.shipping_minor,
        adjustment_minor: input.adjustment_minor,
        tax_minor: plan.tax_minor,
        reason: input.reason.trim().to_owned(),
        lines: plan
            .lines
            .iter()
            .map(|l| NewRefundLine {
                line: l.row.id,
                quantity: l.quantity,
                net_minor: l.worth.0,
                tax_minor: l.worth.1,
                gross_minor: l.worth.2,
                restocked: if l.restock.is_some() { l.quantity - l.unshipped } else { 0 },
                location: l.restock,
            })
            .collect(),
    };
    let row = payments::begin_refund(tx, ctx, &new).await?;
    for line in &plan.lines {
        goods_back(tx, ctx, input.order, line, id).await?;
    }
    let amount = Money::new(row.amount_minor, row.currency).shown("en");
    let pieces: i64 = plan.lines.iter().map(|l| l.quantity).sum();
    let noun = if pieces == 1 { "piece" } else { "pieces" };
    let text = match (pieces, row.reason.as_str()) {
        (0, "") => format!("{amount} refunded"),
        (0, why) => format!("{amount} refunded: {why}"),
        (n, "") => format!("{amount} refunded for {n} {noun}"),
        (n, why) => format!("{amount} refunded for {n} {noun}: {why}"),
    };
    orders::note(tx, ctx, input.order, "refunded", &text, &serde_json::json!({ "refund": id })).await?;
    if row.state == "succeeded" {
        tell(tx, ctx, &row).await?;
        return Ok((row, None));
    }
    let task = NewTask {
        kind: KIND,
        key: id.to_string(),
        mode: Mode::Tell,
        subject: Some(id.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    let job = work::enqueue_leased(tx, ctx, &task, LEASE).await?;
    Ok((row, Some(job)))
}

async fn goods_back(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: &PlannedLine,
    refund: RefundId,
) -> Result<(), Error> {
    let Some(variant) = line.row.variant else { return Ok(()) };
    if line.unshipped > 0 {
        warehouse::cancel_line(tx, ctx, order, line.row.id, line.unshipped).await?;
        orders::cancel_lines(tx, &[(line.row.id, line.unshipped)]).await?;
        inventory::release_line(tx, ctx, order, line.row.id, variant, line.unshipped).await?;
    }
    let left = line.quantity - line.unshipped;
    if let (Some(location), true) = (line.restock, left > 0) {
        inventory::receive(tx, ctx, variant, location, left, Reason::Returned, refund.uuid()).await?;
    }
    Ok(())
}

async fn tell(tx: &mut Tx, ctx: &Ctx, row: &RefundRow) -> Result<(), Error> {
    let news = News {
        kind: "OrderRefunded",
        subject: row.order.uuid(),
        data: serde_json::json!({ "refund": row.id }),
    };
    work::tell(tx, ctx, &news).await?;
    Ok(())
}

/// Writes down that all that was taken goes back: within a cancellation. One refund for whatever is left.
pub(crate) async fn refund_rest(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: &payments::PaymentRow,
    reason: &str,
) -> Result<Option<RefundRow>, Error> {
    let on_the_way: i64 = payments::refunds_of(tx, payment.order)
        .await?
        .iter()
        .filter(|r| r.state == "pending" && r.payment == payment.id)
        .map(|r| r.from_captured_minor)
        .sum();
    let open = if payment.state.is_open() { payment.open_minor() } else { 0 };
    let rest = payment.captured_minor - payment.refunded_minor - on_the_way + open;
    if rest <= 0 {
        return Ok(None);
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
        lines: vec![],
    };
    let row = payments::begin_refund(tx, ctx, &new).await?;
    if row.state == "pending" {
        let task = NewTask {
            kind: KIND,
            key: row.id.to_string(),
            mode: Mode::Tell,
            subject: Some(row.id.uuid()),
            payload: serde_json::json!({}),
            due_at: ctx.now(),
        };
        work::enqueue(tx, ctx, &task).await?;
    }
    Ok(Some(row))
}

async fn carry_out(shop: &Shop, ctx: &Ctx, id: RefundId, job: Job, asking: bool) -> Result<bool, Error> {
    let (row, payment) = shop
        .db
        .read(async |tx: &mut Tx| {
            let row = payments::refund(tx, id).await?;
            let payment = payments::get(tx, row.payment).await?;
            Ok::<_, Error>((row, payment))
        })
        .await?;
    let provider = shop.provider(&payment.provider)?;
    let earlier = if asking && provider.capabilities().can_ask {
        shop.call(provider.ask(Question::Refund(id))).await?
    } else {
        Answer::Never
    };
    let answer = match earlier {
        Answer::Never => {
            let amount = Money::new(row.from_captured_minor, row.currency);
            shop.call(provider.refund(id, payment.id, amount)).await?
        }
        known => known,
    };
    let (ctx, undecided) =
        (ctx.clone(), !matches!(answer, Answer::Yes { .. } | Answer::Terms { .. } | Answer::No { .. }));
    shop.db
        .write(Unit::named("record_refund").read_committed(), async move |tx: &mut Tx| {
            if let Some(row) = payments::record_refund(tx, &ctx, id, &answer).await? {
                if row.state == "succeeded" {
                    tell(tx, &ctx, &row).await?;
                } else {
                    let amount = Money::new(row.amount_minor, row.currency).shown("en");
                    let text = format!("The provider refused to refund {amount}: {}", row.error);
                    orders::note(tx, &ctx, row.order, "refund_failed", &text, &serde_json::json!({})).await?;
                    work::alerts::raise(tx, &ctx, &format!("refund:{id}"), &text, Some(row.order.uuid()))
                        .await?;
                }
            }
            if !undecided {
                work::finish(tx, &ctx, &job).await?;
            }
            Ok::<_, Error>(!undecided)
        })
        .await
}

/// Does `payments.refund`.
pub struct RefundTask(pub Shop);

#[async_trait]
impl Handler for RefundTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let id: RefundId = job.key.parse()?;
        let row = self.0.db.read(async |tx: &mut Tx| payments::refund(tx, id).await).await?;
        if row.state != "pending" {
            return Ok(Outcome::Done);
        }
        let done = carry_out(&self.0, ctx, id, job.clone(), true).await?;
        Ok(if done {
            Outcome::Recorded
        } else {
            Outcome::Retry { after: Duration::from_secs(30), why: "the provider has not decided".to_owned() }
        })
    }
}
