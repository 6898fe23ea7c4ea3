//! HTML for shoppers and staff, the JSON API, incoming webhooks. No SQL and no arithmetic: a handler parses, calls one
//! verb or flow, renders. See README.md.

pub mod admin;
pub mod api;
mod app;
mod error;
pub mod extract;
mod health;
mod hooks;
mod limit;
mod problem;
mod route;
pub mod security;
mod serve;
mod squeeze;
mod state;
mod static_files;
mod storefront;

pub use app::{app, routes};
pub use error::{Error, FieldError, Result};
pub use extract::{Caller, Ip, Who};
pub use route::{Asked, Auth, Dress, Route, Routes};
pub use serve::serve;
pub use state::{Config, Parts, State};
pub use static_files::{static_url, static_version, theme_options};
