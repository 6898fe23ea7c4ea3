//! The demo's files, inside the program.

use rust_embed::RustEmbed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Exit, Failure};

#[derive(RustEmbed)]
#[folder = "demo-data/"]
struct Files;

/// A product as its photographers described it.
#[derive(Deserialize, Debug)]
pub struct Described {
    pub slug: String,
    pub department: String,
    pub group: String,
    pub name: String,
    pub origin_and_size: String,
    pub description: String,
    pub image: String,
}

/// How the grocer sells it.
#[derive(Deserialize, Debug)]
pub struct Sold {
    pub slug: String,
    pub title: String,
    pub category: String,
    pub unit: String,
    pub piece_grams: i64,
    pub demand: i64,
    pub variants: String,
}

#[derive(Deserialize, Debug)]
pub struct German {
    pub slug: String,
    pub title: String,
    pub description: String,
}

#[derive(Deserialize, Debug)]
pub struct Category {
    pub key: String,
    pub parent: String,
    pub en: String,
    pub de: String,
    pub en_text: String,
    pub de_text: String,
}

#[derive(Deserialize, Debug)]
pub struct Name {
    pub name: String,
    pub country: String,
}

#[derive(Deserialize, Debug)]
pub struct Street {
    pub country: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
}

/// One way to buy a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub name: String,
    /// Grams or pieces.
    pub units: i64,
    pub price_minor: i64,
    pub cost_minor: i64,
    pub was_minor: Option<i64>,
}

impl Sold {
    /// The variants: `500 g:500:219:120|1 kg:1000:399:240:459`.
    pub fn ways(&self) -> Result<Vec<Way>, Failure> {
        let wrong = || bad(&self.slug, &self.variants);
        let way = |text: &str| {
            let mut parts = text.split(':');
            let name = parts.next()?.to_owned();
            let figures: Vec<i64> = parts.map(str::parse).collect::<Result<_, _>>().ok()?;
            let (units, price_minor, cost_minor) = (*figures.first()?, *figures.get(1)?, *figures.get(2)?);
            Some(Way { name, units, price_minor, cost_minor, was_minor: figures.get(3).copied() })
        };
        self.variants.split('|').map(|text| way(text).ok_or_else(wrong)).collect()
    }
}

fn bad(file: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Internal, format!("the demo's {file}: {why}"))
}

/// The rows of a file.
///
/// # Errors
/// A fault of the program: its test reads every file.
pub fn rows<T: DeserializeOwned>(file: &str) -> Result<Vec<T>, Failure> {
    let bytes = bytes(file)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| bad(file, e))
}

/// A file as it is.
///
/// # Errors
/// As [`rows`].
pub fn bytes(file: &str) -> Result<Vec<u8>, Failure> {
    Files::get(file).map(|f| f.data.into_owned()).ok_or_else(|| bad(file, "it is not there"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_fits_the_others() {
        let described: Vec<Described> = rows("grocer/products.csv").unwrap();
        let sold: Vec<Sold> = rows("assortment.csv").unwrap();
        let german: Vec<German> = rows("german.csv").unwrap();
        let categories: Vec<Category> = rows("categories.csv").unwrap();
        assert_eq!((described.len(), sold.len(), german.len()), (50, 50, 50));
        for s in &sold {
            let d = described.iter().find(|d| d.slug == s.slug).unwrap();
            assert!(german.iter().any(|g| g.slug == s.slug && !g.description.is_empty()));
            assert!(categories.iter().any(|c| c.key == s.category), "{}", s.category);
            assert!(!bytes(&format!("grocer/{}", d.image)).unwrap().is_empty());
            for way in s.ways().unwrap() {
                assert!(way.cost_minor < way.price_minor, "{}: {way:?}", s.slug);
                assert!(way.was_minor.is_none_or(|was| was > way.price_minor), "{}: {way:?}", s.slug);
            }
        }
        let (people, streets): (Vec<Name>, Vec<Street>) =
            (rows("people.csv").unwrap(), rows("streets.csv").unwrap());
        assert!(people.iter().all(|p| streets.iter().any(|s| s.country == p.country)));
        assert!(bytes("grocer/LICENSE").is_ok());
    }
}
