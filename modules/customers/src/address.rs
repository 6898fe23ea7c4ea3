use db::{Tx, params};
use kernel::{Address, Ctx, CustomerId, Id, Permit, Timestamp, perms};
use serde::Serialize;

use crate::customer::{audit, get};
use crate::{Error, country};

/// An address of a customer.
#[derive(Debug)]
pub enum AddressEntity {}
impl kernel::Entity for AddressEntity {
    const PREFIX: &'static str = "adr";
}
/// An address of a customer.
pub type AddressId = Id<AddressEntity>;

/// Where a customer was, or is, reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerAddress {
    /// The row.
    pub id: AddressId,
    /// The address.
    pub address: Address,
    /// Is it the one that forms begin with?
    pub is_default: bool,
    /// Last used in an order, or set by staff.
    pub used_at: Timestamp,
}

/// Addresses that staff may keep of one customer.
const MOST: i64 = 50;

fn to_json(address: &Address) -> Result<String, Error> {
    serde_json::to_string(address).map_err(|e| Error::Unreadable(e.to_string()))
}

pub(crate) fn from_json(text: &str) -> Result<Address, Error> {
    serde_json::from_str(text).map_err(|e| Error::Unreadable(e.to_string()))
}

/// Two addresses with the same key are the same, however they were typed.
fn key(address: &Address) -> Result<String, Error> {
    let text = to_json(address)?;
    Ok(text.to_lowercase())
}

/// Keeps an address if it is new; the first becomes the default. One statement.
pub(crate) async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    address: &Address,
) -> Result<(), Error> {
    let address = country::tidy(address);
    tx.exec(
        db::sql!(
            "insert into customer_address (id, customer_id, address, address_key, is_default, created_at, used_at)
             values ($1, $2, $3, $4,
                 not exists (select 1 from customer_address a where a.customer_id = $2 and a.is_default), $5, $5)
             on conflict (customer_id, address_key) do update set used_at = excluded.used_at"
        ),
        params![ctx.id::<AddressEntity>(), customer, to_json(&address)?, key(&address)?, ctx.now()],
    )
    .await?;
    Ok(())
}

/// A customer's addresses, the default first, then last used first; up to 100.
///
/// # Errors
/// The database's.
pub async fn addresses(tx: &mut Tx, customer: CustomerId) -> Result<Vec<CustomerAddress>, Error> {
    let rows: Vec<(AddressId, String, bool, Timestamp)> = tx
        .all(
            db::sql!(
                "select id, address, is_default, used_at from customer_address where customer_id = $1
                 order by is_default desc, used_at desc, id desc limit 100"
            ),
            params![customer],
        )
        .await?;
    let mut all = vec![];
    for (id, text, is_default, used_at) in rows {
        all.push(CustomerAddress { id, address: from_json(&text)?, is_default, used_at });
    }
    Ok(all)
}

/// Adds an address; one that is there already is only marked as used.
///
/// # Errors
/// [`Error::Address`] names every wrong field; [`Error::NotFound`].
pub async fn add_address(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    customer: CustomerId,
    address: &Address,
) -> Result<(), Error> {
    get(tx, ctx.store.id, customer).await?;
    let address = country::check(address, &ctx.locale).map_err(Error::Address)?;
    let text = db::sql!("select cast(count(*) as bigint) from customer_address where customer_id = $1");
    if tx.value::<i64>(text, params![customer]).await? >= MOST {
        return Err(Error::invalid(
            "address",
            format!("a customer has at most {MOST} addresses; remove one first"),
        ));
    }
    keep(tx, ctx, customer, &address).await?;
    audit(tx, ctx, "customer.add_address", customer, None, serde_json::to_value(&address).ok()).await
}

/// Replaces an address. Orders keep the one they were placed with.
///
/// # Errors
/// As [`add_address`].
pub async fn update_address(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    customer: CustomerId,
    id: AddressId,
    address: &Address,
) -> Result<(), Error> {
    let before = one(tx, ctx, customer, id).await?;
    let address = country::check(address, &ctx.locale).map_err(Error::Address)?;
    let same: Option<(AddressId,)> = tx
        .opt(
            db::sql!("select id from customer_address where customer_id = $1 and address_key = $2"),
            params![customer, key(&address)?],
        )
        .await?;
    if same.is_some_and(|(other,)| other != id) {
        return Err(Error::invalid("line1", "the customer has this address already"));
    }
    tx.exec(
        db::sql!("update customer_address set address = $2, address_key = $3, used_at = $4 where id = $1"),
        params![id, to_json(&address)?, key(&address)?, ctx.now()],
    )
    .await?;
    let (was, is) = (serde_json::to_value(&before.0).ok(), serde_json::to_value(&address).ok());
    audit(tx, ctx, "customer.update_address", customer, was, is).await
}

/// Removes an address; if it was the default, the last used of the others becomes it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove_address(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    customer: CustomerId,
    id: AddressId,
) -> Result<(), Error> {
    let (before, was_default) = one(tx, ctx, customer, id).await?;
    tx.exec(db::sql!("delete from customer_address where id = $1"), params![id]).await?;
    if was_default {
        tx.exec(
            db::sql!(
                "update customer_address set is_default = $2 where id in (select id from customer_address
                     where customer_id = $1 order by used_at desc, id desc limit 1)"
            ),
            params![customer, true],
        )
        .await?;
    }
    audit(tx, ctx, "customer.remove_address", customer, serde_json::to_value(&before).ok(), None).await
}

/// Makes an address the one that forms begin with.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_default_address(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::CustomersWrite>,
    customer: CustomerId,
    id: AddressId,
) -> Result<(), Error> {
    let (address, _) = one(tx, ctx, customer, id).await?;
    let text = db::sql!("update customer_address set is_default = $2 where customer_id = $1 and is_default");
    tx.exec(text, params![customer, false]).await?;
    tx.exec(db::sql!("update customer_address set is_default = $2 where id = $1"), params![id, true]).await?;
    audit(tx, ctx, "customer.set_default_address", customer, None, serde_json::to_value(&address).ok()).await
}

async fn one(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, id: AddressId) -> Result<(Address, bool), Error> {
    get(tx, ctx.store.id, customer).await?;
    let found: Option<(String, bool)> = tx
        .opt(
            db::sql!("select address, is_default from customer_address where id = $1 and customer_id = $2"),
            params![id, customer],
        )
        .await?;
    let (text, is_default) = found.ok_or(Error::NotFound { what: "address" })?;
    Ok((from_json(&text)?, is_default))
}
