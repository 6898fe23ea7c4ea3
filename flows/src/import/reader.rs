//! The file's products, read and understood ahead of the database.

use std::path::Path;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Error;
use super::parse::{Parsed, Parser};
use super::refused::Wrong;
use super::source::{self, Group};

/// A product's rows, and what they say or what is wrong with them.
pub(super) type Read = (Group, Result<Parsed, Wrong>);

/// So many products are read ahead of the database.
const AHEAD: usize = 512;

/// Reads and understands a file's products on a thread of its own.
pub(super) struct Reader {
    products: mpsc::Receiver<Read>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Reader {
    /// From behind `row` on.
    pub fn begin(file: &Path, parser: Parser, row: u64) -> Reader {
        let (send, products) = mpsc::channel::<Read>(AHEAD);
        let file = file.to_owned();
        let thread = tokio::task::spawn_blocking(move || {
            let mut source = source::open(&file, |f| f)?;
            while let Some(group) = source.group()? {
                if group.end_row <= row {
                    continue;
                }
                let parsed = parser.product(&group);
                if send.blocking_send((group, parsed)).is_err() {
                    break; // the import was dropped
                }
            }
            Ok(())
        });
        Reader { products, thread }
    }

    /// Up to `size` products, or those that are left; none at the end.
    pub async fn next(&mut self, size: usize) -> Vec<Read> {
        let mut batch = Vec::with_capacity(size);
        while batch.len() < size {
            let room = size - batch.len();
            if self.products.recv_many(&mut batch, room).await == 0 {
                break;
            }
        }
        batch
    }

    /// Did it read to the end?
    pub async fn end(self) -> Result<(), Error> {
        drop(self.products);
        self.thread.await.map_err(|e| Error::Reader(e.to_string()))?
    }
}
