use db::{Tx, params};
use kernel::{Actor, Ctx, Cursor, Grants, Page, PageSize, Permit, RoleId, StaffId, Timestamp, perms};
use serde::Serialize;
use work::Deed;

use crate::password::Hashed;
use crate::roles::{BuiltIn, grants_of};
use crate::{Error, check, may_give};

/// Somebody to come to work here.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// What they sign in with.
    pub email: String,
    /// As colleagues read it.
    pub name: String,
    /// Their language: `en`.
    pub locale: String,
    /// From [`hash_password`](crate::hash_password).
    pub password: Hashed,
}

db::row! {
    /// Somebody who works here.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Staff {
        /// Who.
        pub id: StaffId,
        /// What they sign in with.
        pub email: String,
        /// As colleagues read it.
        pub name: String,
        /// Their language: `en`.
        pub locale: String,
        /// May they sign in?
        pub active: bool,
        /// Since when.
        pub created_at: Timestamp,
        /// When they were last here, to some minutes.
        pub last_seen_at: Option<Timestamp>,
    }
}

impl Staff {
    /// As contexts and timelines name them.
    pub fn actor(&self) -> Actor {
        Actor::Staff { id: self.id, name: self.name.clone() }
    }
}

/// Somebody in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffRow {
    /// Who.
    #[serde(flatten)]
    pub staff: Staff,
    /// Their roles' ids and names, by name.
    pub roles: Vec<(RoleId, String)>,
    /// Are they an owner?
    pub owner: bool,
}

/// One person.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn staff(tx: &mut Tx, id: StaffId) -> Result<StaffRow, Error> {
    let staff: Option<Staff> = tx
        .opt(
            db::sql!(
                "select id, email, name, locale, active, created_at, last_seen_at from staff where id = $1"
            ),
            params![id],
        )
        .await?;
    with_roles(tx, staff.ok_or(Error::NotFound { what: "member of staff" })?).await
}

/// Who signs in with this e-mail.
///
/// # Errors
/// The database's.
pub async fn find_staff_by_email(tx: &mut Tx, email: &str) -> Result<Option<StaffRow>, Error> {
    let found: Option<(StaffId,)> = tx
        .opt(db::sql!("select id from staff where email_key = $1"), params![check::email_key(email)])
        .await?;
    match found {
        Some((id,)) => Ok(Some(staff(tx, id).await?)),
        None => Ok(None),
    }
}

/// Who works, or worked, here: newest first.
///
/// # Errors
/// The database's.
pub async fn staff_list(
    tx: &mut Tx,
    _: &Permit<perms::AccessWrite>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<StaffRow>, Error> {
    let (key, id) = after.map_or((i64::MAX, uuid::Uuid::max()), |c| (c.key, c.id));
    let rows: Vec<Staff> = tx
        .all(
            db::sql!(
                "select id, email, name, locale, active, created_at, last_seen_at from staff
                 where (created_at, id) < ($1, $2) order by created_at desc, id desc limit $3"
            ),
            params![key, id, size.plus_one()],
        )
        .await?;
    let page = Page::cut(rows, size, |s| Cursor { key: s.created_at.micros(), id: s.id.uuid() });
    let mut out = Page { rows: Vec::with_capacity(page.rows.len()), next: page.next };
    for staff in page.rows {
        out.rows.push(with_roles(tx, staff).await?);
    }
    Ok(out)
}

async fn with_roles(tx: &mut Tx, staff: Staff) -> Result<StaffRow, Error> {
    let rows: Vec<(RoleId, String, Option<BuiltIn>)> = tx
        .all(
            db::sql!(
                "select r.id, r.name, r.built_in from staff_role sr join role r on r.id = sr.role_id
                 where sr.staff_id = $1 order by r.name_key"
            ),
            params![staff.id],
        )
        .await?;
    let owner = rows.iter().any(|(_, _, b)| *b == Some(BuiltIn::Owner));
    Ok(StaffRow { staff, roles: rows.into_iter().map(|(id, name, _)| (id, name)).collect(), owner })
}

/// Makes an account with these roles.
///
/// # Errors
/// [`Error::Invalid`], [`Error::EmailTaken`], [`Error::BeyondYourRights`], [`Error::NotFound`] for a role.
pub async fn create_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    new: &NewStaff,
    roles: &[RoleId],
) -> Result<StaffId, Error> {
    let id = insert(tx, ctx, new).await?;
    give(tx, ctx, id, roles).await?;
    audit(tx, ctx, "staff.create", id, None).await?;
    Ok(id)
}

/// Changes somebody's name and e-mail.
///
/// # Errors
/// As [`create_staff`].
pub async fn update_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: StaffId,
    name: &str,
    email: &str,
) -> Result<(), Error> {
    let before = reachable(tx, ctx, id).await?;
    let (name, email) = (check::name(name)?, check::email(email)?);
    let other = find_staff_by_email(tx, &email).await?;
    if other.is_some_and(|o| o.staff.id != id) {
        return Err(Error::EmailTaken { email });
    }
    tx.exec(
        db::sql!("update staff set name = $2, email = $3, email_key = $4, updated_at = $5 where id = $1"),
        params![id, name, email, check::email_key(&email), ctx.now()],
    )
    .await?;
    audit(tx, ctx, "staff.update", id, Some(&before)).await
}

/// Changes one's own name and language.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn update_profile(
    tx: &mut Tx,
    ctx: &Ctx,
    id: StaffId,
    name: &str,
    locale: &str,
) -> Result<(), Error> {
    let before = staff(tx, id).await?;
    let (name, locale) = (check::name(name)?, check::locale(locale)?);
    tx.exec(
        db::sql!("update staff set name = $2, locale = $3, updated_at = $4 where id = $1"),
        params![id, name, locale, ctx.now()],
    )
    .await?;
    audit(tx, ctx, "staff.update", id, Some(&before)).await
}

