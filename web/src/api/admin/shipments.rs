//! What is to be shipped, and what was.

use db::Tx;
use flows::{Once, Ship};
use kernel::perms::{OrdersFulfil, OrdersRead};
use kernel::{FulfilmentLineId, FulfilmentOrderId, OrderId, ShipmentId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warehouse::{FulfilmentLine, FulfilmentRow};

use super::asker;
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, OnceKey, Paging, Params};
use crate::api::orders::{Shipment, shipment, shipments};
use crate::api::types::{at, invalid};
use crate::{Caller, Error, State};

/// The request to a location for some lines of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FulfilmentOrder {
    #[schema(example = "ful_01h455vb4pex5vsknk084sn02q")]
    id: String,
    order: String,
    location: String,
    /// `scheduled`, `open`, `on_hold`, `picking`, `packed`, `shipped`, `cancelled`.
    state: String,
    hold_reason: Option<String>,
    created_at: String,
    lines: Vec<FulfilmentOrderLine>,
}

/// A line of it.
#[derive(Debug, Serialize, ToSchema)]
struct FulfilmentOrderLine {
    #[schema(example = "fln_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// The order's line.
    line: String,
    variant: String,
    sku: Option<String>,
    title: String,
    quantity: i64,
    shipped: i64,
    cancelled: i64,
    /// Still to be shipped.
    left: i64,
}

pub(super) fn requests_of(rows: &[FulfilmentRow], of: &[FulfilmentLine]) -> Vec<FulfilmentOrder> {
    let line = |l: &FulfilmentLine| FulfilmentOrderLine {
        id: l.id.to_string(),
        line: l.line.to_string(),
        variant: l.variant.to_string(),
        sku: l.sku.clone(),
        title: l.title.clone(),
        quantity: l.quantity,
        shipped: l.shipped,
        cancelled: l.cancelled,
        left: l.left(),
    };
    let request = |r: &FulfilmentRow| FulfilmentOrder {
        id: r.id.to_string(),
        order: r.order.to_string(),
        location: r.location.to_string(),
        state: r.state.to_string(),
        hold_reason: r.hold_reason.clone(),
        created_at: at(r.created_at),
        lines: of.iter().filter(|l| l.request == r.id).map(line).collect(),
    };
    rows.iter().map(request).collect()
}

pub(super) async fn requests(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
) -> Result<List<FulfilmentOrder>, Error> {
    let permit = caller.permit::<OrdersRead>()?;
    state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &permit, order).await?;
            let rows = warehouse::of_order(tx, order).await?;
            Ok(List::whole(requests_of(&rows, &warehouse::lines_of(tx, order).await?)))
        })
        .await
}

/// Something that is to be shipped.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ToShip {
    /// The fulfilment order.
    id: String,
    order: String,
    location: String,
    state: String,
    /// How many units.
    left: i64,
    line_count: i64,
    created_at: String,
}

pub(super) async fn to_ship(
    state: State,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<List<ToShip>, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    let (after, size) = paging.read()?;
    let ctx = caller.ctx;
    let page = state
        .db()
        .read(async |tx: &mut Tx| warehouse::to_ship(tx, &ctx, &permit, after.as_ref(), size).await)
        .await?;
    let row = |r: warehouse::ToShip| ToShip {
        id: r.id.to_string(),
        order: r.order.to_string(),
        location: r.location.to_string(),
        state: r.state.to_string(),
        left: r.left,
        line_count: r.lines,
        created_at: at(r.created_at),
    };
    Ok(List::page(page, row))
}

/// What happens to a fulfilment order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Steer {
    /// It waits.
    Hold {
        /// Why.
        reason: String,
    },
    /// It goes on.
    Unhold,
    /// Somebody gathers it.
    Pick,
    /// It lies in its parcel.
    Pack,
}

pub(super) async fn steer(
    state: State,
    caller: Caller,
    At(id): At<FulfilmentOrderId>,
    Body(steer): Body<Steer>,
) -> Result<One<FulfilmentOrder>, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    let ctx = caller.ctx;
    let (row, lines) = state
        .db()
        .write("fulfilment_steer", async move |tx: &mut Tx| {
            match &steer {
                Steer::Hold { reason } => warehouse::hold(tx, &ctx, &permit, id, reason).await?,
                Steer::Unhold => warehouse::unhold(tx, &ctx, &permit, id).await?,
                Steer::Pick => warehouse::start_picking(tx, &ctx, &permit, id).await?,
                Steer::Pack => warehouse::mark_packed(tx, &ctx, &permit, id).await?,
            }
            let row = warehouse::fulfilment(tx, id).await?;
            let lines = warehouse::lines_of(tx, row.order).await?;
            Ok::<_, warehouse::Error>((row, lines))
        })
        .await?;
    requests_of(&[row], &lines).pop().map(One::new).ok_or_else(Error::not_found)
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
) -> Result<List<Shipment>, Error> {
    let permit = caller.permit::<OrdersRead>()?;
    state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &permit, order).await?;
            let rows = warehouse::shipments_of(tx, order).await?;
            Ok(List::whole(shipments(&rows, &warehouse::shipment_lines(tx, order).await?)))
        })
        .await
}

