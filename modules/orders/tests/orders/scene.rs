//! A shop with orders in it: nothing but orders and their timeline.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Engine, Migrations, Tx, params};
use kernel::{
    Actor, Address, ChannelId, Ctx, Currency, CustomerId, FixedClock, Grant, Grants, OrderId, PageSize, Rate,
    Scope, TextState as _, Timestamp,
};
use orders::{
    Error, Filter, LineKind, LineRow, NewLine, NewOrder, NoteRow, OrderHead, OrderState, Placed, Still,
};

pub const TABLES: &[Migrations] = &[work::MIGRATIONS, orders::MIGRATIONS];

/// How long stock is kept for an order that awaits its payment.
pub const HELD: Duration = Duration::from_secs(900);

#[derive(Clone)]
pub struct Scene {
    pub db: Db,
    pub ctx: Ctx,
    pub clock: Arc<FixedClock>,
}

impl Scene {
    pub fn new(db: &Db) -> Scene {
        let clock = testkit::clock();
        Scene { db: db.clone(), ctx: testkit::ctx_at(clock.clone(), 7), clock }
    }

    /// The same shop where it sells through another channel.
    pub fn through(&self, channel: ChannelId) -> Scene {
        let store = kernel::Store { channel, ..(*self.ctx.store).clone() };
        Scene { ctx: self.ctx.in_store(Arc::new(store)), ..self.clone() }
    }

