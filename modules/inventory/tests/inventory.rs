//! Stock on both engines: nothing oversold, nothing lost, every law breakable.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use db::{Db, Tx, params};
use inventory::{Error, Reason, Wanted};
use kernel::{Address, Ctx, Id, InventoryItemId, LocationId, OrderId, OrderLineId, VariantId};
use proptest::prelude::*;

async fn shop(db: &Db, ctx: &Ctx, second: bool) -> (VariantId, InventoryItemId, LocationId) {
    let (c, other, variant): (Ctx, LocationId, VariantId) = (ctx.clone(), ctx.id(), ctx.id());
    let item = db
        .write("shop", async move |tx: &mut Tx| {
            inventory::create_location(tx, &c, c.store.location, "Shop", &Address::default()).await?;
            if second {
                inventory::create_location(tx, &c, other, "Barn", &Address::default()).await?;
            }
            inventory::create_item(tx, &c, variant, true, false).await
        })
        .await
        .unwrap();
    (variant, item, other)
}

async fn put(db: &Db, ctx: &Ctx, item: InventoryItemId, location: LocationId, n: i64) {
    let c = ctx.clone();
    db.write("put", async move |tx: &mut Tx| {
        inventory::adjust(tx, &c, &c.permit().unwrap(), item, location, n, Reason::Received, "").await
    })
    .await
    .unwrap();
}

async fn want(
    db: &Db,
    ctx: &Ctx,
    variant: VariantId,
    quantity: i64,
) -> Result<(OrderId, OrderLineId, Vec<inventory::Taken>), Error> {
    let (order, line, c): (OrderId, OrderLineId, Ctx) = (ctx.id(), ctx.id(), ctx.clone());
    let taken = db
        .write(db::Unit::named("want").read_committed(), async move |tx: &mut Tx| {
            let a = inventory::available_of(tx, &[variant]).await?;
            inventory::reserve(
                tx,
                &c,
                order,
                &[Wanted { line, variant, quantity, components: a[0].components.clone() }],
            )
            .await
        })
        .await?;
    Ok((order, line, taken))
}

async fn sellable(db: &Db, variant: VariantId) -> Option<i64> {
    db.read(async |tx: &mut Tx| inventory::available_of(tx, &[variant]).await).await.unwrap()[0].sellable()
}

async fn broken(db: &Db) -> Vec<&'static str> {
    db.read(async |tx: &mut Tx| db::check(tx, inventory::LAWS).await)
        .await
        .unwrap()
        .into_iter()
        .map(|v| v.law)
        .collect()
}

