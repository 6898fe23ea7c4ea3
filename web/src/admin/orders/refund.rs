//! Giving money back: the form calculates with the flow that will do it.

use axum::response::Response;
use db::Tx;
use flows::{Once, OrderPage, Refund, RefundItem, RefundPreview, preview_refund};
use http::StatusCode;
use inventory::LocationRow;
use kernel::{LocationId, Money, OrderId, Permit, perms};
use orders::{LineKind, LineRow};
use payments::LineRefunded;

use super::{cancel, cards, href, id_of};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::{Form, amount, beside};
use crate::admin::views::{Choice, Fields, RefundLine, RefundView, Section, SumLine};
use crate::admin::words::{self, Locale};
use crate::extract::Path;

/// Why; the customer reads it in the order's language.
const REASONS: [(&str, &str); 5] = [
    ("customer", "reason-customer"),
    ("damaged", "reason-damaged"),
    ("wrong_item", "reason-wrong-item"),
    ("late", "reason-late"),
    ("other", "reason-other"),
];

struct Read {
    order: OrderPage,
    refunded: Vec<LineRefunded>,
    locations: Vec<LocationRow>,
    images: Vec<assets::Image>,
    /// Nothing chosen: what there is to give back; none when nothing was paid.
    most: Option<RefundPreview>,
}

async fn read(office: &Office, permit: &Permit<perms::OrdersRefund>, id: OrderId) -> Result<Read, Error> {
    let reads = office.permit::<perms::OrdersRead>()?;
    let empty =
        Refund { order: id, lines: vec![], shipping_minor: 0, adjustment_minor: 0, reason: String::new() };
    office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let order = flows::order_page(tx, &reads, id).await?;
            let refunded = payments::refunded_of_lines(tx, id).await?;
            // goods only go back where the reader may refund
            let mut locations = inventory::locations(tx, office.ctx()).await?;
            locations.retain(|l| permit.scope().has_location(l.id));
            let most = match preview_refund(tx, permit, &empty).await {
                Ok(most) => Some(most),
                Err(flows::Error::Conflict(_)) => None,
                Err(e) => return Err(e.into()),
            };
            let images = cards::images(tx, &order.lines).await?;
            Ok::<_, Error>(Read { order, refunded, locations, images, most })
        })
        .await
}

impl Read {
    /// The lines that can be given back, and how many of each were already.
    fn lines(&self) -> impl Iterator<Item = (&LineRow, i64)> {
        let gone = |l: &LineRow| self.back(l).map_or(0, |b| b.quantity);
        let goods = self.order.lines.iter().filter(|l| l.kind == LineKind::Item);
        goods.map(move |l| (l, gone(l))).filter(|(l, gone)| l.quantity > *gone)
    }

    /// What of a line was given back already.
    fn back(&self, l: &LineRow) -> Option<&LineRefunded> {
        self.refunded.iter().find(|b| b.line == l.id)
    }

    /// Where goods go back unless somebody says otherwise.
    fn home(&self, office: &Office) -> Option<&LocationRow> {
        let own = self.locations.iter().find(|l| l.id == office.ctx().store.location);
        own.or_else(|| self.locations.first())
    }

    /// Has any of the line left, so that it can come back? What needs no parcel left with the sale.
    fn stocked(&self, l: &LineRow) -> bool {
        let shipped = self.order.fulfilment_lines.iter().filter(|f| f.line == l.id).map(|f| f.shipped);
        l.variant.is_some() && (!l.requires_shipping || shipped.sum::<i64>() > 0)
    }
}

/// `GET /admin/orders/{id}/refunds`.
pub(super) async fn form(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersRefund>()?;
    let read = read(&office, &permit, id_of(&id)?).await?;
    let mut form = Fields::new()
        .with("reason", "customer")
        .with("idempotency_key", office.ctx().secret())
        .with("notify", "on")
        .with("location_id", read.home(&office).map(|l| l.id.to_string()).unwrap_or_default());
    for (line, _) in read.lines() {
        form.set(&format!("quantity.{}", line.id), "0");
        form.set(&format!("restock.{}", line.id), "on");
    }
    show(&office, &permit, &read, form, StatusCode::OK).await
}

