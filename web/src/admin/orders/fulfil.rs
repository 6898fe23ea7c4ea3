//! Shipping what a location was asked for, and what becomes of the parcel.

use axum::response::Response;
use db::Tx;
use flows::mails::address_lines;
use flows::{Once, OrderPage, Ship};
use http::StatusCode;
use inventory::{LevelRow, LocationRow};
use kernel::{Ctx, FulfilmentOrderId, OrderId, Permit, ShipmentId, VariantId, perms};
use warehouse::{FulfilmentRow, ShipmentRow};

use super::bulk::can_ship;
use super::{cards, href, id_of, page};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query, beside};
use crate::admin::views::{Fields, FulfilLine, FulfilView, Link, Section};
use crate::extract::Path;

struct Read {
    order: OrderPage,
    locations: Vec<LocationRow>,
    levels: Vec<LevelRow>,
    images: Vec<assets::Image>,
}

async fn read(office: &Office, id: OrderId) -> Result<Read, Error> {
    let permit = office.permit::<perms::OrdersRead>()?;
    let sees_stock = office.permit::<perms::InventoryRead>().ok();
    office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let order = flows::order_page(tx, &permit, id).await?;
            let locations = inventory::locations(tx, office.ctx()).await?;
            let variants: Vec<VariantId> = order.fulfilment_lines.iter().map(|l| l.variant).collect();
            let levels = match &sees_stock {
                Some(permit) => inventory::levels_of_variants(tx, permit, &variants).await?,
                None => vec![],
            };
            let images = cards::images(tx, &order.lines).await?;
            Ok::<_, Error>(Read { order, locations, levels, images })
        })
        .await
}

impl Read {
    /// The request that is meant, or the first that can be shipped.
    fn request(
        &self,
        id: Option<FulfilmentOrderId>,
        permit: &Permit<perms::OrdersFulfil>,
    ) -> Option<&FulfilmentRow> {
        let mut mine = self.order.fulfilments.iter().filter(|f| permit.scope().has_location(f.location));
        match id {
            Some(id) => mine.find(|f| f.id == id),
            None => mine.find(|f| can_ship(f.state)),
        }
    }
}

/// `GET /admin/orders/{id}/fulfilment?fulfilment_order=`.
pub(super) async fn form(
    office: Office,
    Path(id): Path<String>,
    Query(query): Query,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let read = read(&office, id_of(&id)?).await?;
    let wanted = query.value("fulfilment_order").parse().ok();
    let request = read.request(wanted, &permit).cloned();
    let mut form = Fields::new().with("notify", "on").with("idempotency_key", office.ctx().secret());
    if let Some(request) = &request {
        for line in read.order.fulfilment_lines.iter().filter(|l| l.request == request.id) {
            form.set(&format!("quantity.{}", line.id), line.left().to_string());
        }
    }
    show(&office, &read, request.as_ref(), &permit, form, StatusCode::OK).await
}

