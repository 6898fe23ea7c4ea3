//! Places where stock lies.

use axum::response::Response;
use db::Tx;
use inventory::LocationRow as Stored;
use kernel::perms::{InventoryRead, SettingsWrite};
use kernel::{Address, LocationId};

use super::blame::{blame, same};
use super::office::Office;
use super::sent::{Form, Query};
use super::views::{Chip, Choice, Fields, LocationRow, LocationsView, Section};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/locations";

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("inventory:read"), Auth::Staff("settings:write"));
    routes.get(PATH, read, list).post(PATH, write, create).post("/admin/locations/{id}", write, update)
}

/// `GET /admin/locations?edit={id}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    office.permit::<InventoryRead>()?;
    let view = view(&office, query.value("edit").parse().ok(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    editing: Option<LocationId>,
    typed: Option<Fields>,
) -> Result<LocationsView, Error> {
    let ctx = office.ctx();
    let (all, items) = office
        .db()
        .read(async |tx: &mut Tx| {
            let all = inventory::locations(tx, ctx).await?;
            Ok::<_, Error>((all, inventory::items_by_location(tx, ctx).await?))
        })
        .await?;
    let count = |id| items.iter().find(|(l, _)| *l == id).map_or(0, |(_, n)| *n);
    let rows = all.iter().map(|l| LocationRow {
        id: l.id.to_string(),
        name: l.name.clone(),
        address: one_line(office, &l.address()),
        priority: l.position.to_string(),
        state: if l.active { Chip::Active } else { Chip::Inactive },
        items: u32::try_from(count(l.id)).unwrap_or(u32::MAX),
    });
    let edited = editing.and_then(|id| all.iter().find(|l| l.id == id));
    let form = typed.unwrap_or_else(|| edited.map_or_else(|| fresh(office), stored));
    Ok(LocationsView {
        shell: office.shell(Section::Locations).await?,
        rows: rows.collect(),
        form,
        editing: edited.map(|l| l.id.to_string()),
        countries: countries(office),
        can_edit: office.may::<SettingsWrite>(),
    })
}

/// Every country by its name.
pub(super) fn countries(office: &Office) -> Vec<Choice> {
    customers::country::options(office.locale.tag()).into_iter().map(|(c, n)| Choice::new(c, n)).collect()
}

/// "Torstraße 1, 10119 Berlin, Germany".
fn one_line(office: &Office, address: &Address) -> String {
    let place = format!("{} {}", address.postcode, address.city);
    let country = customers::country::name(&address.country, office.locale.tag());
    let parts = [address.line1.trim(), place.trim(), country];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

fn fresh(office: &Office) -> Fields {
    Fields::new().with("country", office.ctx().store.country.as_str()).with("active", "on")
}

fn stored(l: &Stored) -> Fields {
    let address = l.address();
    let mut form = Fields::new()
        .with("name", l.name.as_str())
        .with("country", address.country)
        .with("address", address.line1)
        .with("postcode", address.postcode)
        .with("city", address.city)
        .with("priority", l.position.to_string());
    if l.active {
        form.set("active", "on");
    }
    form
}

fn address(form: &Fields, was: Address) -> Address {
    Address {
        country: form.value("country").trim().to_owned(),
        line1: form.value("address").trim().to_owned(),
        postcode: form.value("postcode").trim().to_owned(),
        city: form.value("city").trim().to_owned(),
        ..was
    }
}

/// A place in line, from 1 on; nothing typed is the last.
fn priority(office: &Office, form: &mut Fields) -> Option<i64> {
    super::blame::count(office, form, "priority").map(|n| n.clamp(1, 1_000_000))
}

/// `POST /admin/locations`: `name`, `country`, `address`, `postcode`, `city`, `priority`, `active`.
async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let place = priority(&office, &mut form);
    if !form.is_ok() {
        return office.refused(&view(&office, None, Some(form)).await?);
    }
    let (ctx, name, active) = (office.ctx().clone(), form.value("name").to_owned(), form.on("active"));
    let address = address(&form, Address::default());
    let id: LocationId = ctx.id();
    let made = office
        .db()
        .write("create_location", async move |tx: &mut Tx| {
            inventory::create_location(tx, &ctx, id, &name, &address).await?;
            if place.is_some() || !active {
                let last =
                    inventory::locations(tx, &ctx).await?.iter().find(|l| l.id == id).map(|l| l.position);
                let place = place.or(last).unwrap_or(1);
                inventory::update_location(tx, &ctx, &permit, id, &name, &address, place, active).await?;
            }
            Ok::<_, inventory::Error>(())
        })
        .await;
    match made {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, None, Some(form)).await?)
        }
    }
}

/// `POST /admin/locations/{id}`.
async fn update(office: Office, Path(id): Path<LocationId>, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let place = priority(&office, &mut form);
    if !form.is_ok() {
        return office.refused(&view(&office, Some(id), Some(form)).await?);
    }
    let (ctx, typed) = (office.ctx().clone(), form.clone());
    let saved = office
        .db()
        .write("update_location", async move |tx: &mut Tx| {
            let all = inventory::locations(tx, &ctx).await?;
            let was =
                all.iter().find(|l| l.id == id).ok_or(inventory::Error::NotFound { what: "location" })?;
            let (place, active) = (place.unwrap_or(was.position), typed.on("active"));
            let address = address(&typed, was.address());
            inventory::update_location(tx, &ctx, &permit, id, typed.value("name"), &address, place, active)
                .await
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, Some(id), Some(form)).await?)
        }
    }
}
