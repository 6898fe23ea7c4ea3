use std::time::Duration;

use db::{Tx, params};
use kernel::{Ctx, Money, OrderId, PaymentId};

use crate::{Error, PaymentState};

/// An attempt to be written down before anybody is asked.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// Its id, which is the provider's idempotency key.
    pub id: PaymentId,
    /// For which order.
    pub order: OrderId,
    /// With whom.
    pub provider: String,
    /// How much.
    pub amount: Money,
    /// From the shopper's browser.
    pub token: String,
}

/// When an attempt that nobody recorded is asked about.
const FIRST_QUESTION: Duration = Duration::from_secs(60);

/// Writes an attempt down: one statement.
///
/// # Errors
/// [`Error::Undecided`] when another attempt for the order is undecided.
pub async fn start(tx: &mut Tx, ctx: &Ctx, new: &NewPayment) -> Result<(), Error> {
    let now = ctx.now();
    let locale = ctx.locale.clone();
    tx.exec(
        db::sql!(
            "insert into payment (id, store_id, channel_id, market_id, order_id, provider, state, currency, locale,
                 amount_minor, token, ask_at, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)"
        ),
        params![
            new.id,
            ctx.store.id,
            ctx.store.channel,
            ctx.store.market,
            new.order,
            new.provider,
            PaymentState::Started,
            new.amount.currency,
            locale,
            new.amount.minor,
            new.token,
            now.plus(FIRST_QUESTION),
            now
        ],
    )
    .await
    .map_err(|e| if e.is_unique() { Error::Undecided } else { e.into() })
    .map(drop)
}
