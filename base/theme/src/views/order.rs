use serde::Serialize;

use super::{Attribute, Image, Link, Notice, Page, Rows, View};
use crate::When;

/// An order as its buyer sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Order {
    /// Its number.
    pub number: String,
    /// Its own page, with the secret token: `/orders/{token}`.
    pub url: String,
    /// When it was placed.
    pub placed: When,
    /// Where the receipt went.
    pub email: String,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// How many pieces.
    pub count: u64,
    /// The sums.
    pub totals: Rows,
    /// Paid, packed, on the way, delivered: how far it is.
    pub steps: Vec<Step>,
    /// The delivery address, line by line, the name first.
    pub address: Vec<String>,
    /// Who is invoiced, line by line; empty where it is whoever receives it.
    pub billing: Vec<String>,
    /// “Parcel”.
    pub shipping_method: String,
    /// Attempts that count, the newest last.
    pub payments: Vec<Payment>,
    /// For a bank transfer: account, reference, amount.
    pub instructions: Vec<Attribute>,
    /// Where a payment that is still open can be completed.
    pub pay: Option<Link>,
    /// Is it done by a form, since it gives this browser the order's cart back? Else it is a link to the provider.
    pub pay_by_form: bool,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderLine {
    /// The product's title at the time.
    pub name: String,
    /// The variant; empty leaves it out.
    pub meta: String,
    /// Its picture.
    pub image: Option<Image>,
    /// How many.
    pub quantity: u32,
    /// The line's amount.
    pub total: String,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Behind.
    Done,
    /// Under way.
    Now,
    /// Ahead.
    Todo,
    /// It went wrong, or was called off.
    Stopped,
}

/// A step of an order's way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// How far.
    pub state: StepState,
    /// “Packed”.
    pub label: String,
    /// “23 November 2026, 15:48”, “tonight”; empty leaves it out.
    pub detail: String,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Payment {
    /// “Card (test bank)”.
    pub method: String,
    /// “Paid”, “Waiting for your transfer”.
    pub state: String,
    /// Its amount.
    pub amount: String,
}

/// A shipment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shipment {
    /// “DHL”.
    pub carrier: String,
    /// The tracking number; empty leaves it out.
    pub tracking: String,
    /// The carrier's page about it.
    pub tracking_url: Option<String>,
    /// When it left.
    pub at: When,
    /// “2 × Pink Lady, bag of 6”.
    pub contents: Vec<String>,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refund {
    /// Its amount.
    pub amount: String,
    /// When.
    pub at: When,
    /// “Refunded”, “On its way”.
    pub state: String,
    /// Why; empty leaves it out.
    pub reason: String,
}

/// Something that happened to the order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderEvent {
    /// When.
    pub at: When,
    /// What, in a sentence.
    pub text: String,
}

/// The order was just placed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confirmation {
    /// Around it.
    pub page: Page,
    /// The order.
    pub order: Order,
    /// What happens next, in a sentence.
    pub next: String,
}

/// The order, later, by its secret link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderStatus {
    /// Around it.
    pub page: Page,
    /// The order.
    pub order: Order,
    /// Where it stands, in a few words: “On its way”.
    pub headline: String,
    /// A sentence about where it stands; empty leaves it out.
    pub detail: String,
    /// Something to tell, such as a payment that failed.
    pub notices: Vec<Notice>,
    /// What was sent.
    pub shipments: Vec<Shipment>,
    /// What was given back.
    pub refunds: Vec<Refund>,
    /// What happened, the newest first.
    pub events: Vec<OrderEvent>,
}

impl View for Confirmation {
    const TEMPLATE: &'static str = "storefront/confirmation.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}

impl View for OrderStatus {
    const TEMPLATE: &'static str = "storefront/order.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}
