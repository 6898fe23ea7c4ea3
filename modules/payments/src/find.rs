use db::{Tx, Val, params};
use kernel::{ChannelId, Ctx, Currency, OrderId, PageSize, PaymentId, Permission, Permit, Timestamp, states};

use crate::refund::REFUND;
use crate::{Error, PaymentState, RefundRow};

db::row! {
    /// An attempt to be paid.
    #[derive(Debug, Clone)]
    pub struct PaymentRow {
        /// Its id.
        pub id: PaymentId,
        /// For which order.
        pub order: OrderId,
        /// Through which channel it was ordered.
        pub channel: ChannelId,
        /// With whom.
        pub provider: String,
        /// Where it stands.
        pub state: PaymentState,
        /// In which currency.
        pub currency: Currency,
        /// Asked for.
        pub amount_minor: i64,
        /// Set aside for us.
        pub authorised_minor: i64,
        /// Taken.
        pub captured_minor: i64,
        /// Gone back.
        pub refunded_minor: i64,
        /// Never to be taken.
        pub let_go_minor: i64,
        /// From the shopper's browser.
        pub token: String,
        /// The provider's own.
        pub provider_ref: String,
        /// What the shopper must do, where.
        pub action_url: String,
        /// When the provider is asked again.
        pub ask_at: Option<Timestamp>,
        /// How often an answer was recorded.
        pub asked: i64,
        /// Why it was refused.
        pub error_text: String,
        /// When it began.
        pub created_at: Timestamp,
        /// Captures and voids that were asked for, refused ones too: with the sums, what a button was pressed on.
        pub captures: i64,
    }
}

impl PaymentRow {
    /// What can still be taken: authorised or due, neither taken nor let go.
    pub fn open_minor(&self) -> i64 {
        let whole = if self.provider_captures() { self.authorised_minor } else { self.amount_minor };
        (whole - self.captured_minor - self.let_go_minor).max(0)
    }

    /// Ended without money, in our books: a request that arrives at the provider later may still bring some.
    pub fn ended_without_money(&self) -> bool {
        use PaymentState::{Failed, Voided};
        matches!(self.state, Failed | Voided) && self.authorised_minor == 0 && self.let_go_minor == 0
    }

    /// Is money taken by the provider (else staff record that it came)?
    pub fn provider_captures(&self) -> bool {
        self.authorised_minor > 0
    }
}

const PAYMENT: &str = "select id, order_id, channel_id, provider, state, currency, amount_minor, authorised_minor, captured_minor, refunded_minor,
    let_go_minor, token, provider_ref, action_url, ask_at, asked, error_text, created_at,
    (select count(*) from capture where capture.payment_id = payment.id) from payment";

/// One attempt.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(tx: &mut Tx, id: PaymentId) -> Result<PaymentRow, Error> {
    tx.opt(&format!("{PAYMENT} where id = $1"), params![id]).await?.ok_or(Error::NotFound { what: "payment" })
}

/// One attempt, if it belongs to an order of the permit's channels. For flows that change it.
///
/// # Errors
/// [`Error::NotFound`], also outside the permit's scope.
pub async fn get_within<P: Permission>(
    tx: &mut Tx,
    permit: &Permit<P>,
    id: PaymentId,
) -> Result<PaymentRow, Error> {
    let payment = get(tx, id).await?;
    if permit.scope().has_channel(payment.channel) {
        Ok(payment)
    } else {
        Err(Error::NotFound { what: "payment" })
    }
}

/// One attempt, held against others until this unit ends (SQLite has one writer and needs no hold).
pub(crate) async fn lock(tx: &mut Tx, id: PaymentId) -> Result<PaymentRow, Error> {
    let hold = tx.engine().hold_rows();
    tx.opt(&format!("{PAYMENT} where id = $1{hold}"), params![id])
        .await?
        .ok_or(Error::NotFound { what: "payment" })
}

/// An order's attempts, the latest last.
///
/// # Errors
/// The database's.
pub async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<PaymentRow>, Error> {
    Ok(tx
        .all(&format!("{PAYMENT} where order_id = $1 order by created_at, id limit 100"), params![order])
        .await?)
}

