use kernel::{Denied, ErrorKind, Fault};

/// Why an import could not be run. What is wrong with single rows is in the report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file, or the error file beside it, cannot be read or written.
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    /// It is no table of products.
    #[error(
        "this is no product file: it has neither a column 'Title' nor one with the handle; its columns are {columns}"
    )]
    NotProducts { columns: String },
    /// It is no CSV that can be read.
    #[error("the file cannot be read as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The encoding is another than UTF-8.
    #[error("the file is in UTF-16; save it as 'CSV UTF-8'")]
    Utf16,
    /// What was sent, or its refused rows, are past their time.
    #[error("the file is not kept any more; send it again")]
    Gone,
    /// The shop has no language yet.
    #[error("the shop is not set up yet")]
    NoLocale,
    /// The reading thread ended badly.
    #[error("reading the file failed: {0}")]
    Reader(String),
    /// A right is missing.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The catalogue's.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// The pictures'.
    #[error(transparent)]
    Assets(#[from] assets::Error),
    /// The prices'.
    #[error(transparent)]
    Pricing(#[from] pricing::Error),
    /// The stock's.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// The shop's.
    #[error(transparent)]
    Site(#[from] site::Error),
    /// Later's.
    #[error(transparent)]
    Work(#[from] work::Error),
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn file(path: &std::path::Path) -> impl Fn(std::io::Error) -> Error + '_ {
        move |source| Error::File { path: path.display().to_string(), source }
    }

    /// Was another writer quicker, so that the batch may be planned again?
    pub(super) fn is_race(&self) -> bool {
        match self {
            Error::Db(e) | Error::Catalog(catalog::Error::Db(e)) | Error::Assets(assets::Error::Db(e)) => {
                e.is_unique()
            }
            Error::Catalog(catalog::Error::SkuTaken { .. }) => true,
            _ => false,
        }
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                ErrorKind::NotFound
            }
            Error::File { .. } | Error::Reader(_) => ErrorKind::Internal,
            Error::NotProducts { .. } | Error::Csv(_) | Error::Utf16 => ErrorKind::Invalid,
            Error::Gone => ErrorKind::NotFound,
            Error::NoLocale => ErrorKind::Conflict,
            Error::Denied(e) => e.kind(),
            Error::Catalog(e) => e.kind(),
            Error::Assets(e) => e.kind(),
            Error::Pricing(e) => e.kind(),
            Error::Inventory(e) => e.kind(),
            Error::Site(e) => e.kind(),
            Error::Work(e) => e.kind(),
            Error::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::File { .. } => "import_file",
            Error::NotProducts { .. } => "not_a_product_file",
            Error::Csv(_) => "not_csv",
            Error::Utf16 => "not_utf8",
            Error::Gone => "import_file_gone",
            Error::NoLocale => "not_set_up",
            Error::Reader(_) => "import_reader",
            Error::Denied(e) => e.code(),
            Error::Catalog(e) => e.code(),
            Error::Assets(e) => e.code(),
            Error::Pricing(e) => e.code(),
            Error::Inventory(e) => e.code(),
            Error::Site(e) => e.code(),
            Error::Work(e) => e.code(),
            Error::Db(e) => e.code(),
        }
    }
}