/// `POST /admin/orders/{id}/refunds`: `quantity.{line}`, `restock.{line}`, `location_id`, `shipping`, `custom`,
/// `reason`, `note`, `notify`, `idempotency_key`; `action=update` only recalculates.
pub(super) async fn refund(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersRefund>()?;
    let read = read(&office, &permit, id_of(&id)?).await?;
    let input = input(&office, &read, &mut form);
    if form.value("action") == "update" {
        return show(&office, &permit, &read, form, StatusCode::OK).await;
    }
    if form.is_ok() {
        let notify = form.on("notify");
        let text = serde_json::to_string(&(&input, notify)).map_err(Error::internal)?;
        let asker = office.caller.staff()?.staff.id.to_string();
        let key = form.value("idempotency_key").to_owned();
        let once = (!key.is_empty()).then(|| Once::new("admin.refund", &asker, &key, &text));
        match flows::refund_once(office.state.shop(), office.ctx(), &permit, input, notify, once).await {
            Ok(row) => {
                if office.may::<perms::OrdersWrite>() {
                    cancel::comment(&office, row.order, form.value("note").trim().to_owned()).await?;
                }
                let amount = office.money_in(row.amount_minor, row.currency);
                return Ok(match row.state.as_str() {
                    "failed" => office.bad(&href(row.order), office.tx("refund-failed", &row.error)),
                    "pending" => office.done(&href(row.order), office.tx("refund-pending", &amount)),
                    _ => office.done(&href(row.order), office.tx("refund-done", &amount)),
                });
            }
            Err(e) => beside(&mut form, renamed(e))?,
        }
    }
    show(&office, &permit, &read, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The form's names of fields; what is about a line or the whole is said above it.
fn renamed(e: flows::Error) -> Error {
    let mut e = Error::from(e);
    e.field = e.field.filter(|f| f == "shipping" || f == "reason");
    e
}

/// What the form asks for. What cannot be read is said beside its field.
fn input(office: &Office, read: &Read, form: &mut Fields) -> Refund {
    let head = &read.order.head;
    let location: Option<LocationId> = form.value("location_id").parse().ok();
    let location = location.filter(|id| read.locations.iter().any(|l| l.id == *id));
    let mut lines = vec![];
    for (line, gone) in read.lines() {
        let name = format!("quantity.{}", line.id);
        let typed = form.value(&name).trim().to_owned();
        let left = line.quantity - gone;
        let quantity = match typed.parse::<i64>() {
            _ if typed.is_empty() => 0,
            Ok(n) if (0..=left).contains(&n) => n,
            Ok(_) => {
                form.fail(&name, office.txy("refund-too-many", &line.title, &office.number(left)));
                0
            }
            Err(_) => {
                form.fail(&name, office.tx("error-not-a-number", &typed));
                0
            }
        };
        if quantity > 0 {
            let back = form.on(&format!("restock.{}", line.id)) && read.stocked(line);
            lines.push(RefundItem { line: line.id, quantity, restock: location.filter(|_| back) });
        }
    }
    let reason = REASONS.iter().find(|(value, _)| *value != "other" && *value == form.value("reason"));
    let reason = reason.map(|(_, key)| words::t(Locale::from_tag(&head.locale), key)).unwrap_or_default();
    Refund {
        order: head.id,
        lines,
        shipping_minor: amount(form, "shipping", head.currency).unwrap_or(0),
        adjustment_minor: amount(form, "custom", head.currency).unwrap_or(0),
        reason,
    }
}

/// The form, calculated by the flow that would do it.
async fn show(
    office: &Office,
    permit: &Permit<perms::OrdersRefund>,
    read: &Read,
    mut form: Fields,
    status: StatusCode,
) -> Result<Response, Error> {
    let head = &read.order.head;
    let money = |minor: i64| office.money_in(minor, head.currency);
    let mut wanted = form.clone();
    let input = input(office, read, &mut wanted);
    if form.is_ok() {
        form = wanted; // an update says what is wrong, too
    }
    let preview = match &read.most {
        Some(_) => office.db().snapshot(async |tx: &mut Tx| preview_refund(tx, permit, &input).await).await,
        None => Err(flows::Error::Conflict(String::new())),
    };
    let preview = match preview {
        Ok(preview) => Some(preview),
        Err(e) => {
            if read.most.is_some() && form.is_ok() {
                beside(&mut form, renamed(e))?;
            }
            None
        }
    };
    if let Some(p) = preview.as_ref().filter(|p| p.amount_minor > p.most_minor && form.is_ok()) {
        form.fail("custom", office.tx("refund-too-much", &money(p.most_minor)));
    }
    let sums = preview.as_ref().map(|p| sums(office, p, &money)).unwrap_or_default();
    let total = preview.as_ref().filter(|p| p.amount_minor > 0 && p.amount_minor <= p.most_minor);
    let most = read.most.as_ref();
    let plain = |minor: i64| Money::new(minor, head.currency).plain();
    let method = read.order.payments.iter().rev().find(|p| p.captured_minor > 0 || p.state.is_open());
    let view = RefundView {
        shell: office.shell(Section::Orders).await?,
        id: head.id.to_string(),
        number: format!("#{}", head.number),
        currency: head.currency.code().to_owned(),
        lines: read.lines().map(|(l, gone)| line(office, read, l, gone, &input)).collect(),
        locations: read.locations.iter().map(|l| Choice::new(l.id.to_string(), l.name.clone())).collect(),
        reasons: REASONS.iter().map(|(value, key)| Choice::new(*value, office.t(key))).collect(),
        shipping_left: most
            .filter(|m| m.shipping_most_minor > 0)
            .map(|m| plain(m.shipping_most_minor))
            .unwrap_or_default(),
        money_left: most.filter(|m| m.most_minor > 0).map(|m| money(m.most_minor)).unwrap_or_default(),
        sums,
        total: total.map(|p| money(p.amount_minor)).unwrap_or_default(),
        method: method
            .map(|p| office.tx("refund-to", &cards::method(office, &p.provider)))
            .unwrap_or_default(),
        can_comment: office.may::<perms::OrdersWrite>(),
        form,
    };
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}

fn sums(office: &Office, p: &RefundPreview, money: &impl Fn(i64) -> String) -> Vec<SumLine> {
    let mut sums = vec![SumLine::new(office.t("order-items"), "", money(p.goods_minor))];
    if p.shipping_minor != 0 {
        sums.push(SumLine::new(office.t("refund-shipping"), "", money(p.shipping_minor)));
    }
    if p.adjustment_minor != 0 {
        sums.push(SumLine::new(office.t("refund-custom"), "", money(p.adjustment_minor)));
    }
    let mut total = SumLine::total(office.t("orders-total"), money(p.amount_minor));
    if p.tax_minor != 0 {
        total.note = office.tx("refund-tax", &money(p.tax_minor));
    }
    sums.push(total);
    sums
}

fn line(office: &Office, read: &Read, l: &LineRow, gone: i64, input: &Refund) -> RefundLine {
    let money = |minor| office.money_in(minor, read.order.head.currency);
    let chosen = input.lines.iter().find(|i| i.line == l.id).map_or(0, |i| i.quantity);
    RefundLine {
        line_id: l.id.to_string(),
        picture: cards::picture(&read.images, l),
        title: if l.variant_title.is_empty() {
            l.title.clone()
        } else {
            format!("{} · {}", l.title, l.variant_title)
        },
        sku: l.sku.clone().unwrap_or_default(),
        unit_price: money(l.unit_minor),
        left: u32::try_from(l.quantity - gone).unwrap_or(0),
        amount: money(flows::worth_of(l, read.back(l), chosen).2),
        stocked: read.stocked(l),
    }
}
