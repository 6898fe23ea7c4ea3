use serde::Serialize;

use super::{Card, Image, Page, Rows, View};

/// The cart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cart {
    /// Around it.
    pub page: Page,
    /// How many pieces are in it.
    pub count: u64,
    /// What is in it; empty shows the empty state.
    pub lines: Vec<CartLine>,
    /// The sums.
    pub totals: Rows,
    /// Something about the whole cart: a line that was taken out, a discount that ended.
    pub notices: Vec<Notice>,
    /// False while a line cannot be bought: the way to the checkout is closed and says why.
    pub can_check_out: bool,
    /// Products to go on with, below.
    pub suggestions: Vec<Card>,
}

/// A line of the cart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CartLine {
    /// In `POST /cart/lines/{id}`.
    pub id: String,
    /// The product's title.
    pub name: String,
    /// Its page with the variant chosen.
    pub url: String,
    /// The variant, and perhaps its unit price: “Bag of 6, €3.69 / kg”; empty leaves it out.
    pub meta: String,
    /// Its picture.
    pub image: Option<Image>,
    /// How many.
    pub quantity: u32,
    /// How many there can be at most.
    pub max_quantity: u32,
    /// The line's amount.
    pub total: String,
    /// The line's amount before the discount.
    pub was: Option<String>,
    /// A piece's price; shown when there are several.
    pub each: String,
    /// Sold out, fewer left, another price than before.
    pub notices: Vec<Notice>,
}

/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// Something changed: a price, a smaller quantity.
    Warn,
    /// Stands in the way of buying.
    Bad,
}

/// A sentence to the shopper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// How urgent it is.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
}

/// The answer of `POST /cart/lines` to a script that asked for JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CartAnswer {
    /// False: nothing was added, and `message` says why.
    pub ok: bool,
    /// How many pieces are in the cart now.
    pub count: u64,
    /// “Pink Lady is in your cart.”
    pub message: String,
}

impl View for Cart {
    const TEMPLATE: &'static str = "storefront/cart.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}
