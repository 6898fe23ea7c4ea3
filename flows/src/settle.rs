//! T2: a provider's answer and everything that follows from it, in one transaction. The request, the worker, the
//! webhook and the question all end here.

use db::{Tx, Unit};
use inventory::Taken;
use kernel::{Ctx, Money, OrderId, OrderLineId, PaymentId};
use orders::{LineKind, LineRow, NewLine as OrderLine};
use payments::PaymentState;
use payments::ports::Answer;
use warehouse::NewLine;
use work::{Job, News};

use crate::errand::Errand;
use crate::{Error, Shop, authorise, capture, close};

/// What recording an answer changed.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// What the attempt became.
    pub state: PaymentState,
    /// Is the order sold by it?
    pub placed: bool,
}

/// What becomes of the goods once the order is placed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening {
    /// What is to be shipped, from where.
    ship: Vec<NewLine>,
    /// Lines that need no parcel and took stock: the customer's at once.
    hand_over: Vec<OrderLineId>,
}

/// The lines of an order as both makers of an opening know them.
struct Line<'a> {
    id: OrderLineId,
    variant: Option<kernel::VariantId>,
    sku: &'a Option<String>,
    title: String,
    quantity: i64,
    ships: bool,
}

impl Opening {
    /// Of an order as it is written.
    pub(crate) fn of(ctx: &Ctx, lines: &[OrderLine], taken: &[Taken]) -> Opening {
        let taken = inventory::units_taken(taken);
        let lines = lines.iter().filter(|l| l.kind == LineKind::Item).map(|l| Line {
            id: l.id,
            variant: l.variant,
            sku: &l.sku,
            title: named(&l.title, &l.variant_title),
            quantity: l.quantity,
            ships: l.requires_shipping,
        });
        Opening::build(ctx, lines, &taken)
    }

    /// Of an order as it was written: for those who come later.
    async fn read(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Opening, Error> {
        let lines: Vec<LineRow> = orders::lines(tx, order).await?;
        let taken = inventory::units_held(tx, order).await?;
        let lines = lines.iter().filter(|l| l.kind == LineKind::Item).map(|l| Line {
            id: l.id,
            variant: l.variant,
            sku: &l.sku,
            title: named(&l.title, &l.variant_title),
            quantity: l.quantity,
            ships: l.requires_shipping,
        });
        Ok(Opening::build(ctx, lines, &taken))
    }

    fn build<'a>(
        ctx: &Ctx,
        lines: impl Iterator<Item = Line<'a>>,
        taken: &[(OrderLineId, kernel::LocationId, i64)],
    ) -> Opening {
        let mut all = Opening::default();
        for line in lines {
            let taken = taken.iter().filter(|(id, ..)| *id == line.id);
            if !line.ships {
                all.hand_over.extend(taken.map(|(id, ..)| *id).take(1));
                continue;
            }
            let Some(variant) = line.variant else { continue };
            let mut push = |location, quantity| {
                all.ship.push(NewLine {
                    location,
                    line: line.id,
                    variant,
                    sku: line.sku.clone(),
                    title: line.title.clone(),
                    quantity,
                });
            };
            let mut left = line.quantity;
            for (_, location, quantity) in taken {
                let part = (*quantity).min(left);
                if part > 0 {
                    push(*location, part);
                    left -= part;
                }
            }
            if left > 0 {
                push(ctx.store.location, left); // not counted: it leaves from the first location
            }
        }
        all
    }
}

pub(crate) fn named(title: &str, variant: &str) -> String {
    if variant.is_empty() { title.to_owned() } else { format!("{title}, {variant}") }
}

/// Records an answer with all that follows. `None` when it was decided before.
///
/// # Errors
/// The database's.
pub(crate) async fn record(
    shop: &Shop,
    ctx: &Ctx,
    payment: PaymentId,
    answer: &Answer,
    job: Option<Job>,
    opening: Option<Opening>,
) -> Result<Option<Recorded>, Error> {
    let (ctx, answer) = (ctx.clone(), answer.clone());
    shop.db
        .write(Unit::named("record_payment").read_committed(), async move |tx: &mut Tx| {
            record_in(tx, &ctx, payment, &answer, job.as_ref(), opening.as_ref()).await
        })
        .await
}

