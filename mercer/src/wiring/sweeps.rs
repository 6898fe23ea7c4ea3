use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Tx, Unit};
use kernel::Ctx;
use work::{Handler, Job, Outcome, TaskError};

use crate::Failure;

/// Carts that nobody touched this long are deleted.
const OLD_CART: Duration = Duration::from_secs(60 * 24 * 3_600);

/// What modules let go of after its time.
#[derive(Clone, Copy, Debug)]
pub enum Sweep {
    Sessions,
    Mails,
    Carts,
    Webhooks,
}

/// All of them; each has a schedule and a handler.
pub const SWEEPS: &[Sweep] = &[Sweep::Sessions, Sweep::Mails, Sweep::Carts, Sweep::Webhooks];

impl Sweep {
    /// The kind of task.
    pub fn kind(self) -> &'static str {
        match self {
            Sweep::Sessions => "access.expire_sessions",
            Sweep::Mails => "customers.expire_mails",
            Sweep::Carts => "checkout.sweep_carts",
            Sweep::Webhooks => "payments.expire_webhooks",
        }
    }

    /// A small portion; how many rows went.
    async fn some(self, tx: &mut Tx, ctx: &Ctx) -> Result<u64, Failure> {
        match self {
            Sweep::Sessions => access::expire_sessions(tx, ctx).await.map_err(|e| Failure::of(&e)),
            Sweep::Mails => customers::expire_mails(tx, ctx).await.map_err(|e| Failure::of(&e)),
            Sweep::Carts => checkout::sweep(tx, ctx.now().minus(OLD_CART)).await.map_err(|e| Failure::of(&e)),
            Sweep::Webhooks => payments::expire_webhooks(tx, ctx).await.map_err(|e| Failure::of(&e)),
        }
    }
}

/// Sweeps in small bulk units, until nothing is left.
pub struct Sweeper {
    /// Where.
    pub db: Db,
    /// What.
    pub sweep: Sweep,
}

#[async_trait]
impl Handler for Sweeper {
    async fn run(&self, ctx: &Ctx, _: &Job) -> Result<Outcome, TaskError> {
        loop {
            let (sweep, ctx) = (self.sweep, ctx.clone());
            let unit = Unit::named("sweep").read_committed().bulk();
            if self.db.write(unit, async move |tx: &mut Tx| sweep.some(tx, &ctx).await).await? == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}
