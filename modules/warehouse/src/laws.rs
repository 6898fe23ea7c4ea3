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
    Law {
        name: "warehouse.promises_are_to_be_shipped",
        says: "what a placed order's line still holds somewhere is what is left to be shipped from there",
        sql: sql!(
            "select c.order_id, 'promised ' || cast(c.left_units as text) || ', to be shipped ' || cast(coalesce(w.left_units, 0) as text)
             from (select order_id, order_line_id, location_id, item_id,
                     sum(case when state = 'allocated' then (quantity - done) / factor else 0 end) as left_units
                   from commitment group by order_id, order_line_id, location_id, item_id) c
             join orders o on o.id = c.order_id and o.state = 'placed'
             left join (select f.order_id, l.order_line_id, f.location_id, sum(l.quantity - l.shipped - l.cancelled) as left_units
                   from fulfilment_line l join fulfilment_order f on f.id = l.fulfilment_order_id
                   group by f.order_id, l.order_line_id, f.location_id) w
               on w.order_id = c.order_id and w.order_line_id = c.order_line_id and w.location_id = c.location_id
             where c.left_units <> coalesce(w.left_units, 0)"
        ),
    },
    Law {
        name: "warehouse.promises_follow_orders",
        says: "an order that awaits payment holds reservations, a placed one promises, every other nothing",
        sql: sql!(
            "select c.order_id, c.state || ' of an order that is ' || coalesce(o.state, 'missing')
             from commitment c left join orders o on o.id = c.order_id
             where c.state <> 'closed' and (c.state <> case o.state
                 when 'awaiting_payment' then 'reserved' when 'placed' then 'allocated' else '' end or o.id is null)"
        ),
    },
    Law {
        name: "warehouse.restocked_within_gone",
        says: "no more of a line goes back on the shelf than had left it",
        sql: sql!(
            "select o.order_id, o.title || ': restocked ' || cast(sum(r.restocked) as text)
             from order_line o join refund_line r on r.order_line_id = o.id
             join refund f on f.id = r.refund_id and f.state <> 'failed'
             group by o.id, o.order_id, o.title, o.quantity, o.requires_shipping
             having sum(r.restocked) > case when o.requires_shipping
                 then (select coalesce(sum(s.quantity), 0) from shipment_line s where s.order_line_id = o.id)
                 else o.quantity end"
        ),
    },
];
