//! Settings of the shop.

mod payments;
mod shipping;
mod shop;
mod taxes;
mod theme;

use axum::response::Response;

use super::office::Office;
use super::shell;
use super::views::{Section, SettingsView};
use crate::{Auth, Error, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("settings:write");
    let routes = routes
        .get("/admin/settings", Auth::SignedIn, cards)
        .get("/admin/settings/shop", write, shop::page)
        .post("/admin/settings/shop", write, shop::save)
        .get("/admin/settings/payments", write, payments::page)
        .post("/admin/settings/payments", write, payments::save)
        .get("/admin/settings/theme", write, theme::page)
        .post("/admin/settings/theme", write, theme::save);
    shipping::routes(taxes::routes(routes))
}

/// `GET /admin/settings`: those that the reader may see.
async fn cards(office: Office) -> Result<Response, Error> {
    let pages = shell::settings(office.ctx());
    if pages.is_empty() {
        return Err(kernel::Denied::Missing { permission: "settings:write" }.into());
    }
    office.page(&SettingsView { shell: office.shell(Section::Settings).await?, pages })
}
