//! Which way an order may go, and who wins where two would send it on.

use std::time::Duration;

use db::Tx;
use kernel::{ErrorKind, Fault as _, PageSize, TextState as _};
use orders::{Action, Error, OrderState, Still, next};

use crate::scene::{HELD, Scene, TABLES, states};

const ALLOWED: &[(OrderState, Action, OrderState)] = &[
    (OrderState::Draft, Action::Submit, OrderState::AwaitingPayment),
    (OrderState::Draft, Action::Cancel, OrderState::Cancelled),
    (OrderState::AwaitingPayment, Action::Place, OrderState::Placed),
    (OrderState::AwaitingPayment, Action::Cancel, OrderState::Cancelled),
    (OrderState::Placed, Action::Cancel, OrderState::Cancelled),
    (OrderState::Placed, Action::Close, OrderState::Closed),
    (OrderState::Closed, Action::Reopen, OrderState::Placed),
];

fn allowed(state: OrderState, action: Action) -> Option<OrderState> {
    ALLOWED.iter().find(|(from, by, _)| (*from, *by) == (state, action)).map(|(.., to)| *to)
}

/// A refusal that is the order's state's, said in these words.
fn refused(outcome: Result<(), Error>, text: &str) {
    let e = outcome.unwrap_err();
    assert_eq!((e.kind(), e.code(), e.field()), (ErrorKind::Conflict, "order_state", None), "{e}");
    assert_eq!(e.to_string(), text);
}

#[test]
fn an_order_goes_no_way_that_is_not_on_the_list() {
    for state in states() {
        for action in Action::ALL {
            assert_eq!(next(*state, *action), allowed(*state, *action), "{state} {action}");
        }
    }
}

