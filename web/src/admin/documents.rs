//! What is printed: packing slips and pick lists.

use axum::response::{Html, IntoResponse, Response};
use flows::documents::{Slip, packing_slip, pick_list};
use http::{HeaderMap, header};
use kernel::{FulfilmentOrderId, perms};

use super::office::{Office, came_from};
use crate::extract::Path;
use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let fulfil = Auth::Staff("orders:fulfil");
    routes
        .get("/admin/fulfilment/{id}/packing-slip", fulfil, slip_of_request)
        .get("/admin/fulfilment/{id}/pick-list", fulfil, list_of_request)
        .get("/admin/shipments/{id}/packing-slip", fulfil, slip_of_shipment)
}

/// `GET /admin/fulfilment/{id}/packing-slip`.
async fn slip_of_request(
    office: Office,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let slip = Slip::Fulfilment(id.parse().map_err(|_| Error::not_found())?);
    packing_slips(&office, &[slip], &came_from(&headers, "/admin/fulfilment")).await
}

/// `GET /admin/shipments/{id}/packing-slip`.
async fn slip_of_shipment(
    office: Office,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let slip = Slip::Shipment(id.parse().map_err(|_| Error::not_found())?);
    packing_slips(&office, &[slip], &came_from(&headers, "/admin/fulfilment")).await
}

/// `GET /admin/fulfilment/{id}/pick-list`.
async fn list_of_request(
    office: Office,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let id: FulfilmentOrderId = id.parse().map_err(|_| Error::not_found())?;
    pick_lists(&office, &[id], &came_from(&headers, "/admin/fulfilment")).await
}

/// Packing slips as one page to print.
///
/// # Errors
/// As [`packing_slip`].
pub(super) async fn packing_slips(office: &Office, slips: &[Slip], back: &str) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    let mut pages = vec![];
    for slip in slips {
        pages.push(packing_slip(office.state.shop(), office.ctx(), &permit, *slip).await?);
    }
    if pages.is_empty() {
        return Ok(office.bad(back, office.t("bulk-nothing")));
    }
    Ok(printed(joined(&pages)))
}

/// One pick list for some requests.
///
/// # Errors
/// As [`pick_list`].
pub(super) async fn pick_lists(
    office: &Office,
    ids: &[FulfilmentOrderId],
    back: &str,
) -> Result<Response, Error> {
    let permit = office.permit::<perms::OrdersFulfil>()?;
    match pick_list(office.state.shop(), office.ctx(), &permit, ids).await {
        Ok(page) => Ok(printed(page)),
        Err(e) => office.failed(back, e),
    }
}

fn printed(page: String) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

/// The bodies of all pages in the first one's frame: each is a sheet of its own.
fn joined(pages: &[String]) -> String {
    let Some((first, others)) = pages.split_first() else { return String::new() };
    let end = first.rfind("</body>").unwrap_or(first.len());
    let mut all = first[..end].to_owned();
    for page in others {
        let from = page.find("<body").and_then(|at| page[at..].find('>').map(|to| at + to + 1)).unwrap_or(0);
        let to = page.rfind("</body>").unwrap_or(page.len());
        all.push_str(&page[from..to]);
    }
    all.push_str(&first[end..]);
    all
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn sheets_share_one_page() {
        let page = |n: u8| format!("<html><head>{n}</head><body class=\"x\"><main>{n}</main></body></html>");
        let all = joined(&[page(1), page(2), page(3)]);
        let body = "<main>1</main><main>2</main><main>3</main>";
        assert_eq!(all, format!("<html><head>1</head><body class=\"x\">{body}</body></html>"));
        assert_eq!(joined(&[page(1)]), page(1));
    }
}
