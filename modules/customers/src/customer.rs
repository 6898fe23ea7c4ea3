use db::{Tx, params};
use kernel::{Ctx, CustomerId, Permit, StoreId, Timestamp, perms};
use serde::Serialize;
use work::Deed;

use crate::consent::{self, Channel};
use crate::{Error, check};

db::row! {
    /// Somebody who buys.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Customer {
        /// Who.
        pub id: CustomerId,
        /// As last typed.
        pub email: String,
        /// The whole name; or empty.
        pub name: String,
        /// Or empty.
        pub phone: String,
        /// The language they last shopped in.
        pub locale: String,
        /// May they be written to beyond their orders?
        pub accepts_marketing: bool,
        /// What staff keep about them.
        pub note: String,
        /// JSON list of words that staff gave them.
        pub tags: String,
        /// Since when.
        pub created_at: Timestamp,
        /// When any of it was last changed.
        pub updated_at: Timestamp,
    }
}

impl Customer {
    /// The words that staff gave them.
    pub fn tag_list(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }
}

/// What staff may change of a customer; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What they are written to.
    pub email: Option<String>,
    /// The whole name.
    pub name: Option<String>,
    /// With country code; or empty.
    pub phone: Option<String>,
    /// Their language.
    pub locale: Option<String>,
    /// May they be written to beyond their orders?
    pub accepts_marketing: Option<bool>,
    /// What staff keep about them, up to 10,000 characters.
    pub note: Option<String>,
    /// Words to find them by: all of them, up to 50 of 60 letters.
    pub tags: Option<Vec<String>>,
    /// What [`Customer::updated_at`] was when it was read: refused when it changed since.
    pub seen_at: Option<Timestamp>,
}

/// One customer of this store.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(tx: &mut Tx, store: StoreId, id: CustomerId) -> Result<Customer, Error> {
    tx.opt(
        db::sql!(
            "select id, email, name, phone, locale, accepts_marketing, note, tags, created_at, updated_at from customer
             where id = $1 and store_id = $2"
        ),
        params![id, store],
    )
    .await?
    .ok_or(Error::NotFound { what: "customer" })
}

/// Who has this e-mail.
///
/// # Errors
/// The database's.
pub async fn find_by_email(tx: &mut Tx, store: StoreId, email: &str) -> Result<Option<Customer>, Error> {
    Ok(tx
        .opt(
            db::sql!(
                "select id, email, name, phone, locale, accepts_marketing, note, tags, created_at, updated_at from customer
                 where store_id = $1 and email_key = $2"
            ),
            params![store, check::email_key(email)],
        )
        .await?)
}

/// Changes a customer.
///
/// # Errors
/// [`Error::Invalid`], [`Error::EmailTaken`], [`Error::Changed`], [`Error::NotFound`].
pub async fn update(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    id: CustomerId,
    change: &Change,
) -> Result<Customer, Error> {
    let store = ctx.store.id;
    let before = get(tx, store, id).await?;
    if change.seen_at.is_some_and(|seen| seen != before.updated_at) {
        return Err(Error::Changed);
    }
    let after = changed(before.clone(), change, ctx.now())?;
    let key = check::email_key(&after.email);
    if find_by_email(tx, store, &key).await?.is_some_and(|other| other.id != id) {
        return Err(Error::EmailTaken { email: after.email });
    }
    tx.exec(
        db::sql!(
            "update customer set email = $3, email_key = $4, name = $5, name_key = $6, phone = $7, locale = $8,
                 accepts_marketing = $9, note = $10, updated_at = $11, tags = $12
             where id = $1 and store_id = $2"
        ),
        params![
            id,
            store,
            after.email,
            key,
            after.name,
            after.name.to_lowercase(),
            after.phone,
            after.locale,
            after.accepts_marketing,
            after.note,
            after.updated_at,
            after.tags
        ],
    )
    .await?;
    if after.accepts_marketing != before.accepts_marketing {
        consent::record(tx, ctx, id, Channel::Email, after.accepts_marketing, "").await?;
    }
    let (was, is) = (serde_json::to_value(&before).ok(), serde_json::to_value(&after).ok());
    audit(tx, ctx, "customer.update", id, was, is).await?;
    Ok(after)
}

/// Sets what staff keep about a customer.
///
/// # Errors
/// As [`update`].
pub async fn set_note(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::CustomersWrite>,
    id: CustomerId,
    note: &str,
) -> Result<Customer, Error> {
    update(tx, ctx, permit, id, &Change { note: Some(note.to_owned()), ..Change::default() }).await
}

fn changed(mut c: Customer, change: &Change, now: Timestamp) -> Result<Customer, Error> {
    if let Some(email) = &change.email {
        c.email = check::email("email", email)?;
    }
    if let Some(name) = &change.name {
        c.name = check::line(name, 200);
    }
    if let Some(phone) = &change.phone {
        c.phone = check::line(phone, 40);
        if !crate::country::is_phone(&c.phone) {
            return Err(Error::invalid(
                "phone",
                format!("'{}' is not a phone number, such as +49 30 901820", c.phone),
            ));
        }
    }
    if let Some(locale) = &change.locale {
        let well =
            (2..=6).contains(&locale.len()) && locale.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
        if !well {
            return Err(Error::invalid("locale", format!("'{locale}' is not a language, such as en")));
        }
        c.locale.clone_from(locale);
    }
    if let Some(yes) = change.accepts_marketing {
        c.accepts_marketing = yes;
    }
    if let Some(note) = &change.note {
        if note.chars().count() > 10_000 {
            return Err(Error::invalid("note", "the note is longer than 10,000 characters"));
        }
        note.trim().clone_into(&mut c.note);
    }
    if let Some(tags) = &change.tags {
        c.tags = serde_json::to_string(&cleaned(tags)?).map_err(work::Error::from)?;
    }
    c.updated_at = now;
    Ok(c)
}

/// Each once, whatever its case.
fn cleaned(tags: &[String]) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> = vec![];
    for tag in tags.iter().map(|t| check::line(t, usize::MAX)).filter(|t| !t.is_empty()) {
        if tag.chars().count() > 60 {
            return Err(Error::invalid("tags", "a tag has at most 60 letters"));
        }
        if !all.iter().any(|t| t.to_lowercase() == tag.to_lowercase()) {
            all.push(tag);
        }
    }
    if all.len() > 50 {
        return Err(Error::invalid("tags", "a customer has at most 50 tags"));
    }
    Ok(all)
}

pub(crate) async fn audit(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    id: CustomerId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Error> {
    let deed = Deed { verb, subject_kind: "customer", subject: id.uuid(), before, after, note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}
