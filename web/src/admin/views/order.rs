//! One order.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Picture, SumLine, When},
    filters,
    shell::Shell,
};

/// What was bought.
#[derive(Clone, Debug)]
pub struct OrderLineRow {
    pub picture: Option<Picture>,
    pub title: String,
    /// "Navy / One size"; empty for a single variant.
    pub variant: String,
    pub sku: String,
    /// The product's page; empty where it is gone.
    pub href: String,
    pub unit_price: String,
    pub quantity: String,
    /// "−€2.00 Autumn"; empty: none.
    pub discount: String,
    /// "19 %".
    pub tax: String,
    pub total: String,
    /// "1 of 2 shipped", "1 refunded"; empty: nothing to say.
    pub progress: String,
}

/// What one location is asked to send.
#[derive(Clone, Debug)]
pub struct FulfilmentOrderCard {
    pub id: String,
    pub location: String,
    pub state: Chip,
    pub lines: Vec<FulfilmentLine>,
    /// The form to ship from; empty where nothing is left or it is not permitted.
    pub fulfil_href: String,
    pub pick_list_href: String,
    pub packing_slip_href: String,
    pub shipments: Vec<ShipmentCard>,
}

/// A line of a fulfilment order.
#[derive(Clone, Debug)]
pub struct FulfilmentLine {
    pub title: String,
    pub sku: String,
    /// "2 of 3 shipped" or "3".
    pub quantity: String,
}

/// What a carrier took.
#[derive(Clone, Debug)]
pub struct ShipmentCard {
    pub number: String,
    pub state: Chip,
    pub carrier: String,
    pub tracking_number: String,
    /// Empty: no link.
    pub tracking_url: String,
    pub shipped: When,
    pub contents: String,
    /// POST here says that it arrived; empty: not offered.
    pub deliver_href: String,
    /// POST here says that it never will; empty: not offered.
    pub lose_href: String,
    /// To print; empty: not permitted.
    pub packing_slip_href: String,
    pub id: String,
    /// Whether carrier and number can be put right: `POST /admin/shipments/{id}`.
    pub can_edit: bool,
}

/// One attempt to be paid.
#[derive(Clone, Debug)]
pub struct PaymentRow {
    pub id: String,
    /// "Test card ending 4242", "Bank transfer".
    pub method: String,
    pub state: Chip,
    pub created: When,
    /// The provider's reference; empty: none.
    pub reference: String,
    pub authorised: String,
    pub captured: String,
    /// Empty: none.
    pub refunded: String,
    /// Why it failed, in words; empty: it did not.
    pub reason: String,
    /// What may be captured, as typed ("24.50"); empty: the button is not shown.
    pub capturable: String,
    /// What the page shows of it, sent back: a button pressed twice acts once.
    pub seen: String,
    pub can_void: bool,
    /// Terms: the money was seen on the account.
    pub can_mark_paid: bool,
    /// The provider can be asked again.
    pub can_ask: bool,
    /// Nobody can be asked: a person looked, and says whether it was paid.
    pub can_decide: bool,
}

/// Something that happened to the order.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    pub text: String,
    /// "Mara Lind", "Mercer", "Ada Lindqvist (customer)".
    pub actor: String,
    pub when: When,
    /// A person's comment, shown in a bubble.
    pub comment: bool,
    /// Stands out: money or goods moved.
    pub hot: bool,
    /// Something failed.
    pub bad: bool,
}

/// A day of the timeline, newest first.
#[derive(Clone, Debug)]
pub struct TimelineDay {
    pub label: String,
    pub entries: Vec<TimelineEntry>,
}

/// Who bought.
#[derive(Clone, Debug)]
pub struct OrderCustomer {
    pub name: String,
    /// Empty: a guest without a page, or not permitted.
    pub href: String,
    pub email: String,
    pub phone: String,
    /// "7 orders · €612.40".
    pub summary: String,
}

/// `GET /admin/orders/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/order.html")]
pub struct OrderView {
    pub shell: Shell,
    pub id: String,
    pub number: String,
    pub placed: When,
    pub state: Chip,
    pub payment: Chip,
    pub fulfilment: Chip,
    /// "Online store · English".
    pub source: String,
    pub lines: Vec<OrderLineRow>,
    pub sums: Vec<SumLine>,
    /// Paid, refunded, still due.
    pub money: Vec<SumLine>,
    pub payments: Vec<PaymentRow>,
    pub fulfilment_orders: Vec<FulfilmentOrderCard>,
    pub timeline: Vec<TimelineDay>,
    pub customer: OrderCustomer,
    pub ship_to: Vec<String>,
    pub bill_to: Vec<String>,
    pub same_address: bool,
    pub shipping_method: String,
    /// The customer's words; empty: none.
    pub note: String,
    pub tags: Vec<String>,
    pub can_refund: bool,
    pub can_cancel: bool,
    pub can_comment: bool,
    /// Why it must not go on; empty: it may.
    pub hold: String,
    pub can_hold: bool,
    /// The merchant's own fields: `custom.{field}` (`POST …/fields`).
    pub custom: Vec<super::CustomField>,
    /// As typed, and what is wrong with it: `comment`; the staff's `note`, `tags` (`POST …/notes`); `hold_reason` (`POST …/hold`;
    /// `POST …/release` lets it go on).
    pub form: Fields,
    /// The shopper's own page for this order.
    pub status_url: String,
}

/// `GET|POST /admin/orders/{id}/cancellation`: fields `reason`, `note`, `notify`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/order_cancel.html")]
pub struct CancelView {
    pub shell: Shell,
    pub id: String,
    pub number: String,
    pub form: Fields,
    pub reasons: Vec<Choice>,
    /// What would be voided or given back; empty: no money came.
    pub refundable: String,
    /// Why it cannot be cancelled (all shipped); empty: it can.
    pub refused: String,
}
