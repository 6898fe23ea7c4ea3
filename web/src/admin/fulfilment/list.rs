//! Requests to locations, those that have waited longest first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use axum::response::Response;
use customers::country;
use db::Tx;
use inventory::LocationRow;
use kernel::{OrderId, Page, PageSize, Permit, perms};
use orders::OrderHead;
use warehouse::{FulfilmentState, RequestFilter, ToShip};

use crate::Error;
use crate::admin::office::Office;
use crate::admin::orders::{bulk::can_ship, href, row};
use crate::admin::sent::Query;
use crate::admin::views::{Choice, FulfilmentRow, FulfilmentView, Section, Tab};
use crate::admin::walk::Walk;

const PATH: &str = "/admin/fulfilment";
/// What waits longer is late.
const LATE: Duration = Duration::from_secs(2 * 24 * 3600);

/// The views: name in the address, key of their words.
const VIEWS: [(&str, &str); 4] = [
    ("", "fulfilment-view-open"),
    ("on_hold", "fulfilment-view-on-hold"),
    ("shipped", "fulfilment-view-shipped"),
    ("all", "fulfilment-view-all"),
];

struct Read {
    page: Page<ToShip>,
    heads: HashMap<OrderId, OrderHead>,
    locations: Vec<LocationRow>,
    open: i64,
}

/// `GET /admin/fulfilment?view=&q=&location=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let walk = Walk::of(PATH, &filter, &["view", "q", "location"]);
    let asked = filter.value("view").trim();
    let view = VIEWS.iter().find(|(name, _)| *name == asked).map_or("", |(name, _)| *name);
    let search = filter.value("q").trim().to_owned();
    let wanted = RequestFilter {
        states: states(view),
        location: filter.value("location").parse().ok(),
        orders: None,
        newest_first: matches!(view, "shipped" | "all"),
    };
    let read = office
        .db()
        .read(async |tx: &mut Tx| gather(tx, &office, &permit, wanted.clone(), &search, &walk).await)
        .await?;
    let mine = read.locations.iter().filter(|l| permit.scope().has_location(l.id));
    let rows = read
        .page
        .rows
        .iter()
        .filter_map(|r| Some(row(&office, r, read.heads.get(&r.order)?, &read.locations)));
    let view = FulfilmentView {
        shell: office.shell(Section::Fulfilment).await?,
        tabs: VIEWS
            .into_iter()
            .map(|(name, key)| Tab {
                key,
                href: walk.with("view", name),
                current: name == view,
                count: if name.is_empty() { office.count(read.open) } else { None },
            })
            .collect(),
        filtered: !search.is_empty() || wanted.location.is_some(),
        locations: mine.map(|l| Choice::new(l.id.to_string(), l.name.clone())).collect(),
        rows: rows.collect(),
        pager: walk.pager(read.page.next.clone()),
        can_fulfil: true,
        filter,
    };
    office.page(&view)
}

fn states(view: &str) -> Vec<FulfilmentState> {
    use FulfilmentState::{OnHold, Open, Packed, Picking, Scheduled, Shipped};
    match view {
        "on_hold" => vec![OnHold, Scheduled],
        "shipped" => vec![Shipped],
        "all" => vec![],
        _ => vec![Open, Picking, Packed],
    }
}

async fn gather(
    tx: &mut Tx,
    office: &Office,
    permit: &Permit<perms::OrdersFulfil>,
    mut wanted: RequestFilter,
    search: &str,
    walk: &Walk,
) -> Result<Read, Error> {
    let ctx = office.ctx();
    if !search.is_empty() {
        // who fulfils but may not see orders finds nothing by their customers
        wanted.orders = Some(match office.permit::<perms::OrdersRead>() {
            Ok(reads) => {
                let filter = orders::Filter { search: search.to_owned(), ..orders::Filter::default() };
                let found = orders::list(tx, ctx, &reads, &filter, None, PageSize::MAX).await?;
                found.rows.into_iter().map(|o| o.id).collect()
            }
            Err(_) => vec![],
        });
    }
    let page =
        warehouse::requests(tx, ctx, permit, &wanted, walk.after().as_ref(), PageSize::default()).await?;
    let mut heads = HashMap::new();
    for row in &page.rows {
        if let Entry::Vacant(place) = heads.entry(row.order) {
            place.insert(orders::head(tx, row.order).await?);
        }
    }
    let locations = inventory::locations(tx, ctx).await?;
    Ok(Read { page, heads, locations, open: warehouse::count_open(tx, ctx).await? })
}

fn row(office: &Office, r: &ToShip, head: &OrderHead, locations: &[LocationRow]) -> FulfilmentRow {
    let place = locations.iter().find(|l| l.id == r.location);
    let to = head.ship_to();
    let ready = can_ship(r.state) && r.left > 0 && head.hold.is_none();
    FulfilmentRow {
        id: r.id.to_string(),
        order_href: href(r.order),
        order_number: format!("#{}", head.number),
        placed: office.when(r.created_at),
        late: can_ship(r.state) && office.ctx().now().since(r.created_at) > LATE,
        customer: if head.name.is_empty() { head.email.clone() } else { head.name.clone() },
        country: country::name(&to.country, office.locale.tag()).to_owned(),
        location: place.map(|l| l.name.clone()).unwrap_or_default(),
        method: head.shipping_method.clone(),
        items: u32::try_from(r.left).unwrap_or(0),
        state: if head.hold.is_some() && can_ship(r.state) {
            crate::admin::views::Chip::FulfilmentOnHold
        } else {
            row::request_chip(r.state)
        },
        fulfil_href: if ready {
            format!("{}/fulfilment?fulfilment_order={}", href(r.order), r.id)
        } else {
            String::new()
        },
    }
}
