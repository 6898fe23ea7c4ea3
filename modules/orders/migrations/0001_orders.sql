create table orders (
    id uuid primary key,
    store_id uuid not null,
    channel_id uuid not null,
    market_id uuid not null,
    entity_id uuid not null,
    number bigint not null,
    state text not null check (state in ('draft', 'awaiting_payment', 'placed', 'closed', 'cancelled')),
    hold text,                          -- why it must not go on; stands beside the state
    cart_id uuid,
    cart_version bigint,
    external_id text,                   -- of an order placed elsewhere
    customer_id uuid,
    email text not null,
    email_key text not null,
    name text not null,                 -- who ordered, for lists
    locale text not null,
    currency text not null,
    prices_include_tax boolean not null, -- which side was entered
    shipping_address text not null,
    billing_address text not null,
    shipping_method_id uuid,
    shipping_method text not null default '',
    payment_method text not null,
    net_minor bigint not null,
    tax_minor bigint not null,
    total_minor bigint not null,        -- the sum of all lines' gross
    item_count bigint not null,
    secret text not null unique,        -- of the link with which a guest sees the order
    note text not null default '',
    tags text not null default '[]',
    created_at bigint not null,
    placed_at bigint,
    placed_day text,                    -- the business day, in the store's time zone
    held_until bigint,                  -- until when its stock is kept while it awaits payment
    cancelled_at bigint,
    cancel_reason text,
    closed_at bigint,
    updated_at bigint not null,
    unique (store_id, number),
    unique (cart_id, cart_version),
    unique (channel_id, external_id)
);
create index orders_by_time on orders (store_id, created_at, id);
create index orders_by_state on orders (store_id, state, created_at, id);
create index orders_by_email on orders (store_id, email_key, created_at);
create index orders_by_customer on orders (customer_id, created_at);
create index orders_by_name on orders (store_id, name);
create index orders_held on orders (held_until) where state = 'awaiting_payment';

create table order_line (
    id uuid primary key,
    order_id uuid not null references orders (id),
    position bigint not null,
    kind text not null check (kind in ('item', 'shipping')),
    variant_id uuid,
    product_id uuid,
    sku text,
    title text not null,
    variant_title text not null default '',
    slug text not null default '',
    image_id uuid,
    quantity bigint not null check (quantity > 0),
    unit_minor bigint not null,         -- as entered: with tax or without
    discount_minor bigint not null default 0,
    net_minor bigint not null,          -- of the whole line, after discounts
    tax_minor bigint not null,
    gross_minor bigint not null,
    tax_name text not null default '',
    tax_rate_ppm bigint not null,
    requires_shipping boolean not null default true,
    weight_grams bigint,
    cancelled_quantity bigint not null default 0 check (cancelled_quantity >= 0 and cancelled_quantity <= quantity),
    unique (order_id, position)
);
create index order_line_by_variant on order_line (variant_id);

-- What happened to it, for people.
create table order_note (
    id uuid primary key,
    order_id uuid not null references orders (id),
    kind text not null,
    text text not null,
    data text not null default '{}',
    actor_kind text not null,
    actor_id uuid,
    actor_name text not null,
    at bigint not null
);
create index order_note_by_order on order_note (order_id, at);

{series:order_number:1001};
