//! What becomes of the goods: one order at several locations, goods without a parcel, kits, a policy that changes
//! under open orders, on both databases.

use db::{Tx, Unit};
use flows::{Error, Outcome, Placement, Refund, RefundItem, Ship};
use inventory::Reason;
use kernel::{Actor, Address, CartId, Grant, Grants, InventoryItemId, LocationId, Scope, VariantId};
use orders::OrderState;
use payments::OrderPayment;
use testkit::Engine;

use crate::world::{PRICE, SHIPPING, World};

fn on(engine: Engine, test: impl AsyncFnOnce(World)) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        match World::new(engine).await {
            Some(w) => test(w).await,
            None => testkit::skipped(std::thread::current().name().unwrap_or("a test")),
        }
    });
}

macro_rules! both {
    ($(async fn $name:ident($w:ident) $body:block)*) => { $(
        mod $name {
            use super::*;
            async fn body($w: World) $body
            #[test]
            fn sqlite() { on(Engine::Sqlite, body); }
            #[test]
            fn postgres() { on(Engine::Postgres, body); }
        }
    )* };
}

/// A product without stock of its own.
async fn product(w: &World, title: &'static str, ships: bool) -> VariantId {
    let ctx = w.ctx.clone();
    w.db.write("product", async move |tx: &mut Tx| {
        let permit = ctx.permit()?;
        let variant = catalog::VariantInput {
            sku: Some(title.to_uppercase()),
            requires_shipping: ships,
            ..Default::default()
        };
        let new = catalog::NewProduct {
            state: catalog::ProductState::Live,
            facts: catalog::Facts::default(),
            texts: vec![catalog::TextInput {
                locale: "en".into(),
                title: title.into(),
                ..Default::default()
            }],
            options: vec![],
            variants: vec![variant],
        };
        let id = catalog::create_product(tx, &ctx, &permit, &new).await?;
        let variant = catalog::get(tx, ctx.store.id, id).await?.variants[0].id;
        pricing::set_price(tx, &ctx, &permit, pricing::NewPrice::plain(variant, PRICE)).await?;
        Ok::<_, Error>(variant)
    })
    .await
    .unwrap()
}

/// The same with an item of which so many lie where.
async fn good(
    w: &World,
    title: &'static str,
    ships: bool,
    there: &[(LocationId, i64)],
) -> (VariantId, InventoryItemId) {
    let variant = product(w, title, ships).await;
    let (ctx, there) = (w.ctx.clone(), there.to_vec());
    let item =
        w.db.write("stock", async move |tx: &mut Tx| {
            let item = inventory::create_item(tx, &ctx, variant, true, false).await?;
            let write = ctx.permit()?;
            for (location, n) in &there {
                inventory::adjust(tx, &ctx, &write, item, *location, *n, Reason::Initial, "").await?;
            }
            Ok::<_, Error>(item)
        })
        .await
        .unwrap();
    (variant, item)
}

async fn barn(w: &World) -> LocationId {
    let (ctx, id) = (w.ctx.clone(), w.ctx.id());
    w.db.write("barn", async move |tx: &mut Tx| {
        inventory::create_location(tx, &ctx, id, "Barn", &Address::default()).await
    })
    .await
    .unwrap();
    id
}

/// A guest's cart of several lines, ready to be paid.
async fn cart(w: &World, lines: &[(VariantId, i64)]) -> (CartId, i64) {
    let (ctx, lines) = (w.ctx.shopper(), lines.to_vec());
    w.db.write(Unit::named("cart").read_committed(), async move |tx: &mut Tx| {
        let mut added: Option<checkout::Added> = None;
        for (variant, quantity) in &lines {
            let line = checkout::NewLine { variant: *variant, quantity: *quantity, seen_price_minor: None };
            let secret = added.as_ref().map(|a| a.secret.clone());
            added = Some(checkout::add_line(tx, &ctx, secret.as_deref(), line).await?);
        }
        let cart = checkout::get(tx, &ctx, added.expect("there are lines").cart).await?;
        let offers = shipping::quotes(tx, &ctx, "NL", 0, 0).await?;
        let mut details = checkout::CartDetails::of(&cart);
        details.email = "kofi@example.com".into();
        details.address = Some(Address {
            name: "Kofi Mensah".into(),
            line1: "Prinsengracht 214".into(),
            postcode: "1016 DL".into(),
            city: "Amsterdam".into(),
            country: "NL".into(),
            ..Address::default()
        });
        details.shipping_method = offers.first().map(|q| q.method);
        details.payment_method = Some("test".into());
        let cart = checkout::set_details(tx, &ctx, &cart, details).await?;
        Ok::<_, checkout::Error>((cart.id, cart.version))
    })
    .await
    .unwrap()
}

