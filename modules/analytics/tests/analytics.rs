//! Figures on both engines: recorded anew, compared with the period before, and laws that notice.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use analytics::{Error, Fact, FactKind, Figures, Home};
use db::{Db, Tx, params};
use kernel::{
    Actor, Ctx, Currency, Fault as _, Grant, Grants, Id, OrderId, Quantity, Scope, Timestamp, perms,
};

const DAY: i64 = 86_400_000_000;

fn order(n: u128) -> OrderId {
    Id::from_uuid(uuid::Uuid::from_u128(n))
}

/// A sale of an order, so many days before the tests' Monday.
fn sale(ctx: &Ctx, n: u128, days_ago: i64, net: i64, tax: i64) -> Fact {
    Fact {
        id: order(n).uuid(),
        kind: FactKind::Sale,
        store: ctx.store.id,
        channel: ctx.store.channel,
        order: order(n),
        at: Timestamp(ctx.now().0 - days_ago * DAY),
        currency: Currency::EUR,
        net_minor: net,
        tax_minor: tax,
        gross_minor: net + tax,
        items: Quantity(2),
    }
}

fn refund(of: &Fact, n: u128, net: i64, tax: i64) -> Fact {
    let at = Timestamp(of.at.0 + DAY);
    let id = uuid::Uuid::from_u128(n);
    Fact {
        id,
        kind: FactKind::Refund,
        at,
        net_minor: -net,
        tax_minor: -tax,
        gross_minor: -net - tax,
        items: Quantity(-1),
        ..*of
    }
}

async fn record(db: &Db, ctx: &Ctx, of: OrderId, facts: &[Fact]) -> Result<(), Error> {
    let (ctx, facts) = (ctx.clone(), facts.to_vec());
    db.write("record", async move |tx: &mut Tx| analytics::record(tx, &ctx, of, &facts).await).await
}

/// The orders and refunds that these facts tell of, as far as figures look at them.
async fn sold(db: &Db, facts: &[Fact]) {
    let facts = facts.to_vec();
    db.write("sold", async move |tx: &mut Tx| {
        for f in &facts {
            match f.kind {
                FactKind::Sale => {
                    tx.exec(
                        "insert into orders (id, store_id, channel_id, market_id, entity_id, number, state, email, email_key,
                             name, locale, currency, prices_include_tax, shipping_address, billing_address, payment_method,
                             net_minor, tax_minor, total_minor, item_count, secret, created_at, placed_at, updated_at)
                         select $1, $2, $3, $3, $3, count(*), 'placed', '', '', '', 'en', $4, true, '{}', '{}', '', $5, $6, $7, $8,
                             $9, $10, $10, $10 from orders",
                        params![f.order, f.store, f.channel, f.currency, f.net_minor, f.tax_minor, f.gross_minor, f.items, f.id.to_string(), f.at],
                    )
                    .await?;
                    tx.exec(
                        "insert into payment (id, store_id, channel_id, market_id, order_id, provider, state, currency, locale,
                             amount_minor, created_at, updated_at)
                         select id, store_id, channel_id, market_id, id, '', 'captured', currency, locale, total_minor, 1, 1
                         from orders where id = $1",
                        params![f.order],
                    )
                    .await?;
                }
                FactKind::Refund => {
                    tx.exec(
                        "insert into refund (id, store_id, order_id, payment_id, currency, amount_minor, from_captured_minor,
                             from_open_minor, state, actor_name, created_at, created_day)
                         values ($1, $2, $3, $3, $4, $5, $5, 0, 'succeeded', '', $6, '')",
                        params![f.id, f.store, f.order, f.currency, -f.gross_minor, f.at],
                    )
                    .await?;
                }
            }
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
}

async fn home(db: &Db, ctx: &Ctx, from: &str, to: &str) -> Result<Home, Error> {
    let permit = ctx.permit::<perms::AnalyticsRead>().unwrap();
    db.read(async |tx: &mut Tx| analytics::home(tx, ctx, &permit, from, to).await).await
}

async fn sql(db: &Db, text: &'static str) {
    db.write("sql", async move |tx: &mut Tx| tx.exec(text, &[]).await).await.unwrap();
}

