use work::Subscribers;

/// Who hears of which event: event, kind of task, once for each event (`Tell`) or once for each subject (`Match`).
pub fn subscribers() -> Subscribers {
    Subscribers::new(flows::tasks::SUBSCRIBERS)
}
