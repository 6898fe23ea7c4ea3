use access::{NewStaff, StaffRow as Stored};
use axum::response::Response;
use db::Tx;
use kernel::perms::AccessWrite;
use kernel::{PageSize, RoleId, StaffId};

use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Chip, Choice, Fields, Section, SettingsStaffView, StaffRow};
use crate::admin::walk::Walk;
use crate::extract::Path;

const PATH: &str = "/admin/settings/staff";

/// `GET /admin/settings/staff?edit={id}`.
pub(super) async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, &query, query.value("edit").parse().ok(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    query: &Fields,
    editing: Option<StaffId>,
    typed: Option<Fields>,
) -> Result<SettingsStaffView, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let walk = Walk::of(PATH, query, &[]);
    let (page, edited, roles) = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            let page = access::staff_list(tx, &permit, after.as_ref(), PageSize::default()).await?;
            let edited = match editing {
                Some(id) => Some(access::staff(tx, id).await?),
                None => None,
            };
            Ok::<_, Error>((page, edited, access::roles(tx).await?))
        })
        .await?;
    Ok(SettingsStaffView {
        shell: office.shell(Section::Settings).await?,
        rows: page.rows.iter().map(|s| row(office, s)).collect(),
        form: typed.unwrap_or_else(|| edited.as_ref().map_or_else(Fields::new, stored)),
        editing: edited.as_ref().map(|s| row(office, s)),
        roles: roles.iter().map(|r| Choice::new(r.role.id.to_string(), &r.role.name)).collect(),
        pager: walk.pager(page.next),
        can_edit: true,
    })
}

fn row(office: &Office, s: &Stored) -> StaffRow {
    StaffRow {
        id: s.staff.id.to_string(),
        name: s.staff.name.clone(),
        email: s.staff.email.clone(),
        roles: s.roles.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "),
        state: if s.staff.active { Chip::Active } else { Chip::Inactive },
        last_seen: office.when_ever(s.staff.last_seen_at),
        owner: s.owner,
        me: office.ctx().actor.id() == Some(s.staff.id.uuid()),
    }
}

fn stored(s: &Stored) -> Fields {
    let mut form = Fields::new().with("name", s.staff.name.as_str()).with("email", s.staff.email.as_str());
    for (id, _) in &s.roles {
        form.add("role_id", id.to_string());
    }
    if s.staff.active {
        form.set("active", "on");
    }
    form
}

/// The ticked roles; none was said beside them.
fn roles(office: &Office, form: &mut Fields) -> Vec<RoleId> {
    let all: Vec<RoleId> = form.all("role_id").filter_map(|id| id.parse().ok()).collect();
    if all.is_empty() {
        form.fail("role_id", office.t("error-role-missing"));
    }
    all
}

/// `POST /admin/settings/staff`: `name`, `email`, `password`, `role_id` (repeated).
pub(super) async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let roles = roles(&office, &mut form);
    let hashed = access::hash_password(office.ctx(), form.value("password")).await;
    match hashed {
        Ok(password) if form.is_ok() => {
            let new = NewStaff {
                email: form.value("email").to_owned(),
                name: form.value("name").to_owned(),
                locale: office.locale.tag().to_owned(),
                password,
            };
            let ctx = office.ctx().clone();
            let made = office
                .db()
                .write("create_staff", async move |tx: &mut Tx| {
                    access::create_staff(tx, &ctx, &permit, &new, &roles).await
                })
                .await;
            match made {
                Ok(_) => return Ok(office.done(PATH, office.t("form-saved"))),
                Err(e) => blame(&office, &mut form, e, role_field)?,
            }
        }
        Ok(_) => {}
        Err(e) => blame(&office, &mut form, e, same)?,
    }
    form.set("password", "");
    office.refused(&view(&office, &Fields::new(), None, Some(form)).await?)
}

fn role_field(field: &str) -> String {
    if field == "permission" { "role_id".to_owned() } else { field.to_owned() }
}

/// `POST /admin/settings/staff/{id}`: the same and `active`; an empty password stays as it is.
pub(super) async fn update(
    office: Office,
    Path(id): Path<StaffId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let roles = roles(&office, &mut form);
    let password = match form.value("password") {
        "" => None,
        typed => match access::hash_password(office.ctx(), typed).await {
            Ok(hashed) => Some(hashed),
            Err(e) => {
                blame(&office, &mut form, e, same)?;
                None
            }
        },
    };
    if form.is_ok() {
        let (ctx, active) = (office.ctx().clone(), form.on("active"));
        let (name, email) = (form.value("name").to_owned(), form.value("email").to_owned());
        let saved = office
            .db()
            .write("update_staff", async move |tx: &mut Tx| {
                let was = access::staff(tx, id).await?;
                access::update_staff(tx, &ctx, &permit, id, &name, &email).await?;
                let mut had: Vec<RoleId> = was.roles.iter().map(|(id, _)| *id).collect();
                let mut wanted = roles.clone();
                had.sort_unstable();
                wanted.sort_unstable();
                if had != wanted {
                    access::set_roles(tx, &ctx, &permit, id, &roles).await?;
                }
                if was.staff.active != active {
                    access::set_active(tx, &ctx, &permit, id, active).await?;
                }
                if let Some(password) = &password {
                    access::reset_password(tx, &ctx, &permit, id, password).await?;
                }
                Ok::<_, access::Error>(())
            })
            .await;
        match saved {
            Ok(()) => return Ok(office.done(PATH, office.t("form-saved"))),
            Err(e) => blame(&office, &mut form, e, role_field)?,
        }
    }
    form.set("password", "");
    office.refused(&view(&office, &Fields::new(), Some(id), Some(form)).await?)
}
