use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog::shop as shelf;
use db::{Db, Tx};
use kernel::{Ctx, ProductId, StoreId, Timestamp};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::load::SOME;
use crate::tree::Tree;
use crate::{Error, words};

/// Grows when what is indexed, or how, changes: an index of another version is built anew.
const VERSION: u32 = 1;
/// What the writer may hold before it writes a segment: the least that is allowed, once.
const MEMORY_BYTES: usize = 16 << 20;

/// What an index remembers with each commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    version: u32,
    store: StoreId,
    locales: Vec<String>,
    /// Everything before this place of the change feed is in it.
    mark: i64,
    read_at: Timestamp,
}

/// The fields of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken {
    pub(crate) title: Field,
    pub(crate) category: Field,
    pub(crate) description: Field,
}

/// The fields of a product.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// The product's id in two halves, to be read back without a document store.
    pub(crate) high: Field,
    pub(crate) low: Field,
    /// The id again, to delete by.
    id: Field,
    /// SKUs and GTINs, in words.
    pub(crate) code: Field,
    /// The same as a whole, lower-case.
    pub(crate) whole_code: Field,
    pub(crate) vendor: Field,
    pub(crate) tags: Field,
    /// By locale.
    pub(crate) spoken: Vec<Spoken>,
}

/// This process's search index.
pub(crate) struct SearchIndex {
    pub(crate) fields: Fields,
    index: Index,
    reader: IndexReader,
    stamp: Mutex<Stamp>,
    writer: Mutex<Option<IndexWriter>>,
}

/// A directory that no other process uses while this is held.
pub(crate) struct Home {
    dir: PathBuf,
    lock: File,
}

/// More processes than that on one folder are not expected.
const MOST_HOMES: u32 = 64;

impl Home {
    /// The first of `dir/0`, `dir/1`, … that nobody uses. It stays this process's until it ends, however it ends.
    pub(crate) fn take(dir: &Path) -> Result<Home, Error> {
        for n in 0..MOST_HOMES {
            let dir = dir.join(n.to_string());
            std::fs::create_dir_all(&dir)?;
            let lock = File::create(dir.join("in-use"))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Home { dir, lock }),
                Err(std::fs::TryLockError::WouldBlock) => {}
                Err(std::fs::TryLockError::Error(e)) => return Err(e.into()),
            }
        }
        Err(std::io::Error::other(format!("{MOST_HOMES} processes use the index folder already")).into())
    }

    fn index(&self) -> PathBuf {
        self.dir.join("index")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // at once, also where a child process has just been made and still has a copy of the file open
        let _ = self.lock.unlock(); // closing it unlocks it too
    }
}

fn schema(locales: &[String]) -> (Schema, Fields) {
    let mut b = Schema::builder();
    let words = || {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("words")
                .set_index_option(IndexRecordOption::WithFreqs),
        )
    };
    let whole = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        high: b.add_u64_field("high", FAST),
        low: b.add_u64_field("low", FAST),
        id: b.add_bytes_field("id", INDEXED),
        code: b.add_text_field("code", words()),
        whole_code: b.add_text_field("whole_code", whole),
        vendor: b.add_text_field("vendor", words()),
        tags: b.add_text_field("tags", words()),
        spoken: locales
            .iter()
            .map(|l| Spoken {
                title: b.add_text_field(&format!("title {l}"), words()),
                category: b.add_text_field(&format!("category {l}"), words()),
                description: b.add_text_field(&format!("description {l}"), words()),
            })
            .collect(),
    };
    (b.build(), fields)
}

impl SearchIndex {
    /// The index that an earlier process left in this directory, where it still fits.
    pub(crate) fn left(home: &Home, store: StoreId, locales: &[String]) -> Option<SearchIndex> {
        let (schema, fields) = schema(locales);
        let index = Index::open(MmapDirectory::open(home.index()).ok()?).ok()?;
        let stamp: Stamp = serde_json::from_str(index.load_metas().ok()?.payload.as_deref()?).ok()?;
        let fits = stamp.version == VERSION && stamp.store == store && stamp.locales == locales;
        if !fits || index.schema() != schema {
            return None;
        }
        SearchIndex::over(index, fields, stamp).ok()
    }

