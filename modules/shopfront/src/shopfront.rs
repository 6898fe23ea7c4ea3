use std::path::PathBuf;
use std::sync::Arc;

use db::Db;
use kernel::Ctx;
use parking_lot::RwLock;
use tokio::sync::Mutex;

use crate::index::{Home, SearchIndex};
use crate::model::Model;
use crate::refresh::Refresher;
use crate::{Error, Kept};

/// Kept bodies take at most so many bytes.
const KEPT_BYTES: u64 = 32 << 20;

/// What the storefront reads: a read model in memory, a search index in a directory of its own, and kept bodies.
/// One a process; [`Shopfront::run`] keeps it fresh.
pub struct Shopfront {
    pub(crate) db: Db,
    pub(crate) ctx: RwLock<Ctx>,
    pub(crate) model: RwLock<Model>,
    pub(crate) index: RwLock<Option<Arc<SearchIndex>>>,
    pub(crate) home: Arc<Home>,
    pub(crate) refresher: Mutex<Refresher>,
    kept: Kept,
}

impl std::fmt::Debug for Shopfront {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shopfront")
            .field("products", &self.model.read().len())
            .field("kept", &self.kept)
            .finish()
    }
}

impl Shopfront {
    /// Loads what is for sale, and the search index as far as an earlier process left one in `dir` that fits (else it
    /// is built while [`Shopfront::run`] runs, and titles are searched meanwhile).
    ///
    /// # Errors
    /// The database's, and [`Error::Io`] when the directory cannot be used.
    pub async fn open(db: Db, ctx: Ctx, dir: impl Into<PathBuf>) -> Result<Arc<Shopfront>, Error> {
        let dir = dir.into();
        if db.extension::<work::Known>().is_none() {
            // whoever hears the feed keeps what this process remembers up to date
            drop(db.clone().with(Arc::new(work::Known::default())));
        }
        let home = Arc::new(crate::index::blocking(move || Home::take(&dir)).await?);
        let (refresher, model, index) = Refresher::begin(&db, &ctx, &home).await?;
        Ok(Arc::new(Shopfront {
            db,
            ctx: RwLock::new(ctx),
            model: RwLock::new(model),
            index: RwLock::new(index),
            home,
            refresher: Mutex::new(refresher),
            kept: Kept::new(KEPT_BYTES),
        }))
    }

    /// Rendered bodies.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The system's context, with the store as it is now.
    pub fn ctx(&self) -> Ctx {
        self.ctx.read().clone()
    }

    /// The languages of the shop, the default first.
    pub fn locales(&self) -> Vec<String> {
        self.model.read().locales.clone()
    }

    /// How many products are for sale.
    pub fn products(&self) -> usize {
        self.model.read().len()
    }

    /// Is the search index complete? Until then titles are searched.
    pub fn is_indexed(&self) -> bool {
        self.index.read().is_some()
    }
}
