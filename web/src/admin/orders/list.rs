//! The order list: views, search, filters, by keyset.

use axum::response::Response;
use db::Tx;
use kernel::{Cursor, OrderId, PageSize, Permit, TextState as _, Timestamp, perms};
use orders::{Filter, OrderHead, OrderState};
use payments::{Due, OrderPayment};
use warehouse::OrderFulfilment;

use super::row::{self, Row};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::views::{Chip, Choice, Fields, OrderRow, OrdersView, Section, Tab};
use crate::admin::walk::Walk;

const PATH: &str = "/admin/orders";
/// So many orders on a page.
const ROWS: usize = 50;
/// A filter on what is derived reads so many pages of orders at most; the next page goes on from there.
const READS: usize = 10;

/// Another module picks so many orders for a view at most, the newest.
const PICKED: usize = 1_000;

/// The views: their name in the address and the key of their words.
const VIEWS: [(&str, &str); 6] = [
    ("", "orders-view-all"),
    ("to_ship", "orders-view-to-ship"),
    ("awaiting_payment", "orders-view-awaiting-payment"),
    ("unpaid", "orders-view-unpaid"),
    ("closed", "orders-view-closed"),
    ("cancelled", "orders-view-cancelled"),
];

/// What can be filtered by: name in the address and the chip that says the same.
const PAYMENTS: [(&str, Chip); 9] = [
    ("pending", Chip::PaymentPending),
    ("unknown", Chip::PaymentUnknown),
    ("authorised", Chip::PaymentAuthorised),
    ("due", Chip::PaymentDue),
    ("partly_paid", Chip::PaymentPartlyPaid),
    ("paid", Chip::PaymentPaid),
    ("partly_refunded", Chip::PaymentPartlyRefunded),
    ("refunded", Chip::PaymentRefunded),
    ("failed", Chip::PaymentFailed),
];
const FULFILMENTS: [(&str, Chip); 5] = [
    ("unfulfilled", Chip::Unfulfilled),
    ("on_hold", Chip::FulfilmentOnHold),
    ("partial", Chip::PartlyFulfilled),
    ("fulfilled", Chip::Fulfilled),
    ("nothing", Chip::NothingToFulfil),
];

/// What the address asks for.
struct Wanted {
    view: String,
    search: String,
    payment: String,
    fulfilment: String,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Wanted {
    fn of(office: &Office, query: &Fields) -> Wanted {
        let text = |name: &str| query.value(name).trim().to_owned();
        let known = |name: &str, list: &[(&str, Chip)]| {
            let value = text(name);
            if list.iter().any(|(n, _)| *n == value) { value } else { String::new() }
        };
        Wanted {
            view: Some(text("view")).filter(|v| VIEWS.iter().any(|(n, _)| n == v)).unwrap_or_default(),
            search: text("q"),
            payment: known("payment", &PAYMENTS),
            fulfilment: known("fulfilment", &FULFILMENTS),
            from: office.midnight(query.value("from"), 0),
            to: office.midnight(query.value("to"), 1),
        }
    }

    fn filtered(&self) -> bool {
        !self.search.is_empty() || self.derived() || self.from.is_some() || self.to.is_some()
    }

    /// Does a filter ask for what is not stored with the order?
    fn derived(&self) -> bool {
        !self.payment.is_empty() || !self.fulfilment.is_empty()
    }

    fn fits(&self, row: &Row) -> bool {
        let payment = match self.payment.as_str() {
            "" => true,
            "unknown" => row.unknown,
            "pending" => matches!(row.payment, OrderPayment::Pending | OrderPayment::Unpaid),
            other => OrderPayment::parse(other) == Some(row.payment),
        };
        let fulfilment =
            self.fulfilment.is_empty() || OrderFulfilment::parse(&self.fulfilment) == Some(row.fulfilment);
        payment && fulfilment
    }
}

/// `GET /admin/orders?view=&q=&payment=&fulfilment=&from=&to=&after=&back=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersRead>()?;
    let walk = Walk::of(PATH, &filter, &["view", "q", "payment", "fulfilment", "from", "to"]);
    let wanted = Wanted::of(&office, &filter);
    let ((rows, next), capped, tabs) = office
        .db()
        .read(async |tx: &mut Tx| {
            let only = only(tx, &office, &wanted).await?;
            let capped = only.as_ref().is_some_and(|o| o.len() >= PICKED);
            let found = gather(tx, &office, &permit, &wanted, only, walk.after()).await?;
            Ok::<_, Error>((found, capped, tabs(tx, &office, &walk, &wanted.view).await?))
        })
        .await?;
    let choices = |list: &[(&str, Chip)]| -> Vec<Choice> {
        list.iter().map(|(name, chip)| Choice::new(*name, office.t(chip.key()))).collect()
    };
    let view = OrdersView {
        shell: office.shell(Section::Orders).await?,
        tabs,
        filtered: wanted.filtered(),
        payments: choices(&PAYMENTS),
        fulfilments: choices(&FULFILMENTS),
        rows,
        pager: walk.pager(next),
        capped,
        can_fulfil: office.may::<perms::OrdersFulfil>(),
        can_capture: office.may::<perms::PaymentsCapture>(),
        filter,
    };
    office.page(&view)
}

