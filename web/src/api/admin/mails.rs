//! What was written to customers.

use customers::{Mail, MailFilter, MailRow, MailState};
use db::Tx;
use kernel::MailId;
use kernel::perms::SystemRead;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{List, One};
use crate::api::ask::{At, Params, page_of, word};
use crate::api::types::at;
use crate::{Caller, Error, State};

/// Which mails.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// `queued`, `sent` or `failed`.
    state: Option<String>,
    /// In recipients and subjects.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
    limit: Option<u32>,
}

/// A mail in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailRow)]
pub(super) struct Row {
    #[schema(example = "mal_01h455vb4pex5vsknk084sn02q")]
    id: String,
    kind: String,
    recipient: String,
    subject: String,
    /// `queued`, `sent` or `failed`.
    state: String,
    order: Option<String>,
    created_at: String,
    sent_at: Option<String>,
    error: String,
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<List<Row>, Error> {
    let permit = caller.permit::<SystemRead>()?;
    let (after, size) = page_of(which.after.as_deref(), which.limit)?;
    let filter = MailFilter {
        search: which.search.unwrap_or_default(),
        state: which.state.as_deref().map(|s| word::<MailState>("state", s)).transpose()?,
    };
    let ctx = caller.ctx;
    let page = state
        .db()
        .read(async |tx: &mut Tx| customers::mailbox(tx, &ctx, &permit, &filter, after.as_ref(), size).await)
        .await?;
    Ok(List::page(page, |m: MailRow| Row {
        id: m.id.to_string(),
        kind: m.kind,
        recipient: m.recipient,
        subject: m.subject,
        state: m.state.to_string(),
        order: m.order.map(|o| o.to_string()),
        created_at: at(m.created_at),
        sent_at: m.sent_at.map(at),
        error: m.error,
    }))
}

/// A mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mail)]
pub(super) struct View {
    id: String,
    kind: String,
    sender: String,
    recipient: String,
    subject: String,
    html: String,
    text: String,
    state: String,
    order: Option<String>,
    customer: Option<String>,
    attempts: i64,
    created_at: String,
    sent_at: Option<String>,
    error: String,
}

pub(super) async fn get(state: State, caller: Caller, At(id): At<MailId>) -> Result<One<View>, Error> {
    caller.permit::<SystemRead>()?;
    let m: Mail = state.db().read(async |tx: &mut Tx| customers::mail(tx, id).await).await?;
    Ok(One::new(View {
        id: m.id.to_string(),
        kind: m.kind,
        sender: m.sender,
        recipient: m.recipient,
        subject: m.subject,
        html: m.html,
        text: m.text,
        state: m.state.to_string(),
        order: m.order.map(|o| o.to_string()),
        customer: m.customer.map(|c| c.to_string()),
        attempts: m.attempts,
        created_at: at(m.created_at),
        sent_at: m.sent_at.map(at),
        error: m.error,
    }))
}
