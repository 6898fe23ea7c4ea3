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
        name: "customers.consent_is_as_last_said",
        says: "who may be written to by e-mail is who last agreed to it",
        sql: db::sql!(
            "select c.id, 'the newest word on e-mail is another than the customer''s own mark'
             from customer c join consent s on s.customer_id = c.id and s.channel = 'email'
             where s.granted <> c.accepts_marketing
               and not exists (select 1 from consent n where n.customer_id = s.customer_id and n.channel = s.channel
                   and (n.at, n.id) > (s.at, s.id))"
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
