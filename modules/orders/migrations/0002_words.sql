-- the shopper's words stay as they were sent; staff keep theirs beside them
alter table orders add column staff_note text not null default '';
-- the words beside the box for news that the shopper ticked; empty: they did not
alter table orders add column consent text not null default '';
