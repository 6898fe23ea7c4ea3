//! Taking what was set aside or is owed, and letting it go: never more than is there.

use db::Tx;
use kernel::{ErrorKind, Fault as _, PaymentId};
use payments::ports::Answer;
use payments::{CaptureRow, Error, PaymentState};

use crate::scene::{AMOUNT, Scene, TABLES, no, refused, states, terms, too_much, undecided, yes};

async fn capture_row(s: &Scene, id: kernel::CaptureId) -> CaptureRow {
    s.db.read(async |tx: &mut Tx| payments::capture_of(tx, id).await).await.unwrap()
}

testkit::on_both! {
    migrations = TABLES;

    async fn an_authorisation_is_taken_in_parts_and_no_further(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        for wrong in [0, -1, AMOUNT + 1, i64::MAX, i64::MIN] {
            assert_eq!(too_much(s.begin_capture(id, wrong).await), AMOUNT);
        }
        let first = s.begin_capture(id, 400).await.unwrap();
        let row = capture_row(&s, first).await;
        assert_eq!((row.payment, row.order, row.kind.as_str(), row.amount_minor, row.state.as_str()), (id, s.row(id).await.order, "capture", 400, "pending"));
        let b = s.balance(id).await;
        assert_eq!((b.taking_minor, b.free_minor(), b.back_minor(), b.most_minor()), (400, 600, 0, 600));
        assert_eq!(s.sums(id).await, (PaymentState::Authorised, AMOUNT, 0, 0, 0), "an intention is no money");
        assert_eq!(too_much(s.begin_capture(id, 601).await), 600);
        let row = s.captured(first, yes()).await.unwrap();
        assert_eq!((row.id, row.state.as_str()), (first, "succeeded"));
        assert_eq!(s.sums(id).await, (PaymentState::PartiallyCaptured, AMOUNT, 400, 0, 0));
        let b = s.balance(id).await;
        assert_eq!((b.taking_minor, b.free_minor(), b.back_minor(), b.most_minor()), (0, 600, 400, 1000));
        assert_eq!(too_much(s.begin_capture(id, 601).await), 600);
        s.take(id, 600).await;
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, AMOUNT, 0, 0));
        assert_eq!((s.row(id).await.captures, s.balance(id).await.free_minor()), (2, 0));
        assert_eq!(s.facts(id).await, [("authorised".to_owned(), AMOUNT), ("captured".to_owned(), 400), ("captured".to_owned(), 600)]);
        assert_eq!(s.deeds().await, ["payment.capture", "payment.capture"]);
        assert!(s.alerts().await.is_empty());
        s.lawful().await;
    }

    async fn only_what_is_set_aside_is_taken(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let before = s.row(id).await.captures;
            let taken = s.begin_capture(id, 1).await;
            if matches!(state, PaymentState::Authorised | PaymentState::PartiallyCaptured) {
                taken.unwrap();
            } else {
                refused(taken, &format!("a payment that is {state} cannot be captured"));
                assert_eq!(s.row(id).await.captures, before, "nothing was begun");
            }
        }
        let nobody = s.begin_capture(s.ctx.id(), 1).await.unwrap_err();
        assert_eq!((nobody.kind(), nobody.to_string().as_str()), (ErrorKind::NotFound, "there is no such payment"));
        s.lawful().await;
    }

    async fn an_answer_to_a_capture_counts_once(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let capture = s.begin_capture(id, 300).await.unwrap();
        for answer in undecided().into_iter().chain([Answer::Never]) {
            assert!(s.captured(capture, answer.clone()).await.is_none(), "{answer:?} decides nothing");
            assert_eq!(capture_row(&s, capture).await.state, "pending");
        }
        let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.captured(capture, yes()).await }) }).collect();
        let mut heard = 0;
        for task in tasks { heard += usize::from(task.await.unwrap().is_some()); }
        assert_eq!((heard, s.sums(id).await), (1, (PaymentState::PartiallyCaptured, AMOUNT, 300, 0, 0)));
        assert!(s.captured(capture, no()).await.is_none(), "nor is it taken back by a word");
        assert_eq!(s.facts(id).await, [("authorised".to_owned(), AMOUNT), ("captured".to_owned(), 300)]);
        s.lawful().await;
    }

    async fn a_refused_capture_is_free_again(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let capture = s.begin_capture(id, AMOUNT).await.unwrap();
        assert_eq!(too_much(s.begin_capture(id, 1).await), 0);
        assert_eq!(s.captured(capture, no()).await.unwrap().state, "failed");
        assert_eq!(s.sums(id).await, (PaymentState::Authorised, AMOUNT, 0, 0, 0));
        let told = s.events(id).await.into_iter().find(|e| e.kind == "capture_failed").unwrap();
        assert_eq!((told.amount_minor, told.detail.as_str(), told.payment), (AMOUNT, "The bank said no.", id));
        s.take(id, AMOUNT).await;
        s.lawful().await;
    }

    async fn many_who_take_at_once_take_no_more_than_there_is(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.begin_capture(id, 400).await }) }).collect();
        let mut begun = vec![];
        for task in tasks {
            match task.await.unwrap() {
                Ok(capture) => begun.push(capture),
                lost => assert_eq!(too_much(lost), 200),
            }
        }
        assert_eq!(begun.len(), 2);
        for capture in begun { s.captured(capture, yes()).await.unwrap(); }
        assert_eq!(s.sums(id).await, (PaymentState::PartiallyCaptured, AMOUNT, 800, 0, 0));
        s.lawful().await;
    }

    async fn answers_that_come_at_once_all_count(db) {
        let s = Scene::new(&db);
        for _ in 0..4 {
            let id = s.authorised(AMOUNT).await;
            let mut begun = vec![];
            for _ in 0..10 { begun.push(s.begin_capture(id, 100).await.unwrap()); }
            let tasks: Vec<_> = begun.into_iter().map(|c| { let s = s.clone(); tokio::spawn(async move { s.captured(c, yes()).await.unwrap() }) }).collect();
            for task in tasks { task.await.unwrap(); }
            assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, AMOUNT, 0, 0), "none overwrites another");
        }
        assert!(s.alerts().await.is_empty());
        s.lawful().await;
    }

    async fn what_was_not_taken_can_be_let_go(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let (_, authorised, captured, ..) = s.sums(id).await;
            let void = s.begin_void(id).await;
            let to = match state {
                PaymentState::Captured | PaymentState::Failed | PaymentState::Voided => {
                    refused(void, &format!("a payment that is {state} cannot be voided"));
                    refused(s.void_now(id).await, &format!("a payment that is {state} cannot be voided"));
                    continue;
                }
                PaymentState::PartiallyCaptured => PaymentState::Captured,
                _ => PaymentState::Voided,
            };
            let void = void.unwrap();
            assert_eq!(capture_row(&s, void).await.amount_minor, AMOUNT - captured);
            assert_eq!(s.row(id).await.state, state, "not before the provider agreed");
            refused(s.begin_void(id).await, &format!("a payment that is {state} cannot be voided twice"));
            if authorised > 0 { refused(s.begin_capture(id, 1).await, &format!("a payment that is {state} cannot be captured while it is being let go")); }
            let b = s.balance(id).await;
            assert_eq!((b.letting_go, b.free_minor(), b.most_minor()), (true, 0, captured));
            // it does not want to: everything is as it was
            assert_eq!(s.captured(void, no()).await.unwrap().state, "failed");
            assert_eq!((s.row(id).await.state, s.balance(id).await.letting_go), (state, false));
            assert!(s.facts(id).await.iter().any(|(kind, _)| kind == "void_failed"));
            let void = s.begin_void(id).await.unwrap();
            s.captured(void, yes()).await.unwrap();
            assert!(s.captured(void, yes()).await.is_none());
            let let_go = if state.is_open() { AMOUNT - captured } else { 0 };
            assert_eq!(s.sums(id).await, (to, authorised, captured, 0, let_go), "{state}");
            assert_eq!((s.row(id).await.ask_at, s.balance(id).await.was_let_go), (None, true));
            assert_eq!(s.facts(id).await.iter().filter(|(kind, _)| kind == "voided").count(), 1);
        }
        s.lawful().await;
    }

    async fn one_who_lets_go_does_so_alone(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let tasks: Vec<_> = (0..6).map(|i| { let s = s.clone(); tokio::spawn(async move { if i % 2 == 0 { s.begin_void(id).await } else { s.begin_capture(id, AMOUNT).await } }) }).collect();
        let mut begun = vec![];
        for task in tasks {
            match task.await.unwrap() {
                Ok(c) => begun.push(c),
                Err(e) => assert!(matches!(e, Error::NotAllowed { .. } | Error::TooMuch { left: kernel::Money { minor: 0, .. }, .. }), "{e}"),
            }
        }
        assert_eq!(begun.len(), 1, "taken or let go, and once");
        s.captured(begun[0], yes()).await.unwrap();
        s.lawful().await;
        let taking = s.authorised(AMOUNT).await;
        s.begin_capture(taking, 1).await.unwrap();
        refused(s.begin_void(taking).await, "a payment that is authorised cannot be voided while something of it is on its way");
        let giving = s.in_state(PaymentState::PartiallyCaptured).await;
        s.refund(giving, 700).await.unwrap();
        refused(s.begin_void(giving).await, "a payment that is partially_captured cannot be voided while something of it is on its way");
    }

    async fn terms_are_paid_in_parts_as_staff_say(db) {
        let s = Scene::new(&db);
        let id = s.due(AMOUNT).await;
        for wrong in [0, -5, AMOUNT + 1] { assert_eq!(too_much(s.mark_paid(id, wrong).await), AMOUNT); }
        let p = s.mark_paid(id, 250).await.unwrap();
        assert_eq!((p.state, p.captured_minor, p.open_minor()), (PaymentState::PartiallyCaptured, 250, 750));
        assert_eq!(too_much(s.mark_paid(id, 751).await), 750);
        assert!(!p.provider_captures());
        refused(s.begin_capture(id, 1).await, "a payment that is partially_captured cannot be captured");
        let tasks: Vec<_> = (0..5).map(|_| { let s = s.clone(); tokio::spawn(async move { s.mark_paid(id, 300).await }) }).collect();
        let mut paid = 0;
        for task in tasks { paid += i32::from(task.await.unwrap().is_ok()); }
        assert_eq!((paid, s.row(id).await.captured_minor), (2, 850));
        let p = s.mark_paid(id, 150).await.unwrap();
        assert_eq!((p.state, p.captured_minor, p.captures), (PaymentState::Captured, AMOUNT, 0));
        assert_eq!(s.facts(id).await.iter().filter(|(kind, _)| kind == "paid").map(|(_, n)| n).sum::<i64>(), AMOUNT);
        assert_eq!(s.deeds().await, ["payment.mark_paid"; 4]);
        s.lawful().await;
    }

    async fn only_what_is_owed_is_marked_as_paid(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            let before = s.sums(id).await;
            let paid = s.mark_paid(id, 1).await;
            if state == PaymentState::Due { paid.unwrap(); continue; }
            refused(paid, &format!("a payment that is {state} cannot be marked as paid"));
            assert_eq!(s.sums(id).await, before);
        }
        let (here, there) = (s.only_of(s.ctx.store.channel), s.only_of(s.ctx.id()));
        let id = s.due(AMOUNT).await;
        let e = there.mark_paid(id, AMOUNT).await.unwrap_err();
        assert_eq!((e.kind(), s.row(id).await.captured_minor), (ErrorKind::NotFound, 0), "past their channels");
        assert_eq!(here.mark_paid(id, AMOUNT).await.unwrap().captured_minor, AMOUNT);
        assert_eq!(s.events(id).await.iter().find(|e| e.kind == "paid").unwrap().actor_name, "Grace");
        assert!(matches!(here.mark_paid(s.ctx.id(), 1).await, Err(Error::NotFound { .. })));
        s.lawful().await;
    }

    async fn terms_are_let_go_with_nobody_to_ask(db) {
        let s = Scene::new(&db);
        let (whole, rest) = (s.due(AMOUNT).await, s.due(AMOUNT).await);
        s.void_now(whole).await.unwrap();
        assert_eq!(s.sums(whole).await, (PaymentState::Voided, 0, 0, 0, AMOUNT));
        s.mark_paid(rest, 100).await.unwrap();
        s.void_now(rest).await.unwrap();
        assert_eq!(s.sums(rest).await, (PaymentState::Captured, 0, 100, 0, 900));
        assert!(s.facts(rest).await.contains(&("voided".to_owned(), 900)));
        assert!(s.void_now(rest).await.is_err() && s.mark_paid(rest, 1).await.is_err());
        assert_eq!(s.deeds().await, ["payment.mark_paid", "payment.void", "payment.void"]);
        s.lawful().await;
    }

    async fn what_the_provider_took_is_taken_and_somebody_looks(db) {
        let s = Scene::new(&db);
        let id = s.authorised(AMOUNT).await;
        let (first, second) = (s.begin_capture(id, 300).await.unwrap(), s.begin_capture(id, 200).await.unwrap());
        s.void_now(id).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Voided, AMOUNT, 0, 0, AMOUNT));
        s.captured(first, yes()).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, 300, 0, 700), "less was let go than we believed");
        s.captured(second, terms()).await.unwrap();
        assert_eq!(s.sums(id).await, (PaymentState::Captured, AMOUNT, 500, 0, 500));
        let alerts = s.alerts().await;
        assert_eq!(alerts.len(), 2);
        assert!(alerts.iter().any(|a| a.contains("€3.00") && a.contains("€0.00")), "{alerts:?}");
        assert_eq!(s.balance(id).await.back_minor(), 500);
        s.lawful().await;
    }

    async fn a_yes_to_what_was_ended_is_let_go(db) {
        let s = Scene::new(&db);
        let call_off = async |id: PaymentId| { let void = s.begin_void(id).await.unwrap(); s.captured(void, yes()).await.unwrap(); };
        for state in states().iter().copied().filter(|state| *state != PaymentState::Failed) {
            let id = s.in_state(state).await;
            assert!(!s.row(id).await.ended_without_money(), "{state}");
            assert!(s.came_late(id).await.is_none(), "{state}");
            assert!(!s.facts(id).await.iter().any(|(kind, _)| kind == "came_late"));
        }
        let (failed, voided) = (s.in_state(PaymentState::Failed).await, s.started(AMOUNT).await);
        call_off(voided).await;
        for id in [failed, voided] {
            let state = s.row(id).await.state;
            assert!(s.row(id).await.ended_without_money());
            let void = s.came_late(id).await.unwrap();
            assert_eq!((void.payment, void.kind.as_str(), void.amount_minor, void.state.as_str()), (id, "void", AMOUNT, "pending"));
            assert!(s.came_late(id).await.is_none(), "it is on its way");
            s.captured(void.id, yes()).await.unwrap();
            assert_eq!(s.sums(id).await, (state, 0, 0, 0, 0), "in our books there was never any");
            let again = s.came_late(id).await.unwrap();
            assert_ne!(again.id, void.id, "it holds money again, and is told again");
            let told = s.events(id).await.into_iter().find(|e| e.kind == "came_late").unwrap();
            assert_eq!((told.amount_minor, told.detail.as_str()), (AMOUNT, "late_1"));
        }
        s.lawful().await;
    }

    async fn the_provider_is_told_once_of_what_nobody_will_take(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied() {
            let id = s.in_state(state).await;
            assert!(!s.balance(id).await.is_held_for_nothing());
            assert!(s.begin_release(id).await.is_none(), "{state}");
        }
        // terms hold nothing at a provider
        let owed = s.due(AMOUNT).await;
        s.refund(owed, AMOUNT).await.unwrap();
        assert!(s.begin_release(owed).await.is_none());
        // all of it was let go in our books, or the rest of it
        let (all, rest) = (s.authorised(AMOUNT).await, s.in_state(PaymentState::PartiallyCaptured).await);
        s.refund(all, AMOUNT).await.unwrap();
        s.refund(rest, 600).await.unwrap();
        for (id, part, state) in [(all, AMOUNT, PaymentState::Voided), (rest, 600, PaymentState::Captured)] {
            assert!(s.balance(id).await.is_held_for_nothing());
            let before = s.sums(id).await;
            assert_eq!((before.0, before.4), (state, part));
            let void = s.begin_release(id).await.unwrap();
            assert_eq!((capture_row(&s, void).await.amount_minor, s.begin_release(id).await), (part, None));
            s.captured(void, no()).await.unwrap();
            let void = s.begin_release(id).await.unwrap();
            s.captured(void, yes()).await.unwrap();
            assert_eq!((s.begin_release(id).await, s.sums(id).await), (None, before), "it knows");
        }
        s.lawful().await;
    }
}