/// `POST /admin/orders/{id}/shipments`: `fulfilment_order_id`, `quantity.{line}`, `carrier`, `tracking_number`,
/// `tracking_url`, `notify`, `idempotency_key`.
pub(super) async fn ship(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let read = read(&office, id_of(&id)?).await?;
    let wanted = form.value("fulfilment_order_id").parse().map_err(|_| Error::not_found())?;
    let request = read.request(Some(wanted), &permit).cloned().ok_or_else(Error::not_found)?;
    let mut lines = vec![];
    for line in read.order.fulfilment_lines.iter().filter(|l| l.request == request.id) {
        let name = format!("quantity.{}", line.id);
        match form.value(&name).trim() {
            "" => {}
            typed => match typed.parse::<i64>() {
                Ok(n) if n >= 0 => lines.push((line.id, n)),
                _ => {
                    let wrong = office.tx("error-not-a-number", typed);
                    form.fail(&name, wrong);
                }
            },
        }
    }
    let ship = Ship {
        fulfilment: request.id,
        lines,
        carrier: form.value("carrier").trim().to_owned(),
        tracking_number: form.value("tracking_number").trim().to_owned(),
        tracking_url: form.value("tracking_url").trim().to_owned(),
        notify: form.on("notify"),
    };
    if form.is_ok() {
        let input = serde_json::to_string(&ship).map_err(Error::internal)?;
        let asker = office.caller.staff()?.staff.id.to_string();
        let key = form.value("idempotency_key").to_owned();
        let once = (!key.is_empty()).then(|| Once::new("admin.ship", &asker, &key, &input));
        let pieces: i64 = ship.lines.iter().map(|(_, n)| n).sum();
        match flows::ship_once(office.state.shop(), office.ctx(), &permit, ship, once).await {
            Ok(shipment) => return Ok(office.done(&href(shipment.order), office.tn("order-shipped", pieces))),
            Err(e) => beside(&mut form, unfielded(e))?,
        }
    }
    show(&office, &read, Some(&request), &permit, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The lines have fields of their own: what is about one of them is said above the form.
fn unfielded(e: flows::Error) -> Error {
    let mut e = Error::from(e);
    e.field = e.field.filter(|f| f == "tracking_url" || f == "carrier" || f == "tracking_number");
    e
}

async fn show(
    office: &Office,
    read: &Read,
    request: Option<&FulfilmentRow>,
    permit: &Permit<perms::OrdersFulfil>,
    form: Fields,
    status: StatusCode,
) -> Result<Response, Error> {
    let (order, head) = (&read.order, &read.order.head);
    let lines: Vec<FulfilLine> = match request.filter(|r| can_ship(r.state)) {
        Some(r) => {
            let of = order.fulfilment_lines.iter().filter(|l| l.request == r.id && l.left() > 0);
            of.map(|l| line(office, read, r, l)).collect()
        }
        None => vec![],
    };
    let others = order.fulfilments.iter().filter(|f| {
        can_ship(f.state) && permit.scope().has_location(f.location) && request.is_none_or(|r| r.id != f.id)
    });
    let print = |what: &str| {
        request.map(|r| format!("/admin/fulfilment/{}/{what}", r.id)).unwrap_or_else(|| href(head.id))
    };
    let view = FulfilView {
        shell: office.shell(Section::Orders).await?,
        id: head.id.to_string(),
        number: format!("#{}", head.number),
        fulfilment_order_id: request.map(|r| r.id.to_string()).unwrap_or_default(),
        location: request.map(|r| cards::place(&read.locations, r.location)).unwrap_or_default(),
        method: head.shipping_method.clone(),
        ship_to: address_lines(&head.ship_to(), office.locale.tag()),
        others: others
            .map(|f| Link {
                href: format!("{}/fulfilment?fulfilment_order={}", href(head.id), f.id),
                label: cards::place(&read.locations, f.location),
            })
            .collect(),
        lines,
        form,
        carriers: warehouse::CARRIERS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        warning: page::warning(office, order),
        pick_list_href: print("pick-list"),
        packing_slip_href: print("packing-slip"),
    };
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}

fn line(office: &Office, read: &Read, request: &FulfilmentRow, l: &warehouse::FulfilmentLine) -> FulfilLine {
    let sold = read.order.lines.iter().find(|o| o.id == l.line);
    let level = read.levels.iter().find(|s| s.variant == l.variant && s.location == request.location);
    FulfilLine {
        line_id: l.id.to_string(),
        picture: sold.and_then(|o| cards::picture(&read.images, o)),
        title: l.title.clone(),
        sku: l.sku.clone().unwrap_or_default(),
        left: u32::try_from(l.left()).unwrap_or(0),
        stock: level.filter(|s| s.tracked).map(|s| on_hand(office, s)).unwrap_or_default(),
    }
}

/// "12", or in base units where a sold unit is several of them.
fn on_hand(office: &Office, level: &LevelRow) -> String {
    if level.factor == 1 {
        office.number(level.on_hand)
    } else {
        office.txy("fulfil-base-units", &office.number(level.on_hand), &office.number(level.factor))
    }
}

/// A parcel that the reader may touch.
async fn parcel(
    office: &Office,
    permit: &Permit<perms::OrdersFulfil>,
    id: &str,
) -> Result<ShipmentRow, Error> {
    let id: ShipmentId = id.parse().map_err(|_| Error::not_found())?;
    let found = office.db().read(async |tx: &mut Tx| warehouse::shipment(tx, id).await).await?;
    if permit.scope().has_location(found.location) { Ok(found) } else { Err(Error::not_found()) }
}

/// `POST /admin/shipments/{id}`: `carrier`, `tracking_number`, `tracking_url`.
pub(super) async fn set_tracking(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let found = parcel(&office, &permit, &id).await?;
    let ctx: Ctx = office.ctx().clone();
    let text = |name: &str| form.value(name).trim().to_owned();
    let (carrier, number, url) = (text("carrier"), text("tracking_number"), text("tracking_url"));
    // a link that was made from the old number is made anew
    let url = if url == found.tracking_url && (carrier != found.carrier || number != found.tracking_number) {
        String::new()
    } else {
        url
    };
    let done = office
        .db()
        .write("set_tracking", async move |tx: &mut Tx| {
            warehouse::set_tracking(tx, &ctx, &permit, found.id, &carrier, &number, &url).await
        })
        .await;
    match done {
        Ok(()) => Ok(office.done(&href(found.order), office.t("form-saved"))),
        Err(e) => office.failed(&href(found.order), e),
    }
}

/// `POST /admin/shipments/{id}/delivery`.
pub(super) async fn delivered(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let found = parcel(&office, &permit, &id).await?;
    let ctx: Ctx = office.ctx().clone();
    let done = office
        .db()
        .write("mark_delivered", async move |tx: &mut Tx| {
            warehouse::mark_delivered(tx, &ctx, &permit, found.id).await
        })
        .await;
    match done {
        // said already: by a second press, or by a colleague
        Ok(()) | Err(warehouse::Error::NotFound { .. }) => {
            Ok(office.done(&href(found.order), office.t("order-delivered-done")))
        }
        Err(e) => office.failed(&href(found.order), e),
    }
}

/// `POST /admin/shipments/{id}/loss`.
pub(super) async fn lost(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let found = parcel(&office, &permit, &id).await?;
    let ctx: Ctx = office.ctx().clone();
    let done = office
        .db()
        .write("mark_lost", async move |tx: &mut Tx| warehouse::mark_lost(tx, &ctx, &permit, found.id).await)
        .await;
    match done {
        Ok(()) | Err(warehouse::Error::NotFound { .. }) => {
            Ok(office.done(&href(found.order), office.t("order-lost-done")))
        }
        Err(e) => office.failed(&href(found.order), e),
    }
}
