//! What each page, mail and document needs to be rendered: plain owned data, filled by handlers. Amounts come
//! as text in the reader's locale, addresses (`url`) complete with the locale's prefix, so that templates only
//! place things.

mod cart;
mod category;
mod checkout;
mod document;
mod home;
mod mail;
mod order;
mod other;
mod page;
mod parts;
mod product;
mod search;

pub use cart::{Cart, CartAnswer, CartLine, Notice, NoticeKind};
pub use category::{Category, SortChoice};
pub use checkout::{
    Checkout, CheckoutError, Choice, Field, FieldKind, PaymentChoice, PaymentKind, ShippingChoice, TestToken,
    Tick,
};
pub use document::{PackingSlip, PickLine, PickList, SlipLine};
pub use home::{CategoryTile, Hero, HeroItem, Home, Promise, Shelf};
pub use mail::{MailFrom, MailLine, MailOrder, OrderCancelled, OrderPlaced, OrderRefunded, OrderShipped};
pub use order::{
    Confirmation, Order, OrderEvent, OrderLine, OrderStatus, Payment, Refund, Shipment, Step, StepState,
};
pub use other::{Challenge, NotFound, Problem};
pub use page::{Alternate, FooterGroup, Link, NavLink, Page};
pub use parts::{Card, Image, Pager, PagerLink, Price, Row, Rows, Stock, StockState};
pub use product::{Attribute, OptionGroup, OptionValue, Product, Variant};
pub use search::{Search, Suggestion, SuggestionGroup, Suggestions};

use serde::Serialize;

/// A page or document: a template and the data it takes.
pub trait View: Serialize {
    /// The template's file, from the theme's root.
    const TEMPLATE: &'static str;

    /// The locale it is rendered in.
    fn locale(&self) -> &str;

    /// Structured data (schema.org) for search engines; each becomes a script block of data.
    fn json_ld(&self) -> Vec<serde_json::Value> {
        Vec::new()
    }
}

/// A mail: `mail/NAME.subject.txt`, `mail/NAME.txt`, `mail/NAME.html`.
pub trait MailView: Serialize {
    /// The templates' name without folder and ending.
    const NAME: &'static str;

    /// The locale it is rendered in.
    fn locale(&self) -> &str;
}
