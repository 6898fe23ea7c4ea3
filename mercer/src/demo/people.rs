//! Who buys: plausible names from everywhere, some of them often.

use fastrand::Rng;
use kernel::Address;

use super::data::{self, Name, Street};
use crate::Failure;

/// Somebody who buys.
#[derive(Debug, Clone)]
pub struct Person {
    pub email: String,
    pub locale: &'static str,
    pub address: Address,
    /// How often, relative to the others.
    pub often: i64,
    /// The first day on which they might.
    pub from_day: i64,
}

/// Everybody.
///
/// # Errors
/// A fault of the demo's files.
pub fn all(rng: &mut Rng, days: i64) -> Result<Vec<Person>, Failure> {
    let (names, streets): (Vec<Name>, Vec<Street>) = (data::rows("people.csv")?, data::rows("streets.csv")?);
    let mut people = vec![];
    for round in 0..2 {
        for (i, name) in names.iter().enumerate() {
            // the second round: relatives and namesakes
            let full = if round == 0 { name.name.clone() } else { mixed(&names, i, name) };
            if people.iter().any(|p: &Person| p.address.name == full) {
                continue;
            }
            let here: Vec<&Street> = streets.iter().filter(|s| s.country == name.country).collect();
            let Some(street) = here.get(rng.usize(..here.len().max(1))) else { continue };
            people.push(person(rng, full, street, days));
        }
    }
    Ok(people)
}

fn mixed(names: &[Name], i: usize, name: &Name) -> String {
    let same: Vec<&Name> = names.iter().filter(|n| n.country == name.country).collect();
    let given = name.name.split(' ').next().unwrap_or_default();
    let family = same[(i * 7 + 3) % same.len()].name.split_once(' ').map_or("", |(_, family)| family);
    format!("{given} {family}")
}

fn person(rng: &mut Rng, name: String, street: &Street, days: i64) -> Person {
    let number = rng.u32(1..180);
    let line1 = if street.street.starts_with("Chaussée") {
        format!("{} {number}", street.street)
    } else {
        format!("{} {number}{}", street.street, ["", "", "", "a", "-2"][rng.usize(..5)])
    };
    let phone = match (street.country.as_str(), rng.bool()) {
        ("NL", true) => format!("+31 6 {:08}", rng.u32(10_000_000..60_000_000)),
        ("DE", true) => format!("+49 151 {:07}", rng.u32(1_000_000..9_999_999)),
        _ => String::new(),
    };
    let often = match rng.u32(..10) {
        0 => 9,
        1..=3 => 4,
        _ => 1,
    };
    Person {
        email: email(&name, rng),
        locale: if street.country == "DE" { "de" } else { "en" },
        address: Address {
            name,
            line1,
            postcode: street.postcode.clone(),
            city: street.city.clone(),
            country: street.country.clone(),
            phone,
            ..Address::default()
        },
        often,
        from_day: if rng.u32(..10) < 5 { 0 } else { rng.i64(0..days) },
    }
}

/// At a domain that is kept for examples, so that nobody is ever written to.
fn email(name: &str, rng: &mut Rng) -> String {
    let plain = name.replace('ı', "i").replace('\'', "");
    let local: String = catalog::slug_of(&plain).chars().filter(char::is_ascii).collect();
    let domain = ["example.com", "example.org", "example.net"][rng.usize(..3)];
    format!("{}@{domain}", local.replace('-', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_can_be_written_to() {
        let people = all(&mut Rng::with_seed(1), 90).unwrap();
        assert!(people.len() > 100, "{}", people.len());
        for p in &people {
            let wrong = customers::validate(&p.address, "en");
            assert!(wrong.is_empty(), "{p:?}: {wrong:?}");
            assert!(
                p.email.is_ascii() && !p.email.starts_with('@') && !p.email.contains(".."),
                "{}",
                p.email
            );
        }
        let mut emails: Vec<&str> = people.iter().map(|p| p.email.as_str()).collect();
        emails.sort_unstable();
        emails.dedup();
        assert_eq!(emails.len(), people.len());
    }
}
