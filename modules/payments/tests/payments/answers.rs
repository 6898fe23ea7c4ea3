//! What a provider says of an attempt, and that it is heard once.

use std::time::Duration;

use db::Tx;
use kernel::{ErrorKind, Fault as _, PageSize, TextState as _};
use payments::ports::Answer;
use payments::{Action, Error, PaymentState, next};

use crate::scene::{AMOUNT, Scene, TABLES, no, states, terms, undecided, yes};

/// Every transition there is.
fn allowed(state: PaymentState, action: Action) -> Option<PaymentState> {
    use PaymentState as S;
    let undecided = [S::Started, S::ActionRequired, S::Pending, S::Unknown];
    let open = [S::Authorised, S::PartiallyCaptured, S::Due];
    let done = [S::Captured, S::Failed, S::Voided];
    let (from, to): (&[S], S) = match action {
        Action::Authorise => (&undecided, S::Authorised),
        Action::Agree => (&undecided, S::Due),
        Action::Refuse => (&undecided, S::Failed),
        Action::Wait => (&undecided, state),
        Action::CaptureSome => (&open, S::PartiallyCaptured),
        Action::CaptureRest => (&open, S::Captured),
        // what was taken stays taken
        Action::LetGo if state == S::PartiallyCaptured => (&open, S::Captured),
        Action::LetGo if undecided.contains(&state) => (&undecided, S::Voided),
        Action::LetGo => (&open, S::Voided),
        Action::TakeLate => (&done, S::Captured),
    };
    from.contains(&state).then_some(to)
}

#[test]
fn an_attempt_goes_no_way_that_is_not_on_the_list() {
    for state in states().iter().copied() {
        for action in Action::ALL.iter().copied() {
            assert_eq!(next(state, action), allowed(state, action), "{state} {action}");
        }
        assert_eq!(state.is_undecided(), next(state, Action::Wait).is_some());
        assert_eq!(state.is_open(), next(state, Action::CaptureRest).is_some());
        assert!(!(state.is_undecided() && state.is_open()));
    }
}

