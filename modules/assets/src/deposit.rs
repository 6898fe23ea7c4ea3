//! Files that are no pictures and that no shopper sees: what was sent to be imported, what came of it. They lie in the
//! vault so that every process of the shop reaches them, below `deposits/`, under names that their owner chooses.

use bytes::Bytes;
use futures::TryStreamExt as _;
use kernel::Timestamp;
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutPayload, WriteMultipart};

use crate::{Error, Vault};

const ROOT: &str = "deposits";
/// So many parts of a file may be on their way to the store.
const AHEAD: usize = 4;

fn path(name: &str) -> Path {
    Path::from(format!("{ROOT}/{name}"))
}

/// A file while it comes in; nothing of it is there before [`Deposit::finish`].
pub struct Deposit(WriteMultipart);

impl std::fmt::Debug for Deposit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deposit")
    }
}

impl Deposit {
    /// The next bytes; waits while the store is slower than the sender.
    ///
    /// # Errors
    /// The store's.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.0.wait_for_capacity(AHEAD).await?;
        self.0.put(bytes);
        Ok(())
    }

    /// It is whole, and durable.
    ///
    /// # Errors
    /// The store's.
    pub async fn finish(self) -> Result<(), Error> {
        self.0.finish().await?;
        Ok(())
    }

    /// It is not wanted after all.
    pub async fn abort(self) {
        if let Err(e) = self.0.abort().await {
            tracing::warn!(error = %e, "a part of a file that was not wanted stays behind");
        }
    }
}

impl Vault {
    /// Opens a place for a file that is too large to be held in memory.
    ///
    /// # Errors
    /// The store's.
    pub async fn deposit(&self, name: &str) -> Result<Deposit, Error> {
        Ok(Deposit(WriteMultipart::new(self.files().put_multipart(&path(name)).await?)))
    }

    /// Keeps a small file, in place of what lay under its name.
    ///
    /// # Errors
    /// The store's.
    pub async fn deposit_whole(&self, name: &str, bytes: Bytes) -> Result<(), Error> {
        self.files().put(&path(name), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// A small file; none when nothing lies under its name.
    ///
    /// # Errors
    /// The store's.
    pub async fn deposited(&self, name: &str) -> Result<Option<Bytes>, Error> {
        match self.files().get(&path(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Copies a file to where it can be read as one; false when nothing lies under its name.
    ///
    /// # Errors
    /// The store's, the disk's.
    pub async fn fetch_deposit(&self, name: &str, to: &std::path::Path) -> Result<bool, Error> {
        use tokio::io::AsyncWriteExt as _;
        let found = match self.files().get(&path(name)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(e) => return Err(e.into()),
        };
        let mut file = tokio::fs::File::create(to).await?;
        let mut bytes = found.into_stream();
        while let Some(some) = bytes.try_next().await? {
            file.write_all(&some).await?;
        }
        file.flush().await?;
        Ok(true)
    }

    /// Removes a file; one that is not there is no error.
    ///
    /// # Errors
    /// The store's.
    pub async fn discard(&self, name: &str) -> Result<(), Error> {
        match self.files().delete(&path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    /// Removes what lies below a name and was written before a moment; how many files.
    ///
    /// # Errors
    /// The store's.
    pub async fn discard_before(&self, below: &str, moment: Timestamp) -> Result<u64, Error> {
        let mut all = self.files().list(Some(&path(below)));
        let mut gone = 0;
        while let Some(file) = all.try_next().await? {
            if file.last_modified.timestamp_micros() < moment.micros() {
                match self.files().delete(&file.location).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => gone += 1,
                    Err(e) => return Err(e.into()),
                }
            }
        }
        Ok(gone)
    }
}
