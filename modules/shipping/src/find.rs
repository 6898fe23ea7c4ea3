use db::{FromRow, Row, Tx, params, sql};
use kernel::{Ctx, ShippingMethodId, ShippingZoneId};

use crate::{Error, Method, NewMethod};

/// Countries that ship alike, with their methods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone {
    /// Its id.
    pub id: ShippingZoneId,
    /// For staff.
    pub name: String,
    /// ISO 3166-1 alpha-2, in order; `*` is every country that no zone names.
    pub countries: Vec<String>,
    /// By position.
    pub methods: Vec<Method>,
}

pub(crate) struct MethodRow(pub(crate) Method);

impl FromRow for MethodRow {
    fn from_row(row: &Row<'_>) -> Result<MethodRow, db::Error> {
        use db::Get;
        let json = |i: usize| -> Result<String, db::Error> { Get::get(row, i) };
        let odd = |column: usize, e: serde_json::Error| db::Error::Column { column, detail: e.to_string() };
        Ok(MethodRow(Method {
            id: Get::get(row, 0)?,
            zone: Get::get(row, 1)?,
            currency: Get::get(row, 2)?,
            is: NewMethod {
                name: serde_json::from_str(&json(3)?).map_err(|e| odd(3, e))?,
                description: serde_json::from_str(&json(4)?).map_err(|e| odd(4, e))?,
                position: Get::get(row, 5)?,
                kind: Get::get(row, 6)?,
                amount_minor: Get::get(row, 7)?,
                bands: serde_json::from_str(&json(8)?).map_err(|e| odd(8, e))?,
                free_from_minor: Get::opt(row, 9)?,
                min_days: Get::opt(row, 10)?,
                max_days: Get::opt(row, 11)?,
                tax_category: Get::get(row, 12)?,
                active: Get::get(row, 13)?,
            },
        }))
    }
}

/// Every zone of the store with its countries and methods (at most 1,000 of each).
///
/// # Errors
/// The database's.
pub async fn zones(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Zone>, Error> {
    let rows: Vec<(ShippingZoneId, String)> = tx
        .all(
            sql!("select id, name from shipping_zone where store_id = $1 order by created_at, id limit 1000"),
            params![ctx.store.id],
        )
        .await?;
    let countries: Vec<(ShippingZoneId, String)> = tx
        .all(
            sql!("select zone_id, country from shipping_zone_country where store_id = $1 order by country limit 1000"),
            params![ctx.store.id],
        )
        .await?;
    let methods: Vec<MethodRow> = tx
        .all(
            sql!(
                "select id, zone_id, currency, name, description, position, kind, amount_minor, bands, free_from_minor,
                     min_days, max_days, tax_category, active
                 from shipping_method where store_id = $1 order by position, id limit 1000"
            ),
            params![ctx.store.id],
        )
        .await?;
    let zone = |(id, name): (ShippingZoneId, String)| Zone {
        id,
        name,
        countries: countries.iter().filter(|c| c.0 == id).map(|c| c.1.clone()).collect(),
        methods: methods.iter().filter(|m| m.0.zone == id).map(|m| m.0.clone()).collect(),
    };
    Ok(rows.into_iter().map(zone).collect())
}

/// One zone.
///
/// # Errors
/// [`Error::NoSuchZone`].
pub async fn zone(tx: &mut Tx, ctx: &Ctx, id: ShippingZoneId) -> Result<Zone, Error> {
    zones(tx, ctx).await?.into_iter().find(|z| z.id == id).ok_or(Error::NoSuchZone)
}

/// One method, active or not.
///
/// # Errors
/// [`Error::NoSuchMethod`].
pub async fn method(tx: &mut Tx, ctx: &Ctx, id: ShippingMethodId) -> Result<Method, Error> {
    let row: Option<MethodRow> = tx
        .opt(
            sql!(
                "select id, zone_id, currency, name, description, position, kind, amount_minor, bands, free_from_minor,
                     min_days, max_days, tax_category, active
                 from shipping_method where id = $1 and store_id = $2"
            ),
            params![id, ctx.store.id],
        )
        .await?;
    row.map(|r| r.0).ok_or(Error::NoSuchMethod)
}
