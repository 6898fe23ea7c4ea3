use db::{ToVal, Tx, Val, params};
use kernel::{Ctx, OrderId};

use crate::{Error, Fact};

/// Writes what is known of an order in place of what was known: its sale and its refunds, each on the business day on
/// which it happened. None at all for an order that never became a sale.
///
/// # Errors
/// [`Error::Fact`] when one contradicts itself; nothing should be written then.
pub async fn record(tx: &mut Tx, ctx: &Ctx, order: OrderId, facts: &[Fact]) -> Result<(), Error> {
    if let Some(odd) = facts.iter().find(|f| !f.agrees() || f.order != order) {
        return Err(Error::Fact(odd.id));
    }
    tx.exec(db::sql!("delete from sale_fact where order_id = $1"), params![order]).await?;
    let days: Vec<String> = facts.iter().map(|f| ctx.store.day(f.at)).collect();
    let mut values: Vec<Val<'_>> = Vec::with_capacity(facts.len() * 12);
    for (f, day) in facts.iter().zip(&days) {
        values.extend([
            f.id.to_val(),
            f.kind.to_val(),
            f.store.to_val(),
            f.channel.to_val(),
            f.order.to_val(),
            day.to_val(),
            f.at.to_val(),
            f.currency.to_val(),
            f.net_minor.to_val(),
            f.tax_minor.to_val(),
            f.gross_minor.to_val(),
            f.items.to_val(),
        ]);
    }
    if !values.is_empty() {
        tx.insert(
            "insert into sale_fact (id, kind, store_id, channel_id, order_id, day, at, currency, net_minor, tax_minor,
                 gross_minor, items) values",
            12,
            &values,
            "",
        )
        .await?;
    }
    Ok(())
}

/// What is known of an order, the oldest first.
///
/// # Errors
/// The database's.
pub async fn facts_of(tx: &mut Tx, order: OrderId) -> Result<Vec<Fact>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, kind, store_id, channel_id, order_id, at, currency, net_minor, tax_minor, gross_minor, items
                 from sale_fact where order_id = $1 order by at, id limit 1000"
            ),
            params![order],
        )
        .await?)
}
