//! How an order is placed: calculate, intend (T1), call, record (T2).

use std::time::Duration;

use checkout::{Calculation, Cart, CartState};
use db::{Tx, Unit};
use inventory::{Availability, Wanted};
use kernel::{CartId, Ctx, Money, OrderId, VariantId};
use orders::{NewOrder, OrderHead};
use payments::{NewPayment, PaymentState};
use site::PaymentMethods;
use work::{Job, Mode, NewTask};

use crate::new_order::{new_order, wanted};
use crate::settle::Opening;
use crate::{Error, Outcome, Placement, Shop, authorise, settle};

/// A shopper presses *Pay*.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// Which cart.
    pub cart: CartId,
    /// The version the shopper saw.
    pub version: i64,
    /// The cart as the caller has just read it, if it has: then it is not read again, and the first transaction says
    /// whether it is still so.
    pub read: Option<Cart>,
    /// The total that the shopper saw, in minor units: a higher one is refused. `None` from those who show none.
    pub seen_total_minor: Option<i64>,
    /// Which provider.
    pub provider: String,
    /// What the provider gave the shopper's browser; empty for terms.
    pub token: String,
    /// Of this press: a repeat of it makes nothing new.
    pub key: String,
}

/// The idempotency scope of purchases.
const SCOPE: &str = "place_order";
/// How long stock is kept for an order that awaits payment.
pub(crate) const HOLD: Duration = Duration::from_secs(30 * 60);
/// How long this request has the attempt before a worker may take it over.
const LEASE: Duration = Duration::from_secs(30);

impl PlaceOrder {
    fn hash(&self) -> [u8; 32] {
        let all = format!("{}\n{}\n{}\n{}", self.cart, self.version, self.provider, self.token);
        work::idempotency::hash(all.as_bytes())
    }
}

/// What the first look found.
enum Seen {
    /// An earlier request had this key.
    Repeat(OrderHead),
    /// The cart was ordered in this version.
    Ordered(OrderHead),
    /// It can be ordered.
    Fresh(Box<(Cart, Calculation, Vec<Availability>)>),
}

/// Places the order of a cart and pays it; again after a refusal makes another attempt for the same order. The same
/// key again tells how the first one stands.
///
/// # Errors
/// [`Error::Problems`], [`Error::NotEnough`], [`Error::CartChanged`], [`Error::NoProvider`], [`Error::TotalRose`].
pub async fn place_order(shop: &Shop, ctx: &Ctx, input: PlaceOrder) -> Result<Placement, Error> {
    let provider = shop.provider(&input.provider)?;
    match look(shop, ctx, &input, input.read.as_ref()).await? {
        Seen::Repeat(order) => decided(shop, order.id).await,
        Seen::Ordered(order) => again(shop, ctx, &input, &order).await,
        Seen::Fresh(found) => match intend(shop, ctx, &input, *found).await {
            Ok(intended) => {
                let Intended { placed, payment, job, opening } = intended;
                let answer = authorise::call(shop, &*provider, &payment, placed.number).await?;
                let recorded =
                    settle::record(shop, ctx, payment.id, &answer, Some(job), Some(opening)).await?;
                match recorded.and_then(|r| Placement::recorded(&placed, &r, &answer)) {
                    Some(placement) => Ok(placement),
                    None => placement(shop, placed.id).await,
                }
            }
            // another request placed it between our look and our write
            Err(Lost::Raced) => match look(shop, ctx, &input, None).await? {
                Seen::Repeat(order) | Seen::Ordered(order) => decided(shop, order.id).await,
                // the cart is as it was, so it was the key: used before, for another cart
                Seen::Fresh(_) => Err(work::Error::KeyReused.into()),
            },
            Err(Lost::Because(e)) => Err(e),
        },
    }
}

