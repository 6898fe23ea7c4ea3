use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

use crate::{ChannelId, LocationId, StoreId};

/// A right to do one sort of thing: verb × resource.
pub trait Permission: 'static {
    /// Its stable name: `orders:refund`.
    const NAME: &'static str;
}

/// How far a right reaches. Empty means everywhere in that dimension.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Scope {
    /// Only these stores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// Only these channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelId>,
    /// Only these locations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<LocationId>,
}

impl Scope {
    /// Everywhere.
    pub const ALL: Scope = Scope { stores: vec![], channels: vec![], locations: vec![] };

    /// May it touch this location?
    pub fn has_location(&self, id: LocationId) -> bool {
        self.locations.is_empty() || self.locations.contains(&id)
    }

    /// May it touch this channel?
    pub fn has_channel(&self, id: ChannelId) -> bool {
        self.channels.is_empty() || self.channels.contains(&id)
    }

    /// May it touch this store?
    pub fn has_store(&self, id: StoreId) -> bool {
        self.stores.is_empty() || self.stores.contains(&id)
    }
}

/// A right somebody was given, with its reach.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The permission's name; `*` is every right (the owner).
    pub permission: String,
    /// How far it reaches.
    #[serde(default)]
    pub scope: Scope,
}

/// Proof that the actor may do `P`; only [`Ctx::permit`](crate::Ctx::permit) makes one, and outer verbs demand it.
#[derive(Debug, Clone)]
pub struct Permit<P> {
    scope: Scope,
    of: PhantomData<fn() -> P>,
}

impl<P: Permission> Permit<P> {
    pub(crate) fn new(scope: Scope) -> Permit<P> {
        Permit { scope, of: PhantomData }
    }

    /// How far it reaches; lists filter by it.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// All permissions there are.
pub mod perms {
    use super::Permission;

    macro_rules! permissions {
        ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub enum $name {}
                impl Permission for $name { const NAME: &'static str = $text; }
            )*
            /// Every permission's name, in the order roles show them.
            pub const ALL: &[&str] = &[$($text),*];
        };
    }

    permissions! {
        /// See orders, shipments and payments.
        OrdersRead = "orders:read",
        /// Comment on, cancel, mark as paid.
        OrdersWrite = "orders:write",
        /// Give money back.
        OrdersRefund = "orders:refund",
        /// Pick, pack and ship.
        OrdersFulfil = "orders:fulfil",
        /// Take authorised money, or let it go.
        PaymentsCapture = "payments:capture",
        /// See products and categories.
        ProductsRead = "products:read",
        /// Change products, categories, prices, pictures.
        ProductsWrite = "products:write",
        /// See stock.
        InventoryRead = "inventory:read",
        /// Adjust stock.
        InventoryWrite = "inventory:write",
        /// See customers.
        CustomersRead = "customers:read",
        /// Change customers.
        CustomersWrite = "customers:write",
        /// See figures.
        AnalyticsRead = "analytics:read",
        /// Change the shop's settings, taxes, shipping, theme.
        SettingsWrite = "settings:write",
        /// Change staff, roles and API keys.
        AccessWrite = "access:write",
        /// See queues, mails and laws; replay tasks.
        SystemRead = "system:read",
        /// Replay tasks.
        SystemWrite = "system:write",
    }
}
