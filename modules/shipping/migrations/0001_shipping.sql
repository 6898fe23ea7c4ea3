create table shipping_zone (
    id uuid primary key,
    store_id uuid not null,
    name text not null,
    created_at bigint not null
);
create index shipping_zone_store on shipping_zone (store_id);

create table shipping_zone_country (
    store_id uuid not null,
    country text not null,
    zone_id uuid not null references shipping_zone (id) on delete cascade,
    primary key (store_id, country)
);
create index shipping_zone_country_zone on shipping_zone_country (zone_id);

create table shipping_method (
    id uuid primary key,
    zone_id uuid not null references shipping_zone (id),
    store_id uuid not null,
    name text not null,
    description text not null default '{}',
    position bigint not null default 0,
    kind text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    bands text not null default '[]',
    free_from_minor bigint,
    min_days bigint,
    max_days bigint,
    tax_category text not null default 'standard',
    active boolean not null default false
);
create index shipping_method_zone on shipping_method (zone_id);
create index shipping_method_store on shipping_method (store_id);
