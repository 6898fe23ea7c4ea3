use std::collections::BTreeMap;
use std::path::PathBuf;

use catalog::FieldKind;
use kernel::ImportRunId;
use serde::{Deserialize, Serialize};

use super::refused::Wrong;
use super::source::Group;

/// A column that became a field of the merchant's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Which row of the file, from 1, not counting the header.
    pub row: u64,
    /// Why.
    pub reason: String,
}

/// What came of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
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

impl Report {
    /// What a run has on its books, with the counts as they are.
    pub fn of(run: &catalog::ImportRun) -> Report {
        let kept: Report = serde_json::from_str(&run.report).unwrap_or_default();
        Report {
            run: Some(run.id),
            dry_run: run.dry_run,
            rows: unsigned(run.rows_total),
            created: unsigned(run.created),
            updated: unsigned(run.updated),
            unchanged: unsigned(run.unchanged),
            refused: unsigned(run.refused),
            refused_rows: unsigned(run.refused_rows),
            ..kept
        }
    }

    /// As a run keeps it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Products that went in, or were in.
    pub(super) fn products(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }

    /// Keeps a note with how often it was made; a file with a thousand broken pictures names a hundred.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.notes.len() < 100 || self.notes.contains_key(&note) {
            *self.notes.entry(note).or_default() += 1;
        }
    }

    /// Counts a product that is refused.
    pub(super) fn refuse(&mut self, group: &Group, wrong: &Wrong) {
        self.refused += 1;
        self.refused_rows += group.rows.len() as u64;
        if self.remarks.len() < REMARKS {
            let row = wrong.row.and_then(|n| group.rows.get(n)).or(group.rows.first());
            self.remarks.push(Remark { row: row.map_or(0, |r| r.number), reason: wrong.reason.clone() });
        }
    }

    /// Does it say more in words than before, so that a run should keep it?
    pub(super) fn says_more_than(&self, before: &Report) -> bool {
        (self.remarks.len(), &self.notes, self.categories)
            != (before.remarks.len(), &before.notes, before.categories)
    }
}

pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
