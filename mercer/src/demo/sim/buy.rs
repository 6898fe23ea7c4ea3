//! A purchase, from the empty cart to the answer of whoever takes the money.

use checkout::{CartDetails, NewLine};
use db::{Tx, Unit};
use flows::{Outcome, PlaceOrder, Placement};
use kernel::{CartId, Ctx, OrderId, VariantId};

use super::{HOUR, MINUTE, Sim, Step};
use crate::demo::people::Person;
use crate::demo::said;
use crate::{Exit, Failure};

/// A cart ready to be paid.
struct Full {
    cart: CartId,
    version: i64,
}

/// What one person wants.
#[derive(Clone)]
struct Wish {
    person: Person,
    lines: Vec<(VariantId, i64)>,
    /// Which of the ways to ship, of a hundred.
    way: u32,
    payment: &'static str,
    note: &'static str,
}

const NOTES: [&str; 5] = [
    "Please ring at the neighbours' if nobody is in.",
    "Third floor, the bell is broken.",
    "Ripe avocados if you have them, we eat them tonight.",
    "Bitte klingeln, der Hund ist lieb.",
    "No plastic if possible, thank you!",
];

impl Sim {
    pub(super) async fn order(&mut self) -> Result<(), Failure> {
        let wish = self.wish();
        let ctx = self.ctx.shopper().in_locale(wish.person.locale);
        let payment = wish.payment;
        let Some(full) = self.fill(&ctx, wish).await? else { return Ok(()) };
        let token = match (payment, self.rng.u32(..100)) {
            ("test", 0..5) => "tok_decline",
            ("test", _) => "tok_success",
            _ => "",
        };
        let Some(placed) = self.pay(&ctx, &full, payment, token).await? else { return Ok(()) };
        self.orders += 1;
        match placed.outcome {
            Outcome::Placed => self.go_on(placed.order, payment),
            // most try another card; some never come back, and their goods are let go
            _ if self.rng.u32(..100) < 75 => {
                self.soon(3 * MINUTE, Step::Again { cart: full.cart, version: full.version });
            }
            _ => self.soon(31 * MINUTE, Step::LetGo),
        }
        Ok(())
    }

    pub(super) async fn again(&mut self, cart: CartId, version: i64) -> Result<(), Failure> {
        let ctx = self.ctx.shopper();
        let placed = self.pay(&ctx, &Full { cart, version }, "test", "tok_success").await?;
        if let Some(Placement { order, outcome: Outcome::Placed, .. }) = placed {
            self.go_on(order, "test");
        }
        Ok(())
    }

    /// What follows a sale.
    fn go_on(&mut self, order: OrderId, payment: &str) {
        if self.rng.u32(..100) < 3 {
            let minutes = self.rng.u32(15..50);
            return self.soon(minutes * MINUTE, Step::Cancel { order });
        }
        if payment == "bank_transfer" {
            // some need a reminder that nobody has sent yet
            if self.rng.u32(..100) < 90 {
                let hours = self.rng.u32(14..70);
                self.soon(hours * HOUR, Step::Paid { order });
            }
            return;
        }
        let at = self.packing_time();
        self.note(at, Step::Ship { order, rest: false });
    }

    fn wish(&mut self) -> Wish {
        let day = self.plan.day_of(self.ctx.now());
        let here: Vec<&Person> = self.people.iter().filter(|p| p.from_day <= day).collect();
        let person =
            pick(&mut self.rng, &here, |p| p.often).map_or_else(|| self.people[0].clone(), |p| (*p).clone());
        let count = [2, 2, 3, 3, 3, 4, 4, 5, 6, 7][self.rng.usize(..10)];
        let mut lines: Vec<(VariantId, i64)> = vec![];
        for _ in 0..count {
            let Some(good) = pick(&mut self.rng, &self.goods, |g| g.demand) else { continue };
            // the middle size is what a household takes; the largest is for few
            let size = match (good.variants.len(), self.rng.u32(..100)) {
                (1, _) => 0,
                (2, n) => usize::from(n < 50),
                (_, 0..35) => 0,
                (_, 35..92) => 1,
                _ => 2,
            };
            let quantity = [1, 1, 1, 2, 2, 3][self.rng.usize(..6)];
            let variant = good.variants[size.min(good.variants.len() - 1)];
            if lines.iter().all(|(v, _)| *v != variant) {
                lines.push((variant, quantity));
            }
        }
        let home = person.address.country == "NL";
        let payment = match self.rng.u32(..100) {
            0..13 => "bank_transfer",
            13..18 if home => "cash_on_delivery",
            _ => "test",
        };
        let note = if self.rng.u32(..100) < 8 { NOTES[self.rng.usize(..NOTES.len())] } else { "" };
        Wish { person, lines, way: self.rng.u32(..100), payment, note }
    }

