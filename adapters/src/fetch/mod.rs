//! Fetches files from addresses that strangers chose (a product file's pictures), without letting them reach what only
//! this machine can reach.

mod guard;
mod http;

pub use guard::is_public;
pub use http::HttpFetcher;
