use db::{Tx, params, words};
use kernel::{Ctx, CustomerId, Permit, Timestamp, perms};
use serde::Serialize;

use crate::customer::{audit, get};
use crate::{Error, check};

kernel::states! {
    /// A way to be written to beyond one's orders.
    pub enum Channel {
        /// E-mail.
        Email = "email",
        /// Text messages.
        Sms = "sms",
        /// Calls.
        Phone = "phone",
        /// Letters.
        Post = "post",
    }
}

kernel::states! {
    /// Where a consent was given or taken back.
    pub enum ConsentSource {
        /// A box that the customer ticked.
        Checkout = "checkout",
        /// Somebody here wrote it down, and why.
        Staff = "staff",
        /// Another program, with its key.
        Key = "key",
        /// The shop itself.
        System = "system",
    }
}
words!(Channel, ConsentSource);

/// A row of the record of consents.
#[derive(Debug)]
pub(crate) enum ConsentEntity {}
impl kernel::Entity for ConsentEntity {
    const PREFIX: &'static str = "cns";
}

db::row! {
    /// Something that somebody agreed to, or took back.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Consent {
        /// For what.
        pub channel: Channel,
        /// Given, or taken back.
        pub granted: bool,
        /// Where.
        pub source: ConsentSource,
        /// The words that were agreed to, or the reason that staff gave.
        pub proof: String,
        /// `staff`, `key`, `shopper`, `system`.
        pub actor_kind: String,
        /// Their name.
        pub actor_name: String,
        /// When.
        pub at: Timestamp,
    }
}

/// A proof has so many letters.
const LONGEST: usize = 1_000;

/// What a customer agreed to and took back, newest first, at most 200 rows.
///
/// # Errors
/// The database's.
pub async fn consents(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Consent>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select channel, granted, source, proof, actor_kind, actor_name, at from consent
                 where customer_id = $1 order by at desc, id desc limit 200"
            ),
            params![customer],
        )
        .await?)
}

/// Writes down that a customer agreed or took it back, with the reason: how staff know. One that says what stands
/// already is a fresh proof.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`].
pub async fn set_consent(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    id: CustomerId,
    channel: Channel,
    granted: bool,
    reason: &str,
) -> Result<(), Error> {
    let before = get(tx, ctx.store.id, id).await?;
    let reason = check::line(reason, LONGEST);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "say how you know of it"));
    }
    if channel == Channel::Email {
        tx.exec(
            db::sql!("update customer set accepts_marketing = $2, updated_at = $3 where id = $1"),
            params![before.id, granted, ctx.now()],
        )
        .await?;
    }
    record(tx, ctx, id, channel, granted, &reason).await?;
    let is = serde_json::json!({ "channel": channel, "granted": granted, "reason": reason });
    audit(tx, ctx, "customer.consent", id, None, Some(is)).await
}

/// Writes the row. Whoever calls keeps `customer.accepts_marketing` in step where it is about e-mail.
pub(crate) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    channel: Channel,
    granted: bool,
    proof: &str,
) -> Result<(), Error> {
    write(tx, ctx, customer, channel, granted, source(ctx), proof, ctx.now()).await
}

/// Where whoever acts says it.
pub(crate) fn source(ctx: &Ctx) -> ConsentSource {
    match ctx.actor.kind() {
        "staff" => ConsentSource::Staff,
        "key" => ConsentSource::Key,
        "shopper" => ConsentSource::Checkout,
        _ => ConsentSource::System,
    }
}

/// What whoever has this address last said about e-mail, and when.
pub(crate) async fn newest_of_email(
    tx: &mut Tx,
    ctx: &Ctx,
    email_key: &str,
) -> Result<Option<(bool, Timestamp)>, Error> {
    Ok(tx
        .opt(
            db::sql!(
                "select s.granted, s.at from consent s join customer c on c.id = s.customer_id
                 where c.store_id = $1 and c.email_key = $2 and s.channel = 'email'
                 order by s.at desc, s.id desc limit 1"
            ),
            params![ctx.store.id, email_key],
        )
        .await?)
}

pub(crate) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    channel: Channel,
    granted: bool,
    source: ConsentSource,
    proof: &str,
    at: Timestamp,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into consent (id, store_id, customer_id, channel, granted, source, proof, actor_kind, actor_id,
                 actor_name, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            ctx.id::<ConsentEntity>(),
            ctx.store.id,
            customer,
            channel,
            granted,
            source,
            check::line(proof, LONGEST),
            ctx.actor.kind(),
            ctx.actor.id(),
            ctx.actor.name(),
            at
        ],
    )
    .await?;
    Ok(())
}
