use db::{Tx, Val, params};
use kernel::{
    Address, AssetId, CartId, ChannelId, Ctx, Currency, CustomerId, OrderId, OrderLineId, PageSize,
    Permission, Permit, ProductId, Rate, Timestamp, VariantId, perms,
};

use crate::{Error, LineKind, OrderState};

db::row! {
    /// An order without its lines.
    #[derive(Debug, Clone)]
    pub struct OrderHead {
        /// Its id.
        pub id: OrderId,
        /// For people.
        pub number: i64,
        /// Where it stands.
        pub state: OrderState,
        /// Why it must not go on.
        pub hold: Option<String>,
        /// Through which channel.
        pub channel: ChannelId,
        /// From which cart.
        pub cart: Option<CartId>,
        /// The cart's version.
        pub cart_version: Option<i64>,
        /// Whose.
        pub customer: Option<CustomerId>,
        /// Where they are written to.
        pub email: String,
        /// Who ordered.
        pub name: String,
        /// Their language.
        pub locale: String,
        /// The currency of every amount.
        pub currency: Currency,
        /// Which side of the prices was entered.
        pub prices_include_tax: bool,
        /// JSON.
        pub shipping_address: String,
        /// JSON.
        pub billing_address: String,
        /// Its name at that moment.
        pub shipping_method: String,
        /// Code of the method.
        pub payment_method: String,
        /// Σ net.
        pub net_minor: i64,
        /// Σ tax.
        pub tax_minor: i64,
        /// Σ gross.
        pub total_minor: i64,
        /// Sold units of goods.
        pub item_count: i64,
        /// Of the guest's link.
        pub secret: String,
        /// The customer's words.
        pub note: String,
        /// The staff's words.
        pub staff_note: String,
        /// The words beside the box for news that the customer ticked; empty: they did not.
        pub consent: String,
        /// JSON list.
        pub tags: String,
        /// When it came in.
        pub created_at: Timestamp,
        /// When it was sold.
        pub placed_at: Option<Timestamp>,
        /// On which business day.
        pub placed_day: Option<String>,
        /// Until when its stock is kept.
        pub held_until: Option<Timestamp>,
        /// When it was called off.
        pub cancelled_at: Option<Timestamp>,
        /// Why.
        pub cancel_reason: Option<String>,
        /// When it was done with.
        pub closed_at: Option<Timestamp>,
    }
}

impl OrderHead {
    /// Where to.
    pub fn ship_to(&self) -> Address {
        serde_json::from_str(&self.shipping_address).unwrap_or_default()
    }

    /// Who pays.
    pub fn bill_to(&self) -> Address {
        serde_json::from_str(&self.billing_address).unwrap_or_default()
    }

    /// The tags staff gave it.
    pub fn tag_list(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }
}

pub(crate) const HEAD: &str = "select id, number, state, hold, channel_id, cart_id, cart_version, customer_id, email, name, locale, currency,
    prices_include_tax, shipping_address, billing_address, shipping_method, payment_method, net_minor, tax_minor,
    total_minor, item_count, secret, note, staff_note, consent, tags, created_at, placed_at, placed_day, held_until, cancelled_at,
    cancel_reason, closed_at from orders";

/// One order's head. Inner read.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn head(tx: &mut Tx, id: OrderId) -> Result<OrderHead, Error> {
    tx.opt(&format!("{HEAD} where id = $1"), params![id]).await?.ok_or(Error::NotFound)
}

/// One order's head, if it came in through the permit's channels.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope.
pub async fn head_within<P: Permission>(
    tx: &mut Tx,
    permit: &Permit<P>,
    id: OrderId,
) -> Result<OrderHead, Error> {
    let head = head(tx, id).await?;
    if permit.scope().has_channel(head.channel) { Ok(head) } else { Err(Error::NotFound) }
}

/// One order's head and lines, for staff.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope.
pub async fn get(
    tx: &mut Tx,
    permit: &Permit<perms::OrdersRead>,
    id: OrderId,
) -> Result<(OrderHead, Vec<LineRow>), Error> {
    Ok((head_within(tx, permit, id).await?, lines(tx, id).await?))
}

