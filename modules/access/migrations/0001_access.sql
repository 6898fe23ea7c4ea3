create table staff (
    id uuid primary key,
    email text not null,
    email_key text not null unique,
    name text not null,
    locale text not null default 'en',
    password_hash text not null,
    password_changed_at bigint not null,
    active boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null,
    last_seen_at bigint
);
create index staff_by_creation on staff (created_at, id);
create table role (
    id uuid primary key,
    built_in text unique,
    name text not null,
    name_key text not null unique,
    grants text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create table staff_role (
    staff_id uuid not null references staff (id),
    role_id uuid not null references role (id),
    primary key (staff_id, role_id)
);
create index staff_role_by_role on staff_role (role_id);
create table session (
    id uuid primary key,
    token_hash {bytes} not null unique,
    staff_id uuid not null references staff (id),
    created_at bigint not null,
    expires_at bigint not null,
    last_seen_at bigint not null,
    user_agent text not null default '',
    ip text not null default ''
);
create index session_by_staff on session (staff_id);
create index session_by_expiry on session (expires_at);
create table api_key (
    id uuid primary key,
    name text not null,
    hint text not null,
    secret_hash {bytes} not null unique,
    grants text not null,
    created_by uuid,
    created_by_name text not null default '',
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);
create index api_key_by_creation on api_key (created_at, id);
