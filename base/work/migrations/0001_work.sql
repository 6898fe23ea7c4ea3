-- News, in the transaction of the write that made it. Ids only: no personal data.
create table event (
    id uuid primary key,
    store_id uuid not null,
    channel_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    data text not null,
    actor_kind text not null,
    actor_id uuid,
    told bigint not null,          -- how many tell tasks were made for it
    at bigint not null
);
create index event_by_subject on event (subject_id, at);
create index event_by_time on event (at);

-- Work for later, and who has it.
create table task (
    id uuid primary key,
    kind text not null,
    key text not null,
    mode text not null check (mode in ('tell', 'match')),
    subject_id uuid,
    event_id uuid,
    payload text not null,
    state text not null check (state in ('due', 'done', 'dead')),
    attempts bigint not null default 0,
    again boolean not null default false, -- a match task asked for while it ran
    due_at bigint not null,
    leased_by uuid,
    leased_until bigint,
    last_error text,
    created_at bigint not null,
    done_at bigint,
    unique (kind, key)
);
create index task_due on task (due_at) where state = 'due';
create index task_by_event on task (event_id);
create index task_done on task (done_at) where state = 'done';
create index task_dead on task (created_at) where state = 'dead';

create table schedule (
    name text primary key,
    next_at bigint not null,
    last_at bigint
);

-- What a person must look at.
create table alert (
    id uuid primary key,
    key text not null,
    text text not null,
    subject_id uuid,
    at bigint not null,
    resolved_at bigint
);
create unique index alert_open on alert (key) where resolved_at is null;

-- What changed, for caches, read models and the search index of every process.
create table change (
    seq {serial},
    xid {xid},
    subject text not null,
    subject_id uuid not null,
    at bigint not null
);
create index change_by_xid on change (xid);

-- A request that may come twice, and what it made.
create table idempotency (
    scope text not null,
    key text not null,
    input_hash {bytes} not null,
    subject_id uuid not null,
    created_at bigint not null,
    primary key (scope, key)
);
create index idempotency_by_time on idempotency (created_at);

-- Who did what. Written unchained; a leased task seals rows into the chain.
create table audit (
    id uuid primary key,
    store_id uuid not null,
    at bigint not null,
    actor_kind text not null,
    actor_id uuid,
    actor_name text not null,
    verb text not null,
    subject_kind text not null,
    subject_id uuid not null,
    payload text,                  -- before and after; may be erased
    salt {bytes},                  -- goes with the payload
    payload_hash {bytes} not null, -- of salt and payload: what the chain covers
    seal bigint unique,
    hash {bytes}
);
create index audit_by_subject on audit (subject_id, at);
create index audit_unsealed on audit (id) where seal is null;