async fn look(shop: &Shop, ctx: &Ctx, input: &PlaceOrder, read: Option<&Cart>) -> Result<Seen, Error> {
    let hash = input.hash();
    shop.db
        .read(async |tx: &mut Tx| {
            let cart = match read {
                Some(cart) => cart.clone(),
                None => checkout::get(tx, ctx, input.cart).await?,
            };
            if cart.state == CartState::Open && cart.version == input.version {
                // a key that was used for another cart is found when it is to be kept
                let (calculation, stock) = checkout::calculate_with_stock(tx, ctx, &cart).await?;
                if !calculation.can_place() {
                    return Err(Error::Problems(calculation.problems));
                }
                let total = calculation.total();
                if let Some(seen) = input.seen_total_minor.filter(|seen| total.minor > *seen) {
                    return Err(Error::TotalRose { seen: Money::new(seen, total.currency), now: total });
                }
                offered(shop, tx, ctx, &input.provider).await?;
                return Ok(Seen::Fresh(Box::new((cart, calculation, stock))));
            }
            if let Some(order) = work::idempotency::find(tx, SCOPE, &input.key, &hash).await? {
                return Ok(Seen::Repeat(orders::head(tx, OrderId::from_uuid(order)).await?));
            }
            if cart.state == CartState::Ordered && cart.version == input.version {
                let made = orders::by_cart(tx, cart.id).await?.into_iter().next();
                return made.map(Seen::Ordered).ok_or(Error::CartChanged);
            }
            Err(Error::CartChanged)
        })
        .await
}

/// A way to pay that the shop does not offer pays nothing, whoever asks for it.
async fn offered(shop: &Shop, tx: &mut Tx, ctx: &Ctx, code: &str) -> Result<(), Error> {
    let chosen: PaymentMethods = site::known_setting(tx, ctx.store.id).await?;
    if shop.ways(&chosen).iter().any(|way| way == code) {
        Ok(())
    } else {
        Err(Error::NoProvider { code: code.to_owned() })
    }
}

/// What the first transaction wrote.
struct Intended {
    placed: orders::Placed,
    payment: NewPayment,
    job: Job,
    opening: Opening,
}

/// Why the first transaction did not.
enum Lost {
    /// Another request for the same cart was faster.
    Raced,
    /// For this reason.
    Because(Error),
}

/// T1: decide everything, call nobody.
async fn intend(
    shop: &Shop,
    ctx: &Ctx,
    input: &PlaceOrder,
    (cart, calculation, stock): (Cart, Calculation, Vec<Availability>),
) -> Result<Intended, Lost> {
    let order = new_order(ctx, input, &cart, &calculation);
    let wanted = wanted(&order, &stock);
    let titles: Vec<(VariantId, String)> =
        calculation.lines.iter().map(|l| (l.variant_id, l.title.clone())).collect();
    let payment = NewPayment {
        id: ctx.id(),
        order: order.id,
        provider: input.provider.clone(),
        amount: calculation.total(),
        token: input.token.clone(),
    };
    let (ctx, input) = (ctx.clone(), input.clone());
    let written = shop
        .db
        .write(Unit::named("place_order").read_committed(), async move |tx: &mut Tx| {
            intend_in(tx, &ctx, &input, &order, &wanted, &payment).await
        })
        .await;
    written.map_err(|e| match e {
        Error::Checkout(checkout::Error::Changed) => Lost::Raced,
        Error::Inventory(inventory::Error::NotEnoughStock { variant, wanted, left, .. }) => {
            let title = titles.into_iter().find(|(v, _)| *v == variant).map(|(_, t)| t).unwrap_or_default();
            Lost::Because(Error::NotEnough { title, wanted, left })
        }
        Error::Orders(orders::Error::Db(e)) if e.is_unique() => Lost::Raced,
        Error::Work(work::Error::Db(e)) if e.is_unique() => Lost::Raced,
        e => Lost::Because(e),
    })
}

