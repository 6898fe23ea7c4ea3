//! The real program as a process of its own, under load: killed, raced for, shared.

mod import;
mod kill;
mod race;
mod share;
mod shop;
