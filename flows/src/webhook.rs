//! What a provider sends us by itself: heard once, then handled like an answer to a question.

use db::{Tx, Unit};
use kernel::{Ctx, PaymentId};
use serde::{Deserialize, Serialize};

use crate::{Error, Shop, authorise};

/// A provider's notice. It is only a hint: what happened is asked of the provider, so that a forged or late one can do
/// no harm.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// The provider's own id of it; the same notice comes twice.
    pub id: String,
    /// What it says happened.
    pub kind: String,
    /// To which attempt.
    pub payment: PaymentId,
}

/// Takes a notice; `false` when it had come before.
///
/// # Errors
/// [`payments::Error::NotFound`] for an attempt that is none; the database's (the provider sends it again).
pub async fn receive_webhook(shop: &Shop, ctx: &Ctx, provider: &str, notice: Notice) -> Result<bool, Error> {
    let payment = shop.db.read(async |tx: &mut Tx| payments::get(tx, notice.payment).await).await?;
    if payment.provider != provider {
        return Err(payments::Error::NotFound { what: "payment" }.into());
    }
    // also one that we ended ourselves: a request of ours may have arrived after that
    let effect = if payment.state.is_undecided() || payment.ended_without_money() {
        authorise::resume(shop, ctx, &payment, None).await?;
        "asked"
    } else {
        "nothing to do"
    };
    let (ctx, provider, effect) = (ctx.clone(), provider.to_owned(), effect.to_owned());
    shop.db
        .write(Unit::named("webhook").read_committed(), async move |tx: &mut Tx| {
            let first =
                payments::first_time(tx, &ctx, &provider, &notice.id, &notice.kind, Some(notice.payment))
                    .await?;
            if first {
                payments::effect(tx, &provider, &notice.id, &effect).await?;
            }
            Ok::<_, Error>(first)
        })
        .await
}
