use db::{Tx, params, sql};
use kernel::{CartId, Ctx, Timestamp};

use crate::Error;

/// Closes a cart that is open and still of this version: an order is made of it. One conditional statement, so that
/// of two who try one succeeds.
///
/// # Errors
/// [`Error::Changed`] when it is not open or of another version.
pub async fn close(tx: &mut Tx, ctx: &Ctx, cart: CartId, version: i64) -> Result<(), Error> {
    let hit = tx
        .exec(
            sql!(
                "update cart set state = 'ordered', updated_at = $4
                 where id = $1 and version = $2 and store_id = $3 and state = 'open'"
            ),
            params![cart, version, ctx.store.id, ctx.now()],
        )
        .await?;
    if hit == 1 { Ok(()) } else { Err(Error::Changed) }
}

/// Opens a cart again whose order came to nothing, one version on (an order is unique by cart and version); whether
/// it was closed.
///
/// # Errors
/// The database's.
pub async fn reopen(tx: &mut Tx, ctx: &Ctx, cart: CartId) -> Result<bool, Error> {
    let hit = tx
        .exec(
            sql!(
                "update cart set state = 'open', version = version + 1, updated_at = $3
                 where id = $1 and store_id = $2 and state = 'ordered'"
            ),
            params![cart, ctx.store.id, ctx.now()],
        )
        .await?;
    Ok(hit == 1)
}

/// The shopper gives an open cart up; whether it was open.
///
/// # Errors
/// The database's.
pub async fn discard(tx: &mut Tx, ctx: &Ctx, cart: CartId) -> Result<bool, Error> {
    let hit = tx
        .exec(
            sql!(
                "update cart set state = 'dropped', version = version + 1, updated_at = $3
                 where id = $1 and store_id = $2 and state = 'open'"
            ),
            params![cart, ctx.store.id, ctx.now()],
        )
        .await?;
    Ok(hit == 1)
}

/// Deletes at most 500 carts that nobody touched since `before` and no order was made of; how many. For a schedule.
///
/// # Errors
/// The database's.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    let gone = tx
        .exec(
            sql!(
                "delete from cart where id in (
                     select id from cart where state in ('open', 'dropped') and updated_at < $1
                     order by updated_at limit 500)"
            ),
            params![before],
        )
        .await?;
    Ok(gone)
}
