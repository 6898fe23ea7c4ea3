/// What must hold of the shop's own data.
pub const LAWS: &[db::Law] = &[
    db::Law {
        name: "site.store_is_whole",
        says: "every store has an online channel and a market",
        sql: db::sql!(
            "select s.id, s.name || ' has no online channel or no market' from store s
             where not exists (select 1 from channel c where c.store_id = s.id and c.kind = 'online')
                or not exists (select 1 from market m where m.store_id = s.id)"
        ),
    },
    db::Law {
        name: "site.default_locale_is_spoken",
        says: "a store's default language is the first of those it speaks",
        sql: db::sql!(
            "select s.id, s.default_locale || ' is not the first of its languages' from store s
             where not exists (select 1 from store_locale l
                 where l.store_id = s.id and l.locale = s.default_locale and l.position = 0)"
        ),
    },
    db::Law {
        name: "site.redirects_lead_elsewhere",
        says: "no redirect leads to itself, or back by another",
        sql: db::sql!(
            "select a.store_id, a.from_path || ' leads back to itself' from redirect a
             where a.from_path = a.to_path or exists (select 1 from redirect b
                 where b.store_id = a.store_id and b.from_path = a.to_path and b.to_path = a.from_path)"
        ),
    },
];
