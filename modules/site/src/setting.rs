use std::collections::BTreeMap;

use db::{Tx, params};
use kernel::{Ctx, Permit, StoreId, perms};
use serde::Serialize;
use serde::de::DeserializeOwned;
use work::{Deed, Known};

use crate::Error;

/// A setting: a type with a key. Modules may declare their own; one that was never set is its default.
pub trait Setting: Serialize + DeserializeOwned + Default + Send {
    /// Its name in the database: `announcement`. Stable.
    const KEY: &'static str;

    /// Refuses what cannot be; tidies what can.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field.
    fn checked(self) -> Result<Self, Error> {
        Ok(self)
    }
}

/// A setting's value.
///
/// # Errors
/// [`Error::Setting`] when what is stored cannot be read.
pub async fn setting<T: Setting>(tx: &mut Tx, store: StoreId) -> Result<T, Error> {
    read(tx, store, T::KEY).await?.map_or_else(|| Ok(T::default()), |text| parse::<T>(&text))
}

/// A setting's value as this process knows it ([`Known`]): no statement where it has seen it since the shop's settings
/// changed. What is to be changed is read with [`setting`].
///
/// # Errors
/// As [`setting`].
pub async fn known_setting<T>(tx: &mut Tx, store: StoreId) -> Result<T, Error>
where
    T: Setting + Clone + Sync + 'static,
{
    let recall = Known::of(tx);
    if let Some(value) = recall.as_ref().and_then(|r| r.find(store.uuid(), T::KEY)) {
        return Ok(value);
    }
    let value: T = setting(tx, store).await?;
    if let Some(recall) = recall {
        recall.keep(store.uuid(), T::KEY, ("site", store.uuid()), value.clone());
    }
    Ok(value)
}

/// Sets it for the store of the context.
///
/// # Errors
/// [`Error::Invalid`] names the field.
pub async fn set_setting<T: Setting>(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    value: T,
) -> Result<T, Error> {
    let (store, value) = (ctx.store.id, value.checked()?);
    let text = |e: serde_json::Error| Error::Setting { key: T::KEY, detail: e.to_string() };
    let after = serde_json::to_value(&value).map_err(text)?;
    let before = read(tx, store, T::KEY)
        .await?
        .map(|b| serde_json::from_str(&b).unwrap_or(serde_json::Value::String(b)));
    tx.exec(
        db::sql!(
            "insert into setting (store_id, key, value, updated_at) values ($1, $2, $3, $4)
             on conflict (store_id, key) do update set value = excluded.value, updated_at = excluded.updated_at"
        ),
        params![store, T::KEY, after.to_string(), ctx.now()],
    )
    .await?;
    let after = serde_json::json!({ T::KEY: after });
    let before = before.map(|b| serde_json::json!({ T::KEY: b }));
    let subject = store.uuid();
    let deed =
        Deed { verb: "setting.set", subject_kind: "store", subject, before, after: Some(after), note: None };
    work::audit(tx, ctx, &deed).await?;
    work::touch(tx, ctx, "site", subject).await?;
    Ok(value)
}

/// Every stored setting as JSON, by key: one read for what every page needs. Take a typed one with
/// `T::KEY` and `serde_json::from_value`.
///
/// # Errors
/// The database's.
pub async fn all_settings(tx: &mut Tx, store: StoreId) -> Result<BTreeMap<String, serde_json::Value>, Error> {
    let rows: Vec<(String, String)> = tx
        .all(db::sql!("select key, value from setting where store_id = $1 order by key"), params![store])
        .await?;
    Ok(rows.into_iter().filter_map(|(k, v)| Some((k, serde_json::from_str(&v).ok()?))).collect())
}

async fn read(tx: &mut Tx, store: StoreId, key: &'static str) -> Result<Option<String>, Error> {
    let found: Option<(String,)> = tx
        .opt(db::sql!("select value from setting where store_id = $1 and key = $2"), params![store, key])
        .await?;
    Ok(found.map(|(v,)| v))
}

fn parse<T: Setting>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::Setting { key: T::KEY, detail: e.to_string() })
}
