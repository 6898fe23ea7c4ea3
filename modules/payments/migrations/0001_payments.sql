-- One attempt to be paid. Its facts are appended to payment_event; the sums here are their totals.
create table payment (
    id uuid primary key,
    store_id uuid not null,
    channel_id uuid not null,
    market_id uuid not null,
    order_id uuid not null,
    provider text not null,
    state text not null check (state in ('started', 'action_required', 'pending', 'unknown', 'authorised',
        'partially_captured', 'captured', 'failed', 'voided', 'due')),
    currency text not null,
    locale text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    authorised_minor bigint not null default 0,
    captured_minor bigint not null default 0,
    refunded_minor bigint not null default 0,
    let_go_minor bigint not null default 0,   -- authorised or due, and never to be taken
    token text not null default '',           -- what the shopper's browser got from the provider
    provider_ref text not null default '',
    action_url text not null default '',
    ask_at bigint,                            -- undecided: when the provider is asked again
    asked bigint not null default 0,
    error_code text not null default '',
    error_text text not null default '',
    created_at bigint not null,
    decided_at bigint,
    updated_at bigint not null
);
create index payment_by_order on payment (order_id, created_at);
create unique index payment_one_undecided on payment (order_id)
    where state in ('started', 'action_required', 'pending', 'unknown');
create index payment_to_ask on payment (ask_at) where state in ('started', 'action_required', 'pending', 'unknown');
create index payment_open on payment (store_id, state, created_at) where state in ('authorised', 'partially_captured', 'due', 'unknown');

create table payment_event (
    id uuid primary key,
    payment_id uuid not null references payment (id),
    kind text not null,
    amount_minor bigint not null default 0,
    detail text not null default '',
    actor_kind text not null,
    actor_name text not null,
    at bigint not null
);
create index payment_event_by_payment on payment_event (payment_id, at);

-- Taking authorised money, or letting it go.
create table capture (
    id uuid primary key,
    payment_id uuid not null references payment (id),
    order_id uuid not null,
    kind text not null check (kind in ('capture', 'void')),
    amount_minor bigint not null check (amount_minor >= 0),
    state text not null check (state in ('pending', 'succeeded', 'failed')),
    provider_ref text not null default '',
    error_text text not null default '',
    created_at bigint not null,
    decided_at bigint
);
create index capture_by_payment on capture (payment_id);
create unique index capture_one_void on capture (payment_id) where kind = 'void' and state <> 'failed';

-- Money going back: what was captured, and what will not be captured after all.
create table refund (
    id uuid primary key,
    store_id uuid not null,
    order_id uuid not null,
    payment_id uuid not null references payment (id),
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    from_captured_minor bigint not null check (from_captured_minor >= 0),
    from_open_minor bigint not null check (from_open_minor >= 0),
    goods_minor bigint not null default 0,
    shipping_minor bigint not null default 0,
    adjustment_minor bigint not null default 0,
    tax_minor bigint not null default 0,
    state text not null check (state in ('pending', 'succeeded', 'failed')),
    reason text not null default '',
    provider_ref text not null default '',
    error_text text not null default '',
    actor_name text not null,
    created_at bigint not null,
    created_day text not null,
    decided_at bigint,
    check (amount_minor = from_captured_minor + from_open_minor)
);
create index refund_by_order on refund (order_id, created_at);
create index refund_by_payment on refund (payment_id);

create table refund_line (
    refund_id uuid not null references refund (id),
    order_line_id uuid not null,
    quantity bigint not null check (quantity > 0),
    net_minor bigint not null,
    tax_minor bigint not null,
    gross_minor bigint not null,
    restocked bigint not null default 0,
    location_id uuid,
    primary key (refund_id, order_line_id)
);
create index refund_line_by_line on refund_line (order_line_id);

-- What providers sent us; each has one effect.
create table incoming_webhook (
    id uuid primary key,
    provider text not null,
    external_id text not null,
    kind text not null,
    payment_id uuid,
    received_at bigint not null,
    effect text not null default '',
    unique (provider, external_id)
);
