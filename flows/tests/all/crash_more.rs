//! The other processes with the process dying at every point: whoever asked for it asks again, and it was done once.

use std::time::Duration;

use flows::{Error, Outcome, Placement};
use kernel::PaymentId;
use orders::OrderState;
use payments::PaymentState;
use testkit::Engine;

use crate::world::{PRICE, SHIPPING, STOCK, World};

/// Makes ready, does (and does again what is left after a death), and what must hold in the end.
trait Process {
    /// What making ready left behind.
    type Ready;
    async fn ready(w: &World) -> Self::Ready;
    async fn doing(w: &World, ready: &Self::Ready) -> Result<(), Error>;
    async fn done(w: &World, ready: &Self::Ready);
}

async fn once<P: Process>(engine: Engine, fuse: Option<u64>, twice: bool) -> Option<u64> {
    let mut w = World::new(engine).await?;
    let ready = P::ready(&w).await;
    w.twice = twice;
    w.db.faults().arm(fuse.unwrap_or(u64::MAX));
    let mut first = P::doing(&w, &ready).await;
    if first.is_ok() {
        first = w.work().await.map(drop).map_err(Error::from);
    }
    let passed = w.db.faults().passed();
    assert_eq!(w.db.faults().is_dead(), fuse.is_some(), "the fuse {fuse:?} must burn: {passed} points");
    if fuse.is_some() {
        assert!(first.is_err());
        w.restart().await;
        w.let_time_pass().await;
        P::doing(&w, &ready).await.unwrap();
    } else {
        first.unwrap();
    }
    w.let_time_pass().await;
    P::done(&w, &ready).await;
    w.lawful().await;
    Some(passed)
}

fn everywhere<P: Process>(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(points) = once::<P>(engine, None, false).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        assert!(points >= 2, "{points} points");
        once::<P>(engine, None, true).await;
        for fuse in 0..points {
            once::<P>(engine, Some(fuse), fuse % 2 == 1).await;
        }
    });
}

macro_rules! crashed {
    ($($name:ident $process:ident),*) => { $(
        mod $name {
            use super::*;
            #[test]
            fn sqlite() { everywhere::<$process>(Engine::Sqlite); }
            #[test]
            fn postgres() { everywhere::<$process>(Engine::Postgres); }
        }
    )* };
}

crashed!(
    challenge Challenge,
    not_reached NotReached,
    hold_expiry HoldExpiry,
    reopened_cart ReopenedCart,
    marked_paid MarkedPaid,
    captured Captured,
    voided Voided,
    saved_product SavedProduct
);

async fn placed(w: &World) -> i64 {
    w.count("select cast(count(*) as bigint) from orders where state = 'placed'").await
}

/// What the bank took or set aside, in minor units.
async fn charged(w: &World) -> i64 {
    let accounts = w.bank.accounts().await.unwrap();
    accounts.iter().filter(|a| matches!(a.state.as_str(), "yes" | "late")).map(|a| a.amount_minor).sum()
}

async fn payment(w: &World, placement: &Placement) -> payments::PaymentRow {
    w.page(placement.order).await.payments[0].clone()
}

/// The shopper comes back from the bank's page.
struct Challenge;

impl Process for Challenge {
    type Ready = PaymentId;
    async fn ready(w: &World) -> PaymentId {
        let cart = w.cart(2).await;
        let first = w.pay(cart, "test", "tok_challenge", "k").await.unwrap();
        let id = payment(w, &first).await.id;
        assert!(w.bank.answer_challenge(id, true).await.unwrap());
        id
    }
    async fn doing(w: &World, id: &PaymentId) -> Result<(), Error> {
        flows::return_from_action(&w.shop, &w.ctx.shopper(), *id).await.map(drop)
    }
    async fn done(w: &World, _: &PaymentId) {
        assert_eq!((placed(w).await, charged(w).await), (1, 2 * PRICE + SHIPPING));
        assert_eq!(w.sellable().await, STOCK - 2);
    }
}

/// The bank is not reached: it took nothing, and the goods go back after a while.
struct NotReached;

impl Process for NotReached {
    type Ready = (kernel::CartId, i64);
    async fn ready(w: &World) -> (kernel::CartId, i64) {
        w.cart(2).await
    }
    async fn doing(w: &World, cart: &(kernel::CartId, i64)) -> Result<(), Error> {
        let placement = w.pay(*cart, "test", "tok_timeout", "k").await?;
        assert_ne!(placement.outcome, Outcome::Placed);
        Ok(())
    }
    async fn done(w: &World, _: &(kernel::CartId, i64)) {
        for _ in 0..4 {
            w.let_time_pass().await;
        }
        assert_eq!((placed(w).await, charged(w).await), (0, 0));
        assert_eq!(w.count("select cast(count(*) as bigint) from orders where state = 'cancelled'").await, 1);
        assert_eq!(w.sellable().await, STOCK);
    }
}

/// Nobody paid in time.
struct HoldExpiry;

impl Process for HoldExpiry {
    type Ready = Placement;
    async fn ready(w: &World) -> Placement {
        let cart = w.cart(4).await;
        let first = w.pay(cart, "test", "tok_decline", "k").await.unwrap();
        assert_eq!(w.sellable().await, STOCK - 4);
        w.clock.advance(Duration::from_secs(31 * 60));
        first
    }
    async fn doing(w: &World, _: &Placement) -> Result<(), Error> {
        flows::expire_holds(&w.shop, &w.ctx).await.map(drop)
    }
    async fn done(w: &World, first: &Placement) {
        assert_eq!(w.page(first.order).await.head.state, OrderState::Cancelled);
        assert_eq!(w.sellable().await, STOCK);
    }
}

