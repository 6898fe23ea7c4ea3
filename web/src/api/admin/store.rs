//! The shop's own facts.

use db::Tx;
use kernel::perms::SettingsWrite;
use serde::{Deserialize, Serialize};
use site::{Details, DetailsChange};
use utoipa::ToSchema;

use crate::api::answer::One;
use crate::api::ask::Body;
use crate::api::types::{Address, at};
use crate::{Caller, Error, State};

/// The shop.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Store {
    #[schema(example = "sto_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    legal_name: String,
    legal_address: Address,
    vat_number: String,
    email: String,
    currency: String,
    country: String,
    /// IANA.
    time_zone: String,
    prices_include_tax: bool,
    /// The first is the default.
    locales: Vec<String>,
    updated_at: String,
}

fn view(id: kernel::StoreId, d: Details) -> One<Store> {
    One::new(Store {
        id: id.to_string(),
        name: d.name,
        legal_name: d.legal_name,
        legal_address: d.legal_address.into(),
        vat_number: d.vat_number,
        email: d.email,
        currency: d.currency.to_string(),
        country: d.country,
        time_zone: d.time_zone,
        prices_include_tax: d.prices_include_tax,
        locales: d.locales,
        updated_at: at(d.updated_at),
    })
}

pub(super) async fn get(state: State, caller: Caller) -> Result<One<Store>, Error> {
    let id = caller.ctx.store.id;
    let details = state.db().read(async |tx: &mut Tx| site::details(tx, id).await).await?;
    Ok(view(id, details))
}

/// What of the shop is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StoreChange {
    name: Option<String>,
    legal_name: Option<String>,
    legal_address: Option<Address>,
    vat_number: Option<String>,
    email: Option<String>,
    country: Option<String>,
    time_zone: Option<String>,
    prices_include_tax: Option<bool>,
    /// The first is the default.
    locales: Option<Vec<String>>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    Body(c): Body<StoreChange>,
) -> Result<One<Store>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let id = ctx.store.id;
    let locales = c.locales;
    let change = DetailsChange {
        name: c.name,
        legal_name: c.legal_name,
        legal_address: c.legal_address.map(Into::into),
        vat_number: c.vat_number,
        email: c.email,
        country: c.country,
        time_zone: c.time_zone,
        prices_include_tax: c.prices_include_tax,
    };
    let details = state
        .db()
        .write("store_update", async move |tx: &mut Tx| {
            site::update_details(tx, &ctx, &permit, &change).await?;
            if let Some(locales) = &locales {
                site::set_locales(tx, &ctx, &permit, locales).await?;
            }
            site::details(tx, id).await
        })
        .await?;
    Ok(view(id, details))
}
