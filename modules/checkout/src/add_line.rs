use db::{ToVal, Tx, Val, params, sql};
use inventory::Availability;
use kernel::{CartId, CartLineId, Ctx, VariantId};

use crate::cart::{cap, checked_quantity};
use crate::details::json;
use crate::{Cart, CartDetails, CartLine, CartState, Error, MAX_LINES, Problem};

/// What is put into a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewLine {
    /// What. Its caller knows that it is sold (from the page's read model, or `catalog::for_sale`); if it is not, the
    /// calculation says so.
    pub variant: VariantId,
    /// How many more, 1 to 999.
    pub quantity: i64,
    /// The price of a single piece that the page showed (minor units, as entered).
    pub seen_price_minor: Option<i64>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// The cart, perhaps a new one.
    pub cart: CartId,
    /// For the shopper's cookie.
    pub secret: String,
    /// The cart's version now.
    pub version: i64,
    /// The line.
    pub line: CartLineId,
    /// How many of it are in the cart now.
    pub quantity: i64,
    /// How many pieces are in the cart now, for the count beside its icon.
    pub pieces: i64,
    /// Fewer were put in than wanted: only so many are left.
    pub notice: Option<Problem>,
}

struct Before {
    cart: CartId,
    secret: String,
    version: i64,
    lines: i64,
    pieces: i64,
    position: i64,
    had: Option<i64>,
}

/// Puts something into the cart of `secret`, or into a new cart. The same variant again adds to its line. No more
/// than is available is put in, and the answer says so. Three statements (one more when `secret` is of a cart that
/// is closed: a new one is begun).
///
/// # Errors
/// [`Error::Quantity`]; [`Error::SoldOut`] when none is left; [`Error::TooManyLines`].
pub async fn add_line(tx: &mut Tx, ctx: &Ctx, secret: Option<&str>, new: NewLine) -> Result<Added, Error> {
    let wanted = checked_quantity(new.quantity)?;
    let cap = cap(&inventory::available_of(tx, &[new.variant]).await?, new.variant);
    if cap <= 0 {
        return Err(Error::SoldOut { variant: new.variant });
    }
    let known = match secret {
        Some(secret) => advance(tx, ctx, secret, new.variant).await?,
        None => None,
    };
    let before = match known {
        Some(before) => before,
        None => begin(tx, ctx, &CartDetails::default()).await?,
    };
    if before.had.is_none() && before.lines >= MAX_LINES {
        return Err(Error::TooManyLines);
    }
    let (line, quantity): (CartLineId, i64) = tx
        .one(
            sql!(
                "insert into cart_line (id, cart_id, variant_id, quantity, seen_price_minor, position)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (cart_id, variant_id) do update set
                     quantity = case when cart_line.quantity + $7 > $8 then $8 else cart_line.quantity + $7 end,
                     seen_price_minor = coalesce(excluded.seen_price_minor, cart_line.seen_price_minor)
                 returning id, quantity"
            ),
            params![
                ctx.id::<kernel::CartLine>(),
                before.cart,
                new.variant,
                wanted.min(cap),
                new.seen_price_minor,
                before.position + 1,
                wanted,
                cap
            ],
        )
        .await?;
    let had = before.had.unwrap_or(0);
    let notice = (had + wanted > cap).then_some(Problem::OnlyLeft { line, left: cap });
    let pieces = before.pieces - had + quantity;
    Ok(Added {
        cart: before.cart,
        secret: before.secret,
        version: before.version,
        line,
        quantity,
        pieces,
        notice,
    })
}

