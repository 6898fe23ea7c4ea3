//! Attempts to be paid, what was captured, what went back. See README.md.

mod balance;
mod capture;
mod error;
mod find;
mod laws;
mod payment;
pub mod ports;
mod record;
mod refund;
mod start;
mod webhook;

pub use balance::{Balance, balance};
pub use capture::{
    CaptureRow, begin_capture, begin_release, begin_void, came_late, capture_of, record_capture, void_now,
};
pub use error::Error;
pub use find::{
    Due, EventRow, PaymentRow, due_to_ask, events, get, get_within, of_order, of_orders, orders_where,
    refund, refunds_of,
};
pub use laws::LAWS;
pub use payment::{Action, OrderPayment, PaymentState, next};
pub use record::{Recorded, ask_later, mark_paid, record};
pub use refund::{
    LineRefunded, NewRefund, NewRefundLine, RefundLineRow, RefundRow, begin_refund, record_refund,
    refund_lines, refunded_of_lines,
};
pub use start::{NewPayment, start};
pub use webhook::{effect, expire_webhooks, first_time};

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "payments",
    files: &[
        ("0001_payments", include_str!("../migrations/0001_payments.sql")),
        ("0002_errands", include_str!("../migrations/0002_errands.sql")),
        ("0003_quiet_refunds", include_str!("../migrations/0003_quiet_refunds.sql")),
        ("0004_webhooks_by_age", include_str!("../migrations/0004_webhooks_by_age.sql")),
    ],
};
