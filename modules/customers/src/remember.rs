use db::{Tx, params};
use kernel::{Address, Ctx, CustomerId, Permit, perms};

use crate::address::keep;
use crate::consent::{self, Channel, ConsentSource};
use crate::customer::audit;
use crate::{Error, check};

/// Somebody who just bought, or is about to.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    /// As typed.
    pub email: String,
    /// The whole name; or empty.
    pub name: String,
    /// Or empty.
    pub phone: String,
    /// The language they shop in.
    pub locale: String,
    /// Did they tick the box? An unticked one takes nothing back.
    pub accepts_marketing: bool,
    /// The words beside that box, and when it was ticked, where that was earlier: how one knows later.
    pub consent: Option<(String, kernel::Timestamp)>,
    /// Where it goes.
    pub address: Option<Address>,
}

/// Finds the customer of this e-mail, or makes one: an inner verb of placing an order, so it needs no permit, is two
/// statements at most (two more for who ticked the box), and writes no audit row (the order's timeline tells it). What
/// is known is kept: a guest who types another name does not rename the customer.
///
/// # Errors
/// [`Error::Invalid`] for the e-mail.
pub async fn remember(tx: &mut Tx, ctx: &Ctx, new: &NewCustomer) -> Result<CustomerId, Error> {
    let email = check::email("email", &new.email)?;
    let agreed = match &new.consent {
        _ if !new.accepts_marketing => None,
        Some((words, at)) => Some((ConsentSource::Checkout, words.as_str(), *at)),
        None => Some((consent::source(ctx), "", ctx.now())),
    };
    let standing = match agreed {
        Some(_) => consent::newest_of_email(tx, ctx, &check::email_key(&email)).await?,
        None => None,
    };
    // what was taken back after the box was ticked stays so
    let agreed = agreed.filter(|(_, _, at)| !standing.is_some_and(|(granted, said)| !granted && said > *at));
    let (name, phone) = (check::line(&new.name, 200), check::line(&new.phone, 40));
    let id: CustomerId = tx
        .value(
            db::sql!(
                "insert into customer (id, store_id, email, email_key, name, name_key, phone, locale,
                     accepts_marketing, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
                 on conflict (store_id, email_key) do update set
                     name = case when customer.name = '' then excluded.name else customer.name end,
                     name_key = case when customer.name = '' then excluded.name_key else customer.name_key end,
                     phone = case when customer.phone = '' then excluded.phone else customer.phone end,
                     locale = excluded.locale,
                     accepts_marketing = (customer.accepts_marketing or excluded.accepts_marketing),
                     updated_at = excluded.updated_at
                 returning id"
            ),
            params![
                ctx.id::<kernel::Customer>(),
                ctx.store.id,
                email,
                check::email_key(&email),
                name,
                name.to_lowercase(),
                phone,
                new.locale,
                agreed.is_some(),
                ctx.now()
            ],
        )
        .await?;
    if let Some((source, words, at)) = agreed
        && !standing.is_some_and(|(granted, _)| granted)
    {
        consent::write(tx, ctx, id, Channel::Email, true, source, words, at).await?;
    }
    if let Some(address) = &new.address {
        keep(tx, ctx, id, address).await?;
    }
    Ok(id)
}

/// [`remember`] for those who look after customers: it leaves an audit row with what was typed, also where the customer
/// was known.
///
/// # Errors
/// As [`remember`].
pub async fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    new: &NewCustomer,
) -> Result<CustomerId, Error> {
    let id = remember(tx, ctx, new).await?;
    let typed = serde_json::json!({
        "email": new.email, "name": new.name, "phone": new.phone, "locale": new.locale,
        "accepts_marketing": new.accepts_marketing, "with_address": new.address.is_some(),
    });
    audit(tx, ctx, "customer.create", id, None, Some(typed)).await?;
    Ok(id)
}