/// A parcel to be shipped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewShipment {
    /// Missing: the order's only one that is open.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    fulfilment: Option<FulfilmentOrderId>,
    /// Missing: everything that is left of it.
    #[serde(default)]
    lines: Option<Vec<NewShipmentLine>>,
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking_number: String,
    /// Made from the carrier and number when empty.
    #[serde(default)]
    tracking_url: String,
    /// Shall the customer be written to?
    #[serde(default = "yes")]
    notify: bool,
}

/// What goes into a parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewShipmentLine {
    /// Of the fulfilment order.
    #[schema(value_type = String, example = "fln_01h455vb4pex5vsknk084sn02q")]
    line: FulfilmentLineId,
    quantity: i64,
}

fn yes() -> bool {
    true
}

impl NewShipment {
    fn read(self, rows: &[FulfilmentRow], of: &[FulfilmentLine]) -> Result<Ship, Error> {
        let left = |id| of.iter().filter(move |l| l.request == id && l.left() > 0);
        let fulfilment = match self.fulfilment {
            Some(id) if rows.iter().any(|r| r.id == id) => id,
            Some(_) => return Err(invalid("fulfilment", "This is not of this order.")),
            None => {
                let mut open = rows.iter().map(|r| r.id).filter(|id| left(*id).next().is_some());
                match (open.next(), open.next()) {
                    (Some(only), None) => only,
                    (None, _) => {
                        return Err(invalid("fulfilment", "Nothing of this order is left to be shipped."));
                    }
                    (Some(_), Some(_)) => {
                        return Err(invalid("fulfilment", "Several locations ship this order; name one."));
                    }
                }
            }
        };
        let lines = match self.lines {
            Some(lines) => lines.into_iter().map(|l| (l.line, l.quantity)).collect(),
            None => left(fulfilment).map(|l| (l.id, l.left())).collect(),
        };
        let NewShipment { carrier, tracking_number, tracking_url, notify, .. } = self;
        Ok(Ship { fulfilment, lines, carrier, tracking_number, tracking_url, notify })
    }
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    At(order): At<OrderId>,
    OnceKey(key): OnceKey,
    Body(new): Body<NewShipment>,
) -> Result<Made<Shipment>, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    let ctx = caller.ctx;
    let asked = serde_json::to_string(&new).map_err(Error::internal)?;
    let once = Once::new("api.shipment", &asker(&ctx), &key, &format!("{order} {asked}"));
    // a repeat makes nothing, so it must not be measured against what is left
    let made = flows::made_once(state.shop(), &once).await?.map(ShipmentId::from_uuid);
    let row = match made {
        Some(id) => state.db().read(async |tx: &mut Tx| warehouse::shipment(tx, id).await).await?,
        None => {
            let (rows, of) = state
                .db()
                .read(async |tx: &mut Tx| {
                    let rows = warehouse::of_order(tx, order).await?;
                    Ok::<_, warehouse::Error>((rows, warehouse::lines_of(tx, order).await?))
                })
                .await?;
            flows::ship_once(state.shop(), &ctx, &permit, new.read(&rows, &of)?, Some(once)).await?
        }
    };
    let of = state.db().read(async |tx: &mut Tx| warehouse::shipment_lines(tx, row.order).await).await?;
    Ok(Made::new(format!("/admin/orders/{order}/shipments"), shipment(&row, &of)))
}

/// What of a parcel is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ShipmentChange {
    carrier: Option<String>,
    tracking_number: Option<String>,
    /// Made from the carrier and number when empty.
    tracking_url: Option<String>,
    /// `delivered` or `lost`.
    state: Option<String>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<ShipmentId>,
    Body(change): Body<ShipmentChange>,
) -> Result<One<Shipment>, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    let ctx = caller.ctx;
    let (row, of) = state
        .db()
        .write("shipment_update", async move |tx: &mut Tx| {
            let now = warehouse::shipment(tx, id).await?;
            if change.carrier.is_some() || change.tracking_number.is_some() || change.tracking_url.is_some() {
                let carrier = change.carrier.as_ref().unwrap_or(&now.carrier);
                let number = change.tracking_number.as_ref().unwrap_or(&now.tracking_number);
                let url = match &change.tracking_url {
                    Some(url) if !url.is_empty() => url.clone(),
                    _ => warehouse::tracking_url(carrier, number),
                };
                warehouse::set_tracking(tx, &ctx, &permit, id, carrier, number, &url).await?;
            }
            match change.state.as_deref() {
                None => {}
                Some("delivered") => warehouse::mark_delivered(tx, &ctx, &permit, id).await?,
                Some("lost") => warehouse::mark_lost(tx, &ctx, &permit, id).await?,
                Some(_) => return Err(invalid("state", "A parcel becomes 'delivered' or 'lost'.")),
            }
            let row = warehouse::shipment(tx, id).await?;
            let of = warehouse::shipment_lines(tx, row.order).await?;
            Ok::<_, Error>((row, of))
        })
        .await?;
    Ok(One::new(shipment(&row, &of)))
}
