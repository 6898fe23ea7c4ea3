use kernel::{CartLineId, Money};
use serde::Serialize;

/// Something the shopper must be told. `web` says it in the shopper's language by its code; [`Display`] is English.
///
/// [`Display`]: std::fmt::Display
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing that could be bought is in the cart.
    Empty,
    /// Not sold any more, or without a price.
    NotForSale { line: CartLineId, title: String },
    /// None is left.
    SoldOut { line: CartLineId },
    /// More is wanted than is left.
    OnlyLeft { line: CartLineId, left: i64 },
    /// A piece costs something else than the shopper saw.
    PriceChanged { line: CartLineId, was: Money, now: Money },
    /// Where to write to.
    EmailMissing,
    /// It cannot be written to.
    EmailWrong { email: String },
    /// Where to ship to.
    AddressMissing,
    /// The country's addresses look otherwise: the field's name as in `kernel::Address` (`billing_` before it for the
    /// one that is invoiced), and what to do, in the shopper's language.
    AddressWrong { field: String, message: String },
    /// Nothing goes to this country, or not so heavy a parcel.
    NotShippedThere { country: String },
    /// How to ship is not chosen yet.
    ShippingMissing,
    /// The chosen way is not offered any more.
    ShippingGone,
    /// How to pay is not chosen yet.
    PaymentMissing,
}

impl Problem {
    /// A stable word for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Empty => "empty",
            Problem::NotForSale { .. } => "not_for_sale",
            Problem::SoldOut { .. } => "sold_out",
            Problem::OnlyLeft { .. } => "only_left",
            Problem::PriceChanged { .. } => "price_changed",
            Problem::EmailMissing => "email_missing",
            Problem::EmailWrong { .. } => "email_wrong",
            Problem::AddressMissing => "address_missing",
            Problem::AddressWrong { .. } => "address_wrong",
            Problem::NotShippedThere { .. } => "not_shipped_there",
            Problem::ShippingMissing => "shipping_missing",
            Problem::ShippingGone => "shipping_gone",
            Problem::PaymentMissing => "payment_missing",
        }
    }

    /// The input of the checkout it is about: `email`, `shipping_method`, `payment`, or a field of the address.
    pub fn field(&self) -> Option<&str> {
        match self {
            Problem::EmailMissing | Problem::EmailWrong { .. } => Some("email"),
            Problem::AddressMissing => Some("line1"),
            Problem::AddressWrong { field, .. } => Some(field),
            Problem::NotShippedThere { .. } => Some("country"),
            Problem::ShippingMissing | Problem::ShippingGone => Some("shipping_method"),
            Problem::PaymentMissing => Some("payment"),
            Problem::Empty
            | Problem::NotForSale { .. }
            | Problem::SoldOut { .. }
            | Problem::OnlyLeft { .. }
            | Problem::PriceChanged { .. } => None,
        }
    }

    /// The line it is about.
    pub fn line(&self) -> Option<CartLineId> {
        match self {
            Problem::NotForSale { line, .. }
            | Problem::SoldOut { line }
            | Problem::OnlyLeft { line, .. }
            | Problem::PriceChanged { line, .. } => Some(*line),
            Problem::Empty
            | Problem::EmailMissing
            | Problem::EmailWrong { .. }
            | Problem::AddressMissing
            | Problem::AddressWrong { .. }
            | Problem::NotShippedThere { .. }
            | Problem::ShippingMissing
            | Problem::ShippingGone
            | Problem::PaymentMissing => None,
        }
    }

    /// Does it close the way from the cart to the checkout?
    pub fn stops_cart(&self) -> bool {
        match self {
            Problem::Empty
            | Problem::NotForSale { .. }
            | Problem::SoldOut { .. }
            | Problem::OnlyLeft { .. } => true,
            Problem::PriceChanged { .. }
            | Problem::EmailMissing
            | Problem::EmailWrong { .. }
            | Problem::AddressMissing
            | Problem::AddressWrong { .. }
            | Problem::NotShippedThere { .. }
            | Problem::ShippingMissing
            | Problem::ShippingGone
            | Problem::PaymentMissing => false,
        }
    }

    /// Does it keep the order from being placed? A price that fell does not; one that rose must be seen first.
    pub fn stops_order(&self) -> bool {
        match self {
            Problem::PriceChanged { was, now, .. } => now.minor > was.minor,
            Problem::Empty
            | Problem::NotForSale { .. }
            | Problem::SoldOut { .. }
            | Problem::OnlyLeft { .. }
            | Problem::EmailMissing
            | Problem::EmailWrong { .. }
            | Problem::AddressMissing
            | Problem::AddressWrong { .. }
            | Problem::NotShippedThere { .. }
            | Problem::ShippingMissing
            | Problem::ShippingGone
            | Problem::PaymentMissing => true,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Empty => f.write_str("The cart is empty"),
            Problem::NotForSale { title, .. } if title.is_empty() => {
                f.write_str("This is no longer for sale")
            }
            Problem::NotForSale { title, .. } => write!(f, "{title} is no longer for sale"),
            Problem::SoldOut { .. } => f.write_str("Sold out"),
            Problem::OnlyLeft { left, .. } => write!(f, "Only {left} left"),
            Problem::PriceChanged { was, now, .. } => {
                write!(f, "The price is now {}; it was {}", now.shown("en"), was.shown("en"))
            }
            Problem::EmailMissing => f.write_str("Enter an e-mail address"),
            Problem::EmailWrong { email } => {
                write!(f, "'{email}' is not an e-mail address; write it as ada@example.com")
            }
            Problem::AddressMissing => f.write_str("Enter an address"),
            Problem::AddressWrong { message, .. } => f.write_str(message),
            Problem::NotShippedThere { country } => write!(f, "We do not ship this to {country}"),
            Problem::ShippingMissing => f.write_str("Choose how to ship"),
            Problem::ShippingGone => f.write_str("This way to ship is no longer offered; choose another"),
            Problem::PaymentMissing => f.write_str("Choose how to pay"),
        }
    }
}
