//! Counted or not, below zero or not, also while orders are open.

use inventory::Error;

use crate::world::{MIGRATIONS, Shop};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn oversell_is_on_purpose(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(1, 0).await;
        w.policy(item, true, true).await.unwrap();
        let sale = w.want(variant, 5).await.unwrap();
        assert_eq!((sale.parts(), w.alerts().await.len()), (vec![(w.front, 5)], 1));
        w.lawful().await;
    }

    async fn a_loss_may_not_eat_a_promise(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(5, 0).await;
        w.want(variant, 4).await.unwrap();
        assert!(matches!(w.put(item, w.front, -2).await, Err(Error::BelowPromised { would_be: 3, promised: 4 })));
    }

    async fn what_was_promised_is_kept_when_counting_ends(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(5, 0).await;
        let (shipped, freed) = (w.sell(variant, 2).await, w.sell(variant, 1).await);
        w.policy(item, false, false).await.unwrap();
        assert_eq!(w.sellable(variant).await, None);
        w.ship(&shipped, w.front, 2).await.unwrap();
        w.release_line(&freed, w.front, 1).await.unwrap();
        assert_eq!(w.level(item, w.front).await, (3, 0, 0), "nothing stays promised for ever");
        w.restock(&shipped, w.front, 1).await;
        w.policy(item, true, false).await.unwrap();
        assert_eq!(w.sellable(variant).await, Some(4));
        w.lawful().await;
    }

    async fn what_was_sold_uncounted_ships_when_counting_begins(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(0, 0).await;
        w.policy(item, false, false).await.unwrap();
        let (shipped, freed) = (w.sell(variant, 2).await, w.sell(variant, 1).await);
        assert!(shipped.taken.is_empty());
        w.policy(item, true, false).await.unwrap();
        w.put(item, w.front, 10).await.unwrap(); // counted: what is to be shipped lies there too
        w.ship(&shipped, w.front, 2).await.unwrap();
        assert_eq!(w.level(item, w.front).await, (8, 0, 0), "it left, so it is not on hand");
        w.release_line(&freed, w.front, 1).await.unwrap();
        assert_eq!((w.level(item, w.front).await, w.alerts().await.len()), ((8, 0, 0), 0));
        let more = w.sell(variant, 8).await;
        w.ship(&freed, w.front, 1).await.unwrap();
        assert_eq!((w.level(item, w.front).await, w.alerts().await.len()), ((7, 0, 8), 1), "a person is told");
        w.release(&more).await;
        w.lawful().await;
    }

    async fn a_line_is_settled_by_what_it_took(db) {
        let w = Shop::open(&db).await;
        let ((single, tea), (_, box_)) = (w.good(24, 0).await, w.good(9, 0).await);
        let case = w.made_of(&[(tea, 6)]).await;
        let sale = w.sell(case, 3).await;
        // the case is smaller by now, and comes in a box
        let new = vec![(tea, 4), (box_, 1)];
        db.write("change", async move |tx: &mut db::Tx| {
            for (item, factor) in &new { inventory::attach(tx, case, *item, *factor).await?; }
            Ok::<_, Error>(())
        }).await.unwrap();
        assert_eq!(w.db.read(async |tx: &mut db::Tx| inventory::units_held(tx, sale.order).await).await.unwrap(), [(sale.line, w.front, 3)]);
        w.ship(&sale, w.front, 1).await.unwrap();
        w.release_line(&sale, w.front, 1).await.unwrap();
        assert_eq!((w.level(tea, w.front).await, w.level(box_, w.front).await), ((18, 0, 6), (9, 0, 0)));
        w.restock(&sale, w.front, 1).await;
        w.ship(&sale, w.front, 1).await.unwrap();
        assert_eq!((w.level(tea, w.front).await, w.sellable(single).await), ((18, 0, 0), Some(18)));
        w.lawful().await;
    }

    async fn an_import_changes_policy_under_open_orders(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(5, 0).await;
        let sale = w.sell(variant, 3).await;
        for (tracked, on_hand) in [(false, None), (true, Some(2))] {
            let row = inventory::ImportLevel { variant, location: w.front, on_hand, tracked, oversell: false };
            let c = w.ctx.clone();
            db.write("import", async move |tx: &mut db::Tx| inventory::import_levels(tx, &c, std::slice::from_ref(&row), None).await).await.unwrap();
        }
        assert_eq!((w.level(item, w.front).await, w.alerts().await.len()), ((2, 0, 3), 1));
        w.ship(&sale, w.front, 3).await.unwrap();
        assert_eq!(w.level(item, w.front).await, (-1, 0, 0));
        w.lawful().await;
    }

    async fn a_change_of_policy_is_remembered(db) {
        let w = Shop::open(&db).await;
        let (_, item) = w.good(5, 0).await;
        w.policy(item, true, true).await.unwrap();
        assert_eq!(w.count("select cast(count(*) as bigint) from audit where verb = 'inventory.policy'").await, 1);
        let c = w.ctx.clone();
        db.write("aside", async move |tx: &mut db::Tx| inventory::quarantine(tx, &c, &c.permit().unwrap(), item, c.store.location, 2, "wet").await).await.unwrap();
        assert_eq!(w.count("select cast(count(*) as bigint) from audit where verb = 'inventory.quarantine'").await, 1);
        w.lawful().await;
    }

    async fn importing_twice_changes_nothing_more(db) {
        let w = Shop::open(&db).await;
        let rows: Vec<inventory::ImportLevel> = (0..50).map(|i| inventory::ImportLevel { variant: w.ctx.id(), location: w.front, on_hand: Some(i), tracked: true, oversell: false }).collect();
        for _ in 0..2 {
            let (c, rows) = (w.ctx.clone(), rows.clone());
            db.write("import", async move |tx: &mut db::Tx| inventory::import_levels(tx, &c, &rows, None).await).await.unwrap();
        }
        assert_eq!((w.count("select cast(count(*) as bigint) from movement").await, w.sellable(rows[49].variant).await), (49, Some(49)));
        w.lawful().await;
    }
}
