//! Bulk reads for what the storefront keeps in memory.

use db::{ToVal, Tx, params, spread, sql};
use kernel::{MarketId, Timestamp, VariantId};

use crate::Error;

db::row! {
    /// An ordinary price, now or later.
    #[derive(Debug, Clone, Copy)]
    pub struct ShownPrice {
        /// Of what.
        pub variant: VariantId,
        /// In minor units of the market's currency, as the store enters prices.
        pub amount_minor: i64,
        /// What it cost before.
        pub compare_at_minor: Option<i64>,
        /// From how many pieces on.
        pub min_quantity: i64,
        /// It begins.
        pub starts_at: Option<Timestamp>,
        /// It ends.
        pub ends_at: Option<Timestamp>,
    }
}

impl ShownPrice {
    /// Does it hold at this moment?
    pub fn holds(&self, at: Timestamp) -> bool {
        self.starts_at.is_none_or(|s| s <= at) && self.ends_at.is_none_or(|e| e > at)
    }

    /// When it next begins or ends after this moment.
    pub fn turns(&self, at: Timestamp) -> Option<Timestamp> {
        [self.starts_at, self.ends_at].into_iter().flatten().filter(|t| *t > at).min()
    }
}

/// The ordinary prices that hold or will hold: at most a few hundred variants a call.
///
/// # Errors
/// The database's.
pub async fn shown_prices(
    tx: &mut Tx,
    market: MarketId,
    variants: &[VariantId],
    at: Timestamp,
) -> Result<Vec<ShownPrice>, Error> {
    let text = sql!(
        "select variant_id, amount_minor, compare_at_minor, min_quantity, starts_at, ends_at from price
         where market_id = $1 and price_list = '' and (ends_at is null or ends_at > $2)
           and variant_id in ($3)"
    );
    let (text, p) = spread(text, params![market, at], variants.iter().map(ToVal::to_val));
    Ok(tx.all(&text, &p).await?)
}

/// The variants of which an ordinary price begins or ends after `from` and not after `to`.
///
/// # Errors
/// The database's.
pub async fn turned(
    tx: &mut Tx,
    market: MarketId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<VariantId>, Error> {
    let text = sql!(
        "select variant_id from price where market_id = $1 and price_list = ''
           and ((starts_at > $2 and starts_at <= $3) or (ends_at > $2 and ends_at <= $3))"
    );
    Ok(tx.all::<(VariantId,)>(text, params![market, from, to]).await?.into_iter().map(|(v,)| v).collect())
}

/// When the next ordinary price begins or ends after this moment.
///
/// # Errors
/// The database's.
pub async fn next_turn(tx: &mut Tx, market: MarketId, at: Timestamp) -> Result<Option<Timestamp>, Error> {
    let text = sql!(
        "select min(t) from (
             select min(starts_at) as t from price where market_id = $1 and price_list = '' and starts_at > $2
             union all select min(ends_at) as t from price where market_id = $1 and price_list = '' and ends_at > $2) x"
    );
    Ok(tx.value(text, params![market, at]).await?)
}
