create table category (
    id uuid primary key,
    store_id uuid not null,
    parent_id uuid references category (id),
    position bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (parent_id is null or parent_id <> id)
);
create index category_siblings on category (store_id, parent_id, position);

create table category_text (
    category_id uuid not null references category (id) on delete cascade,
    store_id uuid not null,
    locale text not null,
    name text not null check (name <> ''),
    slug text not null check (slug <> ''),
    description text not null default '',
    primary key (category_id, locale),
    unique (store_id, locale, slug)
);

create table product (
    id uuid primary key,
    store_id uuid not null,
    state text not null check (state in ('draft', 'live', 'retired')),
    category_id uuid references category (id),
    product_type text not null default '',
    vendor text not null default '',
    tags text not null default '[]',
    tax_category text not null default 'standard',
    version bigint not null default 1,
    created_at bigint not null,
    updated_at bigint not null
);
create index product_by_update on product (store_id, updated_at, id);
create index product_by_state on product (store_id, state, updated_at, id);
create index product_by_category on product (category_id);

create table product_text (
    product_id uuid not null references product (id) on delete cascade,
    store_id uuid not null,
    locale text not null,
    title text not null check (title <> ''),
    slug text not null check (slug <> ''),
    description text not null default '',
    seo_title text not null default '',
    seo_description text not null default '',
    primary key (product_id, locale),
    unique (store_id, locale, slug)
);

create table product_option (
    product_id uuid not null references product (id) on delete cascade,
    position bigint not null check (position between 1 and 3),
    name text not null check (name <> ''),
    primary key (product_id, position)
);

create table variant (
    id uuid primary key,
    product_id uuid not null references product (id),
    store_id uuid not null,
    position bigint not null,
    sku text,
    gtin text,
    option1 text,
    option2 text,
    option3 text,
    weight_grams bigint check (weight_grams >= 0),
    unit_grams bigint check (unit_grams > 0),
    cost_minor bigint check (cost_minor >= 0),
    requires_shipping boolean not null default true,
    taxable boolean not null default true,
    image_id uuid,
    retired_at bigint,
    created_at bigint not null,
    updated_at bigint not null
);
create index variant_of_product on variant (product_id, position);
-- a retired variant keeps its SKU for the books, and leaves it free for another
create unique index variant_sku on variant (store_id, sku) where retired_at is null;

create table custom_field (
    id uuid primary key,
    store_id uuid not null,
    resource text not null check (resource in ('product', 'variant', 'customer', 'order')),
    namespace text not null,
    key text not null,
    name text not null,
    kind text not null check (kind in ('text', 'long_text', 'integer', 'decimal', 'boolean', 'date', 'url', 'json')),
    -- made by an import, which may widen the kind later; what a person defined stays as it is
    guessed boolean not null default false,
    created_at bigint not null,
    unique (store_id, resource, namespace, key)
);

create table custom_value (
    field_id uuid not null references custom_field (id) on delete cascade,
    subject_id uuid not null,
    value text not null check (value <> ''),
    primary key (field_id, subject_id)
);
create index custom_value_of_subject on custom_value (subject_id);

create table slug_history (
    store_id uuid not null,
    kind text not null check (kind in ('product', 'category')),
    locale text not null,
    slug text not null,
    subject_id uuid not null,
    at bigint not null,
    primary key (store_id, kind, locale, slug)
);

create table import_run (
    id uuid primary key,
    store_id uuid not null,
    kind text not null check (kind in ('products')),
    file_name text not null,
    file_sha256 {bytes} not null,
    file_bytes bigint not null,
    options text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    -- how far it is: everything before this record of the file is committed
    row_position bigint not null default 0,
    byte_position bigint not null default 0,
    error_file text,
    error_bytes bigint not null default 0,
    rows_total bigint not null default 0,
    created bigint not null default 0,
    updated bigint not null default 0,
    unchanged bigint not null default 0,
    refused bigint not null default 0,
    refused_rows bigint not null default 0,
    report text not null default '{}',
    error text,
    started_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    finished_at bigint
);
create index import_run_by_file on import_run (store_id, file_sha256, created_at);
create index import_run_by_time on import_run (store_id, created_at, id);
