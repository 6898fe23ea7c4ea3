-- A commitment is settled by itself, whatever its variant takes of which items by then: it knows its own factor.
alter table commitment add column factor bigint not null default 1 check (factor > 0);

-- those made before: where all variants of the item take the same of it
update commitment set factor = (select max(v.factor) from variant_item v where v.item_id = commitment.item_id)
where (select count(distinct v.factor) from variant_item v where v.item_id = commitment.item_id) = 1
  and quantity % (select max(v.factor) from variant_item v where v.item_id = commitment.item_id) = 0;
