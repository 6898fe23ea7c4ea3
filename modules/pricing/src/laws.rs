use db::{Law, sql};

/// What must hold in this module's tables.
pub const LAWS: &[Law] = &[
    Law {
        name: "pricing.one_currency",
        says: "all prices of a market are in one currency",
        sql: sql!(
            "select market_id, 'prices in ' || min(currency) || ' and in ' || max(currency) from price
             group by market_id having min(currency) <> max(currency)"
        ),
    },
    Law {
        name: "pricing.compare_at_is_higher",
        says: "a price before the discount is higher than the price",
        sql: sql!(
            "select variant_id, 'costs ' || cast(amount_minor as text) || ', before ' || cast(compare_at_minor as text)
             from price where compare_at_minor <= amount_minor"
        ),
    },
    Law {
        name: "pricing.quantities_have_a_base",
        says: "a variant with a price for several pieces has one for a single piece",
        sql: sql!(
            "select p.variant_id, 'no price below ' || cast(min(p.min_quantity) as text) || ' pieces' from price p
             group by p.variant_id, p.market_id, p.price_list having min(p.min_quantity) > 1"
        ),
    },
    Law {
        name: "pricing.dates_in_order",
        says: "a price begins before it ends",
        sql: sql!("select variant_id, 'ends before it begins' from price where ends_at <= starts_at"),
    },
    Law {
        name: "pricing.rates_of_countries",
        says: "a tax rate belongs to a country of two capital letters",
        sql: sql!(
            "select id, 'country ''' || country || '''' from tax_rate
             where length(country) <> 2 or country <> upper(country)"
        ),
    },
];
