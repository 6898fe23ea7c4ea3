//! The settings that this module itself declares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Error, Setting, check};

/// One text in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerLocale(pub BTreeMap<String, String>);

impl PerLocale {
    /// In this language; else in its base language; else the first there is; else empty.
    pub fn get(&self, locale: &str) -> &str {
        let base = locale.split('-').next().unwrap_or(locale);
        self.0
            .get(locale)
            .or_else(|| self.0.get(base))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// With the text in one language.
    #[must_use]
    pub fn with(mut self, locale: &str, text: &str) -> PerLocale {
        self.0.insert(locale.to_owned(), text.to_owned());
        self
    }

    /// No text in any language?
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|t| t.trim().is_empty())
    }

    fn tidy(self, field: &'static str, max: usize) -> Result<PerLocale, Error> {
        let mut all = BTreeMap::new();
        for (locale, text) in self.0 {
            let text = text.trim().to_owned();
            if text.chars().count() > max {
                return Err(Error::invalid(field, format!("the text is longer than {max} characters")));
            }
            if !text.is_empty() {
                all.insert(check::locale(&locale)?, text);
            }
        }
        Ok(PerLocale(all))
    }
}

/// The look, as the theme's own settings type writes it (`theme::Settings`): kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ThemeSettings(pub serde_json::Map<String, serde_json::Value>);

impl Setting for ThemeSettings {
    const KEY: &'static str = "theme";
}

/// Whom mail about orders comes from. An empty address means the shop's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailSender {
    /// As readers see it; empty means the shop's name.
    pub name: String,
    /// The sender's address.
    pub address: String,
    /// Where answers go; empty means the sender's address.
    pub reply_to: String,
}

impl Setting for MailSender {
    const KEY: &'static str = "mail_sender";
    fn checked(self) -> Result<Self, Error> {
        Ok(MailSender {
            name: check::optional("name", &self.name, "The sender's name", 120)?,
            address: check::email("address", &self.address)?,
            reply_to: check::email("reply_to", &self.reply_to)?,
        })
    }
}

/// The line above the shop's header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Announcement {
    /// Shown at all?
    pub active: bool,
    /// What it says.
    pub text: PerLocale,
    /// A path of this shop it leads to; or empty.
    pub link: String,
}

impl Setting for Announcement {
    const KEY: &'static str = "announcement";
    fn checked(self) -> Result<Self, Error> {
        let text = self.text.tidy("text", 200)?;
        if self.active && text.is_empty() {
            return Err(Error::invalid("text", "an announcement that is shown needs a text"));
        }
        let link = if self.link.trim().is_empty() { String::new() } else { check::path("link", &self.link)? };
        Ok(Announcement { active: self.active, text, link })
    }
}

/// What the home page opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hero {
    /// The large line.
    pub title: PerLocale,
    /// The sentence under it.
    pub text: PerLocale,
    /// A picture, by its asset.
    pub image: Option<kernel::AssetId>,
    /// A path of this shop it leads to; or empty.
    pub link: String,
}

impl Setting for Hero {
    const KEY: &'static str = "hero";
    fn checked(self) -> Result<Self, Error> {
        let link = if self.link.trim().is_empty() { String::new() } else { check::path("link", &self.link)? };
        Ok(Hero {
            title: self.title.tidy("title", 120)?,
            text: self.text.tidy("text", 400)?,
            image: self.image,
            link,
        })
    }
}

/// A link at the end of every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FooterLink {
    /// As shown.
    pub name: String,
    /// A path of this shop, or an address that begins with `https://`.
    pub url: String,
}

/// Links in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinksPerLocale(pub BTreeMap<String, Vec<FooterLink>>);

impl LinksPerLocale {
    /// In this language; else in its base language; else the first there are; else none.
    pub fn get(&self, locale: &str) -> &[FooterLink] {
        let base = locale.split('-').next().unwrap_or(locale);
        self.0.get(locale).or_else(|| self.0.get(base)).or_else(|| self.0.values().next()).map_or(&[], |l| l)
    }

    fn tidy(self, field: &'static str) -> Result<LinksPerLocale, Error> {
        let mut all = BTreeMap::new();
        for (locale, links) in self.0 {
            let mut clean = vec![];
            for link in links {
                let name = check::text(field, &link.name, "A link's text", 60)?;
                clean.push(FooterLink { name, url: check::link(field, &link.url)? });
            }
            if clean.len() > 20 {
                return Err(Error::invalid(field, "at most 20 links"));
            }
            if !clean.is_empty() {
                all.insert(check::locale(&locale)?, clean);
            }
        }
        Ok(LinksPerLocale(all))
    }
}

/// Something the shop promises, beside an icon of the theme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Promise {
    /// One of [`Promise::ICONS`].
    pub icon: String,
    /// A few words.
    pub title: PerLocale,
    /// A sentence.
    pub text: PerLocale,
}

impl Promise {
    /// The icons that the theme has for it.
    pub const ICONS: [&'static str; 10] = [
        "truck",
        "rotate-ccw",
        "shield-check",
        "leaf",
        "clock",
        "badge-check",
        "credit-card",
        "mail",
        "map-pin",
        "package",
    ];
}

/// What stands around the shop's own content, beyond its name: at the end of every page, in the search box, and what it
/// promises on the home page. What is empty is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Footer {
    /// A sentence about the shop.
    pub text: PerLocale,
    /// Pages elsewhere, or of the shop.
    pub links: LinksPerLocale,
    /// Links that law demands: imprint, terms, privacy; shown beside the order button too.
    pub legal: LinksPerLocale,
    /// What the search box suggests.
    pub search_hint: PerLocale,
    /// Up to four.
    pub promises: Vec<Promise>,
}

