use std::net::IpAddr;
use std::time::Duration;

use db::{Tx, params};
use kernel::{Actor, Ctx, Grants, SessionId, StaffId, Timestamp};
use serde::Serialize;
use work::Deed;

use crate::roles::{BuiltIn, grants_of_row};
use crate::token::{Secret, hash_of};
use crate::{Error, Staff, check};

/// A session that is not used ends after so long.
pub const IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Every session ends after so long.
pub const ABSOLUTE: Duration = Duration::from_secs(90 * 24 * 3600);
/// Use is noted no more often than this: a page must not cost a write.
const NOTED: Duration = Duration::from_secs(10 * 60);
/// Sessions one person has at most; the longest unused go first.
const MAX_SESSIONS: i64 = 20;

/// A session that was just begun.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session.
    pub id: SessionId,
    /// For the cookie; nothing else knows it.
    pub token: Secret,
    /// Whose.
    pub staff: StaffId,
    /// When the cookie may be forgotten at the latest.
    pub ends_at: Timestamp,
}

/// Who a request comes from.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Who.
    pub staff: Staff,
    /// What they may do.
    pub grants: Grants,
    /// Is it time for [`session_seen`]?
    pub due: bool,
}

impl SignedIn {
    /// The context on their behalf, in their language.
    pub fn ctx(&self, ctx: &Ctx) -> Ctx {
        ctx.acting(self.staff.actor(), self.grants.clone()).in_locale(&self.staff.locale)
    }
}

/// Begins a session. Who calls this has made sure of who it is: [`sign_in`](crate::sign_in) by password,
/// first-run set-up by having just made the account.
///
/// # Errors
/// [`Error::WrongCredentials`] when the account is not active.
pub async fn open_session(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    user_agent: &str,
    ip: Option<IpAddr>,
) -> Result<Opened, Error> {
    let who: Option<(String, bool)> =
        tx.opt(db::sql!("select name, active from staff where id = $1"), params![staff]).await?;
    let Some((name, true)) = who else { return Err(Error::WrongCredentials) };
    let (now, token, id) = (ctx.now(), Secret::fresh(ctx, ""), ctx.id());
    tx.exec(
        db::sql!(
            "delete from session where id in (select id from session where staff_id = $1
                 order by last_seen_at desc, id desc limit 1000 offset $2)"
        ),
        params![staff, MAX_SESSIONS - 1],
    )
    .await?;
    tx.exec(
        db::sql!(
            "insert into session (id, token_hash, staff_id, created_at, expires_at, last_seen_at, user_agent, ip)
             values ($1, $2, $3, $4, $5, $4, $6, $7)"
        ),
        params![
            id,
            token.hash(),
            staff,
            now,
            now.plus(IDLE),
            check::cut(user_agent, 300),
            ip.map(|ip| ip.to_canonical().to_string()).unwrap_or_default()
        ],
    )
    .await?;
    tx.exec(db::sql!("update staff set last_seen_at = $2 where id = $1"), params![staff, now]).await?;
    let by = ctx.acting(Actor::Staff { id: staff, name }, Grants::default());
    audit(tx, &by, "staff.sign_in", staff).await?;
    Ok(Opened { id, token, staff, ends_at: now.plus(ABSOLUTE) })
}

db::row! {
    struct Found {
        session: SessionId,
        seen_at: Timestamp,
        staff: StaffId,
        email: String,
        name: String,
        locale: String,
        created_at: Timestamp,
        last_seen_at: Option<Timestamp>,
        built_in: Option<BuiltIn>,
        grants: Option<String>,
    }
}

