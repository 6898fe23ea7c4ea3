use std::collections::{HashMap, HashSet};

use catalog::shop::CategoryNode;
use kernel::CategoryId;

use crate::model::Image;

/// The category tree in every language, in memory.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: HashMap<CategoryId, Node>,
    roots: Vec<CategoryId>,
    /// Every category, parents before their children, in order.
    order: Vec<CategoryId>,
    slugs: HashMap<(u8, Box<str>), CategoryId>,
    /// A category's own first picture.
    images: HashMap<CategoryId, Image>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) parent: Option<CategoryId>,
    pub(crate) children: Vec<CategoryId>,
    /// By locale.
    texts: Vec<Option<Text>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) description: String,
}

impl Tree {
    /// From rows in sibling order.
    pub(crate) fn new(rows: Vec<CategoryNode>, locales: &[String]) -> Tree {
        let mut tree = Tree::default();
        let mut found = vec![];
        for row in rows {
            let node = tree.nodes.entry(row.id).or_insert_with(|| {
                found.push(row.id);
                Node { parent: row.parent, children: vec![], texts: vec![None; locales.len()] }
            });
            let (Some(locale), Some(name), Some(slug)) = (row.locale, row.name, row.slug) else { continue };
            if let Some(l) = locales.iter().position(|known| *known == locale) {
                tree.slugs.insert((l as u8, slug.as_str().into()), row.id);
                node.texts[l] = Some(Text { name, slug, description: row.description.unwrap_or_default() });
            }
        }
        for id in found {
            match tree.nodes.get(&id).and_then(|n| n.parent).and_then(|p| tree.nodes.get_mut(&p)) {
                Some(parent) => parent.children.push(id),
                None => tree.roots.push(id),
            }
        }
        let mut order = vec![];
        let mut open: Vec<CategoryId> = tree.roots.iter().rev().copied().collect();
        while let Some(id) = open.pop() {
            order.push(id);
            open.extend(tree.children(Some(id)).iter().rev());
        }
        tree.order = order;
        tree
    }

    pub(crate) fn children(&self, of: Option<CategoryId>) -> &[CategoryId] {
        match of {
            None => &self.roots,
            Some(id) => self.nodes.get(&id).map_or(&[], |n| &n.children),
        }
    }

    /// Every category, parents before their children.
    pub(crate) fn all(&self) -> &[CategoryId] {
        &self.order
    }

    /// Its texts in a language, or else in the first that has some.
    pub(crate) fn text(&self, id: CategoryId, locale: u8) -> Option<&Text> {
        let texts = &self.nodes.get(&id)?.texts;
        texts.get(usize::from(locale)).and_then(Option::as_ref).or_else(|| texts.iter().flatten().next())
    }

    /// Its own texts in a language.
    pub(crate) fn own_text(&self, id: CategoryId, locale: u8) -> Option<&Text> {
        self.nodes.get(&id)?.texts.get(usize::from(locale))?.as_ref()
    }

    /// The first one given stays.
    pub(crate) fn picture(&mut self, id: CategoryId, image: Image) {
        self.images.entry(id).or_insert(image);
    }

    pub(crate) fn image(&self, id: CategoryId) -> Option<&Image> {
        self.images.get(&id)
    }

    pub(crate) fn at(&self, locale: u8, slug: &str) -> Option<CategoryId> {
        self.slugs.get(&(locale, slug.into())).copied()
    }

    /// From the root down to it, itself included. (A cycle, which the catalogue forbids, would end after a while.)
    pub(crate) fn path(&self, id: CategoryId) -> Vec<CategoryId> {
        let mut up = vec![];
        let mut at = Some(id);
        while let Some(id) = at
            && let Some(node) = self.nodes.get(&id)
            && up.len() < 64
        {
            up.push(id);
            at = node.parent;
        }
        up.reverse();
        up
    }

    /// It and all below it.
    pub(crate) fn below(&self, id: CategoryId) -> HashSet<CategoryId> {
        let mut all = HashSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if all.insert(id) {
                open.extend(self.children(Some(id)));
            }
        }
        all
    }
}
