//! Orders.

use db::Tx;
use flows::{Cancel, OrderPage};
use kernel::perms::{OrdersRead, OrdersWrite};
use kernel::{Ctx, Cursor, OrderId, Page, PageSize, Permit};
use orders::{Filter, NoteRow, OrderHead, OrderState};
use payments::OrderPayment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use warehouse::OrderFulfilment;

use super::payments::{Payment, payment};
use super::shipments::{FulfilmentOrder, requests_of};
use crate::api::answer::{List, One};
use crate::api::ask::{At, Body, Expand, Expandable, Params, page_of, word};
use crate::api::once::Sent;
use crate::api::orders::{OrderLine, Refund, Shipment, lines, refunds, shipments};
use crate::api::types::{Address, Amount, at, given, moment};
use crate::{Caller, Error, State};

/// An order. Its parts come with `expand[]`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminOrder)]
pub(super) struct Order {
    #[schema(example = "ord_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// For people.
    number: i64,
    /// `draft`, `awaiting_payment`, `placed`, `closed` or `cancelled`.
    state: String,
    /// `unpaid`, `pending`, `authorised`, `due`, `partly_paid`, `paid`, `partly_refunded`, `refunded`, `voided`, `failed`.
    payment: String,
    /// `nothing`, `unfulfilled`, `on_hold`, `partial`, `fulfilled`, `cancelled`.
    fulfilment: String,
    /// Why it waits.
    hold: Option<String>,
    customer: Option<String>,
    email: String,
    name: String,
    locale: String,
    prices_include_tax: bool,
    shipping_address: Address,
    billing_address: Address,
    shipping_method: String,
    payment_method: String,
    net: Amount,
    tax: Amount,
    total: Amount,
    item_count: i64,
    /// From the customer.
    note: String,
    /// The shop's own.
    staff_note: String,
    tags: Vec<String>,
    created_at: String,
    placed_at: Option<String>,
    cancelled_at: Option<String>,
    cancel_reason: Option<String>,
    closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<OrderLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<Vec<Payment>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refunds: Option<Vec<Refund>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fulfilment_orders: Option<Vec<FulfilmentOrder>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipments: Option<Vec<Shipment>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Vec<TimelineRow>>,
}

/// A row of an order's timeline.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineRow {
    id: String,
    /// `placed`, `shipped`, `refunded`, `comment` …
    kind: String,
    text: String,
    /// `staff`, `key`, `shopper` or `system`.
    actor_kind: String,
    actor: String,
    at: String,
}

impl From<&NoteRow> for TimelineRow {
    fn from(n: &NoteRow) -> TimelineRow {
        TimelineRow {
            id: n.id.to_string(),
            kind: n.kind.clone(),
            text: n.text.clone(),
            actor_kind: n.actor_kind.clone(),
            actor: n.actor_name.clone(),
            at: at(n.at),
        }
    }
}

impl Order {
    fn new(h: &OrderHead, payment: OrderPayment, fulfilment: OrderFulfilment) -> Order {
        let amount = |minor: i64| Amount::of(minor, h.currency);
        Order {
            id: h.id.to_string(),
            number: h.number,
            state: h.state.to_string(),
            payment: payment.to_string(),
            fulfilment: fulfilment.to_string(),
            hold: h.hold.clone(),
            customer: h.customer.map(|c| c.to_string()),
            email: h.email.clone(),
            name: h.name.clone(),
            locale: h.locale.clone(),
            prices_include_tax: h.prices_include_tax,
            shipping_address: h.ship_to().into(),
            billing_address: h.bill_to().into(),
            shipping_method: h.shipping_method.clone(),
            payment_method: h.payment_method.clone(),
            net: amount(h.net_minor),
            tax: amount(h.tax_minor),
            total: amount(h.total_minor),
            item_count: h.item_count,
            note: h.note.clone(),
            staff_note: h.staff_note.clone(),
            tags: h.tag_list(),
            created_at: at(h.created_at),
            placed_at: h.placed_at.map(at),
            cancelled_at: h.cancelled_at.map(at),
            cancel_reason: h.cancel_reason.clone(),
            closed_at: h.closed_at.map(at),
            lines: None,
            payments: None,
            refunds: None,
            fulfilment_orders: None,
            shipments: None,
            timeline: None,
        }
    }

    fn of(page: &OrderPage, has: impl Fn(&str) -> bool) -> Order {
        let mut order = Order::new(&page.head, page.payment, page.fulfilment);
        order.lines = has("lines").then(|| lines(&page.lines, page.head.currency));
        order.payments =
            has("payments").then(|| page.payments.iter().map(|p| payment(p, &page.payment_events)).collect());
        order.refunds = has("refunds").then(|| refunds(&page.refunds, &page.refund_lines));
        order.fulfilment_orders =
            has("fulfilment_orders").then(|| requests_of(&page.fulfilments, &page.fulfilment_lines));
        order.shipments = has("shipments").then(|| shipments(&page.shipments, &page.shipment_lines));
        order.timeline = has("timeline").then(|| page.notes.iter().map(TimelineRow::from).collect());
        order
    }
}

