//! The parts of an order's page, from what was read.

use assets::{AssetState, Image, Subject};
use db::Tx;
use flows::OrderPage;
use flows::mails::{payment_name, totals};
use inventory::LocationRow;
use kernel::{LocationId, Money, perms};
use orders::{CustomerTotals, LineKind, LineRow};
use payments::PaymentState;
use warehouse::{ShipmentRow, ShipmentState};

use super::bulk::can_ship;
use super::{href, row};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::views::{
    Chip, FulfilmentLine, FulfilmentOrderCard, OrderLineRow, PaymentRow, Picture, ShipmentCard, SumLine,
};

/// What the page is made of.
pub(super) struct Read {
    pub(super) order: OrderPage,
    pub(super) totals: Option<CustomerTotals>,
    pub(super) locations: Vec<LocationRow>,
    pub(super) images: Vec<Image>,
    pub(super) fields: Vec<catalog::CustomField>,
    pub(super) values: Vec<catalog::CustomValue>,
}

/// The pictures of the products on some lines.
///
/// # Errors
/// The database's.
pub(super) async fn images(tx: &mut Tx, lines: &[LineRow]) -> Result<Vec<Image>, Error> {
    let mut products: Vec<_> = lines.iter().filter_map(|l| l.product).map(|id| id.uuid()).collect();
    products.sort_unstable();
    products.dedup();
    Ok(assets::images_of(tx, Subject::Product, &products).await?)
}

/// A small picture of a line: its variant's own, or its product's first.
pub(super) fn picture(images: &[Image], line: &LineRow) -> Option<Picture> {
    let product = line.product.map(|id| id.uuid());
    let first = || images.iter().find(|i| Some(i.subject) == product && i.state == AssetState::Ready);
    let id = line.image.or_else(|| first().map(|i| i.asset))?;
    Some(Picture { src: format!("/img/{id}/160.webp"), alt: String::new() })
}

/// The name of a location.
pub(super) fn place(locations: &[LocationRow], id: LocationId) -> String {
    locations.iter().find(|l| l.id == id).map(|l| l.name.clone()).unwrap_or_default()
}

/// What was bought.
pub(super) fn lines(office: &Office, read: &Read) -> Vec<OrderLineRow> {
    read.order.lines.iter().filter(|l| l.kind == LineKind::Item).map(|l| line(office, read, l)).collect()
}

fn line(office: &Office, read: &Read, l: &LineRow) -> OrderLineRow {
    let order = &read.order;
    let money = |minor| office.money_in(minor, order.head.currency);
    let product = l.product.filter(|_| office.may::<perms::ProductsRead>());
    let total = if order.head.prices_include_tax { l.gross_minor } else { l.net_minor };
    OrderLineRow {
        picture: picture(&read.images, l),
        title: l.title.clone(),
        variant: l.variant_title.clone(),
        sku: l.sku.clone().unwrap_or_else(|| "–".to_owned()),
        href: product.map(|id| format!("/admin/products/{id}")).unwrap_or_default(),
        unit_price: money(l.unit_minor),
        quantity: office.number(l.quantity),
        discount: if l.discount_minor == 0 { String::new() } else { money(-l.discount_minor) },
        tax: format!("{}\u{a0}%", percent(office, &l.rate.to_string())),
        total: money(total),
        progress: progress(office, order, l),
    }
}

fn percent(office: &Office, plain: &str) -> String {
    match office.locale {
        crate::admin::words::Locale::De => plain.replace('.', ","),
        crate::admin::words::Locale::En => plain.to_owned(),
    }
}

