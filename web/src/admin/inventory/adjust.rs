//! An adjustment by hand, and whether an item is counted at all.

use axum::response::Response;
use db::Tx;
use http::StatusCode;
use kernel::perms::InventoryWrite;
use kernel::{InventoryItemId, LocationId};

use super::item::view;
use super::reason_of;
use crate::Error;
use crate::admin::blame::blame;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::views::Fields;
use crate::extract::Path;

/// `POST /admin/inventory/{item_id}/adjustments`: `location_id`, `change`, `reason`, `note`, `idempotency_key`.
pub(super) async fn adjust(
    office: Office,
    Path(id): Path<InventoryItemId>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<InventoryWrite>()?;
    let typed = form.value("change").trim().replace('−', "-");
    let (change, location) = (typed.parse::<i64>(), form.value("location_id").parse::<LocationId>());
    let (Ok(change), Ok(location)) = (change, location) else {
        form.fail("change", office.tx("error-not-a-change", &typed));
        return office.refused(&view(&office, id, &Fields::new(), Some(form)).await?);
    };
    let (ctx, reason, note) =
        (office.ctx().clone(), reason_of(form.value("reason")), form.value("note").trim().to_owned());
    let key = form.value("idempotency_key").chars().take(60).collect::<String>();
    let input = work::idempotency::hash(format!("{id} {location} {change} {reason} {note}").as_bytes());
    let done = office
        .db()
        .write("adjust_stock", async move |tx: &mut Tx| {
            let scope = "inventory.adjust";
            if !key.is_empty() {
                if work::idempotency::find(tx, scope, &key, &input).await?.is_some() {
                    return Ok(()); // sent twice
                }
                work::idempotency::keep(tx, &ctx, scope, &key, &input, id.uuid()).await?;
            }
            inventory::adjust(tx, &ctx, &permit, id, location, change, reason, &note).await?;
            Ok::<_, inventory::Error>(())
        })
        .await;
    match done {
        Ok(()) => Ok(office.done(&format!("/admin/inventory/{id}"), office.t("inventory-adjusted"))),
        Err(e) => {
            let e = Error::from(e);
            let status = e.status();
            blame(&office, &mut form, e, |_| "change".to_owned())?;
            form.set("idempotency_key", "");
            let view = view(&office, id, &Fields::new(), Some(form)).await?;
            office.page_as(if status.is_client_error() { status } else { StatusCode::CONFLICT }, &view)
        }
    }
}

/// `POST /admin/inventory/{item_id}/policy`: `tracked`, `oversell`.
pub(super) async fn policy(
    office: Office,
    Path(id): Path<InventoryItemId>,
    Form(form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<InventoryWrite>()?;
    let (ctx, tracked, oversell) = (office.ctx().clone(), form.on("tracked"), form.on("oversell"));
    office
        .db()
        .write("set_stock_policy", async move |tx: &mut Tx| {
            inventory::set_policy(tx, &ctx, &permit, id, tracked, oversell).await
        })
        .await?;
    Ok(office.done(&format!("/admin/inventory/{id}"), office.t("form-saved")))
}
