//! assets

pub mod shop;
