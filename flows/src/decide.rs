//! Where a provider cannot be asked what became of an attempt, a person looks there and says it.

use db::Tx;
use kernel::{Ctx, PaymentId, Permit, perms};
use payments::PaymentRow;
use payments::ports::Answer;

use crate::{Error, Shop, settle};

/// What a person found in the provider's books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The money is there.
    Paid,
    /// It is not, and will not come.
    NotPaid,
}

/// Records what staff found out about an undecided attempt, as if its provider had said so.
///
/// # Errors
/// [`Error::Conflict`] when it was decided, or when the provider itself can be asked; [`payments::Error::NotFound`],
/// also outside the permit's channels.
pub async fn decide(
    shop: &Shop,
    ctx: &Ctx,
    permit: &Permit<perms::PaymentsCapture>,
    id: PaymentId,
    happened: Happened,
) -> Result<PaymentRow, Error> {
    let payment = shop.db.read(async |tx: &mut Tx| payments::get_within(tx, permit, id).await).await?;
    if !payment.state.is_undecided() {
        return Err(Error::Conflict("This payment was decided already.".to_owned()));
    }
    if shop.provider(&payment.provider)?.capabilities().can_ask {
        return Err(Error::Conflict("Its provider can be asked: ask there instead.".to_owned()));
    }
    let by = ctx.actor.name().to_owned();
    let answer = match happened {
        Happened::Paid => Answer::Yes { reference: format!("said by {by}") },
        Happened::NotPaid => {
            Answer::No { code: "by_hand".to_owned(), text: format!("{by} found no payment") }
        }
    };
    settle::record(shop, ctx, id, &answer, None, None).await?;
    shop.db.read(async |tx: &mut Tx| Ok(payments::get(tx, id).await?)).await
}
