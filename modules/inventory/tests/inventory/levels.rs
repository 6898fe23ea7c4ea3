//! Lists of what lies where.

use kernel::{Ctx, PageSize, VariantId};

use crate::world::{MIGRATIONS, Shop};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn pages_of_stock_hold_whole_items(db) {
        let w = Shop::open(&db).await;
        let (variant, item) = w.good(3, 4).await;
        for _ in 0..5 {
            w.made_of(&[(item, 6)]).await;
        }
        let (c, empty): (Ctx, VariantId) = (w.ctx.clone(), w.ctx.id());
        let none = db.write("item", async move |tx: &mut db::Tx| inventory::create_item(tx, &c, empty, true, false).await).await.unwrap();
        let page = |view, location, variants: Option<Vec<VariantId>>, after: Option<String>| {
            let (db, ctx) = (&db, &w.ctx);
            async move {
                let filter = inventory::StockFilter { view, location, variants };
                let after = after.map(|a| kernel::Cursor::decode(&a).unwrap());
                db.read(async |tx: &mut db::Tx| {
                    let permit = ctx.permit().unwrap();
                    inventory::stock_page(tx, ctx, &permit, &filter, after.as_ref(), PageSize::new(1)).await
                }).await.unwrap()
            }
        };
        use inventory::StockView::{All, Below, Out};
        let first = page(All, None, None, None).await;
        assert_eq!(first.rows.iter().map(|r| r.item).collect::<Vec<_>>(), [none]);
        let second = page(All, None, None, first.next).await;
        assert_eq!((second.rows.len(), second.rows[0].item, second.next.clone()), (2, item, None));
        assert!(second.rows.iter().all(|r| (r.variant, r.factor) == (variant, 1)), "under the single one, not under a case");
        assert_eq!(page(Out, None, None, None).await.rows[0].item, none);
        assert!(page(Below, None, None, None).await.rows.is_empty());
        assert_eq!(page(All, Some(w.barn), Some(vec![variant]), None).await.rows[0].on_hand, 4);
        assert!(page(All, None, Some(vec![]), None).await.rows.is_empty());
        let lies = db.read(async |tx: &mut db::Tx| inventory::items_by_location(tx, &w.ctx).await).await.unwrap();
        assert_eq!(lies.len(), 2);
    }
}
