use db::{Tx, params, sql};
use kernel::{Ctx, Permit, ShippingMethodId, ShippingZoneId, perms::SettingsWrite};
use serde_json::{Value, json};

use crate::zones::{done, in_scope};
use crate::{Error, NewMethod};

/// Adds a way to ship to a zone.
///
/// # Errors
/// [`Error::NoSuchZone`]; [`Error::NameMissing`], [`Error::Amount`], [`Error::BandsMissing`], [`Error::BandsOrder`],
/// [`Error::Days`].
pub async fn create_method(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    zone: ShippingZoneId,
    new: NewMethod,
) -> Result<ShippingMethodId, Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let id: ShippingMethodId = ctx.id();
    // selecting from the zone makes sure it is there and the store's own
    let made = tx
        .exec(
            sql!(
                "insert into shipping_method (id, zone_id, store_id, currency, name, description, position, kind,
                     amount_minor, bands, free_from_minor, min_days, max_days, tax_category, active)
                 select $1, z.id, z.store_id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
                 from shipping_zone z where z.id = $2 and z.store_id = $3"
            ),
            params![
                id,
                zone,
                ctx.store.id,
                ctx.store.currency,
                serde_json::to_string(&new.name)?,
                serde_json::to_string(&new.description)?,
                new.position,
                new.kind,
                new.amount_minor,
                serde_json::to_string(&new.bands)?,
                new.free_from_minor,
                new.min_days,
                new.max_days,
                new.tax_category,
                new.active
            ],
        )
        .await?;
    if made == 0 {
        return Err(Error::NoSuchZone);
    }
    done(tx, ctx, "shipping_method.create", ("shipping_method", id.uuid()), None, Some(shown(&new))).await?;
    Ok(id)
}

/// Changes a way to ship; orders that were placed keep theirs.
///
/// # Errors
/// As [`create_method`]; [`Error::NoSuchMethod`].
pub async fn update_method(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: ShippingMethodId,
    new: NewMethod,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let was = crate::method(tx, ctx, id).await?;
    tx.exec(
        sql!(
            "update shipping_method set currency = $3, name = $4, description = $5, position = $6, kind = $7,
                 amount_minor = $8, bands = $9, free_from_minor = $10, min_days = $11, max_days = $12,
                 tax_category = $13, active = $14
             where id = $1 and store_id = $2"
        ),
        params![
            id,
            ctx.store.id,
            ctx.store.currency,
            serde_json::to_string(&new.name)?,
            serde_json::to_string(&new.description)?,
            new.position,
            new.kind,
            new.amount_minor,
            serde_json::to_string(&new.bands)?,
            new.free_from_minor,
            new.min_days,
            new.max_days,
            new.tax_category,
            new.active
        ],
    )
    .await?;
    let subject = ("shipping_method", id.uuid());
    done(tx, ctx, "shipping_method.update", subject, Some(shown(&was.is)), Some(shown(&new))).await
}

/// Removes a way to ship. Carts that chose it are asked to choose again.
///
/// # Errors
/// [`Error::NoSuchMethod`].
pub async fn delete_method(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: ShippingMethodId,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let was = crate::method(tx, ctx, id).await?;
    tx.exec(sql!("delete from shipping_method where id = $1 and store_id = $2"), params![id, ctx.store.id])
        .await?;
    done(tx, ctx, "shipping_method.delete", ("shipping_method", id.uuid()), Some(shown(&was.is)), None).await
}

fn shown(m: &NewMethod) -> Value {
    json!({ "name": m.name, "kind": m.kind, "amount_minor": m.amount_minor, "bands": m.bands,
        "free_from_minor": m.free_from_minor, "min_days": m.min_days, "max_days": m.max_days,
        "tax_category": m.tax_category, "active": m.active })
}
