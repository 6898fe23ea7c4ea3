//! Calling an order off.

use axum::response::Response;
use db::Tx;
use flows::{Cancel, OrderPage};
use http::StatusCode;
use kernel::{OrderId, perms};

use super::{href, id_of, page};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::{Form, beside};
use crate::admin::views::{CancelView, Choice, Fields, Section};
use crate::admin::words::{self, Locale};
use crate::extract::Path;

/// Why, as the form offers it; the customer reads it in the order's language.
const REASONS: [(&str, &str); 4] = [
    ("customer", "reason-customer"),
    ("stock", "reason-stock"),
    ("fraud", "reason-fraud"),
    ("other", "reason-other"),
];

/// Reasons that the customer is not told.
const UNTOLD: [&str; 2] = ["fraud", "other"];

async fn read(office: &Office, id: OrderId) -> Result<OrderPage, Error> {
    let permit = office.permit::<perms::OrdersRead>()?;
    Ok(office.db().snapshot(async |tx: &mut Tx| flows::order_page(tx, &permit, id).await).await?)
}

/// `GET /admin/orders/{id}/cancellation`.
pub(super) async fn form(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    office.permit::<perms::OrdersWrite>()?;
    let order = read(&office, id_of(&id)?).await?;
    let form = Fields::new().with("reason", "customer").with("notify", "on");
    show(&office, &order, form, StatusCode::OK).await
}

/// `POST /admin/orders/{id}/cancellation`: `reason`, `note`, `notify`.
pub(super) async fn cancel(
    office: Office,
    Path(id): Path<String>,
    Form(mut form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersWrite>()?;
    let order = read(&office, id_of(&id)?).await?;
    let head = &order.head;
    let chosen = form.value("reason").to_owned();
    let reason = REASONS.iter().find(|(value, _)| *value == chosen && !UNTOLD.contains(value));
    let input = Cancel {
        order: head.id,
        reason: reason.map(|(_, key)| words::t(Locale::from_tag(&head.locale), key)).unwrap_or_default(),
        notify: form.on("notify"),
    };
    if let Err(e) = flows::cancel_order(office.state.shop(), office.ctx(), &permit, input).await {
        beside(&mut form, e)?;
        return show(&office, &order, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let untold = REASONS.iter().find(|(value, _)| *value == chosen && *value == "fraud");
    let note =
        [untold.map(|(_, key)| office.t(key)).unwrap_or_default(), form.value("note").trim().to_owned()];
    let note = note.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    comment(&office, head.id, note).await?;
    Ok(office.done(&href(head.id), office.tx("order-cancelled", &format!("#{}", head.number))))
}

/// Staff's own words on the timeline; nothing when there are none.
pub(super) async fn comment(office: &Office, order: OrderId, text: String) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    let (ctx, permit) = (office.ctx().clone(), office.permit::<perms::OrdersWrite>()?);
    let text: String = text.chars().take(5_000).collect();
    office
        .db()
        .write("comment", async move |tx: &mut Tx| orders::comment(tx, &ctx, &permit, order, &text).await)
        .await?;
    Ok(())
}

async fn show(
    office: &Office,
    order: &OrderPage,
    form: Fields,
    status: StatusCode,
) -> Result<Response, Error> {
    let head = &order.head;
    let back: i64 = order
        .payments
        .iter()
        .map(|p| p.captured_minor - p.refunded_minor + if p.state.is_open() { p.open_minor() } else { 0 })
        .sum();
    let view = CancelView {
        shell: office.shell(Section::Orders).await?,
        id: head.id.to_string(),
        number: format!("#{}", head.number),
        form,
        reasons: REASONS.iter().map(|(value, key)| Choice::new(*value, office.t(key))).collect(),
        refundable: if back > 0 { office.money_in(back, head.currency) } else { String::new() },
        refused: if page::can_cancel(order) {
            String::new()
        } else if order.shipments.is_empty() {
            office.t("cancel-refused-state")
        } else {
            office.t("cancel-refused-shipped")
        },
    };
    if status == StatusCode::OK { office.page(&view) } else { office.refused(&view) }
}
