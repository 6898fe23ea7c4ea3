use db::{Tx, params};
use kernel::{Ctx, Permit, StoreId, perms};
use work::Deed;

use crate::{Error, check};

/// The languages a store speaks, the default first.
///
/// # Errors
/// The database's.
pub async fn locales(tx: &mut Tx, store: StoreId) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = tx
        .all(
            db::sql!("select locale from store_locale where store_id = $1 order by position, locale"),
            params![store],
        )
        .await?;
    Ok(rows.into_iter().map(|(l,)| l).collect())
}

/// Sets them anew; the first is the default. Texts in a language that is dropped stay, unseen.
///
/// # Errors
/// [`Error::Invalid`] when there is none, one twice, or one that is no language.
pub async fn set_locales(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    wanted: &[String],
) -> Result<(), Error> {
    let store = ctx.store.id;
    let wanted = checked(wanted)?;
    let before = locales(tx, store).await?;
    tx.exec(db::sql!("delete from store_locale where store_id = $1"), params![store]).await?;
    write(tx, store, &wanted).await?;
    tx.exec(
        db::sql!("update store set default_locale = $2, updated_at = $3 where id = $1"),
        params![store, wanted[0], ctx.now()],
    )
    .await?;
    let deed = Deed {
        verb: "store.set_locales",
        subject_kind: "store",
        subject: store.uuid(),
        before: Some(before.into()),
        after: Some(wanted.into()),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    work::touch(tx, ctx, "site", store.uuid()).await?;
    Ok(())
}

/// Not empty, each well-formed and once.
pub(crate) fn checked(wanted: &[String]) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> = vec![];
    for locale in wanted {
        let locale = check::locale(locale)?;
        if all.contains(&locale) {
            return Err(Error::invalid("locales", format!("'{locale}' is there twice")));
        }
        all.push(locale);
    }
    match all.len() {
        0 => Err(Error::invalid("locales", "a shop speaks at least one language")),
        1..=20 => Ok(all),
        _ => Err(Error::invalid("locales", "a shop speaks at most 20 languages")),
    }
}

pub(crate) async fn write(tx: &mut Tx, store: StoreId, locales: &[String]) -> Result<(), Error> {
    for (position, locale) in (0i64..).zip(locales) {
        tx.exec(
            db::sql!("insert into store_locale (store_id, locale, position) values ($1, $2, $3)"),
            params![store, locale, position],
        )
        .await?;
    }
    Ok(())
}
