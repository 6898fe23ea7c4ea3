use std::collections::HashMap;
use std::sync::Arc;

use db::{Tx, params, sql};
use kernel::{Currency, MarketId, Timestamp, VariantId};
use work::Known;

use crate::Error;

/// The highest price of a piece, in minor units: 999 of them on 100 lines still add up in 64 bits.
pub const MAX_AMOUNT_MINOR: i64 = 1_000_000_000_000;

db::row! {
    /// A price row that holds at a moment.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Price {
        /// Of what.
        pub variant: VariantId,
        /// In which currency the amounts are.
        pub currency: Currency,
        /// Of a piece, in minor units; with or without tax as the store enters them.
        pub amount_minor: i64,
        /// What it cost before, in minor units, shown struck through.
        pub compare_at_minor: Option<i64>,
        /// From how many pieces on.
        pub min_quantity: i64,
    }
}

/// The prices of some variants at a moment.
#[derive(Clone, Debug, Default)]
pub struct Prices(HashMap<VariantId, Vec<Price>>);

impl Prices {
    /// From rows, in any order.
    pub fn new(rows: Vec<Price>) -> Prices {
        let mut all: HashMap<VariantId, Vec<Price>> = HashMap::with_capacity(rows.len());
        for row in rows {
            all.entry(row.variant).or_default().push(row);
        }
        for tiers in all.values_mut() {
            tiers.sort_by_key(|p| std::cmp::Reverse(p.min_quantity));
        }
        Prices(all)
    }

    /// The price of a piece when so many are bought: the row with the highest quantity that is reached.
    pub fn of(&self, variant: VariantId, quantity: i64) -> Option<Price> {
        self.0.get(&variant)?.iter().find(|p| p.min_quantity <= quantity).copied()
    }

    /// The price of a single piece.
    pub fn one(&self, variant: VariantId) -> Option<Price> {
        self.of(variant, 1)
    }

    /// Every row of a variant, the single piece first.
    pub fn tiers(&self, variant: VariantId) -> impl Iterator<Item = Price> + '_ {
        self.0.get(&variant).into_iter().flatten().rev().copied()
    }
}

/// How many ids one statement takes.
const IDS: usize = 256;

/// The prices of a market that hold at a moment, of at most a few hundred variants a statement.
///
/// # Errors
/// The database's.
pub async fn prices_of(
    tx: &mut Tx,
    market: MarketId,
    variants: &[VariantId],
    at: Timestamp,
) -> Result<Prices, Error> {
    let text = sql!(
        "select variant_id, currency, amount_minor, compare_at_minor, min_quantity from price
         where market_id = $1 and price_list = ''
           and (starts_at is null or starts_at <= $2) and (ends_at is null or ends_at > $2)
           and variant_id in ($3)"
    );
    let mut rows = vec![];
    for some in variants.chunks(IDS) {
        let (text, params) = db::spread(text, params![market, at], some.iter().map(db::ToVal::to_val));
        rows.extend(tx.all::<Price>(&text, &params).await?);
    }
    Ok(Prices::new(rows))
}

db::row! {
    #[derive(Clone, Copy)]
    struct Dated {
        variant: VariantId, currency: Currency, amount_minor: i64, compare_at_minor: Option<i64>,
        min_quantity: i64, starts_at: Option<Timestamp>, ends_at: Option<Timestamp>,
    }
}

impl Dated {
    fn at(&self, at: Timestamp) -> Option<Price> {
        let Dated { variant, currency, amount_minor, compare_at_minor, min_quantity, starts_at, ends_at } =
            *self;
        let holds = starts_at.is_none_or(|s| s <= at) && ends_at.is_none_or(|e| e > at);
        holds.then_some(Price { variant, currency, amount_minor, compare_at_minor, min_quantity })
    }
}

/// The prices of a variant, those of today and those to come, as this process remembers them.
#[derive(Clone)]
struct Remembered(Arc<[Dated]>);

/// The same, from what this process knows ([`Known`]): no statement for variants whose prices it has seen since they
/// changed. For a calculation; what is to be changed is read with [`prices_of`].
///
/// # Errors
/// The database's.
pub async fn known_prices(
    tx: &mut Tx,
    market: MarketId,
    variants: &[VariantId],
    at: Timestamp,
) -> Result<Prices, Error> {
    let Some(recall) = Known::of(tx) else { return prices_of(tx, market, variants, at).await };
    let facet = market.to_string();
    let mut rows: Vec<Dated> = vec![];
    let mut unknown = vec![];
    for variant in variants {
        match recall.find::<Remembered>(variant.uuid(), &facet) {
            Some(known) => rows.extend(known.0.iter()),
            None => unknown.push(*variant),
        }
    }
    let text = sql!(
        "select variant_id, currency, amount_minor, compare_at_minor, min_quantity, starts_at, ends_at from price
         where market_id = $1 and price_list = '' and (ends_at is null or ends_at > $2) and variant_id in ($3)"
    );
    for some in unknown.chunks(IDS) {
        let (text, params) = db::spread(text, params![market, at], some.iter().map(db::ToVal::to_val));
        let read = tx.all::<Dated>(&text, &params).await?;
        for variant in some {
            let of = read.iter().filter(|d| d.variant == *variant).copied().collect();
            recall.keep(variant.uuid(), &facet, ("price", variant.uuid()), Remembered(of));
        }
        rows.extend(read);
    }
    Ok(Prices::new(rows.iter().filter_map(|d| d.at(at)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_quantity_reached_counts() {
        let variant = VariantId::compose(1, [0; 8]);
        let row = |min_quantity, amount_minor| Price {
            variant,
            currency: Currency::EUR,
            amount_minor,
            compare_at_minor: None,
            min_quantity,
        };
        let prices = Prices::new(vec![row(10, 80), row(1, 100), row(5, 90)]);
        let amounts = [1, 4, 5, 9, 10, 999].map(|q| prices.of(variant, q).map(|p| p.amount_minor));
        assert_eq!(amounts, [100, 100, 90, 90, 80, 80].map(Some));
        assert_eq!(prices.tiers(variant).map(|p| p.min_quantity).collect::<Vec<_>>(), [1, 5, 10]);
        assert!(prices.of(VariantId::compose(2, [0; 8]), 1).is_none());
    }
}
