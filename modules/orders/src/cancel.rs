use db::{Tx, params};
use kernel::{Ctx, OrderId, OrderLineId, TextState as _};
use serde_json::json;
use work::Deed;

use crate::{Action, Error, OrderHead, OrderState, next};

/// What must still hold of an order when it is called off: much may happen between a look and the deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Still {
    /// Nothing was shipped: that is the caller's to know.
    Open,
    /// It awaits its payment.
    Unpaid,
    /// It awaits its payment, and its time is up.
    Overdue,
}

impl Still {
    /// Does it hold?
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::Held`].
    pub fn check(self, ctx: &Ctx, head: &OrderHead) -> Result<(), Error> {
        let refused = Error::NotAllowed { state: head.state, action: Action::Cancel };
        match self {
            Still::Open => next(head.state, Action::Cancel).map(drop).ok_or(refused),
            Still::Unpaid | Still::Overdue if head.state != OrderState::AwaitingPayment => Err(refused),
            Still::Overdue if head.held_until.is_none_or(|until| until >= ctx.now()) => Err(Error::Held),
            Still::Unpaid | Still::Overdue => Ok(()),
        }
    }
}

/// Calls the order off, if it still is as the caller saw it. Inner verb: the flow releases stock and gives money back.
///
/// # Errors
/// [`Error::NotAllowed`], [`Error::Held`], [`Error::NotFound`].
pub async fn cancel(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str, still: Still) -> Result<(), Error> {
    let head = crate::head(tx, id).await?;
    still.check(ctx, &head)?;
    let n = tx
        .exec(
            db::sql!(
                "update orders set state = 'cancelled', cancelled_at = $3, cancel_reason = $4, held_until = null,
                     updated_at = $3
                 where id = $1 and state = $2 and ($5 = false or held_until < $3)"
            ),
            params![id, head.state, ctx.now(), reason, still == Still::Overdue],
        )
        .await?;
    if n == 0 {
        still.check(ctx, &crate::head(tx, id).await?)?;
        return Err(Error::NotAllowed { state: head.state, action: Action::Cancel });
    }
    let deed = Deed::new("order.cancel", "order", id.uuid())
        .was(json!({ "state": head.state.as_str() }))
        .is(json!({ "state": OrderState::Cancelled.as_str() }))
        .because(reason);
    work::audit(tx, ctx, &deed).await?;
    tx.exec(
        db::sql!("update order_line set cancelled_quantity = quantity where order_id = $1 and kind = 'item'"),
        params![id],
    )
    .await?;
    Ok(())
}

/// Some of a line will not be delivered (it was refunded before it was shipped).
///
/// # Errors
/// [`Error::Invalid`] when less than that is left of it, or when it is less than one.
pub async fn cancel_lines(tx: &mut Tx, lines: &[(OrderLineId, i64)]) -> Result<(), Error> {
    for (line, quantity) in lines {
        if *quantity < 1 {
            let message = "Say how many of it are given up: one at least.".to_owned();
            return Err(Error::Invalid { field: "quantity", message });
        }
        let n = tx
            .exec(
                db::sql!(
                    "update order_line set cancelled_quantity = cancelled_quantity + $2
                     where id = $1 and cancelled_quantity + $2 <= quantity"
                ),
                params![*line, *quantity],
            )
            .await?;
        if n == 0 {
            return Err(Error::Invalid {
                field: "quantity",
                message: "Fewer of this are left on the order.".to_owned(),
            });
        }
    }
    Ok(())
}

/// Everything is shipped and settled.
///
/// # Errors
/// [`Error::NotAllowed`], [`Error::NotFound`].
pub async fn close(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
    go(tx, ctx, id, Action::Close).await?;
    tx.exec(db::sql!("update orders set closed_at = $2 where id = $1"), params![id, ctx.now()]).await?;
    Ok(())
}

/// Would this action be allowed now?
///
/// # Errors
/// [`Error::NotAllowed`], [`Error::NotFound`].
pub async fn reopen_check(tx: &mut Tx, id: OrderId, action: Action) -> Result<OrderState, Error> {
    let state = crate::head(tx, id).await?.state;
    next(state, action).ok_or(Error::NotAllowed { state, action })
}

/// One transition, checked and made in one breath.
async fn go(tx: &mut Tx, ctx: &Ctx, id: OrderId, action: Action) -> Result<(), Error> {
    let state = crate::head(tx, id).await?.state;
    let to = next(state, action).ok_or(Error::NotAllowed { state, action })?;
    let n = tx
        .exec(
            db::sql!("update orders set state = $3, updated_at = $4 where id = $1 and state = $2"),
            params![id, state, to, ctx.now()],
        )
        .await?;
    if n == 0 {
        let state = crate::head(tx, id).await?.state;
        return Err(Error::NotAllowed { state, action });
    }
    Ok(())
}
