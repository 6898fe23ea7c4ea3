use db::{Tx, params};
use kernel::{Ctx, Permit, perms};

use crate::Error;

db::row! {
    /// A way to pay.
    #[derive(Debug, Clone)]
    pub struct Method {
        /// The provider's code.
        pub provider: String,
        /// Is it offered?
        pub enabled: bool,
        /// Its place among the others.
        pub position: i64,
        /// JSON: what the shopper is told, per locale.
        pub instructions: String,
    }
}

impl Method {
    /// What the shopper is told, in their language.
    pub fn told(&self, locale: &str) -> String {
        let all: std::collections::HashMap<String, String> =
            serde_json::from_str(&self.instructions).unwrap_or_default();
        all.get(locale).or_else(|| all.get("en")).or_else(|| all.values().next()).cloned().unwrap_or_default()
    }
}

/// All ways to pay that were ever set up.
///
/// # Errors
/// The database's.
pub async fn methods(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Method>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select provider, enabled, position, instructions from payment_method where store_id = $1
                 order by position, provider limit 100"
            ),
            params![ctx.store.id],
        )
        .await?)
}

/// The ways to pay that are offered.
///
/// # Errors
/// The database's.
pub async fn enabled(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Method>, Error> {
    Ok(methods(tx, ctx).await?.into_iter().filter(|m| m.enabled).collect())
}

/// Offers a way to pay, or no longer.
///
/// # Errors
/// The database's.
pub async fn set_method(
    tx: &mut Tx,
    ctx: &Ctx,
    _: &Permit<perms::SettingsWrite>,
    method: &Method,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into payment_method (store_id, provider, enabled, position, instructions) values ($1, $2, $3, $4, $5)
             on conflict (store_id, provider) do update set enabled = excluded.enabled, position = excluded.position,
                 instructions = excluded.instructions"
        ),
        params![ctx.store.id, method.provider, method.enabled, method.position, method.instructions],
    )
    .await?;
    let deed = work::Deed {
        verb: "payment_method.set",
        subject_kind: "store",
        subject: ctx.store.id.uuid(),
        before: None,
        after: Some(serde_json::json!({ "provider": method.provider, "enabled": method.enabled })),
        note: None,
    };
    work::audit(tx, ctx, &deed).await?;
    Ok(())
}
