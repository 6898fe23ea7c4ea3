-- Whether the customer is written to is decided with the refund, and holds when it succeeds a week later.
alter table refund add column quiet boolean not null default false;
