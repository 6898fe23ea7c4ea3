//! What people do, in a browser, against the program itself. See README.md.

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
