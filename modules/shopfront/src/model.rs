use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{AssetId, CategoryId, ProductId, Timestamp, VariantId};
use parking_lot::Mutex;
use serde::Serialize;

use crate::Stock;
use crate::kept::Touched;
use crate::tree::Tree;

/// What the storefront keeps in memory: of a product only what cards and sorting need.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The languages of the shop, the default first.
    pub(crate) locales: Vec<String>,
    pub(crate) tree: Tree,
    items: Vec<Option<Item>>,
    free: Vec<u32>,
    by_id: HashMap<ProductId, u32>,
    by_variant: HashMap<VariantId, u32>,
    vendors: HashSet<Arc<str>>,
    lists: Mutex<Lists>,
}

/// Sorted lists that were asked for, until what they hold changes.
#[derive(Debug, Default)]
struct Lists {
    sorted: HashMap<(Option<CategoryId>, Sort, u8), Arc<[u32]>>,
    counts: Option<Arc<HashMap<CategoryId, u32>>>,
}

/// More lists than that are not remembered: 10,000 products a list are 40 kB.
const MOST_LISTS: usize = 128;

/// A product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) id: ProductId,
    pub(crate) category: Option<CategoryId>,
    pub(crate) created_at: Timestamp,
    pub(crate) vendor: Arc<str>,
    /// By locale.
    pub(crate) texts: Box<[Option<ItemText>]>,
    pub(crate) image: Option<Image>,
    pub(crate) variants: Box<[Brief]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ItemText {
    pub(crate) title: Box<str>,
    pub(crate) slug: Box<str>,
}

/// A variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Brief {
    pub(crate) id: VariantId,
    pub(crate) price: Option<Shown>,
    pub(crate) unit_grams: Option<u32>,
    pub(crate) stock: Stock,
}

/// A price in minor units of the market's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) amount: i64,
    pub(crate) compare_at: Option<i64>,
}

/// A picture of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// The file: `/img/{asset}`.
    pub asset: AssetId,
    /// What is to be seen; may be empty.
    pub alt: Box<str>,
    /// In px.
    pub width: u32,
    /// In px.
    pub height: u32,
    /// Its own hue, 0 to 359; none is neutral.
    pub hue: Option<u16>,
}

kernel::states! {
    /// How a list is sorted.
    pub enum Sort {
        /// As the merchant made them, the oldest first.
        Featured = "featured",
        /// The cheapest first.
        PriceUp = "price",
        /// The dearest first.
        PriceDown = "price_down",
        /// The newest first.
        Newest = "newest",
        /// By name.
        Name = "name",
    }
}

impl Item {
    /// Its title and address in a language, or else in the first that has some.
    pub(crate) fn text(&self, locale: u8) -> Option<&ItemText> {
        self.texts
            .get(usize::from(locale))
            .and_then(Option::as_ref)
            .or_else(|| self.texts.iter().flatten().next())
    }

    /// Its own in that language.
    pub(crate) fn own_text(&self, locale: u8) -> Option<&ItemText> {
        self.texts.get(usize::from(locale))?.as_ref()
    }

    /// Has anything of it a price and a name? What has not is not shown.
    pub(crate) fn listed(&self) -> bool {
        self.variants.iter().any(|v| v.price.is_some()) && self.texts.iter().any(Option::is_some)
    }

    /// The variants that have a price.
    pub(crate) fn priced(&self) -> impl Iterator<Item = (&Brief, Shown)> {
        self.variants.iter().filter_map(|v| v.price.map(|p| (v, p)))
    }

    /// The variant whose price a card shows: the cheapest that can be bought, or else the cheapest.
    pub(crate) fn face(&self) -> Option<(&Brief, Shown)> {
        self.priced().min_by_key(|(v, p)| (!v.stock.can_buy(), p.amount))
    }

    /// Would lists hold it in another place?
    fn sorts_as(&self, other: &Item) -> bool {
        let key = |i: &Item| (i.category, i.listed(), i.created_at, i.face().map(|(_, p)| p.amount));
        key(self) == key(other) && self.texts == other.texts
    }
}

impl Model {
    /// Without products.
    pub(crate) fn new(locales: Vec<String>, tree: Tree) -> Model {
        Model { locales, tree, ..Model::default() }
    }

    pub(crate) fn locale(&self, locale: &str) -> u8 {
        self.locales.iter().position(|l| l == locale).unwrap_or(0) as u8
    }

    pub(crate) fn get(&self, id: ProductId) -> Option<&Item> {
        self.by_id.get(&id).and_then(|slot| self.item(*slot))
    }

