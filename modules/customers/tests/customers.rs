#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use customers::ports::{MailError, Mailer};
use customers::{
    Change, Channel, Consent, ConsentSource, Customer, Error, Filter, Mail, MailFilter, MailState,
    NewCustomer, NewMail, SEND_MAIL, SendMail,
};
use db::{Db, Tx};
use kernel::{
    Address, Ctx, Cursor, CustomerId, ErrorKind, Fault, FixedClock, MailId, PageSize, Permit, perms,
};
use parking_lot::Mutex;

const TABLES: &[db::Migrations] = &[work::MIGRATIONS, customers::MIGRATIONS];

fn address(line1: &str) -> Address {
    Address {
        name: "Ada Lovelace".into(),
        line1: line1.into(),
        postcode: "1012ab".into(),
        city: "Amsterdam".into(),
        country: "NL".into(),
        ..Address::default()
    }
}

fn new(email: &str) -> NewCustomer {
    NewCustomer {
        email: email.into(),
        name: "Ada Lovelace".into(),
        phone: String::new(),
        locale: "en".into(),
        accepts_marketing: false,
        consent: None,
        address: Some(address("Damrak 1")),
    }
}

async fn remember(db: &Db, ctx: &Ctx, new: NewCustomer) -> CustomerId {
    let ctx = ctx.clone();
    let unit = db::Unit::named("t").read_committed();
    db.write(unit, async move |tx: &mut Tx| customers::remember(tx, &ctx, &new).await).await.unwrap()
}

async fn get(db: &Db, ctx: &Ctx, id: CustomerId) -> Customer {
    db.read(async |tx: &mut Tx| customers::get(tx, ctx.store.id, id).await).await.unwrap()
}

async fn addresses(db: &Db, id: CustomerId) -> Vec<customers::CustomerAddress> {
    db.read(async |tx: &mut Tx| customers::addresses(tx, id).await).await.unwrap()
}

async fn consents(db: &Db, id: CustomerId) -> Vec<Consent> {
    db.read(async |tx: &mut Tx| customers::consents(tx, id).await).await.unwrap()
}

fn may_write(ctx: &Ctx) -> Permit<perms::CustomersWrite> {
    ctx.permit().unwrap()
}

async fn update(db: &Db, ctx: &Ctx, id: CustomerId, change: Change) -> Result<Customer, Error> {
    let ctx = ctx.clone();
    db.write("t", async move |tx: &mut Tx| customers::update(tx, &ctx, &may_write(&ctx), id, &change).await)
        .await
}

async fn found(db: &Db, ctx: &Ctx, search: &str) -> Vec<String> {
    let filter = Filter { search: search.into(), ..Filter::default() };
    let page = db
        .read(async |tx: &mut Tx| {
            customers::list(tx, ctx, &ctx.permit().unwrap(), &filter, None, PageSize::default()).await
        })
        .await
        .unwrap();
    page.rows.into_iter().map(|c| c.email).collect()
}

async fn broken(db: &Db) -> Vec<&'static str> {
    let found = db.read(async |tx: &mut Tx| db::check(tx, customers::LAWS).await).await.unwrap();
    found.iter().map(|v| v.law).collect()
}

async fn script(db: &Db, text: &'static str) {
    db.write("t", async move |tx: &mut Tx| tx.script(text).await).await.unwrap();
}

async fn deeds(db: &Db) -> Vec<String> {
    let text = "select verb from audit order by at, id";
    let rows: Vec<(String,)> = db.read(async |tx: &mut Tx| tx.all(text, &[]).await).await.unwrap();
    rows.into_iter().map(|(v,)| v).collect()
}

fn letter(key: &str) -> NewMail {
    NewMail {
        dedupe_key: key.into(),
        kind: "order_placed",
        sender_name: "Corner\r\nGrocer".into(),
        sender: "shop@example.com".into(),
        reply_to: String::new(),
        recipient: "Ada@example.com".into(),
        subject: "Your order\r\nBcc: evil@example.com".into(),
        html: "<p>Thanks</p>".into(),
        text: "Thanks".into(),
        order: None,
        customer: None,
    }
}

