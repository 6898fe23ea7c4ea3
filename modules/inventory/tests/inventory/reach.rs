//! A right that reaches one location does nothing at another.

use inventory::Error;
use kernel::{Address, PageSize};

use crate::world::{MIGRATIONS, Shop};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn writes_stay_within_reach(db) {
        let w = Shop::open(&db).await;
        let ((_, here), (_, both)) = (w.good(5, 0).await, w.good(5, 5).await);
        let (till, barn) = (w.only_at(w.front), w.only_at(w.barn));
        assert!(matches!(barn.put(here, w.front, 1).await, Err(Error::NotFound { .. })));
        till.put(here, w.front, 1).await.unwrap();
        assert!(matches!(till.policy(both, false, false).await, Err(Error::NotFound { .. })), "the policy is the barn's too");
        till.policy(here, true, true).await.unwrap();
        for (who, ok) in [(&till, true), (&barn, false)] {
            let (c, front) = (who.ctx.clone(), w.front);
            let aside = db.write("aside", async move |tx: &mut db::Tx| inventory::quarantine(tx, &c, &c.permit().unwrap(), here, front, 1, "").await).await;
            assert_eq!(aside.is_ok(), ok);
            let c = who.ctx.clone();
            let named = db.write("rename", async move |tx: &mut db::Tx| inventory::update_location(tx, &c, &c.permit().unwrap(), front, "Till", &Address::default(), 1, true).await).await;
            assert_eq!(named.is_ok(), ok);
        }
        w.lawful().await;
    }

    async fn another_stores_stock_is_not_there(db) {
        let w = Shop::open(&db).await;
        let (_, item) = w.good(5, 0).await;
        let mut other = (*w.ctx.store).clone();
        other.id = w.ctx.id();
        let elsewhere = Shop { ctx: w.ctx.in_store(std::sync::Arc::new(other)), ..w.clone() };
        assert!(matches!(elsewhere.put(item, w.front, 1).await, Err(Error::NotFound { .. })));
        assert!(matches!(elsewhere.policy(item, false, false).await, Err(Error::NotFound { .. })));
        let nowhere = w.put(item, w.ctx.id(), 1).await;
        assert!(matches!(nowhere, Err(Error::NotFound { .. })), "{nowhere:?}");
        w.lawful().await;
    }

    async fn lists_count_what_is_within_reach(db) {
        let w = Shop::open(&db).await;
        let (_, barns) = w.good(0, 4).await;
        db.write("gone", async |tx: &mut db::Tx| tx.exec("delete from stock_level where on_hand = 0", &[]).await).await.unwrap();
        for _ in 0..3 { w.good(1, 0).await; }
        let barn = w.only_at(w.barn);
        let filter = inventory::StockFilter { view: inventory::StockView::All, location: None, variants: None };
        let (ctx, permit) = (barn.ctx.clone(), barn.ctx.permit().unwrap());
        let page = db.read(async |tx: &mut db::Tx| inventory::stock_page(tx, &ctx, &permit, &filter, None, PageSize::new(2)).await).await.unwrap();
        assert_eq!((page.rows.iter().map(|r| r.item).collect::<Vec<_>>(), page.next), (vec![barns], None));
        w.put(barns, w.front, 1).await.unwrap();
        let moved = db.read(async |tx: &mut db::Tx| inventory::movements(tx, &ctx, &permit, barns, None, PageSize::new(1)).await).await.unwrap();
        assert_eq!((moved.rows[0].location_name.as_str(), moved.next), ("Barn", None));
        let levels = db.read(async |tx: &mut db::Tx| inventory::levels(tx, &permit, barns).await).await.unwrap();
        assert_eq!(levels.iter().map(|l| l.location).collect::<Vec<_>>(), [w.barn]);
    }
}
