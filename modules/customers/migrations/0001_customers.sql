create table customer (
    id uuid primary key,
    store_id uuid not null,
    email text not null,
    email_key text not null,
    name text not null default '',
    name_key text not null default '',
    phone text not null default '',
    locale text not null,
    accepts_marketing boolean not null default false,
    note text not null default '',
    created_at bigint not null,
    updated_at bigint not null,
    unique (store_id, email_key)
);
create index customer_by_creation on customer (store_id, created_at, id);
create table customer_address (
    id uuid primary key,
    customer_id uuid not null references customer (id),
    address text not null,
    address_key text not null,
    is_default boolean not null default false,
    created_at bigint not null,
    used_at bigint not null,
    unique (customer_id, address_key)
);
create unique index customer_address_default on customer_address (customer_id) where is_default;
create table mail (
    id uuid primary key,
    store_id uuid not null,
    dedupe_key text not null unique,
    kind text not null,
    sender_name text not null,
    sender text not null,
    reply_to text not null default '',
    recipient text not null,
    subject text not null,
    html text not null,
    text text not null,
    state text not null,
    order_id uuid,
    customer_id uuid,
    attempts bigint not null default 0,
    created_at bigint not null,
    sent_at bigint,
    error text not null default ''
);
create index mail_by_creation on mail (store_id, created_at, id);
create index mail_by_order on mail (order_id);
create index mail_by_customer on mail (customer_id);
create index mail_by_state on mail (state, created_at);
