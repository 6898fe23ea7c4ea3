//! Products: the list, and one product's form.

mod form;
mod images;
mod list;
mod options;
mod read;
mod save;
mod show;

pub(super) use show::{language, tax_class};

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use crate::{Auth, Routes};

/// So many bytes of pictures are taken at once.
const UPLOAD: usize = 100 << 20;

pub(super) fn routes(routes: Routes) -> Routes {
    let (read, write) = (Auth::Staff("products:read"), Auth::Staff("products:write"));
    routes
        .get("/admin/products", read, list::list)
        .get("/admin/products/new", write, show::new)
        .post("/admin/products/new", write, save::create)
        .get("/admin/products/{id}", read, show::product)
        .post("/admin/products/{id}", write, save::update)
        .post("/admin/products/{id}/images", write, images::upload.layer(DefaultBodyLimit::max(UPLOAD)))
}
