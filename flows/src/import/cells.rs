//! What a cell says. Never through a float.

use kernel::{Currency, Money, div_round};

/// Yes or no, in the words of both dialects.
pub(super) fn yes(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" | "continue" => Ok(true),
        "false" | "no" | "0" | "deny" => Ok(false),
        _ => Err(format!("'{text}' is neither TRUE nor FALSE")),
    }
}

/// An amount in minor units, not below zero.
pub(super) fn amount(text: &str, currency: Currency) -> Result<i64, String> {
    let money = Money::parse(text, currency).map_err(|e| e.to_string())?;
    if (0..=pricing::MAX_AMOUNT_MINOR).contains(&money.minor) {
        Ok(money.minor)
    } else {
        Err(format!("'{text}' is out of range for an amount"))
    }
}

/// A whole number; `5.0` is one.
pub(super) fn whole(text: &str) -> Result<i64, String> {
    let wrong = || format!("'{text}' is not a whole number");
    match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|b| b == b'0') => whole.parse().map_err(|_| wrong()),
        Some(_) => Err(wrong()),
        None => text.parse().map_err(|_| wrong()),
    }
}

/// Thousandths of a number that is not negative: `1.5` is 1500; what is finer is cut off.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = format!("{part:0<3}")[..3].parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(part)
}

/// The most that a weight may be: a thousand tonnes, so that lines still add up.
const HEAVIEST: i64 = 1_000_000_000;

/// A weight in grams, rounded to whole ones.
pub(super) fn grams(text: &str) -> Result<i64, String> {
    let found = thousandths(text).map(|t| div_round(i128::from(t), 1_000));
    match found.and_then(|g| i64::try_from(g).ok()).filter(|g| *g <= HEAVIEST) {
        Some(grams) => Ok(grams),
        None => Err(format!("'{text}' is not a weight in grams")),
    }
}

/// What a piece contains, in grams; `None` for what is not weighed (litres, metres, pieces).
pub(super) fn content(text: &str, unit: &str) -> Result<Option<i64>, String> {
    let milligrams: i128 = match unit.to_lowercase().as_str() {
        "mg" => 1,
        "g" => 1_000,
        "kg" => 1_000_000,
        "oz" => 28_350,
        "lb" => 453_592,
        _ => return Ok(None),
    };
    let amount = thousandths(text).ok_or_else(|| format!("'{text}' is not a measure"))?;
    let grams = div_round(i128::from(amount) * milligrams, 1_000_000);
    match i64::try_from(grams).ok().filter(|g| *g <= HEAVIEST) {
        Some(0) => Ok(None),
        Some(grams) => Ok(Some(grams)),
        None => Err(format!("'{text}' is too much")),
    }
}

/// `Apparel & Accessories > Clothing > Shirts` as names.
pub(super) fn path(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split('>').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
    if names.len() > 10 {
        return Err(format!("a category lies at most 10 levels deep, and this has {}", names.len()));
    }
    if let Some(long) = names.iter().find(|n| n.chars().count() > 255) {
        return Err(format!(
            "a category's name has at most 255 letters: '{}…'",
            long.chars().take(40).collect::<String>()
        ));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_to_the_last_digit() {
        assert_eq!(amount("19.99", Currency::EUR), Ok(1999));
        assert!(amount("-1", Currency::EUR).is_err() && amount("free", Currency::EUR).is_err());
        assert_eq!(whole("-3"), Ok(-3));
        assert_eq!(whole("5.0"), Ok(5));
        assert!(whole("5.5").is_err());
        assert_eq!(grams("0.0"), Ok(0));
        assert_eq!(grams("453.592"), Ok(454));
        assert!(grams("-1").is_err() && grams("1kg").is_err() && grams("99999999999999999999").is_err());
        assert_eq!(content("1.5", "kg"), Ok(Some(1500)));
        assert_eq!(content("330", "ml"), Ok(None));
        assert_eq!(path("A > B>C "), Ok(vec!["A".into(), "B".into(), "C".into()]));
        assert_eq!(yes("DENY"), Ok(false));
        assert!(yes("maybe").is_err());
    }
}
