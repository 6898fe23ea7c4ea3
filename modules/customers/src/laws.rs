/// What must hold of customers and mail.
pub const LAWS: &[db::Law] = &[
    db::Law {
        name: "customers.a_default_address",
        says: "who has addresses has exactly one default",
        sql: db::sql!(
            "select a.customer_id, 'has ' || cast(count(*) as text) || ' addresses and not one default'
             from customer_address a group by a.customer_id
             having sum(case when a.is_default then 1 else 0 end) <> 1"
        ),
    },
    db::Law {
        name: "customers.mail_says_how_far_it_is",
        says: "a mail has a time of sending when, and only when, it was sent; a failed one says why",
        sql: db::sql!(
            "select id, 'it is ' || state || ' but its time of sending or its error says otherwise' from mail
             where (state = 'sent' and sent_at is null) or (state <> 'sent' and sent_at is not null)
                or (state = 'failed' and error = '')"
        ),
    },
];
