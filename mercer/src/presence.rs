//! Who is at work in a shop's folder: servers and workers share it, what replaces the shop wants it alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::{Exit, Failure};

/// A hold on a folder; the operating system lets go of it with the process, however that ends.
#[derive(Debug)]
pub struct Presence(#[expect(dead_code, reason = "held, never read")] File);

const NAME: &str = "mercer.lock";

impl Presence {
    /// For those who serve and work, side by side.
    ///
    /// # Errors
    /// [`Exit::Unavailable`] while the shop is being replaced; [`Exit::Io`] when the folder cannot be written to.
    pub fn shared(dir: &Path) -> Result<Presence, Failure> {
        let file = open(dir)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Presence(file)),
            Err(TryLockError::WouldBlock) => {
                let text =
                    format!("the shop in {} is being replaced; start again when that is done", dir.display());
                Err(Failure::new(Exit::Unavailable, text))
            }
            Err(TryLockError::Error(e)) => Err(Failure::io(&dir.join(NAME), &e)),
        }
    }

    /// For what replaces the shop.
    ///
    /// # Errors
    /// [`Exit::Unavailable`] while a server or worker runs there; [`Exit::Io`].
    pub fn alone(dir: &Path) -> Result<Presence, Failure> {
        let file = open(dir)?;
        match file.try_lock() {
            Ok(()) => Ok(Presence(file)),
            Err(TryLockError::WouldBlock) => {
                let text =
                    format!("a Mercer is running in {}; stop it first. Nothing was done", dir.display());
                Err(Failure::new(Exit::Unavailable, text))
            }
            Err(TryLockError::Error(e)) => Err(Failure::io(&dir.join(NAME), &e)),
        }
    }
}

fn open(dir: &Path) -> Result<File, Failure> {
    let path = dir.join(NAME);
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| Failure::io(&path, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_work_and_one_replaces() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (Presence::shared(dir.path()).unwrap(), Presence::shared(dir.path()).unwrap());
        drop(a);
        assert!(Presence::alone(dir.path()).unwrap_err().to_string().contains("stop it first"));
        drop(b);
        let alone = Presence::alone(dir.path()).unwrap();
        assert!(Presence::shared(dir.path()).is_err());
        drop(alone);
        Presence::shared(dir.path()).unwrap();
    }
}