async fn buy(w: &World, lines: &[(VariantId, i64)]) -> Placement {
    let cart = cart(w, lines).await;
    let placed = w.pay(cart, "test", "tok_success", &format!("key-{}", cart.0)).await.unwrap();
    assert_eq!(placed.outcome, Outcome::Placed);
    placed
}

async fn sellable(w: &World, variant: VariantId) -> Option<i64> {
    w.db.read(async |tx: &mut Tx| inventory::available_of(tx, &[variant]).await).await.unwrap()[0].sellable()
}

async fn refund(w: &World, order: kernel::OrderId, items: Vec<RefundItem>) -> payments::RefundRow {
    let input = Refund { order, lines: items, shipping_minor: 0, adjustment_minor: 0, reason: String::new() };
    flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), input).await.unwrap()
}

/// Everything that is left leaves, one parcel a location.
async fn ship_all(w: &World, order: kernel::OrderId) {
    let page = w.page(order).await;
    for request in &page.fulfilments {
        let lines: Vec<_> = page
            .fulfilment_lines
            .iter()
            .filter(|l| l.request == request.id && l.left() > 0)
            .map(|l| (l.id, l.left()))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let ship = Ship {
            fulfilment: request.id,
            lines,
            carrier: String::new(),
            tracking_number: String::new(),
            tracking_url: String::new(),
            notify: true,
        };
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), ship).await.unwrap();
    }
}

async fn policy(w: &World, item: InventoryItemId, tracked: bool) {
    let ctx = w.ctx.clone();
    w.db.write("policy", async move |tx: &mut Tx| {
        inventory::set_policy(tx, &ctx, &ctx.permit().unwrap(), item, tracked, false).await
    })
    .await
    .unwrap();
}

const OPEN: &str = "select cast(count(*) as bigint) from commitment where state <> 'closed'";

