use std::collections::BTreeMap;
use std::path::PathBuf;

use catalog::FieldKind;
use kernel::ImportRunId;
use serde::Serialize;

/// A column that became a field of the merchant's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldColumn {
    /// As the file writes it.
    pub column: String,
    /// `product` or `variant`.
    pub resource: String,
    /// `custom.material`.
    pub field: String,
    /// What it holds.
    pub kind: FieldKind,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Which row of the file, from 1, not counting the header.
    pub row: u64,
    /// Why.
    pub reason: String,
}

/// What came of an import.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The run; none for a dry one.
    pub run: Option<ImportRunId>,
    /// Was nothing written?
    pub dry_run: bool,
    /// Rows in the file.
    pub rows: u64,
    /// Rows that an earlier, cut-off run had done.
    pub resumed_at: u64,
    /// Products made (over all runs of this file that were cut off, as all counts here).
    pub created: u64,
    /// Products changed.
    pub updated: u64,
    /// Products that were as the file says.
    pub unchanged: u64,
    /// Products refused.
    pub refused: u64,
    /// Their rows.
    pub refused_rows: u64,
    /// Where those rows are, each with its reason.
    pub error_file: Option<PathBuf>,
    /// The first reasons.
    pub remarks: Vec<Remark>,
    /// Columns that became fields of the merchant's own.
    pub fields: Vec<FieldColumn>,
    /// Columns that were not used.
    pub unused: Vec<String>,
    /// What was read otherwise than it stands, with how often.
    pub notes: BTreeMap<String, u64>,
    /// Categories that were made (in a dry run: would be).
    pub categories: u64,
    /// Pictures of the shop that tasks still have to fetch.
    pub pictures_to_fetch: u64,
}

/// So many reasons are told in the report itself.
pub(super) const REMARKS: usize = 20;
