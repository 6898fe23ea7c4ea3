use db::{Law, sql};

/// What must hold of the catalogue.
pub const LAWS: &[Law] = &[
    Law {
        name: "catalog.products_have_a_title",
        says: "every product has its texts in some language, and they are of its own store",
        sql: sql!(
            "select p.id, 'no text' from product p
             where not exists (select 1 from product_text t where t.product_id = p.id)
             union all
             select p.id, 'its text in ' || t.locale || ' is of another store'
             from product_text t join product p on p.id = t.product_id where t.store_id <> p.store_id"
        ),
    },
    Law {
        name: "catalog.products_have_a_variant",
        says: "every product has a variant, and one that is live has an active one, all of its own store",
        sql: sql!(
            "select p.id, 'no variant; ' || p.state from product p
             where not exists (select 1 from variant v where v.product_id = p.id
                 and (p.state <> 'live' or v.retired_at is null))
             union all
             select v.id, 'is of another store than its product'
             from variant v join product p on p.id = v.product_id where v.store_id <> p.store_id"
        ),
    },
    Law {
        name: "catalog.options_are_complete",
        says: "options are numbered without a gap, and an active variant has a value for each and for no other",
        sql: sql!(
            "select product_id, cast(count(*) as text) || ' options, the last is number ' || cast(max(position) as text)
             from product_option group by product_id having count(*) <> max(position)
             union all
             select v.id, 'values ' || coalesce(v.option1, '-') || ', ' || coalesce(v.option2, '-') || ', '
                 || coalesce(v.option3, '-') || ' do not fit the options of its product'
             from (select v.id, v.option1, v.option2, v.option3,
                     (select count(*) from product_option o where o.product_id = v.product_id) as options
                 from variant v where v.retired_at is null) v
             where (v.option1 is not null) <> (v.options >= 1) or (v.option2 is not null) <> (v.options >= 2)
                 or (v.option3 is not null) <> (v.options >= 3)"
        ),
    },
    Law {
        name: "catalog.variants_differ",
        says: "no two active variants of a product have the same option values",
        sql: sql!(
            "select product_id, cast(count(*) as text) || ' variants are ' || coalesce(option1, '-') || ', '
                 || coalesce(option2, '-') || ', ' || coalesce(option3, '-')
             from variant where retired_at is null
             group by product_id, option1, option2, option3 having count(*) > 1"
        ),
    },
    Law {
        name: "catalog.category_is_a_tree",
        says: "every category hangs below the top, in its own store, with a name",
        sql: sql!(
            "with recursive top (id, store_id) as (
                 select id, store_id from category where parent_id is null
                 union select c.id, c.store_id from category c join top t on c.parent_id = t.id
                     and c.store_id = t.store_id)
             select c.id, 'hangs in a loop or below another store''s category'
             from category c where c.id not in (select id from top)
             union all
             select c.id, 'no name' from category c
             where not exists (select 1 from category_text t where t.category_id = c.id and t.store_id = c.store_id)
             union all
             select p.id, 'lies in another store''s category'
             from product p join category c on c.id = p.category_id where c.store_id <> p.store_id"
        ),
    },
    Law {
        name: "catalog.custom_values_belong",
        says: "a custom value of a product or variant is on one that exists, in the field's store",
        sql: sql!(
            "select v.subject_id, 'field ' || f.namespace || '.' || f.key || ' of a ' || f.resource || ' that is not there'
             from custom_value v join custom_field f on f.id = v.field_id
             where (f.resource = 'product' and not exists
                     (select 1 from product p where p.id = v.subject_id and p.store_id = f.store_id))
                or (f.resource = 'variant' and not exists
                     (select 1 from variant x where x.id = v.subject_id and x.store_id = f.store_id))"
        ),
    },
    Law {
        name: "catalog.old_addresses_lead_on",
        says: "an address that something left is nobody's current one of the same kind",
        sql: sql!(
            "select h.subject_id, 'product address ' || h.slug from slug_history h
             join product_text t on t.store_id = h.store_id and t.locale = h.locale and t.slug = h.slug
             where h.kind = 'product'
             union all
             select h.subject_id, 'category address ' || h.slug from slug_history h
             join category_text t on t.store_id = h.store_id and t.locale = h.locale and t.slug = h.slug
             where h.kind = 'category'"
        ),
    },
    Law {
        name: "catalog.imports_add_up",
        says: "an import is never further than its file, and one that ended says when",
        sql: sql!(
            "select id, 'row ' || cast(row_position as text) || ' of ' || cast(rows_total as text) || ', ' || state
             from import_run
             where row_position > rows_total or byte_position > file_bytes or refused_rows > row_position
                or (state = 'running') <> (finished_at is null)
                or (state = 'done' and row_position <> rows_total)"
        ),
    },
];
