//! Net, tax and gross of a line: pure arithmetic in minor units, rounded once a line, half away from zero.

use kernel::{MoneyError, Rate, div_round};
use serde::{Deserialize, Serialize};

/// What a line comes to after its discount, in minor units. `gross_minor = net_minor + tax_minor`, always.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Line {
    /// Without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// With tax: what is paid.
    pub gross_minor: i64,
}

/// Calculates a line from the price of a piece as it was entered. `includes_tax` says which side that is, and the
/// discount is on the same side; it takes at most the whole line. Tax is rounded once, half away from zero.
///
/// With prices that include tax the gross side is kept whatever the rate: a shopper in a country with another rate
/// pays the same and the shop keeps another net. With prices without tax the net side is kept.
///
/// # Errors
/// [`MoneyError::TooLarge`] past 64 bits.
pub fn line(
    entered_minor: i64,
    quantity: i64,
    discount_minor: i64,
    rate: Rate,
    includes_tax: bool,
) -> Result<Line, MoneyError> {
    let whole = entered_minor.checked_mul(quantity).ok_or(MoneyError::TooLarge)?;
    let taken = if whole >= 0 { discount_minor.clamp(0, whole) } else { 0 };
    let entered = whole - taken;
    let ppm = i128::from(rate.as_ppm());
    let narrow = |v: i128| i64::try_from(v).map_err(|_| MoneyError::TooLarge);
    if includes_tax {
        let tax_minor = narrow(div_round(i128::from(entered) * ppm, 1_000_000 + ppm))?;
        Ok(Line { net_minor: entered - tax_minor, tax_minor, gross_minor: entered })
    } else {
        let tax_minor = narrow(div_round(i128::from(entered) * ppm, 1_000_000))?;
        let gross_minor = entered.checked_add(tax_minor).ok_or(MoneyError::TooLarge)?;
        Ok(Line { net_minor: entered, tax_minor, gross_minor })
    }
}

impl Line {
    /// Splits into parts proportional to `weights` (the pieces of a partial refund, of two parcels): gross by
    /// largest remainder, tax by its running share of it. The parts sum to the whole on every side, each has
    /// gross = net + tax, and none turns its sign.
    pub fn split(self, weights: &[i64]) -> Vec<Line> {
        let gross = kernel::Money::new(self.gross_minor, kernel::Currency::EUR).split(weights);
        let (mut run, mut told) = (0i128, 0i128);
        gross
            .into_iter()
            .map(|part| {
                run += i128::from(part.minor);
                // the share of the running sum, not of the part: so the last part meets the whole exactly
                let upto = match self.gross_minor {
                    0 => i128::from(self.tax_minor),
                    gross => div_round(i128::from(self.tax_minor) * run, i128::from(gross)),
                };
                let tax = upto - told;
                told = upto;
                let tax_minor = i64::try_from(tax).expect("a part is no larger than the whole");
                Line { net_minor: part.minor - tax_minor, tax_minor, gross_minor: part.minor }
            })
            .collect()
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] past 64 bits.
    pub fn plus(self, other: Line) -> Result<Line, MoneyError> {
        let add = |a: i64, b: i64| a.checked_add(b).ok_or(MoneyError::TooLarge);
        Ok(Line {
            net_minor: add(self.net_minor, other.net_minor)?,
            tax_minor: add(self.tax_minor, other.tax_minor)?,
            gross_minor: add(self.gross_minor, other.gross_minor)?,
        })
    }
}

impl std::ops::Neg for Line {
    type Output = Line;
    /// What goes back when all of it does.
    fn neg(self) -> Line {
        Line { net_minor: -self.net_minor, tax_minor: -self.tax_minor, gross_minor: -self.gross_minor }
    }
}

/// Spreads a discount over lines in proportion to what they cost before it (minor units, none below zero). The
/// parts sum to the discount (or to all lines, when it is larger), and none is larger than its line.
pub fn split_discount(discount_minor: i64, lines_minor: &[i64]) -> Vec<i64> {
    let whole = lines_minor.iter().fold(0i64, |sum, l| sum.saturating_add(*l));
    let taken = discount_minor.clamp(0, whole);
    kernel::Money::new(taken, kernel::Currency::EUR).split(lines_minor).into_iter().map(|m| m.minor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_cent() {
        let got = line(399, 3, 0, Rate::percent(9), true).unwrap();
        assert_eq!(got, Line { net_minor: 1098, tax_minor: 99, gross_minor: 1197 }); // 98.83
        let got = line(1000, 1, 100, Rate::percent(21), false).unwrap();
        assert_eq!(got, Line { net_minor: 900, tax_minor: 189, gross_minor: 1089 });
        // half away from zero: 21 % of 0.50 is 10.5 cents
        assert_eq!(line(50, 1, 0, Rate::percent(21), false).unwrap().tax_minor, 11);
        assert_eq!(line(50, 1, 900, Rate::percent(21), true).unwrap(), Line::default());
        assert!(line(i64::MAX, 2, 0, Rate::ZERO, true).is_err());
    }

    #[test]
    fn another_rate_keeps_the_gross() {
        let home = line(1210, 1, 0, Rate::percent(21), true).unwrap();
        let there = line(1210, 1, 0, Rate::percent(19), true).unwrap();
        assert_eq!((home.gross_minor, there.gross_minor), (1210, 1210));
        assert!(there.net_minor > home.net_minor);
    }

    #[test]
    fn parts_are_fair() {
        let whole = Line { net_minor: 100, tax_minor: 19, gross_minor: 119 };
        let parts = whole.split(&[1, 1, 1]);
        assert_eq!(parts.iter().map(|p| p.gross_minor).collect::<Vec<_>>(), [40, 40, 39]);
        assert_eq!(parts.iter().map(|p| p.tax_minor).sum::<i64>(), 19);
    }
}
