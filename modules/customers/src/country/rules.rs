use kernel::Address;
use serde::Serialize;

use super::format::{Field, Format, german};
use super::{get, postcode};

/// What is wrong with one field, in the reader's language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldError {
    /// As in [`kernel::Address`]: `postcode`.
    pub field: &'static str,
    /// A sentence that says what to do.
    pub message: String,
}

/// Characters that a line of a label has at most.
const LONGEST: usize = 120;

/// The address as its country writes it: white space joined, postcode and region in their form, fields that the country
/// does not have emptied. What cannot be understood stays as typed, for [`validate`] to name.
pub fn tidy(address: &Address) -> Address {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut a = Address {
        name: line(&address.name),
        company: line(&address.company),
        line1: line(&address.line1),
        line2: line(&address.line2),
        postcode: line(&address.postcode),
        city: line(&address.city),
        region: line(&address.region),
        country: line(&address.country).to_uppercase(),
        phone: line(&address.phone),
    };
    let Some(format) = get(&a.country) else { return a };
    if let Some(postcode) = postcode::tidy(format.0.masks, format.code(), &a.postcode) {
        a.postcode = postcode;
    }
    if let Some(code) = region_code(format, &a.region) {
        code.clone_into(&mut a.region);
    }
    for (field, text) in
        [(Field::Postcode, &mut a.postcode), (Field::City, &mut a.city), (Field::Region, &mut a.region)]
    {
        if format.wants(field).is_none() {
            text.clear();
        }
    }
    a
}

/// A region by its code or its name, any case; with or without the country before it (`US-NY`).
fn region_code(format: Format, typed: &str) -> Option<&'static str> {
    let typed = typed.trim().to_lowercase();
    let country = format!("{}-", format.code().to_lowercase());
    let bare = typed.strip_prefix(&country).unwrap_or(&typed);
    let found = format
        .regions()
        .into_iter()
        .find(|(code, name)| code.to_lowercase() == bare || name.to_lowercase() == typed);
    found.map(|(code, _)| code)
}

/// Everything that is wrong with an address, in the order of its country's form.
pub fn validate(address: &Address, locale: &str) -> Vec<FieldError> {
    let a = tidy(address);
    let say = Say { german: german(locale), locale };
    let Some(format) = get(&a.country) else {
        return vec![FieldError { field: "country", message: say.choose_country(&a.country) }];
    };
    let mut errors = vec![];
    let mut wrong = |field: Field, message: String| errors.push(FieldError { field: field.name(), message });
    for spec in format.fields(locale) {
        let text = value(&a, spec.field);
        if text.is_empty() {
            if spec.required {
                wrong(spec.field, say.missing(spec.label, !spec.choices.is_empty()));
            }
        } else if text.chars().count() > LONGEST {
            wrong(spec.field, say.too_long(spec.label));
        } else if text.chars().any(char::is_control) {
            wrong(spec.field, say.odd(spec.label));
        } else if spec.field == Field::Postcode
            && postcode::tidy(format.0.masks, format.code(), text).is_none()
        {
            wrong(spec.field, say.no_postcode(format, text));
        } else if spec.field == Field::Region
            && !spec.choices.is_empty()
            && region_code(format, text).is_none()
        {
            wrong(spec.field, say.missing(spec.label, true));
        }
    }
    if !is_phone(&a.phone) {
        wrong(Field::Phone, say.no_phone());
    }
    errors
}

/// The address tidied, or everything that is wrong with it.
///
/// # Errors
/// What [`validate`] says.
pub fn check(address: &Address, locale: &str) -> Result<Address, Vec<FieldError>> {
    let errors = validate(address, locale);
    if errors.is_empty() { Ok(tidy(address)) } else { Err(errors) }
}

/// Empty, or 5 to 20 digits with the signs that people put between them. Source: ITU-T E.164 allows 15 digits; an
/// extension may follow.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/' | '.' | '\u{a0}' | 'x'));
    text.is_empty() || (known && (5..=20).contains(&digits) && text.chars().count() <= 40)
}

fn value(a: &Address, field: Field) -> &str {
    match field {
        Field::Name => &a.name,
        Field::Company => &a.company,
        Field::Line1 => &a.line1,
        Field::Line2 => &a.line2,
        Field::Postcode => &a.postcode,
        Field::City => &a.city,
        Field::Region => &a.region,
        Field::Country => &a.country,
        Field::Phone => &a.phone,
    }
}

/// The sentences, in English and German.
struct Say<'a> {
    german: bool,
    locale: &'a str,
}

