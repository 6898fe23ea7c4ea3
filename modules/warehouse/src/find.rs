use db::{Tx, Val, params};
use kernel::{
    Ctx, Cursor, FulfilmentLineId, FulfilmentOrderId, LocationId, OrderId, OrderLineId, Page, PageSize,
    Permit, ShipmentId, Timestamp, VariantId, perms,
};

use crate::{Error, FulfilmentState, RequestFilter, ShipmentState};

db::row! {
    /// A request to a location.
    #[derive(Debug, Clone)]
    pub struct FulfilmentRow {
        /// Its id.
        pub id: FulfilmentOrderId,
        /// Of which order.
        pub order: OrderId,
        /// To which location.
        pub location: LocationId,
        /// Where it stands.
        pub state: FulfilmentState,
        /// Why it must not go on.
        pub hold_reason: Option<String>,
        /// Since when.
        pub created_at: Timestamp,
    }
}

const REQUEST: &str =
    "select id, order_id, location_id, state, hold_reason, created_at from fulfilment_order";

/// One request.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn fulfilment(tx: &mut Tx, id: FulfilmentOrderId) -> Result<FulfilmentRow, Error> {
    tx.opt(&format!("{REQUEST} where id = $1"), params![id])
        .await?
        .ok_or(Error::NotFound { what: "fulfilment order" })
}

/// One request of this store, within the permit's reach.
pub(crate) async fn within(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
) -> Result<FulfilmentRow, Error> {
    let (reaches, scope) = (permit.scope().has_store(ctx.store.id), permit.scope());
    let found: Option<FulfilmentRow> =
        tx.opt(&format!("{REQUEST} where id = $1 and store_id = $2"), params![id, ctx.store.id]).await?;
    found
        .filter(|r| reaches && scope.has_location(r.location))
        .ok_or(Error::NotFound { what: "fulfilment order" })
}

/// An order's requests.
///
/// # Errors
/// The database's.
pub async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<FulfilmentRow>, Error> {
    Ok(tx.all(&format!("{REQUEST} where order_id = $1 order by created_at, id"), params![order]).await?)
}

/// What many orders' requests ask for and shipped: order, state, units less cancelled, units shipped. For lists.
///
/// # Errors
/// The database's.
pub async fn of_orders(
    tx: &mut Tx,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, FulfilmentState, i64, i64)>, Error> {
    if orders.is_empty() {
        return Ok(vec![]);
    }
    let (text, values) = db::spread(
        db::sql!(
            "select f.order_id, f.state, cast(coalesce(sum(l.quantity - l.cancelled), 0) as bigint),
                 cast(coalesce(sum(l.shipped), 0) as bigint)
             from fulfilment_order f join fulfilment_line l on l.fulfilment_order_id = f.id
             where f.order_id in ($1) group by f.id, f.order_id, f.state"
        ),
        &[],
        orders.iter().map(|o| Val::Uuid(o.uuid())),
    );
    Ok(tx.all(&text, &values).await?)
}

db::row! {
    /// A line of a request. Sold units.
    #[derive(Debug, Clone)]
    pub struct FulfilmentLine {
        /// Its id.
        pub id: FulfilmentLineId,
        /// Of which request.
        pub request: FulfilmentOrderId,
        /// Of which order line.
        pub line: OrderLineId,
        /// What.
        pub variant: VariantId,
        /// Its SKU.
        pub sku: Option<String>,
        /// Its name.
        pub title: String,
        /// Asked for.
        pub quantity: i64,
        /// Gone.
        pub shipped: i64,
        /// Will not go.
        pub cancelled: i64,
    }
}

impl FulfilmentLine {
    /// Sold units left to ship.
    pub fn left(&self) -> i64 {
        self.quantity - self.shipped - self.cancelled
    }
}

/// The lines of all of an order's requests.
///
/// # Errors
/// The database's.
pub async fn lines_of(tx: &mut Tx, order: OrderId) -> Result<Vec<FulfilmentLine>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select l.id, l.fulfilment_order_id, l.order_line_id, l.variant_id, l.sku, l.title, l.quantity, l.shipped, l.cancelled
                 from fulfilment_line l join fulfilment_order f on f.id = l.fulfilment_order_id
                 where f.order_id = $1 order by f.created_at, l.id"
            ),
            params![order],
        )
        .await?)
}

