use serde::Serialize;
use serde_json::{Value, json};

use super::{Card, Image, Link, Page, View};

/// The first page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Home {
    /// Around it.
    pub page: Page,
    /// The merchant's opening.
    pub hero: Hero,
    /// Rows of products, each with a heading.
    pub shelves: Vec<Shelf>,
    /// Categories with a picture.
    pub categories: Vec<CategoryTile>,
    /// What the merchant promises; none leaves the band out.
    pub promises: Vec<Promise>,
}

/// The opening: a large title, a text, up to two links, and a row of products standing under it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hero {
    /// Lines of the title.
    pub title: Vec<String>,
    /// A sentence or two; empty leaves it out.
    pub text: String,
    /// The main way on.
    pub primary: Option<Link>,
    /// Another.
    pub secondary: Option<Link>,
    /// The merchant's picture; none shows `items`.
    pub image: Option<Image>,
    /// Up to eight products.
    pub items: Vec<HeroItem>,
}

/// A product in the opening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeroItem {
    /// Its title.
    pub name: String,
    /// Its page.
    pub url: String,
    /// “€5.40”.
    pub price: String,
    /// Best a cutout.
    pub image: Image,
}

/// A row of products.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shelf {
    /// Its heading.
    pub title: String,
    /// Where more are.
    pub more: Option<Link>,
    /// Four or eight look best.
    pub cards: Vec<Card>,
}

/// A category with pictures of what is in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CategoryTile {
    /// Its name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Products in it and below; shown in words.
    pub count: u64,
    /// One to three pictures of its products; the first gives the tile its hue.
    pub images: Vec<Image>,
}

/// A promise with an icon of the sprite: `clock`, `truck`, `rotate-ccw`, `leaf`, `shield-check`, `badge-check`,
/// `credit-card`, `mail`, `map-pin`, `package`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The icon's name.
    pub icon: String,
    /// A few words.
    pub title: String,
    /// A sentence.
    pub text: String,
}

impl View for Home {
    const TEMPLATE: &'static str = "storefront/home.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }

    fn json_ld(&self) -> Vec<Value> {
        let page = &self.page;
        let search = format!("{}{}/search?q={{search_term_string}}", page.origin, page.prefix);
        vec![json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": page.store,
            "url": page.absolute(&page.canonical),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": search},
                "query-input": "required name=search_term_string",
            },
        })]
    }
}
