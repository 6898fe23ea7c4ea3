//! How an order stands with its money, and who is found by it.

use std::time::Duration;

use db::Tx;
use kernel::{OrderId, TextState as _};
use payments::{Due, OrderPayment, PaymentState};

use crate::scene::{AMOUNT, Scene, TABLES, no, states, yes};

async fn stands(s: &Scene, order: OrderId) -> OrderPayment {
    let all = s.db.read(async |tx: &mut Tx| payments::of_order(tx, order).await).await.unwrap();
    OrderPayment::of(&all)
}

testkit::on_both! {
    migrations = TABLES;

    async fn an_orders_money_follows_from_its_attempts(db) {
        let s = Scene::new(&db);
        assert_eq!(stands(&s, s.ctx.id()).await, OrderPayment::Unpaid);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let wanted = match state {
                PaymentState::Started | PaymentState::ActionRequired | PaymentState::Pending | PaymentState::Unknown => OrderPayment::Pending,
                PaymentState::Authorised => OrderPayment::Authorised,
                PaymentState::PartiallyCaptured => OrderPayment::PartlyPaid,
                PaymentState::Captured => OrderPayment::Paid,
                PaymentState::Failed => OrderPayment::Failed,
                PaymentState::Voided => OrderPayment::Voided,
                PaymentState::Due => OrderPayment::Due,
            };
            assert_eq!(stands(&s, s.row(id).await.order).await, wanted, "{state}");
        }
        let nothing = s.due(0).await;
        assert_eq!(stands(&s, s.row(nothing).await.order).await, OrderPayment::Paid, "nothing is owed");
        let back = s.in_state(PaymentState::Captured).await;
        let order = s.row(back).await.order;
        for (part, wanted) in [(999, OrderPayment::PartlyRefunded), (1, OrderPayment::Refunded)] {
            let r = s.refund(back, part).await.unwrap();
            s.refunded(r.id, yes()).await.unwrap();
            assert_eq!(stands(&s, order).await, wanted);
        }
        s.lawful().await;
    }

    async fn a_second_attempt_outdoes_one_that_failed(db) {
        let s = Scene::new(&db);
        let order = s.ctx.id();
        let mut seen = vec![];
        for (answer, then) in [(no(), None), (yes(), Some(500))] {
            let id = s.start(order, AMOUNT).await.unwrap();
            seen.push(stands(&s, order).await);
            s.clock.advance(Duration::from_secs(1));
            s.answer(id, answer).await.unwrap();
            seen.push(stands(&s, order).await);
            if let Some(part) = then {
                s.take(id, part).await;
                seen.push(stands(&s, order).await);
            }
        }
        use OrderPayment as P;
        assert_eq!(seen, [P::Pending, P::Failed, P::Pending, P::Authorised, P::PartlyPaid]);
        let all = db.read(async |tx: &mut Tx| payments::of_order(tx, order).await).await.unwrap();
        assert_eq!(all.iter().map(|p| p.state).collect::<Vec<_>>(), [PaymentState::Failed, PaymentState::PartiallyCaptured], "the latest last");
        let told = db.read(async |tx: &mut Tx| payments::events(tx, order).await).await.unwrap();
        assert_eq!(told[0].kind, "failed");
        assert_eq!((told[0].detail.as_str(), told[0].actor_name.as_str(), told.len()), ("The bank said no.", "Mercer", 3));
        assert!(told.windows(2).all(|w| w[0].at <= w[1].at), "the oldest first");
    }

    async fn attempts_of_many_orders_come_together(db) {
        let s = Scene::new(&db);
        let mut made = vec![];
        for _ in 0..5 { made.push(s.started(AMOUNT).await); s.clock.advance(Duration::from_secs(1)); }
        let mut orders = vec![];
        for id in &made { orders.push(s.row(*id).await.order); }
        let of = async |orders: &[OrderId]| db.read(async |tx: &mut Tx| payments::of_orders(tx, orders).await).await.unwrap().into_iter().map(|p| p.id).collect::<Vec<_>>();
        assert_eq!(of(&[orders[3], orders[0], s.ctx.id(), orders[1]]).await, [made[0], made[1], made[3]]);
        assert!(of(&[]).await.is_empty());
    }

    async fn orders_are_found_by_what_their_money_wants(db) {
        let s = Scene::new(&db);
        for _ in 0..2 {
            for state in states() {
                s.in_state(*state).await;
                s.clock.advance(Duration::from_secs(1));
            }
        }
        let there = s.ctx.in_store(std::sync::Arc::new(kernel::Store { id: s.ctx.id(), ..(*s.ctx.store).clone() }));
        for due in Due::ALL.iter().copied() {
            let found = db.read(async |tx: &mut Tx| payments::orders_where(tx, &s.ctx, due).await).await.unwrap();
            let mut seen = vec![];
            for order in &found {
                let all = db.read(async |tx: &mut Tx| payments::of_order(tx, *order).await).await.unwrap();
                seen.push((all[0].state, all[0].created_at));
            }
            assert!(seen.windows(2).all(|w| w[0].1 > w[1].1), "{due}: the newest first");
            use PaymentState as S;
            let wanted: &[S] = match due {
                Due::ToCapture => &[S::PartiallyCaptured, S::Authorised, S::PartiallyCaptured, S::Authorised],
                Due::ToBePaid => &[S::Due, S::Due],
                Due::Unknown => &[S::Unknown, S::Unknown],
            };
            assert_eq!(seen.iter().map(|(state, _)| *state).collect::<Vec<_>>(), wanted, "{due}");
            let none = db.read(async |tx: &mut Tx| payments::orders_where(tx, &there, due).await).await.unwrap();
            assert!(none.is_empty(), "another store's");
        }
    }
}
