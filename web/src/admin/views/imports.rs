//! Bringing products in from a file.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Fields, Pager, When},
    filters,
    shell::Shell,
};

/// An import in the list.
#[derive(Clone, Debug)]
pub struct ImportRow {
    pub id: String,
    pub file: String,
    pub started: When,
    pub actor: String,
    pub state: Chip,
    pub products: u32,
    pub errors: u32,
}

/// `GET /admin/imports`; `POST /admin/imports` (multipart): `file`, `dry_run`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/imports.html")]
pub struct ImportsView {
    pub shell: Shell,
    pub form: Fields,
    pub rows: Vec<ImportRow>,
    pub pager: Pager,
    /// "50 MB".
    pub limit: String,
}

/// A row that was refused.
#[derive(Clone, Debug)]
pub struct ImportError {
    pub line: u32,
    pub message: String,
}

/// `GET /admin/imports/{id}`: refreshes itself while running.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/import.html")]
pub struct ImportView {
    pub shell: Shell,
    pub id: String,
    pub file: String,
    pub state: Chip,
    pub dry_run: bool,
    pub started: When,
    pub took: String,
    pub running: bool,
    /// 0 to 100.
    pub percent: u32,
    /// "12,400 of 30,000 rows".
    pub progress: String,
    pub products_created: u32,
    pub products_updated: u32,
    pub products_unchanged: u32,
    pub error_count: u32,
    /// The first of them.
    pub errors: Vec<ImportError>,
    /// The day until which all of them can be fetched; none: they cannot.
    pub kept_until: Option<String>,
    /// Columns that went into custom fields.
    pub custom_columns: Vec<String>,
    /// Why the whole file was refused; empty: it was not.
    pub failure: String,
}
