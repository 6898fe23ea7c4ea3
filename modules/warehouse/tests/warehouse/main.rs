//! Out of the door on both engines: within reach, remembered, every law breakable.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod laws;
mod requests;
mod world;
