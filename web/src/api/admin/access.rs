//! Roles and keys.

use access::{ApiKey, RoleRow};
use db::Tx;
use kernel::perms::AccessWrite;
use kernel::{ApiKeyId, Grant, Grants, LocationId, RoleId, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{Done, List, Made};
use crate::api::ask::{At, Body, Paging, Params};
use crate::api::once::Sent;
use crate::api::types::{at, invalid};
use crate::{Caller, Error, State};

/// A right, with its reach.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Granted {
    /// `orders:refund`. The owner has `*`, which cannot be given.
    #[schema(example = "orders:read")]
    permission: String,
    /// Only at these locations; empty: at all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    locations: Vec<LocationId>,
}

pub(super) fn granted(grants: &Grants) -> Vec<Granted> {
    let one = |g: &Grant| Granted { permission: g.permission.clone(), locations: g.scope.locations.clone() };
    grants.0.iter().map(one).collect()
}

fn read(grants: Vec<Granted>) -> Result<Grants, Error> {
    let mut all = vec![];
    for (n, g) in grants.into_iter().enumerate() {
        if !kernel::perms::ALL.contains(&g.permission.as_str()) {
            let text = format!("'{}' is none of {}.", g.permission, kernel::perms::ALL.join(", "));
            return Err(invalid(&format!("grants[{n}].permission"), text));
        }
        all.push(Grant { permission: g.permission, scope: Scope { locations: g.locations, ..Scope::ALL } });
    }
    Ok(Grants(all))
}

/// A set of rights.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Role {
    #[schema(example = "rol_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    /// Came with Mercer: cannot be changed.
    built_in: bool,
    grants: Vec<Granted>,
    /// How many have it.
    staff_count: i64,
}

impl From<RoleRow> for Role {
    fn from(r: RoleRow) -> Role {
        Role {
            id: r.role.id.to_string(),
            name: r.role.name,
            built_in: r.role.built_in.is_some(),
            grants: granted(&r.role.grants),
            staff_count: r.staff,
        }
    }
}

async fn role(tx: &mut Tx, id: RoleId) -> Result<RoleRow, access::Error> {
    let role = access::role(tx, id).await?;
    let staff = access::roles(tx).await?.into_iter().find(|r| r.role.id == id).map_or(0, |r| r.staff);
    Ok(RoleRow { role, staff })
}

pub(super) async fn roles(state: State, caller: Caller) -> Result<List<Role>, Error> {
    caller.permit::<AccessWrite>()?;
    let all = state.db().read(async |tx: &mut Tx| access::roles(tx).await).await?;
    Ok(List::whole(all.into_iter().map(Role::from).collect()))
}

/// A role as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleInput {
    name: String,
    grants: Vec<Granted>,
}

pub(super) async fn create_role(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<RoleInput>,
) -> Result<Made<Role>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let (ctx, name, grants) = (caller.ctx, new.name, read(new.grants)?);
    let made = state
        .db()
        .write("role_create", async move |tx: &mut Tx| {
            let make = async |tx: &mut Tx| Ok(access::create_role(tx, &ctx, &permit, &name, &grants).await?);
            let id = once.make(tx, &ctx, make).await?;
            Ok::<_, Error>(role(tx, id).await?)
        })
        .await?;
    Ok(Made::new("/admin/roles", made.into()))
}

pub(super) async fn update_role(
    state: State,
    caller: Caller,
    At(id): At<RoleId>,
    Body(new): Body<RoleInput>,
) -> Result<crate::api::answer::One<Role>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let (ctx, name, grants) = (caller.ctx, new.name, read(new.grants)?);
    let changed = state
        .db()
        .write("role_update", async move |tx: &mut Tx| {
            access::update_role(tx, &ctx, &permit, id, &name, &grants).await?;
            role(tx, id).await
        })
        .await?;
    Ok(crate::api::answer::One::new(changed.into()))
}

pub(super) async fn delete_role(state: State, caller: Caller, At(id): At<RoleId>) -> Result<Done, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("role_delete", async move |tx: &mut Tx| access::delete_role(tx, &ctx, &permit, id).await)
        .await?;
    Ok(Done)
}

/// A right there is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionName {
    permission: String,
}

pub(super) async fn permissions() -> Result<List<PermissionName>, Error> {
    let name = |p: &&str| PermissionName { permission: (*p).to_owned() };
    Ok(List::whole(kernel::perms::ALL.iter().map(name).collect()))
}

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Key {
    #[schema(example = "key_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    /// How its secret begins.
    hint: String,
    grants: Vec<Granted>,
    created_by: String,
    created_at: String,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
}

impl From<ApiKey> for Key {
    fn from(k: ApiKey) -> Key {
        Key {
            id: k.id.to_string(),
            name: k.name,
            hint: k.hint,
            grants: granted(&k.grants),
            created_by: k.created_by,
            created_at: at(k.created_at),
            last_used_at: k.last_used_at.map(at),
            revoked_at: k.revoked_at.map(at),
        }
    }
}

pub(super) async fn keys(
    state: State,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<List<Key>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let (after, size) = paging.read()?;
    let page =
        state.db().read(async |tx: &mut Tx| access::keys(tx, &permit, after.as_ref(), size).await).await?;
    Ok(List::page(page, Key::from))
}

/// A key to be made. Nobody gives more than they have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    name: String,
    grants: Vec<Granted>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeKey {
    id: String,
    name: String,
    /// Told only now.
    secret: String,
}

pub(super) async fn create_key(
    state: State,
    caller: Caller,
    Sent(new, once): Sent<NewKey>,
) -> Result<Made<MadeKey>, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let (ctx, name, grants) = (caller.ctx, new.name.clone(), read(new.grants)?);
    let (id, secret) = state
        .db()
        .write("key_create", async move |tx: &mut Tx| {
            if once.made::<kernel::ApiKey>(tx).await?.is_some() {
                return Err(told_once());
            }
            let made = access::create_key(tx, &ctx, &permit, &new.name, &grants).await?;
            once.keep(tx, &ctx, made.0).await?;
            Ok::<_, Error>(made)
        })
        .await?;
    let made = MadeKey { id: id.to_string(), name, secret: secret.reveal().to_owned() };
    Ok(Made::new("/admin/keys", made))
}

/// A repeat cannot tell a secret that is kept nowhere.
fn told_once() -> Error {
    let text = "This key was made, and its secret was told then; it is kept nowhere. Revoke the key and make another.";
    Error::new(kernel::ErrorKind::Conflict, "secret_told", text)
}

pub(super) async fn revoke_key(state: State, caller: Caller, At(id): At<ApiKeyId>) -> Result<Done, Error> {
    let permit = caller.permit::<AccessWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("key_revoke", async move |tx: &mut Tx| access::revoke_key(tx, &ctx, &permit, id).await)
        .await?;
    Ok(Done)
}
