use db::{Tx, params};
use kernel::{OrderId, PageSize};

use crate::Error;

/// Sold orders whose figures are not what the order and its refunds say, whether or not a task is about to see to it;
/// a scan repairs them, and the law `analytics.figures_follow_orders` asks the same.
macro_rules! not_followed {
    () => {
        "select o.id as order_id, 'sold for ' || cast(o.total_minor as text) || ', figures say '
             || coalesce(cast(f.gross_minor as text), 'nothing') as what
         from orders o left join sale_fact f on f.id = o.id and f.kind = 'sale'
         where o.state in ('placed', 'closed') and (f.id is null or f.gross_minor <> o.total_minor
             or f.net_minor <> o.net_minor or f.tax_minor <> o.tax_minor or f.currency <> o.currency)
         union all
         select f.order_id, 'was no sale, figures say ' || cast(f.gross_minor as text)
         from sale_fact f where f.kind = 'sale' and not exists
             (select 1 from orders o where o.id = f.order_id and o.state in ('placed', 'closed'))
         union all
         select r.order_id, 'given back ' || cast(r.amount_minor as text) || ', figures say '
             || coalesce(cast(-f.gross_minor as text), 'nothing')
         from refund r join orders o on o.id = r.order_id and o.state in ('placed', 'closed')
         left join sale_fact f on f.id = r.id and f.kind = 'refund'
         where r.state = 'succeeded' and (f.id is null or f.gross_minor <> -r.amount_minor)
         union all
         select f.order_id, 'figures know of a refund that was none: ' || cast(-f.gross_minor as text)
         from sale_fact f where f.kind = 'refund' and not exists
             (select 1 from refund r where r.id = f.id and r.state = 'succeeded')"
    };
}
pub(crate) use not_followed;

/// Orders whose figures do not follow from them.
///
/// # Errors
/// The database's.
pub async fn behind(tx: &mut Tx, size: PageSize) -> Result<Vec<OrderId>, Error> {
    let rows: Vec<(OrderId,)> = tx
        .all(
            db::sql!(const concat!("select distinct order_id from (", not_followed!(), ") b order by order_id limit $1")),
            params![i64::try_from(size.get()).unwrap_or(100)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
