use access::RoleRow as Stored;
use axum::response::Response;
use db::Tx;
use inventory::LocationRow;
use kernel::perms::{self, AccessWrite};
use kernel::{ErrorKind, Grant, Grants, LocationId, RoleId, Scope};

use super::groups;
use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Choice, Fields, RoleRow, Section, SettingsRolesView};
use crate::extract::Path;

const PATH: &str = "/admin/settings/roles";

/// `GET /admin/settings/roles?edit={id}`.
pub(super) async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, query.value("edit").parse().ok(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    editing: Option<RoleId>,
    typed: Option<Fields>,
) -> Result<SettingsRolesView, Error> {
    office.permit::<AccessWrite>()?;
    let ctx = office.ctx();
    let (roles, places) = office
        .db()
        .read(async |tx: &mut Tx| {
            let roles = access::roles(tx).await?;
            Ok::<_, Error>((roles, inventory::locations(tx, ctx).await?))
        })
        .await?;
    // those that came with the program stay as they are
    let edited = editing.and_then(|id| roles.iter().find(|r| r.role.id == id && r.role.built_in.is_none()));
    Ok(SettingsRolesView {
        shell: office.shell(Section::Settings).await?,
        rows: roles.iter().map(|r| row(office, r, &places)).collect(),
        form: typed.unwrap_or_else(|| edited.map_or_else(Fields::new, stored)),
        editing: edited.map(|r| row(office, r, &places)),
        groups: groups(office),
        locations: if places.len() > 1 {
            places.iter().map(|l| Choice::new(l.id.to_string(), &l.name)).collect()
        } else {
            vec![]
        },
        can_edit: true,
    })
}

fn row(office: &Office, r: &Stored, places: &[LocationRow]) -> RoleRow {
    let grants = &r.role.grants.0;
    let all = grants.iter().any(|g| g.permission == "*");
    let count = if all { perms::ALL.len() } else { grants.len() };
    RoleRow {
        id: r.role.id.to_string(),
        name: r.role.name.clone(),
        permissions: u32::try_from(count).unwrap_or_default(),
        staff: u32::try_from(r.staff).unwrap_or_default(),
        scope: scope(office, &r.role.grants, places),
        fixed: r.role.built_in.is_some(),
    }
}

/// "All locations", "Berlin, Hamburg".
pub(super) fn scope(office: &Office, grants: &Grants, places: &[LocationRow]) -> String {
    let at = locations(grants);
    let named = at.iter().map(|id| places.iter().find(|l| l.id == *id).map_or("?", |l| l.name.as_str()));
    let named: Vec<&str> = named.collect();
    if named.is_empty() { office.t("roles-everywhere") } else { named.join(", ") }
}

/// Where its rights hold; empty: everywhere.
fn locations(grants: &Grants) -> Vec<LocationId> {
    grants.0.first().map(|g| g.scope.locations.clone()).unwrap_or_default()
}

fn stored(r: &Stored) -> Fields {
    let mut form = Fields::new().with("name", r.role.name.as_str());
    for grant in &r.role.grants.0 {
        form.add("permission", grant.permission.as_str());
    }
    for location in locations(&r.role.grants) {
        form.add("location_id", location.to_string());
    }
    form
}

/// The ticked rights at the ticked locations; none was said beside them.
fn grants(office: &Office, form: &mut Fields) -> Grants {
    let locations: Vec<LocationId> = form.all("location_id").filter_map(|id| id.parse().ok()).collect();
    let scope = Scope { locations, ..Scope::ALL };
    let all = form.all("permission").map(|p| Grant { permission: p.to_owned(), scope: scope.clone() });
    let all: Vec<Grant> = all.collect();
    if all.is_empty() {
        form.fail("permission", office.t("error-permission-missing"));
    }
    Grants(all)
}

/// `POST /admin/settings/roles`: `name`, `permission` (repeated), `location_id` (repeated; none means all).
pub(super) async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let grants = grants(&office, &mut form);
    if form.is_ok() {
        let (ctx, name) = (office.ctx().clone(), form.value("name").to_owned());
        let made = office
            .db()
            .write("create_role", async move |tx: &mut Tx| {
                access::create_role(tx, &ctx, &permit, &name, &grants).await
            })
            .await;
        match made {
            Ok(_) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => blame(&office, &mut form, e, same)?,
        }
    }
    office.refused(&view(&office, None, Some(form)).await?)
}

/// `POST /admin/settings/roles/{id}`.
pub(super) async fn update(
    office: Office,
    Path(id): Path<RoleId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let grants = grants(&office, &mut form);
    if form.is_ok() {
        let (ctx, name) = (office.ctx().clone(), form.value("name").to_owned());
        let saved = office
            .db()
            .write("update_role", async move |tx: &mut Tx| {
                access::update_role(tx, &ctx, &permit, id, &name, &grants).await
            })
            .await;
        match saved {
            Ok(()) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => blame(&office, &mut form, e, same)?,
        }
    }
    office.refused(&view(&office, Some(id), Some(form)).await?)
}

/// `POST /admin/settings/roles/{id}/deletion`.
pub(super) async fn delete(office: Office, Path(id): Path<RoleId>) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let ctx = office.ctx().clone();
    let gone = office
        .db()
        .write("delete_role", async move |tx: &mut Tx| access::delete_role(tx, &ctx, &permit, id).await)
        .await
        .map_err(Error::from);
    match gone {
        Ok(()) => Ok(office.done(PATH, office.t("form-deleted"))),
        Err(e) if e.kind == ErrorKind::Conflict => office.failed(PATH, e),
        Err(e) => Err(e),
    }
}
