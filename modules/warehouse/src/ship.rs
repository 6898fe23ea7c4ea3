use db::{Tx, params};
use kernel::{Ctx, FulfilmentLineId, FulfilmentOrderId, Permit, ShipmentId, TextState as _, perms};
use serde_json::{Value, json};
use work::Deed;

use crate::{Error, FulfilmentState, ShipmentRow, ShipmentState, find, fulfilment};

/// A parcel to be written down.
#[derive(Debug, Clone)]
pub struct NewShipment {
    /// Its id.
    pub id: ShipmentId,
    /// Of which request.
    pub fulfilment: FulfilmentOrderId,
    /// Which lines, how many sold units of each.
    pub lines: Vec<(FulfilmentLineId, i64)>,
    /// Who carries it; one of [`CARRIERS`](crate::CARRIERS) or any name.
    pub carrier: String,
    /// The carrier's number; may be empty.
    pub tracking_number: String,
    /// Where to follow it; made from carrier and number when empty.
    pub tracking_url: String,
}

fn checked_url(text: &str) -> Result<&str, Error> {
    if text.is_empty() || text.starts_with("https://") || text.starts_with("http://") {
        return Ok(text);
    }
    let message = "A tracking address begins with https://.".to_owned();
    Err(Error::Invalid { field: "tracking_url", message })
}

/// A parcel leaves with its carrier. The flow takes the goods off the shelf.
///
/// # Errors
/// [`Error::TooMany`], [`Error::NotAllowed`] (held, shipped, cancelled), [`Error::Invalid`], [`Error::NotFound`].
pub async fn ship(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    new: &NewShipment,
) -> Result<ShipmentRow, Error> {
    let request = find::within(tx, ctx, permit, new.fulfilment).await?;
    if !matches!(request.state, FulfilmentState::Open | FulfilmentState::Picking | FulfilmentState::Packed) {
        return Err(Error::NotAllowed { state: request.state, action: "shipped" });
    }
    if new.lines.iter().all(|(_, n)| *n == 0) {
        return Err(Error::Invalid {
            field: "lines",
            message: "Choose at least one piece to ship.".to_owned(),
        });
    }
    let now = ctx.now();
    let url = match checked_url(new.tracking_url.trim())? {
        "" => crate::tracking_url(&new.carrier, &new.tracking_number),
        given => given.to_owned(),
    };
    tx.exec(
        db::sql!(
            "insert into shipment (id, store_id, order_id, fulfilment_order_id, location_id, state, carrier, tracking_number,
                 tracking_url, actor_name, created_at, handed_over_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
        ),
        params![
            new.id,
            ctx.store.id,
            request.order,
            request.id,
            request.location,
            ShipmentState::HandedOver,
            new.carrier.trim(),
            new.tracking_number.trim(),
            url,
            ctx.actor.name(),
            now
        ],
    )
    .await?;
    let known = find::lines_of(tx, request.order).await?;
    for (id, quantity) in new.lines.iter().filter(|(_, n)| *n != 0) {
        let line = known
            .iter()
            .find(|l| l.id == *id && l.request == request.id)
            .ok_or(Error::NotFound { what: "line on this fulfilment order" })?;
        let n = if *quantity < 0 {
            0
        } else {
            tx.exec(
                db::sql!("update fulfilment_line set shipped = shipped + $2 where id = $1 and shipped + cancelled + $2 <= quantity"),
                params![*id, *quantity],
            )
            .await?
        };
        if n == 0 {
            return Err(Error::TooMany { title: line.title.clone(), left: line.left() });
        }
        tx.exec(
            db::sql!("insert into shipment_line (shipment_id, fulfilment_line_id, order_line_id, quantity) values ($1, $2, $3, $4)"),
            params![new.id, *id, line.line, *quantity],
        )
        .await?;
    }
    fulfilment::settle(tx, ctx, request.order).await?;
    let units: i64 = new.lines.iter().map(|(_, n)| n).sum();
    let deed = Deed::new("shipment.ship", "shipment", new.id.uuid())
        .is(json!({ "order": request.order, "fulfilment": request.id, "units": units }));
    work::audit(tx, ctx, &deed).await?;
    find::shipment(tx, new.id).await
}

/// Remembers a parcel's change.
async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: ShipmentId,
    was: Value,
    is: Value,
) -> Result<(), Error> {
    Ok(work::audit(tx, ctx, &Deed::new(verb, "shipment", id.uuid()).was(was).is(is)).await?)
}

/// Puts the carrier and its number right.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's reach; [`Error::Invalid`].
pub async fn set_tracking(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: ShipmentId,
    carrier: &str,
    number: &str,
    url: &str,
) -> Result<(), Error> {
    let was = find::shipment_within(tx, ctx, permit, id).await?;
    let (carrier, number) = (carrier.trim(), number.trim());
    let url = match checked_url(url.trim())? {
        "" => crate::tracking_url(carrier, number),
        given => given.to_owned(),
    };
    tx.exec(
        db::sql!("update shipment set carrier = $2, tracking_number = $3, tracking_url = $4 where id = $1"),
        params![id, carrier, number, url],
    )
    .await?;
    let was = json!({ "carrier": was.carrier, "tracking_number": was.tracking_number });
    let is = json!({ "carrier": carrier, "tracking_number": number });
    audit(tx, ctx, "shipment.set_tracking", id, was, is).await
}

/// It arrived.
///
/// # Errors
/// [`Error::NotFound`] when it is not on its way, or outside the permit's reach.
pub async fn mark_delivered(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: ShipmentId,
) -> Result<(), Error> {
    end(tx, ctx, permit, id, ShipmentState::Delivered).await
}

/// It never arrived.
///
/// # Errors
/// As [`mark_delivered`].
pub async fn mark_lost(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: ShipmentId,
) -> Result<(), Error> {
    end(tx, ctx, permit, id, ShipmentState::Lost).await
}

async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: ShipmentId,
    to: ShipmentState,
) -> Result<(), Error> {
    let at = (to == ShipmentState::Delivered).then(|| ctx.now());
    let was = find::shipment_within(tx, ctx, permit, id).await?.state;
    let n = tx
        .exec(
            db::sql!("update shipment set state = $2, delivered_at = $3 where id = $1 and state in ('created', 'handed_over')"),
            params![id, to, at],
        )
        .await?;
    if n == 0 {
        return Err(Error::NotFound { what: "shipment on its way" });
    }
    let (was, is) = (json!({ "state": was.as_str() }), json!({ "state": to.as_str() }));
    audit(tx, ctx, "shipment.end", id, was, is).await
}
