use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency with its own number of minor digits (JPY 0, EUR 2, KWD 3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(iso_currency::Currency::EUR);

    /// From its three letters, any case. Source: ISO 4217.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] when ISO 4217 does not list it, or lists it without minor units (gold).
    pub fn new(code: &str) -> Result<Currency, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency { code: code.to_owned() };
        let currency =
            iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase()).ok_or_else(unknown)?;
        currency.exponent().ok_or_else(unknown)?;
        Ok(Currency(currency))
    }

    /// Three capital letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal digits a minor unit has.
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }

    /// How many minor units make one unit.
    pub fn minor_per_unit(self) -> i64 {
        10_i64.pow(self.exponent())
    }

    /// The sign shown before an amount: `€`; the code itself where a sign would be ambiguous.
    pub fn sign(self) -> &'static str {
        match self.code() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" => "¥",
            other => other,
        }
    }

    /// Every currency that has minor units, by code.
    pub fn all() -> impl Iterator<Item = Currency> {
        use iso_currency::IntoEnumIterator;
        iso_currency::Currency::iter().filter(|c| c.exponent().is_some()).map(Currency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(s: &str) -> Result<Self, MoneyError> {
        Currency::new(s)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let code = String::deserialize(d)?;
        Currency::new(&code).map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not in ISO 4217.
    #[error("'{code}' is not a currency code of ISO 4217, such as EUR or USD")]
    UnknownCurrency { code: String },
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added")]
    Mixed { left: Currency, right: Currency },
    /// More than fits 64 bits.
    #[error("the amount is too large")]
    TooLarge,
    /// Not an amount.
    #[error("'{text}' is not an amount of {currency}; write it as {example}")]
    NotAnAmount { text: String, currency: Currency, example: String },
}

/// An amount in integer minor units of its currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Money {
    /// In minor units (cents); may be negative.
    pub minor: i64,
    /// Which currency the minor units are of.
    pub currency: Currency,
}

impl Money {
    /// So many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// Adds.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::TooLarge`] past 64 bits.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// Subtracts.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// So many times the amount.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn times(self, n: i64) -> Result<Money, MoneyError> {
        Ok(Money { minor: self.minor.checked_mul(n).ok_or(MoneyError::TooLarge)?, ..self })
    }

    /// Splits into parts proportional to `weights` by largest remainder: the parts always sum to the whole,
    /// and equal weights differ by one minor unit at most. All weights zero: everything in the first part.
    pub fn split(self, weights: &[i64]) -> Vec<Money> {
        split_minor(self.minor, weights).into_iter().map(|minor| Money { minor, ..self }).collect()
    }

    /// Reads what a person types: `3.99`, `3,99`, `1.234,50`, `€ 3.99`; never through a float.
    ///
    /// # Errors
    /// [`MoneyError::NotAnAmount`] with an example, [`MoneyError::TooLarge`].
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let wrong = || MoneyError::NotAnAmount {
            text: text.to_owned(),
            currency,
            example: Money::new(1_999, currency).plain(),
        };
        let bare = text.trim().replace(currency.sign(), "").replace(currency.code(), "");
        let bare: String =
            bare.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\'').collect();
        let (negative, bare) = match bare.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest.to_owned()),
            None => (false, bare),
        };
        let digits = currency.exponent() as usize;
        let last = bare.rfind(['.', ',']);
        let (whole, part) = match last {
            Some(at) if is_decimal(&bare, at, digits).ok_or_else(wrong)? => (&bare[..at], &bare[at + 1..]),
            _ => (bare.as_str(), ""),
        };
        let whole = ungroup(whole).ok_or_else(wrong)?;
        // trailing zeros beyond the currency's digits are harmless ("3.990")
        let part = if part.len() > digits { part.trim_end_matches('0') } else { part };
        if part.len() > digits || (whole.is_empty() && part.is_empty()) {
            return Err(wrong());
        }
        let all = format!("{whole}{part:0<digits$}");
        if !all.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let minor: i64 = all.parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Money { minor: if negative { -minor } else { minor }, currency })
    }

    /// Digits with a point and no sign of currency, as files and forms carry it: `3.99`, `-0.05`, `1500` (JPY).
    pub fn plain(self) -> String {
        let digits = self.currency.exponent() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let abs = self.minor.unsigned_abs().to_string();
        if digits == 0 {
            return format!("{sign}{abs}");
        }
        let padded = format!("{abs:0>width$}", width = digits + 1);
        let (whole, part) = padded.split_at(padded.len() - digits);
        format!("{sign}{whole}.{part}")
    }

    /// As a reader of `locale` expects it: `€3.99` (en), `3,99 €` (de).
    pub fn shown(self, locale: &str) -> String {
        let plain = Money { minor: self.minor.saturating_abs(), ..self }.plain();
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let german = locale.starts_with("de");
        let (group, point) = if german { ('.', ",") } else { (',', ".") };
        let number = format!("{}{}{part}", grouped(whole, group), if part.is_empty() { "" } else { point });
        let sign = if self.minor < 0 { "−" } else { "" };
        let mark = self.currency.sign();
        if german {
            format!("{sign}{number}\u{a0}{mark}")
        } else if mark.len() == 3 && mark.is_ascii() {
            format!("{sign}{mark}\u{a0}{number}")
        } else {
            format!("{sign}{mark}{number}")
        }
    }

    fn same(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed { left: self.currency, right: other.currency })
        }
    }
}

