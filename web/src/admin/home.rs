//! Home: how the shop does, and what needs attention.

use analytics::{Figures, Home, Period};
use axum::response::Response;
use db::Tx;
use kernel::{PageSize, perms};
use payments::Due;

use super::office::Office;
use super::orders::row;
use super::sent::{Form, Query};
use super::views::{
    Attention, AttentionRow, Chart, ChartPoint, HomeAlert, HomeView, Kpi, OrderRow, Section, SetupStep,
};
use super::words::Locale;
use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/admin", Auth::SignedIn, home).post("/admin/alerts/resolution", Auth::SignedIn, resolve)
}

/// Recent orders shown.
const RECENT: u32 = 8;
/// The periods that can be chosen, in days.
const PERIODS: [u32; 3] = [7, 30, 90];

struct Read {
    figures: Option<Home>,
    attention: Vec<AttentionRow>,
    alerts: Vec<HomeAlert>,
    steps: Vec<SetupStep>,
    recent: Vec<OrderRow>,
}

/// `GET /admin?days=7|30|90`.
async fn home(office: Office, Query(query): Query) -> Result<Response, Error> {
    let days = query.value("days").parse().ok().filter(|d| PERIODS.contains(d)).unwrap_or(30);
    let read = office.db().snapshot(async |tx: &mut Tx| gather(tx, &office, days).await).await?;
    let greeting = match office.hour() {
        5..12 => "home-morning",
        12..18 => "home-afternoon",
        _ => "home-evening",
    };
    let view = HomeView {
        shell: office.shell(Section::Home).await?,
        greeting,
        days,
        kpis: read.figures.as_ref().map(|f| kpis(&office, f)).unwrap_or_default(),
        chart: read.figures.as_ref().and_then(|f| chart(&office, f)),
        attention: read.attention,
        alerts: read.alerts,
        steps: read.steps,
        recent: read.recent,
        sees_figures: read.figures.is_some(),
    };
    office.page(&view)
}

/// Whatever the reader may see; the rest is not looked at.
async fn gather(tx: &mut Tx, office: &Office, days: u32) -> Result<Read, Error> {
    let ctx = office.ctx();
    let figures = match office.permit::<perms::AnalyticsRead>() {
        Ok(permit) => {
            let period = Period::ending(&ctx.today(), i64::from(days))?;
            Some(analytics::home(tx, ctx, &permit, &period.from_day(), &period.to_day()).await?)
        }
        Err(_) => None,
    };
    let recent = match office.permit::<perms::OrdersRead>() {
        Ok(permit) => {
            let all = orders::Filter::default();
            let page = orders::list(tx, ctx, &permit, &all, None, PageSize::new(RECENT)).await?;
            row::rows(tx, office, &page.rows).await?.into_iter().map(|r| r.row).collect()
        }
        Err(_) => vec![],
    };
    Ok(Read {
        figures,
        attention: attention(tx, office).await?,
        alerts: alerts(tx, office).await?,
        steps: if office.may::<perms::SettingsWrite>() {
            steps(tx, office, !recent.is_empty()).await?
        } else {
            vec![]
        },
        recent,
    })
}

fn kpis(office: &Office, home: &Home) -> Vec<Kpi> {
    let (now, then) = (home.figures, home.before);
    let money = |minor: i64| office.money_in(minor, home.currency);
    let orders = "/admin/orders".to_owned();
    let kpi = |key, value: String, of: fn(&Figures) -> i64, rising_is_good| Kpi {
        key,
        value,
        change: change(office, of(&now), of(&then)),
        rising: of(&now) >= of(&then),
        rising_is_good,
        href: orders.clone(),
    };
    let average = now.average_order_minor.map_or_else(|| "–".to_owned(), money);
    vec![
        kpi("kpi-net-sales", money(now.net_sales_minor), |f| f.net_sales_minor, true),
        kpi("kpi-orders", office.number(now.orders), |f| f.orders, true),
        kpi("kpi-average", average, |f| f.average_order_minor.unwrap_or(0), true),
        kpi("kpi-refunds", money(now.refunds_minor), |f| f.refunds_minor, false),
    ]
}

/// "18.4 %", in whole permille; nothing where there is nothing to compare with.
fn change(office: &Office, now: i64, then: i64) -> Option<String> {
    if then <= 0 {
        return None;
    }
    let permille = (i128::from(now) - i128::from(then)).abs() * 1_000 / i128::from(then);
    let point = if office.locale == Locale::De { ',' } else { '.' };
    Some(format!("{}{point}{}\u{a0}%", permille / 10, permille % 10))
}

/// Net sales by day; nothing where nothing was sold in either period.
fn chart(office: &Office, home: &Home) -> Option<Chart> {
    let sold = |f: &Figures| f.orders > 0 || f.net_sales_minor != 0;
    if !sold(&home.figures) && !sold(&home.before) {
        return None;
    }
    let money = |minor: i64| office.money_in(minor, home.currency);
    let points = home.days.iter().map(|d| ChartPoint {
        label: office.business_day(&d.day),
        value: d.figures.net_sales_minor,
        value_label: money(d.figures.net_sales_minor),
        previous: d.before.net_sales_minor,
        previous_label: money(d.before.net_sales_minor),
    });
    let span = |from: &str, to: &str| format!("{} – {}", office.business_day(from), office.business_day(to));
    let before = (home.days.first()?, home.days.last()?);
    let unit = home.currency.minor_per_unit();
    let mark = home.currency.sign();
    let scale = |minor: i64| {
        // whole units where the scale's steps are such
        if minor % unit == 0 { format!("{mark}{}", office.number(minor / unit)) } else { money(minor) }
    };
    Some(Chart::new(
        points.collect(),
        span(&home.from_day, &home.to_day),
        span(&before.0.before_day, &before.1.before_day),
        scale,
    ))
}

