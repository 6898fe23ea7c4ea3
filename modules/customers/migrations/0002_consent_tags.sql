alter table customer add column tags text not null default '[]';
-- what somebody agreed to or took back, and how one knows; of each channel the newest row counts
create table consent (
    id uuid primary key,
    store_id uuid not null,
    customer_id uuid not null references customer (id),
    channel text not null check (channel in ('email', 'sms', 'phone', 'post')),
    granted boolean not null,
    source text not null check (source in ('checkout', 'staff', 'key', 'system')),
    proof text not null default '',     -- the words that were agreed to, or staff's reason
    actor_kind text not null,
    actor_id uuid,
    actor_name text not null,
    at bigint not null
);
create index consent_by_customer on consent (customer_id, channel, at, id);
