-- The request to a location for some lines of an order.
create table fulfilment_order (
    id uuid primary key,
    store_id uuid not null,
    order_id uuid not null,
    location_id uuid not null,
    state text not null check (state in ('scheduled', 'open', 'on_hold', 'picking', 'packed', 'shipped', 'cancelled')),
    hold_reason text,
    created_at bigint not null,
    updated_at bigint not null,
    unique (order_id, location_id)
);
create index fulfilment_by_state on fulfilment_order (store_id, state, created_at);

create table fulfilment_line (
    id uuid primary key,
    fulfilment_order_id uuid not null references fulfilment_order (id),
    order_line_id uuid not null,
    variant_id uuid not null,
    sku text,
    title text not null,
    quantity bigint not null check (quantity > 0),
    shipped bigint not null default 0,
    cancelled bigint not null default 0,
    check (shipped >= 0 and cancelled >= 0 and shipped + cancelled <= quantity)
);
create index fulfilment_line_by_order on fulfilment_line (fulfilment_order_id);
create index fulfilment_line_by_line on fulfilment_line (order_line_id);

-- What a carrier takes.
create table shipment (
    id uuid primary key,
    store_id uuid not null,
    order_id uuid not null,
    fulfilment_order_id uuid not null references fulfilment_order (id),
    location_id uuid not null,
    state text not null check (state in ('created', 'handed_over', 'delivered', 'lost')),
    carrier text not null default '',
    tracking_number text not null default '',
    tracking_url text not null default '',
    actor_name text not null,
    created_at bigint not null,
    handed_over_at bigint,
    delivered_at bigint
);
create index shipment_by_order on shipment (order_id, created_at);

create table shipment_line (
    shipment_id uuid not null references shipment (id),
    fulfilment_line_id uuid not null references fulfilment_line (id),
    order_line_id uuid not null,
    quantity bigint not null check (quantity > 0),
    primary key (shipment_id, fulfilment_line_id)
);
create index shipment_line_by_line on shipment_line (order_line_id);
