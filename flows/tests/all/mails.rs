//! What customers are written and what is printed, on both databases.

use std::sync::Arc;

use adapters::mail::Mailbox;
use customers::{Mail, SEND_MAIL, SendMail};
use db::Tx;
use flows::documents::{Slip, packing_slip, pick_list};
use flows::{Cancel, PlaceOrder, Refund, RefundItem, Ship};
use kernel::{Address, OrderId};
use site::{BankDetails, DetailsChange};
use testkit::Engine;
use work::{Handler, Runner};

use crate::world::{PRICE, World};

fn on(engine: Engine, test: impl AsyncFnOnce(World)) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        match World::new(engine).await {
            Some(w) => test(w).await,
            None => testkit::skipped(std::thread::current().name().unwrap_or("a test")),
        }
    });
}

macro_rules! both {
    ($(async fn $name:ident($w:ident) $body:block)*) => { $(
        mod $name {
            use super::*;
            #[allow(unused_mut)]
            async fn body(mut $w: World) $body
            #[test]
            fn sqlite() { on(Engine::Sqlite, body); }
            #[test]
            fn postgres() { on(Engine::Postgres, body); }
        }
    )* };
}

/// Works with mail going out, every task twice.
async fn work(w: &World) {
    w.clock.advance(std::time::Duration::from_secs(60));
    let mut handlers = flows::tasks::handlers(&w.shop);
    let send: Arc<dyn Handler> = Arc::new(SendMail::new(w.db.clone(), Arc::new(Mailbox)));
    handlers.retain(|(kind, _)| *kind != SEND_MAIL);
    handlers.push((SEND_MAIL, send));
    let runner = Runner::new(w.db.clone(), w.ctx.clone(), handlers, flows::tasks::SCHEDULES.to_vec());
    runner.twice().run_due().await.unwrap();
}

/// All mails about an order, the first first.
async fn mails(w: &World, order: OrderId) -> Vec<Mail> {
    w.db.read(async |tx: &mut Tx| {
        let mut all = vec![];
        for row in customers::mails_of_order(tx, order).await? {
            all.push(customers::mail(tx, row.id).await?);
        }
        all.reverse();
        Ok::<_, customers::Error>(all)
    })
    .await
    .unwrap()
}

async fn settled(w: &World) {
    let ctx = w.ctx.clone();
    w.db.write("settings", async move |tx: &mut Tx| {
        let permit = ctx.permit().unwrap();
        site::set_locales(tx, &ctx, &permit, &["en".into(), "de".into()]).await?;
        let bank = BankDetails {
            holder: "Marrow Greengrocers".into(),
            iban: "NL91ABNA0417164300".into(),
            ..BankDetails::default()
        };
        site::set_setting(tx, &ctx, &permit, bank).await?;
        let legal_address = Address {
            line1: "Elandsgracht 60".into(),
            postcode: "1016 TX".into(),
            city: "Amsterdam".into(),
            country: "NL".into(),
            ..Address::default()
        };
        let change = DetailsChange { legal_address: Some(legal_address), ..DetailsChange::default() };
        site::update_details(tx, &ctx, &permit, &change).await?;
        Ok::<_, site::Error>(())
    })
    .await
    .unwrap();
}

fn ship(page: &flows::OrderPage, quantity: i64) -> Ship {
    Ship {
        fulfilment: page.fulfilments[0].id,
        lines: vec![(page.fulfilment_lines[0].id, quantity)],
        carrier: "PostNL".into(),
        tracking_number: "3SABC123".into(),
        tracking_url: String::new(),
        notify: true,
    }
}

