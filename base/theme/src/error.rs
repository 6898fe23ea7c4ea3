use std::path::PathBuf;

/// Why a page could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The template failed: its own message, with the line and the chain of causes.
    #[error("template {name}: {detail}")]
    Template { name: String, detail: String },
    /// No words are there for this locale.
    #[error("no such locale: {0}")]
    Locale(String),
}

/// A file of the merchant's theme folder that is not used, and why. The embedded file serves in its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason} (the built-in file is used instead)", path.display())]
pub struct Problem {
    /// The file in the theme folder.
    pub path: PathBuf,
    /// What is wrong with it, with a line number where the engine gives one.
    pub reason: String,
}

impl ThemeError {
    pub(crate) fn template(name: &str, error: &minijinja::Error) -> ThemeError {
        ThemeError::Template { name: name.to_owned(), detail: chain(error) }
    }
}

/// An error with its causes on one line, since a template's real fault often is the innermost one.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str("; because ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
