//! Everything a mail tells, read at one moment.

use db::Tx;
use kernel::{Ctx, EventId, OrderId, RefundId, ShipmentId};
use orders::{LineRow, OrderHead};
use payments::{PaymentRow, RefundLineRow, RefundRow};
use site::{BankDetails, Details, MailSender, ThemeSettings};
use warehouse::{FulfilmentLine, ShipmentLine, ShipmentRow};

use super::About;
use crate::Error;

/// What one mail may tell.
pub(super) struct Gathered {
    pub head: OrderHead,
    pub lines: Vec<LineRow>,
    pub payments: Vec<PaymentRow>,
    /// The refund it is about.
    pub refund: Option<RefundRow>,
    /// All of the order's.
    pub refunds: Vec<RefundRow>,
    pub refund_lines: Vec<RefundLineRow>,
    /// The parcel it is about.
    pub shipment: Option<ShipmentRow>,
    pub shipment_lines: Vec<ShipmentLine>,
    pub to_ship: Vec<FulfilmentLine>,
    pub details: Details,
    /// With the shop's own name and address where nothing else was chosen.
    pub sender: MailSender,
    pub bank: BankDetails,
    pub look: ThemeSettings,
}

/// Reads what happened and what it happened to.
pub(super) async fn gather(tx: &mut Tx, ctx: &Ctx, about: About, event: EventId) -> Result<Gathered, Error> {
    let event = work::EventRow::get(tx, event).await?;
    let data: serde_json::Value = serde_json::from_str(&event.data).unwrap_or_default();
    let order = OrderId::from_uuid(event.subject);
    let head = orders::head(tx, order).await?;
    let details = site::details(tx, ctx.store.id).await?;
    let mut sender: MailSender = site::setting(tx, ctx.store.id).await?;
    if sender.name.is_empty() {
        sender.name.clone_from(&details.name);
    }
    if sender.address.is_empty() {
        sender.address.clone_from(&details.email);
    }
    let mut all = Gathered {
        lines: orders::lines(tx, order).await?,
        payments: payments::of_order(tx, order).await?,
        refund: None,
        refunds: vec![],
        refund_lines: vec![],
        shipment: None,
        shipment_lines: vec![],
        to_ship: vec![],
        bank: site::setting(tx, ctx.store.id).await?,
        look: site::setting(tx, ctx.store.id).await?,
        head,
        details,
        sender,
    };
    match about {
        About::Placed => {}
        About::Shipped => {
            let id: ShipmentId = named(&data, "shipment")?;
            all.shipment = Some(warehouse::shipment(tx, id).await?);
            all.shipment_lines = warehouse::shipment_lines(tx, order)
                .await?
                .into_iter()
                .filter(|l| l.shipment == id)
                .collect();
            all.to_ship = warehouse::lines_of(tx, order).await?;
        }
        About::Refunded => {
            let id: RefundId = named(&data, "refund")?;
            all.refund = Some(payments::refund(tx, id).await?);
            all.refund_lines =
                payments::refund_lines(tx, order).await?.into_iter().filter(|l| l.refund == id).collect();
        }
        About::Cancelled => all.refunds = payments::refunds_of(tx, order).await?,
    }
    Ok(all)
}

fn named<T: std::str::FromStr>(data: &serde_json::Value, field: &'static str) -> Result<T, Error> {
    let missing = || Error::Invalid { field, message: format!("the event does not name its {field}") };
    data[field].as_str().ok_or_else(missing)?.parse().map_err(|_| missing())
}
