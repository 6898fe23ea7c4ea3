//! What staff write on an order: comments, a hold, the note and tags.

use axum::response::Response;
use db::Tx;
use http::StatusCode;
use kernel::{OrderId, Permit, perms};

use super::{href, id_of, page};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::own_fields;
use crate::admin::sent::{Form, beside};
use crate::admin::views::Fields;
use crate::extract::Path;

/// Only what the reader can see can be changed.
async fn known(office: &Office, id: OrderId) -> Result<(), Error> {
    let permit: Permit<perms::OrdersRead> = office.permit()?;
    office.db().read(async |tx: &mut Tx| orders::get(tx, &permit, id).await).await?;
    Ok(())
}

/// Back to the page, or the page again with what is wrong.
async fn told(
    office: &Office,
    id: OrderId,
    mut form: Fields,
    outcome: Result<(), orders::Error>,
    text: String,
) -> Result<Response, Error> {
    match outcome {
        Ok(()) => Ok(office.done(&href(id), text)),
        Err(e) => {
            beside(&mut form, e)?;
            page::page(office, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /admin/orders/{id}/comments`: `comment`.
pub(super) async fn comment(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::OrdersWrite>()?, id_of(&id)?);
    known(&office, id).await?;
    let (ctx, text) = (office.ctx().clone(), form.value("comment").to_owned());
    let done = office
        .db()
        .write("comment", async move |tx: &mut Tx| orders::comment(tx, &ctx, &permit, id, &text).await)
        .await;
    let said = office.t("order-commented");
    told(&office, id, form, done, said).await
}

/// `POST /admin/orders/{id}/notes`: `note`, `tags` (separated by commas).
pub(super) async fn note(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::OrdersWrite>()?, id_of(&id)?);
    known(&office, id).await?;
    let (ctx, note) = (office.ctx().clone(), form.value("note").trim().to_owned());
    let mut tags: Vec<String> = vec![];
    for tag in form.value("tags").split(',').map(str::trim).filter(|t| !t.is_empty()) {
        if !tags.iter().any(|t| t == tag) {
            tags.push(tag.to_owned());
        }
    }
    let done = office
        .db()
        .write("note_and_tags", async move |tx: &mut Tx| {
            orders::set_note_and_tags(tx, &ctx, &permit, id, &note, &tags).await
        })
        .await;
    let said = office.t("form-saved");
    told(&office, id, form, done, said).await
}

/// `POST /admin/orders/{id}/fields`: `custom.{field}`.
pub(super) async fn fields(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let (seen, permit) = (office.permit::<perms::OrdersRead>()?, office.permit::<perms::OrdersWrite>()?);
    let id = id_of(&id)?;
    known(&office, id).await?;
    let store = office.ctx().store.id;
    let (fields, now) = office
        .db()
        .read(async |tx: &mut Tx| {
            let fields = catalog::fields(tx, store, catalog::Resource::Order).await?;
            Ok::<_, Error>((fields, catalog::values_of(tx, &[id.uuid()]).await?))
        })
        .await?;
    let values = own_fields::typed(&office, &mut form, "custom", &fields, &now, Some(id.uuid()));
    if form.is_ok() {
        match flows::set_order_fields(office.state.shop(), office.ctx(), &seen, &permit, id, values).await {
            Ok(()) => return Ok(office.done(&href(id), office.t("form-saved"))),
            Err(e) => beside(&mut form, e)?,
        }
    }
    page::page(&office, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /admin/orders/{id}/hold`: `hold_reason`. The toast takes it back.
pub(super) async fn hold(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::OrdersWrite>()?, id_of(&id)?);
    known(&office, id).await?;
    let reason = form.value("hold_reason").trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 200 {
        form.fail("hold_reason", office.t("order-hold-why"));
        return page::page(&office, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("hold", async move |tx: &mut Tx| orders::set_hold(tx, &ctx, &permit, id, Some(&reason)).await)
        .await;
    if done.is_ok() {
        return Ok(office.done_undoable(&href(id), office.t("order-held"), format!("{}/release", href(id))));
    }
    told(&office, id, form, done, String::new()).await
}

/// `POST /admin/orders/{id}/release`: lets it go on.
pub(super) async fn release(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let (permit, id) = (office.permit::<perms::OrdersWrite>()?, id_of(&id)?);
    known(&office, id).await?;
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("release", async move |tx: &mut Tx| orders::set_hold(tx, &ctx, &permit, id, None).await)
        .await;
    let said = office.t("order-released");
    told(&office, id, Fields::new(), done, said).await
}
