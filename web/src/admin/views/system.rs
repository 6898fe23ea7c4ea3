//! How the machine does: tasks, events, laws.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Fields, Pager, Tab, When},
    filters,
    shell::Shell,
};

/// Something that a person must look at. `POST /admin/system/alerts/resolutions`: `key`.
#[derive(Clone, Debug)]
pub struct AlertRow {
    pub when: When,
    pub key: String,
    pub text: String,
}

/// Tasks of one kind.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// "payments.authorise".
    pub kind: String,
    pub due: u32,
    pub running: u32,
    pub retrying: u32,
    pub dead: u32,
    /// Age of the oldest that is due: "4 s"; empty: none.
    pub oldest: String,
    /// Done in the last hour.
    pub done: u32,
}

/// One task.
#[derive(Clone, Debug)]
pub struct TaskRow {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub state: Chip,
    /// "3 of 12".
    pub attempts: String,
    pub created: When,
    /// When it runs next; empty label: never.
    pub next: When,
    pub error: String,
    pub can_replay: bool,
}

/// `GET /admin/system/tasks?view=&kind=`; `POST /admin/system/tasks/{id}/replays`, `POST
/// /admin/system/tasks/replays` (`kind`: all dead ones).
#[derive(Clone, Debug, Template)]
#[template(path = "admin/system_tasks.html")]
pub struct TasksView {
    pub shell: Shell,
    pub alerts: Vec<AlertRow>,
    pub queues: Vec<QueueRow>,
    pub tabs: Vec<Tab>,
    pub filter: Fields,
    pub rows: Vec<TaskRow>,
    pub pager: Pager,
    pub can_replay: bool,
    /// This page's address, to refresh itself.
    pub self_href: String,
}

impl TasksView {
    fn dead(&self) -> u32 {
        self.queues.iter().map(|q| q.dead).sum()
    }
}

/// One event.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub when: When,
    pub kind: String,
    pub subject: String,
    pub actor: String,
    pub tasks: u32,
}

/// `GET /admin/system/events?q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/system_events.html")]
pub struct EventsView {
    pub shell: Shell,
    pub filter: Fields,
    pub rows: Vec<EventRow>,
    pub pager: Pager,
}

/// A law and how it fared.
#[derive(Clone, Debug)]
pub struct LawRow {
    pub module: String,
    pub law: String,
    pub state: Chip,
    /// Examples of what breaks it, at most ten.
    pub violations: Vec<String>,
    /// How many more there are.
    pub more: u32,
}

/// `GET /admin/system/doctor`; `POST` runs it and shows what it found.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/system_doctor.html")]
pub struct DoctorView {
    pub shell: Shell,
    /// When it ran; empty label: not yet.
    pub ran: When,
    pub took: String,
    pub broken: u32,
    pub rows: Vec<LawRow>,
}

impl TasksView {
    fn tab(&self) -> &'static str {
        "system-tasks"
    }
}

impl EventsView {
    fn tab(&self) -> &'static str {
        "system-events"
    }
}

impl DoctorView {
    fn tab(&self) -> &'static str {
        "system-doctor"
    }
}
