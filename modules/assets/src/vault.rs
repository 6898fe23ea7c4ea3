use std::collections::HashMap;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::picture::{self, Format, MediaType, WIDTHS};
use crate::{Asset, Error};

/// A file that was looked at and lies in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its fingerprint, under which it lies.
    pub sha256: [u8; 32],
    /// What it really is.
    pub media_type: MediaType,
    /// Its size.
    pub byte_size: i64,
    /// In pixels, as it is shown.
    pub width: i64,
    /// In pixels, as it is shown.
    pub height: i64,
    /// OKLCH degrees.
    pub hue: Option<i64>,
}

/// A rendition ready to be sent.
#[derive(Debug, Clone)]
pub struct Rendition {
    /// Its content.
    pub bytes: Bytes,
    /// What it is, which may be another format than was asked for.
    pub media_type: MediaType,
}

/// Where files lie: originals under their fingerprint, and what was made of them beside. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    files: Arc<dyn ObjectStore>,
    /// One maker at a time for each rendition: a hundred browsers that ask at once cost one.
    makers: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// So many pictures are unpacked at once: each may take some hundred megabytes.
    open: Arc<Semaphore>,
}

impl Vault {
    /// In a folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`Error::Folder`], [`Error::Store`].
    pub fn open(folder: &FilePath) -> Result<Vault, Error> {
        std::fs::create_dir_all(folder)?;
        Ok(Vault::over(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
    }

    /// Over any object store.
    pub fn over(files: Arc<dyn ObjectStore>) -> Vault {
        Vault(Arc::new(Inner { files, makers: Mutex::default(), open: Arc::new(Semaphore::new(2)) }))
    }

    /// What lies below.
    pub(crate) fn files(&self) -> &Arc<dyn ObjectStore> {
        &self.0.files
    }

    /// Looks at a file and keeps it, durably; the same content twice is kept once.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::NotAPicture`], [`Error::TooManyPixels`], [`Error::Damaged`]; the store's.
    pub async fn store(&self, bytes: Bytes) -> Result<Stored, Error> {
        let looked = bytes.clone();
        let (facts, sha256) = self
            .heavy(move || {
                let facts = picture::inspect(&looked)?;
                let sha256: [u8; 32] = Sha256::digest(&looked).into();
                Ok((facts, sha256))
            })
            .await?;
        let byte_size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.put(&original(&sha256), bytes).await?;
        Ok(Stored {
            sha256,
            media_type: facts.media_type,
            byte_size,
            width: i64::from(facts.width),
            height: i64::from(facts.height),
            hue: facts.hue,
        })
    }

    /// A file as it came, for backups.
    ///
    /// # Errors
    /// The store's.
    pub async fn original(&self, sha256: &[u8]) -> Result<Bytes, Error> {
        Ok(self.0.files.get(&original(sha256)).await?.bytes().await?)
    }

    /// Puts back a file from a backup, under its own fingerprint, which is given back.
    ///
    /// # Errors
    /// The store's.
    pub async fn put_back(&self, bytes: Bytes) -> Result<[u8; 32], Error> {
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        self.put(&original(&sha256), bytes).await?;
        Ok(sha256)
    }

    /// A rendition, made at the first call and kept. The width is one of [`WIDTHS`], or the next larger of them.
    ///
    /// # Errors
    /// [`Error::NotReady`]; the store's.
    pub async fn rendition(&self, asset: &Asset, width: u32, format: Format) -> Result<Rendition, Error> {
        let sha256 = asset.sha256.as_deref().ok_or(Error::NotReady)?;
        let width = WIDTHS.into_iter().find(|w| *w >= width).unwrap_or(WIDTHS[WIDTHS.len() - 1]);
        let key = rendition(sha256, width, format);
        if let Some(found) = self.find(&key).await? {
            return told(found);
        }
        // a task of its own: a browser that goes away must not leave the work undone, to be asked for again and again
        let (vault, sha256) = (self.clone(), sha256.to_vec());
        let making = tokio::spawn(async move { vault.make_in_turn(&sha256, width, format, &key).await });
        told(making.await.map_err(|e| Error::Panicked(e.to_string()))??)
    }

    async fn make_in_turn(
        &self,
        sha256: &[u8],
        width: u32,
        format: Format,
        key: &Path,
    ) -> Result<Bytes, Error> {
        let maker = self.0.makers.lock().entry(key.to_string()).or_default().clone();
        let made = {
            let _turn = maker.lock().await;
            match self.find(key).await {
                Ok(Some(found)) => Ok(found),
                Ok(None) => self.make(sha256, width, format, key).await,
                Err(e) => Err(e),
            }
        };
        // whoever still waits holds the lock itself; those who come later find the file
        self.0.makers.lock().remove(key.as_ref());
        made
    }

    async fn make(&self, sha256: &[u8], width: u32, format: Format, key: &Path) -> Result<Bytes, Error> {
        let source = self.original(sha256).await?;
        let bytes = Bytes::from(self.heavy(move || picture::render(&source, width, format)).await?);
        self.put(key, bytes.clone()).await?;
        Ok(bytes)
    }

    async fn find(&self, key: &Path) -> Result<Option<Bytes>, Error> {
        match self.0.files.get(key).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    async fn put(&self, key: &Path, bytes: Bytes) -> Result<(), Error> {
        if self.0.files.head(key).await.is_ok() {
            return Ok(()); // named by its content, so it is the same
        }
        self.0.files.put(key, PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    async fn heavy<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let open = self.0.open.clone();
        let slot = open.acquire_owned().await.map_err(|e| Error::Panicked(e.to_string()))?;
        let working = tokio::task::spawn_blocking(move || {
            // held by the work itself: a request that is dropped ends no thread
            let _slot = slot;
            f()
        });
        working.await.map_err(|e| Error::Panicked(e.to_string()))?
    }
}

fn told(bytes: Bytes) -> Result<Rendition, Error> {
    let media_type = MediaType::sniff(&bytes)?;
    Ok(Rendition { bytes, media_type })
}

fn hex(sha256: &[u8]) -> String {
    use std::fmt::Write;
    sha256.iter().fold(String::with_capacity(64), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Where an original lies in the store.
pub(crate) fn original(sha256: &[u8]) -> Path {
    let name = hex(sha256);
    Path::from(format!("originals/{}/{name}", &name[..2.min(name.len())]))
}

fn rendition(sha256: &[u8], width: u32, format: Format) -> Path {
    let name = hex(sha256);
    Path::from(format!("renditions/{}/{name}/{width}.{}", &name[..2.min(name.len())], format.ending()))
}
