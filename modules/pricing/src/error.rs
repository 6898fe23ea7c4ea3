use kernel::{Currency, Denied, ErrorKind, Fault, MoneyError, VariantId};

/// What can go wrong with prices and taxes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Below zero, or more than [`MAX_AMOUNT_MINOR`](crate::MAX_AMOUNT_MINOR).
    #[error("a price lies between 0 and 1,000,000,000,000 minor units; {amount_minor} does not")]
    Amount { amount_minor: i64, field: &'static str },
    /// A price before the discount that is not above the price.
    #[error("the price before must be higher than the price; leave it empty when there is none")]
    CompareAt,
    /// Quantities begin at one.
    #[error("a price for a quantity begins at 1 piece; {min_quantity} is less")]
    MinQuantity { min_quantity: i64 },
    /// A price for several pieces needs one for a single piece.
    #[error("give a price for one piece first")]
    NoBasePrice { variant: VariantId },
    /// It would end before it begins.
    #[error("the price ends before it begins")]
    Dates,
    /// A country is two letters.
    #[error("'{country}' is not a country's code of two letters, such as NL")]
    Country { country: String },
    /// A rate is a share of the net amount.
    #[error("a tax rate lies between 0 and 100 %")]
    Rate,
    /// A rate or its category without a name.
    #[error("give it a name")]
    NameMissing { field: &'static str },
    /// There is one rate for each country, region and category.
    #[error("there is already a rate for {country}{region} and '{category}'; change that one")]
    RateExists { country: String, region: String, category: String },
    /// No such rate.
    #[error("there is no such tax rate")]
    NoSuchRate,
    /// Two currencies in one market.
    #[error("this market sells in {market}, not in {given}")]
    Currency { market: Currency, given: Currency },
    /// Too large to add up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// News and audit.
    #[error(transparent)]
    Work(#[from] work::Error),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Amount { .. }
            | Error::CompareAt
            | Error::MinQuantity { .. }
            | Error::NoBasePrice { .. }
            | Error::Dates
            | Error::Country { .. }
            | Error::Rate
            | Error::NameMissing { .. }
            | Error::Currency { .. }
            | Error::Money(_) => ErrorKind::Invalid,
            Error::RateExists { .. } => ErrorKind::Conflict,
            Error::NoSuchRate => ErrorKind::NotFound,
            Error::Denied(e) => e.kind(),
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::Amount { .. } => "amount_out_of_range",
            Error::CompareAt => "compare_at_too_low",
            Error::MinQuantity { .. } => "min_quantity_too_low",
            Error::NoBasePrice { .. } => "base_price_missing",
            Error::Dates => "dates_reversed",
            Error::Country { .. } => "country_unknown",
            Error::Rate => "rate_out_of_range",
            Error::NameMissing { .. } => "name_missing",
            Error::RateExists { .. } => "rate_exists",
            Error::NoSuchRate => "tax_rate_not_found",
            Error::Currency { .. } => "currency_of_another_market",
            Error::Money(_) => "amount_too_large",
            Error::Denied(e) => e.code(),
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Error::Amount { field, .. } | Error::NameMissing { field } => Some(field),
            Error::CompareAt => Some("compare_at"),
            Error::MinQuantity { .. } | Error::NoBasePrice { .. } => Some("min_quantity"),
            Error::Dates => Some("ends_at"),
            Error::Country { .. } => Some("country"),
            Error::Rate => Some("rate"),
            Error::RateExists { .. } => Some("tax_category"),
            Error::Currency { .. } => Some("currency"),
            Error::NoSuchRate | Error::Money(_) | Error::Denied(_) => None,
            Error::Db(e) => e.field(),
            Error::Work(e) => e.field(),
        }
    }
}
