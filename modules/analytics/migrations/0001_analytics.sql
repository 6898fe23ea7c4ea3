-- What was sold and given back, one row an order and one a refund, written anew from the order's present state.
create table sale_fact (
    id uuid primary key,               -- the order's, or the refund's
    kind text not null check (kind in ('sale', 'refund')),
    store_id uuid not null,
    channel_id uuid not null,
    order_id uuid not null,
    day text not null,                 -- the business day in the store's time zone
    at bigint not null,
    currency text not null,
    net_minor bigint not null,         -- negative for a refund
    tax_minor bigint not null,
    gross_minor bigint not null,
    items bigint not null              -- units sold, or (negative) given back
);
create index sale_fact_by_day on sale_fact (store_id, day);
create index sale_fact_by_order on sale_fact (order_id);
