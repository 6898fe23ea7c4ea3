use db::{Tx, params, sql};
use kernel::{Address, Ctx, ShippingMethodId};

use crate::{Cart, Error};

/// Who buys, where it goes, how it is shipped and paid: as typed, complete or not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CartDetails {
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
}

impl CartDetails {
    /// What a cart holds now, to change a part of it.
    pub fn of(cart: &Cart) -> CartDetails {
        CartDetails {
            email: cart.email.clone(),
            address: cart.address.clone(),
            billing_address: cart.billing_address.clone(),
            shipping_method: cart.shipping_method,
            payment_method: cart.payment_method.clone(),
            note: cart.note.clone(),
            consent: cart.consent.clone(),
        }
    }

    pub(crate) fn checked(self) -> Result<CartDetails, Error> {
        let address = |a: Option<Address>| a.map(clean).transpose();
        Ok(CartDetails {
            email: short("email", &self.email, 254)?,
            address: address(self.address)?,
            billing_address: address(self.billing_address)?,
            shipping_method: self.shipping_method,
            payment_method: self
                .payment_method
                .map(|p| short("payment", &p, 60))
                .transpose()?
                .filter(|p| !p.is_empty()),
            note: short("note", &self.note, 2_000)?,
            consent: short("consent", &self.consent, 1_000)?,
        })
    }
}

/// As the database keeps it.
pub(crate) fn json(address: &Option<Address>) -> Result<Option<String>, serde_json::Error> {
    address.as_ref().map(serde_json::to_string).transpose()
}

/// Trimmed, and no longer than `max` characters.
fn short(field: &'static str, text: &str, max: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > max { Err(Error::TooLong { field }) } else { Ok(text.to_owned()) }
}

/// As its country writes it, so that a region's tax is found by its code; what cannot be understood stays as typed.
fn clean(a: Address) -> Result<Address, Error> {
    Ok(customers::country::tidy(&Address {
        name: short("name", &a.name, 200)?,
        company: short("company", &a.company, 200)?,
        line1: short("line1", &a.line1, 200)?,
        line2: short("line2", &a.line2, 200)?,
        postcode: short("postcode", &a.postcode, 20)?,
        city: short("city", &a.city, 100)?,
        region: short("region", &a.region, 100)?,
        country: short("country", &a.country, 2)?.to_uppercase(),
        phone: short("phone", &a.phone, 40)?,
    }))
}

/// Sets the details of a cart that is as it was read; the cart as it is now. What is incomplete is kept too, so that
/// nothing typed is lost: the calculation says what is wrong. One
/// statement; the same details again are none, so that a repeated request meets the same version.
///
/// # Errors
/// [`Error::TooLong`] with its field; [`Error::Changed`] when the cart changed or closed meanwhile.
pub async fn set_details(tx: &mut Tx, ctx: &Ctx, cart: &Cart, details: CartDetails) -> Result<Cart, Error> {
    let new = details.checked()?;
    if new == CartDetails::of(cart) {
        return Ok(cart.clone());
    }
    let hit = tx
        .exec(
            sql!(
                "update cart set email = $3, address = $4, billing_address = $5, shipping_method_id = $6,
                     payment_method = $7, note = $8, updated_at = $9, consent = $10, version = version + 1
                 where id = $1 and version = $2 and state = 'open'"
            ),
            params![
                cart.id,
                cart.version,
                new.email,
                json(&new.address)?,
                json(&new.billing_address)?,
                new.shipping_method,
                new.payment_method,
                new.note,
                ctx.now(),
                new.consent
            ],
        )
        .await?;
    if hit == 0 {
        return Err(Error::Changed);
    }
    Ok(Cart {
        version: cart.version + 1,
        email: new.email,
        address: new.address,
        billing_address: new.billing_address,
        shipping_method: new.shipping_method,
        payment_method: new.payment_method,
        note: new.note,
        consent: new.consent,
        updated_at: ctx.now(),
        ..cart.clone()
    })
}
