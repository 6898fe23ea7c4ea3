//! What touches money and what staff do leaves an audit row: who, what, before and after, and why.

use kernel::{Actor, Grant, Grants, Id, Scope};
use testkit::Engine;

use crate::world::{PRICE, World};

fn remembered(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(w) = World::new(engine).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        let bought = w.buy(3).await;
        let cart = w.cart(1).await;
        let due = w.pay(cart, "bank_transfer", "", "due").await.unwrap();
        let dropped = w.buy(1).await;
        let all = Grants(vec![Grant { permission: "*".to_owned(), scope: Scope::ALL }]);
        let ann = Id::from_uuid(uuid::Uuid::from_u128(5));
        let ctx = w.ctx.acting(Actor::Staff { id: ann, name: "Ann".to_owned() }, all);
        let permit = ctx.permit().unwrap();
        let page = w.page(bought.order).await;

        let payment = page.payments[0].id;
        flows::capture(&w.shop, &ctx, &permit, payment, 500).await.unwrap();
        let ship = flows::Ship {
            fulfilment: page.fulfilments[0].id,
            lines: vec![(page.fulfilment_lines[0].id, 1)],
            carrier: "PostNL".into(),
            tracking_number: "3S1".into(),
            tracking_url: String::new(),
            notify: false,
        };
        flows::ship(&w.shop, &ctx, &ctx.permit().unwrap(), ship).await.unwrap();
        let refund = flows::Refund {
            order: bought.order,
            lines: vec![],
            shipping_minor: 0,
            adjustment_minor: 100,
            reason: "late".into(),
        };
        flows::refund(&w.shop, &ctx, &ctx.permit().unwrap(), refund).await.unwrap();
        let owed = w.page(due.order).await.payments[0].id;
        flows::mark_paid(&w.shop, &ctx, &permit, owed, PRICE).await.unwrap();
        flows::void(&w.shop, &ctx, &permit, owed).await.unwrap();
        let cancel = flows::Cancel { order: dropped.order, reason: "twice".into(), notify: false };
        flows::cancel_order(&w.shop, &ctx, &ctx.permit().unwrap(), cancel).await.unwrap();
        let (c, order, request) = (ctx.clone(), bought.order, page.fulfilments[0].id);
        let parcel = w.page(order).await.shipments[0].id;
        w.db.write("by_hand", async move |tx: &mut db::Tx| {
            let (orders, parcels) = (c.permit().unwrap(), c.permit().unwrap());
            orders::set_hold(tx, &c, &orders, order, Some("check")).await.unwrap();
            orders::set_note_and_tags(tx, &c, &orders, order, "ring twice", &["vip".to_owned()])
                .await
                .unwrap();
            warehouse::set_tracking(tx, &c, &parcels, parcel, "DHL", "JJD", "").await.unwrap();
            warehouse::mark_delivered(tx, &c, &parcels, parcel).await.unwrap();
            warehouse::hold(tx, &c, &parcels, request, "no boxes").await.unwrap();
            warehouse::unhold(tx, &c, &parcels, request).await.unwrap();
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();

        let rows: Vec<(String, String)> =
            w.db.read(async |tx: &mut db::Tx| {
                tx.all("select verb, payload from audit where actor_name = 'Ann' order by at, id", &[]).await
            })
            .await
            .unwrap();
        let rows: Vec<(String, serde_json::Value)> =
            rows.into_iter().map(|(verb, text)| (verb, serde_json::from_str(&text).unwrap())).collect();
        // which of a verb's rows is first is nobody's business: they bear one moment
        let told = |verb: &str, place: &str, what: serde_json::Value| {
            let found: Vec<_> = rows.iter().filter(|(v, _)| v == verb).map(|(_, row)| row).collect();
            assert!(
                found.iter().any(|row| row.pointer(place) == Some(&what)),
                "{verb} {place} {what}: {found:?}"
            );
        };
        told("payment.capture", "/after/amount_minor", 500.into());
        told("payment.refund", "/note", "late".into());
        told("payment.refund", "/after/amount_minor", 100.into());
        told("payment.mark_paid", "/before/captured_minor", 0.into());
        told("payment.mark_paid", "/after/captured_minor", PRICE.into());
        told("payment.void", "/before/captured_minor", PRICE.into());
        told("order.cancel", "/before/state", "placed".into());
        told("order.cancel", "/note", "twice".into());
        told("shipment.ship", "/after/units", 1.into());
        told("order.hold", "/note", "check".into());
        told("order.note_and_tags", "/after/tags/0", "vip".into());
        assert!(
            !rows.iter().any(|(_, row)| row.to_string().contains("ring twice")),
            "the note's words stay with the order"
        );
        told("shipment.set_tracking", "/before/tracking_number", "3S1".into());
        told("shipment.end", "/after/state", "delivered".into());
        told("fulfilment.hold", "/after/state", "on_hold".into());
        told("fulfilment.hold", "/after/state", "open".into());
        w.lawful().await;
    });
}

#[test]
fn sqlite() {
    remembered(Engine::Sqlite);
}

#[test]
fn postgres() {
    remembered(Engine::Postgres);
}
