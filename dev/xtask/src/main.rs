//! `cargo xtask check` is what CI runs; `cargo xtask test` is its tests alone, `cargo xtask journeys` those in a
//! browser; `cargo xtask bench` measures.

mod bench;
mod check;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks of the workspace.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that CI runs: formatting, lints, tests.
    Check,
    /// Every test; ends with a line 'N passed, N failed, N skipped'.
    Test {
        /// Handed to `cargo test`: `-p orders`, a test's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// What it costs, beside ceilings measured in the same run; `--smoke` only shows that every part runs.
    Bench {
        /// Handed to the bench: `--only pages`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// The browser journeys, or those whose name holds a word; they need chromium and chromedriver.
    Journeys {
        /// Handed to `cargo test`: a journey's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Task::Check => check::run(),
        Task::Test { rest } => test::run(&rest),
        Task::Bench { rest } => bench::run(&rest),
        Task::Journeys { rest } => test::run(&[vec!["-p".to_owned(), "journeys".to_owned()], rest].concat()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("xtask: {e:#}");
            ExitCode::FAILURE
        }
    }
}

/// Cargo as it runs us, in the workspace's root.
fn cargo() -> std::process::Command {
    let mut cargo = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    cargo
}