/// The order that a guest's link opens.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn by_secret(tx: &mut Tx, secret: &str) -> Result<OrderHead, Error> {
    tx.opt(&format!("{HEAD} where secret = $1"), params![secret]).await?.ok_or(Error::NotFound)
}

/// The order of this number.
///
/// # Errors
/// The database's.
pub async fn by_number(tx: &mut Tx, ctx: &Ctx, number: i64) -> Result<Option<OrderHead>, Error> {
    Ok(tx.opt(&format!("{HEAD} where store_id = $1 and number = $2"), params![ctx.store.id, number]).await?)
}

/// The orders made of a cart, newest version first.
///
/// # Errors
/// The database's.
pub async fn by_cart(tx: &mut Tx, cart: CartId) -> Result<Vec<OrderHead>, Error> {
    Ok(tx
        .all(&format!("{HEAD} where cart_id = $1 order by cart_version desc limit 20"), params![cart])
        .await?)
}

/// Only the number of an order.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn number_of(tx: &mut Tx, id: OrderId) -> Result<i64, Error> {
    let row: Option<(i64,)> =
        tx.opt(db::sql!("select number from orders where id = $1"), params![id]).await?;
    row.map(|(n,)| n).ok_or(Error::NotFound)
}

/// Orders that await payment past their time, oldest first.
///
/// # Errors
/// The database's.
pub async fn held_past(tx: &mut Tx, now: Timestamp, limit: PageSize) -> Result<Vec<OrderId>, Error> {
    let rows: Vec<(OrderId,)> = tx
        .all(
            db::sql!("select id from orders where state = 'awaiting_payment' and held_until < $1 order by held_until limit $2"),
            params![now, i64::try_from(limit.get()).unwrap_or(50)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

db::row! {
    /// A line of an order. Money in the order's currency, of the whole line.
    #[derive(Debug, Clone)]
    pub struct LineRow {
        /// Its id.
        pub id: OrderLineId,
        /// Goods or shipping.
        pub kind: LineKind,
        /// What was sold.
        pub variant: Option<VariantId>,
        /// Above it.
        pub product: Option<ProductId>,
        /// At that moment.
        pub sku: Option<String>,
        /// At that moment.
        pub title: String,
        /// At that moment.
        pub variant_title: String,
        /// For the link.
        pub slug: String,
        /// Its picture.
        pub image: Option<AssetId>,
        /// Sold units.
        pub quantity: i64,
        /// One sold unit, as entered.
        pub unit_minor: i64,
        /// Taken off the whole line.
        pub discount_minor: i64,
        /// Without tax.
        pub net_minor: i64,
        /// The tax.
        pub tax_minor: i64,
        /// Net + tax.
        pub gross_minor: i64,
        /// `VAT`.
        pub tax_name: String,
        /// Its rate.
        pub rate: Rate,
        /// Into a parcel?
        pub requires_shipping: bool,
        /// Of one sold unit.
        pub weight_grams: Option<i64>,
        /// Sold units that will not be delivered.
        pub cancelled_quantity: i64,
    }
}

impl LineRow {
    /// What the first `n` sold units of the line are worth: net and gross. What the last ones are worth is the rest, so
    /// that any division of the line sums to the line, to the cent.
    pub fn upto(&self, n: i64) -> (i64, i64) {
        let part = |whole: i64| {
            i64::try_from(kernel::div_round(i128::from(whole) * i128::from(n), i128::from(self.quantity)))
                .expect("a part of a line is no larger than the line")
        };
        (part(self.net_minor), part(self.gross_minor))
    }
}

/// The lines of an order, goods first.
///
/// # Errors
/// The database's.
pub async fn lines(tx: &mut Tx, order: OrderId) -> Result<Vec<LineRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, kind, variant_id, product_id, sku, title, variant_title, slug, image_id, quantity, unit_minor,
                     discount_minor, net_minor, tax_minor, gross_minor, tax_name, tax_rate_ppm, requires_shipping,
                     weight_grams, cancelled_quantity
                 from order_line where order_id = $1 order by position"
            ),
            params![order],
        )
        .await?)
}

