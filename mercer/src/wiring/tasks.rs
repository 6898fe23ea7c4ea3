use std::sync::Arc;

use adapters::payment::test_bank;
use async_trait::async_trait;
use db::Db;
use kernel::Ctx;
use work::{Handler, Job, Outcome, TaskError};

use super::outside::Outside;
use super::sweeps::{SWEEPS, Sweeper};

/// Which code does which kind of task.
pub fn handlers(db: &Db, outside: &Outside) -> Vec<(&'static str, Arc<dyn Handler>)> {
    let mut all: Vec<(&'static str, Arc<dyn Handler>)> = vec![
        (work::audit::SEAL, Arc::new(Seal(db.clone()))),
        (work::EXPIRE, Arc::new(Expire(db.clone()))),
        (customers::SEND_MAIL, Arc::new(customers::SendMail::new(db.clone(), outside.mailer.clone()))),
    ];
    let fetch =
        assets::Fetch { db: db.clone(), vault: outside.vault.clone(), fetcher: outside.fetcher.clone() };
    all.push((assets::FETCH, Arc::new(fetch)));
    let import = flows::import::RunTask { db: db.clone(), vault: outside.vault.clone() };
    all.push((flows::import::RUN, Arc::new(import)));
    all.push((flows::import::EXPIRE, Arc::new(flows::import::ExpireTask(outside.vault.clone()))));
    let shop = outside.flows(db);
    all.extend(flows::tasks::handlers(&shop));
    if let Some(bank) = &outside.bank {
        all.push((test_bank::WEBHOOKS, Arc::new(test_bank::WebhooksTask(shop, bank.clone()))));
    }
    for sweep in SWEEPS {
        all.push((sweep.kind(), Arc::new(Sweeper { db: db.clone(), sweep: *sweep })));
    }
    all
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
