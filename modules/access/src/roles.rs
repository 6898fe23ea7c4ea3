use db::{Tx, params};
use kernel::{Ctx, Grants, Permit, RoleId, StaffId, TextState, perms, states};
use serde::Serialize;
use work::Deed;

use crate::grants::{checked, everywhere, from_text, may_give, to_text};
use crate::{Error, check};

states! {
    /// A role that comes with the program. Its rights are the program's, so they grow with it.
    pub enum BuiltIn {
        /// Everything, and the only one who may.
        Owner = "owner",
        /// Everything but staff, roles and keys.
        Manager = "manager",
        /// Picks, packs, ships, counts.
        Fulfilment = "fulfilment",
        /// Helps customers, gives money back.
        Support = "support",
        /// Keeps products, prices, pictures.
        Catalogue = "catalogue",
        /// Reads figures, changes nothing.
        Analyst = "analyst",
    }
}
db::words!(BuiltIn);

impl BuiltIn {
    /// Its name as people read it in English.
    pub fn title(self) -> &'static str {
        match self {
            BuiltIn::Owner => "Owner",
            BuiltIn::Manager => "Manager",
            BuiltIn::Fulfilment => "Fulfilment",
            BuiltIn::Support => "Support",
            BuiltIn::Catalogue => "Catalogue",
            BuiltIn::Analyst => "Analyst",
        }
    }

    /// What it may do.
    pub fn grants(self) -> Grants {
        match self {
            BuiltIn::Owner => Grants::all(),
            BuiltIn::Manager => {
                let most: Vec<&str> = perms::ALL.iter().copied().filter(|p| *p != "access:write").collect();
                everywhere(&most)
            }
            BuiltIn::Fulfilment => everywhere(&[
                "orders:read",
                "orders:fulfil",
                "products:read",
                "inventory:read",
                "inventory:write",
            ]),
            BuiltIn::Support => everywhere(&[
                "orders:read",
                "orders:write",
                "orders:refund",
                "products:read",
                "inventory:read",
                "customers:read",
                "customers:write",
            ]),
            BuiltIn::Catalogue => everywhere(&["products:read", "products:write", "inventory:read"]),
            BuiltIn::Analyst => everywhere(&[
                "orders:read",
                "products:read",
                "inventory:read",
                "customers:read",
                "analytics:read",
            ]),
        }
    }
}

/// A set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// The role.
    pub id: RoleId,
    /// Set when it came with the program.
    pub built_in: Option<BuiltIn>,
    /// As people read it.
    pub name: String,
    /// What it may do, and how far.
    #[serde(serialize_with = "grants_as_list")]
    pub grants: Grants,
}

fn grants_as_list<S: serde::Serializer>(grants: &Grants, s: S) -> Result<S::Ok, S::Error> {
    grants.0.serialize(s)
}

/// A role in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    /// The role.
    #[serde(flatten)]
    pub role: Role,
    /// How many have it.
    pub staff: i64,
}

/// Roles there may be at most: they are shown on one page.
const MAX_ROLES: i64 = 200;

pub(crate) fn grants_of_row(built_in: Option<BuiltIn>, grants: &str) -> Result<Grants, Error> {
    built_in.map_or_else(|| from_text(grants), |b| Ok(b.grants()))
}

/// Every role, those of the program first, then by name.
///
/// # Errors
/// The database's.
pub async fn roles(tx: &mut Tx) -> Result<Vec<RoleRow>, Error> {
    let rows: Vec<(RoleId, Option<BuiltIn>, String, String, i64)> = tx
        .all(
            db::sql!(
                "select r.id, r.built_in, r.name, r.grants,
                        (select cast(count(*) as bigint) from staff_role sr where sr.role_id = r.id)
                 from role r order by r.name_key"
            ),
            &[],
        )
        .await?;
    let mut all = vec![];
    for (id, built_in, name, grants, staff) in rows {
        all.push(RoleRow {
            role: Role { id, built_in, name, grants: grants_of_row(built_in, &grants)? },
            staff,
        });
    }
    all.sort_by_key(|r| r.role.built_in.map_or(BuiltIn::ALL.len(), |b| b as usize)); // stable: names stay in order
    Ok(all)
}

/// One role.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn role(tx: &mut Tx, id: RoleId) -> Result<Role, Error> {
    let found: Option<(Option<BuiltIn>, String, String)> =
        tx.opt(db::sql!("select built_in, name, grants from role where id = $1"), params![id]).await?;
    let (built_in, name, grants) = found.ok_or(Error::NotFound { what: "role" })?;
    Ok(Role { id, built_in, name, grants: grants_of_row(built_in, &grants)? })
}

/// What somebody may do: the rights of all their roles.
pub(crate) async fn grants_of(tx: &mut Tx, staff: StaffId) -> Result<Grants, Error> {
    let rows: Vec<(Option<BuiltIn>, String)> = tx
        .all(
            db::sql!(
                "select r.built_in, r.grants from staff_role sr join role r on r.id = sr.role_id
                 where sr.staff_id = $1 order by r.id"
            ),
            params![staff],
        )
        .await?;
    let mut all = Grants::default();
    for (built_in, grants) in rows {
        all.0.extend(grants_of_row(built_in, &grants)?.0);
    }
    Ok(all)
}