/// The shopper goes back to the cart after a refusal.
struct ReopenedCart;

impl Process for ReopenedCart {
    type Ready = ((kernel::CartId, i64), Placement);
    async fn ready(w: &World) -> Self::Ready {
        let cart = w.cart(4).await;
        let first = w.pay(cart, "test", "tok_decline", "k").await.unwrap();
        (cart, first)
    }
    async fn doing(w: &World, (cart, _): &Self::Ready) -> Result<(), Error> {
        flows::reopen_cart(&w.shop, &w.ctx.shopper(), cart.0).await
    }
    async fn done(w: &World, (cart, first): &Self::Ready) {
        assert_eq!(w.page(first.order).await.head.state, OrderState::Cancelled);
        assert_eq!(w.sellable().await, STOCK);
        let id = cart.0;
        let version: i64 =
            w.db.read(async |tx: &mut db::Tx| {
                tx.value("select version from cart where id = $1", db::params![id]).await
            })
            .await
            .unwrap();
        let again = w.pay((cart.0, version), "test", "tok_success", "k2").await.unwrap();
        assert_eq!(again.outcome, Outcome::Placed);
        assert_eq!(w.sellable().await, STOCK - 4);
    }
}

/// A bank transfer has come.
struct MarkedPaid;

impl Process for MarkedPaid {
    type Ready = Placement;
    async fn ready(w: &World) -> Placement {
        let cart = w.cart(2).await;
        w.pay(cart, "bank_transfer", "", "k").await.unwrap()
    }
    async fn doing(w: &World, p: &Placement) -> Result<(), Error> {
        let payment = payment(w, p).await;
        if payment.captured_minor == 0 {
            flows::mark_paid(&w.shop, &w.ctx, &w.ctx.permit()?, payment.id, 300).await?;
        }
        Ok(())
    }
    async fn done(w: &World, p: &Placement) {
        assert_eq!(payment(w, p).await.captured_minor, 300);
        assert_eq!(w.page(p.order).await.payment, payments::OrderPayment::PartlyPaid);
    }
}

/// Staff take a part of the money.
struct Captured;

impl Process for Captured {
    type Ready = Placement;
    async fn ready(w: &World) -> Placement {
        w.buy(2).await
    }
    async fn doing(w: &World, p: &Placement) -> Result<(), Error> {
        let payment = payment(w, p).await;
        if payment.captured_minor == 0 {
            flows::capture(&w.shop, &w.ctx, &w.ctx.permit()?, payment.id, 500).await?;
        }
        Ok(())
    }
    async fn done(w: &World, p: &Placement) {
        assert_eq!(payment(w, p).await.captured_minor, 500);
        let accounts = w.bank.accounts().await.unwrap();
        assert_eq!(accounts.iter().map(|a| a.captured_minor).sum::<i64>(), 500);
    }
}

/// Staff let the money go.
struct Voided;

impl Process for Voided {
    type Ready = Placement;
    async fn ready(w: &World) -> Placement {
        w.buy(2).await
    }
    async fn doing(w: &World, p: &Placement) -> Result<(), Error> {
        let payment = payment(w, p).await;
        if payment.state == PaymentState::Authorised {
            flows::void(&w.shop, &w.ctx, &w.ctx.permit()?, payment.id).await?;
        }
        Ok(())
    }
    async fn done(w: &World, p: &Placement) {
        assert_eq!(payment(w, p).await.state, PaymentState::Voided);
        let accounts = w.bank.accounts().await.unwrap();
        assert!(accounts.iter().all(|a| a.state == "voided" && a.captured_minor == 0), "{accounts:?}");
    }
}

/// A new product with its price and its first stock.
struct SavedProduct;

impl Process for SavedProduct {
    type Ready = ();
    async fn ready(_: &World) {}
    async fn doing(w: &World, (): &()) -> Result<(), Error> {
        if w.count("select cast(count(*) as bigint) from product").await > 1 {
            return Ok(());
        }
        let text = catalog::TextInput { locale: "en".into(), title: "Pear".into(), ..Default::default() };
        let variant = flows::SaveVariant {
            custom: vec![],
            is: catalog::VariantInput { sku: Some("PEAR".into()), ..Default::default() },
            amount_minor: Some(250),
            compare_at_minor: None,
            on_hand: Some(5),
        };
        let input = flows::SaveProduct {
            product: None,
            state: catalog::ProductState::Live,
            facts: catalog::Facts::default(),
            texts: vec![text],
            options: vec![],
            variants: vec![variant],
            custom: vec![],
            images: None,
        };
        let stock = w.ctx.permit()?;
        flows::save_product(&w.shop, &w.ctx, &w.ctx.permit()?, Some(&stock), input).await?;
        Ok(())
    }
    async fn done(w: &World, (): &()) {
        assert_eq!(w.count("select cast(count(*) as bigint) from product").await, 2);
        assert_eq!(w.count("select cast(count(*) as bigint) from price where amount_minor = 250").await, 1);
        assert_eq!(w.count("select cast(count(*) as bigint) from stock_level where on_hand = 5").await, 1);
    }
}
