use kernel::{ErrorKind, Fault};

/// What can go wrong with the storefront's read side.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The change feed's.
    #[error(transparent)]
    Work(#[from] work::Error),
    /// Reading products.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// Reading prices.
    #[error(transparent)]
    Pricing(#[from] pricing::Error),
    /// Reading stock.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// Reading pictures.
    #[error(transparent)]
    Assets(#[from] assets::Error),
    /// Reading the shop itself.
    #[error(transparent)]
    Site(#[from] site::Error),
    /// The search index's.
    #[error("the search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The index directory's.
    #[error("the index directory: {0}")]
    Io(#[from] std::io::Error),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
            Error::Catalog(e) => e.kind(),
            Error::Pricing(e) => e.kind(),
            Error::Inventory(e) => e.kind(),
            Error::Assets(e) => e.kind(),
            Error::Site(e) => e.kind(),
            Error::Index(_) | Error::Io(_) => ErrorKind::Internal,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
            Error::Catalog(e) => e.code(),
            Error::Pricing(e) => e.code(),
            Error::Inventory(e) => e.code(),
            Error::Assets(e) => e.code(),
            Error::Site(e) => e.code(),
            Error::Index(_) | Error::Io(_) => "search_index",
        }
    }
}
