//! Every outside service, a folder each, behind the ports that modules declare. Adapters hold no state.

pub mod mail;
