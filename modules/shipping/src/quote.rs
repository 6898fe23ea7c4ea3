use db::{FromRow, Get, Row, Tx, params, sql};
use kernel::{Ctx, Currency, ShippingMethodId};
use serde::Serialize;
use work::Known;

use crate::find::MethodRow;
use crate::zones::EVERYWHERE;
use crate::{Error, Method};

/// A way to ship with its price for these goods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quote {
    /// Which.
    pub method: ShippingMethodId,
    /// In the reader's language.
    pub name: String,
    /// In the reader's language; may be empty.
    pub description: String,
    /// In minor units; with or without tax as the store enters prices.
    pub amount_minor: i64,
    /// Of the amount.
    pub currency: Currency,
    /// Working days until delivery, at least.
    pub min_days: Option<i64>,
    /// Working days until delivery, at most.
    pub max_days: Option<i64>,
    /// Which rate of tax falls on it.
    pub tax_category: String,
}

/// The active methods for one country, before weight and worth are known.
#[derive(Clone, Debug, Default)]
pub struct Offers(Vec<Method>);

impl Offers {
    /// From methods in the order they are offered.
    pub fn new(methods: Vec<Method>) -> Offers {
        Offers(methods)
    }

    /// Those that can take goods of this weight and worth (gross, minor units), with their prices.
    pub fn quotes(&self, weight_grams: i64, goods_gross_minor: i64, locale: &str) -> Vec<Quote> {
        let quote = |m: &Method| {
            Some(Quote {
                method: m.id,
                name: m.is.name.get(locale).to_owned(),
                description: m.is.description.get(locale).to_owned(),
                amount_minor: m.price(weight_grams, goods_gross_minor)?,
                currency: m.currency,
                min_days: m.is.min_days,
                max_days: m.is.max_days,
                tax_category: m.is.tax_category.clone(),
            })
        };
        self.0.iter().filter_map(quote).collect()
    }

    /// Does anything go to this country at all?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

struct Offer {
    country: String,
    method: Option<Method>,
}

impl FromRow for Offer {
    fn from_row(row: &Row<'_>) -> Result<Offer, db::Error> {
        let id: Option<ShippingMethodId> = Get::opt(row, 0)?;
        let method = id.map(|_| MethodRow::from_row(row)).transpose()?.map(|m| m.0);
        Ok(Offer { country: Get::get(row, 14)?, method })
    }
}

/// The active methods of the zone a country lies in, or of the zone for everywhere else: one statement, or none
/// where this process knows them.
///
/// # Errors
/// The database's.
pub async fn offers(tx: &mut Tx, ctx: &Ctx, country: &str) -> Result<Offers, Error> {
    let (recall, store) = (Known::of(tx), ctx.store.id.uuid());
    if let Some(offers) = recall.as_ref().and_then(|r| r.find(store, country)) {
        return Ok(offers);
    }
    let rows: Vec<Offer> = tx
        .all(
            sql!(
                "select m.id, m.zone_id, m.currency, m.name, m.description, m.position, m.kind, m.amount_minor, m.bands,
                     m.free_from_minor, m.min_days, m.max_days, m.tax_category, m.active, c.country
                 from shipping_zone_country c
                 left join shipping_method m on m.zone_id = c.zone_id and m.active = true
                 where c.store_id = $1 and c.country in ($2, '*')
                 order by m.position, m.id"
            ),
            params![ctx.store.id, country],
        )
        .await?;
    // a country that a zone names is not part of everywhere else, even when that zone offers nothing
    let named = rows.iter().any(|o| o.country != EVERYWHERE);
    let of_zone = rows.into_iter().filter(|o| (o.country != EVERYWHERE) == named);
    let offers = Offers(of_zone.filter_map(|o| o.method).collect());
    if let Some(recall) = recall {
        recall.keep(store, country, ("site", store), offers.clone());
    }
    Ok(offers)
}

/// The ways to ship goods of this weight (grams) and worth (gross, minor units) to a country, with their prices, in
/// the order they are offered. One statement.
///
/// # Errors
/// The database's.
pub async fn quotes(
    tx: &mut Tx,
    ctx: &Ctx,
    country: &str,
    weight_grams: i64,
    goods_gross_minor: i64,
) -> Result<Vec<Quote>, Error> {
    Ok(offers(tx, ctx, country).await?.quotes(weight_grams, goods_gross_minor, &ctx.locale))
}
