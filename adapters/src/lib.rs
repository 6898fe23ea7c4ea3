//! Every outside service, a folder each, behind the ports that modules declare. Adapters hold no state.

pub mod fetch;
pub mod mail;
pub mod payment;
