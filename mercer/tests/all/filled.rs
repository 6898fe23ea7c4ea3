//! A shop with something in every corner that a copy could lose.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{NewStaff, hash_password};
use db::schema::{self, Cell};
use db::{Db, Tx, params};
use kernel::{Address, Ctx, Currency, FixedClock, Grant, Grants, Scope, SeededEntropy, Timestamp, perms};
use site::{Ids, NewStore};

/// Sets a shop up through the modules' own verbs, with audit rows sealed, a task, a change and an alert.
pub async fn fill(db: &Db) -> Ctx {
    let (clock, entropy) =
        (Arc::new(FixedClock::new(Timestamp(1_772_445_600_000_000))), Arc::new(SeededEntropy::new(7)));
    let new = NewStore {
        ids: Ids::fresh(Timestamp(1_772_445_600_000_000), &*entropy),
        name: "Groente & Zoon \"De Kas\"".to_owned(),
        legal_name: "Groente B.V.".to_owned(),
        legal_address: Address {
            city: "Zürich\nOerlikon".to_owned(),
            country: "CH".to_owned(),
            ..Address::default()
        },
        vat_number: String::new(),
        email: "shop@example.com".to_owned(),
        currency: Currency::EUR,
        country: "NL".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        prices_include_tax: true,
        locales: vec!["en".to_owned(), "de".to_owned()],
    };
    let ctx = Ctx::with(Arc::new(new.store()), clock, entropy);
    let inner = ctx.clone();
    db.write("set_up", async move |tx: &mut Tx| site::set_up(tx, &inner, &new).await).await.unwrap();
    let (inner, password) = (ctx.clone(), hash_password(&ctx, "a long enough password").await.unwrap());
    db.write("staff", async move |tx: &mut Tx| {
        let new = NewStaff {
            email: "owner@example.com".to_owned(),
            name: "Ömer".to_owned(),
            locale: "en".to_owned(),
            password: password.clone(),
        };
        let id = access::create_owner(tx, &inner, &new).await?;
        let grants = Grants(vec![Grant { permission: "orders:read".to_owned(), scope: Scope::ALL }]);
        access::create_key(tx, &inner, &inner.permit::<perms::AccessWrite>()?, "till", &grants).await?;
        let task = work::NewTask {
            kind: "test.later",
            key: "1".to_owned(),
            mode: work::Mode::Match,
            subject: Some(id.uuid()),
            payload: serde_json::json!({ "n": 1 }),
            due_at: inner.now(),
        };
        work::enqueue(tx, &inner, &task).await?;
        work::alerts::raise(tx, &inner, "test", "Look at this", None).await?;
        // more rows than one batch of a restore holds
        let many: Vec<uuid::Uuid> = (0..1_300).map(uuid::Uuid::from_u128).collect();
        work::touch_many(tx, &inner, "product", &many).await?;
        Ok::<_, access::Error>(())
    })
    .await
    .unwrap();
    work::audit::seal(db).await.unwrap();
    ctx
}

/// Every row of every table, and the series.
pub async fn everything(db: &Db) -> (BTreeMap<String, Vec<Vec<Cell>>>, Vec<(String, i64)>) {
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
