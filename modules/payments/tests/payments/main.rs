//! Attempts to be paid by the module's own verbs, on both engines: answers, what is taken, let go and given back.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod answers;
mod laws;
mod reads;
mod refunds;
mod scene;
mod taking;