    async fn fill(&mut self, ctx: &Ctx, wish: Wish) -> Result<Option<Full>, Failure> {
        let ctx = ctx.clone();
        let fill = async move |tx: &mut Tx| fill(tx, &ctx, &wish).await;
        let unit = Unit::named("demo_cart").read_committed();
        self.shop.db.write(unit, fill).await.map_err(said)
    }

    /// Pays; none when somebody else was faster.
    async fn pay(
        &mut self,
        ctx: &Ctx,
        full: &Full,
        provider: &str,
        token: &str,
    ) -> Result<Option<Placement>, Failure> {
        let input = PlaceOrder {
            cart: full.cart,
            version: full.version,
            read: None,
            seen_total_minor: None,
            provider: provider.to_owned(),
            token: token.to_owned(),
            key: ctx.secret(),
        };
        match flows::place_order(&self.shop, ctx, input).await {
            Ok(placed) => Ok(Some(placed)),
            Err(flows::Error::NotEnough { .. }) => Ok(None),
            Err(e) => Err(Failure::new(Exit::Internal, format!("an order of the demo was refused: {e}"))),
        }
    }

    /// When it is packed: the same afternoon, or the next morning that somebody is there. What came in during the last
    /// hours still waits, so that there is something to do.
    pub(super) fn packing_time(&mut self) -> kernel::Timestamp {
        let now = self.ctx.now();
        let mut day = self.plan.day_of(now);
        let (minute, second) = (self.rng.i8(0..60), self.rng.i8(0..60));
        let noon = self.plan.at(day, 12, 0, 0);
        let afternoon = 14 + self.rng.i8(0..2);
        let mut at = self.plan.at(day, afternoon, minute, second);
        if now >= noon || !self.plan.is_open(day) {
            day += 1;
            while !self.plan.is_open(day) {
                day += 1;
            }
            at = self.plan.at(day, 9 + self.rng.i8(0..3), minute, second);
        }
        if now.plus(14 * HOUR) > self.plan.end { at.max(self.plan.end) } else { at }
    }
}

/// One of them, by weight.
fn pick<'a, T>(rng: &mut fastrand::Rng, all: &'a [T], weight: impl Fn(&T) -> i64) -> Option<&'a T> {
    let sum: i64 = all.iter().map(&weight).sum();
    let mut left = if sum > 0 { rng.i64(0..sum) } else { 0 };
    all.iter().find(|one| {
        left -= weight(one);
        left < 0
    })
}

async fn fill(tx: &mut Tx, ctx: &Ctx, wish: &Wish) -> Result<Option<Full>, flows::Error> {
    let mut secret: Option<String> = None;
    for (variant, quantity) in &wish.lines {
        let line = NewLine { variant: *variant, quantity: *quantity, seen_price_minor: None };
        match checkout::add_line(tx, ctx, secret.as_deref(), line).await {
            Ok(added) => secret = Some(added.secret),
            Err(checkout::Error::SoldOut { .. }) => {}
            Err(e) => return Err(e.into()),
        }
    }
    let Some(secret) = secret else { return Ok(None) };
    let Some(cart) = checkout::find(tx, ctx, &secret).await? else { return Ok(None) };
    let details = CartDetails {
        email: wish.person.email.clone(),
        address: Some(wish.person.address.clone()),
        billing_address: None,
        shipping_method: None,
        payment_method: Some(wish.payment.to_owned()),
        note: wish.note.to_owned(),
        consent: String::new(),
    };
    let cart = checkout::set_details(tx, ctx, &cart, details.clone()).await?;
    let quotes = checkout::calculate(tx, ctx, &cart).await?.quotes;
    let local = wish.person.address.city == "Amsterdam";
    let way = match wish.way {
        0..15 if local => 1,
        15..25 if local => 2,
        _ => 0,
    };
    let Some(quote) = quotes.get(way).or_else(|| quotes.first()) else { return Ok(None) };
    let details = CartDetails { shipping_method: Some(quote.method), ..details };
    let cart = checkout::set_details(tx, ctx, &cart, details).await?;
    let calculation = checkout::calculate(tx, ctx, &cart).await?;
    // fewer were left than wanted, or too heavy to send: they leave the cart alone
    Ok(calculation.can_place().then_some(Full { cart: cart.id, version: cart.version }))
}
