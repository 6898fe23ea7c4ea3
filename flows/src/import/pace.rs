use std::time::Duration;

use db::Engine;

/// How large batches are: so that one holds the database for a few milliseconds, and shoppers beside it wait no longer.
pub(super) struct Pace {
    pub size: usize,
    goal: Duration,
}

impl Pace {
    pub fn of(engine: Engine) -> Pace {
        match engine {
            Engine::Sqlite => Pace { size: 20, goal: Duration::from_millis(8) },
            Engine::Postgres => Pace { size: 40, goal: Duration::from_millis(60) },
        }
    }

    pub fn took(&mut self, took: Duration, products: usize) {
        let micros = |d: Duration| usize::try_from(d.as_micros()).unwrap_or(usize::MAX).max(1);
        if products == 0 {
            return;
        }
        let fit = products.saturating_mul(micros(self.goal)) / micros(took);
        // half way to what would fit: one slow batch is no rule
        self.size = ((self.size + fit.min(self.size * 4)) / 2).clamp(4, 250);
    }
}
