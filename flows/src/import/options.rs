use std::path::PathBuf;

/// What is asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Look at everything, count, write nothing.
    pub dry_run: bool,
    /// Begin anew though the same file was cut off before.
    pub restart: bool,
    /// A folder of pictures, found by the name at the end of their address.
    pub images: Option<PathBuf>,
    /// Leave pictures on the web where they are.
    pub no_fetch: bool,
    /// Where refused rows go; beside the file when left out.
    pub error_file: Option<PathBuf>,
    /// The language of the texts; the store's first when left out.
    pub locale: Option<String>,
}

/// How far an import is, for a bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    /// Is it still looking at the file? Then only the bytes move.
    pub looking: bool,
    /// Rows done.
    pub rows: u64,
    /// Rows in the file; 0 while looking.
    pub rows_total: u64,
    /// Bytes done (of the current pass).
    pub bytes: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Products made, changed or found unchanged.
    pub products: u64,
    /// Products refused.
    pub refused: u64,
}
