use jiff::civil::Date;
use jiff::{ToSpan, Unit};

use crate::Error;

/// The longest period, in days: two years.
pub const MOST_DAYS: i64 = 731;

/// Some business days, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    from: Date,
    to: Date,
}

impl Period {
    /// From two days written as `2026-11-23`.
    ///
    /// # Errors
    /// [`Error::Day`], [`Error::Period`].
    pub fn new(from_day: &str, to_day: &str) -> Result<Period, Error> {
        let (from, to) = (day(from_day)?, day(to_day)?);
        let days = between(from, to) + 1;
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::Period { days });
        }
        Ok(Period { from, to })
    }

    /// The last `days` days up to and with `today`.
    ///
    /// # Errors
    /// As [`Period::new`].
    pub fn ending(today: &str, days: i64) -> Result<Period, Error> {
        let to = day(today)?;
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::Period { days });
        }
        Ok(Period { from: to.saturating_sub((days - 1).days()), to })
    }

    /// Its first day.
    pub fn from_day(&self) -> String {
        self.from.to_string()
    }

    /// Its last day.
    pub fn to_day(&self) -> String {
        self.to.to_string()
    }

    /// How many days.
    pub fn len(&self) -> i64 {
        between(self.from, self.to) + 1
    }

    /// Never: both ends are included.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// As many days right before.
    #[must_use]
    pub fn before(&self) -> Period {
        let days = self.len().days();
        Period { from: self.from.saturating_sub(days), to: self.to.saturating_sub(days) }
    }

    /// Each of its days in order.
    pub fn days(&self) -> impl Iterator<Item = String> {
        let from = self.from;
        (0..self.len()).map(move |n| from.saturating_add(n.days()).to_string())
    }
}

fn day(text: &str) -> Result<Date, Error> {
    // jiff reads more forms than the one that is stored and compared as text
    text.parse::<Date>().ok().filter(|d| d.to_string() == text).ok_or_else(|| Error::Day(text.to_owned()))
}

fn between(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(-1, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_is_as_long_and_ends_where_this_begins() {
        let period = Period::new("2026-02-27", "2026-03-02").unwrap();
        assert_eq!(period.len(), 4);
        assert_eq!(
            period.days().collect::<Vec<_>>(),
            ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]
        );
        assert_eq!(
            (period.before().from_day(), period.before().to_day()),
            ("2026-02-23".into(), "2026-02-26".into())
        );
        assert_eq!(Period::ending("2026-03-02", 4).unwrap(), period);
    }

    #[test]
    fn refuses_what_is_none() {
        assert!(matches!(Period::new("2026-03-02", "2026-03-01"), Err(Error::Period { days: 0 })));
        assert!(matches!(Period::new("2020-01-01", "2026-03-01"), Err(Error::Period { .. })));
        for odd in ["2026-02-30", "today", "20260302", "2026-3-2", ""] {
            assert!(matches!(Period::new(odd, "2026-03-01"), Err(Error::Day(_))), "{odd}");
        }
    }
}
