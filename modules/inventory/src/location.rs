use db::{Tx, params};
use kernel::{Address, Ctx, LocationId, Permit, perms};

use crate::Error;

db::row! {
    /// A place where stock lies.
    #[derive(Debug, Clone)]
    pub struct LocationRow {
        /// Its id.
        pub id: LocationId,
        /// What staff call it.
        pub name: String,
        /// JSON of a [`kernel::Address`].
        pub address: String,
        /// Stock is taken from the lowest first.
        pub position: i64,
        /// Does it sell?
        pub active: bool,
    }
}

impl LocationRow {
    /// Its address.
    pub fn address(&self) -> Address {
        serde_json::from_str(&self.address).unwrap_or_default()
    }
}

fn checked(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        let message = "Give the location a name of at most 80 characters.".to_owned();
        return Err(Error::Invalid { field: "name", message });
    }
    Ok(name)
}

/// A new location, last in line. Its id is given, since the store's first one is made with the store.
///
/// # Errors
/// [`Error::Invalid`] for the name.
pub async fn create_location(
    tx: &mut Tx,
    ctx: &Ctx,
    id: LocationId,
    name: &str,
    address: &Address,
) -> Result<(), Error> {
    let name = checked(name)?;
    tx.exec(
        db::sql!(
            "insert into location (id, store_id, name, address, position, created_at)
             values ($1, $2, $3, $4, (select coalesce(max(position), 0) + 1 from location where store_id = $2), $5)"
        ),
        params![id, ctx.store.id, name, serde_json::to_string(address).unwrap_or_default(), ctx.now()],
    )
    .await?;
    let deed = work::Deed {
        verb: "location.create",
        subject_kind: "location",
        subject: id.uuid(),
        before: None,
        after: Some(serde_json::json!({ "name": name })),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    Ok(())
}

/// Renames it, moves it in line, opens or closes it.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::NotFound`], also outside the permit's reach.
pub async fn update_location(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::SettingsWrite>,
    id: LocationId,
    name: &str,
    address: &Address,
    position: i64,
    active: bool,
) -> Result<(), Error> {
    if !permit.scope().has_store(ctx.store.id) || !permit.scope().has_location(id) {
        return Err(Error::NotFound { what: "location" });
    }
    let name = checked(name)?;
    let address = serde_json::to_string(address).unwrap_or_default();
    let n = tx
        .exec(
            db::sql!("update location set name = $3, address = $4, position = $5, active = $6 where id = $1 and store_id = $2"),
            params![id, ctx.store.id, name, address, position, active],
        )
        .await?;
    if n == 0 {
        return Err(Error::NotFound { what: "location" });
    }
    let deed = work::Deed {
        verb: "location.update",
        subject_kind: "location",
        subject: id.uuid(),
        before: None,
        after: Some(serde_json::json!({ "name": name, "position": position, "active": active })),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    // what lies at a closed location is not for sale
    let text = db::sql!("select item_id from stock_level where location_id = $1 order by 1");
    let items: Vec<(uuid::Uuid,)> = tx.all(text, params![id]).await?;
    for some in items.chunks(500) {
        let ids: Vec<uuid::Uuid> = some.iter().map(|(id,)| *id).collect();
        work::touch_many(tx, ctx, "stock", &ids).await?;
    }
    Ok(())
}

/// All locations, first in line first.
///
/// # Errors
/// The database's.
pub async fn locations(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<LocationRow>, Error> {
    Ok(tx
        .all(
            db::sql!("select id, name, address, position, active from location where store_id = $1 order by position, id limit 500"),
            params![ctx.store.id],
        )
        .await?)
}