both! {
    async fn a_confirmation_says_where_to_transfer_the_money(w) {
        settled(&w).await;
        let cart = w.cart(2).await;
        let input = PlaceOrder { cart: cart.0, version: cart.1, read: None, seen_total_minor: None, provider: "bank_transfer".into(), token: String::new(), key: "k".into() };
        let placed = flows::place_order(&w.shop, &w.ctx.shopper().in_locale("de"), input).await.unwrap();
        work(&w).await;
        let all = mails(&w, placed.order).await;
        assert_eq!(all.len(), 1, "the task ran twice and wrote once");
        let mail = &all[0];
        assert_eq!((mail.kind.as_str(), mail.state), ("order_placed", customers::MailState::Sent));
        assert_eq!((mail.recipient.as_str(), mail.sender.as_str(), mail.sender_name.as_str()), ("kofi@example.com", "ada@example.com", "Marrow"));
        assert!(mail.subject.contains(&placed.number.to_string()), "{}", mail.subject);
        let link = format!("http://shop.example/de/orders/{}", placed.secret);
        for part in [mail.text.clone(), mail.html.replace("&#x2f;", "/")] {
            for wanted in ["NL91 ABNA 0417 1643 00", "12,98\u{a0}€", "Überweisung", "Niederlande", "Elandsgracht 60", &link] {
                assert!(part.contains(wanted), "{wanted} is missing in {part}");
            }
        }
        assert!(mail.text.contains("2 x Apple  7,98\u{a0}€"), "{}", mail.text);
        let notes = w.page(placed.order).await.notes;
        let said: Vec<_> = notes.iter().filter(|n| n.kind == "mail").map(|n| n.text.as_str()).collect();
        assert_eq!(said, ["Confirmation e-mail written to kofi@example.com"]);
        w.lawful().await;
    }

    async fn parcels_refunds_and_cancellations_are_told_once(w) {
        settled(&w).await;
        let (a, b) = (w.buy(3).await, w.buy(1).await);
        work(&w).await;
        let page = w.page(a.order).await;
        let permit = w.ctx.permit().unwrap();
        flows::ship(&w.shop, &w.ctx, &permit, ship(&page, 1)).await.unwrap();
        work(&w).await;
        flows::ship(&w.shop, &w.ctx, &permit, ship(&page, 2)).await.unwrap();
        work(&w).await;
        let items = vec![RefundItem { line: page.lines[0].id, quantity: 1, restock: None }];
        let refund = Refund { order: a.order, lines: items, shipping_minor: 0, adjustment_minor: 0, reason: "Bruised".into() };
        flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), refund).await.unwrap();
        let cancel = Cancel { order: b.order, reason: "Sold out in the field".into(), notify: true };
        flows::cancel_order(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), cancel).await.unwrap();
        work(&w).await;
        let all = mails(&w, a.order).await;
        let kinds: Vec<_> = all.iter().map(|m| m.kind.as_str()).collect();
        assert_eq!(kinds, ["order_placed", "order_shipped", "order_shipped", "order_refunded"]);
        assert!(all[0].text.contains("Test card") && !all[0].text.contains("NL91"));
        assert!(all[1].text.contains("The rest follows") && all[1].text.contains("3SABC123") && all[1].text.contains("1 x Apple"));
        assert!(!all[2].text.contains("The rest follows") && all[2].text.contains("2 x Apple"));
        assert!(all[3].subject.contains("€3.99") && all[3].text.contains("Bruised") && all[3].text.contains("Test card"));
        assert!(all[3].text.contains(&format!("http://shop.example/orders/{}", a.secret)));
        let other = mails(&w, b.order).await;
        let kinds: Vec<_> = other.iter().map(|m| m.kind.as_str()).collect();
        assert_eq!(kinds, ["order_placed", "order_cancelled"]);
        // its money was only set aside, so nothing comes back
        assert!(other[1].text.contains("Sold out in the field") && !other[1].text.contains("goes back"), "{}", other[1].text);
        w.lawful().await;
    }

    async fn money_that_was_never_taken_does_not_go_back(w) {
        settled(&w).await;
        let p = w.buy(3).await;
        let line = w.page(p.order).await.lines[0].id;
        let items = vec![RefundItem { line, quantity: 1, restock: None }];
        let refund = Refund { order: p.order, lines: items, shipping_minor: 0, adjustment_minor: 0, reason: String::new() };
        let row = flows::refund(&w.shop, &w.ctx, &w.ctx.permit().unwrap(), refund).await.unwrap();
        assert_eq!((row.from_captured_minor, row.from_open_minor), (0, PRICE));
        work(&w).await;
        let all = mails(&w, p.order).await;
        let mail = all.iter().find(|m| m.kind == "order_refunded").unwrap();
        assert!(mail.subject.contains("€3.99 less to pay"), "{}", mail.subject);
        assert!(mail.text.contains("nothing to send back"), "{}", mail.text);
    }

    async fn a_shop_without_an_address_writes_when_it_has_one(w) {
        let ctx = w.ctx.clone();
        let set = async |email: &'static str| {
            let ctx = ctx.clone();
            let email = email.to_owned();
            w.db.write("email", async move |tx: &mut Tx| {
                let change = DetailsChange { email: Some(email.clone()), ..DetailsChange::default() };
                site::update_details(tx, &ctx, &ctx.permit().unwrap(), &change).await
            })
            .await
            .unwrap()
        };
        set("").await;
        let p = w.buy(1).await;
        work(&w).await;
        assert!(mails(&w, p.order).await.is_empty());
        let dead = w.db.read(async |tx: &mut Tx| work::queue::tasks(tx, &w.ctx.permit().unwrap(), "dead", None, kernel::PageSize::MAX).await).await.unwrap().rows;
        assert_eq!(dead.len(), 1);
        set("hello@shop.example").await;
        let (ctx, id) = (w.ctx.clone(), dead[0].id);
        w.db.write("replay", async move |tx: &mut Tx| work::queue::replay(tx, &ctx, &ctx.permit().unwrap(), id).await).await.unwrap();
        work(&w).await;
        assert_eq!(mails(&w, p.order).await.len(), 1);
    }

    async fn papers_for_the_packing_table(w) {
        settled(&w).await;
        let (a, b) = (w.buy(3).await, w.buy(1).await);
        let (page, other) = (w.page(a.order).await, w.page(b.order).await);
        let permit = w.ctx.permit().unwrap();
        let sent = flows::ship(&w.shop, &w.ctx, &permit, ship(&page, 1)).await.unwrap();
        let slip = packing_slip(&w.shop, &w.ctx, &permit, Slip::Shipment(sent.id)).await.unwrap();
        let number = format!("{}-1", a.number);
        for wanted in [number.as_str(), "Kofi Mensah", "APPLE", "Elandsgracht 60", "<b>1</b>"] {
            assert!(slip.contains(wanted), "{wanted} is missing in {slip}");
        }
        let rest = packing_slip(&w.shop, &w.ctx, &permit, Slip::Fulfilment(page.fulfilments[0].id)).await.unwrap();
        assert!(rest.contains("<b>2</b>"), "{rest}");
        let ids = [page.fulfilments[0].id, other.fulfilments[0].id];
        let list = pick_list(&w.shop, &w.ctx.in_locale("de"), &permit, &ids).await.unwrap();
        for wanted in [a.number.to_string(), b.number.to_string(), "<b>2</b>".into(), "lang=\"de\"".into()] {
            assert!(list.contains(&wanted), "{wanted} is missing in {list}");
        }
        flows::ship(&w.shop, &w.ctx, &permit, ship(&page, 2)).await.unwrap();
        assert!(pick_list(&w.shop, &w.ctx, &permit, &ids[..1]).await.is_err(), "nothing is left of it");
    }
}
