//! Rules of single fields.

use crate::Error;

/// `somebody@somewhere.tld`, trimmed.
pub(crate) fn email(field: &'static str, value: &str) -> Result<String, Error> {
    let value = value.trim();
    let well = value.len() <= 254
        && !value.contains(char::is_whitespace)
        && !value.contains(char::is_control)
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
        Err(Error::invalid(field, format!("'{value}' is not an e-mail address, such as ada@example.com")))
    }
}

/// What makes two addresses the same person's.
pub(crate) fn email_key(value: &str) -> String {
    value.trim().to_lowercase()
}

/// One line: white space joined, control characters gone, at most so many characters.
pub(crate) fn line(value: &str, max: usize) -> String {
    value
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(max)
        .collect()
}

/// A pattern for `like … escape '!'` that finds `value` anywhere, in lower case.
pub(crate) fn anywhere(value: &str) -> String {
    containing(&value.trim().to_lowercase())
}

/// A pattern for `like … escape '!'` that finds these very letters anywhere.
pub(crate) fn containing(value: &str) -> String {
    let mut out = String::from("%");
    for c in value.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}
