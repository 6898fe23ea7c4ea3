//! What is printed: the packing slip that lies in a parcel, the pick list for a walk along the shelves.

use std::collections::HashMap;

use db::Tx;
use inventory::LocationRow;
use jiff::tz::TimeZone;
use kernel::{Ctx, FulfilmentOrderId, OrderId, OrderLineId, Permit, ShipmentId, VariantId, perms};
use orders::{LineRow, OrderHead};
use site::Details;
use theme::When;
use theme::views::{PackingSlip, PickLine, PickList, SlipLine};
use warehouse::{FulfilmentRow, FulfilmentState};

use crate::mails::{address_lines, locale_of};
use crate::{Error, Shop};

/// What a packing slip is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// What is still to be packed of a request.
    Fulfilment(FulfilmentOrderId),
    /// What is in a parcel.
    Shipment(ShipmentId),
}

/// At most so many requests on one pick list.
pub const MOST_PICKED: usize = 100;

/// A packing slip as an HTML page to print, in the customer's language.
///
/// # Errors
/// [`warehouse::Error::NotFound`], also outside the permit's locations.
pub async fn packing_slip(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    slip: Slip,
) -> Result<String, Error> {
    let view = shop.db.snapshot(async |tx: &mut Tx| slip_view(tx, shop, ctx, permit, slip).await).await?;
    Ok(shop.theme.render(&view)?)
}

async fn slip_view(
    tx: &mut Tx,
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    slip: Slip,
) -> Result<PackingSlip, Error> {
    let (order, location) = match slip {
        Slip::Fulfilment(id) => {
            let f = warehouse::fulfilment(tx, id).await?;
            (f.order, f.location)
        }
        Slip::Shipment(id) => {
            let s = warehouse::shipment(tx, id).await?;
            (s.order, s.location)
        }
    };
    if !permit.scope().has_location(location) {
        return Err(warehouse::Error::NotFound { what: "packing slip" }.into());
    }
    let head = orders::head(tx, order).await?;
    let lines = orders::lines(tx, order).await?;
    let (place, inside): (usize, Vec<(OrderLineId, i64)>) = match slip {
        Slip::Fulfilment(id) => {
            let place = warehouse::of_order(tx, order).await?.iter().position(|f| f.id == id);
            let all = warehouse::lines_of(tx, order).await?;
            let of = all.iter().filter(|l| l.request == id && l.left() > 0);
            (place.unwrap_or(0), of.map(|l| (l.line, l.left())).collect())
        }
        Slip::Shipment(id) => {
            let place = warehouse::shipments_of(tx, order).await?.iter().position(|s| s.id == id);
            let all = warehouse::shipment_lines(tx, order).await?;
            let of = all.iter().filter(|l| l.shipment == id);
            (place.unwrap_or(0), of.map(|l| (l.line, l.quantity)).collect())
        }
    };
    let details = site::details(tx, ctx.store.id).await?;
    let locale = locale_of(&shop.theme, &head.locale);
    let placed = head.placed_at.unwrap_or(head.created_at);
    Ok(PackingSlip {
        store: details.name.clone(),
        sender: sender(&details, locale),
        order_number: head.number.to_string(),
        number: format!("{}-{}", head.number, place + 1),
        placed: When::day(placed, &zone(ctx), shop.theme.words(), locale),
        address: address_lines(&head.ship_to(), locale),
        shipping_method: head.shipping_method.clone(),
        lines: inside.iter().filter_map(|(id, quantity)| slip_line(&lines, *id, *quantity)).collect(),
        note: head.note.clone(),
        locale: locale.to_owned(),
    })
}

fn slip_line(lines: &[LineRow], id: OrderLineId, quantity: i64) -> Option<SlipLine> {
    let line = lines.iter().find(|l| l.id == id)?;
    Some(SlipLine {
        sku: line.sku.clone().unwrap_or_default(),
        name: line.title.clone(),
        meta: line.variant_title.clone(),
        quantity: count(quantity),
        ordered: count(line.quantity),
    })
}

fn sender(details: &Details, locale: &str) -> Vec<String> {
    let mut lines = vec![details.legal_name.clone()];
    let sits = address_lines(&details.legal_address, locale);
    lines.extend(sits.into_iter().filter(|l| *l != details.legal_name));
    lines.push(details.email.clone());
    lines.retain(|l| !l.is_empty());
    lines
}

fn count(quantity: i64) -> u32 {
    u32::try_from(quantity).unwrap_or(0)
}

fn zone(ctx: &Ctx) -> TimeZone {
    TimeZone::get(&ctx.store.time_zone).unwrap_or(TimeZone::UTC)
}