impl Say<'_> {
    fn missing(&self, label: &str, choose: bool) -> String {
        match (self.german, choose) {
            (false, false) => format!("Please fill in: {label}."),
            (false, true) => format!("{label}: choose one from the list."),
            (true, false) => format!("Bitte ausfüllen: {label}."),
            (true, true) => format!("{label}: bitte aus der Liste wählen."),
        }
    }
    fn too_long(&self, label: &str) -> String {
        if self.german {
            format!("{label}: höchstens {LONGEST} Zeichen.")
        } else {
            format!("{label} may have at most {LONGEST} characters.")
        }
    }
    fn odd(&self, label: &str) -> String {
        if self.german {
            format!("{label} enthält ein Zeichen, das nicht gedruckt werden kann.")
        } else {
            format!("{label} holds a character that cannot be printed.")
        }
    }
    fn no_postcode(&self, format: Format, typed: &str) -> String {
        let (label, country) = (format.label(Field::Postcode, self.locale), format.name(self.locale));
        let example = format.postcode_example();
        if self.german {
            format!("„{typed}“ passt nicht: {label} in {country} sieht aus wie {example}.")
        } else {
            format!("'{typed}' does not fit: {label} in {country} looks like {example}.")
        }
    }
    fn no_phone(&self) -> String {
        if self.german {
            "Das ist keine Telefonnummer; sie sieht aus wie +49 30 901820.".to_owned()
        } else {
            "This is not a phone number; it looks like +44 20 7946 0000.".to_owned()
        }
    }
    fn choose_country(&self, typed: &str) -> String {
        match (self.german, typed.is_empty()) {
            (false, true) => "Choose a country.".to_owned(),
            (false, false) => format!("We do not know the country '{typed}'; choose one from the list."),
            (true, true) => "Bitte ein Land wählen.".to_owned(),
            (true, false) => {
                format!("Das Land „{typed}“ ist uns nicht bekannt; bitte eines aus der Liste wählen.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Address {
        Address {
            name: "Ada Lovelace".into(),
            line1: "Invalidenstraße 1".into(),
            postcode: "D-10115".into(),
            city: " Berlin ".into(),
            country: "de".into(),
            region: "BE".into(),
            phone: "+49 30 901820".into(),
            ..Address::default()
        }
    }

    #[test]
    fn a_good_address_is_tidied() {
        let a = check(&berlin(), "en").unwrap();
        assert_eq!(
            (a.postcode.as_str(), a.city.as_str(), a.country.as_str(), a.region.as_str()),
            ("10115", "Berlin", "DE", "")
        );
        assert_eq!(tidy(&a), a);
    }

    #[test]
    fn every_wrong_field_is_named_in_the_readers_language() {
        let a = Address {
            name: " ".into(),
            postcode: "1234".into(),
            city: String::new(),
            phone: "call me".into(),
            ..berlin()
        };
        let fields: Vec<_> = validate(&a, "en").into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["name", "postcode", "city", "phone"]);
        let de = validate(&a, "de");
        assert_eq!(de[0].message, "Bitte ausfüllen: Vollständiger Name.");
        assert_eq!(de[1].message, "„1234“ passt nicht: Postleitzahl in Deutschland sieht aus wie 10115.");
        assert_eq!(
            validate(&a, "en")[1].message,
            "'1234' does not fit: Postcode in Germany looks like 10115."
        );
    }

    #[test]
    fn regions_where_a_country_needs_them() {
        let us = Address {
            country: "US".into(),
            region: "new york".into(),
            postcode: "10001".into(),
            city: "New York".into(),
            ..berlin()
        };
        assert_eq!(check(&us, "en").unwrap().region, "NY");
        assert_eq!(tidy(&Address { region: "us-ca".into(), ..us.clone() }).region, "CA");
        for bad in ["", "Bavaria"] {
            let errors = validate(&Address { region: bad.into(), ..us.clone() }, "en");
            assert_eq!(
                (errors.len(), errors[0].field, errors[0].message.as_str()),
                (1, "region", "State: choose one from the list.")
            );
        }
    }

    #[test]
    fn countries_without_towns_or_postcodes() {
        let sg = Address { country: "SG".into(), postcode: "018956".into(), city: String::new(), ..berlin() };
        assert!(validate(&sg, "en").is_empty());
        let ae = Address {
            country: "AE".into(),
            region: "Dubai".into(),
            postcode: String::new(),
            city: "Dubai".into(),
            ..berlin()
        };
        assert_eq!(check(&ae, "en").unwrap().region, "DU");
        let ie = Address { country: "IE".into(), postcode: String::new(), region: String::new(), ..berlin() };
        assert!(validate(&ie, "en").is_empty(), "an Eircode is welcome, not demanded");
        assert_eq!(validate(&Address { country: "XX".into(), ..berlin() }, "de")[0].field, "country");
        assert_eq!(validate(&Address::default(), "en").len(), 1);
    }

    #[test]
    fn nothing_endless_and_nothing_unprintable() {
        let a = Address { line1: "x".repeat(121), city: "Ber\u{7}lin".into(), ..berlin() };
        let fields: Vec<_> = validate(&a, "en").into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["line1", "city"]);
    }
}
