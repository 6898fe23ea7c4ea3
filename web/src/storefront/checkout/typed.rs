//! What was typed into the checkout, and what is wrong with it.

use checkout::{Calculation, Cart, CartDetails, Problem};
use customers::country;
use fluent_bundle::FluentValue;
use kernel::{Address, ShippingMethodId};
use sha2::{Digest, Sha256};
use theme::{Words, arg};

use super::super::frame::Frame;
use crate::extract::Fields;

/// Before the names of the fields of the invoice's address.
pub(super) const BILLING: &str = "billing_";
/// A word to the shop has so many letters.
pub(super) const NOTE: usize = 2_000;

/// Everything of the form, as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) email: String,
    pub(super) address: Address,
    /// The invoice goes to `billing`.
    pub(super) elsewhere: bool,
    pub(super) billing: Address,
    pub(super) note: String,
    /// The box for news is ticked.
    pub(super) news: bool,
    pub(super) shipping_method: String,
    pub(super) payment: String,
    pub(super) token: String,
    /// Of this showing of the form: a repeat of it makes one order.
    pub(super) key: String,
    /// What was in the cart when the form was shown.
    pub(super) seen: String,
    /// The total that the form showed, in minor units; empty from a theme that does not send it.
    pub(super) seen_total: String,
}

impl Typed {
    pub(super) fn of(form: &Fields) -> Typed {
        let get = |name: &str| form.get(name).to_owned();
        let address = |before: &str| {
            let get = |name: &str| form.get(&format!("{before}{name}")).to_owned();
            Address {
                name: get("name"),
                company: get("company"),
                line1: get("line1"),
                line2: get("line2"),
                postcode: get("postcode"),
                city: get("city"),
                region: get("region"),
                country: get("country").to_uppercase(),
                phone: get("phone"),
            }
        };
        Typed {
            email: get("email"),
            address: address(""),
            elsewhere: form.get("billing") == "on",
            billing: address(BILLING),
            note: form.get("note").to_owned(),
            news: form.get("news") == "on",
            shipping_method: get("shipping_method"),
            payment: get("payment"),
            token: get("test_token"),
            key: get("idempotency_key"),
            seen: get("cart_version"),
            seen_total: get("seen_total"),
        }
    }

    /// What a cart remembers of an earlier visit; the shop's own country before one is chosen.
    pub(super) fn remembered(cart: &Cart, home: &str) -> Typed {
        let mut address = cart.address.clone().unwrap_or_default();
        if address.country.is_empty() {
            home.clone_into(&mut address.country);
        }
        Typed {
            email: cart.email.clone(),
            address,
            elsewhere: cart.billing_address.is_some(),
            billing: cart.billing_address.clone().unwrap_or_default(),
            note: cart.note.clone(),
            news: !cart.consent.is_empty(),
            shipping_method: cart.shipping_method.map(|m| m.to_string()).unwrap_or_default(),
            payment: cart.payment_method.clone().unwrap_or_default(),
            // where there is a test bank, most want to see a purchase succeed
            token: "tok_success".to_owned(),
            ..Typed::default()
        }
    }

    /// As the cart keeps it, complete or not; what no row could hold is cut, and told by [`Typed::wrong`]. `news` are
    /// the words beside the box for them.
    pub(super) fn details(&self, news: &str) -> CartDetails {
        CartDetails {
            email: cut(&self.email, 254),
            address: Some(kept(&self.address)),
            billing_address: self.elsewhere.then(|| kept(&self.billing)),
            shipping_method: self.shipping_method.parse::<ShippingMethodId>().ok(),
            payment_method: Some(cut(&self.payment, 60)).filter(|p| !p.is_empty()),
            note: cut(&self.note, NOTE),
            consent: if self.news { news.to_owned() } else { String::new() },
        }
    }

    /// What the provider's part of the form gave.
    pub(super) fn token(&self) -> &str {
        if self.payment == "test" { &self.token } else { "" }
    }

