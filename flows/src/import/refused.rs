//! The error file: the rows that were not taken, as they stood, with a reason, ready to be mended and imported again.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::Error;
use super::columns::{Column, Columns};
use super::source::Group;

/// Why a product is refused: the row that is wrong (its place in the group, from 0), and the reason.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    pub row: Option<usize>,
    pub reason: String,
}

impl Wrong {
    pub fn product(reason: impl Into<String>) -> Wrong {
        Wrong { row: None, reason: reason.into() }
    }

    pub fn row(row: usize, reason: impl Into<String>) -> Wrong {
        Wrong { row: Some(row), reason: reason.into() }
    }
}

/// The error file; it appears with its first row.
pub(super) struct Refused {
    path: Option<PathBuf>,
    file: Option<File>,
    bytes: u64,
    keep: Vec<usize>,
    headers: Vec<String>,
}

impl Refused {
    /// Goes on behind `bytes` of what an earlier run wrote; 0 begins anew. Without a path nothing is written.
    pub fn open(path: Option<&Path>, columns: &Columns, bytes: u64) -> Result<Refused, Error> {
        let keep: Vec<usize> =
            (0..columns.headers.len()).filter(|i| columns.meanings[*i] != Column::Reason).collect();
        let headers = keep.iter().map(|i| columns.headers[*i].clone()).collect();
        let mut refused = Refused { path: path.map(Path::to_owned), file: None, bytes: 0, keep, headers };
        let Some(path) = path else { return Ok(refused) };
        if bytes > 0 {
            let mut file = OpenOptions::new().write(true).open(path).map_err(Error::file(path))?;
            // what was written behind the last committed batch is written again by it
            file.set_len(bytes).and_then(|()| file.seek(SeekFrom::End(0))).map_err(Error::file(path))?;
            (refused.file, refused.bytes) = (Some(file), bytes);
        } else if path.exists() {
            std::fs::remove_file(path).map_err(Error::file(path))?;
        }
        Ok(refused)
    }

    /// How much of the file there is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file, once something is in it.
    pub fn path(&self) -> Option<PathBuf> {
        self.path.clone().filter(|_| self.bytes > 0)
    }

    /// Adds the rows of products, durably: a batch that is committed has its errors on the disk.
    pub fn add(&mut self, groups: &[(&Group, &Wrong)]) -> Result<(), Error> {
        let Some(path) = self.path.clone().filter(|_| !groups.is_empty()) else { return Ok(()) };
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
        if self.file.is_none() {
            self.file = Some(File::create(&path).map_err(Error::file(&path))?);
            out.write_record(self.headers.iter().map(String::as_str).chain(["error"]))?;
        }
        for (group, wrong) in groups {
            for (n, row) in group.rows.iter().enumerate() {
                let reason = match wrong.row {
                    Some(at) if at != n => {
                        format!(
                            "not imported, because row {} of this product is wrong",
                            group.rows[at].number
                        )
                    }
                    _ => wrong.reason.clone(),
                };
                let cell = |i: &usize| match &row.raw {
                    Some(raw) => raw.get(*i).unwrap_or_default(),
                    None => row.cells.get(*i).unwrap_or_default().as_bytes(),
                };
                out.write_record(self.keep.iter().map(cell).chain([reason.as_bytes()]))?;
            }
        }
        let text = out.into_inner().map_err(|e| Error::file(&path)(e.into_error()))?;
        if let Some(file) = &mut self.file {
            file.write_all(&text).and_then(|()| file.sync_data()).map_err(Error::file(&path))?;
            self.bytes += text.len() as u64;
        }
        Ok(())
    }
}
