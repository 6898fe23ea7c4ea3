//! web

pub mod admin;