async fn post(db: &Db, ctx: &Ctx, new: NewMail) -> Result<Option<MailId>, Error> {
    let ctx = ctx.clone();
    db.write("t", async move |tx: &mut Tx| customers::post(tx, &ctx, &new).await).await
}

async fn mail(db: &Db, id: MailId) -> Mail {
    db.read(async |tx: &mut Tx| customers::mail(tx, id).await).await.unwrap()
}

/// A mail server that answers as it is told, then takes everything.
#[derive(Default)]
struct Server {
    answers: Mutex<Vec<MailError>>,
    taken: Mutex<Vec<MailId>>,
}

#[async_trait]
impl Mailer for Server {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if let Some(e) = self.answers.lock().pop() {
            return Err(e);
        }
        self.taken.lock().push(mail.id);
        Ok(())
    }
}

fn runner(db: &Db, ctx: &Ctx, server: &Arc<Server>) -> work::Runner {
    work::Runner::new(
        db.clone(),
        ctx.clone(),
        vec![(SEND_MAIL, Arc::new(SendMail::new(db.clone(), server.clone())))],
        vec![],
    )
}

fn clocked() -> (Arc<FixedClock>, Ctx) {
    let clock = testkit::clock();
    (clock.clone(), testkit::ctx_at(clock, 5))
}

