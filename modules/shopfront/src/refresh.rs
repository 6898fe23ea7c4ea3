use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use db::{Db, Tx};
use kernel::{AssetId, CategoryId, Ctx, Id, ProductId, Timestamp, VariantId};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;
use work::{Change, Feed, Known};

use crate::index::{COMMIT_EVERY, Home, SearchIndex, blocking};
use crate::kept::Touched;
use crate::load::{self, Plan, SOME};
use crate::model::{Item, Model};
use crate::{Error, Shopfront, Stock};

/// How often the change feed is read.
const POLL: Duration = Duration::from_millis(100);
/// After a failure.
const PAUSE: Duration = Duration::from_secs(1);
/// The index's writer is let go when nothing was written for so long.
const REST: Duration = Duration::from_secs(5);

/// Where the refreshing stands.
pub(crate) struct Refresher {
    feed: Feed,
    /// When a price next begins or ends by itself.
    turn: Option<Timestamp>,
    /// The prices shown are those of this moment.
    priced_at: Timestamp,
    /// Products the index does not have as they are now.
    dirty: BTreeSet<ProductId>,
    building: Option<JoinHandle<Result<SearchIndex, Error>>>,
    /// The index must be built anew, not before this moment.
    rebuild: Option<Instant>,
    /// Something could not be read, and the feed has moved on: only a fresh load is sure to miss nothing.
    stale: bool,
    /// The first commit shows whether the index that was left holds what it should.
    doubtful: bool,
    written: Instant,
}

/// What changed, by what must be read again.
#[derive(Default)]
struct Changed {
    products: HashSet<ProductId>,
    prices: HashSet<VariantId>,
    /// Inventory items.
    stock: HashSet<Uuid>,
    categories: HashSet<CategoryId>,
    assets: Vec<AssetId>,
    site: bool,
}

impl Changed {
    fn new(changes: Vec<Change>) -> Changed {
        let mut all = Changed::default();
        for c in changes {
            match c.subject.as_str() {
                "product" => drop(all.products.insert(Id::from_uuid(c.id))),
                "price" => drop(all.prices.insert(Id::from_uuid(c.id))),
                "stock" => drop(all.stock.insert(c.id)),
                "category" => drop(all.categories.insert(Id::from_uuid(c.id))),
                "asset" => all.assets.push(Id::from_uuid(c.id)),
                "site" => all.site = true,
                // of newer programs beside this one, or for other readers
                _ => {}
            }
        }
        all
    }
}

/// Everything that is for sale, and when a price next begins or ends.
async fn load_all(tx: &mut Tx, ctx: &Ctx) -> Result<(Model, Option<Timestamp>), Error> {
    let Plan { locales, tree } = load::plan(tx, ctx).await?;
    let ids = catalog::shop::live_ids(tx, ctx.store.id).await?;
    let mut model = Model::new(locales, tree);
    let mut nobody = Touched::default();
    let mut turn: Option<Timestamp> = None;
    for some in ids.chunks(SOME) {
        let (items, next) = load::items(tx, ctx, &model.locales, some).await?;
        turn = [turn, next].into_iter().flatten().min();
        for item in items {
            model.put(item.id, Some(item), &mut nobody);
        }
    }
    Ok((model, turn))
}

async fn model_now(db: &Db, ctx: &Ctx) -> Result<(Model, Option<Timestamp>), Error> {
    let ctx = ctx.clone();
    db.report(async move |tx: &mut Tx| load_all(tx, &ctx).await).await
}

impl Refresher {
    pub(crate) async fn begin(
        db: &Db,
        ctx: &Ctx,
        home: &Home,
    ) -> Result<(Refresher, Model, Option<Arc<SearchIndex>>), Error> {
        let feed = Feed::from_now(db, ctx).await?; // before the load: what changes meanwhile is seen again
        let priced_at = ctx.now();
        let (model, turn) = model_now(db, ctx).await?;
        let mut dirty = BTreeSet::new();
        let mut index = SearchIndex::left(home, ctx.store.id, &model.locales);
        if let Some(left) = &index {
            match missed(db, ctx, left).await? {
                Some(products) => dirty = products,
                None => index = None,
            }
        }
        let now = Instant::now();
        let refresher = Refresher {
            feed,
            turn,
            priced_at,
            dirty,
            building: None,
            rebuild: index.is_none().then_some(now),
            stale: false,
            doubtful: true,
            written: now,
        };
        Ok((refresher, model, index.map(Arc::new)))
    }
}

