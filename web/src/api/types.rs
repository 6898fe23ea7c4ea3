//! What both sides speak in.

use assets::Format;
use kernel::{Currency, Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Error;

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amount {
    /// In whole minor units: 399 is 3.99 EUR.
    pub(crate) minor: i64,
    /// ISO 4217.
    #[schema(value_type = String, example = "EUR")]
    pub(crate) currency: Currency,
    /// As a reader of the language expects it; not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shown: Option<String>,
}

impl Amount {
    /// For programs.
    pub(crate) fn of(minor: i64, currency: Currency) -> Amount {
        Amount { minor, currency, shown: None }
    }

    /// For people too.
    pub(crate) fn shown(minor: i64, currency: Currency, locale: &str) -> Amount {
        Amount { minor, currency, shown: Some(Money::new(minor, currency).shown(locale)) }
    }

    /// The minor units, if it is in the store's currency.
    pub(crate) fn read(&self, currency: Currency, field: &str) -> Result<i64, Error> {
        if self.currency == currency {
            return Ok(self.minor);
        }
        Err(invalid(
            &format!("{field}.currency"),
            format!("This shop reckons in {currency}, not in {}.", self.currency),
        ))
    }
}

/// An input that is wrong.
pub(crate) fn invalid(field: &str, text: impl Into<String>) -> Error {
    let mut wrong = Error::new(kernel::ErrorKind::Invalid, "invalid", text);
    wrong.field = Some(field.to_owned());
    wrong
}

/// An amount that may be missing.
pub(crate) fn read_some(
    amount: Option<&Amount>,
    currency: Currency,
    field: &str,
) -> Result<Option<i64>, Error> {
    amount.map(|a| a.read(currency, field)).transpose()
}

/// A moment: RFC 3339, UTC.
pub(crate) fn at(moment: Timestamp) -> String {
    moment.to_string()
}

/// A moment out of a request.
pub(crate) fn moment(text: &str, field: &str) -> Result<Timestamp, Error> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    parsed
        .map(|t| Timestamp(t.as_microsecond()))
        .map_err(|_| invalid(field, "Write a moment as 2026-11-23T08:30:00Z."))
}

/// Where somebody is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Address {
    /// The whole name.
    pub(crate) name: String,
    pub(crate) company: String,
    /// Street and number.
    pub(crate) line1: String,
    pub(crate) line2: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
    /// State, province, prefecture, as its code.
    pub(crate) region: String,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "NL")]
    pub(crate) country: String,
    pub(crate) phone: String,
}

impl From<kernel::Address> for Address {
    fn from(a: kernel::Address) -> Address {
        let kernel::Address { name, company, line1, line2, postcode, city, region, country, phone } = a;
        Address { name, company, line1, line2, postcode, city, region, country, phone }
    }
}

impl From<Address> for kernel::Address {
    fn from(a: Address) -> kernel::Address {
        let Address { name, company, line1, line2, postcode, city, region, country, phone } = a;
        kernel::Address { name, company, line1, line2, postcode, city, region, country, phone }
    }
}

/// A picture, in sizes made on demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Picture {
    #[schema(example = "ast_01h455vb4pex5vsknk084sn02q")]
    pub(crate) id: String,
    /// What is on it, for those who cannot see it.
    pub(crate) alt: String,
    /// Of the original, in pixels.
    pub(crate) width: i64,
    pub(crate) height: i64,
    /// Where its sizes are: put one of `widths` for `{width}`.
    #[schema(example = "https://shop.example/img/ast_01h455vb4pex5vsknk084sn02q/{width}.webp")]
    pub(crate) url: String,
    pub(crate) widths: Vec<u32>,
}

impl Picture {
    pub(crate) fn new(
        public_url: &str,
        asset: kernel::AssetId,
        alt: &str,
        (width, height): (i64, i64),
    ) -> Picture {
        let url = format!("{public_url}/img/{asset}/{{width}}.{}", Format::Webp.ending());
        Picture {
            id: asset.to_string(),
            alt: alt.to_owned(),
            width,
            height,
            url,
            widths: assets::WIDTHS.to_vec(),
        }
    }
}

/// What was wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "only for the document; `crate::Error` writes it")]
pub(crate) struct Problem {
    /// An address for this sort of problem.
    r#type: String,
    /// In general.
    title: String,
    /// As the HTTP status.
    status: u16,
    /// In this case, for people.
    detail: Option<String>,
    /// A stable word for programs: `not_enough_stock`.
    code: String,
    /// Which input it is about: `lines[0].quantity`.
    field: Option<String>,
    /// Every input that is wrong, where several are.
    errors: Option<Vec<WrongField>>,
    /// To name when asking for help.
    request_id: Option<String>,
}

/// One input that is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "only for the document; `crate::Error` writes it")]
pub(crate) struct WrongField {
    field: Option<String>,
    code: String,
    detail: String,
}

/// One of the merchant's own fields with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OwnField {
    /// `custom.material`.
    pub(crate) key: String,
    /// For people.
    pub(crate) name: String,
    /// `text`, `long_text`, `integer`, `decimal`, `boolean`, `date`, `url`, `json`.
    pub(crate) kind: String,
    /// As text.
    pub(crate) value: String,
}

/// Somebody's or something's id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A percentage out of a request.
pub(crate) fn read_percent(text: &str, field: &str) -> Result<kernel::Rate, Error> {
    kernel::Rate::parse_percent(text).ok_or_else(|| invalid(field, "Write a percentage as 21 or 5.5."))
}

/// Tells a field that is null (`Some(None)`) from one that is not there (`None`, by `#[serde(default)]`).
pub(crate) fn given<'de, D, T>(d: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(d).map(Some)
}
