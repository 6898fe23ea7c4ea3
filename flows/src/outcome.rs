use kernel::OrderId;
use orders::{OrderHead, OrderState, Placed};
use payments::ports::Answer;
use payments::{PaymentRow, PaymentState};

use crate::settle::Recorded;

/// How a purchase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Sold.
    Placed,
    /// The shopper must do something at this address.
    Action { url: String },
    /// Nobody knows yet; the order's page tells when it does.
    Pending,
    /// The payment was refused; the goods are held, another way may be tried.
    Declined { text: String },
    /// The order was called off.
    Cancelled,
}

/// A purchase's order and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The order.
    pub order: OrderId,
    /// For people.
    pub number: i64,
    /// Of the guest's link.
    pub secret: String,
    /// How it stands.
    pub outcome: Outcome,
}

impl Placement {
    /// Of an order that was just written, and whose attempt was just recorded; `None` where the database knows better.
    pub(crate) fn recorded(placed: &Placed, recorded: &Recorded, answer: &Answer) -> Option<Placement> {
        let outcome = match (recorded.state, answer) {
            (PaymentState::Authorised | PaymentState::Due, _) if recorded.placed => Outcome::Placed,
            (PaymentState::ActionRequired, Answer::Action { url }) => Outcome::Action { url: url.clone() },
            (PaymentState::Failed, Answer::No { text, .. }) => Outcome::Declined { text: text.clone() },
            (PaymentState::Pending | PaymentState::Unknown, _) => Outcome::Pending,
            _ => return None,
        };
        Some(Placement { order: placed.id, number: placed.number, secret: placed.secret.clone(), outcome })
    }

    /// Derived from the order and its latest attempt: the answer to a repeated request.
    pub fn of(order: &OrderHead, payments: &[PaymentRow]) -> Placement {
        let outcome = match (order.state, payments.last()) {
            (OrderState::Placed | OrderState::Closed, _) => Outcome::Placed,
            (OrderState::Cancelled, _) => Outcome::Cancelled,
            (OrderState::Draft | OrderState::AwaitingPayment, Some(p)) => match p.state {
                PaymentState::ActionRequired => Outcome::Action { url: p.action_url.clone() },
                PaymentState::Failed | PaymentState::Voided => {
                    Outcome::Declined { text: p.error_text.clone() }
                }
                _ => Outcome::Pending,
            },
            (OrderState::Draft | OrderState::AwaitingPayment, None) => Outcome::Pending,
        };
        Placement { order: order.id, number: order.number, secret: order.secret.clone(), outcome }
    }
}
