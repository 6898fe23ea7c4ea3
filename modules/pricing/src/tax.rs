use db::{Tx, params, sql};
use kernel::{Ctx, Rate, TaxRateId};
use serde::{Deserialize, Serialize};
use work::Known;

use crate::Error;

/// The category that is taken where a product's own has no rate.
pub const STANDARD: &str = "standard";

db::row! {
    /// A rate of tax for a country (or a region of it) and a category of goods.
    #[derive(Clone, PartialEq, Eq, Debug, Serialize)]
    pub struct TaxRate {
        /// Its id.
        pub id: TaxRateId,
        /// ISO 3166-1 alpha-2.
        pub country: String,
        /// A region's code as addresses carry it; empty for the whole country.
        pub region: String,
        /// `standard`, `food`: as products name it.
        pub tax_category: String,
        /// As invoices show it: `VAT 9 %`.
        pub name: String,
        /// The share of the net amount.
        pub rate: Rate,
    }
}

/// The tax that falls on something.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Tax {
    /// As invoices show it; empty for none.
    pub name: String,
    /// The share of the net amount.
    pub rate: Rate,
}

/// The rates of one country.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TaxTable(Vec<TaxRate>);

impl TaxTable {
    /// From the rows of one country.
    pub fn new(rows: Vec<TaxRate>) -> TaxTable {
        TaxTable(rows)
    }

    /// The tax on a category in a region: the region's rate before the country's, the category's own before
    /// `standard`; without any, none.
    pub fn rate_for(&self, region: &str, category: &str) -> Tax {
        let find = |region: &str, category: &str| {
            self.0.iter().find(|r| r.region == region && r.tax_category == category)
        };
        [(region, category), ("", category), (region, STANDARD), ("", STANDARD)]
            .into_iter()
            .find_map(|(region, category)| find(region, category))
            .map(|r| Tax { name: r.name.clone(), rate: r.rate })
            .unwrap_or_default()
    }
}

/// The rates of a country, all categories and regions: one statement, or none where this process knows them.
///
/// # Errors
/// The database's.
pub async fn rates(tx: &mut Tx, ctx: &Ctx, country: &str) -> Result<TaxTable, Error> {
    let text = sql!(
        "select id, country, region, tax_category, name, rate_ppm from tax_rate where store_id = $1 and country = $2"
    );
    let (recall, store) = (Known::of(tx), ctx.store.id.uuid());
    if let Some(table) = recall.as_ref().and_then(|r| r.find(store, country)) {
        return Ok(table);
    }
    let table = TaxTable(tx.all(text, params![ctx.store.id, country]).await?);
    if let Some(recall) = recall {
        recall.keep(store, country, ("site", store), table.clone());
    }
    Ok(table)
}

/// The tax on a category of goods in a country and region (empty for none); see [`TaxTable::rate_for`].
///
/// # Errors
/// The database's.
pub async fn rate_for(
    tx: &mut Tx,
    ctx: &Ctx,
    country: &str,
    region: &str,
    category: &str,
) -> Result<Tax, Error> {
    Ok(rates(tx, ctx, country).await?.rate_for(region, category))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn the_nearest_rate_is_taken() {
        let row = |region: &str, category: &str, percent| TaxRate {
            id: Id::compose(1, [0; 8]),
            country: "XX".into(),
            region: region.into(),
            tax_category: category.into(),
            name: format!("{percent} %"),
            rate: Rate::percent(percent),
        };
        let table = TaxTable(vec![row("", "standard", 21), row("", "food", 9), row("N", "standard", 10)]);
        for (region, category, percent) in [
            ("", "standard", 21),
            ("", "food", 9),
            ("", "books", 21),
            ("N", "standard", 10),
            ("N", "food", 9),
            ("N", "books", 10),
            ("S", "food", 9),
        ] {
            assert_eq!(table.rate_for(region, category).rate, Rate::percent(percent), "{region} {category}");
        }
        assert_eq!(TaxTable::default().rate_for("", "standard"), Tax::default());
    }
}
