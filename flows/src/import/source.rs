//! The file as a stream of rows, and rows as products.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use csv::{ByteRecord, StringRecord};

use super::Error;
use super::columns::{Column, Columns};

/// A product with more rows than this is cut; what follows is refused.
const ROWS: usize = 5_000;

/// One row of the file.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Which, from 1, not counting the header.
    pub number: u64,
    /// Its cells as text.
    pub cells: StringRecord,
    /// Its cells as they stand, where they are no text.
    pub raw: Option<ByteRecord>,
    /// What is wrong with it before anything is understood.
    pub wrong: Option<String>,
}

/// The rows of one product, which follow each other.
#[derive(Debug)]
pub(super) struct Group {
    /// Which of the file, from 0.
    pub index: u64,
    /// The handle as an address; none where it cannot be told.
    pub handle: Option<String>,
    pub rows: Vec<Row>,
    /// Rows of the file up to its end.
    pub end_row: u64,
    /// Bytes of the file up to its end.
    pub end_byte: u64,
}

/// Reads a file's products one after the other.
pub(super) struct Source<R: Read> {
    reader: csv::Reader<io::Chain<io::Cursor<Vec<u8>>, BufReader<R>>>,
    pub columns: Columns,
    row: u64,
    index: u64,
    next: Option<(Option<String>, Row, u64)>,
    skipped_bytes: u64,
}

/// The separator of a header line: whichever of `,` `;` tab `|` stands there most, outside quotes.
fn delimiter(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    for b in head {
        match b {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                if let Some(c) = counts.iter_mut().find(|(d, _)| d == b) {
                    c.1 += 1;
                }
            }
            _ => {}
        }
    }
    // the first of equals wins, and a lone column is read as comma-separated
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| *d)
}

/// Opens a file behind `wrap` (which sees every byte).
pub(super) fn open<R: Read>(path: &Path, wrap: impl FnOnce(File) -> R) -> Result<Source<R>, Error> {
    let file = File::open(path).map_err(Error::file(path))?;
    let mut input = BufReader::with_capacity(1 << 16, wrap(file));
    let mut head = vec![0; 1 << 14];
    let mut len = 0;
    while len < head.len() {
        match input.read(&mut head[len..]).map_err(Error::file(path))? {
            0 => break,
            n => len += n,
        }
    }
    head.truncate(len);
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(Error::Utf16);
    }
    let skipped = if head.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    head.drain(..skipped);
    let separator = delimiter(&head);
    let whole = io::Cursor::new(head).chain(input);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(whole);
    if reader.byte_headers()?.as_slice().contains(&0) {
        return Err(Error::Utf16); // without the mark at its beginning
    }
    let headers =
        reader.byte_headers()?.iter().map(|h| String::from_utf8_lossy(h).trim().to_owned()).collect();
    let columns = Columns::of(headers)?;
    Ok(Source { reader, columns, row: 0, index: 0, next: None, skipped_bytes: skipped as u64 })
}

impl<R: Read> Source<R> {
    /// The next row with its handle; blank rows are passed over.
    fn row(&mut self, last: Option<&Option<String>>) -> Result<Option<(Option<String>, Row, u64)>, Error> {
        let mut record = ByteRecord::new();
        loop {
            if !self.reader.read_byte_record(&mut record)? {
                return Ok(None);
            }
            self.row += 1;
            if record.iter().any(|c| !c.trim_ascii().is_empty()) {
                break;
            }
        }
        let byte = self.reader.position().byte() + self.skipped_bytes;
        let number = self.row;
        let (cells, raw, mut wrong) = match StringRecord::from_byte_record(record) {
            Ok(cells) => (cells, None, None),
            Err(e) => {
                let raw = e.into_byte_record();
                let wrong = "the row is not in UTF-8; save the file as 'CSV UTF-8'".to_owned();
                (StringRecord::from_byte_record_lossy(raw.clone()), Some(raw), Some(wrong))
            }
        };
        if cells.as_slice().contains('\0') && wrong.is_none() {
            wrong = Some(
                "the row holds a NUL sign, which no text may; the file was damaged on its way".to_owned(),
            );
        }
        let width = self.columns.headers.len();
        if cells.len() != width && wrong.is_none() {
            wrong = Some(format!("the row has {} cells, and the header {width}", cells.len()));
        }
        let cell = |column: &Column| self.columns.at(column).and_then(|i| cells.get(i)).map(str::trim);
        let handle = match (cell(&Column::Handle), cell(&Column::Title)) {
            (Some(handle), _) if !handle.is_empty() => address(handle),
            (_, Some(title)) if !title.is_empty() => address(title),
            // no column for handles: a row without a title goes on with the product above it
            (None, _) => last.cloned().flatten(),
            _ => None,
        };
        if handle.is_none() && wrong.is_none() {
            wrong = Some("the row has neither a handle nor a title of which one could be made".to_owned());
        }
        Ok(Some((handle, Row { number, cells, raw, wrong }, byte)))
    }

    /// The next product.
    pub fn group(&mut self) -> Result<Option<Group>, Error> {
        let first = match self.next.take() {
            Some(first) => Some(first),
            None => self.row(None)?,
        };
        let Some((handle, row, byte)) = first else { return Ok(None) };
        let mut group =
            Group { index: self.index, handle, end_row: row.number, end_byte: byte, rows: vec![row] };
        self.index += 1;
        loop {
            match self.row(Some(&group.handle))? {
                Some((handle, row, byte))
                    if handle.is_some() && handle == group.handle && group.rows.len() < ROWS =>
                {
                    (group.end_row, group.end_byte) = (row.number, byte);
                    group.rows.push(row);
                }
                next => {
                    self.next = next;
                    break;
                }
            }
        }
        if self.next.is_none() {
            // blank rows at the end belong to nobody, and are behind us too
            group.end_row = self.row;
            group.end_byte = self.reader.position().byte() + self.skipped_bytes;
        }
        Ok(Some(group))
    }

    /// Rows read so far.
    pub fn rows(&self) -> u64 {
        self.row
    }
}

/// A handle as it stands if it can be an address, else one made of it.
fn address(text: &str) -> Option<String> {
    if catalog::is_slug(text) {
        return Some(text.to_owned());
    }
    Some(catalog::slug_of(text)).filter(|s| !s.is_empty())
}
