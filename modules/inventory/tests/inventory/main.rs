//! Stock on both engines: nothing oversold, nothing lost, every law breakable.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod conserved;
mod laws;
mod levels;
mod policy;
mod reach;
mod sales;
mod world;
