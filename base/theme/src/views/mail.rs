use serde::Serialize;

use super::{Attribute, MailView, Rows};

/// Who writes, in every mail.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MailFrom {
    /// The locale of the mail.
    pub locale: String,
    /// The store's name.
    pub store: String,
    /// The store's address, absolute.
    pub url: String,
    /// Imprint and contact, line by line, at the end.
    pub footer: Vec<String>,
    /// The accent as `#rrggbb`, since mail readers know neither OKLCH nor stylesheets.
    pub accent: String,
}

/// The order a mail is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MailOrder {
    /// Its number.
    pub number: String,
    /// Its status page, absolute, with the secret token.
    pub url: String,
    /// The buyer's name as typed.
    pub name: String,
    /// What the mail lists: everything, or what was shipped, refunded, cancelled.
    pub lines: Vec<MailLine>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MailLine {
    /// The product's title.
    pub name: String,
    /// The variant; empty leaves it out.
    pub meta: String,
    /// How many.
    pub quantity: u32,
    /// The amount; empty leaves it out.
    pub total: String,
}

/// The order was placed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderPlaced {
    /// Who writes.
    pub from: MailFrom,
    /// Which order.
    pub order: MailOrder,
    /// The sums.
    pub totals: Rows,
    /// The delivery address, line by line.
    pub address: Vec<String>,
    /// “Parcel”.
    pub shipping_method: String,
    /// “Card”.
    pub payment_method: String,
    /// For a bank transfer: account, reference, amount.
    pub instructions: Vec<Attribute>,
}

/// Something left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderShipped {
    /// Who writes.
    pub from: MailFrom,
    /// Which order, with what left.
    pub order: MailOrder,
    /// “DHL”; empty leaves it out.
    pub carrier: String,
    /// The tracking number; empty leaves it out.
    pub tracking: String,
    /// The carrier's page about it.
    pub tracking_url: Option<String>,
    /// The delivery address, line by line.
    pub address: Vec<String>,
    /// More is still to come.
    pub partial: bool,
}

/// Money goes back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderRefunded {
    /// Who writes.
    pub from: MailFrom,
    /// Which order, with the lines refunded; none for an amount alone.
    pub order: MailOrder,
    /// How much.
    pub amount: String,
    /// Where it goes: “Card”.
    pub method: String,
    /// Why; empty leaves it out.
    pub reason: String,
    /// Was it taken before? Otherwise there is only less to pay.
    pub taken: bool,
}

/// The order was cancelled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderCancelled {
    /// Who writes.
    pub from: MailFrom,
    /// Which order.
    pub order: MailOrder,
    /// Why; empty leaves it out.
    pub reason: String,
    /// What is given back, when something was paid; empty leaves it out.
    pub refunded: String,
}

macro_rules! mail {
    ($($view:ident = $name:literal),*) => {$(
        impl MailView for $view {
            const NAME: &'static str = $name;

            fn locale(&self) -> &str {
                &self.from.locale
            }
        }
    )*};
}

mail!(
    OrderPlaced = "order_placed",
    OrderShipped = "order_shipped",
    OrderRefunded = "order_refunded",
    OrderCancelled = "order_cancelled"
);
