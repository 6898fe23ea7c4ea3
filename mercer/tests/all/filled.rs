//! A shop with something in every corner that a copy could lose.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{CategoryText, NewCategory};
use db::schema::{self, Cell};
use db::{Db, Tx, params};
use flows::SetUp;
use kernel::{
    CategoryId, Ctx, Currency, FixedClock, Grant, Grants, Rate, Scope, SeededEntropy, Timestamp, perms,
};

/// 2026-03-02 10:00:00 UTC.
const NOW: Timestamp = Timestamp(1_772_445_600_000_000);

/// Sets a shop up through flows and verbs, with a category tree, a key, audit rows sealed, a task, changes, an alert.
pub async fn fill(db: &Db) -> Ctx {
    let (clock, entropy) = (Arc::new(FixedClock::new(NOW)), Arc::new(SeededEntropy::new(7)));
    let input = SetUp {
        shop_name: "Groente & Zoon \"De Kas\"".to_owned(),
        owner_name: "Ömer".to_owned(),
        owner_email: "owner@example.com".to_owned(),
        password: "a long enough password".to_owned(),
        country: "NL".to_owned(),
        currency: Currency::EUR,
        time_zone: "Europe/Amsterdam".to_owned(),
        prices_include_tax: true,
        locales: vec!["en".to_owned(), "de".to_owned()],
        tax: Some(("BTW".to_owned(), Rate::ppm(90_000))),
        test_payments: true,
    };
    let (store, owner) = flows::set_up(db, clock.clone(), entropy.clone(), input).await.unwrap();
    let ctx = Ctx::with(Arc::new(store), clock, entropy);
    let inner = ctx.clone();
    db.write("categories", async move |tx: &mut Tx| {
        let permit = inner.permit::<perms::ProductsWrite>().expect("the system may");
        let fruit = catalog::create_category(tx, &inner, &permit, &category("Obst\n& Gemüse", None)).await?;
        catalog::create_category(tx, &inner, &permit, &category("Äpfel", Some(fruit))).await?;
        Ok::<_, catalog::Error>(())
    })
    .await
    .unwrap();
    let inner = ctx.clone();
    db.write("more", async move |tx: &mut Tx| {
        let grants = Grants(vec![Grant { permission: "orders:read".to_owned(), scope: Scope::ALL }]);
        access::create_key(tx, &inner, &inner.permit::<perms::AccessWrite>()?, "till", &grants).await?;
        let task = work::NewTask {
            kind: "test.later",
            key: "1".to_owned(),
            mode: work::Mode::Match,
            subject: Some(owner.uuid()),
            payload: serde_json::json!({ "n": 1 }),
            due_at: inner.now(),
        };
        work::enqueue(tx, &inner, &task).await?;
        work::alerts::raise(tx, &inner, "test", "Look at this", None).await?;
        // more rows than one batch of a restore holds
        let many: Vec<uuid::Uuid> = (0..1_300).map(uuid::Uuid::from_u128).collect();
        work::touch_many(tx, &inner, "product", &many).await?;
        db::next_in_series(tx, "order_number").await?;
        Ok::<_, access::Error>(())
    })
    .await
    .unwrap();
    work::audit::seal(db).await.unwrap();
    ctx
}

fn category(name: &str, parent: Option<CategoryId>) -> NewCategory {
    let text = CategoryText {
        locale: "de".to_owned(),
        name: name.to_owned(),
        slug: String::new(),
        description: String::new(),
    };
    NewCategory { parent, texts: vec![text] }
}

/// Tables with their rows, and series.
pub type Everything = (BTreeMap<String, Vec<Vec<Cell>>>, Vec<(String, i64)>);

/// Every row of every table, and the series.
pub async fn everything(db: &Db) -> Everything {
    db.report(async |tx: &mut Tx| {
        let mut all = BTreeMap::new();
        for table in schema::tables(tx).await? {
            let mut rows = vec![];
            schema::each_row(tx, &table, |row| {
                rows.push(row);
                Ok(true)
            })
            .await?;
            all.insert(table.name, rows);
        }
        Ok::<_, db::Error>((all, schema::series(tx).await?))
    })
    .await
    .unwrap()
}

/// Breaks a law: a task that is done and still in somebody's hands.
pub async fn break_a_law(db: &Db) {
    db.write("break", async |tx: &mut Tx| {
        tx.exec("update task set state = 'done', leased_by = $1", params![uuid::Uuid::from_u128(1)]).await
    })
    .await
    .unwrap();
}

/// The same rows everywhere; names the first table that differs.
#[track_caller]
pub fn same(before: &Everything, after: &Everything) {
    assert_eq!(before.0.keys().collect::<Vec<_>>(), after.0.keys().collect::<Vec<_>>());
    for (table, rows) in &before.0 {
        let there = &after.0[table];
        let differs = rows.iter().zip(there).find(|(a, b)| a != b);
        assert!(rows.len() == there.len() && differs.is_none(), "{table}: {differs:?}");
    }
    assert_eq!(before.1, after.1);
}
