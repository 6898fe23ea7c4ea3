//! What staff do after the sale.

use db::{Tx, Unit};
use flows::{Cancel, OrderPage, Refund, RefundItem, Ship};
use kernel::{OrderId, ShipmentId};
use orders::{LineKind, OrderState};

use super::{HOUR, Sim, Step};
use crate::Failure;
use crate::demo::said;

const REGRETS: [&str; 4] =
    ["Ordered twice by mistake", "No longer needed", "Wrong address", "The customer is away next week"];
const FAULTS: [&str; 5] =
    ["Bruised on arrival", "Not ripe", "One was missing", "Mouldy", "Box was crushed on the way"];

impl Sim {
    async fn page(&self, order: OrderId) -> Result<OrderPage, Failure> {
        let permit = self.ctx.permit().map_err(said)?;
        self.shop.db.read(async |tx: &mut Tx| flows::order_page(tx, &permit, order).await).await.map_err(said)
    }

    pub(super) async fn paid(&mut self, order: OrderId) -> Result<(), Failure> {
        self.money_came(order).await?;
        let at = self.packing_time();
        self.note(at, Step::Ship { order, rest: false });
        Ok(())
    }

    /// Records whatever is owed as paid.
    async fn money_came(&mut self, order: OrderId) -> Result<(), Failure> {
        let page = self.page(order).await?;
        let who = self.who("manager")?;
        let permit = who.permit().map_err(said)?;
        for payment in page.payments.iter().filter(|p| p.state.is_open() && !p.provider_captures()) {
            flows::mark_paid(&self.shop, &who, &permit, payment.id, payment.open_minor())
                .await
                .map_err(said)?;
        }
        Ok(())
    }

    pub(super) async fn ship(&mut self, order: OrderId, rest: bool) -> Result<(), Failure> {
        let page = self.page(order).await?;
        if page.head.state != OrderState::Placed {
            return Ok(());
        }
        let who = self.who("packing")?;
        let permit = who.permit().map_err(said)?;
        for request in &page.fulfilments {
            let mut lines: Vec<_> = page
                .fulfilment_lines
                .iter()
                .filter(|l| l.request == request.id && l.left() > 0)
                .map(|l| (l.id, l.left()))
                .collect();
            if lines.is_empty() {
                continue;
            }
            if !rest && lines.len() > 2 && self.rng.u32(..100) < 6 {
                lines.pop(); // it comes tomorrow
                let at = self.packing_time().max(self.ctx.now().plus(18 * HOUR));
                self.note(at, Step::Ship { order, rest: true });
            }
            let (carrier, tracking_number) = self.label(&page);
            let input = Ship {
                fulfilment: request.id,
                lines,
                carrier,
                tracking_number,
                tracking_url: String::new(),
                notify: true,
            };
            let shipment = flows::ship(&self.shop, &who, &permit, input).await.map_err(said)?;
            let hours = self.rng.u32(3..30);
            self.soon(hours * HOUR, Step::Deliver { order, shipment: shipment.id });
        }
        Ok(())
    }

    /// Who carries it, under which number.
    fn label(&mut self, page: &OrderPage) -> (String, String) {
        let country = page.head.ship_to().country;
        let first = ["Parcel", "Paket"].contains(&page.head.shipping_method.as_str());
        if country == "NL" && !first {
            return (page.head.shipping_method.clone(), String::new());
        }
        let digits = self.rng.u64(1_000_000_000..9_999_999_999);
        match country.as_str() {
            "DE" => ("DHL".to_owned(), format!("JVGL{digits}")),
            "BE" => ("DPD".to_owned(), format!("0540{digits}")),
            _ => ("PostNL".to_owned(), format!("3SMARW{}", digits % 10_000_000)),
        }
    }

    pub(super) async fn deliver(&mut self, order: OrderId, shipment: ShipmentId) -> Result<(), Failure> {
        let ctx = self.ctx.clone();
        let arrive = async move |tx: &mut Tx| {
            warehouse::mark_delivered(tx, &ctx, &ctx.permit()?, shipment).await?;
            let data = serde_json::json!({ "shipment": shipment });
            orders::note(tx, &ctx, order, "delivered", "The parcel arrived", &data).await?;
            Ok::<_, flows::Error>(())
        };
        self.shop.db.write(Unit::named("demo_arrival"), arrive).await.map_err(said)?;
        self.money_came(order).await?; // cash, at the door
        if self.rng.u32(..100) < 7 {
            let hours = self.rng.u32(2..40);
            self.soon(hours * HOUR, Step::Refund { order });
        }
        Ok(())
    }

    pub(super) async fn refund(&mut self, order: OrderId) -> Result<(), Failure> {
        let page = self.page(order).await?;
        if !page.payments.iter().any(|p| p.captured_minor > 0) || !page.refunds.is_empty() {
            return Ok(());
        }
        let shipped = |line: kernel::OrderLineId| {
            page.fulfilment_lines.iter().filter(|f| f.line == line).map(|f| f.shipped).sum::<i64>() > 0
        };
        let goods: Vec<_> = page.lines.iter().filter(|l| l.kind == LineKind::Item && shipped(l.id)).collect();
        if goods.is_empty() {
            return Ok(());
        }
        let line = goods[self.rng.usize(..goods.len())];
        let reason = FAULTS[self.rng.usize(..FAULTS.len())];
        // what is still good goes back on the shelf
        let back = reason == "Not ripe";
        let who = self.who("support")?;
        let input = Refund {
            order,
            lines: vec![RefundItem {
                line: line.id,
                quantity: 1,
                restock: back.then_some(self.ctx.store.location),
            }],
            shipping_minor: 0,
            adjustment_minor: 0,
            reason: reason.to_owned(),
        };
        let permit = who.permit().map_err(said)?;
        flows::refund(&self.shop, &who, &permit, input).await.map(drop).map_err(said)
    }

    pub(super) async fn cancel(&mut self, order: OrderId) -> Result<(), Failure> {
        let who = self.who("support")?;
        let reason = REGRETS[self.rng.usize(..REGRETS.len())].to_owned();
        let permit = who.permit().map_err(said)?;
        flows::cancel_order(&self.shop, &who, &permit, Cancel { order, reason, notify: true })
            .await
            .map_err(said)
    }
}
