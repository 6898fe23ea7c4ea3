//! Quantities that were typed into the table.

use axum::response::Response;
use db::Tx;
use http::StatusCode;
use inventory::Reason;
use kernel::perms::{InventoryRead, InventoryWrite};
use kernel::{Ctx, InventoryItemId, LocationId, Permit};

use super::list::{PATH, view};
use super::reason_of;
use crate::Error;
use crate::admin::blame::blame;
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};

/// A quantity that somebody changed.
#[derive(Debug, Clone)]
struct Changed {
    cell: String,
    item: InventoryItemId,
    location: LocationId,
    seen: i64,
    on_hand: i64,
}

/// What stood against it, and at which cell.
struct Refused(Option<String>, Error);

impl From<db::Error> for Refused {
    fn from(e: db::Error) -> Refused {
        Refused(None, e.into())
    }
}

/// So many at once: a page holds fewer.
const MOST: usize = 1_000;

/// `POST /admin/inventory/adjustments`: per row `on_hand.{item}.{location}` beside `seen.{item}.{location}`; `reason`.
pub(super) async fn save(
    office: Office,
    Query(filter): Query,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let (read, write) = (office.permit::<InventoryRead>()?, office.permit::<InventoryWrite>()?);
    let names: Vec<String> =
        form.names().filter_map(|n| n.strip_prefix("on_hand.")).map(str::to_owned).collect();
    let mut changed = vec![];
    for name in names.iter().take(MOST) {
        let (cell, seen) = (format!("on_hand.{name}"), form.value(&format!("seen.{name}")).trim().to_owned());
        let typed = form.value(&cell).trim().to_owned();
        if typed == seen {
            continue;
        }
        let ids = name.split_once('.').and_then(|(i, l)| Some((i.parse().ok()?, l.parse().ok()?)));
        match (ids, seen.parse(), typed.parse::<i64>()) {
            (Some((item, location)), Ok(seen), Ok(on_hand)) if on_hand >= 0 => {
                changed.push(Changed { cell, item, location, seen, on_hand });
            }
            _ => {
                form.fail(&cell, office.tx("error-not-a-number", &typed));
            }
        }
    }
    if !form.is_ok() {
        return office.refused(&view(&office, filter, form).await?);
    }
    let (ctx, reason, count) = (office.ctx().clone(), reason_of(form.value("reason")), changed.len());
    let moved = office.t("stock-moved");
    let done = office
        .db()
        .write("set_on_hand", async move |tx: &mut Tx| {
            write_all(tx, &ctx, &read, &write, &changed, reason, &moved).await
        })
        .await;
    match done {
        Ok(()) => {
            let n = i64::try_from(count).unwrap_or_default();
            Ok(office.done(PATH, office.tn("inventory-saved", n)))
        }
        Err(Refused(cell, e)) => {
            blame(&office, &mut form, e, |_| cell.clone().unwrap_or_default())?;
            if let Some(cell) = cell
                && form.error(&cell).is_none()
            {
                // a refusal that names no field of its own still belongs to the cell
                let text = form.errors().last().map(|e| e.message.clone()).unwrap_or_default();
                form.fail(&cell, text);
            }
            office.page_as(StatusCode::CONFLICT, &view(&office, filter, form).await?)
        }
    }
}

/// All or nothing. What changed since the page was read is not written over: those who counted did not see it.
async fn write_all(
    tx: &mut Tx,
    ctx: &Ctx,
    read: &Permit<InventoryRead>,
    write: &Permit<InventoryWrite>,
    changed: &[Changed],
    reason: Reason,
    moved: &str,
) -> Result<(), Refused> {
    for c in changed {
        let at = |e: inventory::Error| Refused(Some(c.cell.clone()), e.into());
        let levels = inventory::levels(tx, read, c.item).await.map_err(at)?;
        let now = levels.iter().find(|l| l.location == c.location).map_or(0, |l| l.on_hand);
        if now != c.seen {
            let e = Error::new(kernel::ErrorKind::Conflict, "stock_moved", format!("{moved} ({now})"));
            return Err(Refused(Some(c.cell.clone()), e));
        }
        inventory::set_on_hand(tx, ctx, write, c.item, c.location, c.on_hand, reason, "")
            .await
            .map_err(at)?;
    }
    Ok(())
}
