use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, ChannelId, Clock, Currency, CustomerId, Denied, Entropy, Grant, Id, LegalEntityId, LocationId,
    MarketId, OsEntropy, Permission, Permit, Scope, StaffId, StoreId, SystemClock, Timestamp,
};

/// Who does it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// Somebody who works here.
    Staff { id: StaffId, name: String },
    /// A program with a key.
    Key { id: ApiKeyId, name: String },
    /// Somebody who shops: guest, or a known customer.
    Shopper { customer: Option<CustomerId> },
    /// Mercer itself: tasks, schedules, the command line.
    System,
}

impl Actor {
    /// `staff`, `key`, `shopper` or `system`.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Staff { .. } => "staff",
            Actor::Key { .. } => "key",
            Actor::Shopper { .. } => "shopper",
            Actor::System => "system",
        }
    }

    /// Its id, where it has one.
    pub fn id(&self) -> Option<uuid::Uuid> {
        match self {
            Actor::Staff { id, .. } => Some(id.uuid()),
            Actor::Key { id, .. } => Some(id.uuid()),
            Actor::Shopper { customer } => customer.map(Id::uuid),
            Actor::System => None,
        }
    }

    /// The name that timelines show.
    pub fn name(&self) -> &str {
        match self {
            Actor::Staff { name, .. } | Actor::Key { name, .. } => name,
            Actor::Shopper { .. } => "Customer",
            Actor::System => "Mercer",
        }
    }
}

/// What an actor may do. The system may do everything, a shopper nothing that needs a permission.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// Every right, everywhere: the owner's.
    pub fn all() -> Grants {
        Grants(vec![Grant { permission: "*".to_owned(), scope: Scope::ALL }])
    }

    /// The joined reach of a permission, or `None` when it was never given.
    pub fn scope_of(&self, permission: &str) -> Option<Scope> {
        let mut hits = self.0.iter().filter(|g| g.permission == permission || g.permission == "*");
        let first = hits.next()?.scope.clone();
        Some(hits.fold(first, |a, g| Scope {
            stores: join(a.stores, &g.scope.stores),
            channels: join(a.channels, &g.scope.channels),
            locations: join(a.locations, &g.scope.locations),
        }))
    }
}

/// Empty reaches everywhere, so the union with it is everywhere.
fn join<T: PartialEq + Clone>(a: Vec<T>, b: &[T]) -> Vec<T> {
    if a.is_empty() || b.is_empty() {
        return vec![];
    }
    let mut all = a;
    all.extend(b.iter().filter(|x| !all.contains(x)).cloned().collect::<Vec<_>>());
    all
}

/// The store a request is about, with the keys that every order, cart, price, payment and event carries.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Store {
    /// The store.
    pub id: StoreId,
    /// The channel through which is sold.
    pub channel: ChannelId,
    /// The market that is sold to.
    pub market: MarketId,
    /// Who invoices.
    pub entity: LegalEntityId,
    /// Its first location, where stock lies unless said otherwise.
    pub location: LocationId,
    /// The market's currency.
    pub currency: Currency,
    /// The store's IANA time zone, for business days.
    pub time_zone: String,
    /// Are prices entered with tax?
    pub prices_include_tax: bool,
    /// The country (ISO 3166-1 alpha-2) it ships from and shows prices for before an address is known.
    pub country: String,
}

impl Store {
    /// The business day of a moment, in the store's time zone: `2026-11-23`.
    pub fn day(&self, at: Timestamp) -> String {
        let zone = jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        at.day_in(&zone)
    }
}

/// Everything a verb needs to know about the request: who, when, where, in which words. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// Who does it.
    pub actor: Actor,
    /// What they may do.
    pub grants: Arc<Grants>,
    /// The store it is about.
    pub store: Arc<Store>,
    /// The language of the reader: `en`, `de`.
    pub locale: Arc<str>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx")
            .field("actor", &self.actor)
            .field("store", &self.store.id)
            .finish_non_exhaustive()
    }
}

impl Ctx {
    /// For the system itself, in this store, with the machine's clock.
    pub fn system(store: Arc<Store>) -> Ctx {
        Ctx::with(store, Arc::new(SystemClock), Arc::new(OsEntropy))
    }

    /// For the system itself, with the clock and entropy given.
    pub fn with(store: Arc<Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Ctx {
        Ctx { actor: Actor::System, grants: Arc::default(), store, locale: "en".into(), clock, entropy }
    }

    /// The same request on behalf of somebody else.
    #[must_use]
    pub fn acting(&self, actor: Actor, grants: Grants) -> Ctx {
        Ctx { actor, grants: Arc::new(grants), ..self.clone() }
    }

    /// The same, as a guest who shops.
    #[must_use]
    pub fn shopper(&self) -> Ctx {
        self.acting(Actor::Shopper { customer: None }, Grants::default())
    }

    /// The same request read in another language.
    #[must_use]
    pub fn in_locale(&self, locale: &str) -> Ctx {
        Ctx { locale: locale.into(), ..self.clone() }
    }

    /// The same request in another store (or after the store's settings changed).
    #[must_use]
    pub fn in_store(&self, store: Arc<Store>) -> Ctx {
        Ctx { store, ..self.clone() }
    }

    /// This moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today's business day in the store's time zone.
    pub fn today(&self) -> String {
        self.store.day(self.now())
    }

    /// A new id.
    pub fn id<E>(&self) -> Id<E> {
        let mut random = [0; 8];
        self.entropy.fill(&mut random);
        Id::compose(self.now().0, random)
    }

    /// Random bytes, fit for secrets.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A secret for a link or a key: 26 lower-case letters and digits, 130 bits.
    pub fn secret(&self) -> String {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        self.random::<26>().iter().map(|b| char::from(DIGITS[usize::from(b & 31)])).collect()
    }

    /// Proof that the actor may do `P`. The first line of every handler.
    ///
    /// # Errors
    /// [`Denied`] when nobody is signed in, or the right is missing.
    pub fn permit<P: Permission>(&self) -> Result<Permit<P>, Denied> {
        match &self.actor {
            Actor::System => Ok(Permit::new(Scope::ALL)),
            Actor::Shopper { .. } => Err(Denied::SignIn),
            Actor::Staff { .. } | Actor::Key { .. } => {
                self.grants.scope_of(P::NAME).map(Permit::new).ok_or(Denied::Missing { permission: P::NAME })
            }
        }
    }

    /// Would [`Ctx::permit`] give it? For navigation and buttons.
    pub fn may(&self, permission: &str) -> bool {
        match &self.actor {
            Actor::System => true,
            Actor::Shopper { .. } => false,
            Actor::Staff { .. } | Actor::Key { .. } => self.grants.scope_of(permission).is_some(),
        }
    }
}
