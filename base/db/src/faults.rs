use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst};

use crate::Error;

/// Fault points, for tests: the process "dies" at the n-th point it passes, and stays dead for this handle.
/// Every named write passes one point before it begins and one after its commit was durable but before anybody
/// was told; adapters pass one before and one after each call outside. Unarmed, a point costs one load.
#[derive(Debug)]
pub struct Faults {
    left: AtomicI64,
    armed: AtomicBool,
    dead: AtomicBool,
    passed: AtomicU64,
}

impl Default for Faults {
    fn default() -> Self {
        Faults {
            left: AtomicI64::new(0),
            armed: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            passed: AtomicU64::new(0),
        }
    }
}

impl Faults {
    /// Dies at the point after `points` more; counts from now.
    pub fn arm(&self, points: u64) {
        self.left.store(i64::try_from(points).unwrap_or(i64::MAX), SeqCst);
        self.passed.store(0, SeqCst);
        self.armed.store(true, SeqCst);
    }

    /// Counts points from now without dying.
    pub fn count(&self) {
        self.arm(u64::MAX);
    }

    /// How many points were passed since [`Faults::arm`].
    pub fn passed(&self) -> u64 {
        self.passed.load(SeqCst)
    }

    /// Did it die?
    pub fn is_dead(&self) -> bool {
        self.dead.load(SeqCst)
    }

    /// Passes a point.
    ///
    /// # Errors
    /// [`Error::Crashed`] at the armed point and ever after.
    pub fn point(&self) -> Result<(), Error> {
        if !self.armed.load(SeqCst) {
            return Ok(());
        }
        if self.dead.load(SeqCst) {
            return Err(Error::Crashed);
        }
        self.passed.fetch_add(1, SeqCst);
        if self.left.fetch_sub(1, SeqCst) == 0 {
            self.dead.store(true, SeqCst);
            return Err(Error::Crashed);
        }
        Ok(())
    }
}