/// Which products changed since an index was left; `None` when that cannot be said and it is better built anew.
async fn missed(db: &Db, ctx: &Ctx, index: &SearchIndex) -> Result<Option<BTreeSet<ProductId>>, Error> {
    let (mark, read_at) = index.place();
    let Some(mut feed) = Feed::resume(db, mark, read_at).await? else { return Ok(None) };
    let Some(changes) = feed.next(db, ctx).await? else { return Ok(None) };
    let changed = Changed::new(changes);
    Ok(changed.categories.is_empty().then(|| changed.products.into_iter().collect()))
}

impl Shopfront {
    /// Keeps everything fresh until told to stop: a change, also another process's, is shown within 1 s.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.refresh().await {
                Ok(()) => POLL,
                Err(e) => {
                    tracing::error!(error = %e, "the storefront cannot be refreshed");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
        if let Err(e) = self.leave().await {
            tracing::warn!(error = %e, "the search index is not up to date, and will catch up at the next start");
        }
    }

    /// Takes in what changed since the last time. [`Shopfront::run`] does it every 100 ms.
    ///
    /// # Errors
    /// The database's, the index's; nothing is missed by that, the next call loads everything anew.
    pub async fn refresh(self: &Arc<Self>) -> Result<(), Error> {
        let mut r = self.refresher.lock().await;
        let began = std::time::Instant::now();
        let changes = if r.stale { None } else { r.feed.next(&self.db, &self.ctx()).await? };
        r.stale = true; // until it is done
        if let Some(known) = self.db.extension::<Known>() {
            match &changes {
                Some(changes) => known.heard(changes, began),
                None => known.clear(),
            }
        }
        match changes {
            // another shop than before stands in the database
            Some(changes) if changes.iter().any(|c| c.subject == work::EVERYTHING) => {
                self.reload(&mut r).await?
            }
            None => self.reload(&mut r).await?,
            Some(changes) => self.take(&mut r, Changed::new(changes)).await?,
        }
        r.stale = false;
        self.tend_index(&mut r, false).await
    }

