use serde::Serialize;

use super::{Card, Link, Page, View};

/// There is no such page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotFound {
    /// Around it.
    pub page: Page,
    /// Products to go on with; the first with a cutout stands between the fours.
    pub cards: Vec<Card>,
}

/// Something went wrong. Rendered without the database, so the page may have no navigation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// Around it.
    pub page: Page,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// What to do, in a sentence or two.
    pub detail: String,
    /// The request's id, to name when asking for help; empty leaves it out.
    pub reference: String,
    /// The way on, besides the home page.
    pub action: Option<Link>,
}

/// The test bank's page where a buyer confirms a payment, as a real bank's does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Challenge {
    /// Around it.
    pub page: Page,
    /// “Test bank”.
    pub bank: String,
    /// Who asks for the money.
    pub merchant: String,
    /// How much.
    pub amount: String,
    /// For what: the order's number.
    pub reference: String,
    /// Where `result=approve` or `result=refuse` is posted.
    pub action_url: String,
    /// Fields posted with it, as (name, value).
    pub hidden: Vec<(String, String)>,
}

impl View for NotFound {
    const TEMPLATE: &'static str = "storefront/not_found.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}

impl View for Problem {
    const TEMPLATE: &'static str = "storefront/problem.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}

impl View for Challenge {
    const TEMPLATE: &'static str = "storefront/challenge.html";

    fn locale(&self) -> &str {
        &self.page.locale
    }
}
