//! The program as a whole: every text on both engines, backups from and to each, the command line.

mod backup;
mod cli;
mod filled;
mod schema;
