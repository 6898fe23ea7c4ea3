//! Settings of the shop.

mod fields;
mod payments;
mod redirects;
mod shipping;
mod shop;
mod taxes;
mod theme;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::response::Response;

use super::office::Office;
use super::shell;
use super::views::{Section, SettingsView};
use crate::{Auth, Error, Routes};

/// So many bytes of a picture are taken.
const UPLOAD: usize = 32 << 20;

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("settings:write");
    let routes = routes
        .get("/admin/settings", Auth::SignedIn, cards)
        .get("/admin/settings/shop", write, shop::page)
        .post("/admin/settings/shop", write, shop::save)
        .get("/admin/settings/payments", write, payments::page)
        .post("/admin/settings/payments", write, payments::save)
        .get("/admin/settings/theme", write, theme::page)
        .post("/admin/settings/theme", write, theme::save)
        .post("/admin/settings/theme/image", write, theme::set_image.layer(DefaultBodyLimit::max(UPLOAD)))
        .post("/admin/settings/theme/image/deletion", write, theme::remove_image);
    redirects::routes(fields::routes(shipping::routes(taxes::routes(routes))))
}

/// `GET /admin/settings`: those that the reader may see.
async fn cards(office: Office) -> Result<Response, Error> {
    let pages = shell::settings(office.ctx());
    if pages.is_empty() {
        return Err(kernel::Denied::Missing { permission: "settings:write" }.into());
    }
    office.page(&SettingsView { shell: office.shell(Section::Settings).await?, pages })
}
