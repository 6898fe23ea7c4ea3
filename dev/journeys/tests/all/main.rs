//! What people do, in a browser, against the program itself. See README.md.
#![allow(clippy::unwrap_used, reason = "a journey says what went wrong by failing")]

mod browser;
mod guest;
mod journey;
mod keyboard;
mod look;
mod page;
mod plain;
mod shop;
mod staff;
mod vendored;
