//! shopfront
