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
        says: "a dead task has an alert that is open, or that somebody put away after it died",
        sql: sql!(
            "select t.id, t.kind || ': ' || coalesce(t.last_error, '') from task t
             where t.state = 'dead' and not exists
               (select 1 from alert a where a.subject_id = t.id and (a.resolved_at is null
                   or (a.resolved_by_kind is not null and a.resolved_at >= t.due_at)))"
        ),
    },
    Law {
        name: "work.alerts_end_with_their_task",
        says: "no task that is done has an open alert of its death",
        sql: sql!(
            "select t.id, t.kind || ': ' || a.text from task t join alert a on a.subject_id = t.id
             where t.state = 'done' and a.resolved_at is null and a.key like 'task:%'"
        ),
    },
    Law {
        name: "work.audit_rows_are_sealed",
        says: "an audit row is in the chain ten minutes after it was written, where anything happened since",
        sql: sql!(
            "select a.id, a.verb || ' is in no chain' from audit a
             where a.seal is null and a.at < (select max(at) from (
                 select max(at) as at from audit union all select max(at) from event
                 union all select max(last_at) from schedule) t) - 600000000"
        ),
    },
    Law {
        name: "work.done_tasks_have_no_lease",
        says: "a task that is done or dead is in nobody's hands",
        sql: sql!("select id, kind from task where state <> 'due' and leased_by is not null"),
    },
];