    /// An empty one in place of what is there.
    fn empty(dir: &Path, stamp: Stamp) -> Result<SearchIndex, Error> {
        match std::fs::remove_dir_all(dir) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => std::fs::create_dir_all(dir)?,
        }
        let (schema, fields) = schema(&stamp.locales);
        let open = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
        let index = Index::create(open, schema, IndexSettings::default())?;
        SearchIndex::over(index, fields, stamp)
    }

    fn over(index: Index, fields: Fields, stamp: Stamp) -> Result<SearchIndex, Error> {
        index.tokenizers().register("words", words::analyzer());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(SearchIndex { fields, index, reader, stamp: Mutex::new(stamp), writer: Mutex::new(None) })
    }

    /// Builds it anew of everything that is for sale; `place` is the change feed's, taken before.
    pub(crate) async fn build(
        home: &Home,
        db: &Db,
        ctx: &Ctx,
        locales: &[String],
        place: (i64, Timestamp),
    ) -> Result<SearchIndex, Error> {
        let (mark, read_at) = place;
        let stamp = Stamp { version: VERSION, store: ctx.store.id, locales: locales.to_vec(), mark, read_at };
        let (dir, ctx) = (home.index(), ctx.clone());
        let index = db.report(async move |tx: &mut Tx| fill(tx, &ctx, &dir, stamp).await).await?;
        blocking(move || index.commit(place).map(|()| index)).await
    }

    /// Brings some products to what they are now; they are found that way after [`SearchIndex::commit`].
    pub(crate) async fn update(&self, tx: &mut Tx, ctx: &Ctx, ids: &[ProductId]) -> Result<(), Error> {
        let locales = self.stamp.lock().locales.clone();
        let tree = Tree::new(shelf::category_nodes(tx, ctx.store.id).await?, &locales);
        for some in ids.chunks(SOME) {
            let documents = documents(tx, ctx, &tree, &locales, &self.fields, some).await?;
            let mut slot = self.writer.lock();
            let writer = self.writer_in(&mut slot)?;
            for id in some {
                writer.delete_term(Term::from_field_bytes(self.fields.id, id.uuid().as_bytes()));
            }
            for document in documents {
                writer.add_document(document)?;
            }
        }
        Ok(())
    }

    fn writer_in<'a>(&self, slot: &'a mut Option<IndexWriter>) -> Result<&'a mut IndexWriter, Error> {
        match slot {
            Some(writer) => Ok(writer),
            None => Ok(slot.insert(self.index.writer_with_num_threads(1, MEMORY_BYTES)?)),
        }
    }

    /// Lets what was updated be found, and remembers how far the change feed is in it. Blocks for a moment.
    pub(crate) fn commit(&self, place: (i64, Timestamp)) -> Result<(), Error> {
        let mut slot = self.writer.lock();
        let writer = self.writer_in(&mut slot)?;
        let stamp = {
            let mut stamp = self.stamp.lock();
            (stamp.mark, stamp.read_at) = place;
            serde_json::to_string(&*stamp).unwrap_or_default()
        };
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&stamp);
        prepared.commit()?;
        self.reader.reload()?;
        Ok(())
    }

    /// Gives the writer's memory and threads back until the next update. Blocks until merges are done.
    pub(crate) fn rest(&self) -> Result<(), Error> {
        let writer = self.writer.lock().take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.reader.reload()?;
        }
        Ok(())
    }

    pub(crate) fn is_resting(&self) -> bool {
        self.writer.lock().is_none()
    }

    /// How far the change feed is in it.
    pub(crate) fn place(&self) -> (i64, Timestamp) {
        let stamp = self.stamp.lock();
        (stamp.mark, stamp.read_at)
    }

    /// How many products can be found.
    pub(crate) fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    pub(crate) fn searcher(&self) -> tantivy::Searcher {
        self.reader.searcher()
    }
}

