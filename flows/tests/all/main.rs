//! The processes on both databases, crashed at every point and with every task run twice.

mod crash;
mod import;
mod laws;
mod mails;
mod orders;
mod world;
