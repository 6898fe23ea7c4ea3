use db::{Law, sql};

/// What must hold of files.
pub const LAWS: &[Law] = &[
    Law {
        name: "assets.ready_ones_are_known",
        says: "an asset that is ready has its fingerprint, type and size, and one that is not has none",
        sql: sql!(
            "select id, state || ': ' || file_name from asset
             where (state = 'ready') <> (sha256 is not null and media_type is not null and byte_size > 0
                 and width > 0 and height > 0)"
        ),
    },
    Law {
        name: "assets.fetching_ones_have_a_task",
        says: "an asset that is being fetched has an address and a task that is due (or dead, with its alert)",
        sql: sql!(
            "select a.id, 'nobody fetches ' || coalesce(a.source_url, a.file_name) from asset a
             where a.state = 'fetching' and (a.source_url is null or a.id not in
                 (select t.subject_id from task t where t.kind = 'assets.fetch' and t.state in ('due', 'dead')
                     and t.subject_id is not null))"
        ),
    },
    Law {
        name: "assets.failed_ones_say_why",
        says: "an asset that could not be had says why",
        sql: sql!("select id, file_name from asset where (state = 'failed') <> (error is not null)"),
    },
    Law {
        name: "assets.places_differ",
        says: "no two pictures of a subject stand at the same place",
        sql: sql!(
            "select subject_id, cast(count(*) as text) || ' pictures at place ' || cast(position as text)
             from asset_usage group by subject_kind, subject_id, position having count(*) > 1"
        ),
    },
];