impl Setting for Footer {
    const KEY: &'static str = "footer";
    fn checked(self) -> Result<Self, Error> {
        let mut promises = vec![];
        for promise in self.promises {
            let (title, text) = (promise.title.tidy("promises", 60)?, promise.text.tidy("promises", 160)?);
            if title.is_empty() && text.is_empty() {
                continue;
            }
            if title.is_empty() {
                return Err(Error::invalid("promises", "a promise needs its few words"));
            }
            if !Promise::ICONS.contains(&promise.icon.as_str()) {
                return Err(Error::invalid(
                    "promises",
                    format!("'{}' is no icon of the theme", promise.icon),
                ));
            }
            promises.push(Promise { icon: promise.icon, title, text });
        }
        if promises.len() > 4 {
            return Err(Error::invalid("promises", "at most four promises"));
        }
        Ok(Footer {
            text: self.text.tidy("footer", 300)?,
            links: self.links.tidy("links")?,
            legal: self.legal.tidy("legal")?,
            search_hint: self.search_hint.tidy("search_hint", 60)?,
            promises,
        })
    }
}

/// Which ways to pay the checkout offers, by the provider's name, in this order. `None` until chosen: then those
/// that the program offers by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentMethods {
    /// Names: `test`, `bank_transfer`, `cash_on_delivery`.
    pub enabled: Option<Vec<String>>,
}

impl Setting for PaymentMethods {
    const KEY: &'static str = "payment_methods";
}

/// Where a bank transfer goes: shown after the order and in its mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BankDetails {
    /// Whose account.
    pub holder: String,
    /// Checked by its check digits; or empty, where the country has none.
    pub iban: String,
    /// Or empty.
    pub bic: String,
    /// The bank's name; or empty.
    pub bank: String,
    /// What else to say: account and routing number, when to pay.
    pub text: PerLocale,
}

impl Setting for BankDetails {
    const KEY: &'static str = "bank_details";
    fn checked(self) -> Result<Self, Error> {
        let iban: String = self.iban.split_whitespace().collect::<String>().to_ascii_uppercase();
        if !iban.is_empty() && !is_iban(&iban) {
            return Err(Error::invalid(
                "iban",
                format!("'{}' is not an IBAN: its check digits do not fit", self.iban.trim()),
            ));
        }
        let bic = self.bic.trim().to_ascii_uppercase();
        let well = matches!(bic.len(), 0 | 8 | 11) && bic.bytes().all(|b| b.is_ascii_alphanumeric());
        if !well {
            return Err(Error::invalid(
                "bic",
                format!("'{bic}' is not a BIC: it has 8 or 11 letters and digits"),
            ));
        }
        Ok(BankDetails {
            holder: check::optional("holder", &self.holder, "The account's holder", 140)?,
            iban,
            bic,
            bank: check::optional("bank", &self.bank, "The bank's name", 140)?,
            text: self.text.tidy("text", 1000)?,
        })
    }
}

impl BankDetails {
    /// Nothing a shopper could pay to?
    pub fn is_empty(&self) -> bool {
        self.iban.is_empty() && self.text.is_empty()
    }

    /// The lines a shopper reads, empty ones left out; an IBAN in groups of four.
    pub fn lines(&self, locale: &str) -> Vec<String> {
        let iban = self.iban.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
        let named = |name: &str, value: &str| {
            if value.is_empty() { String::new() } else { format!("{name} {value}") }
        };
        let mut lines =
            vec![self.holder.clone(), named("IBAN", &iban), named("BIC", &self.bic), self.bank.clone()];
        lines.extend(self.text.get(locale).lines().map(|l| l.trim().to_owned()));
        lines.retain(|l| !l.is_empty());
        lines
    }
}

/// Do the check digits fit? Source: ISO 13616, modulo 97.
pub fn is_iban(iban: &str) -> bool {
    let shape = (15..=34).contains(&iban.len())
        && iban.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && iban.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && iban.bytes().skip(2).take(2).all(|b| b.is_ascii_digit());
    shape
        && iban.bytes().skip(4).chain(iban.bytes().take(4)).fold(0u32, |rest, b| match b {
            b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
            _ => (rest * 100 + u32::from(b - b'A') + 10) % 97,
        }) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_ibans() {
        assert!(
            is_iban("DE89370400440532013000")
                && is_iban("NL91ABNA0417164300")
                && is_iban("GB29NWBK60161331926819")
        );
        assert!(
            !is_iban("DE89370400440532013001")
                && !is_iban("")
                && !is_iban("DE")
                && !is_iban("de89370400440532013000")
        );
    }

    #[test]
    fn a_text_falls_back_to_what_there_is() {
        let text = PerLocale::default().with("de", "Hallo").with("pt", "Olá");
        assert_eq!(text.get("pt-BR"), "Olá");
        assert_eq!(text.get("en"), "Hallo");
        assert_eq!(PerLocale::default().get("en"), "");
    }

    #[test]
    fn an_iban_is_shown_in_fours() {
        let bank =
            BankDetails { holder: "Ada".into(), iban: "NL91ABNA0417164300".into(), ..BankDetails::default() };
        assert_eq!(bank.lines("en"), ["Ada", "IBAN NL91 ABNA 0417 1643 00"]);
    }
}
