//! The program: configuration, wiring, commands. See README.md.

pub mod backup;
mod commands;
mod config;
pub mod demo;
mod failure;
mod logs;
mod presence;
mod running;
mod shop;
mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use commands::doctor::{Findings, examine};
pub use failure::{Exit, Failure};
pub use wiring::{Module, Outside, handlers, laws, migrations, modules, schedules, subscribers};

/// Runs a command line, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match commands::Args::try_parse_from(args) {
        Ok(args) => args,
        Err(e) => {
            let _ = e.print(); // nobody reads it then
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    match commands::run(args) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("mercer: {failure}");
            failure.exit.into()
        }
    }
}