/// What waits for a person, only where there is some.
async fn attention(tx: &mut Tx, office: &Office) -> Result<Vec<AttentionRow>, Error> {
    let ctx = office.ctx();
    let mut rows = vec![];
    let mut put = |what: Attention, count: i64, href: &str| {
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            rows.push(AttentionRow { what, count, href: href.to_owned() });
        }
    };
    if office.may::<perms::OrdersFulfil>() {
        put(Attention::OrdersToShip, warehouse::count_open(tx, ctx).await?, "/admin/fulfilment");
    }
    if office.may::<perms::OrdersRead>() {
        for (what, due, href) in [
            (Attention::PaymentsToCapture, Due::ToCapture, "/admin/orders?payment=authorised"),
            (Attention::PaymentsUnknown, Due::Unknown, "/admin/orders?payment=unknown"),
            (Attention::PaymentsDue, Due::ToBePaid, "/admin/orders?view=unpaid"),
        ] {
            let waiting = payments::orders_where(tx, ctx, due).await?.len();
            put(what, i64::try_from(waiting).unwrap_or(0), href);
        }
    }
    if let Ok(permit) = office.permit::<perms::InventoryRead>() {
        let shortage = inventory::shortage(tx, ctx, &permit).await?;
        put(Attention::StockBelowZero, shortage.oversold, "/admin/inventory?view=below_zero");
        put(Attention::OutOfStock, shortage.sold_out, "/admin/inventory?view=out");
    }
    if let Ok(permit) = office.permit::<perms::SystemRead>() {
        let dead = work::queue::queues(tx, &permit).await?.iter().map(|q| q.dead).sum();
        put(Attention::DeadTasks, dead, "/admin/system/tasks?view=dead");
        put(Attention::MailsFailing, customers::failing_mails(tx, ctx).await?, "/admin/mails?state=failed");
    }
    Ok(rows)
}

/// Which alerts the reader may see and put away: about orders who works with orders, the rest who sees the system.
fn may_see(office: &Office, key: &str) -> bool {
    match about_order(key) {
        true => office.may::<perms::OrdersWrite>(),
        false => office.may::<perms::SystemWrite>(),
    }
}

fn about_order(key: &str) -> bool {
    ["refund:", "capture:", "order:", "payment:"].iter().any(|kind| key.starts_with(kind))
}

/// The alerts that are not counted above: tasks that gave up are.
async fn alerts(tx: &mut Tx, office: &Office) -> Result<Vec<HomeAlert>, Error> {
    let open = work::alerts::open(tx).await?;
    let mine = open.into_iter().filter(|a| !a.key.starts_with("task:") && may_see(office, &a.key)).take(10);
    Ok(mine
        .map(|a| HomeAlert {
            href: match a.subject.filter(|_| about_order(&a.key)) {
                Some(order) => super::orders::href(kernel::OrderId::from_uuid(order)),
                None => "/admin/system/tasks".to_owned(),
            },
            text: a.text,
            when: office.when(a.at),
            key: a.key,
        })
        .collect())
}

/// `POST /admin/alerts/resolution`: `key`.
async fn resolve(office: Office, Form(form): Form) -> Result<Response, Error> {
    let key = form.value("key").to_owned();
    if about_order(&key) {
        office.permit::<perms::OrdersWrite>()?;
    } else {
        office.permit::<perms::SystemWrite>()?;
    }
    let ctx = office.ctx().clone();
    office
        .db()
        .write("put_alert_away", async move |tx: &mut Tx| work::alerts::put_away(tx, &ctx, &key).await)
        .await?;
    Ok(office.done("/admin", office.t("home-alert-done")))
}

/// What a new shop still lacks.
async fn steps(tx: &mut Tx, office: &Office, ordered: bool) -> Result<Vec<SetupStep>, Error> {
    let (ctx, store) = (office.ctx(), office.ctx().store.id);
    let live = catalog::counts(tx, store).await?.live > 0;
    let taxed = !pricing::tax_rates(tx, ctx).await?.is_empty();
    let sends = shipping::zones(tx, ctx).await?.iter().any(|z| !z.methods.is_empty());
    let pays: site::PaymentMethods = site::setting(tx, store).await?;
    let step = |key, href: &str, done| SetupStep { key, href: href.to_owned(), done };
    Ok(vec![
        step("step-products", "/admin/products/new", live),
        step("step-taxes", "/admin/settings/taxes", taxed),
        step("step-shipping", "/admin/settings/shipping", sends),
        step("step-payments", "/admin/settings/payments", pays.enabled.is_some_and(|e| !e.is_empty())),
        step("step-order", "/", ordered),
    ])
}
