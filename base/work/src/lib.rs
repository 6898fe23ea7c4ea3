//! The only home of "later" and of "who did it": events, tasks, schedules, the change feed, alerts, audit rows,
//! idempotency keys. Everything is written in the transaction of the write it belongs to. See README.md.

pub mod alerts;
pub mod audit;
mod error;
mod event;
mod expire;
mod feed;
pub mod idempotency;
mod known;
mod laws;
pub mod queue;
mod runner;
mod schedule;
mod task;

pub use audit::{Deed, audit};
pub use error::Error;
pub use event::{EventLine, EventRow, Mode, News, Subscribers, events_of, recent_events, tell};
pub use expire::{EXPIRE, HORIZON, expire};
pub use feed::{Change, EVERYTHING, Feed, replaced, touch, touch_many};
pub use known::{Known, Recall};
pub use laws::LAWS;
pub use runner::{Handler, Outcome, Runner, TaskError};
pub use schedule::{Schedule, tick};
pub use task::{Job, NewTask, Waker, enqueue, enqueue_leased, enqueue_many, extend, finish, hold, repair};

/// This crate's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "work",
    files: &[
        ("0001_work", include_str!("../migrations/0001_work.sql")),
        ("0002_watch", include_str!("../migrations/0002_watch.sql")),
    ],
};
