create table legal_entity (
    id uuid primary key,
    name text not null,
    address text not null,
    vat_number text not null default '',
    email text not null default '',
    created_at bigint not null,
    updated_at bigint not null
);
create table store (
    id uuid primary key,
    name text not null,
    legal_entity_id uuid not null references legal_entity (id),
    default_location_id uuid not null,
    time_zone text not null,
    country text not null,
    default_locale text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index store_by_legal_entity on store (legal_entity_id);
create table channel (
    id uuid primary key,
    store_id uuid not null references store (id),
    kind text not null,
    name text not null,
    created_at bigint not null
);
create index channel_by_store on channel (store_id);
create table market (
    id uuid primary key,
    store_id uuid not null references store (id),
    name text not null,
    currency text not null,
    country text not null,
    prices_include_tax boolean not null default false,
    created_at bigint not null
);
create index market_by_store on market (store_id);
create table store_locale (
    store_id uuid not null references store (id),
    locale text not null,
    position bigint not null,
    primary key (store_id, locale)
);
create table setting (
    store_id uuid not null references store (id),
    key text not null,
    value text not null,
    updated_at bigint not null,
    primary key (store_id, key)
);
create table redirect (
    store_id uuid not null references store (id),
    from_path text not null,
    to_path text not null,
    created_at bigint not null,
    primary key (store_id, from_path)
);
