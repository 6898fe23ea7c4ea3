use serde::{Deserialize, Serialize};

/// Where somebody is reached. One field for the name: the world's names do not split in two.
/// Which fields a country wants is known to `customers::country`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The whole name, as its bearer writes it.
    pub name: String,
    /// A company, or empty.
    pub company: String,
    /// Street and number.
    pub line1: String,
    /// Flat, floor, entrance; or empty.
    pub line2: String,
    /// As the country writes it.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// State, province, prefecture, as its code; or empty.
    pub region: String,
    /// ISO 3166-1 alpha-2, capital letters.
    pub country: String,
    /// With country code; or empty.
    pub phone: String,
}

impl Address {
    /// The address as lines of a label, without the country and phone; empty ones left out.
    pub fn label(&self) -> Vec<String> {
        let town = match self.country.as_str() {
            "US" | "CA" | "AU" => [self.city.as_str(), &self.region, &self.postcode].join(" "),
            "GB" | "IE" => [self.city.as_str(), &self.postcode].join(" "),
            _ => [self.postcode.as_str(), &self.city, &self.region].join(" "),
        };
        [&self.name, &self.company, &self.line1, &self.line2, &town]
            .into_iter()
            .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|l| !l.is_empty())
            .collect()
    }
}
