-- the words beside the box for news that the shopper ticked; empty: they did not
alter table cart add column consent text not null default '';
