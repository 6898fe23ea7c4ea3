use std::sync::Arc;

use db::{Db, Tx};
use kernel::{Clock, Ctx, Entropy, OsEntropy, Store, SystemClock};
use parking_lot::RwLock;
use theme::Theme;

use crate::Error;

/// How this server is reached and run.
#[derive(Clone, Debug)]
pub struct Config {
    /// What absolute addresses begin with, without a slash at its end: `https://shop.example`.
    pub public_url: String,
    /// Runs on a developer's machine: the test bank is offered, the mailbox says so.
    pub dev: bool,
    /// A reverse proxy stands before it, whose last `X-Forwarded-For` is the visitor.
    pub behind_proxy: bool,
}

impl Config {
    /// Is it reached by https, so that cookies are for https only?
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// What [`State::new`] is made of.
pub struct Parts {
    /// The shop's database, migrated.
    pub db: Db,
    /// How it is reached.
    pub config: Config,
    /// What shoppers see; see [`crate::theme_options`] for addresses of static files with their content's hash.
    pub theme: Arc<Theme>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub entropy: Arc<dyn Entropy>,
}

impl Parts {
    /// With the machine's clock and entropy.
    pub fn new(db: Db, config: Config, theme: Arc<Theme>) -> Parts {
        Parts { db, config, theme, clock: Arc::new(SystemClock), entropy: Arc::new(OsEntropy) }
    }
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    parts: Parts,
    limiter: access::Limiter,
    open: RwLock<Option<Arc<Open>>>,
    /// Held while a shop is being opened, so that two requests do not open it twice.
    opening: tokio::sync::Mutex<()>,
}

/// A shop that was set up.
struct Open {
    ctx: Ctx,
    /// Its languages, the default first.
    locales: Vec<Arc<str>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("config", &self.0.parts.config).finish_non_exhaustive()
    }
}

impl State {
    /// Of a server whose shop may not be set up yet; see [`State::begin`].
    pub fn new(parts: Parts) -> State {
        let limiter = access::Limiter::new(parts.clock.clone());
        let opening = tokio::sync::Mutex::default();
        State(Arc::new(Inner { parts, limiter, open: RwLock::default(), opening }))
    }

    /// Opens the shop if it has been set up; `false` while it has not. Call it at start and after first-run set-up;
    /// each request does so too while the shop is not open.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(&self) -> Result<bool, Error> {
        if self.0.open.read().is_some() {
            return Ok(true);
        }
        let _alone = self.0.opening.lock().await;
        if self.0.open.read().is_some() {
            return Ok(true);
        }
        let found = async |tx: &mut Tx| {
            let Some(store) = site::find_store(tx).await? else { return Ok(None) };
            let locales = site::locales(tx, store.id).await?;
            Ok::<_, site::Error>(Some((store, locales)))
        };
        let Some((store, locales)) = self.db().read(found).await? else { return Ok(false) };
        let locales: Vec<Arc<str>> = locales.into_iter().map(Arc::from).collect();
        let ctx = self.ctx_of(Arc::new(store));
        let ctx = ctx.in_locale(locales.first().unwrap_or(&ctx.locale));
        *self.0.open.write() = Some(Arc::new(Open { ctx, locales }));
        Ok(true)
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.parts.db
    }

    /// How the server is reached.
    pub fn config(&self) -> &Config {
        &self.0.parts.config
    }

    /// What shoppers see.
    pub fn theme(&self) -> &Arc<Theme> {
        &self.0.parts.theme
    }

    /// How often one may try to sign in.
    pub fn limiter(&self) -> &access::Limiter {
        &self.0.limiter
    }

    /// Where time comes from.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.0.parts.clock.clone()
    }

    /// Where ids and secrets come from.
    pub fn entropy(&self) -> Arc<dyn Entropy> {
        self.0.parts.entropy.clone()
    }

    /// The system's context in a store: for first-run set-up, which makes the store.
    pub fn ctx_of(&self, store: Arc<Store>) -> Ctx {
        Ctx::with(store, self.clock(), self.entropy())
    }

    /// The system's context, with the store as it is now. Handlers take theirs from [`crate::Caller`].
    ///
    /// # Errors
    /// [`Error`] of kind `Unavailable` (`not_set_up`) before set-up.
    pub fn ctx(&self) -> Result<Ctx, Error> {
        self.0.open.read().as_ref().map(|open| open.ctx.clone()).ok_or_else(Error::not_set_up)
    }

    /// The shop's own language.
    pub fn default_locale(&self) -> Arc<str> {
        self.0.open.read().as_ref().map_or_else(|| "en".into(), |open| open.ctx.locale.clone())
    }

    /// The language that a first segment of a path names: any of the shop's but the default.
    pub(crate) fn prefixed_locale(&self, segment: &str) -> Option<Arc<str>> {
        let open = self.0.open.read();
        open.as_ref()?.locales.iter().skip(1).find(|l| ***l == *segment).cloned()
    }

    /// Has the shop been set up and opened?
    pub fn is_open(&self) -> bool {
        self.0.open.read().is_some()
    }
}
