use db::{Law, Migrations};

/// A module with what the program must know of it.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// Its tables.
    pub migrations: Migrations,
    /// What must hold in them.
    pub laws: &'static [Law],
}

macro_rules! modules {
    ($($name:ident),* $(,)?) => { &[$(Module { migrations: $name::MIGRATIONS, laws: $name::LAWS }),*] };
}

/// Every module with tables, in the order in which their migrations run.
#[rustfmt::skip]
const MODULES: &[Module] = modules![
    work, site, access, customers, catalog, assets, pricing, inventory, shipping, checkout, orders, payments,
    warehouse, analytics,
];

/// Every module with tables, in the order in which their migrations run.
pub fn modules() -> &'static [Module] {
    MODULES
}

/// Every migration, in order.
pub fn migrations() -> Vec<Migrations> {
    MODULES.iter().map(|m| m.migrations).collect()
}

/// The law book: each module's, and what holds between them; but for what no query can ask ([`work::audit::verify`]).
pub fn laws() -> Vec<Law> {
    MODULES.iter().flat_map(|m| m.laws).chain(flows::LAWS).copied().collect()
}