    /// Is the form well, as far as can be told without the cart? What it leaves open, placing tells.
    pub(super) fn is_clean(&self, locale: &str, ways: &[String]) -> bool {
        let paid = ways.contains(&self.payment) && (self.payment != "test" || !self.token.is_empty());
        let well = |a: &Address| country::validate(a, locale).is_empty();
        let invoiced = !self.elsewhere || well(&self.billing);
        let short = self.note.chars().count() <= NOTE;
        paid && short && is_email(&self.email) && well(&self.address) && invoiced
    }

    /// Everything that is wrong with what was typed, in the order of the fields.
    pub(super) fn wrong(&self, frame: &Frame, calculation: &Calculation, ways: &[String]) -> Vec<Wrong> {
        let mut wrong = vec![];
        if !is_email(&self.email) {
            wrong.push(Wrong::at("email", frame.say("error-email", &[])));
        }
        if self.address.name.is_empty() {
            let field = frame.say("field-name", &[]);
            wrong.push(Wrong::at("name", frame.say("error-required", &[arg("field", field)])));
        }
        if calculation.requires_shipping {
            let errors = country::validate(&self.address, &frame.locale).into_iter();
            let told = |field: &str| field == "name" && self.address.name.is_empty();
            wrong.extend(errors.filter(|e| !told(e.field)).map(|e| Wrong::at(e.field, e.message)));
        }
        wrong.sort_by_key(|w| w.rank());
        if self.elsewhere {
            let mut errors: Vec<Wrong> = country::validate(&self.billing, &frame.locale)
                .into_iter()
                .map(|e| Wrong::at(e.field, e.message))
                .collect();
            errors.sort_by_key(Wrong::rank);
            wrong.extend(errors.into_iter().map(|w| Wrong { field: format!("{BILLING}{}", w.field), ..w }));
        }
        if self.note.chars().count() > NOTE {
            let args = [arg("field", frame.say("checkout-note", &[])), arg("max", NOTE as i64)];
            wrong.push(Wrong::at("note", frame.say("error-too-long", &args)));
        }
        if calculation.requires_shipping {
            let chosen = self.shipping_method.parse::<ShippingMethodId>().ok();
            if calculation.quotes.is_empty() {
                if !wrong.iter().any(|w| w.field == "country") {
                    wrong.push(Wrong::at("country", frame.say("shipping-none", &[])));
                }
            } else if !chosen.is_some_and(|c| calculation.quotes.iter().any(|q| q.method == c)) {
                wrong.push(Wrong::at("shipping_method", frame.say("error-shipping", &[])));
            }
        }
        if !ways.contains(&self.payment) {
            wrong.push(Wrong::at("payment", frame.say("error-payment", &[])));
        } else if self.payment == "test" && self.token.is_empty() {
            wrong.push(Wrong::at("test_token", frame.say("error-token", &[])));
        }
        wrong
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// An address as its country writes it, and as a row holds it.
fn kept(address: &Address) -> Address {
    let tidy = country::tidy(address);
    Address {
        name: cut(&tidy.name, 200),
        company: cut(&tidy.company, 200),
        line1: cut(&tidy.line1, 200),
        line2: cut(&tidy.line2, 200),
        postcode: cut(&tidy.postcode, 20),
        city: cut(&tidy.city, 100),
        region: cut(&tidy.region, 100),
        country: cut(&tidy.country, 2),
        phone: cut(&tidy.phone, 40),
    }
}

/// Something wrong, with the field it is about; an empty one is the whole form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: String,
    pub(super) text: String,
}

impl Wrong {
    pub(super) fn at(field: &str, text: String) -> Wrong {
        Wrong { field: field.to_owned(), text }
    }

    pub(super) fn whole(text: String) -> Wrong {
        Wrong::at("", text)
    }

