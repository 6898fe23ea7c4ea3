//! Rules of single fields, each saying what to write instead.

use crate::Error;

pub(crate) fn name(value: &str) -> Result<String, Error> {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match value.chars().count() {
        0 => Err(Error::invalid("name", "the name is missing")),
        1..=120 if !value.chars().any(char::is_control) => Ok(value),
        1..=120 => Err(Error::invalid("name", "the name holds a control character")),
        _ => Err(Error::invalid("name", "the name is longer than 120 characters")),
    }
}

pub(crate) fn email(value: &str) -> Result<String, Error> {
    let value = value.trim();
    let well = value.len() <= 254
        && !value.contains(char::is_whitespace)
        && !value.contains(['<', '>', ',', ';', '"'])
        && value.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.split('.').count() > 1
                && domain.split('.').all(|p| !p.is_empty())
        });
    if well {
        Ok(value.to_owned())
    } else {
        Err(Error::invalid("email", format!("'{value}' is not an e-mail address, such as ada@example.com")))
    }
}

/// What makes two addresses the same person's.
pub(crate) fn email_key(value: &str) -> String {
    value.trim().to_lowercase()
}

pub(crate) fn locale(value: &str) -> Result<String, Error> {
    let (language, region) = value.split_once('-').unwrap_or((value, "XX"));
    let well = language.len() == 2
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.len() == 2
        && region.bytes().all(|b| b.is_ascii_uppercase());
    if well {
        Ok(value.to_owned())
    } else {
        Err(Error::invalid("locale", format!("'{value}' is not a language, such as en")))
    }
}

/// The first so many characters.
pub(crate) fn cut(value: &str, max: usize) -> String {
    value.chars().filter(|c| !c.is_control()).take(max).collect()
}
