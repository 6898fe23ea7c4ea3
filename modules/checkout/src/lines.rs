use db::{ToVal, Tx, Val, params, sql};
use kernel::{CartId, CartLineId, Ctx};

use crate::cart::{cap, checked_quantity};
use crate::{Calculation, Cart, Error, Problem};

/// What came of a change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The cart's version now.
    pub version: i64,
    /// How many are in the line now.
    pub quantity: i64,
    /// Fewer than wanted: only so many are left.
    pub notice: Option<Problem>,
}

/// Sets how many of a line are wanted; 0 takes it out. No more than is available is put in, and the answer says so.
///
/// # Errors
/// [`Error::Quantity`], [`Error::NoSuchLine`], [`Error::Closed`]; [`Error::SoldOut`] when none is left (the line
/// stays as it is).
pub async fn set_quantity(
    tx: &mut Tx,
    ctx: &Ctx,
    cart: &Cart,
    line: CartLineId,
    quantity: i64,
) -> Result<Changed, Error> {
    if quantity == 0 {
        let version = remove_line(tx, ctx, cart, line).await?;
        return Ok(Changed { version, quantity: 0, notice: None });
    }
    let wanted = checked_quantity(quantity)?;
    let variant = cart.line(line).ok_or(Error::NoSuchLine)?.variant;
    let cap = cap(&inventory::available_of(tx, &[variant]).await?, variant);
    if cap <= 0 {
        return Err(Error::SoldOut { variant });
    }
    let version = advance(tx, ctx, cart.id).await?;
    let quantity = wanted.min(cap);
    let hit = tx
        .exec(
            sql!("update cart_line set quantity = $3 where id = $1 and cart_id = $2"),
            params![line, cart.id, quantity],
        )
        .await?;
    if hit == 0 {
        return Err(Error::NoSuchLine);
    }
    let notice = (wanted > cap).then_some(Problem::OnlyLeft { line, left: cap });
    Ok(Changed { version, quantity, notice })
}

/// Takes a line out; the cart's version now. A line that is gone already is taken out too.
///
/// # Errors
/// [`Error::Closed`].
pub async fn remove_line(tx: &mut Tx, ctx: &Ctx, cart: &Cart, line: CartLineId) -> Result<i64, Error> {
    let version = advance(tx, ctx, cart.id).await?;
    tx.exec(sql!("delete from cart_line where id = $1 and cart_id = $2"), params![line, cart.id]).await?;
    Ok(version)
}

/// Remembers that the shopper has seen today's prices, after a page showed what changed; the cart's version now.
/// Nothing new to see is no statement.
///
/// # Errors
/// [`Error::Changed`] when the cart is not the one that was calculated; [`Error::Closed`].
pub async fn see_prices(
    tx: &mut Tx,
    ctx: &Ctx,
    cart: &Cart,
    calculation: &Calculation,
) -> Result<i64, Error> {
    if calculation.version != cart.version {
        return Err(Error::Changed);
    }
    let seen = |line: &crate::CalcLine| {
        let was = cart.line(line.cart_line_id)?;
        (was.seen_price_minor != Some(line.single_minor)).then_some((was, line.single_minor))
    };
    let news: Vec<_> = calculation.lines.iter().filter_map(seen).collect();
    if news.is_empty() {
        return Ok(cart.version);
    }
    let version = advance(tx, ctx, cart.id).await?;
    if version != cart.version + 1 {
        return Err(Error::Changed); // a line may be gone: nothing is written
    }
    let rows: Vec<Val<'_>> = news
        .iter()
        .flat_map(|(line, single)| {
            let of = |v: i64| Val::Int(v);
            [
                line.id.to_val(),
                cart.id.to_val(),
                line.variant.to_val(),
                of(line.quantity),
                of(*single),
                of(line.position),
            ]
        })
        .collect();
    tx.insert(
        "insert into cart_line (id, cart_id, variant_id, quantity, seen_price_minor, position) values",
        6,
        &rows,
        "on conflict (cart_id, variant_id) do update set seen_price_minor = excluded.seen_price_minor",
    )
    .await?;
    Ok(version)
}

/// One version on; also holds the cart for this transaction, so that changes come one after the other.
async fn advance(tx: &mut Tx, ctx: &Ctx, cart: CartId) -> Result<i64, Error> {
    let row: Option<(i64,)> = tx
        .opt(
            sql!(
                "update cart set version = version + 1, updated_at = $2 where id = $1 and state = 'open'
                 returning version"
            ),
            params![cart, ctx.now()],
        )
        .await?;
    row.map(|r| r.0).ok_or(Error::Closed)
}
