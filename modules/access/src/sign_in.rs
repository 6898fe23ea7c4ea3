//! Three beats: read, compute, write. Hashing takes tens of milliseconds, so no transaction is open meanwhile; this is
//! why these two take the database itself.

use std::net::IpAddr;

use db::{Db, Tx, params};
use kernel::{Ctx, StaffId};

use crate::password::{Hashed, fits, hash_password, outdated};
use crate::staff::{audit, store_password};
use crate::{Error, Limiter, Opened, check, open_session};

/// An attempt to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where it comes from.
    pub ip: IpAddr,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("ip", &self.ip).finish_non_exhaustive()
    }
}

/// Signs somebody in by e-mail and password.
///
/// # Errors
/// [`Error::WrongCredentials`], after the same time whether the account exists or not;
/// [`Error::TooManyAttempts`] with when to try again.
pub async fn sign_in(db: &Db, ctx: &Ctx, limiter: &Limiter, attempt: &SignIn) -> Result<Opened, Error> {
    limiter.attempt(&attempt.email, attempt.ip)?;
    let key = check::email_key(&attempt.email);
    let found: Option<(StaffId, String, bool)> = db
        .read(async |tx: &mut Tx| {
            let text = db::sql!("select id, password_hash, active from staff where email_key = $1");
            tx.opt(text, params![key]).await.map_err(Error::from)
        })
        .await?;
    let found = found.filter(|(_, _, active)| *active);
    if !fits(&attempt.password, found.as_ref().map(|(_, hash, _)| hash.clone())).await? {
        tracing::warn!(ip = %attempt.ip, known = found.is_some(), "a sign-in failed");
        return Err(Error::WrongCredentials);
    }
    let Some((staff, hash, _)) = found else { return Err(Error::WrongCredentials) };
    // parameters grew since: the one moment at which the password is at hand
    let renewed = if outdated(&hash) { hash_password(ctx, &attempt.password).await.ok() } else { None };
    let (ctx, attempt) = (ctx.clone(), attempt.clone());
    db.write("sign_in", async move |tx: &mut Tx| {
        unchanged(tx, staff, &hash).await?;
        if let Some(renewed) = &renewed {
            renew(tx, staff, renewed).await?;
        }
        open_session(tx, &ctx, staff, &attempt.user_agent, Some(attempt.ip)).await
    })
    .await
}

/// Changes one's own password. Signs out everywhere, this browser too, which gets the new session.
///
/// # Errors
/// [`Error::WrongPassword`], [`Error::TooManyAttempts`], [`Error::Invalid`] for the new one.
pub async fn change_password(
    db: &Db,
    ctx: &Ctx,
    limiter: &Limiter,
    staff: StaffId,
    current: &str,
    new: &str,
    (user_agent, ip): (&str, IpAddr),
) -> Result<Opened, Error> {
    let (email, hash): (String, String) = db
        .read(async |tx: &mut Tx| {
            let text = db::sql!("select email, password_hash from staff where id = $1 and active");
            tx.opt(text, params![staff]).await?.ok_or(Error::NotFound { what: "member of staff" })
        })
        .await?;
    limiter.attempt(&email, ip)?;
    if !fits(current, Some(hash.clone())).await? {
        return Err(Error::WrongPassword);
    }
    if new.to_lowercase().contains(&check::email_key(&email)) {
        return Err(Error::invalid("password", "the password holds your e-mail address; take another"));
    }
    let password = hash_password(ctx, new).await?;
    let (ctx, user_agent) = (ctx.clone(), user_agent.to_owned());
    db.write("change_password", async move |tx: &mut Tx| {
        unchanged(tx, staff, &hash).await?;
        store_password(tx, &ctx, staff, &password).await?;
        audit(tx, &ctx, "staff.change_password", staff, None).await?;
        open_session(tx, &ctx, staff, &user_agent, Some(ip)).await
    })
    .await
}

/// Is the password still the one that was verified a moment ago?
async fn unchanged(tx: &mut Tx, staff: StaffId, hash: &str) -> Result<(), Error> {
    let now: Option<(String,)> =
        tx.opt(db::sql!("select password_hash from staff where id = $1 and active"), params![staff]).await?;
    if now.is_some_and(|(h,)| h == hash) { Ok(()) } else { Err(Error::WrongCredentials) }
}

async fn renew(tx: &mut Tx, staff: StaffId, hash: &Hashed) -> Result<(), Error> {
    tx.exec(db::sql!("update staff set password_hash = $2 where id = $1"), params![staff, hash.as_str()])
        .await?;
    Ok(())
}
