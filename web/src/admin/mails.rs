//! The mailbox: what was written to customers, sent or kept.

use axum::response::{IntoResponse, Response};
use customers::{MailFilter, MailState};
use db::Tx;
use http::{HeaderName, HeaderValue, header};
use kernel::perms::SystemRead;
use kernel::{MailId, PageSize};

use super::office::Office;
use super::sent::Query;
use super::views::{Chip, MailRow, MailView, MailsView, Section};
use super::walk::Walk;
use crate::extract::Path;
use crate::{Auth, Error, Routes};

const PATH: &str = "/admin/mails";

pub(super) fn routes(routes: Routes) -> Routes {
    let read = Auth::Staff("system:read");
    routes.get(PATH, read, list).get("/admin/mails/{id}", read, mail).get(
        "/admin/mails/{id}/body",
        read,
        body,
    )
}

fn chip(state: MailState) -> Chip {
    match state {
        MailState::Queued => Chip::MailQueued,
        MailState::Sent => Chip::MailSent,
        MailState::Failed => Chip::MailFailed,
    }
}

/// `GET /admin/mails?q=`.
async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<SystemRead>()?;
    let walk = Walk::of(PATH, &filter, &["q"]);
    let ctx = office.ctx();
    let wanted = MailFilter { search: filter.value("q").trim().to_owned(), state: None };
    let page = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            customers::mailbox(tx, ctx, &permit, &wanted, after.as_ref(), PageSize::default()).await
        })
        .await?;
    let rows = page.rows.iter().map(|m| MailRow {
        id: m.id.to_string(),
        to: m.recipient.clone(),
        subject: m.subject.clone(),
        when: office.when(m.created_at),
        state: chip(m.state),
    });
    office.page(&MailsView {
        shell: office.shell(Section::Mails).await?,
        filtered: !wanted.search.is_empty(),
        rows: rows.collect(),
        pager: walk.pager(page.next),
        development: office.state.config().dev,
        filter,
    })
}

/// `GET /admin/mails/{id}`.
async fn mail(office: Office, Path(id): Path<MailId>) -> Result<Response, Error> {
    office.permit::<SystemRead>()?;
    let m = office.db().read(async |tx: &mut Tx| customers::mail(tx, id).await).await?;
    let from = if m.sender_name.is_empty() { m.sender } else { format!("{} <{}>", m.sender_name, m.sender) };
    office.page(&MailView {
        shell: office.shell(Section::Mails).await?,
        id: m.id.to_string(),
        from,
        to: m.recipient,
        subject: m.subject,
        when: office.when(m.sent_at.unwrap_or(m.created_at)),
        state: chip(m.state),
        text: m.text,
        error: m.error,
        order_href: m.order.map(|id| format!("/admin/orders/{id}")).unwrap_or_default(),
    })
}

/// What a mail may do when it is shown: its own styles, pictures from anywhere it names on the shop, and nothing else.
const POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

/// `GET /admin/mails/{id}/body`: for the sandboxed frame.
async fn body(office: Office, Path(id): Path<MailId>) -> Result<Response, Error> {
    office.permit::<SystemRead>()?;
    let m = office.db().read(async |tx: &mut Tx| customers::mail(tx, id).await).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((headers, m.html).into_response())
}
