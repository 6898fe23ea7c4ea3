use std::collections::HashMap;

use db::{Db, Tx};
use kernel::{CategoryId, Ctx};

use super::Error;
use super::parse::Parsed;

/// Paths of categories that are known, with their ids.
pub(super) struct Categories {
    known: HashMap<Vec<String>, CategoryId>,
}

fn folded(path: &[String]) -> Vec<String> {
    path.iter().map(|n| n.to_lowercase()).collect()
}

impl Categories {
    pub async fn load(db: &Db, ctx: &Ctx, locale: &str) -> Result<Categories, Error> {
        let (store, locale) = (ctx.store.id, locale.to_owned());
        let tree = db.read(async move |tx: &mut Tx| catalog::category_tree(tx, store, &locale).await).await?;
        let mut known = HashMap::new();
        let mut above: Vec<String> = vec![];
        for c in tree {
            above.truncate(c.depth);
            above.push(c.name.to_lowercase());
            known.insert(above.clone(), c.id);
        }
        Ok(Categories { known })
    }

    /// Gives the products of a batch their categories; how many were made.
    pub async fn ensure(
        &mut self,
        db: &Db,
        ctx: &Ctx,
        locale: &str,
        batch: &mut [Parsed],
    ) -> Result<u64, Error> {
        let mut new: Vec<Vec<String>> = vec![];
        for path in batch.iter().flat_map(paths) {
            if !self.known.contains_key(&folded(path)) && !new.contains(path) {
                new.push(path.clone());
            }
        }
        let mut made = 0;
        if !new.is_empty() {
            let before = self.known.len();
            let (c, paths, words) = (ctx.clone(), new, locale.to_owned());
            db.write("import_categories", async move |tx: &mut Tx| {
                catalog::ensure_categories(tx, &c, &words, &paths).await.map(drop)
            })
            .await?;
            *self = Categories::load(db, ctx, locale).await?;
            made = self.known.len().saturating_sub(before) as u64;
        }
        for parsed in batch {
            let id = |path: &Vec<String>| self.known.get(&folded(path)).copied();
            parsed.wanted.category = parsed.category.as_ref().map(|path| path.as_ref().and_then(id));
            parsed.wanted.category_if_none = parsed.category_if_none.as_ref().and_then(id);
        }
        Ok(made)
    }

    /// The same without writing: a category that would be made is counted once.
    pub fn rehearse(&mut self, parsed: &mut Parsed) -> u64 {
        let mut made = 0;
        for path in paths(parsed) {
            let path = folded(path);
            for depth in 1..=path.len() {
                if !self.known.contains_key(&path[..depth]) {
                    // nothing is written, so that any id does: it only has to differ from the present one
                    self.known.insert(path[..depth].to_vec(), CategoryId::from_uuid(uuid::Uuid::nil()));
                    made += 1;
                }
            }
        }
        let id = |path: &Vec<String>| self.known.get(&folded(path)).copied();
        parsed.wanted.category = parsed.category.as_ref().map(|path| path.as_ref().and_then(id));
        parsed.wanted.category_if_none = parsed.category_if_none.as_ref().and_then(id);
        made
    }
}

fn paths(parsed: &Parsed) -> impl Iterator<Item = &Vec<String>> {
    parsed.category.iter().flatten().chain(&parsed.category_if_none)
}
