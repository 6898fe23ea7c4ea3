//! Who works here.

use access::{NewStaff, StaffRow};
use db::Tx;
use kernel::perms::AccessWrite;
use kernel::{RoleId, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Granted, granted};
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, Paging, Params};
use crate::api::once::Sent;
use crate::api::types::{Named, at};
use crate::{Caller, Error, State, Who};

/// Somebody who works here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffMember {
    #[schema(example = "stf_01h455vb4pex5vsknk084sn02q")]
    id: String,
    email: String,
    name: String,
    /// Of their back office.
    locale: String,
    /// May sign in.
    active: bool,
    /// May do everything.
    owner: bool,
    roles: Vec<Named>,
    created_at: String,
    last_seen_at: Option<String>,
}

impl From<StaffRow> for StaffMember {
    fn from(r: StaffRow) -> StaffMember {
        let roles = r.roles.into_iter().map(|(id, name)| Named { id: id.to_string(), name });
        StaffMember {
            id: r.staff.id.to_string(),
            email: r.staff.email,
            name: r.staff.name,
            locale: r.staff.locale,
            active: r.staff.active,
            owner: r.owner,
            roles: roles.collect(),
            created_at: at(r.staff.created_at),
            last_seen_at: r.staff.last_seen_at.map(at),
        }
    }
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// `staff` or `key`.
    kind: String,
    id: String,
    name: String,
    grants: Vec<Granted>,
}

pub(super) async fn me(caller: Caller) -> Result<One<Me>, Error> {
    let id = match &caller.who {
        Who::Staff(s) => s.staff.id.to_string(),
        Who::Key(k) => k.id.to_string(),
        Who::Shopper => return Err(kernel::Denied::SignIn.into()),
    };
    let actor = &caller.ctx.actor;
    let grants = granted(&caller.ctx.grants);
    Ok(One::new(Me { kind: actor.kind().to_owned(), id, name: actor.name().to_owned(), grants }))
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<List<StaffMember>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let (after, size) = paging.read()?;
    let page = state
        .db()
        .read(async |tx: &mut Tx| access::staff_list(tx, &permit, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, StaffMember::from))
}

pub(super) async fn get(
    state: State,
    caller: Caller,
    At(id): At<StaffId>,
) -> Result<One<StaffMember>, Error> {
    caller.permit::<AccessWrite>()?;
    let found = state.db().read(async |tx: &mut Tx| access::staff(tx, id).await).await?;
    Ok(One::new(found.into()))
}

/// Somebody to be taken on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffInput {
    email: String,
    name: String,
    /// Of their back office; `en` by default.
    locale: Option<String>,
    /// They change it at will.
    password: String,
    /// Their ids.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleId>,
}

pub(super) async fn create(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<StaffInput>,
) -> Result<Made<StaffMember>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let ctx = caller.ctx;
    let password = access::hash_password(&ctx, &new.password).await?;
    let roles = new.roles;
    let locale = new.locale.unwrap_or_else(|| "en".to_owned());
    let new = NewStaff { email: new.email, name: new.name, locale, password };
    let made = state
        .db()
        .write("staff_create", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| Ok(access::create_staff(tx, &ctx, &permit, &new, &roles).await?);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(access::staff(tx, id).await?)
        })
        .await?;
    Ok(Made::new(format!("/admin/staff/{}", made.staff.id), made.into()))
}

/// What is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StaffChange {
    name: Option<String>,
    email: Option<String>,
    /// All of their roles, by id.
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<RoleId>>,
    /// False shuts them out at once.
    active: Option<bool>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<StaffId>,
    Body(change): Body<StaffChange>,
) -> Result<One<StaffMember>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let ctx = caller.ctx;
    let changed = state
        .db()
        .write("staff_update", async move |tx: &mut Tx| {
            let now = access::staff(tx, id).await?;
            if change.name.is_some() || change.email.is_some() {
                let name = change.name.as_ref().unwrap_or(&now.staff.name);
                let email = change.email.as_ref().unwrap_or(&now.staff.email);
                access::update_staff(tx, &ctx, &permit, id, name, email).await?;
            }
            if let Some(roles) = &change.roles {
                access::set_roles(tx, &ctx, &permit, id, roles).await?;
            }
            if let Some(active) = change.active {
                access::set_active(tx, &ctx, &permit, id, active).await?;
            }
            access::staff(tx, id).await
        })
        .await?;
    Ok(One::new(changed.into()))
}