/// Makes a role.
///
/// # Errors
/// [`Error::Invalid`], [`Error::RoleNameTaken`], [`Error::BeyondYourRights`].
pub async fn create_role(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    name: &str,
    grants: &Grants,
) -> Result<RoleId, Error> {
    let (name, grants) = (check::name(name)?, checked(grants)?);
    may_give(ctx, &grants)?;
    if tx.value::<i64>(db::sql!("select cast(count(*) as bigint) from role"), &[]).await? >= MAX_ROLES {
        return Err(Error::invalid("name", format!("there are {MAX_ROLES} roles already; remove one first")));
    }
    let id = insert(tx, ctx, None, &name, &grants).await?;
    let role = role(tx, id).await?;
    audit(tx, ctx, "role.create", id, None, serde_json::to_value(&role).ok()).await?;
    Ok(id)
}

/// Renames a role and sets its rights; who has it, has them from the next request on.
///
/// # Errors
/// As [`create_role`]; [`Error::BuiltInRole`], [`Error::NotFound`].
pub async fn update_role(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: RoleId,
    name: &str,
    grants: &Grants,
) -> Result<(), Error> {
    let before = own(tx, id).await?;
    let (name, grants) = (check::name(name)?, checked(grants)?);
    may_give(ctx, &before.grants)?;
    may_give(ctx, &grants)?;
    free(tx, &name, Some(id)).await?;
    tx.exec(
        db::sql!("update role set name = $2, name_key = $3, grants = $4, updated_at = $5 where id = $1"),
        params![id, name, name.to_lowercase(), to_text(&grants)?, ctx.now()],
    )
    .await?;
    let after = role(tx, id).await?;
    audit(tx, ctx, "role.update", id, serde_json::to_value(&before).ok(), serde_json::to_value(&after).ok())
        .await
}

/// Removes a role that nobody has.
///
/// # Errors
/// [`Error::RoleInUse`], [`Error::BuiltInRole`], [`Error::NotFound`].
pub async fn delete_role(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: RoleId,
) -> Result<(), Error> {
    let before = own(tx, id).await?;
    may_give(ctx, &before.grants)?;
    let staff: i64 = tx
        .value(db::sql!("select cast(count(*) as bigint) from staff_role where role_id = $1"), params![id])
        .await?;
    if staff > 0 {
        return Err(Error::RoleInUse { name: before.name, staff });
    }
    tx.exec(db::sql!("delete from role where id = $1"), params![id]).await?;
    audit(tx, ctx, "role.delete", id, serde_json::to_value(&before).ok(), None).await
}

/// The roles of the program, made if they are not there; the owner's.
pub(crate) async fn built_in_roles(tx: &mut Tx, ctx: &Ctx) -> Result<RoleId, Error> {
    let there: Vec<(RoleId, BuiltIn)> =
        tx.all(db::sql!("select id, built_in from role where built_in is not null"), &[]).await?;
    let mut owner = there.iter().find(|(_, b)| *b == BuiltIn::Owner).map(|(id, _)| *id);
    for built_in in BuiltIn::ALL.iter().copied().filter(|b| !there.iter().any(|(_, t)| t == b)) {
        let id = insert(tx, ctx, Some(built_in), built_in.title(), &built_in.grants()).await?;
        if built_in == BuiltIn::Owner {
            owner = Some(id);
        }
    }
    owner.ok_or(Error::NotFound { what: "owner's role" })
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    built_in: Option<BuiltIn>,
    name: &str,
    grants: &Grants,
) -> Result<RoleId, Error> {
    free(tx, name, None).await?;
    let id: RoleId = ctx.id();
    tx.exec(
        db::sql!(
            "insert into role (id, built_in, name, name_key, grants, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $6)"
        ),
        params![id, built_in, name, name.to_lowercase(), to_text(grants)?, ctx.now()],
    )
    .await
    .map_err(|e| if e.is_unique() { Error::RoleNameTaken { name: name.to_owned() } } else { e.into() })?;
    Ok(id)
}

async fn free(tx: &mut Tx, name: &str, but: Option<RoleId>) -> Result<(), Error> {
    let taken: Option<(RoleId,)> =
        tx.opt(db::sql!("select id from role where name_key = $1"), params![name.to_lowercase()]).await?;
    match taken {
        Some((id,)) if Some(id) != but => Err(Error::RoleNameTaken { name: name.to_owned() }),
        _ => Ok(()),
    }
}

/// A role that may be changed.
async fn own(tx: &mut Tx, id: RoleId) -> Result<Role, Error> {
    let role = role(tx, id).await?;
    if role.built_in.is_some() { Err(Error::BuiltInRole { name: role.name }) } else { Ok(role) }
}

async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: RoleId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let deed = Deed { verb, subject_kind: "role", subject: id.uuid(), before, after, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}
