use db::{Law, sql};

/// What must hold of stock.
pub const LAWS: &[Law] = &[
    Law {
        name: "inventory.ledger_is_level",
        says: "what is on hand and set aside is the sum of the ledger",
        sql: sql!(
            "select l.item_id, 'on hand ' || cast(l.on_hand as text) || ', ledger ' || cast(coalesce(sum(m.on_hand_delta), 0) as text)
                 || '; unavailable ' || cast(l.unavailable as text) || ', ledger ' || cast(coalesce(sum(m.unavailable_delta), 0) as text)
             from stock_level l left join movement m on m.item_id = l.item_id and m.location_id = l.location_id
             group by l.item_id, l.location_id, l.on_hand, l.unavailable
             having l.on_hand <> coalesce(sum(m.on_hand_delta), 0) or l.unavailable <> coalesce(sum(m.unavailable_delta), 0)"
        ),
    },
    Law {
        name: "inventory.commitments_explain_levels",
        says: "reserved and allocated are the sums of the open commitments",
        sql: sql!(
            "select l.item_id, 'reserved ' || cast(l.reserved as text) || ', allocated ' || cast(l.allocated as text)
                 || '; commitments ' || cast(coalesce(sum(c.quantity - c.done) filter (where c.state = 'reserved'), 0) as text)
                 || ' and ' || cast(coalesce(sum(c.quantity - c.done) filter (where c.state = 'allocated'), 0) as text)
             from stock_level l left join commitment c
               on c.item_id = l.item_id and c.location_id = l.location_id and c.state <> 'closed'
             group by l.item_id, l.location_id, l.reserved, l.allocated
             having l.reserved <> coalesce(sum(c.quantity - c.done) filter (where c.state = 'reserved'), 0)
                 or l.allocated <> coalesce(sum(c.quantity - c.done) filter (where c.state = 'allocated'), 0)"
        ),
    },
    Law {
        name: "inventory.commitments_have_levels",
        says: "what is promised is promised somewhere: an open commitment belongs to a level",
        sql: sql!(
            "select c.order_id, c.state || ' ' || cast(c.quantity - c.done as text) from commitment c
             where c.state <> 'closed' and not exists
               (select 1 from stock_level l where l.item_id = c.item_id and l.location_id = c.location_id)"
        ),
    },
    Law {
        name: "inventory.commitments_are_whole_units",
        says: "an order takes and gives up whole sold units",
        sql: sql!(
            "select order_id, cast(quantity as text) || ' of which ' || cast(done as text) || ' done, by ' || cast(factor as text)
             from commitment where quantity % factor <> 0 or done % factor <> 0"
        ),
    },
    Law {
        name: "inventory.movements_have_levels",
        says: "every ledger row belongs to a level",
        sql: sql!(
            "select m.item_id, m.reason from movement m where not exists
               (select 1 from stock_level l where l.item_id = m.item_id and l.location_id = m.location_id)"
        ),
    },
    Law {
        name: "inventory.closed_commitments_are_done",
        says: "a commitment is closed when all of it is done, and only then",
        sql: sql!("select id, state from commitment where (state = 'closed') <> (done = quantity)"),
    },
    Law {
        name: "inventory.below_zero_only_on_purpose",
        says: "less than nothing is available only of items that may be oversold",
        sql: sql!(
            "select l.item_id, 'available ' || cast(sum(l.on_hand - l.unavailable - l.reserved - l.allocated) as text)
             from stock_level l join inventory_item i on i.id = l.item_id
             where not i.oversell and i.tracked group by l.item_id, l.location_id
             having sum(l.on_hand - l.unavailable - l.reserved - l.allocated) < 0
                and not exists (select 1 from alert a where a.subject_id = l.item_id)"
        ),
    },
];
