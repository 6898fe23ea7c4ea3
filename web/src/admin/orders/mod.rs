//! Orders: the list, one order's page, and what staff do with it.

pub(super) mod bulk;
mod cancel;
mod cards;
mod change;
mod fulfil;
mod list;
mod money;
mod page;
mod refund;
pub(super) mod row;
mod timeline;

use kernel::OrderId;

use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("orders:read"), Auth::Staff("orders:write"));
    let (fulfil, refund) = (Auth::Staff("orders:fulfil"), Auth::Staff("orders:refund"));
    let capture = Auth::Staff("payments:capture");
    routes
        .get("/admin/orders", read, list::list)
        .post("/admin/orders/bulk", read, bulk::bulk)
        .get("/admin/orders/{id}", read, page::show)
        .post("/admin/orders/{id}/comments", write, change::comment)
        .post("/admin/orders/{id}/notes", write, change::note)
        .post("/admin/orders/{id}/fields", write, change::fields)
        .post("/admin/orders/{id}/hold", write, change::hold)
        .post("/admin/orders/{id}/release", write, change::release)
        .get("/admin/orders/{id}/cancellation", write, cancel::form)
        .post("/admin/orders/{id}/cancellation", write, cancel::cancel)
        .get("/admin/orders/{id}/fulfilment", fulfil, fulfil::form)
        .post("/admin/orders/{id}/shipments", fulfil, fulfil::ship)
        .post("/admin/shipments/{id}", fulfil, fulfil::set_tracking)
        .post("/admin/shipments/{id}/delivery", fulfil, fulfil::delivered)
        .post("/admin/shipments/{id}/loss", fulfil, fulfil::lost)
        .get("/admin/orders/{id}/refunds", refund, refund::form)
        .post("/admin/orders/{id}/refunds", refund, refund::refund)
        .post("/admin/orders/{id}/captures", capture, money::capture)
        .post("/admin/payments/{id}/void", capture, money::void)
        .post("/admin/payments/{id}/inquiries", write, money::ask)
        .post("/admin/payments/{id}/decision", capture, money::decide)
}

/// The id in an address.
fn id_of(text: &str) -> Result<OrderId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

/// The address of an order's page.
pub(super) fn href(id: OrderId) -> String {
    format!("/admin/orders/{id}")
}
