use db::{Law, sql};

/// What must hold of money.
pub const LAWS: &[Law] = &[
    Law {
        name: "payments.captured_within_authorised",
        says: "what was taken and let go is no more than was authorised or agreed",
        sql: sql!(
            "select id, state || ': captured ' || cast(captured_minor as text) || ', let go ' || cast(let_go_minor as text)
                 || ', authorised ' || cast(authorised_minor as text)
             from payment where captured_minor < 0 or let_go_minor < 0 or captured_minor + let_go_minor > amount_minor
                 or (authorised_minor > 0 and captured_minor + let_go_minor > authorised_minor)
                 or authorised_minor > amount_minor"
        ),
    },
    Law {
        name: "payments.refunded_within_captured",
        says: "what went back is no more than was taken",
        sql: sql!(
            "select id, 'refunded ' || cast(refunded_minor as text) || ', captured ' || cast(captured_minor as text)
             from payment where refunded_minor < 0 or refunded_minor > captured_minor"
        ),
    },
    Law {
        name: "payments.sums_follow_from_rows",
        says: "what was refunded is the sum of the succeeded refunds",
        sql: sql!(
            "select p.id, 'refunded ' || cast(p.refunded_minor as text) || ', rows '
                 || cast(coalesce(sum(r.from_captured_minor) filter (where r.state = 'succeeded'), 0) as text)
             from payment p left join refund r on r.payment_id = p.id group by p.id, p.refunded_minor
             having p.refunded_minor <> coalesce(sum(r.from_captured_minor) filter (where r.state = 'succeeded'), 0)"
        ),
    },
    Law {
        name: "payments.captures_explain_captured",
        says: "what was taken is the sum of the succeeded captures, or by terms of what staff recorded",
        sql: sql!(
            "select id, 'captured ' || cast(captured_minor as text) || ', rows ' || cast(rows_minor as text) from
                 (select p.id, p.captured_minor,
                     cast(coalesce((select sum(c.amount_minor) from capture c
                         where c.payment_id = p.id and c.state = 'succeeded' and c.kind = 'capture'), 0)
                     + coalesce((select sum(e.amount_minor) from payment_event e
                         where e.payment_id = p.id and e.kind = 'paid'), 0) as bigint) as rows_minor
                  from payment p) t
             where captured_minor <> rows_minor"
        ),
    },
    Law {
        name: "payments.money_was_agreed_to",
        says: "an attempt with money was authorised, or agreed by terms",
        sql: sql!(
            "select id, state from payment p
             where (authorised_minor > 0 or state in ('authorised', 'partially_captured', 'captured', 'due'))
                 and not exists (select 1 from payment_event e
                     where e.payment_id = p.id and e.kind in ('authorised', 'due'))"
        ),
    },
    Law {
        name: "payments.undecided_are_asked_again",
        says: "an undecided payment has a time to be asked again, and a decided one has none",
        sql: sql!(
            "select id, state from payment
             where (state in ('started', 'action_required', 'pending', 'unknown')) <> (ask_at is not null)"
        ),
    },
    Law {
        name: "payments.one_undecided_an_order",
        says: "an order has at most one undecided payment",
        sql: sql!(
            "select order_id, cast(count(*) as text) || ' undecided' from payment
             where state in ('started', 'action_required', 'pending', 'unknown') group by order_id having count(*) > 1"
        ),
    },
    Law {
        name: "payments.one_charge_an_order",
        says: "an order is authorised, taken or due by at most one attempt that was not let go",
        sql: sql!(
            "select order_id, cast(count(*) as text) || ' charges' from payment
             where state in ('authorised', 'partially_captured', 'captured', 'due')
               and captured_minor + let_go_minor - refunded_minor >= 0
               and (case when authorised_minor > 0 then authorised_minor else amount_minor end) - let_go_minor - refunded_minor > 0
             group by order_id having count(*) > 1"
        ),
    },
    Law {
        name: "payments.states_follow_from_sums",
        says: "the state says what the sums say",
        sql: sql!(
            "select id, state || ': authorised ' || cast(authorised_minor as text) || ', captured ' || cast(captured_minor as text)
             from payment where
                 (state = 'authorised' and (captured_minor > 0 or authorised_minor = 0))
                 or (state = 'partially_captured' and captured_minor = 0)
                 or (state = 'captured' and captured_minor = 0 and amount_minor > 0)
                 or (state in ('failed', 'started', 'action_required', 'pending', 'unknown') and authorised_minor + captured_minor > 0)
                 or (state = 'due' and authorised_minor > 0)"
        ),
    },
    Law {
        name: "payments.refund_lines_sum_up",
        says: "a refund's lines, shipping and adjustment are its amount",
        sql: sql!(
            "select r.id, 'amount ' || cast(r.amount_minor as text) || ', lines ' || cast(coalesce(sum(l.gross_minor), 0) as text)
             from refund r left join refund_line l on l.refund_id = r.id
             group by r.id, r.amount_minor, r.shipping_minor, r.adjustment_minor
             having r.amount_minor <> coalesce(sum(l.gross_minor), 0) + r.shipping_minor + r.adjustment_minor"
        ),
    },
    Law {
        name: "payments.agreed_to_once",
        says: "an attempt was agreed to once, however often its provider said so: as an answer, by notice, when asked",
        sql: sql!(
            "select payment_id, cast(count(*) as text) || ' times ' || min(kind) from payment_event
             where kind in ('authorised', 'due') group by payment_id having count(*) > 1"
        ),
    },
];
