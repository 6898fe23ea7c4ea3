use kernel::{ErrorKind, Fault};

/// What can go wrong with the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such product, variant, category, field or run.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    /// Somebody else changed it since it was read.
    #[error("this product was changed by somebody else meanwhile; load it again and repeat your change")]
    Stale,
    /// An input is wrong: which, and what would be right.
    #[error("{message}")]
    Invalid { field: String, message: String },
    /// Another product or category has this address.
    #[error("the address '{slug}' is taken; choose another")]
    SlugTaken { slug: String },
    /// Another variant has this SKU.
    #[error("the SKU '{sku}' belongs to another variant")]
    SkuTaken { sku: String },
    /// Only an empty category can be deleted.
    #[error("the category still holds {products} products and {children} categories; move them first")]
    NotEmpty { products: i64, children: i64 },
    /// A category cannot lie inside itself.
    #[error("a category cannot be moved into itself or into one below it")]
    Loop,
    /// Another field has this name.
    #[error("there is a field '{namespace}.{key}' already")]
    FieldTaken { namespace: String, key: String },
    /// Another process works on the same import.
    #[error("another process is running this import; wait for it, or stop it")]
    RunTaken,
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Events, audit rows, the change feed.
    #[error(transparent)]
    Work(#[from] work::Error),
}

impl Error {
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Invalid { field: field.into(), message: message.into() }
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::Stale | Error::NotEmpty { .. } | Error::RunTaken => ErrorKind::Conflict,
            Error::Invalid { .. }
            | Error::SlugTaken { .. }
            | Error::SkuTaken { .. }
            | Error::Loop
            | Error::FieldTaken { .. } => ErrorKind::Invalid,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::NotFound { .. } => "not_found",
            Error::Stale => "stale_version",
            Error::Invalid { .. } => "invalid",
            Error::SlugTaken { .. } => "slug_taken",
            Error::SkuTaken { .. } => "sku_taken",
            Error::NotEmpty { .. } => "category_not_empty",
            Error::Loop => "category_loop",
            Error::FieldTaken { .. } => "field_taken",
            Error::RunTaken => "import_running",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } => Some(field),
            Error::SlugTaken { .. } => Some("slug"),
            Error::SkuTaken { .. } => Some("sku"),
            Error::Loop => Some("parent"),
            Error::FieldTaken { .. } => Some("key"),
            _ => None,
        }
    }
}