testkit::on_both! {
    migrations = TABLES;

    async fn every_verb_keeps_to_the_list(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            for action in Action::ALL.iter().copied() {
                let may = db.read(async |tx: &mut Tx| orders::reopen_check(tx, id, action).await).await;
                match allowed(state, action) {
                    Some(to) => assert_eq!(may.unwrap(), to),
                    None => refused(may.map(drop), &format!("an order that is {state} cannot be {}", action.done())),
                }
            }
            let (placed, to) = (s.place(id).await, allowed(state, Action::Place));
            assert_eq!((placed, s.head(id).await.state), (to.is_some(), to.unwrap_or(state)));

            let id = s.in_state(state).await;
            let (closed, to) = (s.close(id).await, allowed(state, Action::Close));
            assert_eq!((closed.is_ok(), s.head(id).await.state), (to.is_some(), to.unwrap_or(state)));
            if to.is_none() { refused(closed, &format!("an order that is {state} cannot be closed")); }

            for (still, may) in [
                (Still::Open, allowed(state, Action::Cancel).is_some()),
                (Still::Unpaid, state == OrderState::AwaitingPayment),
            ] {
                let id = s.in_state(state).await;
                let done = s.cancel(id, still).await;
                let to = if may { OrderState::Cancelled } else { state };
                assert_eq!((done.is_ok(), s.head(id).await.state), (may, to), "{state} {still:?}");
                if !may { refused(done, &format!("an order that is {state} cannot be cancelled")); }
            }

            let id = s.in_state(state).await;
            let (before, until) = (s.head(id).await, s.ctx.now().plus(2 * HELD));
            let held = s.hold_again(id, until).await;
            let after = s.head(id).await;
            if state == OrderState::AwaitingPayment {
                held.unwrap();
                assert_eq!((after.held_until, after.payment_method.as_str()), (Some(until), "bank"));
            } else {
                refused(held, &format!("an order that is {state} cannot be placed"));
                assert_eq!((after.held_until, after.payment_method), (before.held_until, before.payment_method));
            }
        }
        s.lawful().await;
        let nobody = s.ctx.id();
        assert!(!s.place(nobody).await);
        for e in [s.close(nobody).await, s.cancel(nobody, Still::Open).await, s.hold_again(nobody, s.ctx.now()).await, s.set_hold(nobody, None).await] {
            assert!(matches!(e, Err(Error::NotFound)));
        }
    }

    async fn an_order_knows_when_it_went_where(db) {
        let s = Scene::new(&db);
        let id = s.insert(s.order()).await;
        // after midnight where the shop is, before it where clocks are compared
        s.clock.advance(Duration::from_secs(13 * 3600 + 1800));
        let placed = s.ctx.now();
        assert!(s.place(id).await && !s.place(id).await, "sold once");
        s.clock.advance(Duration::from_secs(60));
        s.close(id).await.unwrap();
        let o = s.head(id).await;
        assert_eq!((o.placed_at, o.placed_day.as_deref(), o.held_until), (Some(placed), Some("2026-03-03"), None));
        assert_eq!((o.closed_at, o.cancelled_at), (Some(s.ctx.now()), None));
        assert_eq!(s.told(id).await, ["OrderPlaced"]);
        s.lawful().await;
    }

    async fn an_order_called_off_has_nothing_left_to_deliver(db) {
        let s = Scene::new(&db);
        let (id, other) = (s.in_state(OrderState::Placed).await, s.in_state(OrderState::Placed).await);
        s.clock.advance(Duration::from_secs(5));
        s.cancel(id, Still::Open).await.unwrap();
        let o = s.head(id).await;
        assert_eq!((o.state, o.cancelled_at, o.cancel_reason.as_deref(), o.held_until), (OrderState::Cancelled, Some(s.ctx.now()), Some("Too dear"), None));
        assert_eq!(s.lines(id).await.iter().map(|l| l.cancelled_quantity).collect::<Vec<_>>(), [3, 2, 0]);
        assert!(s.lines(other).await.iter().all(|l| l.cancelled_quantity == 0));
        let deeds = s.deeds().await;
        assert_eq!(deeds.len(), 1);
        assert_eq!((deeds[0].0.as_str(), &deeds[0].1["note"]), ("order.cancel", &"Too dear".into()));
        assert_eq!((&deeds[0].1["before"]["state"], &deeds[0].1["after"]["state"]), (&"placed".into(), &"cancelled".into()));
        assert!(s.cancel(id, Still::Open).await.is_err());
        assert_eq!(s.deeds().await.len(), 1, "what was refused leaves no row");
        s.lawful().await;
    }

    async fn the_clock_calls_off_only_what_is_overdue(db) {
        let s = Scene::new(&db);
        let id = s.insert(s.order()).await;
        let sold = s.in_state(OrderState::Placed).await;
        refused(s.cancel(id, Still::Overdue).await, "another attempt to pay this order was begun");
        s.clock.advance(HELD);
        assert!(matches!(s.cancel(id, Still::Overdue).await, Err(Error::Held)), "its time is not past yet");
        s.clock.advance(Duration::from_micros(1));
        s.hold_again(id, s.ctx.now().plus(HELD)).await.unwrap();
        assert!(matches!(s.cancel(id, Still::Overdue).await, Err(Error::Held)), "held anew");
        s.clock.advance(HELD + Duration::from_micros(1));
        assert!(matches!(s.cancel(sold, Still::Overdue).await, Err(Error::NotAllowed { state: OrderState::Placed, .. })));
        s.cancel(id, Still::Overdue).await.unwrap();
        s.lawful().await;
    }

    async fn what_waits_too_long_is_found_the_longest_first(db) {
        let s = Scene::new(&db);
        let mut held = vec![];
        for minutes in [3, 1, 2] {
            let mut o = s.order();
            o.held_until = s.ctx.now().plus(Duration::from_secs(60 * minutes));
            held.push(s.insert(o).await);
        }
        let mut sold = s.order();
        sold.held_until = s.ctx.now();
        let sold = s.insert(sold).await;
        assert!(s.place(sold).await);
        let late = async |n: u32| db.read(async |tx: &mut Tx| orders::held_past(tx, s.ctx.now(), PageSize::new(n)).await).await.unwrap();
        assert_eq!(late(9).await, []);
        s.clock.advance(Duration::from_secs(120));
        assert_eq!(late(9).await, [held[1]], "one whose last moment this is has it");
        s.clock.advance(Duration::from_secs(120));
        assert_eq!(late(9).await, [held[1], held[2], held[0]]);
        assert_eq!(late(2).await, [held[1], held[2]]);
        // it cannot be called off yet: the next are looked at
        let until = s.ctx.now().plus(Duration::from_secs(120));
        let keep = async |id, until| db.write("keep", async move |tx: &mut Tx| orders::keep_longer(tx, id, until).await).await.unwrap();
        keep(held[1], until).await;
        keep(held[1], s.ctx.now()).await;
        assert_eq!(s.head(held[1]).await.held_until, Some(until), "no longer time is cut");
        keep(sold, until).await;
        assert_eq!(s.head(sold).await.held_until, None);
        assert_eq!(late(9).await, [held[2], held[0]]);
        s.lawful().await;
    }

    async fn of_many_who_call_off_one_does(db) {
        let s = Scene::new(&db);
        for _ in 0..3 {
            let id = s.in_state(OrderState::Placed).await;
            let before = s.deeds().await.len();
            let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.cancel(id, Still::Open).await }) }).collect();
            let mut done = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(()) => done += 1,
                    lost => refused(lost, "an order that is cancelled cannot be cancelled"),
                }
            }
            assert_eq!((done, s.deeds().await.len() - before), (1, 1));
        }
        s.lawful().await;
    }

    async fn an_order_is_sold_or_called_off_and_never_both(db) {
        let s = Scene::new(&db);
        for _ in 0..8 {
            let id = s.insert(s.order()).await;
            let (a, b) = (s.clone(), s.clone());
            let (sold, off) = tokio::join!(
                tokio::spawn(async move { a.place(id).await }),
                tokio::spawn(async move { b.cancel(id, Still::Unpaid).await })
            );
            let (sold, off) = (sold.unwrap(), off.unwrap());
            assert_ne!(sold, off.is_ok());
            let state = if sold { OrderState::Placed } else { OrderState::Cancelled };
            assert_eq!(s.head(id).await.state, state);
            if sold { refused(off, "an order that is placed cannot be cancelled"); }
            assert_eq!(s.told(id).await.len(), usize::from(sold));
        }
        s.lawful().await;
    }

    async fn an_order_is_closed_or_called_off_and_never_both(db) {
        let s = Scene::new(&db);
        for _ in 0..8 {
            let id = s.in_state(OrderState::Placed).await;
            let (a, b) = (s.clone(), s.clone());
            let (closed, off) = tokio::join!(
                tokio::spawn(async move { a.close(id).await }),
                tokio::spawn(async move { b.cancel(id, Still::Open).await })
            );
            let (closed, off) = (closed.unwrap(), off.unwrap());
            assert_ne!(closed.is_ok(), off.is_ok());
            match s.head(id).await.state {
                OrderState::Closed => refused(off, "an order that is closed cannot be cancelled"),
                OrderState::Cancelled => refused(closed, "an order that is cancelled cannot be closed"),
                other => panic!("{other}"),
            }
        }
        s.lawful().await;
    }

    async fn no_more_of_a_line_is_given_up_than_was_sold(db) {
        let s = Scene::new(&db);
        let id = s.in_state(OrderState::Placed).await;
        let (apples, pears) = { let l = s.lines(id).await; (l[0].id, l[1].id) };
        let give_up = async |parts: Vec<(kernel::OrderLineId, i64)>| db.write("t", async move |tx: &mut Tx| orders::cancel_lines(tx, &parts).await).await;
        give_up(vec![(apples, 1), (pears, 2)]).await.unwrap();
        let e = give_up(vec![(apples, 1), (pears, 1)]).await.unwrap_err();
        assert_eq!((e.kind(), e.code(), e.field()), (ErrorKind::Invalid, "invalid", Some("quantity")));
        let left = async || s.lines(id).await.iter().map(|l| l.quantity - l.cancelled_quantity).collect::<Vec<_>>();
        assert_eq!(left().await, [2, 0, 1], "the apple of a unit that failed is kept");
        assert!(give_up(vec![(apples, 3)]).await.is_err());
        for none in [0, -1] {
            assert_eq!(give_up(vec![(apples, none)]).await.unwrap_err().field(), Some("quantity"));
        }
        assert!(give_up(vec![(s.ctx.id(), 1)]).await.is_err(), "no such line");
        let tasks: Vec<_> = (0..5).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.write("t", async move |tx: &mut Tx| orders::cancel_lines(tx, &[(apples, 1)]).await).await.is_ok() })
        }).collect();
        let mut done = 0;
        for task in tasks { done += i32::from(task.await.unwrap()); }
        assert_eq!((done, left().await), (2, vec![0, 0, 1]));
        s.lawful().await;
    }
}
