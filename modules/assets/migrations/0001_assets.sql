create table asset (
    id uuid primary key,
    store_id uuid not null,
    sha256 {bytes},
    media_type text,
    byte_size bigint,
    width bigint,
    height bigint,
    -- the picture's own hue in OKLCH degrees; none for what is nearly grey
    hue bigint,
    file_name text not null,
    source_url text,
    state text not null check (state in ('fetching', 'ready', 'failed')),
    error text,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index asset_source on asset (store_id, source_url) where source_url is not null;
create index asset_content on asset (store_id, sha256);
create index asset_by_state on asset (store_id, state, created_at, id);

create table asset_usage (
    asset_id uuid not null references asset (id),
    subject_kind text not null,
    subject_id uuid not null,
    position bigint not null,
    alt text not null default '',
    primary key (subject_kind, subject_id, asset_id)
);
create index asset_usage_of on asset_usage (asset_id);