testkit::on_both! {
    migrations = TABLES;

    async fn a_guest_is_remembered_once(db) {
        let (clock, ctx) = clocked();
        let a = remember(&db, &ctx, new("Ada@Example.com")).await;
        clock.advance(Duration::from_secs(60));
        let again = NewCustomer { name: "Somebody Else".into(), phone: "+31 20 555 0000".into(), locale: "de".into(), accepts_marketing: true, ..new(" ada@example.COM ") };
        assert_eq!(remember(&db, &ctx, again).await, a);
        let c = get(&db, &ctx, a).await;
        assert_eq!((c.name.as_str(), c.phone.as_str(), c.locale.as_str(), c.accepts_marketing), ("Ada Lovelace", "+31 20 555 0000", "de", true));
        remember(&db, &ctx, new("ada@example.com")).await;
        assert!(get(&db, &ctx, a).await.accepts_marketing, "an unticked box takes nothing back");
        let kept = addresses(&db, a).await;
        assert_eq!((kept.len(), kept[0].is_default, kept[0].address.postcode.as_str()), (1, true, "1012 AB"));
        remember(&db, &ctx, NewCustomer { address: Some(address("Herengracht 2")), ..new("ada@example.com") }).await;
        assert_eq!(addresses(&db, a).await.len(), 2);
        let found = db.read(async |tx: &mut Tx| customers::find_by_email(tx, ctx.store.id, "ADA@example.com").await).await.unwrap();
        assert_eq!(found.unwrap().id, a);
        assert!(broken(&db).await.is_empty());
    }

    async fn remembering_is_two_statements(db) {
        let ctx = testkit::ctx();
        remember(&db, &ctx, new("first@example.com")).await;
        let before = db.stats().statements();
        remember(&db, &ctx, new("ada@example.com")).await;
        assert_eq!(db.stats().statements() - before, 2);
    }

    async fn many_at_once_are_one_customer(db) {
        let ctx = testkit::ctx();
        let all = futures_of(&db, &ctx, 12).await;
        assert!(all.iter().all(|id| *id == all[0]));
        assert_eq!(addresses(&db, all[0]).await.iter().filter(|a| a.is_default).count(), 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn an_odd_email_is_refused(db) {
        let ctx = testkit::ctx();
        for bad in ["", "ada", "ada@example", "a b@example.com", "<ada@example.com>"] {
            let (by, new) = (ctx.clone(), new(bad));
            let e = db.write("t", async move |tx: &mut Tx| customers::remember(tx, &by, &new).await).await.unwrap_err();
            assert_eq!((e.kind(), e.field()), (ErrorKind::Invalid, Some("email")), "{bad}");
        }
    }

    async fn staff_change_a_customer(db) {
        let (clock, ctx) = clocked();
        let (ada, bob) = (remember(&db, &ctx, new("ada@example.com")).await, remember(&db, &ctx, new("bob@example.com")).await);
        let seen = get(&db, &ctx, ada).await.updated_at;
        clock.advance(Duration::from_secs(1));
        let change = Change { name: Some(" Ada  L. ".into()), email: Some("ada@new.example.com".into()), note: Some("likes tea".into()), seen_at: Some(seen), ..Change::default() };
        let c = update(&db, &ctx, ada, change.clone()).await.unwrap();
        assert_eq!((c.name.as_str(), c.note.as_str()), ("Ada L.", "likes tea"));
        assert_eq!(get(&db, &ctx, ada).await, c);
        assert!(matches!(update(&db, &ctx, ada, change).await.unwrap_err(), Error::Changed));
        let taken = update(&db, &ctx, bob, Change { email: Some("ADA@new.example.com".into()), ..Change::default() }).await.unwrap_err();
        assert!(matches!(taken, Error::EmailTaken { .. }) && taken.field() == Some("email"));
        let phone = update(&db, &ctx, bob, Change { phone: Some("call me".into()), ..Change::default() }).await.unwrap_err();
        assert_eq!(phone.field(), Some("phone"));
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::set_note(tx, &by, &may_write(&by), bob, "slow payer").await).await.unwrap();
        let nobody = update(&db, &ctx, ctx.id(), Change::default()).await.unwrap_err();
        assert_eq!(nobody.kind(), ErrorKind::NotFound);
        assert_eq!(deeds(&db).await, ["customer.update", "customer.update"]);
    }

    async fn consent_is_kept_with_its_proof(db) {
        let (clock, ctx) = clocked();
        let ticked = ctx.now();
        let guest = NewCustomer { accepts_marketing: true, consent: Some(("News, please".into(), ticked)), ..new("ada@example.com") };
        clock.advance(Duration::from_secs(60));
        let ada = remember(&db, &ctx, guest.clone()).await;
        remember(&db, &ctx, guest.clone()).await;
        let said = consents(&db, ada).await;
        assert_eq!(said.len(), 1, "ticking again proves nothing new");
        assert_eq!((said[0].granted, said[0].source, said[0].proof.as_str(), said[0].at), (true, ConsentSource::Checkout, "News, please", ticked));
        clock.advance(Duration::from_secs(60));
        let by = ctx.clone();
        let e = db.write("t", async move |tx: &mut Tx| customers::set_consent(tx, &by, &may_write(&by), ada, Channel::Email, false, " ").await).await.unwrap_err();
        assert_eq!(e.field(), Some("reason"));
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::set_consent(tx, &by, &may_write(&by), ada, Channel::Email, false, "Rang us").await).await.unwrap();
        assert!(!get(&db, &ctx, ada).await.accepts_marketing);
        // the task of an order that was placed before comes late
        remember(&db, &ctx, guest).await;
        assert!(!get(&db, &ctx, ada).await.accepts_marketing, "what was taken back since stays so");
        let by = ctx.clone();
        clock.advance(Duration::from_secs(60));
        db.write("t", async move |tx: &mut Tx| customers::set_consent(tx, &by, &may_write(&by), ada, Channel::Post, true, "Card on the desk").await).await.unwrap();
        assert!(!get(&db, &ctx, ada).await.accepts_marketing, "letters are not mail");
        clock.advance(Duration::from_secs(60));
        update(&db, &ctx, ada, Change { accepts_marketing: Some(true), ..Change::default() }).await.unwrap();
        let said = consents(&db, ada).await;
        let shown: Vec<_> = said.iter().map(|c| (c.channel, c.granted, c.proof.as_str())).collect();
        assert_eq!(shown, [(Channel::Email, true, ""), (Channel::Post, true, "Card on the desk"), (Channel::Email, false, "Rang us"), (Channel::Email, true, "News, please")]);
        assert!(broken(&db).await.is_empty());
        script(&db, "update customer set accepts_marketing = (1 = 0)").await;
        assert_eq!(broken(&db).await, ["customers.consent_is_as_last_said"]);
    }

    async fn tags_are_given_and_found(db) {
        let (_, ctx) = clocked();
        let (ada, bob) = (remember(&db, &ctx, new("ada@example.com")).await, remember(&db, &ctx, new("bob@example.com")).await);
        let tags = |all: &[&str]| Change { tags: Some(all.iter().map(|t| (*t).to_owned()).collect()), ..Change::default() };
        let c = update(&db, &ctx, ada, tags(&[" VIP ", "vip", "", "50%_\"off\""])).await.unwrap();
        assert_eq!(c.tag_list(), ["VIP", "50%_\"off\""]);
        update(&db, &ctx, bob, tags(&["VIP lounge"])).await.unwrap();
        let e = update(&db, &ctx, bob, tags(&[&"x".repeat(61)])).await.unwrap_err();
        assert_eq!(e.field(), Some("tags"));
        let permit = ctx.permit::<perms::CustomersRead>().unwrap();
        let with = async |tag: &str| -> Vec<String> {
            let filter = Filter { tag: tag.into(), ..Filter::default() };
            let page = db.read(async |tx: &mut Tx| customers::list(tx, &ctx, &permit, &filter, None, PageSize::default()).await).await.unwrap();
            page.rows.into_iter().map(|c| c.email).collect()
        };
        assert_eq!(with("VIP").await, ["ada@example.com"], "the whole word");
        assert_eq!(with("50%_\"off\"").await, ["ada@example.com"]);
        assert!(with("%").await.is_empty());
        let all = db.read(async |tx: &mut Tx| customers::tags(tx, &ctx, &permit).await).await.unwrap();
        assert_eq!(all, ["50%_\"off\"", "VIP", "VIP lounge"]);
    }

    async fn another_store_does_not_see_them(db) {
        let ctx = testkit::ctx();
        let ada = remember(&db, &ctx, new("ada@example.com")).await;
        let mut other = (*ctx.store).clone();
        other.id = ctx.id();
        let there = ctx.in_store(Arc::new(other));
        assert!(db.read(async |tx: &mut Tx| customers::get(tx, there.store.id, ada).await).await.is_err());
        assert!(found(&db, &there, "").await.is_empty());
        assert_ne!(remember(&db, &there, new("ada@example.com")).await, ada);
    }

    async fn addresses_change(db) {
        let (clock, ctx) = clocked();
        let ada = remember(&db, &ctx, new("ada@example.com")).await;
        clock.advance(Duration::from_secs(1));
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::add_address(tx, &by, &may_write(&by), ada, &address("Singel 3")).await).await.unwrap();
        let by = ctx.in_locale("de");
        let wrong = Address { postcode: "12".into(), city: String::new(), ..address("Singel 4") };
        let e = db.write("t", async move |tx: &mut Tx| customers::add_address(tx, &by, &may_write(&by), ada, &wrong).await).await.unwrap_err();
        let Error::Address(errors) = &e else { panic!("{e}") };
        assert_eq!((errors.len(), errors[0].field, e.field()), (2, "postcode", Some("postcode")));
        let all = addresses(&db, ada).await;
        assert_eq!((all.len(), all[0].address.line1.as_str()), (2, "Damrak 1"));
        let (first, second) = (all[0].id, all[1].id);
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::set_default_address(tx, &by, &may_write(&by), ada, second).await).await.unwrap();
        assert_eq!(addresses(&db, ada).await[0].id, second);
        let by = ctx.clone();
        let e = db.write("t", async move |tx: &mut Tx| customers::update_address(tx, &by, &may_write(&by), ada, second, &address("damrak 1")).await).await.unwrap_err();
        assert_eq!(e.field(), Some("line1"), "there already");
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::update_address(tx, &by, &may_write(&by), ada, second, &address("Prinsengracht 9")).await).await.unwrap();
        assert!(broken(&db).await.is_empty());
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::remove_address(tx, &by, &may_write(&by), ada, second).await).await.unwrap();
        let rest = addresses(&db, ada).await;
        assert_eq!((rest.len(), rest[0].id, rest[0].is_default), (1, first, true));
        let (by, bob) = (ctx.clone(), remember(&db, &ctx, new("bob@example.com")).await);
        let e = db.write("t", async move |tx: &mut Tx| customers::remove_address(tx, &by, &may_write(&by), bob, first).await).await.unwrap_err();
        assert_eq!(e.kind(), ErrorKind::NotFound, "another customer's");
        assert!(broken(&db).await.is_empty());
        assert_eq!(deeds(&db).await.len(), 4);
    }

    async fn lists_search_and_turn_pages(db) {
        let (clock, ctx) = clocked();
        for i in 0..5 {
            remember(&db, &ctx, NewCustomer { name: format!("Jürgen {i}"), phone: "+49 30 90182".into(), accepts_marketing: i == 3, ..new(&format!("c{i}@example.com")) }).await;
            clock.advance(Duration::from_secs(i % 2)); // some share a moment
        }
        remember(&db, &ctx, NewCustomer { name: "50% Off_Ltd".into(), address: None, ..new("odd@example.com") }).await;
        assert_eq!(found(&db, &ctx, "JÜRGEN 2").await, ["c2@example.com"]);
        assert_eq!(found(&db, &ctx, "C4@EX").await, ["c4@example.com"]);
        assert_eq!(found(&db, &ctx, "90182").await.len(), 5);
        assert_eq!(found(&db, &ctx, "%").await, ["odd@example.com"]);
        assert_eq!(found(&db, &ctx, "f_l").await, ["odd@example.com"]);
        assert!(found(&db, &ctx, "nobody").await.is_empty());
        let permit = ctx.permit::<perms::CustomersRead>().unwrap();
        let ticked = Filter { accepts_marketing: Some(true), ..Filter::default() };
        let page = db.read(async |tx: &mut Tx| customers::list(tx, &ctx, &permit, &ticked, None, PageSize::default()).await).await.unwrap();
        assert_eq!((page.rows.len(), page.rows[0].address.as_ref().unwrap().city.as_str()), (1, "Amsterdam"));
        let (mut seen, mut next): (Vec<CustomerId>, Option<String>) = (vec![], None);
        loop {
            let after = next.as_deref().map(|n| Cursor::decode(n).unwrap());
            let page = db.read(async |tx: &mut Tx| {
                customers::list(tx, &ctx, &permit, &Filter::default(), after.as_ref(), PageSize::new(2)).await
            }).await.unwrap();
            seen.extend(page.rows.iter().map(|c| c.id));
            next = page.next;
            if next.is_none() { break }
        }
        let n = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((n, seen.len()), (6, 6));
        assert_eq!(db.read(async |tx: &mut Tx| customers::count(tx, &ctx, &permit).await).await.unwrap(), 6);
    }

    async fn a_mail_is_posted_once_and_sent_once(db) {
        let (_, ctx) = clocked();
        let id = post(&db, &ctx, letter("order_placed:1")).await.unwrap().unwrap();
        assert_eq!(post(&db, &ctx, letter("order_placed:1")).await.unwrap(), None);
        let m = mail(&db, id).await;
        assert_eq!((m.state, m.subject.as_str(), m.sender_name.as_str()), (MailState::Queued, "Your order Bcc: evil@example.com", "Corner Grocer"));
        let server = Arc::new(Server::default());
        runner(&db, &ctx, &server).run_due().await.unwrap();
        runner(&db, &ctx, &server).run_due().await.unwrap();
        assert_eq!(*server.taken.lock(), [id]);
        let m = mail(&db, id).await;
        assert_eq!((m.state, m.sent_at, m.attempts), (MailState::Sent, Some(ctx.now()), 1));
        assert!(broken(&db).await.is_empty());
        let e = post(&db, &ctx, NewMail { recipient: "nobody".into(), ..letter("2") }).await.unwrap_err();
        assert_eq!(e.field(), Some("recipient"));
    }

    async fn a_busy_server_is_asked_again_and_a_refusal_is_final(db) {
        let (clock, ctx) = clocked();
        let server = Arc::new(Server::default());
        let id = post(&db, &ctx, letter("a")).await.unwrap().unwrap();
        server.answers.lock().push(MailError::Unreachable("no route".into()));
        runner(&db, &ctx, &server).run_due().await.unwrap();
        let m = mail(&db, id).await;
        assert_eq!((m.state, m.attempts), (MailState::Queued, 1));
        assert!(m.error.contains("no route"));
        clock.advance(Duration::from_secs(3600));
        assert_eq!(db.read(async |tx: &mut Tx| customers::failing_mails(tx, &ctx).await).await.unwrap(), 1);
        runner(&db, &ctx, &server).run_due().await.unwrap();
        assert_eq!((mail(&db, id).await.state, mail(&db, id).await.error.as_str()), (MailState::Sent, ""));
        assert_eq!(db.read(async |tx: &mut Tx| customers::failing_mails(tx, &ctx).await).await.unwrap(), 0);
        let id = post(&db, &ctx, letter("b")).await.unwrap().unwrap();
        server.answers.lock().push(MailError::Refused("no such mailbox".into()));
        runner(&db, &ctx, &server).run_due().await.unwrap();
        assert_eq!(mail(&db, id).await.state, MailState::Failed);
        assert_eq!(db.read(async |tx: &mut Tx| customers::failing_mails(tx, &ctx).await).await.unwrap(), 1);
        assert_eq!(server.taken.lock().len(), 1);
        assert!(broken(&db).await.is_empty());
    }

    async fn the_mailbox_lists_and_forgets(db) {
        let (clock, ctx) = clocked();
        let order = ctx.id();
        post(&db, &ctx, NewMail { order: Some(order), ..letter("a") }).await.unwrap();
        post(&db, &ctx, NewMail { recipient: "bob@example.com".into(), ..letter("b") }).await.unwrap();
        runner(&db, &ctx, &Arc::new(Server::default())).run_due().await.unwrap();
        clock.advance(Duration::from_secs(1));
        post(&db, &ctx, NewMail { subject: "Shipped".into(), ..letter("c") }).await.unwrap();
        let permit = ctx.permit::<perms::SystemRead>().unwrap();
        let list = async |filter: MailFilter| {
            db.read(async |tx: &mut Tx| customers::mailbox(tx, &ctx, &permit, &filter, None, PageSize::default()).await).await.unwrap().rows
        };
        assert_eq!(list(MailFilter::default()).await.len(), 3);
        assert_eq!(list(MailFilter { search: "BOB".into(), state: None }).await.len(), 1);
        let queued = list(MailFilter { search: String::new(), state: Some(MailState::Queued) }).await;
        assert_eq!((queued.len(), queued[0].subject.as_str()), (1, "Shipped"));
        assert_eq!(db.read(async |tx: &mut Tx| customers::mails_of_order(tx, order).await).await.unwrap().len(), 1);
        clock.advance(Duration::from_secs(200 * 24 * 3600));
        let by = ctx.clone();
        let gone = db.write("t", async move |tx: &mut Tx| customers::expire_mails(tx, &by).await).await.unwrap();
        assert_eq!((gone, list(MailFilter::default()).await.len()), (2, 1));
    }

    async fn laws_notice(db) {
        let ctx = testkit::ctx();
        let ada = remember(&db, &ctx, new("ada@example.com")).await;
        post(&db, &ctx, letter("a")).await.unwrap();
        let by = ctx.clone();
        db.write("t", async move |tx: &mut Tx| customers::set_consent(tx, &by, &may_write(&by), ada, Channel::Email, true, "Rang us").await).await.unwrap();
        assert!(broken(&db).await.is_empty());
        script(&db, "update customer_address set is_default = (1 = 0)").await;
        let mut seen = broken(&db).await;
        assert_eq!(seen, ["customers.a_default_address"]);
        script(&db, "update customer_address set is_default = (1 = 1)").await;
        for wrong in ["update mail set state = 'sent'", "update mail set state = 'failed'", "update mail set state = 'queued', sent_at = 1"] {
            script(&db, wrong).await;
            let found = broken(&db).await;
            assert_eq!(found, ["customers.mail_says_how_far_it_is"], "{wrong}");
            seen.extend(found);
        }
        script(&db, "update mail set state = 'queued', sent_at = null; update customer set accepts_marketing = (1 = 0)").await;
        seen.extend(broken(&db).await);
        testkit::every_law_was_broken(customers::LAWS, &seen);
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}

async fn futures_of(db: &Db, ctx: &Ctx, n: usize) -> Vec<CustomerId> {
    let tasks: Vec<_> = (0..n)
        .map(|_| {
            let (db, ctx) = (db.clone(), ctx.clone());
            tokio::spawn(async move { remember(&db, &ctx, new("ada@example.com")).await })
        })
        .collect();
    let mut ids = vec![];
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    ids
}
