//! A way to ship and its rules: pure.

use std::collections::BTreeMap;

use kernel::{Currency, ShippingMethodId, ShippingZoneId};
use serde::{Deserialize, Serialize};

use crate::Error;

kernel::states! {
    /// How the price is found.
    pub enum Kind {
        /// The same for every parcel.
        Flat = "flat",
        /// By the weight of all goods.
        Weight = "weight",
    }
}
db::words!(Kind);

/// A text in several languages, by locale: `{"en": "Parcel", "de": "Paket"}`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub BTreeMap<String, String>);

impl Words {
    /// From pairs of locale and text.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Words {
        Words(pairs.into_iter().map(|(l, t)| (l.to_owned(), t.to_owned())).collect())
    }

    /// In the reader's language; else English, else whichever there is; else empty.
    pub fn get(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or(locale);
        [locale, language, "en"]
            .into_iter()
            .find_map(|l| self.0.get(l))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    fn trimmed(self) -> Words {
        Words(
            self.0
                .into_iter()
                .map(|(l, t)| (l, t.trim().to_owned()))
                .filter(|(_, t)| !t.is_empty())
                .collect(),
        )
    }
}

/// A step of a price by weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Band {
    /// Up to this weight, inclusive, in grams.
    pub up_to_grams: i64,
    /// In minor units.
    pub amount_minor: i64,
}

/// A way to ship as staff enter it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMethod {
    /// As shoppers see it.
    pub name: Words,
    /// A line below it; may be empty.
    pub description: Words,
    /// Its place among the zone's methods, lowest first.
    pub position: i64,
    /// How the price is found.
    pub kind: Kind,
    /// What a flat method costs, in minor units of the store's currency, with or without tax as the store enters
    /// prices.
    pub amount_minor: i64,
    /// What a method by weight costs; above the last weight it is not offered.
    pub bands: Vec<Band>,
    /// Nothing to pay from this worth of goods on (gross, minor units).
    pub free_from_minor: Option<i64>,
    /// Working days until delivery, at least.
    pub min_days: Option<i64>,
    /// Working days until delivery, at most.
    pub max_days: Option<i64>,
    /// Which rate of tax falls on it.
    pub tax_category: String,
    /// Is it offered?
    pub active: bool,
}

impl NewMethod {
    /// A flat method under an English name.
    pub fn flat(name: &str, amount_minor: i64) -> NewMethod {
        NewMethod {
            name: Words::new([("en", name)]),
            description: Words::default(),
            position: 0,
            kind: Kind::Flat,
            amount_minor,
            bands: vec![],
            free_from_minor: None,
            min_days: None,
            max_days: None,
            tax_category: "standard".to_owned(),
            active: true,
        }
    }

    pub(crate) fn checked(self) -> Result<NewMethod, Error> {
        let name = self.name.trimmed();
        if name.0.is_empty() {
            return Err(Error::NameMissing);
        }
        amount("amount", self.amount_minor)?;
        if let Some(from) = self.free_from_minor {
            amount("free_from", from)?;
        }
        let bands = match self.kind {
            Kind::Flat => vec![],
            Kind::Weight => bands(self.bands)?,
        };
        let (low, high) = (self.min_days.unwrap_or(0), self.max_days.unwrap_or(365));
        if !(0 <= low && low <= high && high <= 365) {
            return Err(Error::Days);
        }
        let tax_category = match self.tax_category.trim() {
            "" => "standard".to_owned(),
            category => category.to_lowercase(),
        };
        Ok(NewMethod { name, description: self.description.trimmed(), bands, tax_category, ..self })
    }
}

fn bands(bands: Vec<Band>) -> Result<Vec<Band>, Error> {
    if bands.is_empty() {
        return Err(Error::BandsMissing);
    }
    let mut below = 0;
    for band in &bands {
        if band.up_to_grams <= below {
            return Err(Error::BandsOrder);
        }
        below = band.up_to_grams;
        amount("bands", band.amount_minor)?;
    }
    Ok(bands)
}

fn amount(field: &'static str, minor: i64) -> Result<(), Error> {
    if (0..=1_000_000_000_000).contains(&minor) { Ok(()) } else { Err(Error::Amount { field }) }
}

/// A way to ship.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Method {
    /// Its id.
    pub id: ShippingMethodId,
    /// Where it is offered.
    pub zone: ShippingZoneId,
    /// Of its amounts.
    pub currency: Currency,
    /// The rest, as staff entered it.
    pub is: NewMethod,
}

impl Method {
    /// What it costs for goods of this weight and worth (gross, minor units); `None` where it cannot be used.
    pub fn price(&self, weight_grams: i64, goods_gross_minor: i64) -> Option<i64> {
        let price = match self.is.kind {
            Kind::Flat => self.is.amount_minor,
            Kind::Weight => self.is.bands.iter().find(|b| weight_grams <= b.up_to_grams)?.amount_minor,
        };
        let free = self.is.free_from_minor.is_some_and(|from| goods_gross_minor >= from);
        Some(if free { 0 } else { price })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn method(is: NewMethod) -> Method {
        Method { id: Id::compose(1, [0; 8]), zone: Id::compose(2, [0; 8]), currency: Currency::EUR, is }
    }

    #[test]
    fn by_weight_up_to_the_last_band() {
        let band = |up_to_grams, amount_minor| Band { up_to_grams, amount_minor };
        let m = method(NewMethod {
            kind: Kind::Weight,
            bands: vec![band(2_000, 490), band(10_000, 790)],
            free_from_minor: Some(5_000),
            ..NewMethod::flat("Parcel", 0)
        });
        for (grams, goods, want) in [
            (0, 0, Some(490)),
            (2_000, 4_999, Some(490)),
            (2_001, 0, Some(790)),
            (10_000, 5_000, Some(0)),
            (10_001, 9_999, None),
        ] {
            assert_eq!(m.price(grams, goods), want, "{grams} g, {goods}");
        }
    }

    #[test]
    fn wrong_methods_are_refused() {
        let good = NewMethod::flat("Parcel", 490);
        let weight = NewMethod { kind: Kind::Weight, ..good.clone() };
        let band = |up_to_grams, amount_minor| Band { up_to_grams, amount_minor };
        for wrong in [
            NewMethod { name: Words::new([("en", " ")]), ..good.clone() },
            NewMethod { amount_minor: -1, ..good.clone() },
            NewMethod { free_from_minor: Some(-1), ..good.clone() },
            NewMethod { min_days: Some(3), max_days: Some(2), ..good.clone() },
            NewMethod { bands: vec![], ..weight.clone() },
            NewMethod { bands: vec![band(5, 1), band(5, 2)], ..weight.clone() },
            NewMethod { bands: vec![band(5, -1)], ..weight },
        ] {
            assert!(wrong.clone().checked().is_err(), "{wrong:?}");
        }
        assert_eq!(
            NewMethod { tax_category: " Books ".into(), ..good }.checked().unwrap().tax_category,
            "books"
        );
    }

    #[test]
    fn words_fall_back() {
        let words = Words::new([("de", "Paket"), ("en", "Parcel")]);
        assert_eq!((words.get("de-AT"), words.get("fr"), words.get("en")), ("Paket", "Parcel", "Parcel"));
        assert_eq!(Words::new([("nl", "Pakket")]).get("fr"), "Pakket");
        assert_eq!(Words::default().get("en"), "");
    }
}
