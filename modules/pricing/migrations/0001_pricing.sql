create table price (
    id uuid primary key,
    store_id uuid not null,
    variant_id uuid not null,
    market_id uuid not null,
    price_list text not null default '',
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    compare_at_minor bigint,
    min_quantity bigint not null default 1 check (min_quantity >= 1),
    starts_at bigint,
    ends_at bigint,
    updated_at bigint not null,
    unique (variant_id, market_id, price_list, min_quantity)
);

create table tax_rate (
    id uuid primary key,
    store_id uuid not null,
    country text not null,
    region text not null default '',
    tax_category text not null,
    name text not null,
    rate_ppm bigint not null check (rate_ppm >= 0 and rate_ppm <= 1000000),
    unique (store_id, country, region, tax_category)
);
