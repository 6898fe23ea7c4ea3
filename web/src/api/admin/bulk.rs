//! What is done to several orders at once. Each stands alone: one that refuses does not hold up the others.

use db::Tx;
use flows::{Once, Ship};
use kernel::perms::{OrdersFulfil, OrdersRead, PaymentsCapture};
use kernel::{ErrorKind, OrderId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warehouse::FulfilmentState;

use super::asker;
use crate::api::answer::List;
use crate::api::ask::{Body, OnceKey};
use crate::api::types::invalid;
use crate::{Caller, Error, State};

/// At most so many at once.
const MOST: usize = 100;

/// Something to be done to several orders.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderBatch {
    action: BatchAction,
    /// 1 to 100 of them.
    #[schema(value_type = Vec<String>)]
    orders: Vec<OrderId>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BatchAction {
    /// All that is left is shipped; the customers are written to. Needs `orders:fulfil`.
    Fulfil,
    /// All that is authorised is taken. Needs `payments:capture`.
    Capture,
}

/// What became of one order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchRow {
    order: String,
    /// Parcels shipped, or payments captured.
    done: u32,
    /// Why no more was done; a stable word.
    code: Option<String>,
    /// The same for people.
    detail: Option<String>,
}

pub(super) async fn run(
    state: State,
    caller: Caller,
    OnceKey(key): OnceKey,
    Body(batch): Body<OrderBatch>,
) -> Result<List<BatchRow>, Error> {
    caller.permit::<OrdersRead>()?;
    if batch.orders.is_empty() || batch.orders.len() > MOST {
        return Err(invalid("orders", format!("Name 1 to {MOST} orders.")));
    }
    match batch.action {
        BatchAction::Fulfil => drop(caller.permit::<OrdersFulfil>()?),
        BatchAction::Capture => drop(caller.permit::<PaymentsCapture>()?),
    }
    let mut rows = Vec::with_capacity(batch.orders.len());
    for order in batch.orders {
        let mut row = BatchRow { order: order.to_string(), done: 0, code: None, detail: None };
        let done = match batch.action {
            BatchAction::Fulfil => fulfil(&state, &caller, order, &key, &mut row.done).await,
            BatchAction::Capture => capture(&state, &caller, order, &key, &mut row.done).await,
        };
        match done {
            Ok(()) => {}
            Err(e) if matches!(e.kind, ErrorKind::Internal | ErrorKind::Unavailable) => return Err(e),
            Err(e) => (row.code, row.detail) = (Some(e.code.to_owned()), Some(e.text)),
        }
        rows.push(row);
    }
    Ok(List::whole(rows))
}

async fn fulfil(
    state: &State,
    caller: &Caller,
    order: OrderId,
    key: &str,
    done: &mut u32,
) -> Result<(), Error> {
    let (see, permit) = (caller.permit::<OrdersRead>()?, caller.permit::<OrdersFulfil>()?);
    let (requests, lines) = state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &see, order).await?;
            let requests = warehouse::of_order(tx, order).await?;
            Ok::<_, Error>((requests, warehouse::lines_of(tx, order).await?))
        })
        .await?;
    for request in requests {
        // a repeat tells of the parcel that was made then, and measures nothing against what is left
        let once = Once::new("api.batch.ship", &asker(&caller.ctx), &format!("{key}:{}", request.id), "");
        let made = flows::made_once(state.shop(), &once).await?.is_some();
        let open = matches!(
            request.state,
            FulfilmentState::Open | FulfilmentState::Picking | FulfilmentState::Packed
        );
        if made {
            *done += 1;
        } else if open {
            let left = lines.iter().filter(|l| l.request == request.id && l.left() > 0);
            let ship = Ship {
                fulfilment: request.id,
                lines: left.map(|l| (l.id, l.left())).collect(),
                carrier: String::new(),
                tracking_number: String::new(),
                tracking_url: String::new(),
                notify: true,
            };
            flows::ship_once(state.shop(), &caller.ctx, &permit, ship, Some(once)).await?;
            *done += 1;
        }
    }
    Ok(())
}

async fn capture(
    state: &State,
    caller: &Caller,
    order: OrderId,
    key: &str,
    done: &mut u32,
) -> Result<(), Error> {
    let (see, permit) = (caller.permit::<OrdersRead>()?, caller.permit::<PaymentsCapture>()?);
    let all = state
        .db()
        .read(async |tx: &mut Tx| {
            orders::get(tx, &see, order).await?;
            Ok::<_, Error>(payments::of_order(tx, order).await?)
        })
        .await?;
    for p in all.iter().filter(|p| p.provider_captures()) {
        let once = Once::new("api.batch.capture", &asker(&caller.ctx), &format!("{key}:{}", p.id), "");
        let made = flows::made_once(state.shop(), &once).await?.is_some();
        if made {
            *done += 1;
        } else if p.state.is_open() && p.open_minor() > 0 {
            let open = p.open_minor();
            flows::capture_once(state.shop(), &caller.ctx, &permit, p.id, open, Some(once)).await?;
            *done += 1;
        }
    }
    Ok(())
}
