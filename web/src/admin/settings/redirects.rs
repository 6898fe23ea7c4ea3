//! Old paths that lead on: after a move from another shop, or a page that is no more.

use axum::response::Response;
use db::Tx;
use kernel::PageSize;
use kernel::perms::SettingsWrite;

use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Fields, Pager, RedirectRow, Section, SettingsRedirectsView};
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/settings/redirects";

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("settings:write");
    routes.get(PATH, write, list).post(PATH, write, add).post(
        "/admin/settings/redirects/deletion",
        write,
        remove,
    )
}

/// `GET /admin/settings/redirects?after={path}`.
async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, query.value("after"), Fields::new()).await?;
    office.page(&view)
}

async fn view(office: &Office, after: &str, form: Fields) -> Result<SettingsRedirectsView, Error> {
    office.permit::<SettingsWrite>()?;
    let (store, size) = (office.ctx().store.id, PageSize::default());
    let rows = office.db().read(async |tx: &mut Tx| site::redirects(tx, store, after, size).await).await?;
    let link = |path: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        format!("{PATH}?{}", query.append_pair("after", path).finish())
    };
    let pager = Pager {
        previous: (!after.is_empty()).then(|| PATH.to_owned()),
        next: rows.last().filter(|_| rows.len() == size.get()).map(|r| link(&r.from_path)),
        label: String::new(),
    };
    Ok(SettingsRedirectsView {
        shell: office.shell(Section::Settings).await?,
        rows: rows.into_iter().map(|r| RedirectRow { from: r.from_path, to: r.to_path }).collect(),
        pager,
        form,
    })
}

/// An old shop's whole address is its path here.
fn path_of(typed: &str) -> String {
    let typed = typed.trim();
    match url::Url::parse(typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.path().to_owned(),
        _ => typed.to_owned(),
    }
}

/// `POST /admin/settings/redirects`: `from_path`, `to_path`.
async fn add(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let (from, to) = (path_of(form.value("from_path")), form.value("to_path").trim().to_owned());
    let ctx = office.ctx().clone();
    let done = office
        .db()
        .write("set_redirect", async move |tx: &mut Tx| {
            site::set_redirect(tx, &ctx, &permit, &from, &to).await
        })
        .await;
    match done {
        Ok(()) => Ok(office.done(PATH, office.t("redirects-added"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, "", form).await?)
        }
    }
}

/// `POST /admin/settings/redirects/deletion`: `from_path`.
async fn remove(office: Office, Form(form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let (ctx, from) = (office.ctx().clone(), form.value("from_path").to_owned());
    office
        .db()
        .write("remove_redirect", async move |tx: &mut Tx| {
            site::remove_redirect(tx, &ctx, &permit, &from).await
        })
        .await?;
    Ok(office.done(PATH, office.t("form-deleted")))
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn an_old_address_is_its_path() {
        assert_eq!(path_of(" https://old.example/shoes?x=1 "), "/shoes");
        assert_eq!(path_of("/shoes"), "/shoes");
        assert_eq!(path_of("javascript:alert(1)"), "javascript:alert(1)");
    }
}
