use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use assets::Vault;
use db::{Db, Tx};
use flows::{Providers, Shop};
use kernel::{Clock, Ctx, Entropy, OsEntropy, PaymentId, Store, SystemClock};
use parking_lot::{Mutex, RwLock};
use shopfront::Shopfront;
use theme::Theme;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Error;
use crate::limit::Limits;
use crate::squeeze::Squeezed;
use crate::storefront::{Frames, Pictures};

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
    /// Who takes money.
    pub providers: Arc<Providers>,
    /// Where pictures lie.
    pub vault: Vault,
    /// A directory for the search index.
    pub index_dir: PathBuf,
    /// The test bank's desk, where it is offered: takes the buyer's answer to its question.
    pub challenge: Option<Challenge>,
    /// What whoever sets the shop up must know, where others than those at this machine can reach it.
    pub setup_code: Option<String>,
    /// What must hold in the database: every module's laws, for the back office's doctor.
    pub laws: Vec<db::Law>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub entropy: Arc<dyn Entropy>,
}

/// Tells the test bank whether the buyer approved; false when it asked nothing.
pub type Challenge = Arc<dyn Fn(PaymentId, bool) -> futures::future::BoxFuture<'static, bool> + Send + Sync>;

impl Parts {
    /// With the machine's clock and entropy, and without a test bank.
    pub fn new(
        db: Db,
        config: Config,
        theme: Arc<Theme>,
        providers: Arc<Providers>,
        vault: Vault,
        index_dir: PathBuf,
    ) -> Parts {
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
        Parts {
            db,
            config,
            theme,
            providers,
            vault,
            index_dir,
            challenge: None,
            setup_code: None,
            laws: vec![],
            clock,
            entropy,
        }
    }
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    parts: Parts,
    shop: Shop,
    limiter: access::Limiter,
    limits: Limits,
    open: RwLock<Option<Arc<Open>>>,
    /// Held while a shop is being opened, so that two requests do not open it twice.
    opening: tokio::sync::Mutex<()>,
    frames: Frames,
    pictures: Pictures,
    squeezed: Squeezed,
    /// The shop's name as it was last read: for pages that must not ask the database.
    name: RwLock<Arc<str>>,
}

/// A shop that was set up.
struct Open {
    shopfront: Arc<Shopfront>,
    stop: watch::Sender<bool>,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// The storefront gets this long to leave its index in order.
const GOODBYE: Duration = Duration::from_secs(5);

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("config", &self.0.parts.config).finish_non_exhaustive()
    }
}

impl State {
    /// Of a server whose shop may not be set up yet; see [`State::begin`].
    pub fn new(parts: Parts) -> State {
        let shop = Shop {
            db: parts.db.clone(),
            providers: parts.providers.clone(),
            theme: parts.theme.clone(),
            public_url: parts.config.public_url.as_str().into(),
        };
        let limiter = access::Limiter::new(parts.clock.clone());
        let limits = Limits::new(&parts.clock);
        State(Arc::new(Inner {
            parts,
            shop,
            limiter,
            limits,
            open: RwLock::default(),
            opening: tokio::sync::Mutex::default(),
            frames: Frames::default(),
            pictures: Pictures::default(),
            squeezed: Squeezed::default(),
            name: RwLock::new("Mercer".into()),
        }))
    }

    /// Opens the shop if it has been set up; `false` while it has not. Call it at start and after first-run set-up;
    /// each request does so too while the shop is not open. From then on the storefront keeps itself fresh.
    ///
    /// # Errors
    /// The database's, the search index's.
    pub async fn begin(&self) -> Result<bool, Error> {
        if self.is_open() {
            return Ok(true);
        }
        let _alone = self.0.opening.lock().await;
        if self.is_open() {
            return Ok(true);
        }
        let Some(store) = self.db().read(async |tx: &mut Tx| site::find_store(tx).await).await? else {
            return Ok(false);
        };
        let ctx = self.ctx_of(Arc::new(store));
        let shopfront = Shopfront::open(self.db().clone(), ctx, self.0.parts.index_dir.clone()).await?;
        let (stop, stopped) = watch::channel(false);
        let running = Mutex::new(Some(tokio::spawn(shopfront.clone().run(stopped))));
        *self.0.open.write() = Some(Arc::new(Open { shopfront, stop, running }));
        Ok(true)
    }

    /// Ends what runs beside the requests: call it when the server has stopped.
    pub async fn end(&self) {
        let Some(open) = self.0.open.read().clone() else { return };
        let _ = open.stop.send(true); // nobody listens: it has ended
        let running = open.running.lock().take();
        if let Some(running) = running
            && tokio::time::timeout(GOODBYE, running).await.is_err()
        {
            tracing::warn!(
                "the search index was not left in order, and will be brought up to date at the next start"
            );
        }
    }

    /// Does whoever would set the shop up know the code that this server printed? Always, where it printed none.
    pub(crate) fn may_set_up(&self, code: &str) -> bool {
        self.0.parts.setup_code.as_deref().is_none_or(|wanted| {
            // as long for a code that is nearly right as for one that is not
            let differ = wanted.bytes().zip(code.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
            differ == 0 && wanted.len() == code.len()
        })
    }

    /// Is a code asked for?
    pub(crate) fn asks_setup_code(&self) -> bool {
        self.0.parts.setup_code.is_some()
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.parts.db
    }

    /// How the server is reached.
    pub fn config(&self) -> &Config {
        &self.0.parts.config
    }

    /// What must hold in the database.
    pub(crate) fn laws(&self) -> &[db::Law] {
        &self.0.parts.laws
    }

    /// What shoppers see.
    pub fn theme(&self) -> &Arc<Theme> {
        &self.0.parts.theme
    }

    /// What flows need.
    pub fn shop(&self) -> &Shop {
        &self.0.shop
    }

    /// Where pictures lie.
    pub fn vault(&self) -> &Vault {
        &self.0.parts.vault
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
        Ok(self.shopfront()?.ctx())
    }

    /// What the storefront reads.
    ///
    /// # Errors
    /// As [`State::ctx`].
    pub fn shopfront(&self) -> Result<Arc<Shopfront>, Error> {
        self.0.open.read().as_ref().map(|open| open.shopfront.clone()).ok_or_else(Error::not_set_up)
    }

    /// The shop's own language.
    pub fn default_locale(&self) -> Arc<str> {
        let first = self.shopfront().ok().and_then(|s| s.locales().into_iter().next());
        first.map_or_else(|| "en".into(), Arc::from)
    }

    /// The language that a first segment of a path names: any of the shop's but the default.
    pub(crate) fn prefixed_locale(&self, segment: &str) -> Option<Arc<str>> {
        if !(2..=11).contains(&segment.len()) {
            return None;
        }
        self.shopfront().ok()?.locales().into_iter().skip(1).find(|l| l == segment).map(Arc::from)
    }

    /// Has the shop been set up and opened?
    pub fn is_open(&self) -> bool {
        self.0.open.read().is_some()
    }

    /// The shop's name as it was last read.
    pub(crate) fn name(&self) -> Arc<str> {
        self.0.name.read().clone()
    }

    pub(crate) fn keep_name(&self, name: &str) {
        if &**self.0.name.read() != name {
            *self.0.name.write() = name.into();
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn frames(&self) -> &Frames {
        &self.0.frames
    }

    pub(crate) fn pictures(&self) -> &Pictures {
        &self.0.pictures
    }

    pub(crate) fn squeezed(&self) -> &Squeezed {
        &self.0.squeezed
    }

    pub(crate) fn challenge(&self) -> Option<Challenge> {
        self.0.parts.challenge.clone()
    }
}
