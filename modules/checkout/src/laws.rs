use db::{Law, sql};

/// What must hold in this module's tables.
pub const LAWS: &[Law] = &[
    Law {
        name: "checkout.versions_count_changes",
        says: "a cart's version grew with every line it got",
        sql: sql!(
            "select c.id, 'version ' || cast(c.version as text) || ' with more lines than that' from cart c
             where c.version < (select count(*) from cart_line l where l.cart_id = c.id)"
        ),
    },
    Law {
        name: "checkout.ordered_carts_have_lines",
        says: "an order is made of a cart with something in it",
        sql: sql!(
            "select c.id, 'ordered, and empty' from cart c
             where c.state = 'ordered' and not exists (select 1 from cart_line l where l.cart_id = c.id)"
        ),
    },
    Law {
        name: "checkout.secrets_are_long",
        says: "a cart's secret cannot be guessed",
        sql: sql!("select id, 'its secret is short' from cart where length(secret) < 26"),
    },
    Law {
        name: "checkout.lines_are_limited",
        says: "a cart has at most 100 lines",
        sql: sql!(
            "select cart_id, cast(count(*) as text) || ' lines' from cart_line group by cart_id having count(*) > 100"
        ),
    },
];
