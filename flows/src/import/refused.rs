//! The error file: the rows that were not taken, as they stood, with a reason, ready to be mended and imported again.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use assets::Vault;
use kernel::ImportRunId;

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

/// Where refused rows are written.
#[derive(Clone)]
pub(super) enum Place {
    /// A file beside the one that is imported, or where it was told.
    File(PathBuf),
    /// The vault, in parts that are named by where they begin: a part that was written behind the last committed batch
    /// is written again by it, or never reached.
    Vault(Vault, ImportRunId),
}

/// The error file; it appears with its first row.
pub(super) struct Refused {
    place: Place,
    file: Option<File>,
    bytes: u64,
    keep: Vec<usize>,
    headers: Vec<String>,
}

impl Refused {
    /// Goes on behind `bytes` of what an earlier run wrote; 0 begins anew.
    pub fn open(place: Place, columns: &Columns, bytes: u64) -> Result<Refused, Error> {
        let keep: Vec<usize> =
            (0..columns.headers.len()).filter(|i| columns.meanings[*i] != Column::Reason).collect();
        let headers = keep.iter().map(|i| columns.headers[*i].clone()).collect();
        let mut refused = Refused { place, file: None, bytes, keep, headers };
        match &refused.place {
            Place::File(path) if bytes > 0 => {
                let mut file = OpenOptions::new().write(true).open(path).map_err(Error::file(path))?;
                // what was written behind the last committed batch is written again by it
                file.set_len(bytes).and_then(|()| file.seek(SeekFrom::End(0))).map_err(Error::file(path))?;
                refused.file = Some(file);
            }
            Place::File(path) if path.exists() => std::fs::remove_file(path).map_err(Error::file(path))?,
            Place::File(_) | Place::Vault(..) => {}
        }
        Ok(refused)
    }

    /// How much of the file there is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file, once something is in it.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File(path) if self.bytes > 0 => Some(path.clone()),
            Place::File(_) | Place::Vault(..) => None,
        }
    }

    /// Adds the rows of products, durably: a batch that is committed has its errors where they belong.
    pub async fn add(&mut self, groups: &[(&Group, &Wrong)]) -> Result<(), Error> {
        if groups.is_empty() {
            return Ok(());
        }
        let text = self.rows(groups)?;
        let len = text.len() as u64;
        match &self.place {
            Place::File(path) => {
                let mut file = match self.file.take() {
                    Some(file) => file,
                    None => File::create(path).map_err(Error::file(path))?,
                };
                file.write_all(&text).and_then(|()| file.sync_data()).map_err(Error::file(path))?;
                self.file = Some(file);
            }
            Place::Vault(vault, run) => vault.deposit_whole(&part(*run, self.bytes), text.into()).await?,
        }
        self.bytes += len;
        Ok(())
    }

    /// As CSV, with the header where the file begins.
    fn rows(&self, groups: &[(&Group, &Wrong)]) -> Result<Vec<u8>, Error> {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
        if self.bytes == 0 {
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
        out.into_inner().map_err(|e| Error::Reader(e.to_string()))
    }
}

/// Where a part of a run's refused rows lies.
fn part(run: ImportRunId, at: u64) -> String {
    format!("{}/refused/{at:020}.csv", super::sent::folder(run))
}

/// The part of a sent run's refused rows that begins at `at`; none when it is past its time.
pub(super) async fn read_part(
    vault: &Vault,
    run: ImportRunId,
    at: u64,
) -> Result<Option<bytes::Bytes>, Error> {
    Ok(vault.deposited(&part(run, at)).await?)
}
