//! People who buy.

mod address;
mod list;
mod page;

use kernel::CustomerId;

use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("customers:read"), Auth::Staff("customers:write"));
    routes
        .get("/admin/customers", read, list::list)
        .get("/admin/customers/{id}", read, page::show)
        .post("/admin/customers/{id}", write, page::change)
        .post("/admin/customers/{id}/notes", write, page::note)
        .post("/admin/customers/{id}/consents", write, page::consent)
        .post("/admin/customers/{id}/fields", write, page::fields)
        .get("/admin/customers/{id}/addresses/new", write, address::new)
        .post("/admin/customers/{id}/addresses", write, address::add)
        .get("/admin/customers/{id}/addresses/{address}", write, address::edit)
        .post("/admin/customers/{id}/addresses/{address}", write, address::update)
        .post("/admin/customers/{id}/addresses/{address}/main", write, address::main)
        .post("/admin/customers/{id}/addresses/{address}/deletion", write, address::remove)
}

/// The id in an address.
fn id_of(text: &str) -> Result<CustomerId, Error> {
    text.parse().map_err(|_| Error::not_found())
}
