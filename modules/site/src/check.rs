//! Rules of single fields, each saying what to write instead.

use crate::Error;

/// Trimmed, not empty, not endless, no control characters.
pub(crate) fn text(field: &'static str, value: &str, label: &str, max: usize) -> Result<String, Error> {
    let value = optional(field, value, label, max)?;
    if value.is_empty() {
        return Err(Error::invalid(field, format!("{label} is missing")));
    }
    Ok(value)
}

/// As [`text`], but may be empty.
pub(crate) fn optional(field: &'static str, value: &str, label: &str, max: usize) -> Result<String, Error> {
    let value = value.trim();
    if value.chars().count() > max {
        return Err(Error::invalid(field, format!("{label} is longer than {max} characters")));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            format!("{label} holds a line break or another control character"),
        ));
    }
    Ok(value.to_owned())
}

/// Empty, or `somebody@somewhere.tld`.
pub(crate) fn email(field: &'static str, value: &str) -> Result<String, Error> {
    let value = optional(field, value, "The e-mail address", 254)?;
    let well = value.is_empty()
        || value.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && domain.split('.').all(|part| !part.is_empty())
                && !value.contains(char::is_whitespace)
                && !value.contains(['<', '>', ',', ';', '"'])
                && !domain.contains('@')
        });
    if well {
        Ok(value)
    } else {
        Err(Error::invalid(field, format!("'{value}' is not an e-mail address, such as shop@example.com")))
    }
}

/// An IANA time zone.
pub(crate) fn time_zone(value: &str) -> Result<String, Error> {
    jiff::tz::TimeZone::get(value.trim()).map(|_| value.trim().to_owned()).map_err(|_| {
        Error::invalid("time_zone", format!("'{value}' is not a time zone, such as Europe/Berlin"))
    })
}

/// ISO 3166-1 alpha-2 in shape.
pub(crate) fn country(value: &str) -> Result<String, Error> {
    let code = value.trim().to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(Error::invalid(
            "country",
            format!("'{value}' is not a country's code of two letters, such as DE"),
        ))
    }
}

/// `en`, `de`, `pt-BR`.
pub(crate) fn locale(value: &str) -> Result<String, Error> {
    let (language, region) = value.trim().split_once('-').unwrap_or((value.trim(), ""));
    let well = (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && (region.is_empty() || (region.len() == 2 && region.bytes().all(|b| b.is_ascii_uppercase())))
        && value.trim().ends_with(|c: char| c != '-');
    if well {
        Ok(value.trim().to_owned())
    } else {
        Err(Error::invalid("locales", format!("'{value}' is not a language, such as en or pt-BR")))
    }
}

/// A path of this shop: `/old-shoes`, without an address before it.
pub(crate) fn path(field: &'static str, value: &str) -> Result<String, Error> {
    let value = optional(field, value, "The path", 500)?;
    let well = value.starts_with('/') && !value.starts_with("//") && !value.contains(['\\', ' ', '#']);
    if !well {
        return Err(Error::invalid(
            field,
            format!("'{value}' is not a path of this shop; it begins with one '/', such as /sale"),
        ));
    }
    Ok(if value.len() > 1 { value.trim_end_matches('/').to_owned() } else { value })
}

/// A path of this shop, or another site's address; nothing a browser would run.
pub(crate) fn link(field: &'static str, value: &str) -> Result<String, Error> {
    let value = optional(field, value, "The address", 500)?;
    if value.starts_with('/') {
        return path(field, &value);
    }
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let well = rest.is_some_and(|r| {
        r.starts_with(|c: char| c.is_alphanumeric()) && !r.contains([' ', '"', '<', '>', '\\'])
    });
    if well {
        Ok(value)
    } else {
        let message = format!("'{value}' is no link; it begins with '/' or https://");
        Err(Error::invalid(field, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_have_a_shape() {
        for good in ["en", "de", "pt-BR", " nl "] {
            assert!(locale(good).is_ok(), "{good}");
        }
        for bad in ["", "EN", "english", "pt-br", "pt-", "x", "pt-BRA"] {
            assert!(locale(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_stay_in_the_shop() {
        assert_eq!(path("f", "/a/b/").unwrap(), "/a/b");
        assert_eq!(path("f", "/").unwrap(), "/");
        for bad in ["", "a", "//evil.example", "/\\evil.example", "https://evil.example", "/a b"] {
            assert!(path("f", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn links_stay_or_lead_to_another_site() {
        assert_eq!(link("f", " /terms/ ").unwrap(), "/terms");
        assert_eq!(link("f", "https://a.example/x?y#z").unwrap(), "https://a.example/x?y#z");
        for bad in ["", "terms", "//evil.example", "javascript:alert(1)", "https://", "https:// x", "data:x"]
        {
            assert!(link("f", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn emails_have_a_shape() {
        assert!(email("e", "").is_ok() && email("e", "a@b.co").is_ok());
        for bad in ["a", "a@b", "a@.co", "a b@c.de", "a@b@c.de", "x <a@b.de>", "a@b..de"] {
            assert!(email("e", bad).is_err(), "{bad}");
        }
    }
}
