use serde::Serialize;

use super::{Notice, OrderLine, Page, Rows, View};

/// The checkout, on one page. It is rendered again with everything that was typed whenever something is wrong
/// or recalculated (`action=update`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checkout {
    /// Around it.
    pub page: Page,
    /// Posted back as `idempotency_key`, so that a repeated request makes one order.
    pub idempotency_key: String,
    /// Posted back as `cart_version`, so that a cart changed elsewhere is noticed.
    pub cart_version: i64,
    /// The total that is shown, in minor units; posted back as `seen_total`, so that nobody pays more than they saw.
    pub seen_total: i64,
    /// Everything that is wrong, in the order of the fields; shown on top with links to them.
    pub errors: Vec<CheckoutError>,
    /// Something that happened and is not an error: a price that changed, a declined card's advice.
    pub notices: Vec<Notice>,
    /// E-mail; name `email`.
    pub email: Field,
    /// Country, a select; name `country`. Its change recalculates.
    pub country: Field,
    /// The full name; name `name`.
    pub name: Field,
    /// The fields of this country's addresses, in their order.
    pub address: Vec<Field>,
    /// Phone, optional; name `phone`.
    pub phone: Field,
    /// The box that opens `billing`: the invoice goes to another address; name `billing`.
    pub billing_other: Tick,
    /// The fields of that address, the country first; names as the others', with `billing_` before them.
    pub billing: Vec<Field>,
    /// A word to the shop, optional; name `note`.
    pub note: Field,
    /// The box for news, never ticked by the shop; name `news`.
    pub news: Tick,
    /// The ways to deliver; name `shipping_method`. None yet: the address is missing or nothing goes there, and
    /// `shipping_note` says which.
    pub shipping: Vec<ShippingChoice>,
    /// Instead of, or above, the ways to deliver; empty leaves it out.
    pub shipping_note: String,
    /// What is wrong with the choice.
    pub shipping_error: Option<String>,
    /// The ways to pay; name `payment`.
    pub payments: Vec<PaymentChoice>,
    /// What is wrong with the choice.
    pub payment_error: Option<String>,
    /// What is bought.
    pub lines: Vec<OrderLine>,
    /// How many pieces.
    pub count: u64,
    /// The sums.
    pub totals: Rows,
}

/// Something wrong, on top of the form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckoutError {
    /// The `id` of the field it is about (see [`Field::id`]); empty for the whole form.
    pub field: String,
    /// The sentence.
    pub text: String,
}

/// A box to tick; ticked it sends `on`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tick {
    /// What is posted.
    pub name: String,
    /// Beside it.
    pub label: String,
    /// Ticked.
    pub checked: bool,
}

/// What kind of input a field is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A phone number.
    Tel,
    /// One of `choices`.
    Select,
    /// Several lines.
    Area,
}

/// A field of the form.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Field {
    /// What is posted.
    pub name: String,
    /// Above it.
    pub label: String,
    /// As typed.
    pub value: String,
    /// Text, e-mail, phone, select.
    pub kind: FieldKind,
    /// Of a select.
    pub choices: Vec<Choice>,
    /// Below it; empty leaves it out.
    pub hint: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// As HTML's `autocomplete`: `postal-code`, `address-line1`.
    pub autocomplete: String,
    /// As HTML's `inputmode`: `numeric`, or empty.
    pub inputmode: String,
    /// Marked “(optional)” when not.
    pub required: bool,
    /// Stands beside the next or the one before, as a postcode does beside the town.
    pub narrow: bool,
    /// The longest that is taken, in characters.
    pub max_length: u32,
}

impl Field {
    /// The `id` of the input in the page.
    pub fn id(name: &str) -> String {
        format!("f-{name}")
    }
}

/// An entry of a select.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// As posted.
    pub value: String,
    /// As shown.
    pub label: String,
    /// Chosen.
    pub selected: bool,
}

/// A way to deliver.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShippingChoice {
    /// As posted.
    pub id: String,
    /// “Parcel”.
    pub name: String,
    /// “2 to 3 working days”; empty leaves it out.
    pub detail: String,
    /// “€4.90”, “Free”.
    pub price: String,
    /// Chosen.
    pub selected: bool,
}

/// What a way to pay asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// The test bank: a token is typed (name `test_token`).
    TestCard,
    /// The provider's own page asks for the rest.
    Redirect,
    /// Bank transfer.
    BankTransfer,
    /// Cash on delivery.
    CashOnDelivery,
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaymentChoice {
    /// As posted.
    pub id: String,
    /// What it asks for.
    pub kind: PaymentKind,
    /// “Bank transfer”.
    pub name: String,
    /// “We ship when the money has arrived”; empty leaves it out.
    pub detail: String,
    /// A charge for it (“€2.00”); empty leaves it out.
    pub price: String,
    /// Chosen.
    pub selected: bool,
    /// Of the test bank: the token as typed.
    pub token: String,
    /// Of the test bank: what is wrong with it, or with the payment (declined).
    pub error: Option<String>,
    /// Of the test bank: the tokens it knows.
    pub tokens: Vec<TestToken>,
}

/// A token of the test bank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestToken {
    /// As typed.
    pub token: String,
    /// What the bank does with it.
    pub meaning: String,
}

impl View for Checkout {
    const TEMPLATE: &'static str = "storefront/checkout.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}
