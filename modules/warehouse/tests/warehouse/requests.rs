//! Requests and parcels: who may touch them, what is remembered, where what will not go is free again.

use db::Tx;
use kernel::PageSize;
use warehouse::Error;

use crate::world::{MIGRATIONS, World};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_request_is_picked_packed_and_shipped(db) {
        let w = World::new(&db).await;
        let (c, id) = (w.ctx.clone(), w.first);
        let early = db.write("pack", async move |tx: &mut Tx| warehouse::mark_packed(tx, &c, &c.permit().unwrap(), id).await).await;
        assert!(matches!(early, Err(Error::NotAllowed { action: "packed", .. })), "what was not picked is not packed");
        let c = w.ctx.clone();
        db.write("pick", async move |tx: &mut Tx| warehouse::start_picking(tx, &c, &c.permit().unwrap(), id).await).await.unwrap();
        let c = w.ctx.clone();
        db.write("pack", async move |tx: &mut Tx| warehouse::mark_packed(tx, &c, &c.permit().unwrap(), id).await).await.unwrap();
        assert_eq!(w.state(id).await, "packed");
        w.ship(id, 3).await.unwrap();
        assert_eq!(w.state(id).await, "shipped");
        assert_eq!(w.deeds().await, ["fulfilment.pack", "fulfilment.pick", "shipment.ship"]);
        w.lawful().await;
    }

    async fn deeds_are_remembered(db) {
        let w = World::new(&db).await;
        let (c, id) = (w.ctx.clone(), w.second);
        db.write("hold", async move |tx: &mut Tx| {
            warehouse::hold(tx, &c, &c.permit().unwrap(), id, "rain").await?;
            assert_eq!(warehouse::fulfilment(tx, id).await?.hold_reason.as_deref(), Some("rain"));
            warehouse::unhold(tx, &c, &c.permit().unwrap(), id).await?;
            assert_eq!(warehouse::fulfilment(tx, id).await?.hold_reason, None);
            Ok::<_, Error>(())
        }).await.unwrap();
        let (one, two) = (w.ship(id, 1).await.unwrap(), w.ship(id, 1).await.unwrap());
        let c = w.ctx.clone();
        db.write("parcels", async move |tx: &mut Tx| {
            let permit = c.permit().unwrap();
            warehouse::set_tracking(tx, &c, &permit, one, "DHL", "42", "").await?;
            warehouse::mark_delivered(tx, &c, &permit, one).await?;
            warehouse::mark_lost(tx, &c, &permit, two).await?;
            let again = warehouse::mark_lost(tx, &c, &permit, two).await;
            assert!(matches!(again, Err(Error::NotFound { .. })), "said once");
            Ok::<_, Error>(())
        }).await.unwrap();
        assert_eq!(w.deeds().await, ["fulfilment.hold", "fulfilment.hold", "shipment.end", "shipment.end", "shipment.set_tracking", "shipment.ship", "shipment.ship"]);
        w.lawful().await;
    }

    async fn nobody_reaches_past_their_location(db) {
        let w = World::new(&db).await;
        let (till, mine, theirs) = (w.only_at(w.front), w.first, w.second);
        let parcel = w.ship(theirs, 1).await.unwrap();
        assert!(matches!(till.ship(theirs, 1).await, Err(Error::NotFound { .. })));
        let c = till.ctx.clone();
        db.write("reach", async move |tx: &mut Tx| {
            let permit = c.permit().unwrap();
            assert!(matches!(warehouse::hold(tx, &c, &permit, theirs, "").await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::unhold(tx, &c, &permit, theirs).await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::start_picking(tx, &c, &permit, theirs).await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::mark_packed(tx, &c, &permit, theirs).await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::set_tracking(tx, &c, &permit, parcel, "", "", "").await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::mark_delivered(tx, &c, &permit, parcel).await, Err(Error::NotFound { .. })));
            assert!(matches!(warehouse::mark_lost(tx, &c, &permit, parcel).await, Err(Error::NotFound { .. })));
            warehouse::start_picking(tx, &c, &permit, mine).await
        }).await.unwrap();
        let mut store = (*w.ctx.store).clone();
        store.id = w.ctx.id();
        let c = w.ctx.in_store(std::sync::Arc::new(store));
        let other = db.write("other", async move |tx: &mut Tx| warehouse::mark_packed(tx, &c, &c.permit().unwrap(), mine).await).await;
        assert!(matches!(other, Err(Error::NotFound { .. })), "another store's");
        w.lawful().await;
    }

    async fn a_list_is_full_of_what_is_within_reach(db) {
        let w = World::new(&db).await;
        // both were opened at one moment, and the barn's may come first: only one row is asked for
        for (location, id) in [(w.front, w.first), (w.barn, w.second)] {
            let c = w.only_at(location).ctx;
            let rows = db.read(async |tx: &mut Tx| warehouse::to_ship(tx, &c, &c.permit().unwrap(), None, PageSize::new(1)).await).await.unwrap().rows;
            assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [id]);
        }
    }

    async fn what_will_not_go_is_free_where_it_lies(db) {
        let w = World::new(&db).await;
        w.ship(w.first, 1).await.unwrap();
        let (c, order, line) = (w.ctx.clone(), w.order, w.line);
        let parts = db.write("cancel", async move |tx: &mut Tx| {
            let parts = warehouse::cancel_line(tx, &c, order, line, 4).await?;
            for (location, n) in &parts { inventory::release_line(tx, &c, order, line, *location, *n).await.unwrap(); }
            Ok::<_, Error>(parts)
        }).await.unwrap();
        let mut parts = parts;
        parts.sort();
        let mut wanted = [(w.front, 2), (w.barn, 2)];
        wanted.sort();
        assert_eq!(parts, wanted);
        assert_eq!((w.state(w.first).await.as_str(), w.state(w.second).await.as_str()), ("shipped", "cancelled"));
        let c = w.ctx.clone();
        let more = db.write("cancel", async move |tx: &mut Tx| warehouse::cancel_line(tx, &c, order, line, 1).await).await;
        assert!(matches!(more, Err(Error::TooMany { left: 0, .. })));
        w.lawful().await;
    }
}
