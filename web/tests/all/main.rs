//! The shop over real HTTP, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod admin;
mod admin_keeping;
mod admin_parcels;
mod api;
mod api_imports;
mod api_keeping;
mod api_once;
mod api_orders;
mod browse;
mod buy;
mod kept;
mod office;
mod program;
mod routes;
mod world;