impl std::ops::Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money { minor: -self.minor, ..self }
    }
}

impl fmt::Display for Money {
    /// `EUR 3.99`: for logs and messages; pages use [`Money::shown`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.plain())
    }
}

/// Is the lone or last separator at `at` a decimal one? `None` when nobody can tell: "1.234" is a thousand in
/// Berlin and a little over one in London, and Mercer does not guess about money.
fn is_decimal(text: &str, at: usize, digits: usize) -> Option<bool> {
    let sep = &text[at..=at];
    let after = text.len() - at - 1;
    let other_kind = text.contains(if sep == "." { "," } else { "." });
    if text.matches(sep).count() > 1 {
        return Some(false);
    }
    match (after, digits) {
        (3, 0) => Some(false),
        (3, 1 | 2) if !other_kind && !text.starts_with(['0', '.', ',']) => None,
        _ => Some(true),
    }
}

fn ungroup(whole: &str) -> Option<String> {
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default().to_owned();
    groups.try_fold(first, |all, group| (group.len() == 3).then(|| all + group))
}

fn grouped(whole: &str, mark: char) -> String {
    let mut out = String::with_capacity(whole.len() + whole.len() / 3);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(c);
    }
    out
}

pub(crate) fn split_minor(whole: i64, weights: &[i64]) -> Vec<i64> {
    assert!(weights.iter().all(|w| *w >= 0), "weights are not negative");
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if weights.is_empty() {
        return vec![];
    }
    if sum == 0 {
        let mut parts = vec![0; weights.len()];
        parts[0] = whole;
        return parts;
    }
    let share = |w: i64| i128::from(whole) * i128::from(w);
    // truncation towards zero, so that -x splits into exactly the negated parts of x
    let mut parts: Vec<i64> = weights
        .iter()
        .map(|w| i64::try_from(share(*w) / sum).expect("a share is no larger than the whole"))
        .collect();
    let mut left = whole - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse((share(weights[*i]) % sum).abs()), *i));
    for i in order {
        if left == 0 {
            break;
        }
        parts[i] += left.signum();
        left -= left.signum();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cur(code: &str) -> Currency {
        Currency::new(code).unwrap()
    }

    #[test]
    fn exponents_are_the_currencys_own() {
        assert_eq!((cur("JPY").exponent(), cur("eur").exponent(), cur("KWD").exponent()), (0, 2, 3));
        assert!(Currency::new("XAU").is_err() && Currency::new("ZZZ").is_err());
    }

    #[test]
    fn reads_what_people_type() {
        let eur = Currency::EUR;
        for (text, minor) in [
            ("3.99", 399),
            ("3,99", 399),
            ("€ 3.99", 399),
            ("1.234,50", 123_450),
            ("1,234.50", 123_450),
            ("-0.05", -5),
            ("7", 700),
            (".5", 50),
            ("0.990", 99),
            ("1,234.500", 123_450),
            ("12 EUR", 1200),
        ] {
            assert_eq!(Money::parse(text, eur), Ok(Money::new(minor, eur)), "{text}");
        }
        for text in ["", "abc", "1.2.3", "3.999", "1,23,4", "--1", "1e3", "3.990", "1,234"] {
            assert!(Money::parse(text, eur).is_err(), "{text}");
        }
        assert_eq!(Money::parse("1500", cur("JPY")).unwrap().minor, 1500);
        assert_eq!(Money::parse("1,500", cur("JPY")).unwrap().minor, 1500);
        assert_eq!(Money::parse("1.234", cur("KWD")).unwrap().minor, 1234);
    }

    #[test]
    fn shows_as_locales_expect() {
        let m = Money::new(-123_456, Currency::EUR);
        assert_eq!(
            (m.shown("en"), m.shown("de"), m.plain()),
            ("−€1,234.56".into(), "−1.234,56\u{a0}€".into(), "-1234.56".into())
        );
        assert_eq!(Money::new(5, cur("KWD")).plain(), "0.005");
        assert_eq!(Money::new(1500, cur("JPY")).shown("en"), "¥1,500");
    }

    #[test]
    fn split_loses_nothing() {
        assert_eq!(split_minor(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split_minor(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split_minor(7, &[0, 0]), [7, 0]);
        assert_eq!(split_minor(1, &[3, 5]), [0, 1]);
    }
}
