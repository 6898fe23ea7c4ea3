create table account (
    payment text primary key,          -- the key it was asked with
    token text not null,
    state text not null,               -- yes, no, challenge, late, voided
    amount_minor bigint not null,
    captured_minor bigint not null default 0,
    refunded_minor bigint not null default 0,
    asked bigint not null default 1,
    late_until bigint
);
create table operation (
    key text primary key,
    payment text not null,
    kind text not null,
    amount_minor bigint not null,
    ok boolean not null
);
create table notice (
    id text primary key,
    payment text not null,
    kind text not null,
    due_at bigint not null,
    times bigint not null              -- how often it is still to be sent
);