/// A pick list for these requests as an HTML page to print, in the reader's language: what is left of them, the same
/// goods together. Those that are done, called off or on hold are left out.
///
/// # Errors
/// [`warehouse::Error::NotFound`]; [`Error::Invalid`] for more than [`MOST_PICKED`], or none that can be picked.
pub async fn pick_list(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    ids: &[FulfilmentOrderId],
) -> Result<String, Error> {
    if ids.len() > MOST_PICKED {
        let message = format!("Choose at most {MOST_PICKED} at once.");
        return Err(Error::Invalid { field: "fulfilments", message });
    }
    let view = shop.db.snapshot(async |tx: &mut Tx| pick_view(tx, shop, ctx, permit, ids).await).await?;
    Ok(shop.theme.render(&view)?)
}

/// One order's part of a walk.
struct Part {
    request: FulfilmentRow,
    head: OrderHead,
    /// Order line and sold units left.
    left: Vec<(LineRow, i64)>,
}

async fn pick_view(
    tx: &mut Tx,
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersFulfil>,
    ids: &[FulfilmentOrderId],
) -> Result<PickList, Error> {
    let mut parts: Vec<Part> = vec![];
    for id in ids {
        let request = warehouse::fulfilment(tx, *id).await?;
        use FulfilmentState::{Open, Packed, Picking};
        let to_pick = matches!(request.state, Open | Picking | Packed);
        if to_pick && permit.scope().has_location(request.location) {
            parts.push(part(tx, request).await?);
        }
    }
    if parts.is_empty() {
        let message = "None of these can be picked: they are shipped, on hold or called off.".to_owned();
        return Err(Error::Invalid { field: "fulfilments", message });
    }
    let places = inventory::locations(tx, ctx).await?;
    let gtins = gtins(tx, ctx, &parts).await?;
    let several = parts.iter().any(|p| p.request.location != parts[0].request.location);
    let mut lines: Vec<PickLine> = vec![];
    let mut orders: Vec<String> = vec![];
    for p in &parts {
        let number = p.head.number.to_string();
        if !orders.contains(&number) {
            orders.push(number.clone());
        }
        for (line, left) in &p.left {
            lines.push(PickLine {
                // with several locations on one list, each line says where
                bin: if several { name_of(&places, p) } else { String::new() },
                sku: line.sku.clone().unwrap_or_default(),
                gtin: line.variant.and_then(|v| gtins.get(&v).cloned()).unwrap_or_default(),
                name: line.title.clone(),
                meta: line.variant_title.clone(),
                quantity: count(*left),
                order_number: number.clone(),
            });
        }
    }
    lines.sort_by(|a, b| (&a.bin, &a.name, &a.meta, &a.sku).cmp(&(&b.bin, &b.name, &b.meta, &b.sku)));
    let locale = locale_of(&shop.theme, &ctx.locale);
    let details = site::details(tx, ctx.store.id).await?;
    let mut walked: Vec<String> = vec![];
    for p in &parts {
        let name = name_of(&places, p);
        if !walked.contains(&name) {
            walked.push(name);
        }
    }
    Ok(PickList {
        locale: locale.to_owned(),
        store: details.name,
        location: walked.join(", "),
        printed: When::minute(ctx.now(), &zone(ctx), shop.theme.words(), locale),
        orders,
        lines,
    })
}

async fn part(tx: &mut Tx, request: FulfilmentRow) -> Result<Part, Error> {
    let order: OrderId = request.order;
    let head = orders::head(tx, order).await?;
    let lines = orders::lines(tx, order).await?;
    let asked = warehouse::lines_of(tx, order).await?;
    let left = asked
        .iter()
        .filter(|l| l.request == request.id && l.left() > 0)
        .filter_map(|l| Some((lines.iter().find(|o| o.id == l.line)?.clone(), l.left())))
        .collect();
    Ok(Part { request, head, left })
}

fn name_of(places: &[LocationRow], part: &Part) -> String {
    places.iter().find(|l| l.id == part.request.location).map(|l| l.name.clone()).unwrap_or_default()
}

async fn gtins(tx: &mut Tx, ctx: &Ctx, parts: &[Part]) -> Result<HashMap<VariantId, String>, Error> {
    let mut products: Vec<_> =
        parts.iter().flat_map(|p| &p.left).filter_map(|(line, _)| line.product).collect();
    products.sort_unstable();
    products.dedup();
    let models = catalog::models(tx, ctx.store.id, &products).await?;
    Ok(models.into_iter().flat_map(|m| m.variants).filter_map(|v| Some((v.id, v.gtin?))).collect())
}