/// Only orders that came in through the permit's channels.
pub(crate) fn within<P: Permission>(sql: &mut String, values: &mut Vec<Val<'_>>, permit: &Permit<P>) {
    let channels = &permit.scope().channels;
    if !channels.is_empty() {
        in_list(sql, values, " and channel_id in ", channels.iter().map(|c| Val::Uuid(c.uuid())));
    }
}

pub(crate) fn in_list<'a>(
    sql: &mut String,
    values: &mut Vec<Val<'a>>,
    head: &str,
    list: impl Iterator<Item = Val<'a>>,
) {
    let first = values.len() + 1;
    values.extend(list);
    let marks: Vec<String> = (first..=values.len()).map(|i| format!("${i}")).collect();
    sql.push_str(head);
    sql.push('(');
    sql.push_str(if marks.is_empty() { "null" } else { "" });
    sql.push_str(&marks.join(", "));
    sql.push(')');
}

/// A customer's orders as far as the permit reaches, newest first, at most 100.
///
/// # Errors
/// The database's.
pub async fn heads_of_customer(
    tx: &mut Tx,
    permit: &Permit<perms::OrdersRead>,
    customer: CustomerId,
) -> Result<Vec<OrderHead>, Error> {
    let mut sql = format!("{HEAD} where customer_id = $1");
    let mut values = params![customer].to_vec();
    within(&mut sql, &mut values, permit);
    sql.push_str(" order by created_at desc, id desc limit 100");
    Ok(tx.all(&sql, &values).await?)
}

/// How many orders are in this state, for the navigation; counting stops at 1,000.
///
/// # Errors
/// The database's.
pub async fn count_open(tx: &mut Tx, ctx: &Ctx, state: OrderState) -> Result<i64, Error> {
    Ok(tx
        .value(
            db::sql!(
                "select cast(count(*) as bigint) from (select 1 as one from orders where store_id = $1 and state = $2 limit 1000) t"
            ),
            params![ctx.store.id, state],
        )
        .await?)
}

db::row! {
    /// What a customer has ordered, for lists.
    #[derive(Debug, Clone, Copy)]
    pub struct CustomerTotals {
        /// Who.
        pub customer: CustomerId,
        /// Orders that were placed and not called off.
        pub orders: i64,
        /// Σ of their totals, with tax, in minor units of the store's currency.
        pub total_minor: i64,
        /// When the last one came in.
        pub last_at: Timestamp,
    }
}

impl CustomerTotals {
    /// What an order of theirs comes to on average, in minor units, rounded half up as every amount; none without orders.
    pub fn average_minor(&self) -> Option<i64> {
        (self.orders > 0).then(|| {
            let average = kernel::div_round(i128::from(self.total_minor), i128::from(self.orders));
            i64::try_from(average).expect("an average is no larger than the sum")
        })
    }
}

/// What each of these customers has ordered in the store's currency, as far as the permit reaches; those who never
/// did are missing.
///
/// # Errors
/// The database's.
pub async fn totals_of_customers(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersRead>,
    customers: &[CustomerId],
) -> Result<Vec<CustomerTotals>, Error> {
    if customers.is_empty() {
        return Ok(vec![]);
    }
    let mut sql =
        "select customer_id, cast(count(*) as bigint), cast(sum(total_minor) as bigint), max(created_at) from orders
         where store_id = $1 and currency = $2 and state in ('placed', 'closed')"
            .to_owned();
    let mut values = params![ctx.store.id, ctx.store.currency].to_vec();
    within(&mut sql, &mut values, permit);
    sql.push_str(&format!(" and customer_id in (${}) group by customer_id", values.len() + 1));
    let (text, values) = db::spread(&sql, &values, customers.iter().map(|c| Val::Uuid(c.uuid())));
    Ok(tx.all(&text, &values).await?)
}
