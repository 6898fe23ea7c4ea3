use std::time::Duration;

use work::Schedule;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// What runs by itself, on one process at a time.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule { kind: work::audit::SEAL, every: MINUTE },
        Schedule { kind: work::EXPIRE, every: HOUR },
        Schedule { kind: super::tasks::EXPIRE_SESSIONS, every: HOUR },
    ]
}
