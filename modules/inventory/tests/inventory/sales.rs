//! What orders do to stock.

use inventory::{Error, Reason};

use crate::world::{MIGRATIONS, Shop};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn an_order_takes_and_ships(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(10, 0).await;
        let sale = w.want(variant, 3).await.unwrap();
        assert_eq!((sale.taken.len(), w.sellable(variant).await), (1, Some(7)));
        w.allocate(&sale).await;
        w.ship(&sale, w.front, 2).await.unwrap();
        assert!(matches!(w.ship(&sale, w.front, 2).await, Err(Error::NotCommitted { .. })));
        assert!(matches!(w.ship(&sale, w.barn, 1).await, Err(Error::NotCommitted { .. })));
        w.release_line(&sale, w.front, 1).await.unwrap();
        w.restock(&sale, w.front, 1).await;
        assert_eq!(w.sellable(variant).await, Some(9));
        w.lawful().await;
        let ctx = w.ctx.clone();
        let rows = db.read(async |tx: &mut db::Tx| inventory::movements(tx, &ctx, &ctx.permit().unwrap(), item, None, Default::default()).await).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.on_hand_delta).sum::<i64>(), 9);
        assert_eq!((rows[0].on_hand, rows[0].reason), (9, Reason::Returned), "the newest row ends with what lies there");
    }

    async fn what_no_place_has_is_gathered(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(3, 4).await;
        assert_eq!(w.want(variant, 4).await.unwrap().parts(), [(w.barn, 4)], "one place has all: no split");
        let Err(Error::NotEnoughStock { wanted: 9, left: 3, .. }) = w.want(variant, 9).await else { panic!() };
        assert_eq!(w.want(variant, 3).await.unwrap().parts(), [(w.front, 3)]);
        w.put(item, w.barn, 2).await.unwrap();
        w.put(item, w.front, 2).await.unwrap();
        let split = w.want(variant, 4).await.unwrap();
        assert_eq!(split.taken.len(), 2);
        w.release(&split).await;
        assert_eq!(w.sellable(variant).await, Some(4));
        w.lawful().await;
    }

    async fn a_split_line_is_given_up_where_it_was_taken(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(3, 4).await;
        let sale = w.sell(variant, 6).await;
        w.release_line(&sale, w.barn, 2).await.unwrap();
        assert_eq!((w.level(item, w.front).await, w.level(item, w.barn).await), ((3, 0, 3), (4, 0, 1)));
        assert!(matches!(w.release_line(&sale, w.barn, 2).await, Err(Error::NotCommitted { .. })));
        w.ship(&sale, w.front, 3).await.unwrap();
        w.ship(&sale, w.barn, 1).await.unwrap();
        assert_eq!((w.level(item, w.front).await, w.level(item, w.barn).await), ((0, 0, 0), (3, 0, 0)));
        w.lawful().await;
    }

    async fn a_case_and_a_single_share_stock(db) {
        let w = Shop::open(&db).await;
        let (single, item) = w.good(13, 0).await;
        let case = w.made_of(&[(item, 6)]).await;
        assert_eq!((w.sellable(case).await, w.sellable(single).await), (Some(2), Some(13)));
        w.want(case, 2).await.unwrap();
        assert_eq!((w.sellable(case).await, w.sellable(single).await), (Some(0), Some(1)));
    }

    async fn half_a_case_here_and_half_there_is_none(db) {
        let w = Shop::open(&db).await;
        let (single, item) = w.good(4, 4).await;
        let case = w.made_of(&[(item, 6)]).await;
        assert_eq!((w.sellable(case).await, w.sellable(single).await), (Some(0), Some(8)), "what is shown can be had");
        assert!(matches!(w.want(case, 1).await, Err(Error::NotEnoughStock { left: 0, .. })));
        w.put(item, w.front, 4).await.unwrap();
        w.put(item, w.barn, 9).await.unwrap();
        assert_eq!(w.sellable(case).await, Some(3));
        assert_eq!(w.want(case, 3).await.unwrap().parts(), [(w.front, 1), (w.barn, 2)]);
        w.lawful().await;
    }

    async fn a_kit_leaves_from_one_place(db) {
        let w = Shop::open(&db).await;
        let ((_, jar), (_, spoon)) = (w.good(5, 1).await, w.good(0, 9).await);
        let kit = w.made_of(&[(jar, 1), (spoon, 2)]).await;
        assert_eq!(w.sellable(kit).await, Some(1), "of the jars at the front no spoon lies by");
        assert!(matches!(w.want(kit, 2).await, Err(Error::NotEnoughStock { wanted: 2, left: 1, .. })));
        let sale = w.sell(kit, 1).await;
        assert_eq!(sale.parts(), [(w.barn, 1)]);
        assert_eq!((w.level(jar, w.barn).await, w.level(spoon, w.barn).await), ((1, 0, 1), (9, 0, 2)));
        w.ship(&sale, w.barn, 1).await.unwrap();
        assert_eq!((w.level(jar, w.barn).await, w.level(spoon, w.barn).await), ((0, 0, 0), (7, 0, 0)));
        assert_eq!(w.sellable(kit).await, Some(0), "sold out, though five jars and seven spoons are there");
        w.put(spoon, w.front, 4).await.unwrap();
        w.put(jar, w.barn, 1).await.unwrap();
        let sale = w.sell(kit, 3).await;
        assert_eq!(sale.parts(), [(w.front, 2), (w.barn, 1)], "a split line splits whole kits");
        for (location, n) in sale.parts() { w.ship(&sale, location, n).await.unwrap(); }
        w.restock(&sale, w.front, 1).await;
        assert_eq!((w.level(jar, w.front).await, w.level(spoon, w.front).await), ((4, 0, 0), (2, 0, 0)));
        w.lawful().await;
    }

    async fn a_race_sells_what_there_is(db) {
        let w = Shop::open(&db).await;
        let (variant, _) = w.good(20, 0).await;
        assert_eq!(race(&w, variant, 50, 1).await, 20);
        assert_eq!(w.sellable(variant).await, Some(0));
        w.lawful().await;
    }

    async fn a_race_for_what_lies_apart(db) {
        let w = Shop::open(&db).await;
        // no location has two: every sale must gather
        let (variant, item) = w.good(1, 1).await;
        for round in 0..6 {
            assert_eq!(race(&w, variant, 8, 2).await, 1, "round {round}");
            for location in [w.front, w.barn] { w.put(item, location, 1).await.unwrap(); }
        }
        let (variant, _) = w.good(9, 11).await;
        assert_eq!(race(&w, variant, 30, 2).await, 10, "exactly what there is");
        assert_eq!(w.sellable(variant).await, Some(0));
        w.lawful().await;
    }

    async fn what_needs_no_parcel_leaves_with_the_sale(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(3, 4).await;
        let (sale, kept) = (w.sell(variant, 6).await, w.sell(variant, 1).await);
        let (c, s) = (w.ctx.clone(), sale.clone());
        db.write("hand_over", async move |tx: &mut db::Tx| inventory::hand_over(tx, &c, s.order, &[s.line]).await).await.unwrap();
        assert_eq!((w.level(item, w.front).await, w.level(item, w.barn).await), ((0, 0, 0), (1, 0, 1)));
        assert_eq!(w.count("select cast(count(*) as bigint) from movement where reason = 'handed_over'").await, 2);
        let (c, s) = (w.ctx.clone(), sale.clone());
        db.write("put_back", async move |tx: &mut db::Tx| inventory::put_back(tx, &c, s.order, s.line, 5).await).await.unwrap();
        assert_eq!(w.sellable(variant).await, Some(5));
        w.release(&kept).await;
        w.lawful().await;
    }
}

/// So many buyers at once, each of whom pays if there is some; how many of them got theirs. They wait for each other
/// in one order: nothing collides and is run again.
async fn race(w: &Shop, variant: kernel::VariantId, buyers: u64, each: i64) -> i32 {
    let seed = w.ctx.random::<4>().iter().fold(0, |n, b| n * 256 + u64::from(*b));
    let before = w.db.stats().retries();
    let buyers: Vec<_> = (0..buyers)
        .map(|i| {
            let w = w.again(seed + i);
            tokio::spawn(async move {
                let sale = w.want(variant, each).await?;
                w.allocate(&sale).await;
                Ok(())
            })
        })
        .collect();
    let mut sold = 0;
    for b in buyers {
        match b.await.unwrap() {
            Ok(()) => sold += 1,
            Err(Error::NotEnoughStock { .. }) => {}
            Err(e) => panic!("{e}"),
        }
    }
    assert_eq!(w.db.stats().retries(), before, "somebody waited in a circle");
    sold
}
