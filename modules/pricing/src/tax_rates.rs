use db::{Tx, params, sql};
use kernel::{Ctx, Permit, Rate, TaxRateId, perms::SettingsWrite};

use crate::set_price::in_scope;
use crate::{Error, TaxRate};

/// A rate as staff enter it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTaxRate {
    /// ISO 3166-1 alpha-2, any case.
    pub country: String,
    /// A region's code; empty for the whole country.
    pub region: String,
    /// `standard`, `food`: as products name it.
    pub tax_category: String,
    /// As invoices show it.
    pub name: String,
    /// 0 to 100 %.
    pub rate: Rate,
}

impl NewTaxRate {
    /// Trimmed and checked.
    fn checked(self) -> Result<NewTaxRate, Error> {
        let country = self.country.trim().to_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::Country { country: self.country });
        }
        if !(0..=1_000_000).contains(&self.rate.as_ppm()) {
            return Err(Error::Rate);
        }
        let tax_category = self.tax_category.trim().to_lowercase();
        let name = self.name.trim().to_owned();
        if tax_category.is_empty() {
            return Err(Error::NameMissing { field: "tax_category" });
        }
        if name.is_empty() {
            return Err(Error::NameMissing { field: "name" });
        }
        Ok(NewTaxRate {
            country,
            region: self.region.trim().to_uppercase(),
            tax_category,
            name,
            rate: self.rate,
        })
    }

    fn taken(&self, error: db::Error) -> Error {
        if !error.is_unique() {
            return error.into();
        }
        let region = if self.region.is_empty() { String::new() } else { format!("-{}", self.region) };
        Error::RateExists { country: self.country.clone(), region, category: self.tax_category.clone() }
    }
}

/// Every rate of the store (at most 1,000), by country, region and category.
///
/// # Errors
/// The database's.
pub async fn tax_rates(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<TaxRate>, Error> {
    let text = sql!(
        "select id, country, region, tax_category, name, rate_ppm from tax_rate where store_id = $1
         order by country, region, tax_category limit 1000"
    );
    Ok(tx.all(text, params![ctx.store.id]).await?)
}

/// Adds a rate.
///
/// # Errors
/// [`Error::Country`], [`Error::Rate`], [`Error::NameMissing`]; [`Error::RateExists`] for the same country, region
/// and category.
pub async fn create_tax_rate(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    new: NewTaxRate,
) -> Result<TaxRateId, Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let id: TaxRateId = ctx.id();
    tx.exec(
        sql!(
            "insert into tax_rate (id, store_id, country, region, tax_category, name, rate_ppm)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, ctx.store.id, new.country, new.region, new.tax_category, new.name, new.rate],
    )
    .await
    .map_err(|e| new.taken(e))?;
    done(tx, ctx, "tax_rate.create", id, None, Some(shown(&new))).await?;
    Ok(id)
}

/// Changes a rate; orders that were placed keep theirs.
///
/// # Errors
/// As [`create_tax_rate`]; [`Error::NoSuchRate`].
pub async fn update_tax_rate(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: TaxRateId,
    new: NewTaxRate,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let was = find(tx, ctx, id).await?;
    tx.exec(
        sql!(
            "update tax_rate set country = $3, region = $4, tax_category = $5, name = $6, rate_ppm = $7
             where id = $1 and store_id = $2"
        ),
        params![id, ctx.store.id, new.country, new.region, new.tax_category, new.name, new.rate],
    )
    .await
    .map_err(|e| new.taken(e))?;
    done(tx, ctx, "tax_rate.update", id, serde_json::to_value(was).ok(), Some(shown(&new))).await
}

/// Removes a rate.
///
/// # Errors
/// [`Error::NoSuchRate`].
pub async fn delete_tax_rate(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: TaxRateId,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let was = find(tx, ctx, id).await?;
    tx.exec(sql!("delete from tax_rate where id = $1 and store_id = $2"), params![id, ctx.store.id]).await?;
    done(tx, ctx, "tax_rate.delete", id, serde_json::to_value(was).ok(), None).await
}

async fn find(tx: &mut Tx, ctx: &Ctx, id: TaxRateId) -> Result<TaxRate, Error> {
    let text = sql!(
        "select id, country, region, tax_category, name, rate_ppm from tax_rate where id = $1 and store_id = $2"
    );
    tx.opt(text, params![id, ctx.store.id]).await?.ok_or(Error::NoSuchRate)
}

fn shown(new: &NewTaxRate) -> serde_json::Value {
    serde_json::json!({ "country": new.country, "region": new.region, "tax_category": new.tax_category,
        "name": new.name, "rate": new.rate })
}

/// Prices shown without tax change with a rate, so every process refreshes.
async fn done(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: TaxRateId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    work::touch(tx, ctx, "site", ctx.store.id.uuid()).await?;
    let deed = work::Deed { verb, subject_kind: "tax_rate", subject: id.uuid(), before, after, note: None };
    work::audit(tx, ctx, &deed).await?;
    Ok(())
}
