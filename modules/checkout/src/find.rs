use db::{FromRow, Get, Row, Tx, params, sql};
use kernel::{Address, CartId, CartLineId, Ctx};

use crate::{Cart, CartLine, Error};

struct Found {
    cart: Cart,
    line: Option<CartLine>,
}

fn address(row: &Row<'_>, column: usize) -> Result<Option<Address>, db::Error> {
    let text: Option<String> = Get::opt(row, column)?;
    text.map(|t| serde_json::from_str(&t).map_err(|e| db::Error::Column { column, detail: e.to_string() }))
        .transpose()
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Found, db::Error> {
        let cart = Cart {
            id: Get::get(row, 0)?,
            channel: Get::get(row, 1)?,
            market: Get::get(row, 2)?,
            currency: Get::get(row, 3)?,
            locale: Get::get(row, 4)?,
            secret: Get::get(row, 5)?,
            version: Get::get(row, 6)?,
            state: Get::get(row, 7)?,
            email: Get::get(row, 8)?,
            address: address(row, 9)?,
            billing_address: address(row, 10)?,
            shipping_method: Get::opt(row, 11)?,
            payment_method: Get::opt(row, 12)?,
            note: Get::get(row, 13)?,
            consent: Get::get(row, 14)?,
            created_at: Get::get(row, 15)?,
            updated_at: Get::get(row, 16)?,
            lines: vec![],
        };
        let id: Option<CartLineId> = Get::opt(row, 17)?;
        let line = match id {
            None => None,
            Some(id) => Some(CartLine {
                id,
                variant: Get::get(row, 18)?,
                quantity: Get::get(row, 19)?,
                seen_price_minor: Get::opt(row, 20)?,
                position: Get::get(row, 21)?,
            }),
        };
        Ok(Found { cart, line })
    }
}

fn gather(rows: Vec<Found>) -> Option<Cart> {
    let mut rows = rows.into_iter();
    let first = rows.next()?;
    let mut cart = first.cart;
    cart.lines.extend(first.line);
    cart.lines.extend(rows.filter_map(|r| r.line));
    Some(cart)
}

/// The cart of a secret with its lines, whatever its state: one statement.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, ctx: &Ctx, secret: &str) -> Result<Option<Cart>, Error> {
    let rows = tx
        .all(
            sql!(
                "select c.id, c.channel_id, c.market_id, c.currency, c.locale, c.secret, c.version, c.state, c.email,
                     c.address, c.billing_address, c.shipping_method_id, c.payment_method, c.note, c.consent,
                     c.created_at, c.updated_at, l.id, l.variant_id, l.quantity, l.seen_price_minor, l.position
                 from cart c left join cart_line l on l.cart_id = c.id
                 where c.secret = $1 and c.store_id = $2 order by l.position, l.id"
            ),
            params![secret, ctx.store.id],
        )
        .await?;
    Ok(gather(rows))
}

/// A cart with its lines, whatever its state: one statement. For flows, which got its id from a cart or an order; a
/// shopper is known by the secret ([`find`]).
///
/// # Errors
/// [`Error::NoSuchCart`].
pub async fn get(tx: &mut Tx, ctx: &Ctx, id: CartId) -> Result<Cart, Error> {
    let rows = tx
        .all(
            sql!(
                "select c.id, c.channel_id, c.market_id, c.currency, c.locale, c.secret, c.version, c.state, c.email,
                     c.address, c.billing_address, c.shipping_method_id, c.payment_method, c.note, c.consent,
                     c.created_at, c.updated_at, l.id, l.variant_id, l.quantity, l.seen_price_minor, l.position
                 from cart c left join cart_line l on l.cart_id = c.id
                 where c.id = $1 and c.store_id = $2 order by l.position, l.id"
            ),
            params![id, ctx.store.id],
        )
        .await?;
    gather(rows).ok_or(Error::NoSuchCart)
}
