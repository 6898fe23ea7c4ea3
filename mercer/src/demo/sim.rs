//! The days themselves: people order, staff pack, money comes, and now and then something goes wrong. Every step is
//! the process that a page would start, at its hour.

mod after;
mod buy;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use db::{Tx, Unit};
use fastrand::Rng;
use inventory::Reason;
use kernel::{Ctx, FixedClock, OrderId, ShipmentId, Timestamp};
use work::Runner;

use super::days::Plan;
use super::goods::Good;
use super::people::{self, Person};
use super::said;
use super::settings::Staff;
use crate::{Exit, Failure};

/// What happens at some moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// The grower comes.
    Delivery,
    /// Somebody orders.
    Order,
    /// A declined card is followed by another.
    Again { cart: kernel::CartId, version: i64 },
    /// Whatever was never paid lets go of its goods.
    LetGo,
    /// A transfer came.
    Paid { order: OrderId },
    /// The order is packed and leaves; the second time, what was left behind.
    Ship { order: OrderId, rest: bool },
    /// A parcel arrives.
    Deliver { order: OrderId, shipment: ShipmentId },
    /// Something was not as it should be.
    Refund { order: OrderId },
    /// The customer thinks better of it.
    Cancel { order: OrderId },
}

/// The simulator.
pub struct Sim {
    shop: flows::Shop,
    ctx: Ctx,
    clock: Arc<FixedClock>,
    runner: Runner,
    staff: Staff,
    goods: Vec<Good>,
    people: Vec<Person>,
    plan: Plan,
    rng: Rng,
    agenda: BinaryHeap<Reverse<(Timestamp, u64, Step)>>,
    written: u64,
    orders: u64,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

impl Sim {
    pub fn new(
        shop: flows::Shop,
        ctx: Ctx,
        clock: Arc<FixedClock>,
        runner: Runner,
        staff: Staff,
        goods: Vec<Good>,
        plan: Plan,
        seed: u64,
    ) -> Result<Sim, Failure> {
        let mut rng = Rng::with_seed(seed ^ 0x5eed);
        let people = people::all(&mut rng, plan.days)?;
        let agenda = BinaryHeap::new();
        Ok(Sim { shop, ctx, clock, runner, staff, goods, people, plan, rng, agenda, written: 0, orders: 0 })
    }

    fn note(&mut self, at: Timestamp, step: Step) {
        self.written += 1;
        self.agenda.push(Reverse((at, self.written, step)));
    }

    fn soon(&mut self, after: Duration, step: Step) {
        self.note(self.ctx.now().plus(after), step);
    }

    /// Lives through all of it; how many orders came in.
    ///
    /// # Errors
    /// A fault of the program.
    pub async fn run(&mut self) -> Result<u64, Failure> {
        for at in self.plan.orders() {
            self.note(at, Step::Order);
        }
        for day in 1..=self.plan.days {
            if self.plan.is_delivery(day) {
                self.note(self.plan.at(day, 5, 30, 0), Step::Delivery);
            }
        }
        while let Some(Reverse((at, _, step))) = self.agenda.pop() {
            if at >= self.plan.end {
                break;
            }
            self.clock.set(at.max(self.ctx.now()));
            self.step(step).await?;
            self.runner.run_due().await.map_err(said)?;
        }
        Ok(self.orders)
    }

    async fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Delivery => self.delivery().await,
            Step::Order => self.order().await,
            Step::Again { cart, version } => self.again(cart, version).await,
            Step::LetGo => flows::expire_holds(&self.shop, &self.ctx).await.map(drop).map_err(said),
            Step::Paid { order } => self.paid(order).await,
            Step::Ship { order, rest } => self.ship(order, rest).await,
            Step::Deliver { order, shipment } => self.deliver(order, shipment).await,
            Step::Refund { order } => self.refund(order).await,
            Step::Cancel { order } => self.cancel(order).await,
        }
    }

    fn who(&self, local: &str) -> Result<Ctx, Failure> {
        let none = || Failure::new(Exit::Internal, format!("nobody is hired as {local}"));
        self.staff.get(local).cloned().ok_or_else(none)
    }

    /// Brings every location up to its mark.
    async fn delivery(&mut self) -> Result<(), Failure> {
        let (ctx, goods) = (self.who("packing")?, self.goods.clone());
        let receive = async move |tx: &mut Tx| receive(tx, &ctx, &goods).await;
        self.shop.db.write(Unit::named("demo_delivery"), receive).await.map_err(said)
    }

    /// Nothing is perfect: at the end some goods are nearly or quite gone.
    ///
    /// # Errors
    /// A fault of the program.
    pub async fn close_up(&mut self) -> Result<(), Failure> {
        let (ctx, goods) = (self.who("packing")?, self.goods.clone());
        let lose = async move |tx: &mut Tx| {
            for (slug, left) in [("papaya", 0), ("red-grapefruit", 2), ("galia-melon", 3)] {
                if let Some(good) = goods.iter().find(|g| g.slug == slug) {
                    spoil(tx, &ctx, good, left).await?;
                }
            }
            Ok::<_, flows::Error>(())
        };
        self.shop.db.write(Unit::named("demo_spoilt"), lose).await.map_err(said)?;
        self.runner.run_due().await.map_err(said)?;
        Ok(())
    }
}

async fn receive(tx: &mut Tx, ctx: &Ctx, goods: &[Good]) -> Result<(), flows::Error> {
    let (read, write) = (ctx.permit()?, ctx.permit()?);
    for good in goods {
        let levels = inventory::levels(tx, &read, good.item).await?;
        for (location, mark) in &good.par {
            let here = levels.iter().find(|l| l.location == *location);
            let missing = mark - here.map_or(0, inventory::LevelRow::available);
            if missing * 3 > *mark {
                let reason = Reason::Received;
                inventory::adjust(tx, ctx, &write, good.item, *location, missing, reason, "Delivery").await?;
            }
        }
    }
    Ok(())
}

/// Leaves so many base units free.
async fn spoil(tx: &mut Tx, ctx: &Ctx, good: &Good, left: i64) -> Result<(), flows::Error> {
    let (read, write) = (ctx.permit()?, ctx.permit()?);
    let mut keep = left;
    let levels = inventory::levels(tx, &read, good.item).await?;
    for (location, _) in &good.par {
        let Some(level) = levels.iter().find(|l| l.location == *location) else { continue };
        let stays = keep.min(level.available());
        keep -= stays;
        let lost = level.available() - stays;
        if lost > 0 {
            let reason = Reason::Damaged;
            inventory::adjust(tx, ctx, &write, good.item, *location, -lost, reason, "Too ripe to sell")
                .await?;
        }
    }
    Ok(())
}
