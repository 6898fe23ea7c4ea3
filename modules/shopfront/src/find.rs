use kernel::{CategoryId, Timestamp};
use serde::Serialize;

use crate::category::PAGE;
use crate::model::Model;
use crate::{Card, Deps, Error, Shopfront, query, words};

/// Suggestions of each sort.
const SUGGESTED: usize = 6;
/// Results beyond this page are not shown: nobody reads so far, and deep pages cost more.
const LAST_PAGE: usize = 50;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchPage {
    /// How many products fit.
    pub total: usize,
    /// Which page, from 1.
    pub page: usize,
    /// How many can be shown, at least 1.
    pub pages: usize,
    /// The products of this page, the best first.
    pub cards: Vec<Card>,
    /// Categories whose names fit.
    pub categories: Vec<CategoryHit>,
    /// What this was built from.
    #[serde(skip)]
    pub deps: Deps,
}

/// A category whose name fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryHit {
    /// Its id.
    pub id: CategoryId,
    /// As shown.
    pub name: String,
    /// Its address.
    pub slug: String,
    /// How many products lie in it and below.
    pub products: u32,
}

/// What might be meant while somebody types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestions {
    /// How many products fit.
    pub total: usize,
    /// The best.
    pub products: Vec<Card>,
    /// Categories whose names fit.
    pub categories: Vec<CategoryHit>,
}

/// An address for search engines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SitemapEntry {
    /// A category, not a product?
    pub is_category: bool,
    /// In every language it has a text in: locale, slug.
    pub addresses: Vec<(String, String)>,
    /// When it was made; none for a category.
    pub created_at: Option<Timestamp>,
}

impl Shopfront {
    /// Products and categories that fit every word of a query; the last word may be the beginning of one. Where
    /// nothing fits, words of five letters or more may have one wrong.
    ///
    /// # Errors
    /// [`Error::Index`].
    pub fn search(&self, locale: &str, text: &str, page: usize) -> Result<SearchPage, Error> {
        let page = page.clamp(1, LAST_PAGE);
        let (cards, total) = self.find(locale, text, (page - 1) * PAGE, PAGE)?;
        let categories = self.categories_like(locale, text);
        let deps = cards.iter().fold(Deps::default().search(), |deps, c| deps.product(c.product));
        let pages = total.div_ceil(PAGE).clamp(1, LAST_PAGE);
        Ok(SearchPage { total, page, pages, cards, categories, deps })
    }

    /// What might be meant.
    ///
    /// # Errors
    /// [`Error::Index`].
    pub fn suggest(&self, locale: &str, text: &str) -> Result<Suggestions, Error> {
        let (products, total) = self.find(locale, text, 0, SUGGESTED)?;
        Ok(Suggestions { total, products, categories: self.categories_like(locale, text) })
    }

    fn find(
        &self,
        locale: &str,
        text: &str,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<Card>, usize), Error> {
        let index = self.index.read().clone();
        let model = self.model.read();
        let l = model.locale(locale);
        let Some(index) = index else { return Ok(by_title(&model, l, text, offset, limit)) };
        let (ids, total) = query::search(&index, l, text, offset, limit)?;
        Ok((ids.into_iter().filter_map(|id| Card::of(model.get(id)?, l)).collect(), total))
    }

    fn categories_like(&self, locale: &str, text: &str) -> Vec<CategoryHit> {
        let wanted = words::words(text);
        if wanted.is_empty() {
            return vec![];
        }
        let model = self.model.read();
        let l = model.locale(locale);
        let counts = model.counts();
        let hits = model.tree.all().iter().filter_map(|id| {
            let text = model.tree.text(*id, l)?;
            let named = words::words(&text.name);
            let fits = wanted.iter().all(|w| named.iter().any(|n| n.starts_with(w.as_str())));
            let products = counts.get(id).copied().unwrap_or(0);
            let hit = CategoryHit { id: *id, name: text.name.clone(), slug: text.slug.clone(), products };
            (fits && products > 0).then_some(hit)
        });
        hits.take(SUGGESTED).collect()
    }

    /// Every address there is, in order of making: some at a time, from `offset`; categories come first.
    pub fn sitemap(&self, offset: usize, limit: usize) -> Vec<SitemapEntry> {
        let model = self.model.read();
        let named = |own: &dyn Fn(u8) -> Option<String>| -> Vec<(String, String)> {
            model.locales.iter().zip(0u8..).filter_map(|(name, l)| Some((name.clone(), own(l)?))).collect()
        };
        let categories = model.tree.all().iter().map(|id| {
            let addresses = named(&|l| model.tree.own_text(*id, l).map(|t| t.slug.clone()));
            SitemapEntry { is_category: true, addresses, created_at: None }
        });
        let list = model.list(None, crate::Sort::Featured, 0);
        let products = list.iter().filter_map(|s| model.item(*s)).map(|item| {
            let addresses = named(&|l| item.own_text(l).map(|t| t.slug.to_string()));
            SitemapEntry { is_category: false, addresses, created_at: Some(item.created_at) }
        });
        categories.chain(products).skip(offset).take(limit).collect()
    }
}

/// While the index is being built: titles that hold every word, in the order of their making.
fn by_title(model: &Model, locale: u8, text: &str, offset: usize, limit: usize) -> (Vec<Card>, usize) {
    let wanted = words::words(text);
    if wanted.is_empty() {
        return (vec![], 0);
    }
    let list = model.list(None, crate::Sort::Featured, locale);
    let fits = |slot: &&u32| {
        let title = model.item(**slot).and_then(|i| i.text(locale)).map(|t| words::folded(&t.title));
        title.is_some_and(|t| wanted.iter().all(|w| t.contains(w.as_str())))
    };
    let found: Vec<u32> = list.iter().filter(fits).copied().collect();
    let shown: Vec<u32> = found.iter().skip(offset).take(limit).copied().collect();
    (model.cards(&shown, locale), found.len())
}