async fn broken(db: &Db) -> Vec<&'static str> {
    let mut laws: Vec<_> = db
        .read(async |tx: &mut Tx| db::check(tx, analytics::LAWS).await)
        .await
        .unwrap()
        .iter()
        .map(|v| v.law)
        .collect();
    laws.dedup();
    laws
}

testkit::on_both! {
    migrations = &[work::MIGRATIONS, orders::MIGRATIONS, payments::MIGRATIONS, analytics::MIGRATIONS];

    async fn sums_a_period_beside_the_one_before(db) {
        let ctx = testkit::ctx();
        let (a, b, c) = (sale(&ctx, 1, 0, 1000, 90), sale(&ctx, 2, 1, 501, 45), sale(&ctx, 3, 4, 2000, 180));
        record(&db, &ctx, a.order, &[a]).await.unwrap();
        record(&db, &ctx, b.order, &[b, refund(&b, 20, 100, 9)]).await.unwrap();
        record(&db, &ctx, c.order, &[c]).await.unwrap();
        sold(&db, &[a, b, refund(&b, 20, 100, 9), c]).await;
        let h = home(&db, &ctx, "2026-02-28", "2026-03-02").await.unwrap();
        assert_eq!(h.figures, Figures {
            net_sales_minor: 1401, gross_sales_minor: 1527, orders: 2, average_order_minor: Some(751), items: 3,
            refunds_minor: 109,
        });
        assert_eq!((h.before.orders, h.before.net_sales_minor, h.before.average_order_minor), (1, 2000, Some(2000)));
        let days: Vec<_> = h.days.iter().map(|d| (d.day.as_str(), d.figures.net_sales_minor, d.before_day.as_str(), d.before.net_sales_minor)).collect();
        assert_eq!(days, [
            ("2026-02-28", 0, "2026-02-25", 0),
            ("2026-03-01", 501, "2026-02-26", 2000),
            ("2026-03-02", 900, "2026-02-27", 0),
        ]);
        assert_eq!(h.days[0].figures.average_order_minor, None);
        assert!(broken(&db).await.is_empty());
    }

    async fn recording_again_replaces(db) {
        let ctx = testkit::ctx();
        let a = sale(&ctx, 1, 0, 1000, 90);
        for facts in [vec![a], vec![a, refund(&a, 9, 10, 1)], vec![a, refund(&a, 9, 10, 1)]] {
            record(&db, &ctx, a.order, &facts).await.unwrap();
            let kept = db.read(async |tx: &mut Tx| analytics::facts_of(tx, a.order).await).await.unwrap();
            assert_eq!(kept, facts);
        }
        record(&db, &ctx, a.order, &[]).await.unwrap();
        assert_eq!(home(&db, &ctx, "2026-03-02", "2026-03-03").await.unwrap().figures, Figures::default());
    }

    async fn the_day_is_the_stores(db) {
        let ctx = testkit::ctx();
        let mut late = sale(&ctx, 1, 0, 100, 0);
        late.at = Timestamp(ctx.now().0 + 13 * 3_600_000_000 + 1_800_000_000); // 23:30 UTC is 00:30 in Amsterdam
        record(&db, &ctx, late.order, &[late]).await.unwrap();
        assert_eq!(home(&db, &ctx, "2026-03-03", "2026-03-03").await.unwrap().figures.orders, 1);
    }

    async fn other_currencies_and_channels_stay_out(db) {
        let ctx = testkit::ctx();
        let mut dollars = sale(&ctx, 1, 0, 100, 0);
        dollars.currency = Currency::new("USD").unwrap();
        record(&db, &ctx, dollars.order, &[dollars]).await.unwrap();
        let euros = sale(&ctx, 2, 0, 100, 0);
        record(&db, &ctx, euros.order, &[euros]).await.unwrap();
        assert_eq!(home(&db, &ctx, "2026-03-02", "2026-03-02").await.unwrap().figures.orders, 1);
        let scoped = |channel| {
            let scope = Scope { channels: vec![channel], ..Scope::ALL };
            let grants = Grants(vec![Grant { permission: "analytics:read".to_owned(), scope }]);
            ctx.acting(Actor::Staff { id: Id::from_uuid(uuid::Uuid::from_u128(5)), name: "Ann".to_owned() }, grants)
        };
        let elsewhere = scoped(Id::from_uuid(uuid::Uuid::from_u128(77)));
        assert_eq!(home(&db, &elsewhere, "2026-03-02", "2026-03-02").await.unwrap().figures.orders, 0);
        let here = scoped(ctx.store.channel);
        assert_eq!(home(&db, &here, "2026-03-02", "2026-03-02").await.unwrap().figures.orders, 1);
    }

    async fn refuses_nonsense(db) {
        let ctx = testkit::ctx();
        let mut odd = sale(&ctx, 1, 0, 100, 10);
        odd.gross_minor = 111;
        assert!(matches!(record(&db, &ctx, odd.order, &[odd]).await, Err(Error::Fact(_))));
        assert!(matches!(record(&db, &ctx, order(2), &[sale(&ctx, 1, 0, 1, 0)]).await, Err(Error::Fact(_))));
        assert_eq!(home(&db, &ctx, "2026-03-02", "2026-02-01").await.unwrap_err().code(), "period");
        assert_eq!(home(&db, &ctx, "soon", "2026-02-01").await.unwrap_err().field(), Some("from"));
    }

    async fn each_law_notices(db) {
        let ctx = testkit::ctx();
        let a = sale(&ctx, 1, 0, 1000, 90);
        let b = sale(&ctx, 2, 0, 0, 0);
        record(&db, &ctx, a.order, &[a, refund(&a, 9, 10, 1)]).await.unwrap();
        sold(&db, &[a, refund(&a, 9, 10, 1), b]).await;
        assert_eq!(broken(&db).await, ["analytics.figures_follow_orders"]);
        assert_eq!(db.read(async |tx: &mut Tx| analytics::behind(tx, Default::default()).await).await.unwrap(), [b.order]);
        record(&db, &ctx, b.order, &[b]).await.unwrap();
        assert!(broken(&db).await.is_empty());
        for text in ["delete from sale_fact where gross_minor = 0", "delete from payment where amount_minor = 0", "delete from orders where total_minor = 0"] {
            sql(&db, text).await;
        }
        let each = [
            ("update sale_fact set tax_minor = 91 where kind = 'sale'", "update sale_fact set tax_minor = 90 where kind = 'sale'", "analytics.gross_is_net_and_tax"),
            ("update sale_fact set items = -2 where kind = 'sale'", "update sale_fact set items = 2 where kind = 'sale'", "analytics.signs"),
            ("update sale_fact set order_id = store_id where kind = 'sale'", "update sale_fact set order_id = id where kind = 'sale'", "analytics.one_sale_an_order"),
            ("update sale_fact set net_minor = -1010, gross_minor = -1100, tax_minor = -90 where kind = 'refund'", "update sale_fact set net_minor = -10, gross_minor = -11, tax_minor = -1 where kind = 'refund'", "analytics.refunds_follow_a_sale"),
            ("update sale_fact set day = '2.3.2026' where kind = 'sale'", "update sale_fact set day = '2026-03-02' where kind = 'sale'", "analytics.days_are_days"),
            ("update orders set state = 'cancelled'", "update orders set state = 'placed'", "analytics.figures_follow_orders"),
            ("update orders set total_minor = total_minor + 1", "update orders set total_minor = total_minor - 1", "analytics.figures_follow_orders"),
            ("update refund set state = 'failed'", "update refund set state = 'succeeded'", "analytics.figures_follow_orders"),
            ("update refund set amount_minor = 12, from_captured_minor = 12", "update refund set amount_minor = 11, from_captured_minor = 11", "analytics.figures_follow_orders"),
        ];
        testkit::every_law_was_broken(analytics::LAWS, &each.map(|(_, _, law)| law));
        for (breaks, mends, law) in each {
            sql(&db, breaks).await;
            assert!(broken(&db).await.contains(&law), "{breaks}");
            sql(&db, mends).await;
            assert!(broken(&db).await.is_empty(), "{mends}");
        }
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap();
        }
    }
}
