create table cart (
    id uuid primary key,
    store_id uuid not null,
    channel_id uuid not null,
    market_id uuid not null,
    currency text not null,
    locale text not null,
    secret text not null unique,
    version bigint not null default 1,
    state text not null default 'open',
    email text not null default '',
    address text,
    billing_address text,
    shipping_method_id uuid,
    payment_method text,
    note text not null default '',
    created_at bigint not null,
    updated_at bigint not null
);
create index cart_age on cart (state, updated_at);

create table cart_line (
    id uuid primary key,
    cart_id uuid not null references cart (id) on delete cascade,
    variant_id uuid not null,
    quantity bigint not null check (quantity >= 1 and quantity <= 999),
    seen_price_minor bigint,
    position bigint not null,
    unique (cart_id, variant_id)
);
