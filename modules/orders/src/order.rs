use kernel::{
    Address, AssetId, CartId, Currency, OrderId, OrderLineId, ProductId, Rate, ShippingMethodId, VariantId,
    states,
};

states! {
    /// Where an order stands. Its payment and fulfilment statuses are derived from payments and shipments.
    pub enum OrderState {
        /// Made by staff, not yet binding.
        Draft = "draft",
        /// Its stock is held; its payment is undecided or failed.
        AwaitingPayment = "awaiting_payment",
        /// Sold.
        Placed = "placed",
        /// Everything was shipped and settled.
        Closed = "closed",
        /// Called off.
        Cancelled = "cancelled",
    }
}

states! {
    /// What can be done to an order.
    pub enum Action {
        /// Staff offer it for payment.
        Submit = "submit",
        /// It is paid, authorised, or due by terms.
        Place = "place",
        /// Called off.
        Cancel = "cancel",
        /// Everything is done.
        Close = "close",
        /// Something came back to do.
        Reopen = "reopen",
    }
}

impl Action {
    /// "cancelled": for sentences.
    pub fn done(self) -> &'static str {
        match self {
            Action::Submit => "submitted",
            Action::Place => "placed",
            Action::Cancel => "cancelled",
            Action::Close => "closed",
            Action::Reopen => "reopened",
        }
    }
}

states! {
    /// What a line charges for.
    pub enum LineKind {
        /// Goods.
        Item = "item",
        /// Shipping.
        Shipping = "shipping",
    }
}
db::words!(OrderState, LineKind);

/// Every transition there is; a missing one does not compile.
pub fn next(state: OrderState, action: Action) -> Option<OrderState> {
    use OrderState::{AwaitingPayment, Cancelled, Closed, Draft, Placed};
    match (state, action) {
        (Draft, Action::Submit) => Some(AwaitingPayment),
        (AwaitingPayment, Action::Place) => Some(Placed),
        (Draft | AwaitingPayment | Placed, Action::Cancel) => Some(Cancelled),
        (Placed, Action::Close) => Some(Closed),
        (Closed, Action::Reopen) => Some(Placed),
        (AwaitingPayment | Placed | Closed | Cancelled, Action::Submit)
        | (Draft | Placed | Closed | Cancelled, Action::Place)
        | (Closed | Cancelled, Action::Cancel)
        | (Draft | AwaitingPayment | Closed | Cancelled, Action::Close)
        | (Draft | AwaitingPayment | Placed | Cancelled, Action::Reopen) => None,
    }
}

/// A line as the calculation made it. Money in minor units of the order's currency.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// Its id, made before, since stock is held for it.
    pub id: OrderLineId,
    /// Goods or shipping.
    pub kind: LineKind,
    /// What is sold.
    pub variant: Option<VariantId>,
    /// Above it.
    pub product: Option<ProductId>,
    /// Its SKU at that moment.
    pub sku: Option<String>,
    /// Its name at that moment.
    pub title: String,
    /// Its options at that moment.
    pub variant_title: String,
    /// For the link back to the shop.
    pub slug: String,
    /// Its picture.
    pub image: Option<AssetId>,
    /// Sold units.
    pub quantity: i64,
    /// One sold unit, as entered.
    pub unit_minor: i64,
    /// What was taken off the whole line.
    pub discount_minor: i64,
    /// Without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// With tax: net + tax.
    pub gross_minor: i64,
    /// `VAT`.
    pub tax_name: String,
    /// Its rate.
    pub rate: Rate,
    /// Does it go into a parcel?
    pub requires_shipping: bool,
    /// Of one sold unit.
    pub weight_grams: Option<i64>,
}

/// An order to be written, awaiting payment.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Its id.
    pub id: OrderId,
    /// From which cart, in which version: unique together.
    pub cart: Option<(CartId, i64)>,
    /// Who.
    pub email: String,
    /// In which language they are written to.
    pub locale: String,
    /// In which currency.
    pub currency: Currency,
    /// Which side of the prices was entered.
    pub prices_include_tax: bool,
    /// Where to.
    pub shipping_address: Address,
    /// Who pays.
    pub billing_address: Address,
    /// How.
    pub shipping_method: Option<(ShippingMethodId, String)>,
    /// With what.
    pub payment_method: String,
    /// The customer's words.
    pub note: String,
    /// The words beside the box for news that they ticked; empty: they did not.
    pub consent: String,
    /// Goods first, shipping last.
    pub lines: Vec<NewLine>,
    /// Until when stock is kept while it awaits payment.
    pub held_until: kernel::Timestamp,
}

impl NewOrder {
    /// Σ net, Σ tax, Σ gross.
    pub fn totals(&self) -> (i64, i64, i64) {
        self.lines
            .iter()
            .fold((0, 0, 0), |(n, t, g), l| (n + l.net_minor, t + l.tax_minor, g + l.gross_minor))
    }
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The order.
    pub id: OrderId,
    /// For people.
    pub number: i64,
    /// For the guest's link.
    pub secret: String,
}
