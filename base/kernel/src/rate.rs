use serde::{Deserialize, Serialize};
use std::fmt;

use crate::div_round;

/// A proportion in parts per million: 19 % is 190 000. Never a float.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(i64);

impl Rate {
    /// No share at all.
    pub const ZERO: Rate = Rate(0);

    /// From parts per million.
    pub const fn ppm(ppm: i64) -> Rate {
        Rate(ppm)
    }

    /// From whole percent: `Rate::percent(19)`.
    pub const fn percent(percent: i64) -> Rate {
        Rate(percent * 10_000)
    }

    /// In parts per million.
    pub const fn as_ppm(self) -> i64 {
        self.0
    }

    /// The share of `minor` units, rounded half away from zero.
    pub fn of(self, minor: i64) -> i64 {
        clamp(div_round(i128::from(minor) * i128::from(self.0), 1_000_000))
    }

    /// The part of a gross amount (minor units) that is this rate's tax, where gross includes it.
    pub fn within(self, gross_minor: i64) -> i64 {
        clamp(div_round(i128::from(gross_minor) * i128::from(self.0), 1_000_000 + i128::from(self.0)))
    }

    /// Reads "19", "5.5" or "5,5" as percent; at most four decimals.
    pub fn parse_percent(text: &str) -> Option<Rate> {
        let text = text.trim().trim_end_matches('%').trim().replace(',', ".");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        if part.len() > 4 || whole.is_empty() || !format!("{whole}{part}").bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let scaled: i64 = format!("{part:0<4}").parse().ok()?;
        whole.checked_mul(10_000)?.checked_add(scaled).map(Rate)
    }
}

fn clamp(v: i128) -> i64 {
    i64::try_from(v).expect("a share of an i64 amount below 100 % fits i64")
}

impl fmt::Display for Rate {
    /// As percent without needless zeros: `19`, `5.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, (self.0 % 10_000).abs());
        if part == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{whole}.{}", format!("{part:04}").trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn tax_within_and_on_top() {
        assert_eq!(Rate::percent(19).of(10_000), 1_900);
        assert_eq!(Rate::percent(19).within(11_900), 1_900);
        assert_eq!(Rate::percent(7).within(399), 26); // 26.10
        assert_eq!(Rate::parse_percent("5,5"), Some(Rate::ppm(55_000)));
        assert_eq!(Rate::parse_percent("x"), None);
        assert_eq!(Rate::ppm(55_000).to_string(), "5.5");
    }
}
