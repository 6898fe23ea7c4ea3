//! A parcel leaves: off the shelf, counted, paid for, told.

use db::{Tx, Unit};
use kernel::{Ctx, FulfilmentLineId, FulfilmentOrderId, OrderId, Permit, ShipmentId, perms};
use orders::LineKind;
use serde::{Deserialize, Serialize};
use warehouse::{NewShipment, ShipmentRow};
use work::News;

use crate::{CapturePolicy, CaptureWhen, Error, Once, Shop, capture};

/// What staff put into the parcel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ship {
    /// Which request.
    pub fulfilment: FulfilmentOrderId,
    /// Which lines, how many sold units of each.
    pub lines: Vec<(FulfilmentLineId, i64)>,
    /// Who carries it.
    #[serde(default)]
    pub carrier: String,
    /// The carrier's number.
    #[serde(default)]
    pub tracking_number: String,
    /// Where to follow it; made from the carrier and number when empty.
    #[serde(default)]
    pub tracking_url: String,
    /// Shall the customer be written to?
    #[serde(default = "yes")]
    pub notify: bool,
}

fn yes() -> bool {
    true
}

/// Ships; takes money for what leaves where the shop's policy says so (a worker does).
///
/// # Errors
/// [`warehouse::Error`], [`inventory::Error::NotCommitted`]; [`Error::Conflict`] while the order is on hold.
pub async fn ship(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    input: Ship,
) -> Result<ShipmentRow, Error> {
    ship_once(shop, ctx, permit, input, None).await
}

/// The same for a request that may come twice: a repeat ships nothing, and tells of the first one's shipment.
///
/// # Errors
/// As [`ship`]; [`work::Error::KeyReused`].
pub async fn ship_once(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    input: Ship,
    once: Option<Once>,
) -> Result<ShipmentRow, Error> {
    let (ctx, permit) = (ctx.clone(), permit.clone());
    shop.db
        .write(Unit::named("ship"), async move |tx: &mut Tx| {
            if let Some(made) = Once::found(once.as_ref(), tx).await? {
                return Ok(warehouse::shipment(tx, ShipmentId::from_uuid(made)).await?);
            }
            let shipment = ship_in(tx, &ctx, &permit, &input).await?;
            Once::keep(once.as_ref(), tx, &ctx, shipment.id.uuid()).await?;
            Ok::<_, Error>(shipment)
        })
        .await
}

async fn ship_in(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    input: &Ship,
) -> Result<ShipmentRow, Error> {
    let new = NewShipment {
        id: ctx.id(),
        fulfilment: input.fulfilment,
        lines: input.lines.clone(),
        carrier: input.carrier.clone(),
        tracking_number: input.tracking_number.clone(),
        tracking_url: input.tracking_url.clone(),
    };
    let shipment = warehouse::ship(tx, ctx, permit, &new).await?;
    let order = orders::head_within(tx, permit, shipment.order).await?;
    if let Some(why) = &order.hold {
        return Err(Error::Conflict(format!("The order is on hold: {why}. Let it go on first.")));
    }
    let lines = warehouse::lines_of(tx, order.id).await?;
    keep_what_is_given_up(tx, order.id, &lines).await?;
    let mut pieces = 0;
    for (id, quantity) in input.lines.iter().filter(|(_, q)| *q > 0) {
        let Some(line) = lines.iter().find(|l| l.id == *id) else { continue };
        inventory::ship(
            tx,
            ctx,
            order.id,
            line.line,
            line.variant,
            shipment.location,
            *quantity,
            shipment.id.uuid(),
        )
        .await?;
        pieces += quantity;
    }
    let by = match (shipment.carrier.as_str(), shipment.tracking_number.as_str()) {
        ("", "") => String::new(),
        (carrier, "") => format!(" with {carrier}"),
        ("", number) => format!(", {number}"),
        (carrier, number) => format!(" with {carrier}, {number}"),
    };
    let text = format!("{pieces} {} shipped{by}", if pieces == 1 { "piece" } else { "pieces" });
    let data = serde_json::json!({
        "shipment": shipment.id, "pieces": pieces, "carrier": shipment.carrier, "number": shipment.tracking_number,
    });
    orders::note(tx, ctx, order.id, "shipped", &text, &data).await?;
    let policy: CapturePolicy = site::setting(tx, ctx.store.id).await?;
    if policy.when == CaptureWhen::Shipped {
        take_for_shipped(tx, ctx, order.id).await?;
    }
    let news = News {
        kind: if input.notify { "OrderShipped" } else { "OrderShippedQuietly" },
        subject: order.id.uuid(),
        data: serde_json::json!({ "shipment": shipment.id }),
    };
    work::tell(tx, ctx, &news).await?;
    Ok(shipment)
}

/// What a refund on its way gives up stays in the house until it is known how that ends.
async fn keep_what_is_given_up(
    tx: &mut Tx,
    order: OrderId,
    lines: &[warehouse::FulfilmentLine],
) -> Result<(), Error> {
    for back in payments::refunded_of_lines(tx, order).await?.iter().filter(|b| b.giving_up > 0) {
        let of = lines.iter().filter(|l| l.line == back.line);
        let left: i64 = of.clone().map(warehouse::FulfilmentLine::left).sum();
        if left < back.giving_up {
            let title = of.map(|l| l.title.as_str()).next().unwrap_or_default();
            let text = format!("'{title}' is being refunded: wait until that has ended, or ship less of it.");
            return Err(Error::Conflict(text));
        }
    }
    Ok(())
}

/// Takes what all that was shipped so far is worth, shipping with the first parcel, less what was taken before. With
/// the last parcel everything that is still open.
async fn take_for_shipped(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let payments = payments::of_order(tx, order).await?;
    let Some(payment) = payments.iter().rev().find(|p| p.state.is_open() && p.provider_captures()) else {
        return Ok(());
    };
    let balance = payments::balance(tx, payment.id).await?;
    let open = balance.free_minor();
    let requests = warehouse::lines_of(tx, order).await?;
    let left: i64 = requests.iter().map(warehouse::FulfilmentLine::left).sum();
    let amount = if left == 0 {
        open
    } else {
        let mut worth = 0;
        let refunded = payments::refunded_of_lines(tx, order).await?;
        for line in orders::lines(tx, order).await? {
            worth += match line.kind {
                LineKind::Shipping => line.gross_minor,
                // the customer's since the sale: taken with the first parcel
                LineKind::Item if !line.requires_shipping => {
                    let back = refunded.iter().find(|b| b.line == line.id);
                    line.gross_minor - back.map_or(0, |b| b.gross_minor)
                }
                LineKind::Item => {
                    let shipped: i64 = requests.iter().filter(|r| r.line == line.id).map(|r| r.shipped).sum();
                    line.upto(shipped).1
                }
            };
        }
        (worth - payment.captured_minor - balance.taking_minor).min(open)
    };
    if amount > 0 {
        capture::capture_soon(tx, ctx, payment.id, amount).await?;
    }
    Ok(())
}
