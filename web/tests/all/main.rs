//! The shop over real HTTP, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod admin;
mod admin_keeping;
mod api;
mod browse;
mod buy;
mod kept;
mod office;
mod routes;
mod world;
