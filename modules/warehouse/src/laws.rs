use db::{Law, sql};

/// What must hold on the way out of the door.
pub const LAWS: &[Law] = &[
    Law {
        name: "warehouse.shipped_is_in_shipments",
        says: "what a line says was shipped is the sum of its parcels",
        sql: sql!(
            "select l.fulfilment_order_id, l.title || ': shipped ' || cast(l.shipped as text) || ', parcels '
                 || cast(coalesce(sum(s.quantity), 0) as text)
             from fulfilment_line l left join shipment_line s on s.fulfilment_line_id = l.id
             group by l.id, l.fulfilment_order_id, l.title, l.shipped having l.shipped <> coalesce(sum(s.quantity), 0)"
        ),
    },
    Law {
        name: "warehouse.shipped_within_ordered",
        says: "no more of an order line is shipped than was ordered",
        sql: sql!(
            "select o.order_id, o.title || ': ordered ' || cast(o.quantity as text) || ', shipped ' || cast(sum(s.quantity) as text)
             from order_line o join shipment_line s on s.order_line_id = o.id
             group by o.id, o.order_id, o.title, o.quantity having sum(s.quantity) > o.quantity"
        ),
    },
    Law {
        name: "warehouse.states_follow_from_lines",
        says: "a request with nothing left is shipped or cancelled, one with something left is not",
        sql: sql!(
            "select f.id, f.state || ', left ' || cast(sum(l.quantity - l.shipped - l.cancelled) as text)
             from fulfilment_order f join fulfilment_line l on l.fulfilment_order_id = f.id group by f.id, f.state
             having (sum(l.quantity - l.shipped - l.cancelled) = 0) <> (f.state in ('shipped', 'cancelled'))"
        ),
    },
];