/// "1 of 2 shipped · 1 refunded".
fn progress(office: &Office, order: &OrderPage, l: &LineRow) -> String {
    let shipped: i64 = order.fulfilment_lines.iter().filter(|f| f.line == l.id).map(|f| f.shipped).sum();
    let failed = |id| order.refunds.iter().any(|r| r.id == id && r.state == "failed");
    let refunds = order.refund_lines.iter().filter(|r| r.line == l.id && !failed(r.refund));
    let refunded: i64 = refunds.map(|r| r.quantity).sum();
    let mut parts = vec![];
    if shipped > 0 {
        parts.push(office.txy("line-shipped", &office.number(shipped), &office.number(l.quantity)));
    }
    if refunded > 0 {
        parts.push(office.tx("line-refunded", &office.number(refunded)));
    } else if l.cancelled_quantity > 0 {
        parts.push(office.tx("line-cancelled", &office.number(l.cancelled_quantity)));
    }
    parts.join(" · ")
}

/// Goods, discount, shipping, tax, total: as the customer reads them.
pub(super) fn sums(office: &Office, order: &OrderPage) -> Vec<SumLine> {
    let words = office.state.theme().words();
    let totals = totals(words, office.locale.tag(), &order.head, &order.lines);
    let mut sums: Vec<SumLine> =
        totals.rows.into_iter().map(|r| SumLine::new(r.label, "", r.value)).collect();
    let mut last = SumLine::total(office.t("orders-total"), totals.total);
    last.note = totals.tax_note;
    sums.push(last);
    sums
}

/// What was taken, what went back, what is open.
pub(super) fn money(office: &Office, order: &OrderPage) -> Vec<SumLine> {
    let money = |minor| office.money_in(minor, order.head.currency);
    let captured: i64 = order.payments.iter().map(|p| p.captured_minor).sum();
    let refunded: i64 = order.payments.iter().map(|p| p.refunded_minor).sum();
    let open: i64 = order.payments.iter().filter(|p| p.state.is_open()).map(|p| p.open_minor()).sum();
    let due = order.payments.iter().any(|p| p.state.is_open() && !p.provider_captures());
    let mut sums = vec![];
    let mut put = |key: &str, minor: i64| {
        if minor != 0 {
            sums.push(SumLine::new(office.t(key), "", money(minor)));
        }
    };
    put("order-sum-captured", captured);
    put("order-sum-refunded", -refunded);
    put(if due { "order-sum-due" } else { "order-sum-open" }, open);
    sums
}

/// Is there money that could be given back?
pub(super) fn refundable(order: &OrderPage) -> bool {
    order
        .payments
        .iter()
        .any(|p| p.captured_minor > p.refunded_minor || (p.state.is_open() && p.open_minor() > 0))
}

/// The attempts to be paid, the latest first.
pub(super) fn payments(office: &Office, order: &OrderPage) -> Vec<PaymentRow> {
    order.payments.iter().rev().map(|p| payment(office, p)).collect()
}

/// A provider's name as customers read it.
pub(super) fn method(office: &Office, provider: &str) -> String {
    payment_name(office.state.theme().words(), office.locale.tag(), provider)
}

fn payment(office: &Office, p: &payments::PaymentRow) -> PaymentRow {
    let money = |minor| office.money_in(minor, p.currency);
    let may = office.may::<perms::PaymentsCapture>();
    let open = p.state.is_open() && p.open_minor() > 0;
    let provider = office.state.shop().providers.get(&p.provider);
    let askable = provider.map(|p| p.capabilities().can_ask);
    let reason = match p.state {
        PaymentState::Failed | PaymentState::Unknown => p.error_text.clone(),
        _ => String::new(),
    };
    PaymentRow {
        id: p.id.to_string(),
        method: method(office, &p.provider),
        state: row::attempt_chip(p),
        created: office.when(p.created_at),
        reference: p.provider_ref.clone(),
        authorised: money(p.authorised_minor),
        captured: money(p.captured_minor),
        refunded: if p.refunded_minor == 0 { String::new() } else { money(p.refunded_minor) },
        reason,
        capturable: if may && open && p.provider_captures() {
            Money::new(p.open_minor(), p.currency).plain()
        } else {
            String::new()
        },
        seen: seen(p),
        can_void: may && open && p.provider_captures(),
        can_mark_paid: may && open && !p.provider_captures(),
        can_ask: p.state.is_undecided() && office.may::<perms::OrdersWrite>() && askable == Some(true),
        can_decide: may && p.state.is_undecided() && askable == Some(false),
    }
}

