//! Orders by their own verbs, on both engines: what is written, which way an order may go, who finds it.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod laws;
mod reads;
mod scene;
mod states;
mod words;

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Currency, ErrorKind, Fault as _, PageSize};
use orders::{Error, LineKind, OrderState};
use scene::{HELD, Scene, TABLES};

testkit::on_both! {
    migrations = TABLES;

    async fn an_order_is_kept_as_it_was_made(db) {
        let s = Scene::new(&db);
        let cart = s.ctx.id();
        let mut new = s.order();
        new.cart = Some((cart, 4));
        let placed = s.try_insert(new.clone()).await.unwrap();
        assert_eq!((placed.id, placed.number, placed.secret.len()), (new.id, 1001, 26));
        let o = s.head(new.id).await;
        assert_eq!((o.state, o.number, o.hold.is_none(), o.channel), (OrderState::AwaitingPayment, 1001, true, s.ctx.store.channel));
        assert_eq!((o.cart, o.cart_version, o.customer), (Some(cart), Some(4), None));
        assert_eq!((o.email.as_str(), o.name.as_str(), o.locale.as_str()), ("Ada@Example.com", "Ada Lovelace", "nl"));
        assert_eq!((o.ship_to(), o.bill_to()), (new.shipping_address.clone(), new.billing_address.clone()));
        assert_eq!((o.shipping_method.as_str(), o.payment_method.as_str()), ("Parcel", "card"));
        assert_eq!((o.note.as_str(), o.staff_note.as_str(), o.consent.as_str(), o.tag_list().len()), ("Ring twice", "", "News, please", 0));
        assert_eq!((o.currency, o.prices_include_tax), (Currency::EUR, true));
        assert_eq!((o.created_at, o.held_until), (s.ctx.now(), Some(s.ctx.now().plus(HELD))));
        assert_eq!((o.placed_at, o.placed_day, o.cancelled_at, o.cancel_reason, o.closed_at), (None, None, None, None, None));
        s.lawful().await;
    }

    async fn lines_sum_up_to_the_cent(db) {
        let s = Scene::new(&db);
        let new = s.order();
        let id = s.insert(new.clone()).await;
        let (o, lines) = (s.head(id).await, s.lines(id).await);
        assert_eq!(new.totals(), (o.net_minor, o.tax_minor, o.total_minor));
        assert_eq!((o.total_minor, o.net_minor + o.tax_minor, o.item_count), (1300, 1300, 5), "shipping is no piece");
        assert_eq!(lines.iter().map(|l| (l.id, l.kind)).collect::<Vec<_>>(), new.lines.iter().map(|l| (l.id, l.kind)).collect::<Vec<_>>());
        assert_eq!(lines.iter().map(|l| l.gross_minor).collect::<Vec<_>>(), [547, 258, 495]);
        assert_eq!(lines.iter().map(|l| l.net_minor).sum::<i64>(), o.net_minor);
        assert_eq!(lines.iter().map(|l| l.tax_minor).sum::<i64>(), o.tax_minor);
        let (row, made) = (&lines[0], &new.lines[0]);
        assert_eq!((row.quantity, row.unit_minor, row.discount_minor, row.cancelled_quantity), (3, 199, 50, 0));
        assert_eq!((row.variant, row.product, row.image), (made.variant, made.product, None));
        assert_eq!((row.sku.as_deref(), row.title.as_str(), row.variant_title.as_str(), row.slug.as_str()), (Some("A-1"), "Apple", "Red", "apple"));
        assert_eq!((row.tax_name.as_str(), row.rate, row.requires_shipping, row.weight_grams), ("VAT", made.rate, true, Some(120)));
        assert_eq!((lines[2].kind, lines[2].variant, lines[2].requires_shipping), (LineKind::Shipping, None, false));
    }

    async fn parts_of_a_line_are_the_line(db) {
        let s = Scene::new(&db);
        let mut new = s.order();
        // 1,000 in seven, 1 in seven, and less than nothing in three: none divides
        new.lines = vec![s.line(LineKind::Item, 7, 143, 1), s.line(LineKind::Item, 7, 1, 6), s.line(LineKind::Item, 3, 0, 100)];
        let id = s.insert(new).await;
        for line in s.lines(id).await {
            let steps: Vec<(i64, i64)> = (0..=line.quantity).map(|n| line.upto(n)).collect();
            assert_eq!((steps[0], *steps.last().unwrap()), ((0, 0), (line.net_minor, line.gross_minor)));
            let parts: Vec<(i64, i64)> = steps.windows(2).map(|w| (w[1].0 - w[0].0, w[1].1 - w[0].1)).collect();
            assert_eq!(parts.iter().map(|p| p.1).sum::<i64>(), line.gross_minor);
            let (least, most) = (parts.iter().map(|p| p.1).min().unwrap(), parts.iter().map(|p| p.1).max().unwrap());
            assert!(most - least <= 1, "no piece is worth two cents more than another: {parts:?}");
        }
        s.lawful().await;
    }

    async fn writing_an_order_is_three_statements(db) {
        let s = Scene::new(&db);
        s.insert(s.order()).await;
        let (order, before) = (s.order(), db.stats().statements());
        s.insert(order).await;
        assert_eq!(db.stats().statements() - before, 3);
    }

    async fn numbers_grow_and_none_comes_twice(db) {
        let s = Scene::new(&db);
        let tasks: Vec<_> = (0..12).map(|_| { let (s, o) = (s.clone(), s.order()); tokio::spawn(async move { s.try_insert(o).await.unwrap() }) }).collect();
        let (mut numbers, mut secrets) = (BTreeSet::new(), BTreeSet::new());
        for task in tasks {
            let placed = task.await.unwrap();
            numbers.insert(placed.number);
            secrets.insert(placed.secret);
        }
        assert_eq!((numbers.len(), secrets.len(), *numbers.first().unwrap() > 1000), (12, 12, true));
        let (c, lost) = (s.ctx.clone(), s.order());
        let undone: Result<(), Error> = db.write("undone", async move |tx: &mut Tx| {
            orders::insert(tx, &c, &lost).await?;
            Err(Error::NotFound)
        }).await;
        assert!(undone.is_err());
        assert!(s.try_insert(s.order()).await.unwrap().number > *numbers.last().unwrap(), "a gap at most");
    }

    async fn a_version_of_a_cart_is_ordered_once(db) {
        let s = Scene::new(&db);
        let cart = s.ctx.id();
        let tasks: Vec<_> = (0..6).map(|_| {
            let (s, mut o) = (s.clone(), s.order());
            o.cart = Some((cart, 1));
            tokio::spawn(async move { s.try_insert(o).await })
        }).collect();
        let mut made = vec![];
        for task in tasks {
            match task.await.unwrap() {
                Ok(placed) => made.push(placed.id),
                Err(Error::Db(e)) => assert!(e.is_unique(), "{e}"),
                Err(e) => panic!("{e}"),
            }
        }
        assert_eq!(made.len(), 1);
        let mut later = s.order();
        later.cart = Some((cart, 2));
        let later = s.insert(later).await;
        let other = s.insert(s.order()).await;
        let of_cart = db.read(async |tx: &mut Tx| orders::by_cart(tx, cart).await).await.unwrap();
        assert_eq!(of_cart.iter().map(|o| o.id).collect::<Vec<_>>(), [later, made[0]]);
        assert!(s.lines(other).await.len() == 3, "orders without a cart are as many as there are");
    }

    async fn an_order_opens_by_its_secret_and_its_number(db) {
        let s = Scene::new(&db);
        let placed = s.try_insert(s.order()).await.unwrap();
        s.insert(s.order()).await;
        let there = s.ctx.in_store(std::sync::Arc::new(kernel::Store { id: s.ctx.id(), ..(*s.ctx.store).clone() }));
        db.read(async |tx: &mut Tx| {
            assert_eq!(orders::by_secret(tx, &placed.secret).await?.id, placed.id);
            for wrong in ["", "nonsense", &placed.secret[1..], &placed.secret.to_uppercase()] {
                assert!(matches!(orders::by_secret(tx, wrong).await, Err(Error::NotFound)), "{wrong}");
            }
            assert_eq!(orders::by_number(tx, &s.ctx, placed.number).await?.map(|o| o.id), Some(placed.id));
            assert!(orders::by_number(tx, &s.ctx, 7).await?.is_none());
            assert!(orders::by_number(tx, &there, placed.number).await?.is_none(), "another store's");
            assert_eq!(orders::number_of(tx, placed.id).await?, placed.number);
            let nobody = orders::number_of(tx, s.ctx.id()).await.unwrap_err();
            assert_eq!((nobody.kind(), nobody.code()), (ErrorKind::NotFound, "not_found"));
            assert!(matches!(orders::head(tx, s.ctx.id()).await, Err(Error::NotFound)));
            let size = PageSize::new(1);
            assert_eq!(orders::held_past(tx, s.ctx.now(), size).await?, []);
            Ok::<_, Error>(())
        }).await.unwrap();
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}
