use serde::Serialize;
use serde_json::{Value, json};

use super::{Card, CategoryTile, Link, Page, Pager, View};

/// A category's products, 24 a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Category {
    /// Around it.
    pub page: Page,
    /// From the home page to this category; the last has an empty address.
    pub crumbs: Vec<Link>,
    /// The category's name.
    pub title: String,
    /// Its text as cleaned HTML; empty leaves it out.
    pub description_html: String,
    /// The categories in it.
    pub children: Vec<CategoryTile>,
    /// Products in it and below.
    pub total: u64,
    /// The ways to sort, the chosen one marked; `sort` in the query.
    pub sorts: Vec<SortChoice>,
    /// The products of this page.
    pub cards: Vec<Card>,
    /// The other pages.
    pub pager: Pager,
}

/// A way to sort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SortChoice {
    /// As in the query.
    pub value: String,
    /// As shown.
    pub label: String,
    /// In force.
    pub selected: bool,
}

impl View for Category {
    const TEMPLATE: &'static str = "storefront/category.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }

    fn json_ld(&self) -> Vec<Value> {
        let items: Vec<Value> = self
            .cards
            .iter()
            .zip(1..)
            .map(|(card, position)| {
                json!({"@type": "ListItem", "position": position, "url": self.page.absolute(&card.url)})
            })
            .collect();
        let mut all = vec![self.page.crumbs_ld(&self.crumbs)];
        if !items.is_empty() {
            all.push(
                json!({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}),
            );
        }
        all
    }
}