/// What the page showed of a payment: the same button pressed twice sends the same, and takes once. After a capture
/// that was refused it is another button.
pub(super) fn seen(p: &payments::PaymentRow) -> String {
    format!("{}-{}-{}-{}", p.captured_minor, p.let_go_minor, p.refunded_minor, p.captures)
}

/// The requests to locations, with their parcels.
pub(super) fn requests(office: &Office, read: &Read) -> Vec<FulfilmentOrderCard> {
    let order = &read.order;
    let permit = office.permit::<perms::OrdersFulfil>().ok();
    order
        .fulfilments
        .iter()
        .map(|f| {
            let of: Vec<_> = order.fulfilment_lines.iter().filter(|l| l.request == f.id).collect();
            let may = permit.as_ref().is_some_and(|p| p.scope().has_location(f.location));
            let left = can_ship(f.state) && of.iter().any(|l| l.left() > 0);
            let print = |what: &str| {
                if may && left { format!("/admin/fulfilment/{}/{what}", f.id) } else { String::new() }
            };
            let lines = of.iter().map(|l| FulfilmentLine {
                title: l.title.clone(),
                sku: l.sku.clone().unwrap_or_default(),
                quantity: wanted(office, l),
            });
            let shipments = order.shipments.iter().enumerate().filter(|(_, s)| s.request == f.id);
            FulfilmentOrderCard {
                id: f.id.to_string(),
                location: place(&read.locations, f.location),
                state: row::request_chip(f.state),
                lines: lines.collect(),
                fulfil_href: if may && left && order.head.hold.is_none() {
                    format!("{}/fulfilment?fulfilment_order={}", href(order.head.id), f.id)
                } else {
                    String::new()
                },
                pick_list_href: print("pick-list"),
                packing_slip_href: print("packing-slip"),
                shipments: shipments.map(|(i, s)| shipment(office, order, i, s, may)).collect(),
            }
        })
        .collect()
}

/// "2 of 3 shipped", "3", "0 of 3 shipped" never: what is called off is not asked for.
fn wanted(office: &Office, l: &warehouse::FulfilmentLine) -> String {
    let asked = office.number(l.quantity - l.cancelled);
    if l.shipped == 0 { asked } else { office.txy("line-shipped", &office.number(l.shipped), &asked) }
}

fn shipment(office: &Office, order: &OrderPage, place: usize, s: &ShipmentRow, may: bool) -> ShipmentCard {
    let pieces: i64 = order.shipment_lines.iter().filter(|l| l.shipment == s.id).map(|l| l.quantity).sum();
    let on_its_way = matches!(s.state, ShipmentState::Created | ShipmentState::HandedOver);
    let act = |what: &str| {
        if may && on_its_way { format!("/admin/shipments/{}/{what}", s.id) } else { String::new() }
    };
    ShipmentCard {
        id: s.id.to_string(),
        number: format!("#{}-{}", order.head.number, place + 1),
        state: match s.state {
            ShipmentState::Created => Chip::ShipmentCreated,
            ShipmentState::HandedOver => Chip::ShipmentHandedOver,
            ShipmentState::Delivered => Chip::ShipmentDelivered,
            ShipmentState::Lost => Chip::ShipmentLost,
        },
        carrier: s.carrier.clone(),
        tracking_number: s.tracking_number.clone(),
        tracking_url: s.tracking_url.clone(),
        shipped: office.when(s.created_at),
        contents: office.tn("shipment-pieces", pieces),
        deliver_href: act("delivery"),
        lose_href: act("loss"),
        packing_slip_href: if may {
            format!("/admin/shipments/{}/packing-slip", s.id)
        } else {
            String::new()
        },
        can_edit: may && s.state != ShipmentState::Lost,
    }
}
