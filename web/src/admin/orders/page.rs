//! `GET /admin/orders/{id}`: everything that is known of an order, read at once.

use axum::response::Response;
use db::Tx;
use flows::OrderPage;
use flows::mails::address_lines;
use http::StatusCode;
use kernel::{OrderId, perms};
use orders::{CustomerTotals, OrderState};
use warehouse::OrderFulfilment;

use super::{cards, id_of, row, timeline};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::own_fields;
use crate::admin::views::{Chip, Fields, OrderCustomer, OrderView, Section};
use crate::admin::words::Locale;
use crate::extract::Path;

/// `GET /admin/orders/{id}`.
pub(super) async fn show(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    page(&office, id_of(&id)?, Fields::new(), StatusCode::OK).await
}

/// The page; also after a form on it was refused, with what was typed.
pub(super) async fn page(
    office: &Office,
    id: OrderId,
    form: Fields,
    status: StatusCode,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersRead>()?;
    let read = office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let order = flows::order_page(tx, &permit, id).await?;
            let customers: Vec<_> = order.head.customer.into_iter().collect();
            let totals = orders::totals_of_customers(tx, office.ctx(), &permit, &customers).await?;
            let locations = inventory::locations(tx, office.ctx()).await?;
            let images = cards::images(tx, &order.lines).await?;
            let fields = catalog::fields(tx, office.ctx().store.id, catalog::Resource::Order).await?;
            let values = catalog::values_of(tx, &[id.uuid()]).await?;
            let totals = totals.into_iter().next();
            Ok::<_, Error>(cards::Read { order, totals, locations, images, fields, values })
        })
        .await?;
    let view = view(office, &read, form).await?;
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}

async fn view(office: &Office, read: &cards::Read, mut form: Fields) -> Result<OrderView, Error> {
    let (order, head) = (&read.order, &read.order.head);
    let may_write = office.may::<perms::OrdersWrite>();
    let (ship_to, bill_to) = (head.ship_to(), head.bill_to());
    for (name, value) in [("note", head.staff_note.clone()), ("tags", head.tag_list().join(", "))] {
        if form.all(name).next().is_none() {
            form.set(name, value);
        }
    }
    own_fields::put(&mut form, "custom", &read.fields, &read.values, head.id.uuid());
    Ok(OrderView {
        custom: read.fields.iter().map(own_fields::shown).collect(),
        shell: office.shell(Section::Orders).await?,
        id: head.id.to_string(),
        number: format!("#{}", head.number),
        placed: office.when(head.placed_at.unwrap_or(head.created_at)),
        state: row::state_chip(head),
        payment: row::payment_chip(order.payment, &order.payments),
        fulfilment: row::fulfilment_chip(order.fulfilment),
        source: format!("{} · {}", office.t("order-online"), Locale::from_tag(&head.locale).name()),
        lines: cards::lines(office, read),
        sums: cards::sums(office, order),
        money: cards::money(office, order),
        payments: cards::payments(office, order),
        fulfilment_orders: cards::requests(office, read),
        timeline: timeline::days(office, order),
        customer: customer(office, read),
        ship_to: address_lines(&ship_to, office.locale.tag()),
        same_address: bill_to == ship_to,
        bill_to: address_lines(&bill_to, office.locale.tag()),
        shipping_method: head.shipping_method.clone(),
        note: head.note.clone(),
        tags: head.tag_list(),
        can_refund: office.may::<perms::OrdersRefund>() && cards::refundable(order),
        can_cancel: may_write && can_cancel(order),
        can_comment: may_write,
        hold: head.hold.clone().unwrap_or_default(),
        can_hold: may_write && is_open(head.state),
        form,
        status_url: format!("/orders/{}", head.secret),
    })
}

/// May it still be stopped or called off?
fn is_open(state: OrderState) -> bool {
    match state {
        OrderState::Draft | OrderState::AwaitingPayment | OrderState::Placed => true,
        OrderState::Closed | OrderState::Cancelled => false,
    }
}

/// Nothing of it may have left.
pub(super) fn can_cancel(order: &OrderPage) -> bool {
    is_open(order.head.state) && order.shipments.is_empty()
}

fn customer(office: &Office, read: &cards::Read) -> OrderCustomer {
    let head = &read.order.head;
    let page = head.customer.filter(|_| office.may::<perms::CustomersRead>());
    OrderCustomer {
        name: if head.name.is_empty() { head.email.clone() } else { head.name.clone() },
        href: page.map(|id| format!("/admin/customers/{id}")).unwrap_or_default(),
        email: head.email.clone(),
        phone: head.ship_to().phone,
        summary: read.totals.as_ref().map(|t| summary(office, t)).unwrap_or_default(),
    }
}

fn summary(office: &Office, totals: &CustomerTotals) -> String {
    format!("{} · {}", office.tn("orders-count", totals.orders), office.money(totals.total_minor))
}

/// What stands in the way of shipping; empty: nothing.
pub(super) fn warning(office: &Office, order: &OrderPage) -> String {
    if let Some(why) = &order.head.hold {
        return office.tx("fulfil-on-hold", why);
    }
    let chip = row::payment_chip(order.payment, &order.payments);
    match chip {
        Chip::PaymentPending
        | Chip::PaymentActionRequired
        | Chip::PaymentUnknown
        | Chip::PaymentFailed
        | Chip::PaymentVoided
        | Chip::PaymentDue
            if order.fulfilment != OrderFulfilment::Fulfilled =>
        {
            office.tx("fulfil-not-paid", &office.t(chip.key()))
        }
        _ => String::new(),
    }
}