async fn intend_in(
    tx: &mut Tx,
    ctx: &Ctx,
    input: &PlaceOrder,
    order: &NewOrder,
    wanted: &[Wanted],
    payment: &NewPayment,
) -> Result<Intended, Error> {
    checkout::close(tx, ctx, input.cart, input.version).await?;
    let taken = inventory::reserve(tx, ctx, order.id, wanted).await?;
    inventory::touch_taken(tx, ctx, &taken).await?;
    let placed = orders::insert(tx, ctx, order).await?;
    let job = begin_payment(tx, ctx, payment).await?;
    work::idempotency::keep(tx, ctx, SCOPE, &input.key, &input.hash(), order.id.uuid()).await?;
    let opening = Opening::of(ctx, &order.lines, &taken);
    Ok(Intended { placed, payment: payment.clone(), job, opening })
}

/// Writes the attempt down, with its task already in this request's hands.
async fn begin_payment(tx: &mut Tx, ctx: &Ctx, payment: &NewPayment) -> Result<Job, Error> {
    payments::start(tx, ctx, payment).await?;
    let task = NewTask {
        kind: authorise::KIND,
        key: payment.id.to_string(),
        mode: Mode::Tell,
        subject: Some(payment.id.uuid()),
        payload: serde_json::json!({}),
        due_at: ctx.now(),
    };
    Ok(work::enqueue_leased(tx, ctx, &task, LEASE).await?)
}

/// The cart was ordered before: after a refusal this is another attempt; else it tells how the order stands.
async fn again(shop: &Shop, ctx: &Ctx, input: &PlaceOrder, order: &OrderHead) -> Result<Placement, Error> {
    let now = decided(shop, order.id).await?;
    let Outcome::Declined { .. } = now.outcome else { return Ok(now) };
    let provider = shop.provider(&input.provider)?;
    shop.db.read(async |tx: &mut Tx| offered(shop, tx, ctx, &input.provider).await).await?;
    let payment = NewPayment {
        id: ctx.id(),
        order: order.id,
        provider: input.provider.clone(),
        amount: Money::new(order.total_minor, order.currency),
        token: input.token.clone(),
    };
    let (c, i, p) = (ctx.clone(), input.clone(), payment.clone());
    let written = shop
        .db
        .write(Unit::named("pay_again").read_committed(), async move |tx: &mut Tx| {
            pay_again(tx, &c, &i, &p).await
        })
        .await;
    match written {
        Ok(job) => {
            let answer = authorise::call(shop, &*provider, &payment, order.number).await?;
            settle::record(shop, ctx, payment.id, &answer, Some(job), None).await?;
            placement(shop, order.id).await
        }
        // a second press of the button: the first one's attempt is under way
        Err(Error::Payments(payments::Error::Undecided)) => decided(shop, order.id).await,
        Err(Error::Work(work::Error::Db(e))) if e.is_unique() => decided(shop, order.id).await,
        Err(e) => Err(e),
    }
}

async fn pay_again(tx: &mut Tx, ctx: &Ctx, input: &PlaceOrder, payment: &NewPayment) -> Result<Job, Error> {
    // held anew, and refused if the order was called off meanwhile
    orders::hold_again(tx, ctx, payment.order, &input.provider, ctx.now().plus(HOLD)).await?;
    let job = begin_payment(tx, ctx, payment).await?;
    work::idempotency::keep(tx, ctx, SCOPE, &input.key, &input.hash(), payment.order.uuid()).await?;
    Ok(job)
}

/// How the order stands once its attempt is decided; waits a little for a request that is at it.
async fn decided(shop: &Shop, order: OrderId) -> Result<Placement, Error> {
    for _ in 0..40 {
        let (now, started) = shop
            .db
            .read(async |tx: &mut Tx| {
                let payments = payments::of_order(tx, order).await?;
                let started = payments.last().is_some_and(|p| p.state == PaymentState::Started);
                Ok::<_, Error>((Placement::of(&orders::head(tx, order).await?, &payments), started))
            })
            .await?;
        if !started {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    placement(shop, order).await
}

pub(crate) async fn placement(shop: &Shop, order: OrderId) -> Result<Placement, Error> {
    shop.db
        .read(async |tx: &mut Tx| {
            let payments = payments::of_order(tx, order).await?;
            Ok(Placement::of(&orders::head(tx, order).await?, &payments))
        })
        .await
}