both! {
    async fn what_needs_no_parcel_is_done_with_the_sale(w) {
        let (ticket, _) = good(&w, "Ticket", false, &[(w.ctx.store.location, 10)]).await;
        let p = buy(&w, &[(ticket, 3)]).await;
        assert_eq!((sellable(&w, ticket).await, w.count(OPEN).await), (Some(7), 0), "nothing is promised for ever");
        assert_eq!(w.count("select cast(sum(on_hand_delta) as bigint) from movement where reason = 'handed_over'").await, -3);
        w.lawful().await;
        w.let_time_pass().await;
        let page = w.page(p.order).await;
        assert_eq!((page.payment, page.head.state, page.fulfilment), (OrderPayment::Paid, OrderState::Closed, warehouse::OrderFulfilment::Nothing));
        let item = RefundItem { line: page.lines[0].id, quantity: 2, restock: Some(w.ctx.store.location) };
        refund(&w, p.order, vec![item]).await;
        assert_eq!(sellable(&w, ticket).await, Some(9));
        w.lawful().await;
    }

    async fn free_goods_without_a_parcel_close_by_themselves(w) {
        let (gift, _) = good(&w, "Sample", false, &[(w.ctx.store.location, 5)]).await;
        let ctx = w.ctx.clone();
        w.db.write("free", async move |tx: &mut Tx| pricing::set_price(tx, &ctx, &ctx.permit().unwrap(), pricing::NewPrice::plain(gift, 0)).await).await.unwrap();
        let cart = cart(&w, &[(gift, 1)]).await;
        let p = w.pay(cart, "test", "tok_success", "free").await.unwrap();
        w.let_time_pass().await;
        assert_eq!(w.page(p.order).await.head.state, OrderState::Closed);
        w.lawful().await;
    }

    async fn a_mixed_order_ships_what_can_be_shipped(w) {
        let (ticket, _) = good(&w, "Ticket", false, &[(w.ctx.store.location, 10)]).await;
        let p = buy(&w, &[(w.variant, 2), (ticket, 1)]).await;
        w.work().await.unwrap();
        let page = w.page(p.order).await;
        assert_eq!((sellable(&w, ticket).await, page.payment), (Some(9), OrderPayment::Authorised), "the money comes with the parcel");
        assert_eq!(page.fulfilment_lines.iter().map(|l| (l.variant, l.quantity)).collect::<Vec<_>>(), [(w.variant, 2)]);
        w.lawful().await;
        let ship = Ship { fulfilment: page.fulfilments[0].id, lines: vec![(page.fulfilment_lines[0].id, 1)], carrier: String::new(), tracking_number: String::new(), tracking_url: String::new(), notify: true };
        flows::ship(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), ship).await.unwrap();
        w.work().await.unwrap();
        assert_eq!(w.page(p.order).await.payments[0].captured_minor, 2 * PRICE + SHIPPING, "an apple, the ticket, the shipping");
        ship_all(&w, p.order).await;
        w.let_time_pass().await;
        let end = w.page(p.order).await;
        assert_eq!((end.head.state, end.payment, w.count(OPEN).await), (OrderState::Closed, OrderPayment::Paid, 0));
        w.lawful().await;
    }

    async fn a_cancelled_order_gives_back_what_was_handed_over(w) {
        let (ticket, _) = good(&w, "Ticket", false, &[(w.ctx.store.location, 10)]).await;
        let p = buy(&w, &[(w.variant, 2), (ticket, 4)]).await;
        let line = w.page(p.order).await.lines.iter().find(|l| l.variant == Some(ticket)).unwrap().id;
        refund(&w, p.order, vec![RefundItem { line, quantity: 1, restock: Some(w.ctx.store.location) }]).await;
        assert_eq!(sellable(&w, ticket).await, Some(7));
        let cancel = flows::Cancel { order: p.order, reason: String::new(), notify: false };
        flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel).await.unwrap();
        assert_eq!((sellable(&w, ticket).await, w.sellable().await), (Some(10), crate::world::STOCK));
        w.lawful().await;
    }

    async fn a_refund_frees_what_it_takes_off_the_request(w) {
        let barn = barn(&w).await;
        let (pear, _) = good(&w, "Pear", true, &[(w.ctx.store.location, 3), (barn, 4)]).await;
        let p = buy(&w, &[(pear, 6)]).await;
        let page = w.page(p.order).await;
        assert_eq!(page.fulfilments.len(), 2);
        w.lawful().await;
        for left in [4, 2] {
            refund(&w, p.order, vec![RefundItem { line: page.lines[0].id, quantity: 2, restock: None }]).await;
            assert_eq!(w.page(p.order).await.fulfilment_lines.iter().map(warehouse::FulfilmentLine::left).sum::<i64>(), left);
            w.lawful().await;
        }
        ship_all(&w, p.order).await;
        w.let_time_pass().await;
        assert_eq!((w.page(p.order).await.head.state, w.count(OPEN).await, sellable(&w, pear).await), (OrderState::Closed, 0, Some(5)));
        w.lawful().await;
    }

    async fn counting_that_ends_or_begins_leaves_orders_whole(w) {
        let (nut, item) = good(&w, "Nut", true, &[(w.ctx.store.location, 10)]).await;
        let counted = buy(&w, &[(nut, 3)]).await;
        policy(&w, item, false).await;
        let uncounted = buy(&w, &[(nut, 2)]).await;
        ship_all(&w, counted.order).await;
        assert_eq!(w.count(OPEN).await, 0);
        policy(&w, item, true).await;
        assert_eq!(sellable(&w, nut).await, Some(7));
        ship_all(&w, uncounted.order).await;
        assert_eq!(sellable(&w, nut).await, Some(5));
        let page = w.page(uncounted.order).await;
        w.work().await.unwrap();
        refund(&w, uncounted.order, vec![RefundItem { line: page.lines[0].id, quantity: 1, restock: Some(w.ctx.store.location) }]).await;
        assert_eq!(sellable(&w, nut).await, Some(6));
        w.lawful().await;
    }

    async fn what_a_late_answer_opens_is_what_was_taken(w) {
        let barn = barn(&w).await;
        let (_, tea) = good(&w, "Tea", true, &[(w.ctx.store.location, 7), (barn, 13)]).await;
        let case = product(&w, "Case", true).await;
        w.db.write("case", async move |tx: &mut Tx| inventory::attach(tx, case, tea, 6).await).await.unwrap();
        let cart = w.cart_of(case, 3).await;
        let first = w.pay(cart, "test", "tok_challenge", "k").await.unwrap();
        // the case is smaller by the time the bank says yes
        w.db.write("smaller", async move |tx: &mut Tx| inventory::attach(tx, case, tea, 4).await).await.unwrap();
        let payment = w.page(first.order).await.payments[0].id;
        assert!(w.bank.answer_challenge(payment, true).await.unwrap());
        let now = flows::return_from_action(&w.shop, &w.ctx.shopper(), payment).await.unwrap();
        assert_eq!(now.outcome, Outcome::Placed);
        let mut parts: Vec<i64> = w.page(first.order).await.fulfilment_lines.iter().map(|l| l.quantity).collect();
        parts.sort();
        assert_eq!(parts, [1, 2]);
        ship_all(&w, first.order).await;
        assert_eq!(w.count(OPEN).await, 0);
        w.lawful().await;
    }

    async fn a_kit_is_sold_only_where_its_parts_lie_together(w) {
        let barn = barn(&w).await;
        let (_, jar) = good(&w, "Jar", true, &[(w.ctx.store.location, 5), (barn, 1)]).await;
        let (_, spoon) = good(&w, "Spoon", true, &[(barn, 9)]).await;
        let kit = product(&w, "Kit", true).await;
        w.db.write("kit", async move |tx: &mut Tx| {
            inventory::attach(tx, kit, jar, 1).await?;
            inventory::attach(tx, kit, spoon, 2).await
        }).await.unwrap();
        assert_eq!(sellable(&w, kit).await, Some(1));
        let p = buy(&w, &[(kit, 1)]).await;
        let page = w.page(p.order).await;
        assert_eq!(page.fulfilments.iter().map(|f| f.location).collect::<Vec<_>>(), [barn]);
        ship_all(&w, p.order).await;
        assert_eq!((w.count(OPEN).await, sellable(&w, kit).await), (0, Some(0)));
        w.lawful().await;
    }

    async fn goods_come_back_only_within_reach(w) {
        let barn = barn(&w).await;
        let p = w.buy(2).await;
        ship_all(&w, p.order).await;
        w.work().await.unwrap();
        let line = w.page(p.order).await.lines[0].id;
        let scope = Scope { locations: vec![w.ctx.store.location], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let till = w.ctx.acting(Actor::Key { id: w.ctx.id(), name: "Till".into() }, grants);
        let input = |location| Refund { order: p.order, lines: vec![RefundItem { line, quantity: 1, restock: Some(location) }], shipping_minor: 0, adjustment_minor: 0, reason: String::new() };
        let there = flows::refund(&w.shop, &till, &till.permit().unwrap(), input(barn)).await;
        assert!(matches!(there, Err(Error::Inventory(inventory::Error::NotFound { what: "location" }))), "{there:?}");
        flows::refund(&w.shop, &till, &till.permit().unwrap(), input(w.ctx.store.location)).await.unwrap();
        w.lawful().await;
    }

    async fn nobody_moves_money_of_another_channel(w) {
        let p = w.buy(2).await;
        let payment = w.page(p.order).await.payments[0].id;
        let scope = Scope { channels: vec![w.ctx.id()], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let other = w.ctx.acting(Actor::Key { id: w.ctx.id(), name: "Market".into() }, grants);
        let before = w.page(p.order).await.payment;
        let hidden = |e: Error| matches!(e, Error::Payments(payments::Error::NotFound { .. }) | Error::Orders(orders::Error::NotFound));
        assert!(hidden(flows::capture(&w.shop, &other, &other.permit().unwrap(), payment, 1).await.unwrap_err()));
        assert!(hidden(flows::void(&w.shop, &other, &other.permit().unwrap(), payment).await.unwrap_err()));
        assert!(hidden(flows::decide(&w.shop, &other, &other.permit().unwrap(), payment, flows::Happened::Paid).await.unwrap_err()));
        let cancel = flows::Cancel { order: p.order, reason: String::new(), notify: false };
        assert!(hidden(flows::cancel_order(&w.shop, &other, &other.permit().unwrap(), cancel).await.unwrap_err()));
        let back = Refund { order: p.order, lines: vec![], shipping_minor: 1, adjustment_minor: 0, reason: String::new() };
        assert!(hidden(flows::refund(&w.shop, &other, &other.permit().unwrap(), back).await.unwrap_err()));
        let page = w.page(p.order).await;
        let lines = page.fulfilment_lines.iter().map(|l| (l.id, 1)).collect();
        let ship = flows::Ship { fulfilment: page.fulfilments[0].id, lines, carrier: String::new(), tracking_number: String::new(), tracking_url: String::new(), notify: false };
        assert!(hidden(flows::ship(&w.shop, &other, &other.permit().unwrap(), ship).await.unwrap_err()));
        let after = w.page(p.order).await;
        assert_eq!((after.payment, after.fulfilment), (before, warehouse::OrderFulfilment::Unfulfilled));
        w.lawful().await;
    }

    async fn many_lines_cost_no_more_than_two(w) {
        let mut all = vec![(w.variant, 1)];
        for title in ["Bread", "Cheese", "Dates", "Eggs"] {
            all.push((good(&w, title, true, &[(w.ctx.store.location, 9)]).await.0, 1));
        }
        buy(&w, &all).await; // statements are warm
        let mut took = vec![];
        for lines in [&all[..2], &all[..]] {
            let cart = cart(&w, lines).await;
            let before = w.db.stats().statements();
            w.pay(cart, "test", "tok_success", &format!("lean-{}", cart.0)).await.unwrap();
            took.push(w.db.stats().statements() - before);
        }
        assert_eq!(took[0], took[1]);
        // look 7 (a server remembers all of it but the stock), T1 11, T2 11
        assert!(took[1] <= 29, "{took:?}");
        w.lawful().await;
    }
}
