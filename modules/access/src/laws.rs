/// What must hold of people and their rights.
pub const LAWS: &[db::Law] = &[
    db::Law {
        name: "access.an_owner_is_active",
        says: "where anybody works, at least one owner is active",
        sql: db::sql!(
            "select cast(null as uuid), 'nobody active has the owner''s role' from (select 1 as one) x
             where exists (select 1 from staff) and not exists (select 1 from staff s
                 join staff_role sr on sr.staff_id = s.id join role r on r.id = sr.role_id
                 where s.active and r.built_in = 'owner')"
        ),
    },
    db::Law {
        name: "access.only_owners_hold_everything",
        says: "no role but the owner's, and no key, holds the right to everything",
        sql: db::sql!(
            "select id, 'the role ' || name || ' holds every right' from role
             where grants like '%\"*\"%' and (built_in is null or built_in <> 'owner')
             union all
             select id, 'the key ' || name || ' holds every right' from api_key where grants like '%\"*\"%'"
        ),
    },
    db::Law {
        name: "access.the_inactive_are_signed_out",
        says: "who is not active has no session",
        sql: db::sql!(
            "select s.id, s.email || ' is not active but signed in' from staff s
             where not s.active and exists (select 1 from session se where se.staff_id = s.id)"
        ),
    },
    db::Law {
        name: "access.sessions_end",
        says: "no session lasts longer than 90 days, nor 14 days unused",
        sql: db::sql!(
            "select id, 'it ends too late' from session
             where expires_at - created_at > 7776000000000 or expires_at - last_seen_at > 1209600000000"
        ),
    },
];
