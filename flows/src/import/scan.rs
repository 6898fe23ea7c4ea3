//! The first look at the whole file: its fingerprint, how many rows, what kinds the merchant's own columns hold, which
//! handles and SKUs stand there more than once. Keeps eight to sixteen bytes a product and SKU, and nothing of the rows.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use catalog::FieldKind;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::Error;
use super::columns::{Column, Columns};
use super::source;

/// What the first look found.
#[derive(Debug)]
pub(super) struct Scan {
    pub columns: Columns,
    pub sha256: [u8; 32],
    pub rows: u64,
    /// By column: the narrowest kind that holds everything in it; none for what is empty or not the merchant's own.
    pub kinds: Vec<Option<FieldKind>>,
    /// By column: does it say something on other rows than a product's first?
    pub on_variants: Vec<bool>,
    handles: HashSet<u64>,
    /// Handles that come again after other products, with the group that has them first.
    split: HashMap<u64, u64>,
    /// SKUs of several products, with the group that has them first.
    shared: HashMap<u64, u64>,
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Scan {
    /// Is it the handle of a product of this file?
    pub fn holds(&self, handle: &str) -> bool {
        self.handles.contains(&hash(handle))
    }

    /// Did an earlier group have this handle?
    pub fn is_split(&self, handle: &str, group: u64) -> bool {
        self.split.get(&hash(handle)).is_some_and(|first| *first != group)
    }

    /// Did an earlier group have this SKU?
    pub fn is_shared(&self, sku: &str, group: u64) -> bool {
        self.shared.get(&hash(sku)).is_some_and(|first| *first != group)
    }
}

/// Sees every byte that is read.
struct Watched {
    file: File,
    seen: Arc<Mutex<Sha256>>,
    bytes: Arc<AtomicU64>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(into)?;
        self.seen.lock().update(&into[..n]);
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Reads the whole file once; blocking.
pub(super) fn scan(path: &Path, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Scan, Error> {
    let seen = Arc::new(Mutex::new(Sha256::new()));
    let bytes = Arc::new(AtomicU64::new(0));
    let (watch, count) = (seen.clone(), bytes.clone());
    let mut source = source::open(path, |file| Watched { file, seen: watch, bytes: count })?;
    let columns = source.columns.clone();
    let own: Vec<usize> =
        (0..columns.meanings.len()).filter(|i| matches!(columns.meanings[*i], Column::Own { .. })).collect();
    let sku = columns.at(&Column::Sku);
    let width = columns.meanings.len();
    // a bit for each kind that still holds everything; no bit is set before the first value
    let mut open: Vec<Option<u8>> = vec![None; width];
    let mut on_variants = vec![false; width];
    let (mut handles, mut split): (HashMap<u64, u64>, _) = (HashMap::new(), HashMap::new());
    let (mut skus, mut shared): (HashMap<u64, u64>, _) = (HashMap::new(), HashMap::new());
    while let Some(group) = source.group()? {
        if let Some(handle) = &group.handle {
            let key = hash(handle);
            match handles.get(&key) {
                Some(first) => {
                    split.insert(key, *first);
                }
                None => {
                    handles.insert(key, group.index);
                }
            }
        }
        for (n, row) in group.rows.iter().enumerate() {
            for i in &own {
                let cell = row.cells.get(*i).map_or("", str::trim);
                if cell.is_empty() {
                    continue;
                }
                on_variants[*i] |= n > 0;
                let mut still = open[*i].unwrap_or(u8::MAX);
                for (bit, kind) in FieldKind::GUESSES.iter().enumerate() {
                    if still & (1 << bit) != 0 && !kind.looks_like(cell) {
                        still &= !(1 << bit);
                    }
                }
                open[*i] = Some(still);
            }
            if let Some(cell) = sku.and_then(|i| row.cells.get(i)).map(clean_sku).filter(|c| !c.is_empty()) {
                let key = hash(cell);
                let first = *skus.entry(key).or_insert(group.index);
                if first != group.index {
                    shared.insert(key, first);
                }
            }
        }
        if group.index.is_multiple_of(1_000) {
            progress(bytes.load(Ordering::Relaxed));
        }
    }
    let rows = source.rows();
    let kinds = open
        .into_iter()
        .map(|still| {
            let still = still?;
            FieldKind::GUESSES
                .into_iter()
                .enumerate()
                .find(|(bit, _)| still & (1 << bit) != 0)
                .map(|(_, kind)| kind)
        })
        .collect();
    let sha256 = seen.lock().clone().finalize().into();
    let handles = handles.into_keys().collect();
    Ok(Scan { columns, sha256, rows, kinds, on_variants, handles, split, shared })
}

/// A SKU without the apostrophe that spreadsheets put before numbers.
pub(super) fn clean_sku(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('\'').unwrap_or(cell)
}
