use kernel::{Denied, ErrorKind, Fault};

/// What can go wrong with zones and methods.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something without a name.
    #[error("give it a name")]
    NameMissing,
    /// A zone without a country.
    #[error("choose at least one country, or 'everywhere else'")]
    CountriesMissing,
    /// A country is two letters.
    #[error("'{country}' is not a country's code of two letters, such as NL")]
    Country { country: String },
    /// A country lies in one zone.
    #[error("one of these countries is in another zone already; take it out there first")]
    CountryTaken,
    /// Below zero, or more than anybody pays.
    #[error("an amount lies between 0 and 1,000,000,000,000 minor units")]
    Amount { field: &'static str },
    /// A rate by weight needs its steps.
    #[error("give at least one weight with its price")]
    BandsMissing,
    /// Weights must rise.
    #[error("every weight must be above the one before")]
    BandsOrder,
    /// Days that cannot be.
    #[error("the days of delivery lie between 0 and 365, the lower first")]
    Days,
    /// No such zone.
    #[error("there is no such zone")]
    NoSuchZone,
    /// No such method.
    #[error("there is no such way to ship")]
    NoSuchMethod,
    /// A zone that still has methods.
    #[error("this zone still has ways to ship; remove them first")]
    ZoneNotEmpty,
    /// A row holds what cannot be read.
    #[error("a way to ship cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
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
            Error::NameMissing
            | Error::CountriesMissing
            | Error::Country { .. }
            | Error::Amount { .. }
            | Error::BandsMissing
            | Error::BandsOrder
            | Error::Days => ErrorKind::Invalid,
            Error::CountryTaken | Error::ZoneNotEmpty => ErrorKind::Conflict,
            Error::NoSuchZone | Error::NoSuchMethod => ErrorKind::NotFound,
            Error::Unreadable(_) => ErrorKind::Internal,
            Error::Denied(e) => e.kind(),
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::NameMissing => "name_missing",
            Error::CountriesMissing => "countries_missing",
            Error::Country { .. } => "country_unknown",
            Error::CountryTaken => "country_in_another_zone",
            Error::Amount { .. } => "amount_out_of_range",
            Error::BandsMissing => "bands_missing",
            Error::BandsOrder => "bands_not_rising",
            Error::Days => "days_out_of_range",
            Error::NoSuchZone => "zone_not_found",
            Error::NoSuchMethod => "shipping_method_not_found",
            Error::ZoneNotEmpty => "zone_not_empty",
            Error::Unreadable(_) => "shipping_method_unreadable",
            Error::Denied(e) => e.code(),
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Error::NameMissing => Some("name"),
            Error::CountriesMissing | Error::Country { .. } | Error::CountryTaken => Some("countries"),
            Error::Amount { field } => Some(field),
            Error::BandsMissing | Error::BandsOrder => Some("bands"),
            Error::Days => Some("max_days"),
            Error::NoSuchZone
            | Error::NoSuchMethod
            | Error::ZoneNotEmpty
            | Error::Unreadable(_)
            | Error::Denied(_) => None,
            Error::Db(e) => e.field(),
            Error::Work(e) => e.field(),
        }
    }
}