/// What comes with an order.
#[derive(Debug)]
pub(super) enum Parts {}
impl Expandable for Parts {
    const ALL: &'static [&'static str] =
        &["lines", "payments", "refunds", "fulfilment_orders", "shipments", "timeline"];
}

/// Which orders.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// `awaiting_payment`, `placed`, `closed`, `cancelled`, with commas between several.
    state: Option<String>,
    /// `unpaid`, `pending`, `authorised`, `due`, `partly_paid`, `paid`, `partly_refunded`, `refunded`, `voided`,
    /// `failed`. A page may hold fewer rows than it could, and have a next one all the same.
    payment: Option<String>,
    /// `nothing`, `unfulfilled`, `on_hold`, `partial`, `fulfilled`, `cancelled`; as with `payment`.
    fulfilment: Option<String>,
    /// A number, an e-mail, a name.
    search: Option<String>,
    /// Made at or after: RFC 3339.
    from: Option<String>,
    /// Made before: RFC 3339.
    to: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100; 20 with `expand[]`.
    limit: Option<u32>,
}

/// So many orders at most come with their parts.
const EXPANDED: u32 = 20;

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
    expand: Expand<Parts>,
) -> Result<List<Order>, Error> {
    let permit = caller.permit::<OrdersRead>()?;
    let limit =
        if expand.any() { Some(which.limit.map_or(EXPANDED, |l| l.min(EXPANDED))) } else { which.limit };
    let (after, size): (_, PageSize) = page_of(which.after.as_deref(), limit)?;
    let states = which.state.iter().flat_map(|s| s.split(',')).map(|s| word::<OrderState>("state", s.trim()));
    let filter = Filter {
        states: states.collect::<Result<_, _>>()?,
        search: which.search.unwrap_or_default(),
        from: which.from.as_deref().map(|t| moment(t, "from")).transpose()?,
        to: which.to.as_deref().map(|t| moment(t, "to")).transpose()?,
        only: None,
    };
    let derived = Derived {
        payment: which.payment.as_deref().map(|p| word("payment", p)).transpose()?,
        fulfilment: which.fulfilment.as_deref().map(|f| word("fulfilment", f)).transpose()?,
    };
    let ctx = caller.ctx;
    state
        .db()
        .read(async |tx: &mut Tx| {
            let page = gather(tx, &ctx, &permit, &filter, &derived, after, size).await?;
            if !expand.any() {
                return Ok::<_, Error>(List::page(page, |(head, payment, fulfilment)| {
                    Order::new(&head, payment, fulfilment)
                }));
            }
            let mut rows = Vec::with_capacity(page.rows.len());
            for (head, ..) in &page.rows {
                let whole = flows::order_page(tx, &permit, head.id).await?;
                rows.push(Order::of(&whole, |part| expand.has(part)));
            }
            Ok(List::with_next(rows, page.next))
        })
        .await
}

/// An order with its statuses, which are derived from payments and parcels.
type Standing = (OrderHead, OrderPayment, OrderFulfilment);

/// A filter on what is not stored with an order.
struct Derived {
    payment: Option<OrderPayment>,
    fulfilment: Option<OrderFulfilment>,
}

/// A filter on what is derived reads so many pages of orders at most; the next page goes on from there.
const READS: usize = 10;

async fn gather(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<OrdersRead>,
    filter: &Filter,
    derived: &Derived,
    mut after: Option<Cursor>,
    size: PageSize,
) -> Result<Page<Standing>, Error> {
    let any = derived.payment.is_none() && derived.fulfilment.is_none();
    let mut found: Vec<Standing> = vec![];
    for _ in 0..READS {
        let page = orders::list(tx, ctx, permit, filter, after.as_ref(), size).await?;
        let rows = standing(tx, page.rows).await?;
        let last = rows.len().saturating_sub(1);
        for (n, row) in rows.into_iter().enumerate() {
            let fits =
                derived.payment.is_none_or(|p| p == row.1) && derived.fulfilment.is_none_or(|f| f == row.2);
            if !fits {
                continue;
            }
            let here = Cursor { key: row.0.created_at.micros(), id: row.0.id.uuid() };
            found.push(row);
            if found.len() == size.get() {
                let more = n < last || page.next.is_some();
                return Ok(Page { rows: found, next: more.then(|| here.encode()) });
            }
        }
        match page.next.as_deref().map(Cursor::decode) {
            Some(Ok(next)) if !any => after = Some(next),
            _ => return Ok(Page { rows: found, next: page.next }),
        }
    }
    Ok(Page { rows: found, next: after.map(|c| c.encode()) })
}

