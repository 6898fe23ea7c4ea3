//! One's own account: name, password, and where one is signed in.

use access::SessionRow;
use axum::response::Response;
use db::Tx;
use http::{HeaderMap, header};
use kernel::SessionId;

use super::blame::{blame, same};
use super::office::Office;
use super::sent::Form;
use super::shown::cut;
use super::views::{AccountView, Fields, Section, SessionCard};
use crate::extract::{Path, session_cookie};
use crate::{Auth, Error, Ip, Routes};

const PATH: &str = "/admin/account";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(PATH, Auth::SignedIn, page)
        .post(PATH, Auth::SignedIn, name)
        .post("/admin/account/password", Auth::SignedIn, password)
        .post("/admin/account/sessions/deletion", Auth::SignedIn, end_others)
        .post("/admin/account/sessions/{id}/deletion", Auth::SignedIn, end)
}

/// `GET /admin/account`.
async fn page(office: Office) -> Result<Response, Error> {
    let view = view(&office, Fields::new()).await?;
    office.page(&view)
}

async fn view(office: &Office, mut form: Fields) -> Result<AccountView, Error> {
    let me = office.caller.staff()?;
    let (ctx, id) = (office.ctx(), me.staff.id);
    let sessions = office.db().read(async |tx: &mut Tx| access::sessions_of(tx, ctx, id).await).await?;
    if form.all("name").next().is_none() {
        form.set("name", me.staff.name.as_str());
    }
    let mut shell = office.shell(Section::Home).await?;
    // it is no part of the menu
    for item in shell.nav.iter_mut().flat_map(|g| &mut g.items) {
        item.current = false;
    }
    Ok(AccountView {
        shell,
        email: me.staff.email.clone(),
        others: sessions.len() > 1,
        sessions: sessions.iter().map(|s| card(office, s, s.id == me.session)).collect(),
        form,
    })
}

fn card(office: &Office, s: &SessionRow, this: bool) -> SessionCard {
    SessionCard {
        id: s.id.to_string(),
        browser: browser(&s.user_agent).unwrap_or_else(|| office.t("account-browser")),
        ip: s.ip.clone(),
        since: office.when(s.created_at),
        seen: office.when(s.last_seen_at),
        this,
    }
}

/// "Firefox, Linux", as far as it says so; a stranger's own words, cut; none where it says nothing.
fn browser(agent: &str) -> Option<String> {
    let first = |known: &[(&'static str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // each names those before it as well, so the order matters
    let program =
        first(&[("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let machine = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, machine) {
        (Some(program), Some(machine)) => Some(format!("{program}, {machine}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) if agent.trim().is_empty() => None,
        (None, None) => Some(cut(agent.trim(), 40)),
    }
}

/// `POST /admin/account`: `name`.
async fn name(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let staff = &office.caller.staff()?.staff;
    let (ctx, id, locale) = (office.ctx().clone(), staff.id, staff.locale.clone());
    let name = form.value("name").trim().to_owned();
    let done = office
        .db()
        .write("set_name", async move |tx: &mut Tx| {
            access::update_profile(tx, &ctx, id, &name, &locale).await
        })
        .await;
    match done {
        Ok(_) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, form).await?)
        }
    }
}

/// `POST /admin/account/password`: `current`, `password`. Every other browser is signed out.
async fn password(
    office: Office,
    Ip(ip): Ip,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, Error> {
    let staff = office.caller.staff()?.staff.id;
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (current, new) = (form.value("current"), form.value("password"));
    let limiter = office.state.limiter();
    let changed =
        access::change_password(office.db(), office.ctx(), limiter, staff, current, new, (agent, ip)).await;
    match changed {
        Ok(opened) => {
            let mut response = office.done(PATH, office.t("account-password-changed"));
            let cookie = session_cookie(office.state.config(), &opened);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(e) => {
            let mut again = Fields::new(); // a password is never sent back
            blame(&office, &mut again, e, |field| match field {
                "current_password" => "current".to_owned(),
                other => other.to_owned(),
            })?;
            office.refused(&view(&office, again).await?)
        }
    }
}

/// `POST /admin/account/sessions/{id}/deletion`: signs another browser out.
async fn end(office: Office, Path(id): Path<SessionId>) -> Result<Response, Error> {
    let (ctx, staff) = (office.ctx().clone(), office.caller.staff()?.staff.id);
    office
        .db()
        .write("end_session", async move |tx: &mut Tx| access::end_session(tx, &ctx, staff, id).await)
        .await?;
    Ok(office.done(PATH, office.t("account-session-ended")))
}

/// `POST /admin/account/sessions/deletion`: signs every other browser out.
async fn end_others(office: Office) -> Result<Response, Error> {
    let me = office.caller.staff()?;
    let (ctx, staff, this) = (office.ctx().clone(), me.staff.id, me.session);
    office
        .db()
        .write("end_sessions", async move |tx: &mut Tx| {
            for session in access::sessions_of(tx, &ctx, staff).await?.iter().filter(|s| s.id != this) {
                access::end_session(tx, &ctx, staff, session.id).await?;
            }
            Ok::<_, access::Error>(())
        })
        .await?;
    Ok(office.done(PATH, office.t("account-session-ended")))
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_say_who_they_are() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";
        assert_eq!(browser(chrome).as_deref(), Some("Chrome, Linux"));
        assert_eq!(browser("curl/8.5").as_deref(), Some("curl/8.5"));
        assert_eq!(browser(" "), None);
    }
}
