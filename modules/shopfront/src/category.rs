use kernel::CategoryId;
use serde::Serialize;

use crate::model::{Image, Model, Sort};
use crate::product::Found;
use crate::{Card, Deps, Error, Shopfront};

/// Products a page.
pub const PAGE: usize = 24;
/// A category's tile shows so many pictures.
const PICTURES: usize = 3;

/// A step on the way from the home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crumb {
    /// The category.
    pub id: CategoryId,
    /// As shown.
    pub name: String,
    /// Its address.
    pub slug: String,
}

/// A category as a tile or a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// As shown.
    pub name: String,
    /// Its address.
    pub slug: String,
    /// How many products lie in it and below.
    pub products: u32,
    /// Its own picture, or up to three of products in it.
    pub images: Vec<Image>,
}

/// A node of the whole tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryNode {
    /// Its id.
    pub id: CategoryId,
    /// As shown.
    pub name: String,
    /// Its address.
    pub slug: String,
    /// How many products lie in it and below.
    pub products: u32,
    /// What lies in it.
    pub children: Vec<CategoryNode>,
}

/// A page of a category, or of everything there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryPage {
    /// The category; none for everything.
    pub id: Option<CategoryId>,
    /// Its name; empty for everything.
    pub name: String,
    /// Its text as sanitised HTML.
    pub description_html: String,
    /// From the top down to it.
    pub crumbs: Vec<Crumb>,
    /// What lies in it.
    pub children: Vec<Category>,
    /// How many products lie in it and below.
    pub total: usize,
    /// Which page, from 1.
    pub page: usize,
    /// How many there are, at least 1.
    pub pages: usize,
    /// How they are sorted.
    #[serde(serialize_with = "word")]
    pub sort: Sort,
    /// The products of this page.
    pub cards: Vec<Card>,
    /// Its address in every language it has a text in: locale, slug.
    pub alternates: Vec<(String, String)>,
    /// What this was built from.
    #[serde(skip)]
    pub deps: Deps,
}

fn word<S: serde::Serializer>(sort: &Sort, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(kernel::TextState::as_str(*sort))
}

impl Model {
    fn node(&self, id: CategoryId, locale: u8) -> Option<CategoryNode> {
        let text = self.tree.text(id, locale)?;
        Some(CategoryNode {
            id,
            name: text.name.clone(),
            slug: text.slug.clone(),
            products: self.counts().get(&id).copied().unwrap_or(0),
            children: self.tree.children(Some(id)).iter().filter_map(|c| self.node(*c, locale)).collect(),
        })
    }

    pub(crate) fn crumbs(&self, id: CategoryId, locale: u8) -> Vec<Crumb> {
        let crumb = |id: CategoryId| {
            let text = self.tree.text(id, locale)?;
            Some(Crumb { id, name: text.name.clone(), slug: text.slug.clone() })
        };
        self.tree.path(id).into_iter().filter_map(crumb).collect()
    }

    /// A category as a tile; what its pictures show is added to `deps`.
    pub(crate) fn tile(&self, id: CategoryId, locale: u8, deps: &mut Deps) -> Option<Category> {
        let text = self.tree.text(id, locale)?;
        let list = self.list(Some(id), Sort::Featured, locale);
        let mut images: Vec<Image> = self.tree.image(id).cloned().into_iter().collect();
        *deps = std::mem::take(deps).listing(Some(id));
        for item in list.iter().filter_map(|s| self.item(*s)) {
            if images.len() == PICTURES || self.tree.image(id).is_some() {
                break;
            }
            if let Some(image) = &item.image {
                images.push(image.clone());
                *deps = std::mem::take(deps).product(item.id);
            }
        }
        Some(Category {
            id,
            name: text.name.clone(),
            slug: text.slug.clone(),
            products: list.len() as u32,
            images,
        })
    }

    /// The slots of a page, which page it is, and how many there are.
    pub(crate) fn page(list: &[u32], page: usize) -> (&[u32], usize, usize) {
        let pages = list.len().div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let from = ((page - 1) * PAGE).min(list.len());
        (&list[from..(from + PAGE).min(list.len())], page, pages)
    }

