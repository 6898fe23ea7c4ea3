//! What a refund comes to, and which goods it is about: the same for the preview and the deed.

use db::Tx;
use kernel::{LocationId, Money, OrderId, OrderLineId, Permit, perms};
use orders::{LineKind, LineRow};
use payments::{Balance, LineRefunded, RefundRow};
use serde::{Deserialize, Serialize};
use warehouse::FulfilmentLine;

use crate::Error;

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

/// A refund worked out.
pub(crate) struct Plan {
    pub(crate) balance: Balance,
    pub(crate) lines: Vec<PlannedLine>,
    pub(crate) goods_minor: i64,
    pub(crate) tax_minor: i64,
    shipping_most_minor: i64,
}

/// A line of it.
pub(crate) struct PlannedLine {
    pub(crate) row: LineRow,
    /// Sold units.
    pub(crate) quantity: i64,
    /// Of them, not shipped yet: they never will be.
    pub(crate) given_up: i64,
    /// Of them, shipped, and back on the shelf.
    pub(crate) restocked: i64,
    /// Where.
    pub(crate) restock: Option<LocationId>,
    /// Net, tax, gross.
    pub(crate) worth: (i64, i64, i64),
}

/// What the next units of a line are worth: net, tax and gross. It is what so many units are worth less what went back
/// already, so that the last refund makes it whole to the cent, also after one that failed.
pub fn worth_of(line: &LineRow, back: Option<&LineRefunded>, quantity: i64) -> (i64, i64, i64) {
    let (gone, net_gone, gross_gone) = back.map_or((0, 0, 0), |b| (b.quantity, b.net_minor, b.gross_minor));
    let (net, gross) = line.upto(gone + quantity);
    let (net, gross) = (net - net_gone, gross - gross_gone);
    (net, gross - net, gross)
}

/// Works a refund out, from what is current.
pub(crate) async fn plan(tx: &mut Tx, input: &Refund) -> Result<Plan, Error> {
    let rows = orders::lines(tx, input.order).await?;
    let refunded = payments::refunded_of_lines(tx, input.order).await?;
    let requests = warehouse::lines_of(tx, input.order).await?;
    let mut lines: Vec<PlannedLine> = vec![];
    for item in input.lines.iter().filter(|i| i.quantity != 0) {
        let row = rows
            .iter()
            .find(|l| l.id == item.line && l.kind == LineKind::Item)
            .ok_or_else(|| invalid("lines", "This line is not on the order."))?;
        if lines.iter().any(|l| l.row.id == row.id) {
            return Err(invalid("lines", "This line stands there twice."));
        }
        let back = refunded.iter().find(|b| b.line == row.id);
        let of: Vec<&FulfilmentLine> = requests.iter().filter(|r| r.line == row.id).collect();
        lines.push(planned(item, row, back, &of)?);
    }
    let payments = payments::of_order(tx, input.order).await?;
    let payment =
        payments.into_iter().rev().find(|p| p.captured_minor > 0 || p.state.is_open()).ok_or_else(|| {
            Error::Conflict("Nothing was paid for this order that could be given back.".to_owned())
        })?;
    let balance = payments::balance(tx, payment.id).await?;
    let live = |r: &&RefundRow| r.state != "failed";
    let back: Vec<RefundRow> = payments::refunds_of(tx, input.order).await?;
    let shipping: Vec<&LineRow> = rows.iter().filter(|l| l.kind == LineKind::Shipping).collect();
    let shipping_gross: i64 = shipping.iter().map(|l| l.gross_minor).sum();
    let shipping_back: i64 = back.iter().filter(live).map(|r| r.shipping_minor).sum();
    let shipping_tax = shipping.first().map_or(0, |l| l.rate.within(input.shipping_minor));
    let shipping_most_minor = shipping_gross - shipping_back;
    if input.shipping_minor < 0 || input.shipping_minor > shipping_most_minor {
        let most = Money::new(shipping_most_minor, balance.payment.currency).shown("en");
        return Err(invalid("shipping", &format!("Of the shipping at most {most} can be refunded.")));
    }
    Ok(Plan {
        goods_minor: lines.iter().map(|l| l.worth.2).sum(),
        tax_minor: lines.iter().map(|l| l.worth.1).sum::<i64>() + shipping_tax,
        lines,
        balance,
        shipping_most_minor,
    })
}

fn planned(
    item: &RefundItem,
    row: &LineRow,
    back: Option<&LineRefunded>,
    requests: &[&FulfilmentLine],
) -> Result<PlannedLine, Error> {
    let (gone, giving_up, restocked) = back.map_or((0, 0, 0), |b| (b.quantity, b.giving_up, b.restocked));
    let left = row.quantity - gone;
    if item.quantity < 0 || item.quantity > left {
        return Err(invalid("quantity", &format!("Of '{}' {left} can be refunded.", row.title)));
    }
    let inside = requests.iter().map(|r| r.left()).sum::<i64>() - giving_up;
    // what needs no parcel left with the sale
    let shipped: i64 =
        if row.requires_shipping { requests.iter().map(|r| r.shipped).sum() } else { row.quantity };
    // where something comes back, it is what had left; else what has not left is kept in
    let given_up = match item.restock {
        Some(_) => item.quantity - item.quantity.min(left - inside),
        None => item.quantity.min(inside),
    };
    let restocked = match item.restock {
        Some(_) => (item.quantity - given_up).min(shipped - restocked).max(0),
        None => 0,
    };
    Ok(PlannedLine {
        quantity: item.quantity,
        given_up,
        restocked,
        restock: item.restock,
        worth: worth_of(row, back, item.quantity),
        row: row.clone(),
    })
}

pub(crate) fn invalid(field: &'static str, message: &str) -> Error {
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
        most_minor: plan.balance.most_minor(),
        shipping_most_minor: plan.shipping_most_minor,
    })
}
