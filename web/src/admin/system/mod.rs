//! How the machine does: tasks and alerts, events, the law book.

mod doctor;
mod events;
mod tasks;

use crate::{Auth, Routes};

pub(crate) use events::any_id;

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("system:read"), Auth::Staff("system:write"));
    routes
        .get("/admin/system/tasks", read, tasks::list)
        .post("/admin/system/tasks/replays", write, tasks::replay_dead)
        .post("/admin/system/tasks/{id}/replays", write, tasks::replay)
        .post("/admin/system/alerts/resolutions", write, tasks::resolve)
        .get("/admin/system/events", read, events::list)
        .get("/admin/system/doctor", read, doctor::page)
        .post("/admin/system/doctor", read, doctor::run)
}
