//! What staff and the shop itself write on an order: holds, comments, a note, tags; and who was it.

use std::time::Duration;

use kernel::{ErrorKind, Fault as _};
use orders::{Error, OrderState};

use crate::scene::{Scene, TABLES, states};

testkit::on_both! {
    migrations = TABLES;

    async fn a_hold_stands_beside_the_state(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let before = s.deeds().await.len();
            s.clock.advance(Duration::from_secs(1));
            let held = s.set_hold(id, Some("Odd address")).await;
            if matches!(state, OrderState::Closed | OrderState::Cancelled) {
                let e = held.unwrap_err();
                assert_eq!((e.kind(), e.code()), (ErrorKind::Conflict, "order_state"));
                assert_eq!(e.to_string(), format!("an order that is {state} is neither put on hold nor let go on"));
                assert!(s.set_hold(id, None).await.is_err());
                assert_eq!((s.head(id).await.hold, s.said(id).await.len(), s.deeds().await.len()), (None, 0, before));
                continue;
            }
            held.unwrap();
            let o = s.head(id).await;
            assert_eq!((o.state, o.hold.as_deref()), (state, Some("Odd address")));
            s.clock.advance(Duration::from_secs(1));
            s.set_hold(id, None).await.unwrap();
            let o = s.head(id).await;
            assert_eq!((o.state, o.hold), (state, None));
            let words = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
            assert_eq!(s.said(id).await, [words("hold", "Let go on"), words("hold", "Put on hold: Odd address")]);
            assert_eq!(s.told(id).await.iter().filter(|k| *k == "OrderReleased").count(), 1, "that it was held is no news");
            let deeds = s.deeds().await;
            let [(held, on), (let_go, off)] = &deeds[before..] else { panic!("{deeds:?}") };
            assert_eq!((held.as_str(), let_go.as_str()), ("order.hold", "order.hold"));
            assert_eq!((&on["before"]["hold"], &on["after"]["hold"], &on["note"]), (&false.into(), &true.into(), &"Odd address".into()));
            assert_eq!((&off["before"]["hold"], &off["after"]["hold"], &off["note"]), (&true.into(), &false.into(), &serde_json::Value::Null));
        }
        s.lawful().await;
    }

    async fn the_shop_holds_back_only_what_was_sold_and_goes_on(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let before = s.deeds().await.len();
            s.hold_back(id, "Not paid for in full").await;
            let held = (state == OrderState::Placed).then_some("Not paid for in full");
            assert_eq!(s.head(id).await.hold.as_deref(), held, "{state}");
            assert_eq!((s.said(id).await.len(), s.deeds().await.len() - before), (usize::from(held.is_some()), usize::from(held.is_some())));
        }
        let id = s.in_state(OrderState::Placed).await;
        s.set_hold(id, Some("Ada rang")).await.unwrap();
        s.hold_back(id, "Not paid for in full").await;
        assert_eq!(s.head(id).await.hold.as_deref(), Some("Ada rang"), "who held it first has their own reason");
        assert_eq!(s.said(id).await.len(), 1);
    }

    async fn staff_keep_a_note_beside_the_customers_words(db) {
        let s = Scene::new(&db);
        let id = s.insert(s.order()).await;
        s.set_note(id, "Slow payer", &["VIP", "gift"]).await.unwrap();
        let o = s.head(id).await;
        assert_eq!((o.note.as_str(), o.staff_note.as_str()), ("Ring twice", "Slow payer"));
        assert_eq!(o.tag_list(), ["VIP", "gift"]);
        s.clock.advance(Duration::from_secs(1));
        s.set_note(id, "Slow payer", &["VIP"]).await.unwrap();
        s.clock.advance(Duration::from_secs(1));
        s.set_note(id, "Ring twice", &["VIP"]).await.unwrap();
        let deeds = s.deeds().await;
        let told: Vec<_> = deeds.iter().map(|(verb, d)| (verb.as_str(), d["before"]["tags"].as_array().unwrap().len(), d["after"]["note_changed"].as_bool())).collect();
        let verb = "order.note_and_tags";
        assert_eq!(told, [(verb, 0, Some(true)), (verb, 2, Some(false)), (verb, 1, Some(true))], "it is the staff's note that changes");
        assert!(deeds.iter().all(|(_, d)| !d.to_string().contains("Slow payer") && !d.to_string().contains("Ring")), "its words are not in the log");
    }

    async fn a_note_has_letters_and_not_bytes(db) {
        let s = Scene::new(&db);
        let id = s.insert(s.order()).await;
        s.set_note(id, &"ü".repeat(5_000), &["ü".repeat(60).as_str(); 50]).await.unwrap();
        assert_eq!(s.head(id).await.tag_list().len(), 50);
        for (note, tags) in [("x".repeat(5_001), vec![]), (String::new(), vec!["t"; 51]), (String::new(), vec!["ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"])] {
            let e = s.set_note(id, &note, &tags).await.unwrap_err();
            assert_eq!((e.kind(), e.field()), (ErrorKind::Invalid, Some("note")));
        }
        assert_eq!(s.head(id).await.staff_note.chars().count(), 5_000, "what was refused changed nothing");
        assert!(matches!(s.set_note(s.ctx.id(), "", &[]).await, Err(Error::NotFound)));
        assert_eq!(s.deeds().await.len(), 1);
    }

    async fn the_timeline_has_the_newest_first_and_who_it_was(db) {
        let s = Scene::new(&db);
        let (id, other) = (s.insert(s.order()).await, s.insert(s.order()).await);
        let grace = s.only_of(s.ctx.store.channel);
        grace.comment(id, "  Rang them\n").await.unwrap();
        s.clock.advance(Duration::from_secs(1));
        s.comment(id, "Rang again").await.unwrap();
        s.comment(other, "Not this one").await.unwrap();
        let c = s.ctx.shopper();
        db.write("note", async move |tx: &mut db::Tx| orders::note(tx, &c, id, "placed", "Order placed", &serde_json::json!({ "amount_minor": 1300 })).await).await.unwrap();
        let mut notes = s.notes(id).await;
        assert_eq!(notes.len(), 3);
        let first = notes.pop().unwrap();
        assert_eq!((first.kind.as_str(), first.text.as_str(), first.actor_kind.as_str(), first.actor_name.as_str()), ("comment", "Rang them", "staff", "Grace"));
        let placed = notes.iter().find(|n| n.kind == "placed").unwrap();
        assert_eq!((placed.actor_kind.as_str(), placed.data.as_str(), placed.at), ("shopper", "{\"amount_minor\":1300}", s.ctx.now()));
        for wrong in [String::new(), " \n ".into(), "ü".repeat(5_001)] {
            let e = s.comment(id, &wrong).await.unwrap_err();
            assert_eq!((e.kind(), e.field()), (ErrorKind::Invalid, Some("comment")));
        }
        s.comment(id, &"ü".repeat(5_000)).await.unwrap();
        assert!(matches!(s.comment(s.ctx.id(), "Hello").await, Err(Error::NotFound)));
    }

    async fn nobody_writes_on_an_order_past_their_channels(db) {
        let s = Scene::new(&db);
        let market = s.ctx.id();
        let (mine, theirs) = (s.in_state(OrderState::Placed).await, s.through(market).in_state(OrderState::Placed).await);
        let grace = s.only_of(s.ctx.store.channel);
        let before = s.deeds().await.len();
        for e in [grace.set_hold(theirs, Some("Mine")).await, grace.set_hold(theirs, None).await, grace.comment(theirs, "Mine").await, grace.set_note(theirs, "Mine", &[]).await] {
            let e = e.unwrap_err();
            assert!(matches!(e, Error::NotFound), "{e}");
        }
        let o = s.head(theirs).await;
        assert_eq!((o.hold, o.staff_note.as_str(), s.said(theirs).await.len(), s.deeds().await.len()), (None, "", 0, before));
        grace.set_hold(mine, Some("Mine")).await.unwrap();
        grace.comment(mine, "Mine").await.unwrap();
        grace.set_note(mine, "Mine", &[]).await.unwrap();
        assert_eq!((s.said(mine).await.len(), s.deeds().await.len()), (2, before + 2));
    }
}
