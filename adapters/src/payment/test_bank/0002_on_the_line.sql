-- Requests that left the shop and have not arrived yet.
create table on_the_line (
    payment text primary key,
    token text not null,
    amount_minor bigint not null,
    arrives_at bigint not null
);
