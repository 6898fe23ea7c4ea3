//! The processes on both databases, crashed at every point and with every task run twice.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod audited;
mod crash;
mod crash_more;
mod goods;
mod import;
mod laws;
mod mails;
mod money;
mod orders;
mod scan;
mod sent;
mod wire;
mod world;
