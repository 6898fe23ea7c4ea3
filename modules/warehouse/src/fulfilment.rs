use db::{Tx, params};
use kernel::{
    Ctx, FulfilmentLineId, FulfilmentOrderId, LocationId, OrderId, OrderLineId, Permit, TextState as _,
    VariantId, perms, states,
};

use crate::{Error, find};

states! {
    /// Where a request to a location stands.
    pub enum FulfilmentState {
        /// For a later day.
        Scheduled = "scheduled",
        /// To be done.
        Open = "open",
        /// Must not go on.
        OnHold = "on_hold",
        /// Somebody gathers it.
        Picking = "picking",
        /// In its parcel.
        Packed = "packed",
        /// Gone.
        Shipped = "shipped",
        /// Called off.
        Cancelled = "cancelled",
    }
}

states! {
    /// Where a parcel is.
    pub enum ShipmentState {
        /// Written down.
        Created = "created",
        /// With the carrier.
        HandedOver = "handed_over",
        /// Arrived.
        Delivered = "delivered",
        /// Never arrived.
        Lost = "lost",
    }
}

states! {
    /// What happens to a request.
    pub enum Action {
        /// Its day has come.
        Release = "release",
        /// Stop it.
        Hold = "hold",
        /// Let it go on.
        Unhold = "unhold",
        /// Gather it.
        Pick = "pick",
        /// Put it into a parcel.
        Pack = "pack",
        /// All that is left of it goes.
        Ship = "ship",
        /// Call it off.
        Cancel = "cancel",
    }
}
db::words!(FulfilmentState, ShipmentState);

states! {
    /// How far an order is out of the door: derived.
    pub enum OrderFulfilment {
        /// Nothing to ship.
        Nothing = "nothing",
        /// Nothing went.
        Unfulfilled = "unfulfilled",
        /// Must not go on.
        OnHold = "on_hold",
        /// Some went.
        Partial = "partial",
        /// All went.
        Fulfilled = "fulfilled",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl OrderFulfilment {
    /// Of an order's fulfilment orders, each with units asked for (less cancelled) and shipped.
    pub fn of(rows: &[(FulfilmentState, i64, i64)]) -> OrderFulfilment {
        let wanted: i64 = rows.iter().map(|r| r.1).sum();
        let shipped: i64 = rows.iter().map(|r| r.2).sum();
        if rows.is_empty() {
            OrderFulfilment::Nothing
        } else if wanted == 0 && rows.iter().all(|r| r.0 == FulfilmentState::Cancelled) {
            OrderFulfilment::Cancelled
        } else if shipped >= wanted {
            OrderFulfilment::Fulfilled
        } else if rows.iter().any(|r| r.0 == FulfilmentState::OnHold) {
            OrderFulfilment::OnHold
        } else if shipped > 0 {
            OrderFulfilment::Partial
        } else {
            OrderFulfilment::Unfulfilled
        }
    }
}

/// Every transition there is.
pub fn next(state: FulfilmentState, action: Action) -> Option<FulfilmentState> {
    use FulfilmentState::{Cancelled, OnHold, Open, Packed, Picking, Scheduled, Shipped};
    match (state, action) {
        (Scheduled, Action::Release) | (OnHold, Action::Unhold) => Some(Open),
        (Open, Action::Hold) => Some(OnHold),
        (Open, Action::Pick) => Some(Picking),
        (Picking, Action::Pack) => Some(Packed),
        (Open | Picking | Packed, Action::Ship) => Some(Shipped),
        (Scheduled | Open | OnHold | Picking | Packed, Action::Cancel) => Some(Cancelled),
        (Open | OnHold | Picking | Packed | Shipped | Cancelled, Action::Release)
        | (Scheduled | Open | Picking | Packed | Shipped | Cancelled, Action::Unhold)
        | (Scheduled | OnHold | Picking | Packed | Shipped | Cancelled, Action::Hold)
        | (Scheduled | OnHold | Picking | Packed | Shipped | Cancelled, Action::Pick)
        | (Scheduled | Open | OnHold | Packed | Shipped | Cancelled, Action::Pack)
        | (Scheduled | OnHold | Shipped | Cancelled, Action::Ship)
        | (Shipped | Cancelled, Action::Cancel) => None,
    }
}

/// A line of a new request.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// From where.
    pub location: LocationId,
    /// Of which order line.
    pub line: OrderLineId,
    /// What.
    pub variant: VariantId,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its name.
    pub title: String,
    /// Sold units.
    pub quantity: i64,
}

/// One request a location, in two statements. Inner verb.
///
/// # Errors
/// The database's.
pub async fn open(tx: &mut Tx, ctx: &Ctx, order: OrderId, lines: &[NewLine]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    let mut requests: Vec<(LocationId, FulfilmentOrderId)> = vec![];
    for l in lines {
        if !requests.iter().any(|(location, _)| *location == l.location) {
            requests.push((l.location, ctx.id()));
        }
    }
    let mut values = vec![];
    for (location, id) in &requests {
        values.extend_from_slice(params![
            *id,
            ctx.store.id,
            order,
            *location,
            FulfilmentState::Open,
            now,
            now
        ]);
    }
    tx.insert(
        "insert into fulfilment_order (id, store_id, order_id, location_id, state, created_at, updated_at) values",
        7,
        &values,
        "",
    )
    .await?;
    let ids: Vec<(FulfilmentLineId, FulfilmentOrderId)> = lines
        .iter()
        .map(|l| {
            let request = requests.iter().find(|(location, _)| *location == l.location);
            (ctx.id(), request.map_or_else(|| ctx.id(), |(_, id)| *id))
        })
        .collect();
    let mut values = vec![];
    for ((id, request), l) in ids.iter().zip(lines) {
        values.extend_from_slice(params![*id, *request, l.line, l.variant, l.sku, l.title, l.quantity]);
    }
    tx.insert(
        "insert into fulfilment_line (id, fulfilment_order_id, order_line_id, variant_id, sku, title, quantity) values",
        7,
        &values,
        "",
    )
    .await?;
    Ok(())
}

/// One transition within the permit's reach, checked, made and remembered.
async fn go(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
    action: Action,
    why: Option<&str>,
) -> Result<(), Error> {
    let (verb, word) = match action {
        Action::Release => ("fulfilment.release", "released"),
        Action::Hold => ("fulfilment.hold", "put on hold"),
        Action::Unhold => ("fulfilment.hold", "released"),
        Action::Pick => ("fulfilment.pick", "picked"),
        Action::Pack => ("fulfilment.pack", "packed"),
        Action::Ship => ("fulfilment.ship", "shipped"),
        Action::Cancel => ("fulfilment.cancel", "cancelled"),
    };
    let state = find::within(tx, ctx, permit, id).await?.state;
    let to = next(state, action).ok_or(Error::NotAllowed { state, action: word })?;
    let n = tx
        .exec(
            db::sql!(
                "update fulfilment_order set state = $3, hold_reason = $5, updated_at = $4 where id = $1 and state = $2"
            ),
            params![id, state, to, ctx.now(), why],
        )
        .await?;
    if n == 0 {
        return Err(Error::NotAllowed { state, action: word });
    }
    let deed = work::Deed::new(verb, "fulfilment_order", id.uuid())
        .was(serde_json::json!({ "state": state.as_str() }))
        .is(serde_json::json!({ "state": to.as_str() }))
        .because(why.unwrap_or_default());
    work::audit(tx, ctx, &deed).await?;
    Ok(())
}

/// Must not go on, and why.
///
/// # Errors
/// [`Error::NotAllowed`]; [`Error::NotFound`], also outside the permit's reach.
pub async fn hold(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
    why: &str,
) -> Result<(), Error> {
    go(tx, ctx, permit, id, Action::Hold, Some(why)).await
}

/// May go on.
///
/// # Errors
/// As [`hold`].
pub async fn unhold(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
) -> Result<(), Error> {
    go(tx, ctx, permit, id, Action::Unhold, None).await
}

/// Somebody gathers it.
///
/// # Errors
/// As [`hold`].
pub async fn start_picking(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
) -> Result<(), Error> {
    go(tx, ctx, permit, id, Action::Pick, None).await
}

/// It lies in its parcel, for the carrier to come.
///
/// # Errors
/// As [`hold`].
pub async fn mark_packed(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    id: FulfilmentOrderId,
) -> Result<(), Error> {
    go(tx, ctx, permit, id, Action::Pack, None).await
}

/// The order is called off: whatever was not shipped will not be. Inner verb.
///
/// # Errors
/// The database's.
pub async fn cancel_all(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update fulfilment_line set cancelled = quantity - shipped
             where fulfilment_order_id in (select id from fulfilment_order where order_id = $1)"
        ),
        params![order],
    )
    .await?;
    tx.exec(
        db::sql!(
            "update fulfilment_order set state = 'cancelled', updated_at = $2
             where order_id = $1 and state in ('scheduled', 'open', 'on_hold', 'picking', 'packed')"
        ),
        params![order, ctx.now()],
    )
    .await?;
    Ok(())
}

