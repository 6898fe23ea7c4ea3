//! When people order: a weekly rhythm, evenings more than mornings, and a shop that grows.

use std::time::Duration;

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// The days to be lived through.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Before the first day.
    pub opening: Timestamp,
    /// Now.
    pub end: Timestamp,
    /// How many days.
    pub days: i64,
    first: Date,
    zone: TimeZone,
    seed: u64,
}

/// Orders on a day, in tenths, from Monday.
const WEEK: [i64; 7] = [52, 44, 46, 58, 72, 60, 38];
/// How many of a hundred orders come at which hour, from 0.
const HOURS: [u32; 24] = [1, 0, 0, 0, 0, 0, 1, 3, 5, 6, 6, 6, 6, 4, 4, 4, 5, 7, 8, 9, 10, 8, 5, 2];

impl Plan {
    pub fn new(end: Timestamp, days: i64, zone: &str, seed: u64) -> Plan {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let today = end.jiff().to_zoned(zone.clone()).date();
        let first = today.saturating_sub(days.days());
        let plan = Plan { opening: end, end, days, first, zone, seed };
        Plan { opening: plan.at(0, 5, 0, 0), ..plan }
    }

    /// A moment of a day.
    pub fn at(&self, day: i64, hour: i8, minute: i8, second: i8) -> Timestamp {
        let date = self.date(day).at(hour, minute, second, 0);
        // an hour that the clocks skip becomes the one after it
        let micros = date.to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_microsecond());
        Timestamp(micros)
    }

    fn date(&self, day: i64) -> Date {
        self.first.saturating_add(day.days())
    }

    /// Which day a moment lies on, 0 the first.
    pub fn day_of(&self, at: Timestamp) -> i64 {
        let date = at.jiff().to_zoned(self.zone.clone()).date();
        (date - self.first).get_days().into()
    }

    /// Is somebody in the packing room?
    pub fn is_open(&self, day: i64) -> bool {
        self.date(day).weekday() != Weekday::Sunday
    }

    /// Does the grower come?
    pub fn is_delivery(&self, day: i64) -> bool {
        matches!(self.date(day).weekday(), Weekday::Monday | Weekday::Wednesday | Weekday::Friday)
    }

    /// When orders come in, the first first.
    pub fn orders(&self) -> Vec<Timestamp> {
        let mut rng = Rng::with_seed(self.seed);
        let mut all = vec![];
        for day in 0..=self.days {
            let weekday = self.date(day).weekday().to_monday_zero_offset();
            let usual = WEEK[usize::try_from(weekday).unwrap_or(0)];
            let growth = 800 + 500 * day / self.days.max(1);
            let chance = rng.i64(700..1300);
            let tenths = usual * growth / 1000 * chance / 1000;
            let count = tenths / 10 + i64::from(rng.i64(0..10) < tenths % 10);
            for _ in 0..count {
                all.push(self.at(day, hour(&mut rng), rng.i8(0..60), rng.i8(0..60)));
            }
        }
        all.retain(|at| *at < self.end);
        // however early it is: somebody has ordered already, so that there is something to pack
        all.extend([9, 52, 137].map(|minutes| self.end.minus(Duration::from_secs(minutes * 60))));
        all.sort_unstable();
        all
    }
}

fn hour(rng: &mut Rng) -> i8 {
    let mut left = rng.u32(..HOURS.iter().sum::<u32>());
    for (hour, weight) in (0i8..).zip(HOURS) {
        if left < weight {
            return hour;
        }
        left -= weight;
    }
    12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plausible_quarter() {
        let end = Timestamp(1_795_445_280_000_000);
        let plan = Plan::new(end, 90, "Europe/Amsterdam", 1);
        let orders = plan.orders();
        assert!((400..=620).contains(&orders.len()), "{} orders", orders.len());
        assert!(orders.windows(2).all(|w| w[0] <= w[1]) && orders.iter().all(|t| *t < end));
        assert_eq!((plan.day_of(plan.opening), plan.day_of(end)), (0, 90));
        assert_eq!(plan.orders(), orders, "the same seed gives the same days");
        let fridays =
            orders.iter().filter(|t| plan.date(plan.day_of(**t)).weekday() == Weekday::Friday).count();
        let sundays = orders.iter().filter(|t| !plan.is_open(plan.day_of(**t))).count();
        assert!(fridays > sundays);
    }
}
