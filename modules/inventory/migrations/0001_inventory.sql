create table location (
    id uuid primary key,
    store_id uuid not null,
    name text not null,
    address text not null default '{}',
    position bigint not null,          -- stock is taken from the lowest first
    active boolean not null default true,
    created_at bigint not null
);
create index location_by_store on location (store_id, position);

create table inventory_item (
    id uuid primary key,
    store_id uuid not null,
    base_unit text not null check (base_unit in ('piece', 'gram')),
    tracked boolean not null,
    oversell boolean not null,         -- may be sold below zero, on purpose
    created_at bigint not null
);

-- A variant takes `factor` base units of an item; a kit takes of several items.
create table variant_item (
    variant_id uuid not null,
    item_id uuid not null references inventory_item (id),
    factor bigint not null check (factor > 0),
    primary key (variant_id, item_id)
);
create index variant_item_by_item on variant_item (item_id);

create table stock_level (
    item_id uuid not null references inventory_item (id),
    location_id uuid not null references location (id),
    on_hand bigint not null default 0,
    unavailable bigint not null default 0 check (unavailable >= 0),
    reserved bigint not null default 0 check (reserved >= 0),
    allocated bigint not null default 0 check (allocated >= 0),
    updated_at bigint not null,
    primary key (item_id, location_id)
);
create index stock_level_by_location on stock_level (location_id);

-- The ledger: the only writer of on hand and unavailable.
create table movement (
    id uuid primary key,
    item_id uuid not null references inventory_item (id),
    location_id uuid not null references location (id),
    on_hand_delta bigint not null,
    unavailable_delta bigint not null default 0,
    reason text not null,
    note text not null default '',
    ref_id uuid,                       -- the shipment, refund or import that caused it
    actor_kind text not null,
    actor_name text not null,
    at bigint not null
);
create index movement_by_item on movement (item_id, at);
create index movement_by_ref on movement (ref_id);

-- What explains reserved and allocated.
create table commitment (
    id uuid primary key,
    item_id uuid not null references inventory_item (id),
    location_id uuid not null references location (id),
    order_id uuid not null,
    order_line_id uuid not null,
    quantity bigint not null check (quantity > 0),
    done bigint not null default 0 check (done >= 0 and done <= quantity), -- shipped or released of it
    state text not null check (state in ('reserved', 'allocated', 'closed')),
    created_at bigint not null
);
create index commitment_by_order on commitment (order_id);
create index commitment_open on commitment (item_id, location_id) where state <> 'closed';
