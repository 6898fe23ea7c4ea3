use serde::Serialize;

use super::data::{Area, COUNTRIES, Post, Row};

/// A field of an address, named as in [`kernel::Address`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The whole name.
    Name,
    /// A company.
    Company,
    /// Street and number.
    Line1,
    /// Flat, floor.
    Line2,
    /// As the country writes it.
    Postcode,
    /// Town.
    City,
    /// State, province, prefecture.
    Region,
    /// The country itself.
    Country,
    /// With country code.
    Phone,
}

impl Field {
    /// As in [`kernel::Address`] and in forms: `postcode`.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Company => "company",
            Field::Line1 => "line1",
            Field::Line2 => "line2",
            Field::Postcode => "postcode",
            Field::City => "city",
            Field::Region => "region",
            Field::Country => "country",
            Field::Phone => "phone",
        }
    }

    /// HTML's `autocomplete`.
    pub fn autocomplete(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Company => "organization",
            Field::Line1 => "address-line1",
            Field::Line2 => "address-line2",
            Field::Postcode => "postal-code",
            Field::City => "address-level2",
            Field::Region => "address-level1",
            Field::Country => "country",
            Field::Phone => "tel",
        }
    }
}

/// A field as a country's form shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldSpec {
    /// Which.
    pub field: Field,
    /// What is posted: [`Field::name`].
    pub name: &'static str,
    /// Above it.
    pub label: &'static str,
    /// Must it be filled?
    pub required: bool,
    /// HTML's `autocomplete`.
    pub autocomplete: &'static str,
    /// An example; or empty.
    pub example: &'static str,
    /// Code and name to choose from; empty for free text.
    pub choices: Vec<(&'static str, &'static str)>,
}

/// How a country writes addresses.
#[derive(Clone, Copy)]
pub struct Format(pub(super) &'static Row);

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Format({})", self.0.code)
    }
}

/// Every country, by code.
pub fn all() -> impl Iterator<Item = Format> {
    COUNTRIES.iter().map(Format)
}

/// A country's format by its ISO 3166-1 alpha-2 code, any case.
pub fn get(code: &str) -> Option<Format> {
    let code = code.trim();
    COUNTRIES.iter().find(|c| c.code.eq_ignore_ascii_case(code)).map(Format)
}

/// A country's name; an unknown one's code.
pub fn name<'a>(code: &'a str, locale: &str) -> &'a str {
    get(code).map_or(code, |f| f.name(locale))
}

/// Code and name of every country, sorted as a reader of this language expects.
pub fn options(locale: &str) -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = all().map(|f| (f.code(), f.name(locale))).collect();
    all.sort_by_key(|(_, name)| sorted_as(name));
    all
}

/// Ä as a, ü as u: for German and English names of countries.
fn sorted_as(name: &str) -> String {
    let plain = |c| match c {
        'ä' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        c => c,
    };
    name.to_lowercase().chars().map(plain).collect()
}

pub(super) fn german(locale: &str) -> bool {
    locale == "de" || locale.starts_with("de-")
}

