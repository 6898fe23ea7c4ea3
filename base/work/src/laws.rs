use db::{Law, sql};

/// What must hold of later. The chain of audit rows is checked by [`audit::verify`](crate::audit::verify).
pub const LAWS: &[Law] = &[
    Law {
        name: "work.every_event_has_its_tasks",
        says: "an event of the last 28 days has as many tell tasks as it was told to",
        sql: sql!(
            "select e.id, cast(e.told as text) || ' told, ' || cast(count(t.id) as text) || ' tasks: ' || e.kind
             from event e left join task t on t.event_id = e.id
             where e.told > 0 and e.at > (select max(at) from event) - 2500000000000
             group by e.id, e.told, e.kind having count(t.id) <> e.told"
        ),
    },
    Law {
        name: "work.dead_tasks_raise_alerts",
        says: "a dead task has an open alert",
        sql: sql!(
            "select t.id, t.kind || ': ' || coalesce(t.last_error, '') from task t
             where t.state = 'dead' and not exists
               (select 1 from alert a where a.subject_id = t.id and a.resolved_at is null)"
        ),
    },
    Law {
        name: "work.done_tasks_have_no_lease",
        says: "a task that is done or dead is in nobody's hands",
        sql: sql!("select id, kind from task where state <> 'due' and leased_by is not null"),
    },
];
