use db::{Law, sql};

/// What must hold in this module's tables.
pub const LAWS: &[Law] = &[
    Law {
        name: "shipping.stores_agree",
        says: "a way to ship belongs to the store of its zone",
        sql: sql!(
            "select m.id, 'it is another store''s than its zone' from shipping_method m
             join shipping_zone z on z.id = m.zone_id where z.store_id <> m.store_id"
        ),
    },
    Law {
        name: "shipping.zones_have_countries",
        says: "a zone names a country, or everywhere else",
        sql: sql!(
            "select z.id, 'zone ''' || z.name || ''' has no country' from shipping_zone z
             where not exists (select 1 from shipping_zone_country c where c.zone_id = z.id)"
        ),
    },
    Law {
        name: "shipping.weights_have_prices",
        says: "a way to ship by weight has prices by weight",
        sql: sql!("select id, 'no weight has a price' from shipping_method where kind = 'weight' and bands = '[]'"),
    },
    Law {
        name: "shipping.days_in_order",
        says: "the fewest days of delivery are not more than the most",
        sql: sql!(
            "select id, cast(min_days as text) || ' to ' || cast(max_days as text) || ' days' from shipping_method
             where min_days > max_days"
        ),
    },
];
