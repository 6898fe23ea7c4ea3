use db::{Law, sql};

/// What must hold of orders.
pub const LAWS: &[Law] = &[
    Law {
        name: "orders.line_gross_is_net_plus_tax",
        says: "every line's gross is its net plus its tax",
        sql: sql!(
            "select order_id, 'line ' || cast(position as text) || ': ' || cast(net_minor as text) || ' + '
                 || cast(tax_minor as text) || ' is not ' || cast(gross_minor as text)
             from order_line where gross_minor <> net_minor + tax_minor"
        ),
    },
    Law {
        name: "orders.total_is_sum_of_gross",
        says: "an order's total, net and tax are the sums of its lines",
        sql: sql!(
            "select o.id, 'total ' || cast(o.total_minor as text) || ', lines ' || cast(coalesce(sum(l.gross_minor), 0) as text)
             from orders o left join order_line l on l.order_id = o.id
             group by o.id, o.total_minor, o.net_minor, o.tax_minor
             having o.total_minor <> coalesce(sum(l.gross_minor), 0) or o.net_minor <> coalesce(sum(l.net_minor), 0)
                 or o.tax_minor <> coalesce(sum(l.tax_minor), 0)"
        ),
    },
    Law {
        name: "orders.entered_side_holds",
        says: "units times their price less the discount is the side that was entered",
        sql: sql!(
            "select o.id, l.title || ': ' || cast(l.quantity as text) || ' × ' || cast(l.unit_minor as text)
             from order_line l join orders o on o.id = l.order_id
             where l.quantity * l.unit_minor - l.discount_minor
                 <> case when o.prices_include_tax then l.gross_minor else l.net_minor end"
        ),
    },
    Law {
        name: "orders.placed_orders_have_their_event",
        says: "an order that is or was placed told OrderPlaced once",
        sql: sql!(
            "select o.id, cast(count(e.id) as text) || ' events' from orders o
             left join event e on e.subject_id = o.id and e.kind = 'OrderPlaced'
             where o.placed_at is not null and o.placed_at > (select coalesce(max(at), 0) from event) - 2500000000000
             group by o.id having count(e.id) <> 1"
        ),
    },
    Law {
        name: "orders.states_have_their_times",
        says: "a placed order knows when, on which day, and a cancelled one when",
        sql: sql!(
            "select id, state from orders where
                 (state in ('placed', 'closed') and (placed_at is null or placed_day is null))
                 or (state = 'cancelled') <> (cancelled_at is not null)
                 or (state = 'closed' and closed_at is null)
                 or (state = 'awaiting_payment' and held_until is null)"
        ),
    },
];