testkit::on_both! {
    migrations = TABLES;

    async fn an_attempt_is_written_down_before_anybody_is_asked(db) {
        let s = Scene::new(&db);
        let (order, before) = (s.ctx.id(), db.stats().statements());
        let id = s.start(order, AMOUNT).await.unwrap();
        assert_eq!(db.stats().statements() - before, 1);
        let p = s.row(id).await;
        assert_eq!((p.id, p.order, p.channel, p.provider.as_str(), p.token.as_str()), (id, order, s.ctx.store.channel, "test", "tok"));
        assert_eq!((p.state, p.amount_minor, p.authorised_minor, p.captures), (PaymentState::Started, AMOUNT, 0, 0));
        assert_eq!((p.ask_at, p.asked, p.created_at), (Some(s.ctx.now().plus(Duration::from_secs(60))), 0, s.ctx.now()));
        let nobody = db.read(async |tx: &mut Tx| payments::get(tx, s.ctx.id()).await).await.unwrap_err();
        assert_eq!((nobody.kind(), nobody.code()), (ErrorKind::NotFound, "not_found"));
        s.lawful().await;
    }

    async fn an_order_has_one_undecided_attempt(db) {
        let s = Scene::new(&db);
        let order = s.ctx.id();
        let tasks: Vec<_> = (0..6).map(|_| { let s = s.clone(); tokio::spawn(async move { s.start(order, AMOUNT).await }) }).collect();
        let mut begun = vec![];
        for task in tasks {
            match task.await.unwrap() {
                Ok(id) => begun.push(id),
                Err(e) => assert_eq!((matches!(e, Error::Undecided), e.kind(), e.code()), (true, ErrorKind::Conflict, "payment_undecided")),
            }
        }
        assert_eq!(begun.len(), 1);
        for answer in undecided() {
            s.answer(begun[0], answer).await;
            assert!(matches!(s.start(order, AMOUNT).await, Err(Error::Undecided)));
        }
        s.started(AMOUNT).await; // another order's is its own
        s.answer(begun[0], no()).await;
        let second = s.start(order, AMOUNT).await.unwrap();
        let of_order = db.read(async |tx: &mut Tx| payments::of_order(tx, order).await).await.unwrap();
        assert_eq!(of_order.len(), 2);
        s.answer(second, yes()).await;
        s.lawful().await;
    }

    async fn every_answer_is_heard_while_an_attempt_is_undecided(db) {
        let s = Scene::new(&db);
        let said = |id: &str| id.to_owned();
        for from in states().iter().copied().filter(|s| s.is_undecided()) {
            for (answer, to, authorised, reference, url, error) in [
                (yes(), PaymentState::Authorised, AMOUNT, "ref_1", "", ""),
                (terms(), PaymentState::Due, 0, "inv_1", "", ""),
                (no(), PaymentState::Failed, 0, "", "", "The bank said no."),
                (Answer::Never, PaymentState::Failed, 0, "", "", "The provider was never asked."),
                (undecided()[0].clone(), PaymentState::ActionRequired, 0, "", "/3ds", ""),
                (undecided()[1].clone(), PaymentState::Pending, 0, "", "", ""),
                (undecided()[2].clone(), PaymentState::Unknown, 0, "", "", "timed out"),
            ] {
                let id = s.in_state(from).await;
                let before = s.row(id).await;
                let heard = s.answer(id, answer).await.unwrap();
                assert_eq!((heard.order, heard.state, heard.amount_minor), (before.order, to, AMOUNT), "{from}");
                let p = s.row(id).await;
                assert_eq!((p.state, p.authorised_minor, p.captured_minor, p.let_go_minor), (to, authorised, 0, 0));
                assert_eq!((p.provider_ref, p.action_url, p.error_text), (said(reference), said(url), said(error)));
                assert_eq!((p.asked, p.ask_at.is_some()), (before.asked + 1, to.is_undecided()));
                let facts = if to.is_undecided() { vec![] } else { vec![(to.to_string(), AMOUNT)] };
                assert_eq!(s.facts(id).await, facts, "{from}: what decides it is a fact");
            }
        }
        s.lawful().await;
    }

    async fn a_decided_attempt_hears_no_more(db) {
        let s = Scene::new(&db);
        for state in states().iter().copied().filter(|s| !s.is_undecided()) {
            let id = s.in_state(state).await;
            let (before, facts) = (format!("{:?}", s.row(id).await), s.facts(id).await);
            s.clock.advance(Duration::from_secs(1));
            for answer in undecided().into_iter().chain([yes(), no(), terms(), Answer::Never]) {
                assert!(s.answer(id, answer.clone()).await.is_none(), "{state} {answer:?}");
            }
            assert_eq!((format!("{:?}", s.row(id).await), s.facts(id).await), (before, facts));
        }
        assert!(s.answer(s.ctx.id(), yes()).await.is_none(), "nobody's");
        s.lawful().await;
    }

    async fn an_answer_that_many_bring_is_recorded_once(db) {
        let s = Scene::new(&db);
        for (i, answer) in [yes(), terms(), no()].into_iter().enumerate() {
            let id = s.in_state(PaymentState::Pending).await;
            let tasks: Vec<_> = (0..6).map(|n| {
                let s = s.clone();
                // the last ones bring another answer: whoever comes first is heard
                let answer = if i == 0 && n > 3 { no() } else { answer.clone() };
                tokio::spawn(async move { s.answer(id, answer).await })
            }).collect();
            let mut heard = vec![];
            for task in tasks { heard.extend(task.await.unwrap()); }
            assert_eq!(heard.len(), 1);
            assert_eq!((s.row(id).await.state, s.facts(id).await), (heard[0].state, vec![(heard[0].state.to_string(), AMOUNT)]));
        }
        s.lawful().await;
    }

    async fn the_providers_reference_outlives_a_silence(db) {
        let s = Scene::new(&db);
        let id = s.started(AMOUNT).await;
        let by = async |text: &'static str| db.write("ref", async move |tx: &mut Tx| tx.exec(text, &[]).await).await.unwrap();
        by("update payment set provider_ref = 'known'").await;
        s.answer(id, undecided()[2].clone()).await;
        assert_eq!(s.row(id).await.provider_ref, "known");
        s.answer(id, yes()).await;
        let p = s.row(id).await;
        assert_eq!((p.provider_ref.as_str(), p.error_text.as_str()), ("ref_1", ""), "what was said in between is past");
    }

    async fn questions_come_at_growing_intervals(db) {
        let s = Scene::new(&db);
        for (answer, pause) in undecided().into_iter().zip([60, 10, 2]) {
            let id = s.started(AMOUNT).await;
            for asked in 0..4 {
                s.clock.advance(Duration::from_secs(1));
                s.answer(id, answer.clone()).await;
                assert_eq!(s.row(id).await.ask_at, Some(s.ctx.now().plus(Duration::from_secs(pause + 2 * asked * asked))), "{answer:?}");
            }
        }
        s.lawful().await;
    }

    async fn who_waits_longest_is_asked_about_first(db) {
        let s = Scene::new(&db);
        let (a, b, decided) = (s.started(AMOUNT).await, s.started(AMOUNT).await, s.authorised(AMOUNT).await);
        s.clock.advance(Duration::from_secs(1));
        let c = s.in_state(PaymentState::Unknown).await; // in two seconds
        let later = async |id, secs| { let c = s.ctx.clone(); db.write("later", async move |tx: &mut Tx| payments::ask_later(tx, &c, id, Duration::from_secs(secs)).await).await.unwrap() };
        let due = async |n: u32| -> Vec<_> {
            let rows = db.read(async |tx: &mut Tx| payments::due_to_ask(tx, s.ctx.now(), PageSize::new(n)).await).await.unwrap();
            rows.into_iter().map(|p| p.id).collect()
        };
        assert!(due(9).await.is_empty());
        s.clock.advance(Duration::from_secs(2));
        assert_eq!(due(9).await, [c]);
        later(b, 30).await;
        later(decided, 30).await;
        s.clock.advance(Duration::from_secs(100));
        assert_eq!(due(9).await, [c, b, a]);
        assert_eq!(due(2).await, [c, b]);
        later(c, 1).await;
        assert_eq!(due(9).await, [b, a]);
        assert_eq!((s.row(c).await.asked, s.row(c).await.state), (1, PaymentState::Unknown), "nothing else changes");
        s.lawful().await;
    }

    async fn a_notice_has_one_effect(db) {
        let s = Scene::new(&db);
        let id = s.started(AMOUNT).await;
        let first = async |provider: &'static str, notice: &'static str| {
            let c = s.ctx.clone();
            db.write("hook", async move |tx: &mut Tx| payments::first_time(tx, &c, provider, notice, "charge", Some(id)).await).await.unwrap()
        };
        assert!(first("test", "evt_1").await);
        assert!(!first("test", "evt_1").await, "sent again");
        assert!(first("other", "evt_1").await && first("test", "evt_2").await);
        db.write("effect", async move |tx: &mut Tx| payments::effect(tx, "test", "evt_1", "asked").await).await.unwrap();
        let text = "select provider, external_id, effect from incoming_webhook where payment_id = $1 order by provider, external_id";
        let rows: Vec<(String, String, String)> = db.read(async |tx: &mut Tx| tx.all(text, db::params![id]).await).await.unwrap();
        let told: Vec<_> = rows.iter().map(|(p, e, effect)| (p.as_str(), e.as_str(), effect.as_str())).collect();
        assert_eq!(told, [("other", "evt_1", ""), ("test", "evt_1", "asked"), ("test", "evt_2", "")]);
    }

    async fn what_was_sent_is_forgotten_after_ninety_days(db) {
        let s = Scene::new(&db);
        let send = async |notice: &'static str| {
            let c = s.ctx.clone();
            db.write("hook", async move |tx: &mut Tx| payments::first_time(tx, &c, "test", notice, "charge", None).await).await.unwrap()
        };
        let expire = async || {
            let c = s.ctx.clone();
            db.write("expire", async move |tx: &mut Tx| payments::expire_webhooks(tx, &c).await).await.unwrap()
        };
        assert!(send("evt_1").await);
        s.clock.advance(Duration::from_secs(90 * 24 * 3_600));
        assert!(send("evt_2").await);
        assert_eq!(expire().await, 0, "its last day");
        s.clock.advance(Duration::from_secs(1));
        assert_eq!((expire().await, expire().await), (1, 0));
        assert!(send("evt_1").await && !send("evt_2").await, "the younger one is still known");
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}