    pub(crate) fn item(&self, slot: u32) -> Option<&Item> {
        self.items.get(slot as usize)?.as_ref()
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whose variant it is, where its product is for sale.
    pub(crate) fn product_of(&self, variant: VariantId) -> Option<ProductId> {
        Some(self.item(*self.by_variant.get(&variant)?)?.id)
    }

    /// One text for all products of a brand.
    fn intern(&mut self, vendor: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.vendors.get(vendor) {
            return known.clone();
        }
        self.vendors.insert(vendor.clone());
        vendor.clone()
    }

    /// Takes a product as it is now, or out of the shop; says what is touched by that.
    pub(crate) fn put(&mut self, id: ProductId, item: Option<Item>, touched: &mut Touched) {
        let slot = self.by_id.get(&id).copied();
        let old = slot.and_then(|s| self.items[s as usize].take());
        if old != item {
            touched.product(id);
            let same_place = old.as_ref().zip(item.as_ref()).is_some_and(|(a, b)| a.sorts_as(b));
            if !same_place {
                for category in [old.as_ref(), item.as_ref()].into_iter().flatten().map(|i| i.category) {
                    self.touch_listing(category, touched);
                }
            }
        }
        for v in old.iter().flat_map(|o| &o.variants) {
            self.by_variant.remove(&v.id);
        }
        let Some(mut item) = item else {
            if let Some(slot) = slot {
                self.by_id.remove(&id);
                self.free.push(slot);
            }
            return;
        };
        item.vendor = self.intern(&item.vendor);
        let slot = slot.or_else(|| self.free.pop()).unwrap_or_else(|| {
            self.items.push(None);
            (self.items.len() - 1) as u32
        });
        self.by_id.insert(id, slot);
        for v in &item.variants {
            self.by_variant.insert(v.id, slot);
        }
        self.items[slot as usize] = Some(item);
    }

    fn touch_listing(&self, category: Option<CategoryId>, touched: &mut Touched) {
        let above = category.map(|c| self.tree.path(c)).unwrap_or_default();
        let mut lists = self.lists.lock();
        lists.counts = None;
        for c in above.into_iter().map(Some).chain([None]) {
            touched.listing(c);
            lists.sorted.retain(|(of, _, _), _| *of != c);
        }
    }

    /// Takes another tree: everything that is listed may lie elsewhere.
    pub(crate) fn set_tree(&mut self, tree: Tree) {
        self.tree = tree;
        *self.lists.get_mut() = Lists::default();
    }

    /// The products in and below a category (none: all), sorted.
    pub(crate) fn list(&self, category: Option<CategoryId>, sort: Sort, locale: u8) -> Arc<[u32]> {
        let key = (category, sort, if sort == Sort::Name { locale } else { 0 });
        if let Some(list) = self.lists.lock().sorted.get(&key) {
            return list.clone();
        }
        let list: Arc<[u32]> = self.sorted(category, sort, locale).into();
        let mut lists = self.lists.lock();
        if lists.sorted.len() >= MOST_LISTS {
            lists.sorted.clear();
        }
        lists.sorted.insert(key, list.clone());
        list
    }

    fn sorted(&self, category: Option<CategoryId>, sort: Sort, locale: u8) -> Vec<u32> {
        let below = category.map(|c| self.tree.below(c));
        let inside = |i: &Item| match &below {
            None => true,
            Some(below) => i.category.is_some_and(|c| below.contains(&c)),
        };
        let mut found: Vec<(u32, &Item)> = (0u32..)
            .zip(&self.items)
            .filter_map(|(slot, item)| Some((slot, item.as_ref()?)))
            .filter(|(_, i)| i.listed() && inside(i))
            .collect();
        let price = |i: &Item| i.face().map_or(0, |(_, p)| p.amount);
        match sort {
            Sort::Featured => found.sort_unstable_by_key(|(_, i)| (i.created_at, i.id)),
            Sort::PriceUp => found.sort_by_cached_key(|(_, i)| (price(i), i.created_at, i.id)),
            Sort::PriceDown => {
                found.sort_by_cached_key(|(_, i)| (std::cmp::Reverse(price(i)), i.created_at, i.id))
            }
            Sort::Newest => found.sort_unstable_by_key(|(_, i)| std::cmp::Reverse((i.created_at, i.id))),
            Sort::Name => found.sort_by_cached_key(|(_, i)| {
                (i.text(locale).map(|t| crate::words::folded(&t.title)).unwrap_or_default(), i.id)
            }),
        }
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    /// How many products lie in or below each category.
    pub(crate) fn counts(&self) -> Arc<HashMap<CategoryId, u32>> {
        if let Some(counts) = &self.lists.lock().counts {
            return counts.clone();
        }
        let mut own: HashMap<CategoryId, u32> = HashMap::new();
        for category in self.items().filter(|i| i.listed()).filter_map(|i| i.category) {
            *own.entry(category).or_default() += 1;
        }
        let mut all: HashMap<CategoryId, u32> = HashMap::new();
        for (category, n) in own {
            for above in self.tree.path(category) {
                *all.entry(above).or_default() += n;
            }
        }
        let all = Arc::new(all);
        self.lists.lock().counts = Some(all.clone());
        all
    }
}
