-- the merchant's own fields stand in the order that staff give them
alter table custom_field add column position bigint not null default 0;