testkit::on_both! {
    migrations = &[work::MIGRATIONS, inventory::MIGRATIONS];

    async fn an_order_takes_and_ships(db) {
        let ctx = testkit::ctx();
        let (variant, item, _) = shop(&db, &ctx, false).await;
        put(&db, &ctx, item, ctx.store.location, 10).await;
        let (order, line, taken) = want(&db, &ctx, variant, 3).await.unwrap();
        assert_eq!((taken.len(), sellable(&db, variant).await), (1, Some(7)));
        let c = ctx.clone();
        db.write("ship", async move |tx: &mut Tx| {
            inventory::allocate(tx, &c, order).await?;
            inventory::ship(tx, &c, order, line, variant, c.store.location, 2, order.uuid()).await?;
            Ok::<_, Error>(())
        }).await.unwrap();
        let c = ctx.clone();
        let again = db.write("ship", async move |tx: &mut Tx| inventory::ship(tx, &c, order, line, variant, c.store.location, 2, order.uuid()).await).await;
        assert!(matches!(again, Err(Error::NotCommitted { .. })));
        let c = ctx.clone();
        db.write("release", async move |tx: &mut Tx| {
            inventory::release_line(tx, &c, order, line, variant, 1).await?;
            inventory::receive(tx, &c, variant, c.store.location, 1, Reason::Returned, order.uuid()).await
        }).await.unwrap();
        assert_eq!(sellable(&db, variant).await, Some(9));
        assert!(broken(&db).await.is_empty(), "{:?}", broken(&db).await);
        let rows = db.read(async |tx: &mut Tx| inventory::movements(tx, &ctx, &ctx.permit().unwrap(), item, None, Default::default()).await).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.on_hand_delta).sum::<i64>(), 9);
        assert_eq!(rows[0].on_hand, 9, "the newest row ends with what lies there");
    }

    async fn pages_of_stock_hold_whole_items(db) {
        let ctx = testkit::ctx();
        let (variant, item, barn) = shop(&db, &ctx, true).await;
        put(&db, &ctx, item, ctx.store.location, 3).await;
        put(&db, &ctx, item, barn, 4).await;
        let (c, empty): (Ctx, VariantId) = (ctx.clone(), ctx.id());
        let none = db.write("item", async move |tx: &mut Tx| inventory::create_item(tx, &c, empty, true, false).await).await.unwrap();
        let page = |view, location, variants: Option<Vec<VariantId>>, after: Option<String>| {
            let (db, ctx) = (&db, &ctx);
            async move {
                let filter = inventory::StockFilter { view, location, variants };
                let after = after.map(|a| kernel::Cursor::decode(&a).unwrap());
                db.read(async |tx: &mut Tx| {
                    let permit = ctx.permit().unwrap();
                    inventory::stock_page(tx, ctx, &permit, &filter, after.as_ref(), kernel::PageSize::new(1)).await
                }).await.unwrap()
            }
        };
        use inventory::StockView::{All, Below, Out};
        let first = page(All, None, None, None).await;
        assert_eq!(first.rows.iter().map(|r| r.item).collect::<Vec<_>>(), [none]);
        let second = page(All, None, None, first.next).await;
        assert_eq!((second.rows.len(), second.rows[0].item, second.next), (2, item, None));
        assert_eq!(page(Out, None, None, None).await.rows[0].item, none);
        assert!(page(Below, None, None, None).await.rows.is_empty());
        assert_eq!(page(All, Some(barn), Some(vec![variant]), None).await.rows[0].on_hand, 4);
        assert!(page(All, None, Some(vec![]), None).await.rows.is_empty());
        let lies = db.read(async |tx: &mut Tx| inventory::items_by_location(tx, &ctx).await).await.unwrap();
        assert_eq!(lies.len(), 2);
    }

    async fn what_no_place_has_is_gathered(db) {
        let ctx = testkit::ctx();
        let (variant, item, barn) = shop(&db, &ctx, true).await;
        put(&db, &ctx, item, ctx.store.location, 3).await;
        put(&db, &ctx, item, barn, 4).await;
        let (_, _, taken) = want(&db, &ctx, variant, 4).await.unwrap();
        assert_eq!(taken[0].location, barn, "one place has all: no split");
        let Err(Error::NotEnoughStock { wanted: 9, left: 3, .. }) = want(&db, &ctx, variant, 9).await else { panic!() };
        let (_, _, taken) = want(&db, &ctx, variant, 3).await.unwrap();
        assert_eq!(taken[0].location, ctx.store.location);
        put(&db, &ctx, item, barn, 2).await;
        put(&db, &ctx, item, ctx.store.location, 2).await;
        let (order, _, taken) = want(&db, &ctx, variant, 4).await.unwrap();
        assert_eq!(taken.len(), 2);
        let c = ctx.clone();
        db.write("release", async move |tx: &mut Tx| inventory::release(tx, &c, order).await).await.unwrap();
        assert_eq!(sellable(&db, variant).await, Some(4));
        assert!(broken(&db).await.is_empty());
    }

    async fn a_case_and_a_single_share_stock(db) {
        let ctx = testkit::ctx();
        let (single, item, _) = shop(&db, &ctx, false).await;
        let case: VariantId = ctx.id();
        db.write("case", async move |tx: &mut Tx| inventory::attach(tx, case, item, 6).await).await.unwrap();
        put(&db, &ctx, item, ctx.store.location, 13).await;
        assert_eq!((sellable(&db, case).await, sellable(&db, single).await), (Some(2), Some(13)));
        want(&db, &ctx, case, 2).await.unwrap();
        assert_eq!((sellable(&db, case).await, sellable(&db, single).await), (Some(0), Some(1)));
    }

    async fn a_race_sells_what_there_is(db) {
        let ctx = testkit::ctx();
        let (variant, item, _) = shop(&db, &ctx, false).await;
        put(&db, &ctx, item, ctx.store.location, 20).await;
        let buyers: Vec<_> = (0..50).map(|i| { let db = db.clone(); tokio::spawn(async move {
            want(&db, &testkit::ctx_at(testkit::clock(), 1000 + i), variant, 1).await.is_ok()
        })}).collect();
        let mut sold = 0;
        for b in buyers { sold += i32::from(b.await.unwrap()); }
        assert_eq!((sold, sellable(&db, variant).await), (20, Some(0)));
        assert!(broken(&db).await.is_empty());
    }

    async fn oversell_is_on_purpose(db) {
        let ctx = testkit::ctx();
        let (variant, item, _) = shop(&db, &ctx, false).await;
        put(&db, &ctx, item, ctx.store.location, 1).await;
        let c = ctx.clone();
        db.write("policy", async move |tx: &mut Tx| inventory::set_policy(tx, &c, item, true, true).await).await.unwrap();
        want(&db, &ctx, variant, 5).await.unwrap();
        assert_eq!(db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap().len(), 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn a_loss_may_not_eat_a_promise(db) {
        let ctx = testkit::ctx();
        let (variant, item, _) = shop(&db, &ctx, false).await;
        put(&db, &ctx, item, ctx.store.location, 5).await;
        want(&db, &ctx, variant, 4).await.unwrap();
        let c = ctx.clone();
        let r = db.write("lose", async move |tx: &mut Tx| inventory::adjust(tx, &c, &c.permit().unwrap(), item, c.store.location, -2, Reason::Lost, "").await).await;
        assert!(matches!(r, Err(Error::BelowPromised { would_be: 3, promised: 4 })));
    }

    async fn importing_twice_changes_nothing_more(db) {
        let ctx = testkit::ctx();
        let c = ctx.clone();
        db.write("loc", async move |tx: &mut Tx| inventory::create_location(tx, &c, c.store.location, "Shop", &Address::default()).await).await.unwrap();
        let rows: Vec<inventory::ImportLevel> = (0..50).map(|i| inventory::ImportLevel { variant: ctx.id(), location: ctx.store.location, on_hand: Some(i), tracked: true, oversell: false }).collect();
        for _ in 0..2 {
            let (c, rows) = (ctx.clone(), rows.clone());
            db.write("import", async move |tx: &mut Tx| inventory::import_levels(tx, &c, &rows, None).await).await.unwrap();
        }
        let n: i64 = db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from movement", &[]).await).await.unwrap();
        assert_eq!((n, sellable(&db, rows[49].variant).await), (49, Some(49)));
        assert!(broken(&db).await.is_empty());
    }

    async fn every_law_can_be_broken(db) {
        let ctx = testkit::ctx();
        let (variant, item, _) = shop(&db, &ctx, false).await;
        put(&db, &ctx, item, ctx.store.location, 5).await;
        want(&db, &ctx, variant, 2).await.unwrap();
        assert!(broken(&db).await.is_empty());
        let mut seen = vec![];
        for (text, back, law) in [
            ("update stock_level set on_hand = on_hand + 1", "update stock_level set on_hand = on_hand - 1", "inventory.ledger_is_level"),
            ("update stock_level set reserved = reserved + 1", "update stock_level set reserved = reserved - 1", "inventory.commitments_explain_levels"),
            ("update commitment set state = 'closed'", "update commitment set state = 'reserved'", "inventory.closed_commitments_are_done"),
            ("update stock_level set reserved = reserved + 9", "update stock_level set reserved = reserved - 9", "inventory.below_zero_only_on_purpose"),
        ] {
            db.write("break", async move |tx: &mut Tx| { let t = text.to_owned(); tx.exec(&t, &[]).await }).await.unwrap();
            assert!(broken(&db).await.contains(&law), "{law}");
            seen.push(law);
            db.write("mend", async move |tx: &mut Tx| { let t = back.to_owned(); tx.exec(&t, &[]).await }).await.unwrap();
        }
        db.write("break", async |tx: &mut Tx| tx.exec("delete from stock_level", &[]).await).await.unwrap();
        seen.extend(broken(&db).await);
        assert!(seen.contains(&"inventory.movements_have_levels"));
        testkit::every_law_was_broken(inventory::LAWS, &seen);
        for text in db::texts() { if let Err(e) = db.prepare(text).await { panic!("{e}\n{text}"); } }
        let _ = params![Id::<()>::from_uuid(uuid::Uuid::nil())];
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    // Whatever is received, wanted, shipped and released: the ledger, the levels and the promises agree.
    #[test]
    fn stock_is_conserved(steps in proptest::collection::vec((0u8..5, 1i64..6), 1..25)) {
        testkit::run(testkit::Engine::Sqlite, &[work::MIGRATIONS, inventory::MIGRATIONS], |db| async move {
            let ctx = testkit::ctx();
            let (variant, item, barn) = shop(&db, &ctx, true).await;
            let mut held: Vec<(OrderId, OrderLineId, LocationId, i64)> = vec![];
            let mut there = 0i64;
            for (what, n) in steps {
                match what {
                    0 | 1 => { put(&db, &ctx, item, if what == 0 { ctx.store.location } else { barn }, n).await; there += n; }
                    2 => {
                        let promised: i64 = held.iter().map(|h| h.3).sum();
                        match want(&db, &ctx, variant, n).await {
                            Ok((order, line, taken)) => { for t in taken { held.push((order, line, t.location, t.quantity)); } }
                            Err(Error::NotEnoughStock { left, .. }) => assert!(left == there - promised && left < n),
                            Err(e) => panic!("{e}"),
                        }
                    }
                    3 => if let Some((order, line, location, q)) = held.pop() {
                        let c = ctx.clone();
                        db.write("ship", async move |tx: &mut Tx| { inventory::allocate(tx, &c, order).await?; inventory::ship(tx, &c, order, line, variant, location, q, order.uuid()).await }).await.unwrap();
                        there -= q;
                    },
                    _ => if let Some((order, ..)) = held.first().copied() {
                        let c = ctx.clone();
                        db.write("release", async move |tx: &mut Tx| inventory::release(tx, &c, order).await).await.unwrap();
                        held.retain(|h| h.0 != order);
                    },
                }
                let promised: i64 = held.iter().map(|h| h.3).sum();
                assert_eq!(sellable(&db, variant).await, Some(there - promised));
            }
            assert!(broken(&db).await.is_empty());
        });
    }
}
