//! What others must bring.

use async_trait::async_trait;
use bytes::Bytes;

/// A file from outside.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its content; at most [`MAX_BYTES`](crate::MAX_BYTES).
    pub bytes: Bytes,
}

/// Why a file did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It never will: a forbidden address, nothing there, too large.
    #[error("{0}")]
    Refused(String),
    /// Perhaps later: no answer, a server in trouble.
    #[error("{0}")]
    Unreachable(String),
}

/// Fetches files whose addresses strangers chose: never from a private address, also after a redirect, within limits
/// of size and time.
#[async_trait]
pub trait Fetcher: Send + Sync {
    /// Fetches it.
    ///
    /// # Errors
    /// [`FetchError`].
    async fn fetch(&self, url: &str) -> Result<Fetched, FetchError>;
}