/// Sets somebody's roles; they hold from the next request on. Serializable, as every named write is unless it says
/// otherwise: two owners who demote each other at once cannot both succeed.
///
/// # Errors
/// [`Error::BeyondYourRights`], [`Error::LastOwner`], [`Error::NotFound`].
pub async fn set_roles(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: StaffId,
    roles: &[RoleId],
) -> Result<(), Error> {
    let before = reachable(tx, ctx, id).await?;
    tx.exec(db::sql!("delete from staff_role where staff_id = $1"), params![id]).await?;
    give(tx, ctx, id, roles).await?;
    an_owner_is_left(tx).await?;
    audit(tx, ctx, "staff.set_roles", id, Some(&before)).await
}

/// Lets somebody in again, or lets them go: signed out everywhere at once.
///
/// # Errors
/// [`Error::BeyondYourRights`], [`Error::LastOwner`], [`Error::Yourself`], [`Error::NotFound`].
pub async fn set_active(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: StaffId,
    active: bool,
) -> Result<(), Error> {
    let before = reachable(tx, ctx, id).await?;
    if !active && ctx.actor.id() == Some(id.uuid()) {
        return Err(Error::Yourself);
    }
    tx.exec(
        db::sql!("update staff set active = $2, updated_at = $3 where id = $1"),
        params![id, active, ctx.now()],
    )
    .await?;
    if !active {
        tx.exec(db::sql!("delete from session where staff_id = $1"), params![id]).await?;
        an_owner_is_left(tx).await?;
    }
    audit(tx, ctx, if active { "staff.activate" } else { "staff.deactivate" }, id, Some(&before)).await
}

/// Sets somebody else's password (they forgot it); signed out everywhere.
///
/// # Errors
/// [`Error::BeyondYourRights`], [`Error::NotFound`].
pub async fn reset_password(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::AccessWrite>,
    id: StaffId,
    password: &Hashed,
) -> Result<(), Error> {
    reachable(tx, ctx, id).await?;
    store_password(tx, ctx, id, password).await?;
    audit(tx, ctx, "staff.reset_password", id, None).await
}

/// A new password ends every session: whoever had the old one is out.
pub(crate) async fn store_password(
    tx: &mut Tx,
    ctx: &Ctx,
    id: StaffId,
    password: &Hashed,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update staff set password_hash = $2, password_changed_at = $3, updated_at = $3 where id = $1"
        ),
        params![id, password.as_str(), ctx.now()],
    )
    .await?;
    tx.exec(db::sql!("delete from session where staff_id = $1"), params![id]).await?;
    Ok(())
}

pub(crate) async fn insert(tx: &mut Tx, ctx: &Ctx, new: &NewStaff) -> Result<StaffId, Error> {
    let (email, name, locale) =
        (check::email(&new.email)?, check::name(&new.name)?, check::locale(&new.locale)?);
    let key = check::email_key(&email);
    let taken: Option<(StaffId,)> =
        tx.opt(db::sql!("select id from staff where email_key = $1"), params![key]).await?;
    if taken.is_some() {
        return Err(Error::EmailTaken { email });
    }
    let id: StaffId = ctx.id();
    tx.exec(
        db::sql!(
            "insert into staff (id, email, email_key, name, locale, password_hash, password_changed_at, active,
                 created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $7)"
        ),
        params![id, email, key, name, locale, new.password.as_str(), ctx.now(), true],
    )
    .await
    .map_err(|e| if e.is_unique() { Error::EmailTaken { email: email.clone() } } else { e.into() })?;
    Ok(id)
}

/// Gives roles to somebody who has none.
async fn give(tx: &mut Tx, ctx: &Ctx, id: StaffId, roles: &[RoleId]) -> Result<(), Error> {
    let mut wanted = roles.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    for role in wanted {
        let rights = crate::role(tx, role).await?.grants;
        may_give(ctx, &rights)?;
        assign(tx, id, role).await?;
    }
    Ok(())
}

pub(crate) async fn assign(tx: &mut Tx, id: StaffId, role: RoleId) -> Result<(), Error> {
    tx.exec(db::sql!("insert into staff_role (staff_id, role_id) values ($1, $2)"), params![id, role])
        .await?;
    Ok(())
}

/// Somebody whom the actor may change: who has no right that the actor lacks.
async fn reachable(tx: &mut Tx, ctx: &Ctx, id: StaffId) -> Result<StaffRow, Error> {
    let row = staff(tx, id).await?;
    let rights: Grants = grants_of(tx, id).await?;
    may_give(ctx, &rights)?;
    Ok(row)
}

async fn an_owner_is_left(tx: &mut Tx) -> Result<(), Error> {
    let owners: i64 = tx
        .value(
            db::sql!(
                "select cast(count(*) as bigint) from staff s join staff_role sr on sr.staff_id = s.id
                 join role r on r.id = sr.role_id where r.built_in = 'owner' and s.active"
            ),
            &[],
        )
        .await?;
    if owners == 0 { Err(Error::LastOwner) } else { Ok(()) }
}

pub(crate) async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: StaffId,
    before: Option<&StaffRow>,
) -> Result<(), Error> {
    let after = staff(tx, id).await?;
    let deed = Deed {
        verb,
        subject_kind: "staff",
        subject: id.uuid(),
        before: before.and_then(|b| serde_json::to_value(b).ok()),
        after: serde_json::to_value(&after).ok(),
        note: None,
    };
    Ok(work::audit(tx, ctx, &deed).await?)
}