    /// Refreshes until the search index, too, has everything: for tests, the demo and imports that must be found.
    ///
    /// # Errors
    /// As [`Shopfront::refresh`].
    pub async fn settle(self: &Arc<Self>) -> Result<(), Error> {
        loop {
            self.refresh().await?;
            let mut r = self.refresher.lock().await;
            self.tend_index(&mut r, true).await?;
            if r.building.is_none() && r.rebuild.is_none() && r.dirty.is_empty() {
                return Ok(());
            }
            drop(r);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Everything anew.
    async fn reload(&self, r: &mut Refresher) -> Result<(), Error> {
        let mut ctx = self.ctx();
        if let Some(store) = self.db.read(async |tx: &mut Tx| site::find_store(tx).await).await? {
            ctx = ctx.in_store(Arc::new(store));
        }
        r.feed = Feed::from_now(&self.db, &ctx).await?;
        r.priced_at = ctx.now();
        let (model, turn) = model_now(&self.db, &ctx).await?;
        r.turn = turn;
        r.rebuild = Some(Instant::now());
        *self.ctx.write() = ctx;
        *self.model.write() = model;
        self.drop_everything();
        Ok(())
    }

    fn drop_everything(&self) {
        let mut touched = Touched::default();
        touched.everything();
        self.kept().drop_touched(&touched);
    }

    async fn take(&self, r: &mut Refresher, mut changed: Changed) -> Result<(), Error> {
        let mut touched = Touched::default();
        if changed.site {
            if self.take_site(r).await? {
                return Ok(());
            }
            touched.everything();
        }
        if !changed.categories.is_empty() {
            self.take_tree(r, &changed.categories).await?;
            touched.everything();
        }
        if !changed.assets.is_empty() {
            let assets = std::mem::take(&mut changed.assets);
            let used = self.db.read(async |tx: &mut Tx| assets::shop::used(tx, &assets).await).await?;
            // those of products and categories come with changes of these
            if assets.iter().any(|a| !used.contains(&a.uuid())) {
                touched.everything();
            }
        }
        if !changed.products.is_empty() {
            touched.search();
            r.dirty.extend(&changed.products);
        }
        self.turn_prices(r, &mut changed).await?;
        self.take_products(r, &changed, &mut touched).await?;
        self.take_stock(&changed, &mut touched).await?;
        self.kept().drop_touched(&touched);
        Ok(())
    }

    /// The shop's own settings: `true` when that meant loading everything anew.
    async fn take_site(&self, r: &mut Refresher) -> Result<bool, Error> {
        let ctx = self.ctx();
        let known = self.locales();
        let (store, plan) = self
            .db
            .read(async |tx: &mut Tx| {
                Ok::<_, Error>((site::find_store(tx).await?, load::plan(tx, &ctx).await?))
            })
            .await?;
        let same_store = store.is_none_or(|s| s == *ctx.store);
        if same_store && plan.locales == known {
            return Ok(false);
        }
        self.reload(r).await?;
        Ok(true)
    }

    /// The category tree; the names above a product are found with it.
    async fn take_tree(&self, r: &mut Refresher, changed: &HashSet<CategoryId>) -> Result<(), Error> {
        let ctx = self.ctx();
        let plan = self.db.read(async |tx: &mut Tx| load::plan(tx, &ctx).await).await?;
        let mut model = self.model.write();
        let mut below: HashSet<CategoryId> = changed.iter().flat_map(|c| model.tree.below(*c)).collect();
        model.set_tree(plan.tree);
        below.extend(changed.iter().flat_map(|c| model.tree.below(*c)));
        let inside = |i: &&Item| i.category.is_some_and(|c| below.contains(&c));
        r.dirty.extend(model.items().filter(inside).map(|i| i.id));
        Ok(())
    }

    /// Prices that begin or end by themselves.
    async fn turn_prices(&self, r: &mut Refresher, changed: &mut Changed) -> Result<(), Error> {
        let ctx = self.ctx();
        let now = ctx.now();
        if r.turn.is_none_or(|t| t > now) {
            return Ok(());
        }
        let (market, from) = (ctx.store.market, r.priced_at);
        let (turned, next) = self
            .db
            .read(async |tx: &mut Tx| {
                let turned = pricing::shop::turned(tx, market, from, now).await?;
                Ok::<_, Error>((turned, pricing::shop::next_turn(tx, market, now).await?))
            })
            .await?;
        changed.prices.extend(turned);
        (r.turn, r.priced_at) = (next, now);
        Ok(())
    }

    /// Products that changed, and those of which a price did.
    async fn take_products(
        &self,
        r: &mut Refresher,
        changed: &Changed,
        touched: &mut Touched,
    ) -> Result<(), Error> {
        let mut wanted = changed.products.clone();
        {
            let model = self.model.read();
            wanted.extend(changed.prices.iter().filter_map(|v| model.product_of(*v)));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let (ctx, locales) = (self.ctx(), self.locales());
        let wanted: Vec<ProductId> = wanted.into_iter().collect();
        // pages show more of a product than is kept in memory
        wanted.iter().for_each(|id| touched.product(*id));
        let (items, turn) = if wanted.len() <= SOME {
            self.db.snapshot(async |tx: &mut Tx| load::items(tx, &ctx, &locales, &wanted).await).await?
        } else {
            let wanted = wanted.clone();
            self.db.report(async move |tx: &mut Tx| load::items(tx, &ctx, &locales, &wanted).await).await?
        };
        r.turn = [r.turn, turn].into_iter().flatten().min();
        let mut gone: HashSet<ProductId> = wanted.into_iter().collect();
        let mut model = self.model.write();
        for item in items {
            gone.remove(&item.id);
            model.put(item.id, Some(item), touched);
        }
        for id in gone {
            model.put(id, None, touched);
        }
        Ok(())
    }

    /// Availability: what is shown changes far less often than the numbers.
    async fn take_stock(&self, changed: &Changed, touched: &mut Touched) -> Result<(), Error> {
        if changed.stock.is_empty() {
            return Ok(());
        }
        let items: Vec<Uuid> = changed.stock.iter().copied().collect();
        let (variants, now) = if items.len() <= SOME {
            self.db.read(async |tx: &mut Tx| load::stock_of_items(tx, &items).await).await?
        } else {
            self.db.report(async move |tx: &mut Tx| load::stock_of_items(tx, &items).await).await?
        };
        let mut model = self.model.write();
        for id in variants {
            let stock = now.get(&id).copied().unwrap_or(Stock::In);
            let Some(item) = model.product_of(id).and_then(|p| model.get(p)) else { continue };
            if item.variants.iter().all(|v| v.id != id || v.stock == stock) {
                continue;
            }
            let mut item = item.clone();
            item.variants.iter_mut().filter(|v| v.id == id).for_each(|v| v.stock = stock);
            model.put(item.id, Some(item), touched);
        }
        Ok(())
    }

    /// Brings the search index on: building it, or committing what changed, at most every 300 ms.
    async fn tend_index(self: &Arc<Self>, r: &mut Refresher, hurry: bool) -> Result<(), Error> {
        if r.building.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(built) = r.building.take()
        {
            let built = built.await.unwrap_or_else(|e| Err(std::io::Error::other(e).into()));
            match built {
                Ok(index) => *self.index.write() = Some(Arc::new(index)),
                Err(e) => {
                    r.rebuild = Some(Instant::now() + PAUSE * 5);
                    tracing::error!(error = %e, "the search index cannot be built; titles are searched meanwhile");
                }
            }
            self.found_anew();
        }
        if r.building.is_none() && r.rebuild.is_some_and(|at| at <= Instant::now()) {
            (r.rebuild, r.doubtful) = (None, false);
            r.dirty.clear(); // what is built is read after this
            *self.index.write() = None;
            let (home, db, ctx, locales) = (self.home.clone(), self.db.clone(), self.ctx(), self.locales());
            let place = r.feed.place();
            r.building =
                Some(tokio::spawn(
                    async move { SearchIndex::build(&home, &db, &ctx, &locales, place).await },
                ));
            return Ok(());
        }
        let Some(index) = self.index.read().clone() else { return Ok(()) };
        if !r.dirty.is_empty() && (hurry || r.written.elapsed() >= COMMIT_EVERY) {
            self.commit(r, &index).await?;
        } else if !index.is_resting() && r.written.elapsed() >= REST {
            blocking(move || index.rest()).await?;
        }
        self.doubt(r);
        Ok(())
    }

    /// Was the index that an earlier process left really of this database?
    fn doubt(&self, r: &mut Refresher) {
        if !r.doubtful || !r.dirty.is_empty() {
            return;
        }
        r.doubtful = false;
        let found = self.index.read().as_ref().map_or(0, |i| i.len());
        if found != self.products() as u64 {
            tracing::info!(
                found,
                products = self.products(),
                "the search index does not fit and is built anew"
            );
            r.rebuild = Some(Instant::now());
        }
    }

    async fn commit(&self, r: &mut Refresher, index: &Arc<SearchIndex>) -> Result<(), Error> {
        let ctx = self.ctx();
        let dirty: Vec<ProductId> = r.dirty.iter().copied().collect();
        let place = r.feed.place();
        let (at, ids) = (index.clone(), dirty.clone());
        if dirty.len() <= SOME {
            self.db.snapshot(async |tx: &mut Tx| at.update(tx, &ctx, &ids).await).await?;
        } else {
            self.db.report(async move |tx: &mut Tx| at.update(tx, &ctx, &ids).await).await?;
        }
        let at = index.clone();
        blocking(move || at.commit(place)).await?;
        r.dirty.clear();
        r.written = Instant::now();
        self.found_anew();
        Ok(())
    }

    /// What searches found before may not be what they find now.
    fn found_anew(&self) {
        let mut touched = Touched::default();
        touched.search();
        self.kept().drop_touched(&touched);
    }

    /// Leaves the index so that the next process can go on with it.
    async fn leave(&self) -> Result<(), Error> {
        let mut r = self.refresher.lock().await;
        let Some(index) = self.index.read().clone() else { return Ok(()) };
        if r.building.is_some() || r.rebuild.is_some() {
            return Ok(());
        }
        if !r.dirty.is_empty() {
            self.commit(&mut r, &index).await?;
        } else if index.place().0 != r.feed.place().0 {
            let place = r.feed.place();
            let at = index.clone();
            blocking(move || at.commit(place)).await?;
        }
        blocking(move || index.rest()).await
    }
}