/// Whose session a token opens; `None` when it is unknown or over. One statement: every page asks.
///
/// # Errors
/// The database's.
pub async fn session_of(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<Option<SignedIn>, Error> {
    let rows: Vec<Found> = tx
        .all(
            db::sql!(
                "select se.id, se.last_seen_at, s.id, s.email, s.name, s.locale, s.created_at, s.last_seen_at,
                        r.built_in, r.grants
                 from session se join staff s on s.id = se.staff_id
                 left join staff_role sr on sr.staff_id = s.id left join role r on r.id = sr.role_id
                 where se.token_hash = $1 and se.expires_at > $2 and s.active order by r.id"
            ),
            params![hash_of(token), ctx.now()],
        )
        .await?;
    let mut grants = Grants::default();
    for row in &rows {
        if let Some(text) = &row.grants {
            grants.0.extend(grants_of_row(row.built_in, text)?.0);
        }
    }
    Ok(rows.into_iter().next().map(|f| SignedIn {
        session: f.session,
        staff: Staff {
            id: f.staff,
            email: f.email,
            name: f.name,
            locale: f.locale,
            active: true,
            created_at: f.created_at,
            last_seen_at: f.last_seen_at,
        },
        grants,
        due: ctx.now().since(f.seen_at) >= NOTED,
    }))
}

/// Notes that the session is in use, which puts off its idle end, never its absolute one. Call it when
/// [`SignedIn::due`] says so.
///
/// # Errors
/// The database's.
pub async fn session_seen(tx: &mut Tx, ctx: &Ctx, id: SessionId) -> Result<(), Error> {
    let now = ctx.now();
    tx.exec(
        db::sql!(
            "update session set last_seen_at = $2,
                 expires_at = case when created_at + $3 < $4 then created_at + $3 else $4 end
             where id = $1 and expires_at > $2"
        ),
        params![id, now, i64::try_from(ABSOLUTE.as_micros()).unwrap_or(i64::MAX), now.plus(IDLE)],
    )
    .await?;
    tx.exec(
        db::sql!(
            "update staff set last_seen_at = $2 where id = (select staff_id from session where id = $1)"
        ),
        params![id, now],
    )
    .await?;
    Ok(())
}

db::row! {
    /// A session in the list of one's own.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct SessionRow {
        /// The session.
        pub id: SessionId,
        /// Since when.
        pub created_at: Timestamp,
        /// Last used, to some minutes.
        pub last_seen_at: Timestamp,
        /// What the browser calls itself.
        pub user_agent: String,
        /// From where it began; or empty.
        pub ip: String,
    }
}

/// Somebody's sessions, last used first.
///
/// # Errors
/// The database's.
pub async fn sessions_of(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<Vec<SessionRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, created_at, last_seen_at, user_agent, ip from session
                 where staff_id = $1 and expires_at > $2 order by last_seen_at desc, id desc limit 100"
            ),
            params![staff, ctx.now()],
        )
        .await?)
}

/// Ends the session of this token; nothing happens when there is none.
///
/// # Errors
/// The database's.
pub async fn sign_out(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<(), Error> {
    let gone: Option<(StaffId,)> = tx
        .opt(
            db::sql!("delete from session where token_hash = $1 returning staff_id"),
            params![hash_of(token)],
        )
        .await?;
    match gone {
        Some((staff,)) => audit(tx, ctx, "staff.sign_out", staff).await,
        None => Ok(()),
    }
}

/// Ends one of somebody's own sessions, by its id in [`sessions_of`].
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn end_session(tx: &mut Tx, ctx: &Ctx, staff: StaffId, id: SessionId) -> Result<(), Error> {
    let gone =
        tx.exec(db::sql!("delete from session where id = $1 and staff_id = $2"), params![id, staff]).await?;
    if gone == 0 {
        return Err(Error::NotFound { what: "session" });
    }
    audit(tx, ctx, "staff.sign_out", staff).await
}

/// Ends all of somebody's sessions; how many.
///
/// # Errors
/// The database's.
pub async fn sign_out_everywhere(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<u64, Error> {
    let gone = tx.exec(db::sql!("delete from session where staff_id = $1"), params![staff]).await?;
    audit(tx, ctx, "staff.sign_out_everywhere", staff).await?;
    Ok(gone)
}

/// Removes sessions that are over, up to 1000; for a schedule.
///
/// # Errors
/// The database's.
pub async fn expire_sessions(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    Ok(tx
        .exec(
            db::sql!(
                "delete from session where id in (select id from session where expires_at <= $1 limit 1000)"
            ),
            params![ctx.now()],
        )
        .await?)
}

async fn audit(tx: &mut Tx, ctx: &Ctx, verb: &'static str, staff: StaffId) -> Result<(), Error> {
    let deed =
        Deed { verb, subject_kind: "staff", subject: staff.uuid(), before: None, after: None, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}
