use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the database was asked, since the program started: for benches and the system page.
#[derive(Debug, Default)]
pub struct Stats {
    statements: AtomicU64,
    units: AtomicU64,
    commits: AtomicU64,
    retries: AtomicU64,
}

impl Stats {
    pub(crate) fn statement(&self) {
        self.statements.fetch_add(1, Relaxed);
    }
    pub(crate) fn unit(&self) {
        self.units.fetch_add(1, Relaxed);
    }
    pub(crate) fn commit(&self) {
        self.commits.fetch_add(1, Relaxed);
    }
    pub(crate) fn retry(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    /// Statements sent by verbs.
    pub fn statements(&self) -> u64 {
        self.statements.load(Relaxed)
    }
    /// Named writes that succeeded; on SQLite several share one commit.
    pub fn units(&self) -> u64 {
        self.units.load(Relaxed)
    }
    /// Durable commits.
    pub fn commits(&self) -> u64 {
        self.commits.load(Relaxed)
    }
    /// Writes run again after a collision.
    pub fn retries(&self) -> u64 {
        self.retries.load(Relaxed)
    }
}
