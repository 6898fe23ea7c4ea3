//! Giving money back.

use db::Tx;
use flows::{Once, RefundItem};
use kernel::perms::{OrdersRead, OrdersRefund};
use kernel::{Ctx, Currency, LocationId, OrderId, OrderLineId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker;
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, OnceKey};
use crate::api::orders::{Refund, refund, refunds};
use crate::api::types::{Amount, read_some};
use crate::{Caller, Error, State};

pub(super) async fn list(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
) -> Result<List<Refund>, Error> {
    let permit = caller.permit::<OrdersRead>()?;
    state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &permit, order).await?;
            let rows = payments::refunds_of(tx, order).await?;
            let of = payments::refund_lines(tx, order).await?;
            Ok(List::whole(refunds(&rows, &of)))
        })
        .await
}

/// What is given back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewRefund {
    lines: Vec<NewRefundLine>,
    /// Of the shipping, gross.
    shipping: Option<Amount>,
    /// Goodwill on top; below zero less than the goods were worth.
    adjustment: Option<Amount>,
    /// The customer reads it.
    reason: String,
}

/// Goods to be refunded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRefundLine {
    #[schema(value_type = String)]
    line: OrderLineId,
    quantity: i64,
    /// Where goods that had left go back on the shelf; missing leaves them away. What had not left is free again.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    restock: Option<LocationId>,
}

impl NewRefund {
    fn read(&self, order: OrderId, currency: Currency) -> Result<flows::Refund, Error> {
        let item = |l: &NewRefundLine| RefundItem { line: l.line, quantity: l.quantity, restock: l.restock };
        Ok(flows::Refund {
            order,
            lines: self.lines.iter().map(item).collect(),
            shipping_minor: read_some(self.shipping.as_ref(), currency, "shipping")?.unwrap_or(0),
            adjustment_minor: read_some(self.adjustment.as_ref(), currency, "adjustment")?.unwrap_or(0),
            reason: self.reason.clone(),
        })
    }
}

/// What a refund would come to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefundPreview {
    goods: Amount,
    shipping: Amount,
    adjustment: Amount,
    /// Of all that.
    tax: Amount,
    amount: Amount,
    /// The most that can be given back.
    most: Amount,
    /// The most of it for shipping.
    shipping_most: Amount,
}

async fn currency_of(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Currency, Error> {
    // who may refund without seeing orders still only reaches their own store's
    let head = match ctx.permit::<OrdersRead>() {
        Ok(permit) => orders::get(tx, &permit, order).await?.0,
        Err(_) => orders::head(tx, order).await?,
    };
    Ok(head.currency)
}

pub(super) async fn preview(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
    Body(input): Body<NewRefund>,
) -> Result<One<RefundPreview>, Error> {
    let permit = caller.permit::<OrdersRefund>()?;
    let (currency, p) = state
        .db()
        .read(async |tx: &mut Tx| {
            let currency = currency_of(tx, &caller.ctx, order).await?;
            let input = input.read(order, currency)?;
            Ok::<_, Error>((currency, flows::preview_refund(tx, &permit, &input).await?))
        })
        .await?;
    let amount = |minor: i64| Amount::of(minor, currency);
    Ok(One::new(RefundPreview {
        goods: amount(p.goods_minor),
        shipping: amount(p.shipping_minor),
        adjustment: amount(p.adjustment_minor),
        tax: amount(p.tax_minor),
        amount: amount(p.amount_minor),
        most: amount(p.most_minor),
        shipping_most: amount(p.shipping_most_minor),
    }))
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
    OnceKey(key): OnceKey,
    Body(input): Body<NewRefund>,
) -> Result<Made<Refund>, Error> {
    let permit = caller.permit::<OrdersRefund>()?;
    let ctx = caller.ctx;
    let currency = state.db().read(async |tx: &mut Tx| currency_of(tx, &ctx, order).await).await?;
    let asked = serde_json::to_string(&input).map_err(Error::internal)?;
    let once = Once::new("api.refund", &asker(&ctx), &key, &format!("{order} {asked}"));
    let new = input.read(order, currency)?;
    let row = flows::refund_once(state.shop(), &ctx, &permit, new, true, Some(once)).await?;
    let of = state.db().read(async |tx: &mut Tx| payments::refund_lines(tx, order).await).await?;
    Ok(Made::new(format!("/admin/orders/{order}/refunds"), refund(&row, &of)))
}
