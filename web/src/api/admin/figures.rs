//! The figures of the home page.

use analytics::{Figures, Period};
use db::Tx;
use kernel::Currency;
use kernel::perms::AnalyticsRead;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::One;
use crate::api::ask::Params;
use crate::api::types::Amount;
use crate::{Caller, Error, State};

/// Of which days, in the shop's time zone.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Days {
    /// The first: `2026-11-01`; 30 days up to today by default.
    from: Option<String>,
    /// The last.
    to: Option<String>,
}

/// Sales of some time.
#[derive(Debug, Serialize, ToSchema)]
struct Sums {
    net_sales: Amount,
    gross_sales: Amount,
    orders: i64,
    average_order: Option<Amount>,
    items: i64,
    refunds: Amount,
}

/// A day beside the one of the period before.
#[derive(Debug, Serialize, ToSchema)]
struct DaySums {
    day: String,
    is: Sums,
    before_day: String,
    before: Sums,
}

/// Sales of a period against the one before.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalesFigures {
    from: String,
    to: String,
    is: Sums,
    before: Sums,
    days: Vec<DaySums>,
}

fn sums(f: &Figures, currency: Currency) -> Sums {
    let amount = |minor: i64| Amount::of(minor, currency);
    Sums {
        net_sales: amount(f.net_sales_minor),
        gross_sales: amount(f.gross_sales_minor),
        orders: f.orders,
        average_order: f.average_order_minor.map(amount),
        items: f.items,
        refunds: amount(f.refunds_minor),
    }
}

pub(super) async fn home(
    state: State,
    caller: Caller,
    Params(days): Params<Days>,
) -> Result<One<SalesFigures>, Error> {
    let permit = caller.permit::<AnalyticsRead>()?;
    let ctx = caller.ctx;
    let last = days.to.unwrap_or_else(|| ctx.today());
    let from = match days.from {
        Some(from) => from,
        None => Period::ending(&last, 30)?.from_day(),
    };
    let home =
        state.db().read(async |tx: &mut Tx| analytics::home(tx, &ctx, &permit, &from, &last).await).await?;
    let day = |d: &analytics::Day| DaySums {
        day: d.day.clone(),
        is: sums(&d.figures, home.currency),
        before_day: d.before_day.clone(),
        before: sums(&d.before, home.currency),
    };
    Ok(One::new(SalesFigures {
        from: home.from_day.clone(),
        to: home.to_day.clone(),
        is: sums(&home.figures, home.currency),
        before: sums(&home.before, home.currency),
        days: home.days.iter().map(day).collect(),
    }))
}
