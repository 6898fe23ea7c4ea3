use db::{Law, sql};

use crate::behind::not_followed;

/// What must hold of figures.
pub const LAWS: &[Law] = &[
    Law {
        name: "analytics.gross_is_net_and_tax",
        says: "every fact's gross is its net and its tax",
        sql: sql!(
            "select id, kind || ': ' || cast(gross_minor as text) || ' is not ' || cast(net_minor as text) || ' and '
                 || cast(tax_minor as text)
             from sale_fact where gross_minor <> net_minor + tax_minor"
        ),
    },
    Law {
        name: "analytics.signs",
        says: "a sale is not negative, a refund not positive",
        sql: sql!(
            "select id, kind || ': ' || cast(gross_minor as text) || ', ' || cast(items as text) || ' items'
             from sale_fact
             where (kind = 'sale' and (gross_minor < 0 or items < 0)) or (kind = 'refund' and (gross_minor > 0 or items > 0))"
        ),
    },
    Law {
        name: "analytics.one_sale_an_order",
        says: "a sale has its order's id",
        sql: sql!("select id, 'is of another order' from sale_fact where kind = 'sale' and id <> order_id"),
    },
    Law {
        name: "analytics.refunds_follow_a_sale",
        says: "what was given back of an order was sold before, in the same currency, and is not more",
        sql: sql!(
            "select r.order_id, 'given back ' || cast(-sum(r.gross_minor) as text) || ', sold '
                 || coalesce(cast(max(s.gross_minor) as text), 'nothing')
             from sale_fact r left join sale_fact s
                 on s.id = r.order_id and s.kind = 'sale' and s.currency = r.currency and s.store_id = r.store_id
             where r.kind = 'refund'
             group by r.order_id having coalesce(max(s.gross_minor), -1) < -sum(r.gross_minor)"
        ),
    },
    Law {
        name: "analytics.figures_follow_orders",
        says: "every sold order's figures are what it and its refunds say, or a task is about to count them",
        sql: sql!(const concat!(
            "select order_id, what from (",
            not_followed!(),
            ") b where order_id not in (select t.subject_id from task t
                 where t.kind = 'analytics.order' and t.state in ('due', 'dead') and t.subject_id is not null)"
        )),
    },
    Law {
        name: "analytics.days_are_days",
        says: "a business day is written as 2026-11-23",
        sql: sql!("select id, day from sale_fact where day not like '____-__-__'"),
    },
];
