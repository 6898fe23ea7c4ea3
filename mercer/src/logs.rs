use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::{Exit, Failure};

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people; coloured on a terminal.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Sends log lines to standard error from now on.
///
/// # Errors
/// [`Exit::Config`] when the filter is not understood.
pub fn start(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|e| Failure::new(Exit::Config, format!("log filter '{}': {e}", config.log)))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // a second start in one process (tests) keeps the first
    let _ = match config.log_format {
        Format::Json => lines.json().flatten_event(true).try_init(),
        Format::Human => {
            let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
            lines.with_ansi(terminal).with_target(false).try_init()
        }
    };
    Ok(())
}
