//! Who finds which orders: lists, searches, a customer's, what a look from time to time needs.

use std::time::Duration;

use db::Tx;
use kernel::{Currency, OrderId, PageSize};
use orders::{CustomerTotals, Error, Filter, OrderState, Still};

use crate::scene::{Scene, TABLES, states};

testkit::on_both! {
    migrations = TABLES;

    async fn pages_follow_each_other_without_a_gap(db) {
        let s = Scene::new(&db);
        let mut newest_first = vec![];
        for i in 0..7 {
            let id = s.insert(s.order()).await;
            newest_first.push((s.ctx.now(), id));
            s.clock.advance(Duration::from_secs(i % 3)); // some share a moment
        }
        newest_first.sort();
        newest_first.reverse();
        let all: Vec<OrderId> = newest_first.iter().map(|(_, id)| *id).collect();
        let mut wanted = vec![];
        for (_, id) in newest_first { wanted.push(s.head(id).await.number); }
        for size in [1, 2, 3, 6, 7, 8] {
            assert_eq!(s.found(&Filter::default(), size).await, wanted, "by {size}");
            // found another way, and in the same order
            let chosen = Filter { only: Some(all.clone()), search: "ada".into(), ..Filter::default() };
            assert_eq!(s.found(&chosen, size).await, wanted, "chosen, by {size}");
        }
        // an order that comes in meanwhile moves nobody to another page
        let first = db.read(async |tx: &mut Tx| orders::list(tx, &s.ctx, &s.ctx.permit().unwrap(), &Filter::default(), None, PageSize::new(3)).await).await.unwrap();
        s.insert(s.order()).await;
        let after = kernel::Cursor::decode(&first.next.unwrap()).unwrap();
        let second = db.read(async |tx: &mut Tx| orders::list(tx, &s.ctx, &s.ctx.permit().unwrap(), &Filter::default(), Some(&after), PageSize::new(3)).await).await.unwrap();
        assert_eq!(second.rows.iter().map(|o| o.number).collect::<Vec<_>>(), wanted[3..6]);
    }

    async fn a_list_is_of_states_times_and_chosen_orders(db) {
        let s = Scene::new(&db);
        let mut ids: Vec<OrderId> = vec![];
        for state in states() {
            ids.push(s.in_state(*state).await);
            s.clock.advance(Duration::from_secs(10));
        }
        let number = |i: usize| 1001 + i64::try_from(i).unwrap();
        for (i, state) in states().iter().enumerate() {
            assert_eq!(s.found(&Filter { states: vec![*state], ..Filter::default() }, 50).await, [number(i)], "{state}");
        }
        let two = Filter { states: vec![OrderState::Placed, OrderState::Draft], ..Filter::default() };
        assert_eq!(s.found(&two, 1).await, [1003, 1001]);
        let (from, to) = (s.head(ids[1]).await.created_at, s.head(ids[3]).await.created_at);
        assert_eq!(s.found(&Filter { from: Some(from), ..Filter::default() }, 2).await, [1005, 1004, 1003, 1002]);
        assert_eq!(s.found(&Filter { to: Some(to), ..Filter::default() }, 2).await, [1003, 1002, 1001]);
        let both = Filter { from: Some(from), to: Some(to), ..Filter::default() };
        assert_eq!(s.found(&both, 1).await, [1003, 1002]);
        assert_eq!(s.found(&Filter { states: vec![OrderState::Placed], ..both }, 1).await, [1003]);
        let only = Filter { only: Some(vec![ids[4], ids[0], s.ctx.id()]), ..Filter::default() };
        assert_eq!(s.found(&only, 1).await, [1005, 1001]);
        assert_eq!(s.found(&Filter { search: "1005".into(), ..only }, 1).await, [1005]);
        assert!(s.found(&Filter { only: Some(vec![]), ..Filter::default() }, 50).await.is_empty(), "none were chosen");
    }

    async fn an_order_is_found_by_its_number_and_by_how_its_person_begins(db) {
        let s = Scene::new(&db);
        for (name, email) in [
            ("Ada Lovelace", "ada@example.com"),       // 1001
            ("Jan van der Berg", "1001@example.nl"),   // 1002
            ("Ünal Öz", "Shop.Friend@Example.org"),    // 1003
            ("kees de boer", "k@example.nl"),          // 1004
            ("Ronan O'Neill", "adam@example.ie"),      // 1005
        ] {
            s.insert(s.order_of(name, email)).await;
            s.clock.advance(Duration::from_secs(1));
        }
        for (search, wanted) in [
            ("", &[1005, 1004, 1003, 1002, 1001][..]),
            ("1004", &[1004]),
            ("#1004", &[1004]),
            ("  1004 ", &[1004]),
            ("1001", &[1001]), // a number is a number
            ("1001@", &[1002]),
            ("100", &[]),
            ("#", &[]),
            ("99999999999999999999", &[]),
            ("ada", &[1005, 1001]), // a name, and the beginning of an address
            ("ADA LOVE", &[1001]),
            ("ada@example.com", &[1001]),
            ("lovelace", &[]), // no beginning
            ("Jan van der Berg", &[1002]),
            ("jan", &[1002]),
            ("Jan v", &[1002]),
            ("ünal", &[1003]),
            ("ÜNAL ÖZ", &[1003]),
            ("shop.friend@EXAMPLE", &[1003]),
            ("kees de", &[1004]),
            ("Ronan O'N", &[1005]),
            ("%", &[]),
            ("a_a", &[]),
            ("' or 1 = 1", &[]),
        ] {
            assert_eq!(s.search(search).await, wanted, "{search}");
            let turned = s.found(&Filter { search: search.into(), ..Filter::default() }, 1).await;
            assert_eq!(turned, wanted, "{search}, one a page");
        }
        let placed = Filter { search: "ada".into(), states: vec![OrderState::Placed], ..Filter::default() };
        assert!(s.found(&placed, 50).await.is_empty());
    }

    async fn a_search_that_finds_thousands_walks_the_list(db) {
        let s = Scene::new(&db);
        for (name, email) in [("Kofi Mensah", "k@example.com"), ("Ada", "kofi@example.com"), ("Ada", "ada@example.com")] {
            s.insert(s.order_of(name, email)).await;
            s.clock.advance(Duration::from_secs(1));
        }
        s.copies(1001, 2_100).await;
        let all = s.search("kofi").await;
        assert_eq!(all[..3], [1002, 1001, 1001 + 10_000]);
        let walked = s.found(&Filter { search: "KOFI".into(), ..Filter::default() }, 100).await;
        assert_eq!(walked.len(), 2_102, "those of the name and of the address, each once");
        assert!(walked.windows(2).skip(1).all(|w| w[0] < w[1]), "newest first");
        assert_eq!(s.search("ada@").await, [1003]);
    }

    async fn nobody_sees_past_their_channels_or_their_store(db) {
        let s = Scene::new(&db);
        let market = s.ctx.id();
        let (mine, theirs) = (s.insert(s.order()).await, s.through(market).insert(s.order()).await);
        let ada = s.ctx.id();
        for id in [mine, theirs] {
            s.give_to(id, ada).await;
            s.place(id).await;
        }
        let (here, there, owner) = (s.only_of(s.ctx.store.channel), s.only_of(market), &s);
        assert_eq!(here.found(&Filter::default(), 1).await, [1001]);
        assert_eq!(there.found(&Filter::default(), 1).await, [1002]);
        assert_eq!(owner.found(&Filter::default(), 1).await, [1002, 1001]);
        assert!(here.search("1002").await.is_empty());
        assert!(here.found(&Filter { only: Some(vec![theirs]), ..Filter::default() }, 1).await.is_empty());
        for (who, wanted, hidden) in [(&here, mine, Some(theirs)), (&there, theirs, Some(mine)), (owner, mine, None)] {
            let permit = who.ctx.permit().unwrap();
            db.read(async |tx: &mut Tx| {
                let (head, lines) = orders::get(tx, &permit, wanted).await?;
                assert_eq!((head.id, lines.len()), (wanted, 3));
                if let Some(hidden) = hidden {
                    assert!(matches!(orders::get(tx, &permit, hidden).await, Err(Error::NotFound)));
                }
                let theirs = orders::heads_of_customer(tx, &permit, ada).await?;
                let totals = orders::totals_of_customers(tx, &who.ctx, &permit, &[ada]).await?;
                let n = if hidden.is_some() { 1 } else { 2 };
                assert_eq!((theirs.len(), totals[0].orders, totals[0].total_minor), (n, i64::try_from(n).unwrap(), 1300 * i64::try_from(n).unwrap()));
                assert!(hidden.is_none() || theirs[0].id == wanted);
                Ok::<_, Error>(())
            }).await.unwrap();
        }
        let mut store = (*s.ctx.store).clone();
        store.id = s.ctx.id();
        let elsewhere = Scene { ctx: s.ctx.in_store(std::sync::Arc::new(store)), ..s.clone() };
        assert!(elsewhere.found(&Filter::default(), 50).await.is_empty());
        assert!(elsewhere.search("ada").await.is_empty());
        let totals = db.read(async |tx: &mut Tx| orders::totals_of_customers(tx, &elsewhere.ctx, &elsewhere.ctx.permit().unwrap(), &[ada]).await).await.unwrap();
        assert!(totals.is_empty());
    }

    async fn customers_are_worth_what_they_bought(db) {
        let s = Scene::new(&db);
        let (ada, bob, cid, nobody) = (s.ctx.id(), s.ctx.id(), s.ctx.id(), s.ctx.id());
        let buy = async |who, gross, state| {
            let mut o = s.order();
            o.lines = vec![s.line(orders::LineKind::Item, 1, gross, 0)];
            let id = s.insert(o).await;
            s.give_to(id, who).await;
            if state != OrderState::AwaitingPayment { s.place(id).await; }
            if state == OrderState::Closed { s.close(id).await.unwrap(); }
            if state == OrderState::Cancelled { s.cancel(id, Still::Open).await.unwrap(); }
            s.clock.advance(Duration::from_secs(1));
            id
        };
        buy(ada, 1000, OrderState::Placed).await;
        let last = buy(ada, 501, OrderState::Closed).await;
        buy(ada, 70_000, OrderState::AwaitingPayment).await;
        buy(ada, 80_000, OrderState::Cancelled).await;
        let mut yen = s.order();
        yen.currency = Currency::new("JPY").unwrap();
        let yen = s.insert(yen).await;
        s.give_to(yen, ada).await;
        s.place(yen).await;
        buy(bob, 333, OrderState::Placed).await;
        buy(cid, 90_000, OrderState::Cancelled).await;
        let of = async |who: &[kernel::CustomerId]| -> Vec<CustomerTotals> {
            db.read(async |tx: &mut Tx| orders::totals_of_customers(tx, &s.ctx, &s.ctx.permit().unwrap(), who).await).await.unwrap()
        };
        let mut all = of(&[nobody, ada, cid, bob]).await;
        all.sort_by_key(|t| -t.total_minor);
        assert_eq!(all.iter().map(|t| (t.customer, t.orders, t.total_minor)).collect::<Vec<_>>(), [(ada, 2, 1501), (bob, 1, 333)]);
        assert_eq!((all[0].average_minor(), all[0].last_at), (Some(751), s.head(last).await.created_at), "half a cent goes up");
        assert_eq!(CustomerTotals { orders: 0, ..all[0] }.average_minor(), None);
        assert_eq!((of(&[bob]).await.len(), of(&[]).await.len()), (1, 0));
        let heads = db.read(async |tx: &mut Tx| orders::heads_of_customer(tx, &s.ctx.permit().unwrap(), ada).await).await.unwrap();
        assert_eq!(heads.iter().map(|o| o.number).collect::<Vec<_>>(), [1005, 1004, 1003, 1002, 1001], "all that they ordered, the newest first");
    }

    async fn a_look_finds_what_was_missed(db) {
        let s = Scene::new(&db);
        let mut by_state = vec![];
        for state in states() { by_state.push((s.in_state(*state).await, *state)); }
        let of = |wanted: &[OrderState]| by_state.iter().filter(|(_, state)| wanted.contains(state)).map(|(id, _)| *id).collect::<Vec<_>>();
        let strangers = async |n| db.read(async |tx: &mut Tx| orders::without_customer(tx, PageSize::new(n)).await).await.unwrap();
        let sold = of(&[OrderState::Placed, OrderState::Closed]);
        assert_eq!(strangers(9).await, { let mut s = sold.clone(); s.sort(); s });
        assert_eq!(strangers(1).await.len(), 1);
        s.give_to(sold[0], s.ctx.id()).await;
        assert_eq!(strangers(9).await, sold[1..]);

        let held = s.in_state(OrderState::Placed).await;
        s.set_hold(held, Some("Odd")).await.unwrap();
        let mut going: Vec<OrderId> = of(&[OrderState::Placed]);
        for _ in 0..3 { going.push(s.in_state(OrderState::Placed).await); }
        going.sort();
        let (mut seen, mut after) = (vec![], None);
        loop {
            let some = db.read(async |tx: &mut Tx| orders::going_on(tx, after, PageSize::new(3)).await).await.unwrap();
            assert!(some.len() <= 3);
            let Some(last) = some.last() else { break };
            after = Some(*last);
            seen.extend(some);
        }
        assert_eq!(seen, going);
    }

    async fn orders_are_counted_by_state(db) {
        let s = Scene::new(&db);
        for state in states() {
            s.in_state(*state).await;
        }
        s.in_state(OrderState::Placed).await;
        let count = async |s: &Scene, state| db.read(async |tx: &mut Tx| orders::count_open(tx, &s.ctx, state).await).await.unwrap();
        for state in states() {
            assert_eq!(count(&s, *state).await, if *state == OrderState::Placed { 2 } else { 1 }, "{state}");
        }
        let there = Scene { ctx: s.ctx.in_store(std::sync::Arc::new(kernel::Store { id: s.ctx.id(), ..(*s.ctx.store).clone() })), ..s };
        assert_eq!(count(&there, OrderState::Placed).await, 0);
    }
}
