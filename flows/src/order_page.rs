//! Everything that stands on an order's page, in one read.

use db::Tx;
use kernel::{Ctx, OrderId, Permit, perms};
use orders::{LineRow, NoteRow, OrderHead};
use payments::{EventRow, OrderPayment, PaymentRow, RefundLineRow, RefundRow};
use warehouse::{FulfilmentLine, FulfilmentRow, OrderFulfilment, ShipmentLine, ShipmentRow};

use crate::Error;

/// An order with all that belongs to it.
#[derive(Debug, Clone)]
pub struct OrderPage {
    /// The order.
    pub head: OrderHead,
    /// Its lines, goods first.
    pub lines: Vec<LineRow>,
    /// Its attempts to be paid, the latest last.
    pub payments: Vec<PaymentRow>,
    /// What happened to them.
    pub payment_events: Vec<EventRow>,
    /// What went back.
    pub refunds: Vec<RefundRow>,
    /// For which lines.
    pub refund_lines: Vec<RefundLineRow>,
    /// The requests to locations.
    pub fulfilments: Vec<FulfilmentRow>,
    /// Their lines.
    pub fulfilment_lines: Vec<FulfilmentLine>,
    /// The parcels.
    pub shipments: Vec<ShipmentRow>,
    /// What is in them.
    pub shipment_lines: Vec<ShipmentLine>,
    /// The timeline, newest first.
    pub notes: Vec<NoteRow>,
    /// How it stands with its money: derived.
    pub payment: OrderPayment,
    /// How far it is out of the door: derived.
    pub fulfilment: OrderFulfilment,
}

/// For staff.
///
/// # Errors
/// [`orders::Error::NotFound`], also outside the permit's scope.
pub async fn order_page(
    tx: &mut Tx,
    permit: &Permit<perms::OrdersRead>,
    id: OrderId,
) -> Result<OrderPage, Error> {
    let (head, lines) = orders::get(tx, permit, id).await?;
    gather(tx, head, lines).await
}

/// For whoever holds the order's secret.
///
/// # Errors
/// [`orders::Error::NotFound`].
pub async fn order_page_of(tx: &mut Tx, _: &Ctx, secret: &str) -> Result<OrderPage, Error> {
    let head = orders::by_secret(tx, secret).await?;
    let lines = orders::lines(tx, head.id).await?;
    gather(tx, head, lines).await
}

async fn gather(tx: &mut Tx, head: OrderHead, lines: Vec<LineRow>) -> Result<OrderPage, Error> {
    let id = head.id;
    let payments = payments::of_order(tx, id).await?;
    let fulfilments = warehouse::of_order(tx, id).await?;
    let fulfilment_lines = warehouse::lines_of(tx, id).await?;
    let units: Vec<(warehouse::FulfilmentState, i64, i64)> = fulfilments
        .iter()
        .map(|f| {
            let of = fulfilment_lines.iter().filter(|l| l.request == f.id);
            let (wanted, shipped) =
                of.fold((0, 0), |(w, s), l| (w + l.quantity - l.cancelled, s + l.shipped));
            (f.state, wanted, shipped)
        })
        .collect();
    Ok(OrderPage {
        payment: OrderPayment::of(&payments),
        fulfilment: OrderFulfilment::of(&units),
        payment_events: payments::events(tx, id).await?,
        refunds: payments::refunds_of(tx, id).await?,
        refund_lines: payments::refund_lines(tx, id).await?,
        shipments: warehouse::shipments_of(tx, id).await?,
        shipment_lines: warehouse::shipment_lines(tx, id).await?,
        notes: orders::notes(tx, id).await?,
        head,
        lines,
        payments,
        fulfilments,
        fulfilment_lines,
    })
}
