//! "To ship": what locations are asked to send.

mod list;

use axum::response::Response;
use flows::documents::Slip;
use http::HeaderMap;
use kernel::{FulfilmentOrderId, perms};

use super::documents;
use super::office::{Office, came_from};
use super::orders::bulk;
use super::sent::Form;
use crate::{Auth, Error, Routes};

/// At most so many at once.
const MOST: usize = 100;

pub(super) fn routes(routes: Routes) -> Routes {
    let fulfil = Auth::Staff("orders:fulfil");
    routes.get("/admin/fulfilment", fulfil, list::list).post("/admin/fulfilment/bulk", fulfil, bulk)
}

/// `POST /admin/fulfilment/bulk`: `id` (repeated), `action` (`fulfil`, `pick_list`, `packing_slips`).
async fn bulk(office: Office, headers: HeaderMap, Form(form): Form) -> Result<Response, Error> {
    office.permit::<perms::OrdersFulfil>()?;
    let ids: Vec<FulfilmentOrderId> = form.all("id").filter_map(|id| id.parse().ok()).take(MOST).collect();
    let back = came_from(&headers, "/admin/fulfilment");
    if ids.is_empty() {
        return Ok(office.bad(&back, office.t("bulk-none")));
    }
    match form.value("action") {
        "fulfil" => bulk::fulfil(&office, &ids, &back).await,
        "pick_list" => documents::pick_lists(&office, &ids, &back).await,
        "packing_slips" => {
            let slips: Vec<Slip> = ids.into_iter().map(Slip::Fulfilment).collect();
            documents::packing_slips(&office, &slips, &back).await
        }
        _ => Err(Error::bad_request("There is no such action.")),
    }
}
