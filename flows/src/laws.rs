use db::{Law, sql};

/// What must hold between modules that know nothing of each other.
pub const LAWS: &[Law] = &[Law {
    name: "flows.placed_orders_have_their_money",
    says: "a placed order has money authorised, taken or due, or gave it back, or is on hold",
    sql: sql!(
        "select o.id, 'no payment of ' || cast(o.total_minor as text) || ' stands' from orders o
         where o.state = 'placed' and o.hold is null and o.total_minor > 0
             and not exists (select 1 from payment p where p.order_id = o.id
                 and p.state in ('authorised', 'partially_captured', 'captured', 'due'))
             and not exists (select 1 from refund r where r.order_id = o.id and r.state = 'succeeded')"
    ),
}];
