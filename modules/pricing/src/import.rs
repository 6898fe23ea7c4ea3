use db::{ToVal, Tx, Val};
use kernel::{Ctx, PriceId, VariantId};

use crate::Error;
use crate::set_price::amount;

/// The ordinary price of a variant as an import brings it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportPrice {
    /// Of what.
    pub variant: VariantId,
    /// Of a piece, in minor units of the market's currency.
    pub amount_minor: i64,
    /// What it cost before; not above the price means none, as other systems write it.
    pub compare_at_minor: Option<i64>,
}

/// Sets many ordinary prices with one statement for a few dozen rows; how many rows changed (the same price again
/// is no change). A variant stands in the list once. Says nothing to the change feed and writes no audit row: the
/// import does both, once a product. Its caller holds the permit.
///
/// # Errors
/// [`Error::Amount`] for a row out of range: nothing is written then.
pub async fn import_prices(tx: &mut Tx, ctx: &Ctx, prices: &[ImportPrice]) -> Result<u64, Error> {
    for price in prices {
        amount("price", price.amount_minor)?;
        if let Some(before) = price.compare_at_minor {
            amount("compare_at", before)?;
        }
    }
    let now = ctx.now();
    let ids: Vec<PriceId> = prices.iter().map(|_| ctx.id()).collect();
    let mut rows: Vec<Val<'_>> = Vec::with_capacity(prices.len() * 8);
    for (id, price) in ids.iter().zip(prices) {
        let before = price.compare_at_minor.filter(|before| *before > price.amount_minor);
        rows.extend([
            id.to_val(),
            ctx.store.id.to_val(),
            price.variant.to_val(),
            ctx.store.market.to_val(),
            ctx.store.currency.to_val(),
            Val::Int(price.amount_minor),
            before.map_or(Val::Null, Val::Int),
            now.to_val(),
        ]);
    }
    let changed = tx
        .insert(
            "insert into price (id, store_id, variant_id, market_id, currency, amount_minor, compare_at_minor, updated_at)
             values",
            8,
            &rows,
            "on conflict (variant_id, market_id, price_list, min_quantity) do update set
                 currency = excluded.currency, amount_minor = excluded.amount_minor,
                 compare_at_minor = excluded.compare_at_minor, updated_at = excluded.updated_at
             where price.amount_minor <> excluded.amount_minor
                or price.compare_at_minor is distinct from excluded.compare_at_minor
                or price.currency <> excluded.currency",
        )
        .await?;
    Ok(changed)
}
