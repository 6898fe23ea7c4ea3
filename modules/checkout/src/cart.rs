//! The cart and its rules: pure.

use inventory::Availability;
use kernel::{
    Address, CartId, CartLineId, ChannelId, Currency, MarketId, ShippingMethodId, Timestamp, VariantId,
};

/// The most of a variant that a cart takes.
pub const MAX_QUANTITY: i64 = 999;

/// The most lines a cart takes.
pub const MAX_LINES: i64 = 100;

kernel::states! {
    /// Where a cart stands.
    pub enum CartState {
        /// Being filled.
        Open = "open",
        /// An order was made of it.
        Ordered = "ordered",
        /// Given up.
        Dropped = "dropped",
    }
}
db::words!(CartState);

/// What can happen to a cart as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// An order is made of it.
    Close,
    /// The order came to nothing; its shopper goes on with the cart.
    Reopen,
    /// The shopper empties it.
    Discard,
}

impl CartState {
    /// Where an action leads; `None` where it is not allowed. The verbs' conditional statements say the same.
    pub fn after(self, action: Action) -> Option<CartState> {
        match (self, action) {
            (CartState::Open, Action::Close) => Some(CartState::Ordered),
            (CartState::Ordered, Action::Reopen) => Some(CartState::Open),
            (CartState::Open, Action::Discard) => Some(CartState::Dropped),
            (CartState::Open, Action::Reopen)
            | (CartState::Ordered, Action::Close | Action::Discard)
            | (CartState::Dropped, Action::Close | Action::Reopen | Action::Discard) => None,
        }
    }
}

/// What a shopper has gathered. Whoever holds its secret may change it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Where it is filled.
    pub channel: ChannelId,
    /// Whose prices hold.
    pub market: MarketId,
    /// Of all amounts.
    pub currency: Currency,
    /// In which language it was begun.
    pub locale: String,
    /// What the shopper's cookie holds.
    pub secret: String,
    /// Grows with every change.
    pub version: i64,
    /// Where it stands.
    pub state: CartState,
    /// Empty until given.
    pub email: String,
    /// Where it goes.
    pub address: Option<Address>,
    /// Who is invoiced; none is whoever receives it.
    pub billing_address: Option<Address>,
    /// How it goes.
    pub shipping_method: Option<ShippingMethodId>,
    /// How it is paid: a provider's name.
    pub payment_method: Option<String>,
    /// From the shopper.
    pub note: String,
    /// The words beside the box for news that they ticked; empty: they did not.
    pub consent: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By position; a variant once.
    pub lines: Vec<CartLine>,
}

impl Cart {
    /// How many pieces are in it.
    pub fn pieces(&self) -> i64 {
        self.lines.iter().map(|l| l.quantity).sum()
    }

    /// The line of this id.
    pub fn line(&self, id: CartLineId) -> Option<&CartLine> {
        self.lines.iter().find(|l| l.id == id)
    }

    /// The country it goes to, once it is known.
    pub fn country(&self) -> Option<&str> {
        self.address.as_ref().map(|a| a.country.as_str()).filter(|c| !c.is_empty())
    }
}

/// A line of a cart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CartLine {
    /// Its id.
    pub id: CartLineId,
    /// What.
    pub variant: VariantId,
    /// How many, 1 to [`MAX_QUANTITY`].
    pub quantity: i64,
    /// The price of a single piece (minor units, as entered) that the shopper saw last; none when unknown.
    pub seen_price_minor: Option<i64>,
    /// Its place.
    pub position: i64,
}

/// How many of a variant a cart takes now.
pub(crate) fn cap(stock: &[Availability], variant: VariantId) -> i64 {
    let sellable = stock.iter().find(|a| a.variant == variant).and_then(Availability::sellable);
    sellable.unwrap_or(MAX_QUANTITY).min(MAX_QUANTITY)
}

pub(crate) fn checked_quantity(quantity: i64) -> Result<i64, crate::Error> {
    if (1..=MAX_QUANTITY).contains(&quantity) {
        Ok(quantity)
    } else {
        Err(crate::Error::Quantity { quantity })
    }
}
