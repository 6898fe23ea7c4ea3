//! Getting goods out of the door: fulfilment orders, shipments. See README.md.

mod error;
mod find;
mod fulfilment;
mod laws;
mod list;
mod ship;
mod tracking;

pub use error::Error;
pub use find::{
    FulfilmentLine, FulfilmentRow, ShipmentLine, ShipmentRow, ToShip, count_open, fulfilment, lines_of,
    of_order, of_orders, orders_to_ship, shipment, shipment_lines, shipments_of, to_ship,
};
pub use fulfilment::{
    Action, FulfilmentState, NewLine, OrderFulfilment, ShipmentState, cancel_all, cancel_line, hold,
    mark_packed, next, open, start_picking, unhold,
};
pub use laws::LAWS;
pub use list::{RequestFilter, requests};
pub use ship::{NewShipment, mark_delivered, mark_lost, set_tracking, ship};
pub use tracking::{CARRIERS, tracking_url};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "warehouse",
    files: &[("0001_warehouse", include_str!("../migrations/0001_warehouse.sql"))],
};
