use std::time::Duration;

use adapters::payment::test_bank;
use work::Schedule;

use super::sweeps::SWEEPS;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// What runs by itself, on one process at a time; where there is a test bank, its postman too.
pub fn schedules(test_bank: bool) -> Vec<Schedule> {
    let mut all = vec![
        Schedule { kind: work::audit::SEAL, every: MINUTE },
        Schedule { kind: work::EXPIRE, every: HOUR },
    ];
    all.push(Schedule { kind: flows::import::EXPIRE, every: HOUR });
    if test_bank {
        all.push(Schedule { kind: test_bank::WEBHOOKS, every: Duration::from_secs(5) });
    }
    all.extend(flows::tasks::SCHEDULES);
    all.extend(SWEEPS.iter().map(|sweep| Schedule { kind: sweep.kind(), every: HOUR }));
    all
}