/// Some of an order line will not be shipped; how many of it from which location, where what was promised is free
/// again. Inner verb.
///
/// # Errors
/// [`Error::TooMany`] when less than that is left to ship.
pub async fn cancel_line(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    line: OrderLineId,
    quantity: i64,
) -> Result<Vec<(LocationId, i64)>, Error> {
    let mut missing = quantity;
    let mut parts = vec![];
    let requests = find::of_order(tx, order).await?;
    for row in find::lines_of(tx, order).await?.into_iter().filter(|l| l.line == line) {
        let part = row.left().min(missing);
        let Some(request) = requests.iter().find(|r| r.id == row.request).filter(|_| part > 0) else {
            continue;
        };
        let n = tx
            .exec(
                db::sql!("update fulfilment_line set cancelled = cancelled + $2 where id = $1 and shipped + cancelled + $2 <= quantity"),
                params![row.id, part],
            )
            .await?;
        if n == 1 {
            missing -= part;
            parts.push((request.location, part));
        }
    }
    if missing > 0 {
        return Err(Error::TooMany { title: String::new(), left: quantity - missing });
    }
    settle(tx, ctx, order).await?;
    Ok(parts)
}

/// Requests with nothing left to ship are shipped, or cancelled when nothing of them ever went.
pub(crate) async fn settle(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update fulfilment_order set updated_at = $2, state = case when exists
                 (select 1 from fulfilment_line l where l.fulfilment_order_id = fulfilment_order.id and l.shipped > 0)
                 then 'shipped' else 'cancelled' end
             where order_id = $1 and state in ('open', 'on_hold', 'picking', 'packed') and not exists
                 (select 1 from fulfilment_line l where l.fulfilment_order_id = fulfilment_order.id
                  and l.shipped + l.cancelled < l.quantity)"
        ),
        params![order, ctx.now()],
    )
    .await?;
    Ok(())
}
