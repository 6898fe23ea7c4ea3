//! An order in a list, with how it stands with its money and its parcels.

use std::collections::HashMap;

use customers::country;
use db::Tx;
use kernel::OrderId;
use orders::{OrderHead, OrderState};
use payments::{OrderPayment, PaymentRow, PaymentState};
use warehouse::{FulfilmentState, OrderFulfilment};

use crate::Error;
use crate::admin::office::Office;
use crate::admin::views::{Chip, OrderRow};

/// A row, and what was derived for it.
pub(in crate::admin) struct Row {
    pub(in crate::admin) row: OrderRow,
    pub(super) payment: OrderPayment,
    pub(super) unknown: bool,
    pub(super) fulfilment: OrderFulfilment,
}

/// Rows of orders, in three statements however many there are.
///
/// # Errors
/// The database's.
pub(in crate::admin) async fn rows(
    tx: &mut Tx,
    office: &Office,
    heads: &[OrderHead],
) -> Result<Vec<Row>, Error> {
    let ids: Vec<OrderId> = heads.iter().map(|h| h.id).collect();
    let mut payments: HashMap<OrderId, Vec<PaymentRow>> = HashMap::new();
    for payment in payments::of_orders(tx, &ids).await? {
        payments.entry(payment.order).or_default().push(payment);
    }
    let mut requests: HashMap<OrderId, Vec<(FulfilmentState, i64, i64)>> = HashMap::new();
    for (order, state, wanted, shipped) in warehouse::of_orders(tx, &ids).await? {
        requests.entry(order).or_default().push((state, wanted, shipped));
    }
    let of = |head: &OrderHead| {
        let payments = payments.get(&head.id).map_or(&[][..], Vec::as_slice);
        let requests = requests.get(&head.id).map_or(&[][..], Vec::as_slice);
        row(office, head, payments, OrderFulfilment::of(requests))
    };
    Ok(heads.iter().map(of).collect())
}

fn row(office: &Office, head: &OrderHead, payments: &[PaymentRow], fulfilment: OrderFulfilment) -> Row {
    let payment = OrderPayment::of(payments);
    let country = head.ship_to().country;
    Row {
        row: OrderRow {
            id: head.id.to_string(),
            number: format!("#{}", head.number),
            placed: office.when(head.placed_at.unwrap_or(head.created_at)),
            customer: if head.name.is_empty() { head.email.clone() } else { head.name.clone() },
            country: country::name(&country, office.locale.tag()).to_owned(),
            items: u32::try_from(head.item_count).unwrap_or(u32::MAX),
            total: office.money_in(head.total_minor, head.currency),
            payment: payment_chip(payment, payments),
            fulfilment: fulfilment_chip(fulfilment),
            state: beside(head),
        },
        payment,
        unknown: payments.iter().any(|p| p.state == PaymentState::Unknown),
        fulfilment,
    }
}

/// Shown beside the number where an order is not simply placed.
fn beside(head: &OrderHead) -> Option<Chip> {
    match state_chip(head) {
        Chip::OrderPlaced => None,
        chip => Some(chip),
    }
}

/// Where an order stands; a hold stands before it.
pub(super) fn state_chip(head: &OrderHead) -> Chip {
    match (head.state, &head.hold) {
        (OrderState::Draft | OrderState::AwaitingPayment | OrderState::Placed, Some(_)) => Chip::OrderOnHold,
        (OrderState::Draft, None) => Chip::OrderDraft,
        (OrderState::AwaitingPayment, None) => Chip::OrderAwaitingPayment,
        (OrderState::Placed, None) => Chip::OrderPlaced,
        (OrderState::Closed, _) => Chip::OrderClosed,
        (OrderState::Cancelled, _) => Chip::OrderCancelled,
    }
}

/// How an order stands with its money. What is undecided says what it waits for.
pub(super) fn payment_chip(payment: OrderPayment, payments: &[PaymentRow]) -> Chip {
    match payment {
        OrderPayment::Unpaid => Chip::PaymentPending,
        OrderPayment::Pending => {
            let undecided = payments.iter().find(|p| p.state.is_undecided());
            undecided.map_or(Chip::PaymentPending, attempt_chip)
        }
        OrderPayment::Authorised => Chip::PaymentAuthorised,
        OrderPayment::Due => Chip::PaymentDue,
        OrderPayment::PartlyPaid => Chip::PaymentPartlyPaid,
        OrderPayment::Paid => Chip::PaymentPaid,
        OrderPayment::PartlyRefunded => Chip::PaymentPartlyRefunded,
        OrderPayment::Refunded => Chip::PaymentRefunded,
        OrderPayment::Voided => Chip::PaymentVoided,
        OrderPayment::Failed => Chip::PaymentFailed,
    }
}

/// How one attempt stands.
pub(super) fn attempt_chip(payment: &PaymentRow) -> Chip {
    match payment.state {
        PaymentState::Started | PaymentState::Pending => Chip::PaymentPending,
        PaymentState::ActionRequired => Chip::PaymentActionRequired,
        PaymentState::Unknown => Chip::PaymentUnknown,
        PaymentState::Authorised => Chip::PaymentAuthorised,
        PaymentState::PartiallyCaptured => Chip::PaymentPartlyPaid,
        PaymentState::Captured if payment.refunded_minor >= payment.captured_minor => Chip::PaymentRefunded,
        PaymentState::Captured if payment.refunded_minor > 0 => Chip::PaymentPartlyRefunded,
        PaymentState::Captured => Chip::PaymentPaid,
        PaymentState::Failed => Chip::PaymentFailed,
        PaymentState::Voided => Chip::PaymentVoided,
        PaymentState::Due => Chip::PaymentDue,
    }
}

/// How far an order is out of the door.
pub(super) fn fulfilment_chip(fulfilment: OrderFulfilment) -> Chip {
    match fulfilment {
        OrderFulfilment::Nothing => Chip::NothingToFulfil,
        OrderFulfilment::Unfulfilled => Chip::Unfulfilled,
        OrderFulfilment::OnHold => Chip::FulfilmentOnHold,
        OrderFulfilment::Partial => Chip::PartlyFulfilled,
        OrderFulfilment::Fulfilled => Chip::Fulfilled,
        OrderFulfilment::Cancelled => Chip::FulfilmentCancelled,
    }
}

/// Where a request to a location stands.
pub(in crate::admin) fn request_chip(state: FulfilmentState) -> Chip {
    match state {
        FulfilmentState::Scheduled => Chip::FulfilmentScheduled,
        FulfilmentState::Open => Chip::FulfilmentOpen,
        FulfilmentState::OnHold => Chip::FulfilmentOnHold,
        FulfilmentState::Picking => Chip::FulfilmentPicking,
        FulfilmentState::Packed => Chip::FulfilmentPacked,
        FulfilmentState::Shipped => Chip::FulfilmentShipped,
        FulfilmentState::Cancelled => Chip::FulfilmentCancelled,
    }
}
