//! What a periodic look needs: placed orders that something may have missed.

use db::{Tx, params};
use kernel::{OrderId, PageSize};

use crate::Error;

/// Orders that were sold and that no customer is known for, the oldest first.
///
/// # Errors
/// The database's.
pub async fn without_customer(tx: &mut Tx, size: PageSize) -> Result<Vec<OrderId>, Error> {
    let rows: Vec<(OrderId,)> = tx
        .all(
            db::sql!(
                "select id from orders where customer_id is null and state in ('placed', 'closed') order by id limit $1"
            ),
            params![i64::try_from(size.get()).unwrap_or(100)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Placed orders that nothing holds up, by id from after `after` on.
///
/// # Errors
/// The database's.
pub async fn going_on(tx: &mut Tx, after: Option<OrderId>, size: PageSize) -> Result<Vec<OrderId>, Error> {
    let rows: Vec<(OrderId,)> = tx
        .all(
            db::sql!(
                "select id from orders where state = 'placed' and hold is null and (cast($1 as uuid) is null or id > $1)
                 order by id limit $2"
            ),
            params![after, i64::try_from(size.get()).unwrap_or(100)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