/// The attempts of many orders, for lists.
///
/// # Errors
/// The database's.
pub async fn of_orders(tx: &mut Tx, orders: &[OrderId]) -> Result<Vec<PaymentRow>, Error> {
    if orders.is_empty() {
        return Ok(vec![]);
    }
    let text = format!("{PAYMENT} where order_id in ($1) order by created_at, id");
    let (text, values) = db::spread(&text, &[], orders.iter().map(|o| Val::Uuid(o.uuid())));
    Ok(tx.all(&text, &values).await?)
}

/// An order's refunds, oldest first.
///
/// # Errors
/// The database's.
pub async fn refunds_of(tx: &mut Tx, order: OrderId) -> Result<Vec<RefundRow>, Error> {
    Ok(tx
        .all(&format!("{REFUND} where order_id = $1 order by created_at, id limit 200"), params![order])
        .await?)
}

/// One refund.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn refund(tx: &mut Tx, id: kernel::RefundId) -> Result<RefundRow, Error> {
    crate::refund::get(tx, id).await
}

/// Undecided attempts whose question is due, the longest waiting first.
///
/// # Errors
/// The database's.
pub async fn due_to_ask(tx: &mut Tx, now: Timestamp, size: PageSize) -> Result<Vec<PaymentRow>, Error> {
    let size = i64::try_from(size.get()).unwrap_or(50);
    let text = format!(
        "{PAYMENT} where state in ('started', 'action_required', 'pending', 'unknown') and ask_at <= $1 order by ask_at limit $2"
    );
    Ok(tx.all(&text, params![now, size]).await?)
}

db::row! {
    /// A fact about an attempt.
    #[derive(Debug, Clone)]
    pub struct EventRow {
        /// Of which attempt.
        pub payment: PaymentId,
        /// `authorised`, `captured`, …
        pub kind: String,
        /// How much.
        pub amount_minor: i64,
        /// The provider's reference or words.
        pub detail: String,
        /// Who.
        pub actor_name: String,
        /// When.
        pub at: Timestamp,
    }
}

/// The history of an order's attempts, oldest first.
///
/// # Errors
/// The database's.
pub async fn events(tx: &mut Tx, order: OrderId) -> Result<Vec<EventRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select e.payment_id, e.kind, e.amount_minor, e.detail, e.actor_name, e.at from payment_event e
                 join payment p on p.id = e.payment_id where p.order_id = $1 order by e.at, e.id limit 500"
            ),
            params![order],
        )
        .await?)
}

states! {
    /// Which orders, by their money.
    pub enum Due {
        /// Money is set aside and can be taken.
        ToCapture = "to_capture",
        /// Owed by terms.
        ToBePaid = "to_be_paid",
        /// The provider was not heard.
        Unknown = "unknown",
    }
}

/// The newest orders (at most 1,000) whose money wants something.
///
/// # Errors
/// The database's.
pub async fn orders_where(tx: &mut Tx, ctx: &Ctx, due: Due) -> Result<Vec<OrderId>, Error> {
    // the states of the index `payment_open` in its own words: so SQLite sees that it may use it
    let text = match due {
        Due::ToCapture => db::sql!(
            "select order_id from payment
             where store_id = $1 and state in ('authorised', 'partially_captured', 'due', 'unknown')
                 and state in ('authorised', 'partially_captured')
             order by created_at desc limit 1000"
        ),
        Due::ToBePaid => db::sql!(
            "select order_id from payment
             where store_id = $1 and state in ('authorised', 'partially_captured', 'due', 'unknown') and state = 'due'
             order by created_at desc limit 1000"
        ),
        Due::Unknown => db::sql!(
            "select order_id from payment
             where store_id = $1 and state in ('authorised', 'partially_captured', 'due', 'unknown')
                 and state = 'unknown'
             order by created_at desc limit 1000"
        ),
    };
    Ok(tx.all::<(OrderId,)>(text, params![ctx.store.id]).await?.into_iter().map(|(o,)| o).collect())
}
