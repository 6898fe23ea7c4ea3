use std::io::{Read, Result, Write};

use sha2::{Digest, Sha256};

/// Passes bytes on and keeps their checksum.
pub struct Checked<T> {
    inner: T,
    sha: Sha256,
    bytes: u64,
}

impl<T> Checked<T> {
    /// From here on.
    pub fn new(inner: T) -> Checked<T> {
        Checked { inner, sha: Sha256::new(), bytes: 0 }
    }

    /// How many bytes went by, and their SHA-256 in hex.
    pub fn sum(self) -> (u64, String) {
        (self.bytes, self.sha.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }

    fn see(&mut self, bytes: &[u8]) {
        self.sha.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Write> Write for Checked<T> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let n = self.inner.write(bytes)?;
        self.see(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Checked<T> {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(bytes)?;
        self.see(&bytes[..n]);
        Ok(n)
    }
}