db::row! {
    /// A parcel.
    #[derive(Debug, Clone)]
    pub struct ShipmentRow {
        /// Its id.
        pub id: ShipmentId,
        /// Of which order.
        pub order: OrderId,
        /// Of which request.
        pub request: FulfilmentOrderId,
        /// From where.
        pub location: LocationId,
        /// Where it is.
        pub state: ShipmentState,
        /// Who carries it.
        pub carrier: String,
        /// The carrier's number.
        pub tracking_number: String,
        /// Where to follow it.
        pub tracking_url: String,
        /// Who sent it.
        pub actor_name: String,
        /// When.
        pub created_at: Timestamp,
        /// When it arrived.
        pub delivered_at: Option<Timestamp>,
    }
}

const SHIPMENT: &str = "select id, order_id, fulfilment_order_id, location_id, state, carrier, tracking_number, tracking_url, actor_name,
    created_at, delivered_at from shipment";

/// One parcel.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn shipment(tx: &mut Tx, id: ShipmentId) -> Result<ShipmentRow, Error> {
    tx.opt(&format!("{SHIPMENT} where id = $1"), params![id])
        .await?
        .ok_or(Error::NotFound { what: "shipment" })
}

/// One parcel of this store, within the permit's reach.
pub(crate) async fn shipment_within(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: ShipmentId,
) -> Result<ShipmentRow, Error> {
    let (reaches, scope) = (permit.scope().has_store(ctx.store.id), permit.scope());
    let found: Option<ShipmentRow> =
        tx.opt(&format!("{SHIPMENT} where id = $1 and store_id = $2"), params![id, ctx.store.id]).await?;
    found.filter(|s| reaches && scope.has_location(s.location)).ok_or(Error::NotFound { what: "shipment" })
}

/// An order's parcels, oldest first.
///
/// # Errors
/// The database's.
pub async fn shipments_of(tx: &mut Tx, order: OrderId) -> Result<Vec<ShipmentRow>, Error> {
    Ok(tx
        .all(&format!("{SHIPMENT} where order_id = $1 order by created_at, id limit 500"), params![order])
        .await?)
}

db::row! {
    /// What is in a parcel.
    #[derive(Debug, Clone)]
    pub struct ShipmentLine {
        /// Which parcel.
        pub shipment: ShipmentId,
        /// Which order line.
        pub line: OrderLineId,
        /// Its name.
        pub title: String,
        /// Its SKU.
        pub sku: Option<String>,
        /// Sold units.
        pub quantity: i64,
    }
}

/// What is in all of an order's parcels.
///
/// # Errors
/// The database's.
pub async fn shipment_lines(tx: &mut Tx, order: OrderId) -> Result<Vec<ShipmentLine>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select s.shipment_id, s.order_line_id, l.title, l.sku, s.quantity from shipment_line s
                 join fulfilment_line l on l.id = s.fulfilment_line_id join shipment p on p.id = s.shipment_id
                 where p.order_id = $1 order by p.created_at, l.id"
            ),
            params![order],
        )
        .await?)
}

db::row! {
    /// A request waiting to be done, with how much it is.
    #[derive(Debug, Clone)]
    pub struct ToShip {
        /// The request.
        pub id: FulfilmentOrderId,
        /// Of which order.
        pub order: OrderId,
        /// Where.
        pub location: LocationId,
        /// Where it stands.
        pub state: FulfilmentState,
        /// Since when.
        pub created_at: Timestamp,
        /// Sold units left.
        pub left: i64,
        /// Lines.
        pub lines: i64,
    }
}

/// Requests to be done, oldest first, within the permit's locations: a page may hold fewer than it could, and has a
/// next one all the same.
///
/// # Errors
/// The database's.
pub async fn to_ship(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<ToShip>, Error> {
    let filter = RequestFilter {
        states: vec![
            FulfilmentState::Open,
            FulfilmentState::Picking,
            FulfilmentState::Packed,
            FulfilmentState::OnHold,
        ],
        ..RequestFilter::default()
    };
    crate::requests(tx, ctx, permit, &filter, after, size).await
}

/// The orders (at most 1,000, the newest) with something to ship.
///
/// # Errors
/// The database's.
pub async fn orders_to_ship(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<OrderId>, Error> {
    let rows: Vec<(OrderId,)> = tx
        .all(
            db::sql!(
                "select order_id from fulfilment_order where store_id = $1 and state in ('open', 'picking', 'packed')
                 order by created_at desc limit 1000"
            ),
            params![ctx.store.id],
        )
        .await?;
    Ok(rows.into_iter().map(|(o,)| o).collect())
}

/// How many requests are to be done; counting stops at 1,000.
///
/// # Errors
/// The database's.
pub async fn count_open(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    Ok(tx
        .value(
            db::sql!(
                "select cast(count(*) as bigint) from (select 1 as one from fulfilment_order
                 where store_id = $1 and state in ('open', 'picking', 'packed') limit 1000) t"
            ),
            params![ctx.store.id],
        )
        .await?)
}