/// Begins a cart with these lines and what is known of its buyer; the same variant twice is one line. No more than is
/// available is put in; the calculation says where that is less than wanted. Three statements, whatever the number of
/// lines; with the stock that it read, for [`crate::calculate_of`].
///
/// # Errors
/// [`Error::Quantity`]; [`Error::SoldOut`] when of one none is left; [`Error::TooManyLines`]; [`Error::TooLong`].
pub async fn begin_cart(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &[NewLine],
    details: CartDetails,
) -> Result<(Cart, Vec<Availability>), Error> {
    let details = details.checked()?;
    let mut wanted: Vec<NewLine> = Vec::with_capacity(new.len());
    for line in new {
        checked_quantity(line.quantity)?;
        match wanted.iter_mut().find(|w| w.variant == line.variant) {
            Some(same) => {
                same.quantity = checked_quantity(same.quantity + line.quantity)?;
                same.seen_price_minor = line.seen_price_minor.or(same.seen_price_minor);
            }
            None => wanted.push(*line),
        }
    }
    if wanted.len() as i64 > MAX_LINES {
        return Err(Error::TooManyLines);
    }
    let variants: Vec<VariantId> = wanted.iter().map(|w| w.variant).collect();
    let stock = inventory::available_of(tx, &variants).await?;
    let mut lines = Vec::with_capacity(wanted.len());
    for (position, line) in (1..).zip(&wanted) {
        let cap = cap(&stock, line.variant);
        if cap <= 0 {
            return Err(Error::SoldOut { variant: line.variant });
        }
        lines.push(CartLine {
            id: ctx.id(),
            variant: line.variant,
            quantity: line.quantity.min(cap),
            seen_price_minor: line.seen_price_minor,
            position,
        });
    }
    let Before { cart, secret, version, .. } = begin(tx, ctx, &details).await?;
    let rows: Vec<Val<'_>> = lines
        .iter()
        .flat_map(|l| {
            let (quantity, position) = (Val::Int(l.quantity), Val::Int(l.position));
            [
                l.id.to_val(),
                cart.to_val(),
                l.variant.to_val(),
                quantity,
                l.seen_price_minor.to_val(),
                position,
            ]
        })
        .collect();
    tx.insert(
        "insert into cart_line (id, cart_id, variant_id, quantity, seen_price_minor, position) values",
        6,
        &rows,
        "",
    )
    .await?;
    let cart = Cart {
        id: cart,
        channel: ctx.store.channel,
        market: ctx.store.market,
        currency: ctx.store.currency,
        locale: ctx.locale.to_string(),
        secret,
        version,
        state: CartState::Open,
        email: details.email,
        address: details.address,
        billing_address: details.billing_address,
        shipping_method: details.shipping_method,
        payment_method: details.payment_method,
        note: details.note,
        consent: details.consent,
        created_at: ctx.now(),
        updated_at: ctx.now(),
        lines,
    };
    Ok((cart, stock))
}

/// The open cart of a secret, one version on; with what it holds now.
async fn advance(tx: &mut Tx, ctx: &Ctx, secret: &str, variant: VariantId) -> Result<Option<Before>, Error> {
    type Counted = (CartId, i64, i64, i64, i64, Option<i64>);
    let row: Option<Counted> = tx
        .opt(
            sql!(
                "update cart set version = version + 1, updated_at = $3
                 where secret = $1 and store_id = $2 and state = 'open'
                 returning id, version,
                     (select cast(count(*) as bigint) from cart_line l where l.cart_id = cart.id),
                     (select cast(coalesce(sum(l.quantity), 0) as bigint) from cart_line l where l.cart_id = cart.id),
                     (select coalesce(max(l.position), 0) from cart_line l where l.cart_id = cart.id),
                     (select l.quantity from cart_line l where l.cart_id = cart.id and l.variant_id = $4)"
            ),
            params![secret, ctx.store.id, ctx.now(), variant],
        )
        .await?;
    Ok(row.map(|(cart, version, lines, pieces, position, had)| Before {
        cart,
        secret: secret.to_owned(),
        version,
        lines,
        pieces,
        position,
        had,
    }))
}

async fn begin(tx: &mut Tx, ctx: &Ctx, details: &CartDetails) -> Result<Before, Error> {
    let (cart, secret): (CartId, String) = (ctx.id(), ctx.secret());
    tx.exec(
        sql!(
            "insert into cart (id, store_id, channel_id, market_id, currency, locale, secret, email, address,
                 billing_address, shipping_method_id, payment_method, note, created_at, updated_at, consent)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)"
        ),
        params![
            cart,
            ctx.store.id,
            ctx.store.channel,
            ctx.store.market,
            ctx.store.currency,
            ctx.locale,
            secret,
            details.email,
            json(&details.address)?,
            json(&details.billing_address)?,
            details.shipping_method,
            details.payment_method,
            details.note,
            ctx.now(),
            details.consent
        ],
    )
    .await?;
    Ok(Before { cart, secret, version: 1, lines: 0, pieces: 0, position: 0, had: None })
}