async fn standing(tx: &mut Tx, heads: Vec<OrderHead>) -> Result<Vec<Standing>, Error> {
    let ids: Vec<OrderId> = heads.iter().map(|o| o.id).collect();
    let paid = payments::of_orders(tx, &ids).await?;
    let sent = warehouse::of_orders(tx, &ids).await?;
    let row = |o: OrderHead| {
        let of: Vec<_> = paid.iter().filter(|p| p.order == o.id).cloned().collect();
        let units: Vec<_> =
            sent.iter().filter(|(id, ..)| *id == o.id).map(|&(_, s, w, d)| (s, w, d)).collect();
        (o, OrderPayment::of(&of), OrderFulfilment::of(&units))
    };
    Ok(heads.into_iter().map(row).collect())
}

async fn page(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<OrderPage, Error> {
    Ok(flows::order_page(tx, &ctx.permit::<OrdersRead>()?, id).await?)
}

pub(super) async fn get(
    state: State,
    caller: Caller,
    At(id): At<OrderId>,
    expand: Expand<Parts>,
) -> Result<One<Order>, Error> {
    let page = state.db().read(async |tx: &mut Tx| page(tx, &caller.ctx, id).await).await?;
    Ok(One::new(Order::of(&page, |part| expand.has(part))))
}

/// What of an order is changed; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OrderChange {
    /// The shop's own note; the customer's stays.
    staff_note: Option<String>,
    tags: Option<Vec<String>>,
    /// Why it waits; null lets it go on.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    hold: Option<Option<String>>,
}

pub(super) async fn update(
    state: State,
    caller: Caller,
    At(id): At<OrderId>,
    Body(change): Body<OrderChange>,
) -> Result<One<Order>, Error> {
    let permit = caller.permit::<OrdersWrite>()?;
    let ctx = caller.ctx;
    let order = state
        .db()
        .write("order_update", async move |tx: &mut Tx| {
            let now = page(tx, &ctx, id).await?.head;
            if change.staff_note.is_some() || change.tags.is_some() {
                let note = change.staff_note.clone().unwrap_or_else(|| now.staff_note.clone());
                let tags = change.tags.clone().unwrap_or_else(|| now.tag_list());
                orders::set_note_and_tags(tx, &ctx, &permit, id, &note, &tags).await?;
            }
            if let Some(hold) = &change.hold {
                orders::set_hold(tx, &ctx, &permit, id, hold.as_deref()).await?;
            }
            Ok::<_, Error>(Order::of(&page(tx, &ctx, id).await?, |_| false))
        })
        .await?;
    Ok(One::new(order))
}

pub(super) async fn timeline(
    state: State,
    caller: Caller,
    At(id): At<OrderId>,
) -> Result<List<TimelineRow>, Error> {
    let page = state.db().read(async |tx: &mut Tx| page(tx, &caller.ctx, id).await).await?;
    Ok(List::whole(page.notes.iter().map(TimelineRow::from).collect()))
}

/// Something said on a timeline.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewComment {
    text: String,
}

pub(super) async fn comment(
    state: State,
    caller: Caller,
    At(id): At<OrderId>,
    Sent(new, once): Sent<NewComment>,
) -> Result<List<TimelineRow>, Error> {
    let permit = caller.permit::<OrdersWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("order_comment", async move |tx: &mut Tx| {
            page(tx, &ctx, id).await?;
            let make = async |tx: &mut Tx| {
                orders::comment(tx, &ctx, &permit, id, &new.text).await?;
                Ok(id)
            };
            once.make(tx, &ctx, make).await?;
            let page = page(tx, &ctx, id).await?;
            Ok::<_, Error>(List::whole(page.notes.iter().map(TimelineRow::from).collect()))
        })
        .await
}

/// Why an order is called off.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancellation {
    /// The customer reads it.
    #[serde(default)]
    reason: String,
    /// Shall the customer be written to?
    #[serde(default = "yes")]
    notify: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn cancel(
    state: State,
    caller: Caller,
    At(id): At<OrderId>,
    Sent(why, once): Sent<Cancellation>,
) -> Result<One<Order>, Error> {
    let permit = caller.permit::<OrdersWrite>()?;
    let ctx = caller.ctx;
    // outside of what the asker may see there is no such order
    let now = state.db().read(async |tx: &mut Tx| page(tx, &ctx, id).await).await?;
    if !once.is_done(&state).await? && now.head.state != OrderState::Cancelled {
        let input = Cancel { order: id, reason: why.reason, notify: why.notify };
        flows::cancel_order(state.shop(), &ctx, &permit, input).await?;
    }
    once.done(&state, &ctx, id.uuid()).await?;
    let page = state.db().read(async |tx: &mut Tx| page(tx, &ctx, id).await).await?;
    Ok(One::new(Order::of(&page, |_| false)))
}
