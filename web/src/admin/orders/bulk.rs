//! What is done to several orders at once. Each order stands alone: one that refuses does not hold up the others.

use axum::response::Response;
use db::Tx;
use flows::documents::Slip;
use flows::{Once, Ship};
use http::HeaderMap;
use kernel::{ErrorKind, FulfilmentOrderId, OrderId, perms};
use warehouse::FulfilmentState;

use super::cards;
use crate::Error;
use crate::admin::documents;
use crate::admin::office::{Office, came_from};
use crate::admin::sent::{Form, sentence};
use crate::admin::views::Fields;

/// At most so many at once.
const MOST: usize = 100;

/// `POST /admin/orders/bulk`: `id` (repeated), `action` (`fulfil`, `capture`, `packing_slips`).
pub(super) async fn bulk(office: Office, headers: HeaderMap, Form(form): Form) -> Result<Response, Error> {
    office.permit::<perms::OrdersRead>()?;
    let orders: Vec<OrderId> = form.all("id").filter_map(|id| id.parse().ok()).take(MOST).collect();
    let back = came_from(&headers, "/admin/orders");
    if orders.is_empty() {
        return Ok(office.bad(&back, office.t("bulk-none")));
    }
    match form.value("action") {
        "fulfil" => fulfil(&office, &open_requests(&office, &orders).await?, &back).await,
        "capture" => capture(&office, &orders, &back).await,
        "packing_slips" => {
            let slips: Vec<Slip> =
                open_requests(&office, &orders).await?.into_iter().map(Slip::Fulfilment).collect();
            documents::packing_slips(&office, &slips, &back).await
        }
        _ => Err(Error::bad_request("There is no such action.")),
    }
}

/// The requests of some orders that can be shipped.
async fn open_requests(office: &Office, orders: &[OrderId]) -> Result<Vec<FulfilmentOrderId>, Error> {
    office
        .db()
        .read(async |tx: &mut Tx| {
            let mut open = vec![];
            for order in orders {
                let of = warehouse::of_order(tx, *order).await?;
                open.extend(of.into_iter().filter(|f| can_ship(f.state)).map(|f| f.id));
            }
            Ok::<_, Error>(open)
        })
        .await
}

/// Can goods of such a request leave?
pub(in crate::admin) fn can_ship(state: FulfilmentState) -> bool {
    matches!(state, FulfilmentState::Open | FulfilmentState::Picking | FulfilmentState::Packed)
}

/// Ships all that is left of some requests; the customers are written to.
///
/// # Errors
/// Of kind `Denied`; what is nobody's fault but ours.
pub(in crate::admin) async fn fulfil(
    office: &Office,
    requests: &[FulfilmentOrderId],
    back: &str,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let mut tally = Tally::default();
    for id in requests {
        let lines = office
            .db()
            .read(async |tx: &mut Tx| {
                let order = warehouse::fulfilment(tx, *id).await?.order;
                let lines = warehouse::lines_of(tx, order).await?;
                let of = lines.iter().filter(|l| l.request == *id && l.left() > 0);
                Ok::<_, Error>(of.map(|l| (l.id, l.left())).collect::<Vec<_>>())
            })
            .await?;
        let ship = Ship {
            fulfilment: *id,
            lines,
            carrier: String::new(),
            tracking_number: String::new(),
            tracking_url: String::new(),
            notify: true,
        };
        tally.count(flows::ship(office.state.shop(), office.ctx(), &permit, ship).await)?;
    }
    Ok(tally.told(office, back, "bulk-fulfilled"))
}

/// Takes all that is authorised of some orders.
async fn capture(office: &Office, orders: &[OrderId], back: &str) -> Result<Response, Error> {
    let permit = office.permit::<perms::PaymentsCapture>()?;
    let payments = office.db().read(async |tx: &mut Tx| payments::of_orders(tx, orders).await).await?;
    let mut tally = Tally::default();
    for p in payments.iter().filter(|p| p.state.is_open() && p.provider_captures() && p.open_minor() > 0) {
        // a second press of the button finds the same sums, and takes nothing twice
        let key = format!("{}:{}", p.id, cards::seen(p));
        let once = Once::new("admin.capture", &office.caller.staff()?.staff.id.to_string(), &key, &key);
        let open = p.open_minor();
        let done =
            flows::capture_once(office.state.shop(), office.ctx(), &permit, p.id, open, Some(once)).await;
        tally.count(done)?;
    }
    Ok(tally.told(office, back, "bulk-captured"))
}

/// How it went.
#[derive(Default)]
struct Tally {
    done: i64,
    refused: i64,
    why: String,
}

impl Tally {
    /// # Errors
    /// What is not a refusal.
    fn count<T>(&mut self, outcome: Result<T, flows::Error>) -> Result<(), Error> {
        let Err(e) = outcome else {
            self.done += 1;
            return Ok(());
        };
        let (e, mut form) = (Error::from(e), Fields::new());
        self.refused += 1;
        if e.kind == ErrorKind::NotFound {
            return Ok(()); // at a location that is not theirs
        }
        crate::admin::sent::beside(&mut form, e)?;
        if let Some(first) = form.errors().first().filter(|_| self.why.is_empty()) {
            self.why = sentence(&first.message);
        }
        Ok(())
    }

    fn told(&self, office: &Office, back: &str, key: &str) -> Response {
        match (self.done, self.refused) {
            (0, 0) => office.bad(back, office.t("bulk-nothing")),
            (done, 0) => office.done(back, office.tn(key, done)),
            (done, refused) => {
                let refused = format!("{} {}", office.tn("bulk-refused", refused), self.why);
                office.bad(back, format!("{} {refused}", office.tn(key, done)))
            }
        }
    }
}