    /// The same shop in the hands of somebody who may do everything, but only with what came through this channel.
    pub fn only_of(&self, channel: ChannelId) -> Scene {
        let scope = Scope { channels: vec![channel], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let ctx = self.ctx.acting(Actor::Staff { id: self.ctx.id(), name: "Grace".into() }, grants);
        Scene { ctx, ..self.clone() }
    }

    /// A line at 21 % of tax, its price entered with it.
    pub fn line(&self, kind: LineKind, quantity: i64, unit_minor: i64, discount_minor: i64) -> NewLine {
        let gross_minor = quantity * unit_minor - discount_minor;
        let rate = Rate::percent(21);
        let tax_minor = rate.within(gross_minor);
        NewLine {
            id: self.ctx.id(),
            kind,
            variant: (kind == LineKind::Item).then(|| self.ctx.id()),
            product: (kind == LineKind::Item).then(|| self.ctx.id()),
            sku: Some("A-1".into()),
            title: "Apple".into(),
            variant_title: "Red".into(),
            slug: "apple".into(),
            image: None,
            quantity,
            unit_minor,
            discount_minor,
            net_minor: gross_minor - tax_minor,
            tax_minor,
            gross_minor,
            tax_name: "VAT".into(),
            rate,
            requires_shipping: kind == LineKind::Item,
            weight_grams: Some(120),
        }
    }

    /// Three apples with something off, two pears and their shipping: 547 + 258 + 495 = 1300.
    pub fn order(&self) -> NewOrder {
        let address = Address {
            name: "Ada Lovelace".into(),
            line1: "Damrak 1".into(),
            postcode: "1012 AB".into(),
            city: "Amsterdam".into(),
            country: "NL".into(),
            ..Address::default()
        };
        NewOrder {
            id: self.ctx.id(),
            cart: None,
            email: "Ada@Example.com".into(),
            locale: "nl".into(),
            currency: Currency::EUR,
            prices_include_tax: true,
            billing_address: Address { line1: "Singel 3".into(), ..address.clone() },
            shipping_address: address,
            shipping_method: Some((self.ctx.id(), "Parcel".into())),
            payment_method: "card".into(),
            note: "Ring twice".into(),
            consent: "News, please".into(),
            lines: vec![
                self.line(LineKind::Item, 3, 199, 50),
                self.line(LineKind::Item, 2, 129, 0),
                self.line(LineKind::Shipping, 1, 495, 0),
            ],
            held_until: self.ctx.now().plus(HELD),
        }
    }

    /// One of another person's.
    pub fn order_of(&self, name: &str, email: &str) -> NewOrder {
        let mut order = self.order();
        order.shipping_address.name = name.into();
        order.email = email.into();
        order
    }

    pub async fn try_insert(&self, order: NewOrder) -> Result<Placed, Error> {
        let ctx = self.ctx.clone();
        self.db.write("insert", async move |tx: &mut Tx| orders::insert(tx, &ctx, &order).await).await
    }

    pub async fn insert(&self, order: NewOrder) -> OrderId {
        self.try_insert(order).await.unwrap().id
    }

    /// Places it, and tells so as the flow does.
    pub async fn place(&self, id: OrderId) -> bool {
        let ctx = self.ctx.clone();
        self.db
            .write("place", async move |tx: &mut Tx| {
                let placed = orders::mark_placed(tx, &ctx, id).await?;
                if placed {
                    let data = serde_json::json!({});
                    work::tell(tx, &ctx, &work::News { kind: "OrderPlaced", subject: id.uuid(), data })
                        .await?;
                }
                Ok::<_, Error>(placed)
            })
            .await
            .unwrap()
    }

    pub async fn cancel(&self, id: OrderId, still: Still) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        // as its flow would be if only the condition carried the proof
        let unit = db::Unit::named("cancel").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| orders::cancel(tx, &ctx, id, "Too dear", still).await)
            .await
    }

    pub async fn close(&self, id: OrderId) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("close").read_committed();
        self.db.write(unit, async move |tx: &mut Tx| orders::close(tx, &ctx, id).await).await
    }

    pub async fn hold_again(&self, id: OrderId, until: Timestamp) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        self.db
            .write("again", async move |tx: &mut Tx| orders::hold_again(tx, &ctx, id, "bank", until).await)
            .await
    }

    pub async fn set_hold(&self, id: OrderId, reason: Option<&'static str>) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        self.db
            .write("hold", async move |tx: &mut Tx| {
                orders::set_hold(tx, &ctx, &ctx.permit().unwrap(), id, reason).await
            })
            .await
    }

    pub async fn hold_back(&self, id: OrderId, reason: &'static str) {
        let ctx = self.ctx.clone();
        self.db
            .write("back", async move |tx: &mut Tx| orders::hold_back(tx, &ctx, id, reason).await)
            .await
            .unwrap();
    }

    pub async fn comment(&self, id: OrderId, text: &str) -> Result<(), Error> {
        let (ctx, text) = (self.ctx.clone(), text.to_owned());
        self.db
            .write("comment", async move |tx: &mut Tx| {
                orders::comment(tx, &ctx, &ctx.permit().unwrap(), id, &text).await
            })
            .await
    }

    pub async fn set_note(&self, id: OrderId, note: &str, tags: &[&str]) -> Result<(), Error> {
        let (ctx, note) = (self.ctx.clone(), note.to_owned());
        let tags: Vec<String> = tags.iter().map(|t| (*t).to_owned()).collect();
        self.db
            .write("note", async move |tx: &mut Tx| {
                orders::set_note_and_tags(tx, &ctx, &ctx.permit().unwrap(), id, &note, &tags).await
            })
            .await
    }

    pub async fn give_to(&self, id: OrderId, customer: CustomerId) {
        self.db
            .write("customer", async move |tx: &mut Tx| orders::remember_customer(tx, id, customer).await)
            .await
            .unwrap();
    }

    /// An order in this state, brought there by verbs; a draft, which no verb makes yet, by hand.
    pub async fn in_state(&self, state: OrderState) -> OrderId {
        let id = self.insert(self.order()).await;
        match state {
            OrderState::Draft => {
                let text = "update orders set state = 'draft', held_until = null where id = $1";
                self.db
                    .write("draft", async move |tx: &mut Tx| tx.exec(text, db::params![id]).await)
                    .await
                    .unwrap();
            }
            OrderState::AwaitingPayment => {}
            OrderState::Placed => assert!(self.place(id).await),
            OrderState::Closed => {
                assert!(self.place(id).await);
                self.close(id).await.unwrap();
            }
            OrderState::Cancelled => self.cancel(id, Still::Open).await.unwrap(),
        }
        assert_eq!(self.head(id).await.state, state);
        id
    }

    pub async fn head(&self, id: OrderId) -> OrderHead {
        self.db.read(async |tx: &mut Tx| orders::head(tx, id).await).await.unwrap()
    }

    pub async fn lines(&self, id: OrderId) -> Vec<LineRow> {
        self.db.read(async |tx: &mut Tx| orders::lines(tx, id).await).await.unwrap()
    }

    pub async fn notes(&self, id: OrderId) -> Vec<NoteRow> {
        self.db.read(async |tx: &mut Tx| orders::notes(tx, id).await).await.unwrap()
    }

    /// What the timeline says, the newest first.
    pub async fn said(&self, id: OrderId) -> Vec<(String, String)> {
        self.notes(id).await.into_iter().map(|n| (n.kind, n.text)).collect()
    }

    /// The numbers of all that a filter lets through, a page of `size` after the other.
    pub async fn found(&self, filter: &Filter, size: u32) -> Vec<i64> {
        let (mut numbers, mut next): (Vec<i64>, Option<String>) = (vec![], None);
        loop {
            let after = next.as_deref().map(|n| kernel::Cursor::decode(n).unwrap());
            let page = self
                .db
                .read(async |tx: &mut Tx| {
                    let permit = self.ctx.permit().unwrap();
                    orders::list(tx, &self.ctx, &permit, filter, after.as_ref(), PageSize::new(size)).await
                })
                .await
                .unwrap();
            assert!(page.rows.len() <= size as usize);
            assert!(
                page.next.is_none() || page.rows.len() == size as usize,
                "a page before the last is full"
            );
            numbers.extend(page.rows.iter().map(|o| o.number));
            next = page.next;
            if next.is_none() {
                return numbers;
            }
        }
    }

    /// Orders like this one, each a second older than the one before; the first has a number 10,000 higher.
    pub async fn copies(&self, number: i64, count: i64) {
        let text = self
            .db
            .read(async |tx: &mut Tx| {
                let id = match tx.engine() {
                    Engine::Sqlite => "randomblob(16)",
                    Engine::Postgres => "gen_random_uuid()",
                };
                let tables = db::schema::tables(tx).await?;
                let table = tables.iter().find(|t| t.name == "orders").expect("orders have a table");
                let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
                let values = names.iter().map(|name| match *name {
                    "id" => id.to_owned(),
                    "number" => "t.number + 9999 + n.i".to_owned(),
                    "secret" => "t.secret || n.i".to_owned(),
                    "created_at" => "t.created_at - n.i * 1000000".to_owned(),
                    "cart_id" | "cart_version" | "external_id" => "null".to_owned(),
                    other => format!("t.{other}"),
                });
                Ok::<_, db::Error>(format!(
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
                     insert into orders ({}) select {} from orders t, n where t.number = $1",
                    names.join(", "),
                    values.collect::<Vec<_>>().join(", ")
                ))
            })
            .await
            .unwrap();
        let made =
            self.db.write("copies", async move |tx: &mut Tx| tx.exec(&text, params![number, count]).await);
        assert_eq!(made.await.unwrap(), count.cast_unsigned());
    }

    pub async fn search(&self, search: &str) -> Vec<i64> {
        self.found(&Filter { search: search.into(), ..Filter::default() }, 50).await
    }

    /// Audit rows: verb and payload, the oldest first.
    pub async fn deeds(&self) -> Vec<(String, serde_json::Value)> {
        let text = "select verb, payload from audit order by at, id";
        let rows: Vec<(String, String)> =
            self.db.read(async |tx: &mut Tx| tx.all(text, &[]).await).await.unwrap();
        rows.into_iter().map(|(verb, payload)| (verb, serde_json::from_str(&payload).unwrap())).collect()
    }

    /// The events of an order.
    pub async fn told(&self, id: OrderId) -> Vec<String> {
        let rows = self.db.read(async |tx: &mut Tx| work::events_of(tx, id.uuid()).await).await.unwrap();
        rows.into_iter().map(|e| e.kind).collect()
    }

    pub async fn broken(&self) -> Vec<db::Violation> {
        self.db.read(async |tx: &mut Tx| db::check(tx, orders::LAWS).await).await.unwrap()
    }

    pub async fn lawful(&self) {
        let found = self.broken().await;
        assert!(found.is_empty(), "{found:?}");
    }
}

/// Every state there is.
pub fn states() -> &'static [OrderState] {
    OrderState::ALL
}
