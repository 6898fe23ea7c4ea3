//! Tax rates.

use db::Tx;
use kernel::TaxRateId;
use kernel::perms::SettingsWrite;
use pricing::NewTaxRate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{Done, List, Made, One};
use crate::api::ask::{At, Body};
use crate::api::once::Sent;
use crate::api::types::read_percent;
use crate::{Caller, Error, State};

/// A tax rate.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaxRate {
    #[schema(example = "tax_01h455vb4pex5vsknk084sn02q")]
    id: String,
    country: String,
    /// Of the country; empty: all of it.
    region: String,
    tax_category: String,
    name: String,
    #[schema(example = "21")]
    percent: String,
}

impl From<pricing::TaxRate> for TaxRate {
    fn from(r: pricing::TaxRate) -> TaxRate {
        TaxRate {
            id: r.id.to_string(),
            country: r.country,
            region: r.region,
            tax_category: r.tax_category,
            name: r.name,
            percent: r.rate.to_string(),
        }
    }
}

pub(super) async fn list(state: State, caller: Caller) -> Result<List<TaxRate>, Error> {
    caller.permit::<SettingsWrite>()?;
    let all = state.db().read(async |tx: &mut Tx| pricing::tax_rates(tx, &caller.ctx).await).await?;
    Ok(List::whole(all.into_iter().map(TaxRate::from).collect()))
}

/// A tax rate as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaxRateInput {
    /// ISO 3166-1 alpha-2.
    country: String,
    #[serde(default)]
    region: String,
    /// `standard` by default.
    tax_category: Option<String>,
    name: String,
    /// As text: `21`, `5.5`.
    #[schema(example = "21")]
    percent: String,
}

impl TaxRateInput {
    fn read(self) -> Result<NewTaxRate, Error> {
        Ok(NewTaxRate {
            rate: read_percent(&self.percent, "percent")?,
            country: self.country,
            region: self.region,
            tax_category: self.tax_category.unwrap_or_else(|| pricing::STANDARD.to_owned()),
            name: self.name,
        })
    }
}

async fn row(tx: &mut Tx, ctx: &kernel::Ctx, id: TaxRateId) -> Result<pricing::TaxRate, pricing::Error> {
    let all = pricing::tax_rates(tx, ctx).await?;
    all.into_iter().find(|r| r.id == id).ok_or(pricing::Error::NoSuchRate)
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(input, once): Sent<TaxRateInput>,
) -> Result<Made<TaxRate>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let (ctx, new) = (caller.ctx, input.read()?);
    let made = state
        .db()
        .write("tax_rate_create", async move |tx: &mut Tx| {
            let new = new.clone();
            let make = async |tx: &mut Tx| Ok(pricing::create_tax_rate(tx, &ctx, &permit, new).await?);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(row(tx, &ctx, id).await?)
        })
        .await?;
    Ok(Made::new("/admin/tax-rates", made.into()))
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<TaxRateId>,
    Body(input): Body<TaxRateInput>,
) -> Result<One<TaxRate>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let (ctx, new) = (caller.ctx, input.read()?);
    let changed = state
        .db()
        .write("tax_rate_update", async move |tx: &mut Tx| {
            pricing::update_tax_rate(tx, &ctx, &permit, id, new.clone()).await?;
            row(tx, &ctx, id).await
        })
        .await?;
    Ok(One::new(changed.into()))
}

pub(super) async fn remove(state: State, caller: Caller, At(id): At<TaxRateId>) -> Result<Done, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("tax_rate_delete", async move |tx: &mut Tx| {
            pricing::delete_tax_rate(tx, &ctx, &permit, id).await
        })
        .await?;
    Ok(Done)
}
