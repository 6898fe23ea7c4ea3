//! The merchant's own fields of customers and orders: defined in the catalogue, set beside what they are about.

use catalog::Resource;
use db::Tx;
use kernel::perms::{CustomersWrite, OrdersRead, OrdersWrite};
use kernel::{Ctx, CustomFieldId, CustomerId, OrderId, Permit};
use uuid::Uuid;

use crate::{Error, Shop};

/// Sets own fields of a customer; an empty text clears one, others stay.
///
/// # Errors
/// [`catalog::Error::Invalid`] names the field; there may be no such customer.
pub async fn set_customer_fields(
    shop: &Shop,
    ctx: &Ctx,
    _: &Permit<CustomersWrite>,
    id: CustomerId,
    values: Vec<(CustomFieldId, String)>,
) -> Result<(), Error> {
    let ctx = ctx.clone();
    shop.db
        .write("customer_fields", async move |tx: &mut Tx| {
            customers::get(tx, ctx.store.id, id).await?;
            set(tx, &ctx, Resource::Customer, id.uuid(), &values).await
        })
        .await
}

/// Sets own fields of an order that the reader may see; an empty text clears one, others stay.
///
/// # Errors
/// [`catalog::Error::Invalid`] names the field; there may be no such order.
pub async fn set_order_fields(
    shop: &Shop,
    ctx: &Ctx,
    seen: &Permit<OrdersRead>,
    _: &Permit<OrdersWrite>,
    id: OrderId,
    values: Vec<(CustomFieldId, String)>,
) -> Result<(), Error> {
    let (ctx, seen) = (ctx.clone(), seen.clone());
    shop.db
        .write("order_fields", async move |tx: &mut Tx| {
            orders::get(tx, &seen, id).await?;
            set(tx, &ctx, Resource::Order, id.uuid(), &values).await
        })
        .await
}

/// Writes them, and what they were and are now; nothing where nothing changed.
async fn set(
    tx: &mut Tx,
    ctx: &Ctx,
    resource: Resource,
    subject: Uuid,
    values: &[(CustomFieldId, String)],
) -> Result<(), Error> {
    let before = catalog::values_of(tx, &[subject]).await?;
    catalog::set_values(tx, ctx, resource, subject, values).await?;
    let after = catalog::values_of(tx, &[subject]).await?;
    if before == after {
        return Ok(());
    }
    let (verb, subject_kind) = match resource {
        Resource::Product => ("product.fields", "product"),
        Resource::Variant => ("variant.fields", "variant"),
        Resource::Customer => ("customer.fields", "customer"),
        Resource::Order => ("order.fields", "order"),
    };
    let shown = |all: &[catalog::CustomValue]| {
        let pairs = all.iter().map(|v| (format!("{}.{}", v.namespace, v.key), v.value.clone().into()));
        serde_json::Value::Object(pairs.collect())
    };
    let (was, is) = (shown(&before), shown(&after));
    let deed = work::Deed { verb, subject_kind, subject, before: Some(was), after: Some(is), note: None };
    Ok(work::audit(tx, ctx, &deed).await?)
}
