//! The program as a whole: every text on both engines, backups from and to each, the command line.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod backup;
mod cli;
mod demo;
mod filled;
mod live;
mod older;
mod schema;
mod twice;
