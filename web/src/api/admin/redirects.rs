//! Paths that moved.

use db::Tx;
use kernel::PageSize;
use kernel::perms::SettingsWrite;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::answer::{Done, List, One};
use crate::api::ask::{Body, Params, page_of};
use crate::{Caller, Error, State};

/// A path that moved.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Redirect {
    /// The old path.
    #[schema(example = "/p/old-name")]
    from_path: String,
    /// The new one, of this shop.
    #[schema(example = "/p/new-name")]
    to_path: String,
}

impl From<site::Redirect> for Redirect {
    fn from(r: site::Redirect) -> Redirect {
        Redirect { from_path: r.from_path, to_path: r.to_path }
    }
}

/// Which redirects.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Which {
    /// `next` of the page before: the last old path of it.
    after: Option<String>,
    /// How many rows at most, 1 to 100.
    limit: Option<u32>,
}

pub(super) async fn list(
    state: State,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<List<Redirect>, Error> {
    caller.permit::<SettingsWrite>()?;
    let (_, size): (_, PageSize) = page_of(None, which.limit)?;
    let (store, after) = (caller.ctx.store.id, which.after.unwrap_or_default());
    let rows = state.db().read(async |tx: &mut Tx| site::redirects(tx, store, &after, size).await).await?;
    let next = rows.last().filter(|_| rows.len() == size.get()).map(|r| r.from_path.clone());
    Ok(List::with_next(rows.into_iter().map(Redirect::from).collect(), next))
}

pub(super) async fn set(
    state: State,
    caller: Caller,
    Body(new): Body<Redirect>,
) -> Result<One<Redirect>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let (ctx, shown) = (caller.ctx, new.clone());
    state
        .db()
        .write("redirect_set", async move |tx: &mut Tx| {
            site::set_redirect(tx, &ctx, &permit, &new.from_path, &new.to_path).await
        })
        .await?;
    Ok(One::new(shown))
}

/// Which redirect.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Of {
    /// Its old path.
    from_path: String,
}

pub(super) async fn remove(state: State, caller: Caller, Params(of): Params<Of>) -> Result<Done, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    state
        .db()
        .write("redirect_remove", async move |tx: &mut Tx| {
            site::remove_redirect(tx, &ctx, &permit, &of.from_path).await
        })
        .await?;
    Ok(Done)
}
