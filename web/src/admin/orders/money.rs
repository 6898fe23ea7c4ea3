//! Taking authorised money, letting it go, recording money that came, and asking the bank again.

use axum::response::Response;
use db::Tx;
use flows::{Happened, Once};
use kernel::{Money, OrderId, PaymentId, perms};
use payments::PaymentRow;

use super::{href, id_of};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::{Form, sentence};
use crate::extract::Path;

/// An attempt of an order that the reader can see.
async fn payment(office: &Office, id: PaymentId) -> Result<PaymentRow, Error> {
    let permit = office.permit::<perms::OrdersRead>()?;
    office
        .db()
        .read(async |tx: &mut Tx| {
            let payment = payments::get(tx, id).await?;
            orders::get(tx, &permit, payment.order).await?;
            Ok::<_, Error>(payment)
        })
        .await
}

/// `POST /admin/orders/{id}/captures`: `payment_id`, `amount` (none where the money came by terms: all of it), `seen`.
pub(super) async fn capture(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::PaymentsCapture>()?;
    let order: OrderId = id_of(&id)?;
    let wanted: PaymentId = form.value("payment_id").parse().map_err(|_| Error::not_found())?;
    let payment = payment(&office, wanted).await?;
    if payment.order != order {
        return Err(Error::not_found());
    }
    let back = href(order);
    let minor = match form.value("amount").trim() {
        "" => payment.open_minor(),
        typed => match Money::parse(typed, payment.currency) {
            Ok(money) => money.minor,
            Err(e) => return Ok(office.bad(&back, sentence(&e.to_string()))),
        },
    };
    let asker = office.caller.staff()?.staff.id.to_string();
    let key = format!("{}:{}", payment.id, form.value("seen"));
    let once = Some(Once::new("admin.capture", &asker, &key, &minor.to_string()));
    let (shop, ctx, amount) = (office.state.shop(), office.ctx(), office.money_in(minor, payment.currency));
    let (done, said) = if payment.provider_captures() {
        let taken = flows::capture_once(shop, ctx, &permit, payment.id, minor, once).await;
        (taken, office.tx("order-captured-done", &amount))
    } else {
        let paid = flows::mark_paid_once(shop, ctx, &permit, payment.id, minor, once).await;
        (paid, office.tx("order-paid-done", &amount))
    };
    match done {
        // the bank's answer is on the page: a refusal stands in the timeline and among the alerts
        Ok(now) if now.captured_minor > payment.captured_minor => Ok(office.done(&back, said)),
        Ok(_) => Ok(office.bad(&back, office.t("order-capture-open"))),
        Err(e) => office.failed(&back, e),
    }
}

/// `POST /admin/payments/{id}/void`.
pub(super) async fn void(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    let permit = office.permit::<perms::PaymentsCapture>()?;
    let payment = payment(&office, id.parse().map_err(|_| Error::not_found())?).await?;
    let back = href(payment.order);
    match flows::void(office.state.shop(), office.ctx(), &permit, payment.id).await {
        Ok(now) if !now.state.is_open() => Ok(office.done(&back, office.t("order-voided"))),
        Ok(_) => Ok(office.bad(&back, office.t("order-capture-open"))),
        Err(e) => office.failed(&back, e),
    }
}

/// `POST /admin/payments/{id}/decision`: `paid`, `yes` or `no`, where nobody but a person can say.
pub(super) async fn decide(
    office: Office,
    Path(id): Path<String>,
    Form(form): Form,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::PaymentsCapture>()?;
    let payment = payment(&office, id.parse().map_err(|_| Error::not_found())?).await?;
    let back = href(payment.order);
    let happened = match form.value("paid") {
        "yes" => Happened::Paid,
        "no" => Happened::NotPaid,
        _ => return Err(Error::bad_request("Say whether it was paid: yes or no.")),
    };
    match flows::decide(office.state.shop(), office.ctx(), &permit, payment.id, happened).await {
        Ok(_) => Ok(office.done(&back, office.t("order-decided"))),
        Err(e) => office.failed(&back, e),
    }
}

/// `POST /admin/payments/{id}/inquiries`.
pub(super) async fn ask(office: Office, Path(id): Path<String>) -> Result<Response, Error> {
    office.permit::<perms::OrdersWrite>()?;
    let payment = payment(&office, id.parse().map_err(|_| Error::not_found())?).await?;
    let back = href(payment.order);
    if let Err(e) = flows::return_from_action(office.state.shop(), office.ctx(), payment.id).await {
        return office.failed(&back, e);
    }
    let now = office.db().read(async |tx: &mut Tx| payments::get(tx, payment.id).await).await?;
    let key = if now.state.is_undecided() { "order-asked-open" } else { "order-asked" };
    Ok(office.done(&back, office.t(key)))
}
