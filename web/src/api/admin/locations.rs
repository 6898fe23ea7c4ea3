//! Where stock lies.

use db::Tx;
use kernel::perms::{InventoryRead, SettingsWrite};
use kernel::{Ctx, LocationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body};
use crate::api::once::Sent;
use crate::api::types::Address;
use crate::{Caller, Error, State};

/// A location.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Location {
    #[schema(example = "loc_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    address: Address,
    /// Stock is taken from the first that has some.
    position: i64,
    active: bool,
}

impl From<inventory::LocationRow> for Location {
    fn from(l: inventory::LocationRow) -> Location {
        Location {
            id: l.id.to_string(),
            address: l.address().into(),
            name: l.name,
            position: l.position,
            active: l.active,
        }
    }
}

pub(super) async fn list(state: State, caller: Caller) -> Result<List<Location>, Error> {
    caller.permit::<InventoryRead>()?;
    let rows = state.db().read(async |tx: &mut Tx| inventory::locations(tx, &caller.ctx).await).await?;
    Ok(List::whole(rows.into_iter().map(Location::from).collect()))
}

async fn row(tx: &mut Tx, ctx: &Ctx, id: LocationId) -> Result<inventory::LocationRow, inventory::Error> {
    let all = inventory::locations(tx, ctx).await?;
    all.into_iter().find(|l| l.id == id).ok_or(inventory::Error::NotFound { what: "location" })
}

/// A location to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLocation {
    name: String,
    #[serde(default)]
    address: Address,
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<NewLocation>,
) -> Result<Made<Location>, Error> {
    caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let (id, address): (LocationId, _) = (ctx.id(), kernel::Address::from(new.address));
    let made = state
        .db()
        .write("location_create", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| {
                inventory::create_location(tx, &ctx, id, &new.name, &address).await?;
                Ok(id)
            };
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(row(tx, &ctx, id).await?)
        })
        .await?;
    Ok(Made::new(format!("/admin/locations/{}", made.id), made.into()))
}

/// What of a location is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LocationChange {
    name: Option<String>,
    address: Option<Address>,
    position: Option<i64>,
    active: Option<bool>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<LocationId>,
    Body(change): Body<LocationChange>,
) -> Result<One<Location>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let changed = state
        .db()
        .write("location_update", async move |tx: &mut Tx| {
            let now = row(tx, &ctx, id).await?;
            let name = change.name.clone().unwrap_or_else(|| now.name.clone());
            let address = change.address.clone().map_or_else(|| now.address(), Into::into);
            let position = change.position.unwrap_or(now.position);
            let active = change.active.unwrap_or(now.active);
            inventory::update_location(tx, &ctx, &permit, id, &name, &address, position, active).await?;
            row(tx, &ctx, id).await
        })
        .await?;
    Ok(One::new(changed.into()))
}
