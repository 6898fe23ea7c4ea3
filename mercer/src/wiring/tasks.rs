use std::sync::Arc;

use async_trait::async_trait;
use db::{Db, Tx, Unit};
use kernel::Ctx;
use work::{Handler, Job, Outcome, TaskError};

/// The kind of task that removes sessions past their end.
pub const EXPIRE_SESSIONS: &str = "access.expire_sessions";

/// Which code does which kind of task.
pub fn handlers(db: &Db) -> Vec<(&'static str, Arc<dyn Handler>)> {
    vec![
        (work::audit::SEAL, Arc::new(Seal(db.clone()))),
        (work::EXPIRE, Arc::new(Expire(db.clone()))),
        (EXPIRE_SESSIONS, Arc::new(ExpireSessions(db.clone()))),
    ]
}

/// Seals audit rows into the chain.
struct Seal(Db);

#[async_trait]
impl Handler for Seal {
    async fn run(&self, _: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        work::audit::seal(&self.0).await?;
        Ok(Outcome::Done)
    }
}

/// Removes what is past its time.
struct Expire(Db);

#[async_trait]
impl Handler for Expire {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        work::expire(&self.0, ctx).await?;
        Ok(Outcome::Done)
    }
}

/// Removes sessions past their end, in small bulk units.
struct ExpireSessions(Db);

#[async_trait]
impl Handler for ExpireSessions {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        loop {
            let (unit, ctx) = (Unit::named("expire_sessions").read_committed().bulk(), ctx.clone());
            if self.0.write(unit, async move |tx: &mut Tx| access::expire_sessions(tx, &ctx).await).await?
                == 0
            {
                return Ok(Outcome::Done);
            }
        }
    }
}
