-- A provider may hold money again after it said that it let go: a request that arrives late. Then it is told once more,
-- so only one void at a time is on its way, however many succeeded.
drop index capture_one_void;
create unique index capture_one_void_at_a_time on capture (payment_id) where kind = 'void' and state = 'pending';

-- Goods move when the money does: what a refund on its way gives up of what had not left yet.
alter table refund_line add column given_up bigint not null default 0;
