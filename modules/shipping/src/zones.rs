use db::{ToVal, Tx, Val, params, sql};
use kernel::{Ctx, Denied, Permission, Permit, ShippingZoneId, perms::SettingsWrite};
use serde_json::{Value, json};

use crate::Error;

/// In a zone's countries: every country that no zone names.
pub const EVERYWHERE: &str = "*";

/// A zone as staff enter it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewZone {
    /// For staff.
    pub name: String,
    /// ISO 3166-1 alpha-2, any case; [`EVERYWHERE`] for every country that no zone names.
    pub countries: Vec<String>,
}

impl NewZone {
    fn checked(self) -> Result<NewZone, Error> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(Error::NameMissing);
        }
        let mut countries = self.countries.iter().map(|c| country(c)).collect::<Result<Vec<_>, _>>()?;
        countries.sort_unstable();
        countries.dedup();
        if countries.is_empty() {
            return Err(Error::CountriesMissing);
        }
        Ok(NewZone { name, countries })
    }
}

fn country(text: &str) -> Result<String, Error> {
    let code = text.trim().to_ascii_uppercase();
    let fits = code == EVERYWHERE || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
    if fits { Ok(code) } else { Err(Error::Country { country: text.to_owned() }) }
}

pub(crate) fn in_scope<P: Permission>(ctx: &Ctx, permit: &Permit<P>) -> Result<(), Denied> {
    let reaches = permit.scope().has_store(ctx.store.id);
    if reaches { Ok(()) } else { Err(Denied::Missing { permission: P::NAME }) }
}

/// Adds a zone.
///
/// # Errors
/// [`Error::NameMissing`], [`Error::CountriesMissing`], [`Error::Country`], [`Error::CountryTaken`].
pub async fn create_zone(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    new: NewZone,
) -> Result<ShippingZoneId, Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let id: ShippingZoneId = ctx.id();
    tx.exec(
        sql!("insert into shipping_zone (id, store_id, name, created_at) values ($1, $2, $3, $4)"),
        params![id, ctx.store.id, new.name, ctx.now()],
    )
    .await?;
    put_countries(tx, ctx, id, &new.countries).await?;
    done(tx, ctx, "shipping_zone.create", ("shipping_zone", id.uuid()), None, Some(shown(&new))).await?;
    Ok(id)
}

/// Renames a zone and sets its countries.
///
/// # Errors
/// As [`create_zone`]; [`Error::NoSuchZone`].
pub async fn update_zone(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: ShippingZoneId,
    new: NewZone,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let new = new.checked()?;
    let was = crate::zone(tx, ctx, id).await?;
    tx.exec(
        sql!("update shipping_zone set name = $3 where id = $1 and store_id = $2"),
        params![id, ctx.store.id, new.name],
    )
    .await?;
    tx.exec(
        sql!("delete from shipping_zone_country where zone_id = $1 and store_id = $2"),
        params![id, ctx.store.id],
    )
    .await?;
    put_countries(tx, ctx, id, &new.countries).await?;
    let before = json!({ "name": was.name, "countries": was.countries });
    done(tx, ctx, "shipping_zone.update", ("shipping_zone", id.uuid()), Some(before), Some(shown(&new))).await
}

/// Removes a zone that has no methods.
///
/// # Errors
/// [`Error::NoSuchZone`], [`Error::ZoneNotEmpty`].
pub async fn delete_zone(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    id: ShippingZoneId,
) -> Result<(), Error> {
    in_scope(ctx, permit)?;
    let was = crate::zone(tx, ctx, id).await?;
    if !was.methods.is_empty() {
        return Err(Error::ZoneNotEmpty);
    }
    tx.exec(sql!("delete from shipping_zone where id = $1 and store_id = $2"), params![id, ctx.store.id])
        .await?;
    let before = json!({ "name": was.name, "countries": was.countries });
    done(tx, ctx, "shipping_zone.delete", ("shipping_zone", id.uuid()), Some(before), None).await
}

async fn put_countries(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ShippingZoneId,
    countries: &[String],
) -> Result<(), Error> {
    let rows: Vec<Val<'_>> =
        countries.iter().flat_map(|c| [ctx.store.id.to_val(), c.to_val(), id.to_val()]).collect();
    let put = tx
        .insert("insert into shipping_zone_country (store_id, country, zone_id) values", 3, &rows, "")
        .await;
    match put {
        Err(e) if e.is_unique() => Err(Error::CountryTaken),
        other => Ok(other.map(drop)?),
    }
}

fn shown(new: &NewZone) -> Value {
    json!({ "name": new.name, "countries": new.countries })
}

/// Prices of shipping stand on pages, so every process refreshes.
pub(crate) async fn done(
    tx: &mut Tx,
    ctx: &Ctx,
    verb: &'static str,
    (subject_kind, subject): (&'static str, uuid::Uuid),
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    work::touch(tx, ctx, "site", ctx.store.id.uuid()).await?;
    work::audit(tx, ctx, &work::Deed { verb, subject_kind, subject, before, after, note: None }).await?;
    Ok(())
}
