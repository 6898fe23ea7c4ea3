use serde::Serialize;

use super::{Card, Image, Link, Page, Pager, View};

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    /// Around it.
    pub page: Page,
    /// As typed; empty before anything was.
    pub query: String,
    /// Products found.
    pub total: u64,
    /// The products of this page.
    pub cards: Vec<Card>,
    /// The other pages.
    pub pager: Pager,
    /// Categories that fit the words.
    pub categories: Vec<Link>,
    /// Shown when nothing was found: what sells.
    pub instead: Vec<Card>,
}

/// The answer of `GET /search/suggest?q=`, as JSON for the search box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestions {
    /// “4 suggestions”, read out.
    pub status: String,
    /// Products, then categories; empty groups left out.
    pub groups: Vec<SuggestionGroup>,
    /// All results: “All 11 results for “me””.
    pub all: Option<Link>,
}

/// Suggestions of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SuggestionGroup {
    /// “Products”.
    pub label: String,
    /// In order.
    pub items: Vec<Suggestion>,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// The whole name; the box marks what was typed.
    pub label: String,
    /// A second line; empty leaves it out.
    pub detail: String,
    /// A price or a count at the end; empty leaves it out.
    pub end: String,
    /// Where it leads.
    pub url: String,
    /// A product's picture.
    pub image: Option<Image>,
}

impl View for Search {
    const TEMPLATE: &'static str = "storefront/search.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}
