use db::{Tx, params};
use kernel::{Ctx, CustomerId, Id, MailId, OrderId, Timestamp, states};
use serde::Serialize;

use crate::sending::SEND_MAIL;
use crate::{Error, check};

states! {
    /// How far a mail is.
    pub enum MailState {
        /// To be sent.
        Queued = "queued",
        /// Given to the mail server (in development: kept here only).
        Sent = "sent",
        /// Given up; its error says why.
        Failed = "failed",
    }
}
db::words!(MailState);

/// A mail as written.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Posted once for ever: `order_placed:ord_…`.
    pub dedupe_key: String,
    /// `order_placed`.
    pub kind: &'static str,
    /// The sender's name.
    pub sender_name: String,
    /// The sender's address.
    pub sender: String,
    /// Where answers go; empty means the sender.
    pub reply_to: String,
    /// Whom it goes to.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The body with its looks.
    pub html: String,
    /// The body without.
    pub text: String,
    /// What it is about.
    pub order: Option<OrderId>,
    /// Whom it is for.
    pub customer: Option<CustomerId>,
}

db::row! {
    /// A mail.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Mail {
        /// Which; also in its Message-ID, so that one sent twice after a crash is recognised.
        pub id: MailId,
        /// `order_placed`.
        pub kind: String,
        /// The sender's name.
        pub sender_name: String,
        /// The sender's address.
        pub sender: String,
        /// Where answers go; or empty.
        pub reply_to: String,
        /// Whom it goes to.
        pub recipient: String,
        /// One line.
        pub subject: String,
        /// The body with its looks.
        pub html: String,
        /// The body without.
        pub text: String,
        /// How far it is.
        pub state: MailState,
        /// What it is about.
        pub order: Option<OrderId>,
        /// Whom it is for.
        pub customer: Option<CustomerId>,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was written.
        pub created_at: Timestamp,
        /// When it was sent.
        pub sent_at: Option<Timestamp>,
        /// Why the last try failed; or empty.
        pub error: String,
    }
}

/// Puts a mail into the outbox, and asks for it to be sent, in the transaction of what it tells. `None` when one with
/// this key was posted before: a task that runs twice writes one mail.
///
/// # Errors
/// [`Error::Invalid`] for an address that is none.
pub async fn post(tx: &mut Tx, ctx: &Ctx, new: &NewMail) -> Result<Option<MailId>, Error> {
    let recipient = check::email("recipient", &new.recipient)?;
    let sender = check::email("sender", &new.sender)?;
    let reply_to =
        if new.reply_to.trim().is_empty() { String::new() } else { check::email("reply_to", &new.reply_to)? };
    let id: MailId = ctx.id();
    let posted = tx
        .exec(
            db::sql!(
                "insert into mail (id, store_id, dedupe_key, kind, sender_name, sender, reply_to, recipient, subject,
                     html, text, state, order_id, customer_id, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', $12, $13, $14)
                 on conflict (dedupe_key) do nothing"
            ),
            params![
                id,
                ctx.store.id,
                new.dedupe_key,
                new.kind,
                check::line(&new.sender_name, 120),
                sender,
                reply_to,
                recipient,
                check::line(&new.subject, 250),
                new.html,
                new.text,
                new.order,
                new.customer,
                ctx.now()
            ],
        )
        .await?;
    if posted == 0 {
        return Ok(None);
    }
    let task = work::NewTask {
        kind: SEND_MAIL,
        key: id.to_string(),
        mode: work::Mode::Tell,
        subject: Some(id.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    work::enqueue(tx, ctx, &task).await?;
    Ok(Some(id))
}

/// One mail.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn mail(tx: &mut Tx, id: MailId) -> Result<Mail, Error> {
    tx.opt(
        db::sql!(
            "select id, kind, sender_name, sender, reply_to, recipient, subject, html, text, state, order_id,
                    customer_id, attempts, created_at, sent_at, error
             from mail where id = $1"
        ),
        params![id],
    )
    .await?
    .ok_or(Error::NotFound { what: "mail" })
}

/// It was given to the mail server.
///
/// # Errors
/// The database's.
pub async fn mark_sent(tx: &mut Tx, ctx: &Ctx, id: MailId) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "update mail set state = 'sent', sent_at = $2, attempts = attempts + 1, error = ''
             where id = $1 and state <> 'sent'"
        ),
        params![id, ctx.now()],
    )
    .await?;
    Ok(())
}

/// A try failed; `for_good` when there is to be no other.
///
/// # Errors
/// The database's.
pub async fn mark_failed(tx: &mut Tx, id: Id<kernel::Mail>, why: &str, for_good: bool) -> Result<(), Error> {
    let (why, state) = (check::line(why, 1000), if for_good { MailState::Failed } else { MailState::Queued });
    let why = if why.is_empty() { "no reason was given".to_owned() } else { why };
    tx.exec(
        db::sql!("update mail set state = $2, error = $3, attempts = attempts + 1 where id = $1 and state <> 'sent'"),
        params![id, state, why],
    )
    .await?;
    Ok(())
}

/// Sent mails are kept so long: they hold what was written to people.
const KEPT: std::time::Duration = std::time::Duration::from_secs(180 * 24 * 3600);

/// Removes sent mails older than 180 days, up to 500; for a schedule.
///
/// # Errors
/// The database's.
pub async fn expire_mails(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    Ok(tx
        .exec(
            db::sql!(
                "delete from mail where id in (select id from mail where state = 'sent' and created_at < $1 limit 500)"
            ),
            params![ctx.now().minus(KEPT)],
        )
        .await?)
}
