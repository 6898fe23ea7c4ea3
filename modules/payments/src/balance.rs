use db::{Tx, params};
use kernel::PaymentId;

use crate::{Error, PaymentRow, find};

/// Where an attempt's money is, with what is on its way. Minor units. Whoever decides by it reads it with the attempt
/// held ([`locked`]), so that two decisions cannot spend the same money.
#[derive(Debug, Clone)]
pub struct Balance {
    /// The attempt.
    pub payment: PaymentRow,
    /// Captures on their way.
    pub taking_minor: i64,
    /// What refunds on their way let go of when they succeed.
    pub giving_up_minor: i64,
    /// What refunds on their way send back.
    pub returning_minor: i64,
    /// A void is on its way: nothing is open any more.
    pub letting_go: bool,
    /// A void succeeded: the provider knows.
    pub was_let_go: bool,
}

impl Balance {
    /// What can be captured or let go now.
    pub fn free_minor(&self) -> i64 {
        if self.letting_go || !self.payment.state.is_open() {
            return 0;
        }
        (self.payment.open_minor() - self.taking_minor - self.giving_up_minor).max(0)
    }

    /// What was taken and can be sent back now.
    pub fn back_minor(&self) -> i64 {
        (self.payment.captured_minor - self.payment.refunded_minor - self.returning_minor).max(0)
    }

    /// The most that a refund can come to.
    pub fn most_minor(&self) -> i64 {
        self.free_minor() + self.back_minor()
    }

    /// The provider holds what nobody will ever take: all that will be taken was, and it does not know of the rest.
    pub fn is_held_for_nothing(&self) -> bool {
        let p = &self.payment;
        let ended = !p.state.is_open() && !p.state.is_undecided();
        ended && !self.letting_go && !self.was_let_go && p.provider_captures() && p.let_go_minor > 0
    }
}

/// An attempt's balance, for those who only look.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn balance(tx: &mut Tx, payment: PaymentId) -> Result<Balance, Error> {
    let payment = find::get(tx, payment).await?;
    of(tx, payment).await
}

/// The same, with the attempt held against others until this unit ends.
pub(crate) async fn locked(tx: &mut Tx, payment: PaymentId) -> Result<Balance, Error> {
    let payment = find::lock(tx, payment).await?;
    of(tx, payment).await
}

async fn of(tx: &mut Tx, payment: PaymentRow) -> Result<Balance, Error> {
    let (taking_minor, on_their_way, done, giving_up_minor, returning_minor): (i64, i64, i64, i64, i64) = tx
        .one(
            db::sql!(
                "select cast(coalesce((select sum(amount_minor) from capture
                         where payment_id = $1 and kind = 'capture' and state = 'pending'), 0) as bigint),
                     (select count(*) from capture where payment_id = $1 and kind = 'void' and state = 'pending'),
                     (select count(*) from capture where payment_id = $1 and kind = 'void' and state = 'succeeded'),
                     cast(coalesce((select sum(from_open_minor) from refund
                         where payment_id = $1 and state = 'pending'), 0) as bigint),
                     cast(coalesce((select sum(from_captured_minor) from refund
                         where payment_id = $1 and state = 'pending'), 0) as bigint)"
            ),
            params![payment.id],
        )
        .await?;
    let (letting_go, was_let_go) = (on_their_way > 0, done > 0);
    Ok(Balance { payment, taking_minor, giving_up_minor, returning_minor, letting_go, was_let_go })
}