/// A page of orders and the cursor of the next. Statuses are derived, so a filter on them reads on until the page is
/// full.
async fn gather(
    tx: &mut Tx,
    office: &Office,
    permit: &Permit<perms::OrdersRead>,
    wanted: &Wanted,
    only: Option<Vec<OrderId>>,
    mut after: Option<Cursor>,
) -> Result<(Vec<OrderRow>, Option<String>), Error> {
    let filter = Filter {
        states: states(&wanted.view),
        search: wanted.search.clone(),
        from: wanted.from,
        to: wanted.to,
        only,
    };
    let mut found = vec![];
    let mut next = None;
    for _ in 0..READS {
        let size = if wanted.derived() { PageSize::MAX } else { PageSize::new(ROWS as u32) };
        let page = orders::list(tx, office.ctx(), permit, &filter, after.as_ref(), size).await?;
        let rows = row::rows(tx, office, &page.rows).await?;
        let last = page.rows.len().saturating_sub(1);
        next = page.next;
        for (i, (head, row)) in page.rows.iter().zip(rows).enumerate() {
            if !wanted.fits(&row) {
                continue;
            }
            found.push(row.row);
            if found.len() == ROWS {
                let more = i < last || next.is_some();
                return Ok((found, more.then(|| cursor(head).encode())));
            }
        }
        after = next.as_deref().and_then(|c| Cursor::decode(c).ok());
        if after.is_none() || !wanted.derived() {
            break;
        }
    }
    Ok((found, next))
}

fn cursor(head: &OrderHead) -> Cursor {
    Cursor { key: head.created_at.micros(), id: head.id.uuid() }
}

fn states(view: &str) -> Vec<OrderState> {
    match view {
        "awaiting_payment" => vec![OrderState::AwaitingPayment],
        "closed" => vec![OrderState::Closed],
        "cancelled" => vec![OrderState::Cancelled],
        _ => vec![],
    }
}

/// The orders that another module picks for a view or a filter; none where all are looked at.
async fn only(tx: &mut Tx, office: &Office, wanted: &Wanted) -> Result<Option<Vec<OrderId>>, Error> {
    let ctx = office.ctx();
    let of_view = match wanted.view.as_str() {
        "to_ship" => Some(warehouse::orders_to_ship(tx, ctx).await?),
        "unpaid" => Some(payments::orders_where(tx, ctx, Due::ToBePaid).await?),
        _ => None,
    };
    let due = match wanted.payment.as_str() {
        "authorised" => Some(Due::ToCapture),
        "due" => Some(Due::ToBePaid),
        "unknown" => Some(Due::Unknown),
        _ => None,
    };
    let of_payment = match due {
        Some(due) => Some(payments::orders_where(tx, ctx, due).await?),
        None => None,
    };
    Ok(match (of_view, of_payment) {
        (Some(a), Some(b)) => Some(a.into_iter().filter(|id| b.contains(id)).collect()),
        (a, b) => a.or(b),
    })
}

async fn tabs(tx: &mut Tx, office: &Office, walk: &Walk, view: &str) -> Result<Vec<Tab>, Error> {
    let ctx = office.ctx();
    let to_ship = warehouse::count_open(tx, ctx).await?;
    let awaiting = orders::count_open(tx, ctx, OrderState::AwaitingPayment).await?;
    let unpaid = payments::orders_where(tx, ctx, Due::ToBePaid).await?.len();
    let count = |name: &str| match name {
        "to_ship" => office.count(to_ship),
        "awaiting_payment" => office.count(awaiting),
        "unpaid" => office.count(i64::try_from(unpaid).unwrap_or(0)),
        _ => None,
    };
    let tab = |(name, key): (&str, &'static str)| Tab {
        key,
        href: walk.with("view", name),
        current: name == view,
        count: count(name),
    };
    Ok(VIEWS.into_iter().map(tab).collect())
}
