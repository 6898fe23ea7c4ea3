//! People who buy.

mod list;
mod page;

use crate::{Auth, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("customers:read"), Auth::Staff("customers:write"));
    routes
        .get("/admin/customers", read, list::list)
        .get("/admin/customers/{id}", read, page::show)
        .post("/admin/customers/{id}", write, page::change)
        .post("/admin/customers/{id}/notes", write, page::note)
}
