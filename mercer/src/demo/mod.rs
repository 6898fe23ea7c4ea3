//! The demo's shop: a grocer with goods, staff and ninety days behind it, all made through the real processes.

mod data;
mod days;
mod goods;
mod people;
mod settings;
mod sim;

use std::path::Path;
use std::sync::Arc;

use db::{Db, Target, Tx};
use flows::SetUp;
use kernel::{Clock, Ctx, Currency, FixedClock, OsEntropy, Rate, SystemClock};

use crate::{Exit, Failure, Outside, wiring};

/// What every member of staff signs in with.
pub const PASSWORD: &str = "fresh-every-day";
/// How many days lie behind the shop.
pub const DAYS: i64 = 90;
/// The simulator's seed: the same days for everybody.
const SEED: u64 = 20_260_302;
const TIME_ZONE: &str = "Europe/Amsterdam";

/// Who works in the demo's shop: name, what is before `@marrow.example`, role.
pub const STAFF: &[(&str, &str, access::BuiltIn)] = &[
    ("Marieke de Wit", "owner", access::BuiltIn::Owner),
    ("Idris Haddou", "manager", access::BuiltIn::Manager),
    ("Joris Blom", "packing", access::BuiltIn::Fulfilment),
    ("Nadia Kowalska", "support", access::BuiltIn::Support),
    ("Hugo Brandt", "catalogue", access::BuiltIn::Catalogue),
    ("Mei Tan", "analyst", access::BuiltIn::Analyst),
];

/// Somebody's sign-in.
pub fn email(local: &str) -> String {
    format!("{local}@marrow.example")
}

pub(crate) fn said(error: impl kernel::Fault) -> Failure {
    Failure::of(&error)
}

/// Makes the shop in an empty folder. Its days are lived in a throw-away file whose commits nobody waits for; what
/// came of them is then copied, whole, to where the shop is opened. How many orders came in.
///
/// # Errors
/// The folder's, the database's; a process that refuses what the simulator asks is a fault of the program.
pub async fn make(dir: &Path, public_url: &str, days: i64) -> Result<u64, Failure> {
    let draft = dir.join("draft.db");
    let orders = live(dir, &draft, public_url, days).await?;
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(draft.with_extension(ending)); // one that is left does no harm
    }
    Ok(orders)
}

async fn live(dir: &Path, draft: &Path, public_url: &str, days: i64) -> Result<u64, Failure> {
    let db = Db::open_relaxed(&Target::File(draft.to_owned()))
        .await?
        .with(Arc::new(wiring::subscribers()))
        .with(Arc::new(work::Waker::default()));
    let now = SystemClock.now();
    let plan = days::Plan::new(now, days, TIME_ZONE, SEED);
    let clock = Arc::new(FixedClock::new(plan.opening));
    db::migrate(&db, &wiring::migrations(), plan.opening).await?;

    // the bank lives through the same days
    let outside = Outside::open(dir, None, public_url, false).await?.with_bank(dir, clock.clone()).await?;

    let (store, _) = flows::set_up(&db, clock.clone(), Arc::new(OsEntropy), first()).await.map_err(said)?;
    let ctx = Ctx::with(Arc::new(store), clock.clone(), Arc::new(OsEntropy));
    let store = settings::furnish(&db, &ctx).await?;
    let ctx = ctx.in_store(Arc::new(store));
    let goods = goods::stock(&db, &ctx, &outside.vault).await?;
    let staff = settings::staff(&db, &ctx).await?;

    let shop = outside.flows(&db);
    let runner = work::Runner::new(db.clone(), ctx.clone(), wiring::handlers(&db, &outside), vec![]);
    let mut sim = sim::Sim::new(shop, ctx, clock.clone(), runner, staff, goods, plan, SEED)?;
    let orders = sim.run().await?;
    clock.set(SystemClock.now());
    sim.close_up().await?;
    while work::audit::seal(&db).await.map_err(said)? > 0 {}
    finished(&db, dir).await?;
    Ok(orders)
}

async fn finished(db: &Db, dir: &Path) -> Result<(), Failure> {
    let open: i64 = db
        .read(async |tx: &mut Tx| {
            tx.value(db::sql!("select cast(count(*) as bigint) from task where state = 'dead'"), &[]).await
        })
        .await?;
    if open > 0 {
        return Err(Failure::new(Exit::Internal, format!("{open} tasks of the demo's days failed")));
    }
    let path = dir.join("mercer.db");
    db.copy_into(&path).await?;
    std::fs::File::open(&path).and_then(|f| f.sync_all()).map_err(|e| Failure::io(&path, &e))
}

fn first() -> SetUp {
    let (name, local, _) = STAFF[0];
    SetUp {
        shop_name: "Marrow".to_owned(),
        owner_name: name.to_owned(),
        owner_email: email(local),
        password: PASSWORD.to_owned(),
        country: "NL".to_owned(),
        currency: Currency::EUR,
        time_zone: TIME_ZONE.to_owned(),
        prices_include_tax: true,
        locales: vec!["en".to_owned(), "de".to_owned()],
        tax: Some(("VAT 21 %".to_owned(), Rate::percent(21))),
        test_payments: true,
    }
}