    fn category_page(&self, id: Option<CategoryId>, locale: u8, sort: Sort, page: usize) -> CategoryPage {
        let list = self.list(id, sort, locale);
        let (slots, page, pages) = Model::page(&list, page);
        let cards = self.cards(slots, locale);
        let mut deps = cards.iter().fold(Deps::default().listing(id), |deps, c| deps.product(c.product));
        let children =
            self.tree.children(id).iter().filter_map(|c| self.tile(*c, locale, &mut deps)).collect();
        let text = id.and_then(|id| self.tree.text(id, locale));
        let slug_in = |(l, name): (usize, &String)| {
            Some((name.clone(), self.tree.own_text(id?, l as u8)?.slug.clone()))
        };
        CategoryPage {
            id,
            name: text.map(|t| t.name.clone()).unwrap_or_default(),
            description_html: text.map(|t| t.description.clone()).unwrap_or_default(),
            crumbs: id.map(|id| self.crumbs(id, locale)).unwrap_or_default(),
            children,
            total: list.len(),
            page,
            pages,
            sort,
            cards,
            alternates: self.locales.iter().enumerate().filter_map(slug_in).collect(),
            deps,
        }
    }
}

impl Shopfront {
    /// The whole category tree, for navigation. Bodies that show it need no deps for its names; the counts need
    /// `Deps::default().listing(None)`.
    pub fn tree(&self, locale: &str) -> Vec<CategoryNode> {
        let model = self.model.read();
        let l = model.locale(locale);
        model.tree.children(None).iter().filter_map(|id| model.node(*id, l)).collect()
    }

    /// The top categories as tiles, for the home page, and what they were built from.
    pub fn tiles(&self, locale: &str) -> (Vec<Category>, Deps) {
        let model = self.model.read();
        let l = model.locale(locale);
        let mut deps = Deps::default();
        let tiles = model.tree.children(None).iter().filter_map(|id| model.tile(*id, l, &mut deps)).collect();
        (tiles, deps)
    }

    /// Up to `limit` products of a category (none: of the shop) as a shelf, those that can be bought and have a
    /// picture first; and what it was built from.
    pub fn shelf(
        &self,
        locale: &str,
        category: Option<CategoryId>,
        sort: Sort,
        limit: usize,
    ) -> (Vec<Card>, Deps) {
        let model = self.model.read();
        let l = model.locale(locale);
        let list = model.list(category, sort, l);
        // a look at a few more than are shown: a shelf of a large shop is not worth a walk through all of it
        let near = &list[..list.len().min(limit * 8)];
        let mut cards = model.cards(near, l);
        cards.sort_by_key(|c| (!c.stock.can_buy(), c.image.is_none()));
        let deps = cards.iter().fold(Deps::default().listing(category), |deps, c| deps.product(c.product));
        cards.truncate(limit);
        (cards, deps)
    }

    /// A page of everything there is.
    pub fn everything(&self, locale: &str, sort: Sort, page: usize) -> CategoryPage {
        let model = self.model.read();
        model.category_page(None, model.locale(locale), sort, page)
    }

    /// A page of a category by its address; pages are counted from 1, and one too far shows the last.
    ///
    /// # Errors
    /// The database's, asked only for addresses that are not in use.
    pub async fn category(
        &self,
        locale: &str,
        slug: &str,
        sort: Sort,
        page: usize,
    ) -> Result<Found<CategoryPage>, Error> {
        {
            let model = self.model.read();
            let l = model.locale(locale);
            if let Some(id) = model.tree.at(l, slug) {
                return Ok(Found::Here(Box::new(model.category_page(Some(id), l, sort, page))));
            }
            // in a language it has no text in, it lives at the address of another
            for other in 0..model.locales.len() as u8 {
                let Some(id) = model.tree.at(other, slug) else { continue };
                match model.tree.own_text(id, l) {
                    Some(text) => return Ok(Found::Moved(text.slug.clone())),
                    None => return Ok(Found::Here(Box::new(model.category_page(Some(id), l, sort, page)))),
                }
            }
        }
        let id = self.formerly("category", locale, slug).await?;
        let model = self.model.read();
        let text = id.and_then(|id| model.tree.text(CategoryId::from_uuid(id), model.locale(locale)));
        Ok(text.map_or(Found::Gone, |t| Found::Moved(t.slug.clone())))
    }
}