    fn rank(&self) -> usize {
        const ORDER: &[&str] = &["email", "country", "name"];
        ORDER.iter().position(|f| *f == self.field).unwrap_or(if self.field == "phone" {
            99
        } else {
            ORDER.len()
        })
    }
}

/// A problem of a cart beside the field it is about.
pub(super) fn problem(frame: &Frame, problem: &Problem, title: &str) -> Wrong {
    let text = said(frame.words(), frame.locale(), problem, title);
    match problem {
        Problem::Empty
        | Problem::NotForSale { .. }
        | Problem::SoldOut { .. }
        | Problem::OnlyLeft { .. }
        | Problem::PriceChanged { .. } => Wrong::whole(text),
        Problem::EmailMissing | Problem::EmailWrong { .. } => Wrong::at("email", text),
        Problem::AddressMissing => Wrong::at("line1", text),
        Problem::AddressWrong { field, .. } => Wrong::at(field, text),
        Problem::NotShippedThere { .. } => Wrong::at("country", text),
        Problem::ShippingMissing | Problem::ShippingGone => Wrong::at("shipping_method", text),
        Problem::PaymentMissing => Wrong::at("payment", text),
    }
}

/// A problem of a cart in the shopper's language; `title` is what its line is called.
pub(crate) fn said(words: &Words, locale: &str, problem: &Problem, title: &str) -> String {
    let say = |key: &str, args: &[(&str, FluentValue<'_>)]| words.say(locale, key, args);
    let name = || arg("name", title.to_owned());
    match problem {
        Problem::Empty => say("cart-empty-title", &[]),
        Problem::NotForSale { title, .. } => format!("{title}: {}", say("line-not-for-sale", &[])),
        Problem::SoldOut { .. } => say("error-stock-none", &[name()]),
        Problem::OnlyLeft { left, .. } => say("error-stock", &[name(), arg("left", *left)]),
        Problem::PriceChanged { .. } => say("error-price-rose", &[]),
        Problem::EmailMissing | Problem::EmailWrong { .. } => say("error-email", &[]),
        Problem::AddressMissing => say("error-required", &[arg("field", say("field-address1", &[]))]),
        Problem::AddressWrong { message, .. } => message.clone(),
        Problem::NotShippedThere { .. } => say("shipping-none", &[]),
        Problem::ShippingMissing => say("error-shipping", &[]),
        Problem::ShippingGone => say("error-shipping-gone", &[]),
        Problem::PaymentMissing => say("error-payment", &[]),
    }
}

/// Something, an at sign, something with a dot: whether mail arrives only mail can tell.
pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let dotted = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    let clean =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
    !name.is_empty() && dotted && clean && text.chars().count() <= 254
}

/// What is in a cart, as one number: when it is another than the form was shown with, the cart changed elsewhere. The
/// version would change with the form's own details too.
pub(super) fn seen(cart: &Cart) -> i64 {
    let mut hash = Sha256::new();
    for line in &cart.lines {
        hash.update(line.variant.uuid().as_bytes());
        hash.update(line.quantity.to_be_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    i64::from_be_bytes([0, bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]) >> 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses() {
        for good in ["a@b.co", "ada.love+lace@mail.example.com", "grüße@exämple.de"] {
            assert!(is_email(good), "{good}");
        }
        for wrong in ["", "a", "a@b", "@b.co", "a@b..co", "a b@c.de", "a@b.co, c@d.e", "<a@b.co>"] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn errors_come_in_the_order_of_the_fields() {
        let mut all: Vec<Wrong> = ["phone", "postcode", "name", "city", "country", "email"]
            .map(|f| Wrong::at(f, String::new()))
            .into();
        all.sort_by_key(Wrong::rank);
        let fields: Vec<&str> = all.iter().map(|w| w.field.as_str()).collect();
        assert_eq!(fields, ["email", "country", "name", "postcode", "city", "phone"]);
    }
}
