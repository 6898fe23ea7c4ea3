use std::collections::HashMap;

use db::{ToVal, Tx, Val, params};
use kernel::{Ctx, Permit, perms};
use serde::Serialize;

use crate::{Error, Period};

/// Sums of a period or of a day, in minor units of the store's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Sold without tax, less what was given back.
    pub net_sales_minor: i64,
    /// The same with tax.
    pub gross_sales_minor: i64,
    /// Orders placed.
    pub orders: i64,
    /// What an order came to without tax, before refunds; none without orders.
    pub average_order_minor: Option<i64>,
    /// Units sold, less those given back.
    pub items: i64,
    /// Given back with tax, as a positive amount.
    pub refunds_minor: i64,
}

/// A day beside the one as far into the period before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// `2026-11-23`.
    pub day: String,
    /// What happened on it.
    pub figures: Figures,
    /// The day it is compared with.
    pub before_day: String,
    /// What happened on that.
    pub before: Figures,
}

/// The home page's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Home {
    /// Of all amounts.
    pub currency: kernel::Currency,
    /// The first day asked for.
    pub from_day: String,
    /// The last.
    pub to_day: String,
    /// Of the period.
    pub figures: Figures,
    /// Of as many days right before it.
    pub before: Figures,
    /// Every day of the period, also those on which nothing happened.
    pub days: Vec<Day>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    net: i64,
    gross: i64,
    orders: i64,
    sale_net: i64,
    items: i64,
    refund_gross: i64,
}

impl Sums {
    fn plus(self, o: Sums) -> Sums {
        Sums {
            net: self.net + o.net,
            gross: self.gross + o.gross,
            orders: self.orders + o.orders,
            sale_net: self.sale_net + o.sale_net,
            items: self.items + o.items,
            refund_gross: self.refund_gross + o.refund_gross,
        }
    }

    fn figures(self) -> Figures {
        Figures {
            net_sales_minor: self.net,
            gross_sales_minor: self.gross,
            orders: self.orders,
            // half away from zero; sales are not negative
            average_order_minor: (self.orders > 0)
                .then(|| (self.sale_net * 2 + self.orders) / (self.orders * 2)),
            items: self.items,
            refunds_minor: -self.refund_gross,
        }
    }
}

/// The figures of some business days and of as many before, in the store's currency, as far as the permit reaches.
///
/// # Errors
/// [`Error::Day`], [`Error::Period`].
pub async fn home(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::AnalyticsRead>,
    from_day: &str,
    to_day: &str,
) -> Result<Home, Error> {
    let period = Period::new(from_day, to_day)?;
    let before = period.before();
    let mut sums = by_day(tx, ctx, permit, &before.from_day(), &period.to_day()).await?;
    let mut totals = (Sums::default(), Sums::default());
    let days = period
        .days()
        .zip(before.days())
        .map(|(day, before_day)| {
            let now = sums.remove(&day).unwrap_or_default();
            let then = sums.remove(&before_day).unwrap_or_default();
            totals = (totals.0.plus(now), totals.1.plus(then));
            Day { day, figures: now.figures(), before_day, before: then.figures() }
        })
        .collect();
    Ok(Home {
        currency: ctx.store.currency,
        from_day: period.from_day(),
        to_day: period.to_day(),
        figures: totals.0.figures(),
        before: totals.1.figures(),
        days,
    })
}

async fn by_day(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::AnalyticsRead>,
    from: &str,
    to: &str,
) -> Result<HashMap<String, Sums>, Error> {
    let scope = permit.scope();
    let store = ctx.store.id;
    if !scope.has_store(store) {
        return Ok(HashMap::new());
    }
    let fixed = params![store, ctx.store.currency, from, to];
    let (text, values): (String, Vec<Val<'_>>) = if scope.channels.is_empty() {
        let text = db::sql!(
            "select day, cast(sum(net_minor) as bigint), cast(sum(gross_minor) as bigint),
                 cast(count(*) filter (where kind = 'sale') as bigint),
                 cast(coalesce(sum(net_minor) filter (where kind = 'sale'), 0) as bigint),
                 cast(sum(items) as bigint),
                 cast(coalesce(sum(gross_minor) filter (where kind = 'refund'), 0) as bigint)
             from sale_fact where store_id = $1 and currency = $2 and day >= $3 and day <= $4
             group by day"
        );
        (text.to_owned(), fixed.to_vec())
    } else {
        let text = db::sql!(
            "select day, cast(sum(net_minor) as bigint), cast(sum(gross_minor) as bigint),
                 cast(count(*) filter (where kind = 'sale') as bigint),
                 cast(coalesce(sum(net_minor) filter (where kind = 'sale'), 0) as bigint),
                 cast(sum(items) as bigint),
                 cast(coalesce(sum(gross_minor) filter (where kind = 'refund'), 0) as bigint)
             from sale_fact where store_id = $1 and currency = $2 and day >= $3 and day <= $4 and channel_id in ($5)
             group by day"
        );
        db::spread(text, fixed, scope.channels.iter().map(ToVal::to_val))
    };
    let rows: Vec<(String, i64, i64, i64, i64, i64, i64)> = tx.all(&text, &values).await?;
    Ok(rows
        .into_iter()
        .map(|(day, net, gross, orders, sale_net, items, refund_gross)| {
            (day, Sums { net, gross, orders, sale_net, items, refund_gross })
        })
        .collect())
}