/// Runs what blocks off the async workers.
pub(crate) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|e| Err(std::io::Error::other(e).into()))
}

async fn fill(tx: &mut Tx, ctx: &Ctx, dir: &Path, stamp: Stamp) -> Result<SearchIndex, Error> {
    let locales = stamp.locales.clone();
    let index = SearchIndex::empty(dir, stamp)?;
    let tree = Tree::new(shelf::category_nodes(tx, ctx.store.id).await?, &locales);
    let ids = shelf::live_ids(tx, ctx.store.id).await?;
    for some in ids.chunks(SOME) {
        let documents = documents(tx, ctx, &tree, &locales, &index.fields, some).await?;
        let mut slot = index.writer.lock();
        let writer = index.writer_in(&mut slot)?;
        for document in documents {
            writer.add_document(document)?;
        }
    }
    Ok(index)
}

/// What can be found of products: one document each, its texts in every language (or else in the first it has).
async fn documents(
    tx: &mut Tx,
    ctx: &Ctx,
    tree: &Tree,
    locales: &[String],
    fields: &Fields,
    ids: &[ProductId],
) -> Result<Vec<TantivyDocument>, Error> {
    let products = shelf::live_products(tx, ctx.store.id, ids).await?;
    if products.is_empty() {
        return Ok(vec![]);
    }
    let live: Vec<ProductId> = products.iter().map(|p| p.id).collect();
    let nth = |locale: &str| locales.iter().position(|l| l == locale);
    let mut titles: HashMap<ProductId, Vec<(usize, String)>> = HashMap::new();
    for t in shelf::titles(tx, &live).await? {
        if let Some(l) = nth(&t.locale) {
            titles.entry(t.product).or_default().push((l, t.title));
        }
    }
    let mut descriptions: HashMap<ProductId, Vec<(usize, String)>> = HashMap::new();
    for (id, locale, html) in shelf::descriptions(tx, &live).await? {
        if let Some(l) = nth(&locale) {
            descriptions.entry(id).or_default().push((l, words::without_tags(&html)));
        }
    }
    let mut codes: HashMap<ProductId, Vec<String>> = HashMap::new();
    for v in shelf::live_variants(tx, &live).await? {
        codes.entry(v.product).or_default().extend([v.sku, v.gtin].into_iter().flatten());
    }
    let made = products.into_iter().map(|p| {
        let mut d = TantivyDocument::default();
        let (high, low) = p.id.uuid().as_u64_pair();
        d.add_u64(fields.high, high);
        d.add_u64(fields.low, low);
        d.add_bytes(fields.id, p.id.uuid().as_bytes());
        for code in codes.remove(&p.id).unwrap_or_default() {
            d.add_text(fields.whole_code, code.to_lowercase());
            d.add_text(fields.code, code);
        }
        d.add_text(fields.vendor, &p.vendor);
        for tag in serde_json::from_str::<Vec<String>>(&p.tags).unwrap_or_default() {
            d.add_text(fields.tags, tag);
        }
        let above = p.category.map(|c| tree.path(c)).unwrap_or_default();
        let titles = titles.remove(&p.id).unwrap_or_default();
        let descriptions = descriptions.remove(&p.id).unwrap_or_default();
        for (l, spoken) in fields.spoken.iter().enumerate() {
            if let Some(title) = in_language(&titles, l) {
                d.add_text(spoken.title, title);
            }
            if let Some(description) = in_language(&descriptions, l) {
                d.add_text(spoken.description, description);
            }
            for text in above.iter().filter_map(|c| tree.text(*c, l as u8)) {
                d.add_text(spoken.category, &text.name);
            }
        }
        d
    });
    Ok(made.collect())
}

fn in_language(texts: &[(usize, String)], wanted: usize) -> Option<&str> {
    let found = texts.iter().find(|(l, _)| *l == wanted).or_else(|| texts.iter().min_by_key(|(l, _)| *l));
    found.map(|(_, text)| text.as_str())
}

/// Commits are at least so far apart.
pub(crate) const COMMIT_EVERY: Duration = Duration::from_millis(300);
