//! Goods that come back to the shelf.

use db::Tx;
use kernel::{Ctx, OrderId, Permit, perms};

use crate::{Error, Refund};

/// Goods go back on the shelf only where the permit reaches.
pub(crate) fn restock_within(permit: &Permit<perms::OrdersRefund>, input: &Refund) -> Result<(), Error> {
    let outside = |l: &kernel::LocationId| !permit.scope().has_location(*l);
    if input.lines.iter().filter_map(|l| l.restock.as_ref()).any(outside) {
        return Err(inventory::Error::NotFound { what: "location" }.into());
    }
    Ok(())
}

/// The order is called off: what was the customer's without a parcel is ours again, less what was refunded before.
pub(crate) async fn put_back(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<(), Error> {
    let mut lines = orders::lines(tx, order).await?;
    lines.retain(|l| l.kind == orders::LineKind::Item && !l.requires_shipping);
    if lines.is_empty() {
        return Ok(());
    }
    let refunded = payments::refunded_of_lines(tx, order).await?;
    for line in lines {
        let gone = refunded.iter().find(|b| b.line == line.id).map_or(0, |b| b.quantity);
        inventory::put_back(tx, ctx, order, line.id, line.quantity - gone).await?;
    }
    Ok(())
}