async fn record_in(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    answer: &Answer,
    job: Option<&Job>,
    opening: Option<&Opening>,
) -> Result<Option<Recorded>, Error> {
    let recorded = payments::record(tx, ctx, payment, answer).await?;
    let mut placed = false;
    if let Some(recorded) = &recorded {
        match recorded.state {
            PaymentState::Authorised | PaymentState::Due => {
                placed = accepted(tx, ctx, payment, recorded, opening).await?;
            }
            PaymentState::Failed => {
                let (text, why) = match answer {
                    Answer::No { text, .. } => (format!("Payment refused: {text}"), text.as_str()),
                    _ => ("Payment failed: the provider was never asked".to_owned(), ""),
                };
                let data = serde_json::json!({ "payment": payment, "why": why });
                orders::note(tx, ctx, recorded.order, "payment_failed", &text, &data).await?;
            }
            PaymentState::Unknown => {
                let text = "The payment provider was not heard; it is asked again until it answers";
                orders::note(tx, ctx, recorded.order, "payment_unknown", text, &serde_json::json!({}))
                    .await?;
            }
            PaymentState::Started
            | PaymentState::ActionRequired
            | PaymentState::Pending
            | PaymentState::PartiallyCaptured
            | PaymentState::Captured
            | PaymentState::Voided => {}
        }
    }
    if let (None, Answer::Yes { reference }) = (&recorded, answer) {
        came_late(tx, ctx, payment, reference).await?;
    }
    // those who come later may have called for a person before
    let decided = recorded.as_ref().is_some_and(|r| !r.state.is_undecided());
    if decided && opening.is_none() {
        work::alerts::resolve(tx, ctx, &authorise::undecided(payment)).await?;
    }
    if let Some(job) = job {
        work::finish(tx, ctx, job).await?;
    }
    Ok(recorded.map(|r| Recorded { state: r.state, placed }))
}

/// Yes to an attempt that we had ended: the request arrived after its void, or after it was given up. Nobody wants the
/// money, and it must not stay held: it is let go, and people know.
async fn came_late(tx: &mut Tx, ctx: &Ctx, payment: PaymentId, reference: &str) -> Result<(), Error> {
    let Some(void) = payments::came_late(tx, ctx, payment, reference).await? else { return Ok(()) };
    Errand::Capture(void.id).soon(tx, ctx).await?;
    let amount = Money::new(void.amount_minor, ctx.store.currency).shown("en");
    let text = format!("{amount} came for a payment that had ended; they are given back");
    orders::note(tx, ctx, void.order, "payment_late", &text, &serde_json::json!({ "payment": payment }))
        .await?;
    work::alerts::raise(tx, ctx, &capture::late(payment), &text, Some(void.order.uuid())).await?;
    Ok(())
}

/// The money is given or agreed: the order is placed. If nobody wants it any more (`false`), the
/// money is let go.
async fn accepted(
    tx: &mut Tx,
    ctx: &Ctx,
    payment: PaymentId,
    recorded: &payments::Recorded,
    opening: Option<&Opening>,
) -> Result<bool, Error> {
    let order = recorded.order;
    if !orders::mark_placed(tx, ctx, order).await? {
        let text = "Money came for an order that does not want it any more; it is given back";
        orders::note(tx, ctx, order, "payment_late", text, &serde_json::json!({ "payment": payment }))
            .await?;
        capture::void_soon(tx, ctx, payment).await?;
        return Ok(false);
    }
    inventory::allocate(tx, ctx, order).await?;
    let read;
    let opening = match opening {
        Some(o) => o,
        None => {
            read = Opening::read(tx, ctx, order).await?;
            &read
        }
    };
    inventory::hand_over(tx, ctx, order, &opening.hand_over).await?;
    warehouse::open(tx, ctx, order, &opening.ship).await?;
    let amount = Money::new(recorded.amount_minor, ctx.store.currency).shown("en");
    let text = match recorded.state {
        PaymentState::Due => format!("Order placed; {amount} to be paid"),
        _ => format!("Order placed; {amount} authorised"),
    };
    let shopper = ctx.shopper();
    let actor = if ctx.actor.kind() == "system" { ctx } else { &shopper };
    let data = serde_json::json!({
        "payment": payment, "amount_minor": recorded.amount_minor, "currency": ctx.store.currency,
        "due": recorded.state == PaymentState::Due,
    });
    orders::note(tx, actor, order, "placed", &text, &data).await?;
    let news =
        News { kind: "OrderPlaced", subject: order.uuid(), data: serde_json::json!({ "payment": payment }) };
    work::tell(tx, ctx, &news).await?;
    if recorded.amount_minor == 0 {
        // nothing will be paid, and perhaps nothing shipped: then nothing else would ever close it
        close::soon(tx, ctx, order).await?;
    }
    Ok(true)
}