impl Format {
    /// Two capital letters.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Its name: German in German, English otherwise.
    pub fn name(self, locale: &str) -> &'static str {
        if german(locale) { self.0.de } else { self.0.en }
    }

    /// An example of a postcode; empty where there are none.
    pub fn postcode_example(self) -> &'static str {
        self.0.example
    }

    /// Its regions to choose from, code and name; empty where none is asked, or any is taken.
    pub fn regions(self) -> Vec<(&'static str, &'static str)> {
        self.0.regions.split('|').filter_map(|r| r.split_once(' ')).collect()
    }

    /// The fields from top to bottom, those of one row together; country and phone stand beside it.
    pub fn rows(self, locale: &str) -> Vec<Vec<FieldSpec>> {
        self.letters()
            .map(|row| row.into_iter().map(|(f, required)| self.spec(f, required, locale)).collect())
            .collect()
    }

    /// The fields from top to bottom.
    pub fn fields(self, locale: &str) -> Vec<FieldSpec> {
        self.rows(locale).into_iter().flatten().collect()
    }

    /// Is the field asked at all, and must it be filled?
    pub(super) fn wants(self, field: Field) -> Option<bool> {
        self.letters().flatten().find(|(f, _)| *f == field).map(|(_, required)| required)
    }

    fn letters(self) -> impl Iterator<Item = Vec<(Field, bool)>> {
        self.0.layout.split('|').map(|row| {
            row.split(' ')
                .filter_map(|letter| {
                    Some(match letter {
                        "N" => (Field::Name, true),
                        "C" => (Field::Company, false),
                        "1" => (Field::Line1, true),
                        "2" => (Field::Line2, false),
                        "P" | "p" => (Field::Postcode, letter == "P"),
                        "T" => (Field::City, true),
                        "R" | "r" => (Field::Region, letter == "R"),
                        _ => return None,
                    })
                })
                .collect()
        })
    }

    fn spec(self, field: Field, required: bool, locale: &str) -> FieldSpec {
        FieldSpec {
            field,
            name: field.name(),
            label: self.label(field, locale),
            required,
            autocomplete: field.autocomplete(),
            example: if field == Field::Postcode { self.0.example } else { "" },
            choices: if field == Field::Region { self.regions() } else { vec![] },
        }
    }

    /// What the country calls a field.
    pub fn label(self, field: Field, locale: &str) -> &'static str {
        let (en, de) = match field {
            Field::Name => ("Full name", "Vollständiger Name"),
            Field::Company => ("Company", "Firma"),
            Field::Line1 if self.0.street => ("Street and house number", "Straße und Hausnummer"),
            Field::Line1 => ("Address", "Adresse"),
            Field::Line2 if self.0.street => ("Address addition", "Adresszusatz"),
            Field::Line2 => ("Apartment, suite, etc.", "Wohnung, Etage usw."),
            Field::Postcode => match self.0.post {
                Post::Postcode => ("Postcode", "Postleitzahl"),
                Post::Postal => ("Postal code", "Postleitzahl"),
                Post::Zip => ("ZIP code", "ZIP-Code"),
                Post::Pin => ("PIN code", "PIN-Code"),
                Post::Cap => ("Postal code (CAP)", "Postleitzahl (CAP)"),
                Post::Cep => ("Postal code (CEP)", "Postleitzahl (CEP)"),
                Post::Eircode => ("Eircode", "Eircode"),
            },
            Field::City => match self.0.code {
                "GB" | "IE" | "GG" | "JE" | "IM" => ("Town or city", "Stadt oder Ort"),
                "AU" | "NZ" => ("Suburb or town", "Vorort oder Stadt"),
                "JP" => ("City, ward or town", "Stadt, Bezirk oder Ort"),
                "HK" => ("District", "Bezirk"),
                _ => ("City", "Ort"),
            },
            Field::Region => match self.0.area {
                Area::None => ("Region", "Region"),
                Area::State => ("State", "Bundesstaat"),
                Area::Province => ("Province", "Provinz"),
                Area::StateOrTerritory => ("State or territory", "Bundesstaat oder Territorium"),
                Area::ProvinceOrTerritory => ("Province or territory", "Provinz oder Territorium"),
                Area::Prefecture => ("Prefecture", "Präfektur"),
                Area::Emirate => ("Emirate", "Emirat"),
                Area::County => ("County", "Grafschaft"),
                Area::District => ("Area", "Gebiet"),
                Area::Governorate => ("Governorate", "Gouvernement"),
            },
            Field::Country => ("Country", "Land"),
            Field::Phone => ("Phone", "Telefon"),
        };
        if german(locale) { de } else { en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let mut codes: Vec<_> = COUNTRIES.iter().map(|c| c.code).collect();
        assert!(codes.len() >= 60);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), COUNTRIES.len(), "one row a country");
        for f in all() {
            let letters = f.0.layout.split(['|', ' ']).count();
            assert_eq!(f.fields("en").len(), letters, "{f:?}: a letter of its layout is unknown");
            assert_eq!(f.wants(Field::Name), Some(true), "{f:?}");
            assert_eq!(f.wants(Field::Line1), Some(true), "{f:?}");
            assert_eq!(
                f.wants(Field::Postcode).is_some(),
                !f.0.masks.is_empty(),
                "{f:?}: a postcode without a shape"
            );
            assert_eq!(
                f.wants(Field::Region).is_some(),
                f.0.area != Area::None,
                "{f:?}: a region without a name"
            );
            if f.wants(Field::Region) == Some(true) {
                assert!(f.regions().len() > 1, "{f:?}: what must be chosen can be chosen");
            }
            let mut regions: Vec<_> = f.regions().into_iter().map(|(c, _)| c).collect();
            let n = regions.len();
            assert_eq!(n, f.0.regions.split('|').filter(|r| !r.is_empty()).count(), "{f:?}");
            regions.sort_unstable();
            regions.dedup();
            assert_eq!(regions.len(), n, "{f:?}: a region's code is there twice");
        }
        assert_eq!(get("US").unwrap().regions().len(), 59);
        assert_eq!(get("IT").unwrap().regions().len(), 107);
        assert_eq!(get("ES").unwrap().regions().len(), 52);
    }

    #[test]
    fn names_sort_as_their_readers_expect() {
        let de: Vec<_> = options("de").into_iter().map(|(_, n)| n).collect();
        assert_eq!(&de[..2], ["Ägypten", "Albanien"]);
        assert!(de.iter().position(|n| *n == "Österreich") < de.iter().position(|n| *n == "Polen"));
        assert_eq!(name("nl", "de-AT"), "Niederlande");
        assert_eq!(name("ZZ", "en"), "ZZ");
    }
}
