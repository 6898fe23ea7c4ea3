use db::Tx;
use inventory::Availability;
use kernel::{Ctx, VariantId};

use crate::{Calculation, Cart, Error, Facts, Terms, compute};

/// What a cart comes to now: reads the stock, and what this process does not know of products, prices, taxes
/// and shipping, with one statement each (none for an empty cart), and leaves the rest to [`compute`]. Page and order
/// call the same.
///
/// # Errors
/// The database's; [`Error::Money`] past 64 bits.
pub async fn calculate(tx: &mut Tx, ctx: &Ctx, cart: &Cart) -> Result<Calculation, Error> {
    Ok(calculate_with_stock(tx, ctx, cart).await?.0)
}

/// The same, with what it read of the stock: for the order, which takes from it.
///
/// # Errors
/// As [`calculate`].
pub async fn calculate_with_stock(
    tx: &mut Tx,
    ctx: &Ctx,
    cart: &Cart,
) -> Result<(Calculation, Vec<Availability>), Error> {
    let variants: Vec<VariantId> = cart.lines.iter().map(|l| l.variant).collect();
    let stock = inventory::available_of(tx, &variants).await?;
    let calculation = calculate_of(tx, ctx, cart, &stock).await?;
    Ok((calculation, stock))
}

/// The same, of stock that was just read.
///
/// # Errors
/// As [`calculate`].
pub async fn calculate_of(
    tx: &mut Tx,
    ctx: &Ctx,
    cart: &Cart,
    stock: &[Availability],
) -> Result<Calculation, Error> {
    let terms = Terms {
        prices_include_tax: ctx.store.prices_include_tax,
        home: ctx.store.country.clone(),
        locale: ctx.locale.to_string(),
        now: ctx.now(),
        discount_minor: 0, // promotions come later
    };
    let variants: Vec<VariantId> = cart.lines.iter().map(|l| l.variant).collect();
    if variants.is_empty() {
        return compute(cart, &Facts::default(), &terms);
    }
    let country = cart.country().unwrap_or(&ctx.store.country);
    let facts = Facts {
        sale: catalog::for_sale(tx, ctx, &variants, &ctx.locale).await?,
        prices: pricing::known_prices(tx, cart.market, &variants, terms.now).await?,
        stock: stock.to_vec(),
        offers: shipping::offers(tx, ctx, country).await?,
        taxes: pricing::rates(tx, ctx, country).await?,
    };
    compute(cart, &facts, &terms)
}
