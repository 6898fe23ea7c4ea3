//! Who goes first on SQLite: readers in the order in which they came, bulk work only when nobody waits.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Engine, Error, Migrations, Tx, Unit};
use parking_lot::Mutex;

const M: Migrations =
    Migrations { module: "t", files: &[("0001_t", "create table t (id bigint primary key)")] };

/// Long enough for a task to have asked for its turn.
const ASKED: Duration = Duration::from_millis(20);

type Order = Arc<Mutex<Vec<String>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn readers_are_served_in_the_order_in_which_they_came() {
    let test = testkit::fresh(Engine::Sqlite, &[M]).await.unwrap();
    let order = Order::default();
    // the whole pool is taken
    let holders: Vec<_> = (0..4)
        .map(|_| {
            let (let_go, wait) = std::sync::mpsc::channel::<()>();
            let db = test.db.clone();
            tokio::spawn(async move {
                db.read(async move |_: &mut Tx| {
                    let _ = wait.recv(); // an error says that the sender went
                    Ok::<_, Error>(())
                })
                .await
                .unwrap();
            });
            let_go
        })
        .collect();
    tokio::time::sleep(ASKED).await;
    let mut waiting = vec![];
    for i in 0..6 {
        let (db, order) = (test.db.clone(), order.clone());
        waiting.push(tokio::spawn(async move {
            db.read(async move |_: &mut Tx| {
                order.lock().push(i.to_string());
                std::thread::sleep(Duration::from_millis(5));
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        }));
        tokio::time::sleep(ASKED).await;
    }
    assert!(order.lock().is_empty(), "there are four readers");
    let mut holders = holders.into_iter();
    drop(holders.next()); // one is given back, for all of them
    for w in waiting {
        w.await.unwrap();
    }
    assert_eq!(*order.lock(), ["0", "1", "2", "3", "4", "5"]);
    drop(holders);
}

fn write(db: &Db, order: &Order, name: String, unit: Unit, takes: Duration) -> tokio::task::JoinHandle<()> {
    let (db, order) = (db.clone(), order.clone());
    tokio::spawn(async move {
        db.write(unit, async move |_: &mut Tx| {
            order.lock().push(name.clone());
            std::thread::sleep(takes);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulk_work_goes_when_nobody_waits() {
    let test = testkit::fresh(Engine::Sqlite, &[M]).await.unwrap();
    let (db, order) = (test.db.clone(), Order::default());
    let (bulk, fast) = (Unit::named("bulk").bulk(), Unit::named("fast"));
    let first = write(&db, &order, "first".to_owned(), fast, Duration::from_millis(200));
    tokio::time::sleep(ASKED).await;
    let mut all = vec![first];
    for i in 0..5 {
        all.push(write(&db, &order, format!("bulk {i}"), bulk, Duration::ZERO));
    }
    tokio::time::sleep(ASKED).await; // the bulk was there before
    for i in 0..5 {
        all.push(write(&db, &order, format!("fast {i}"), fast, Duration::ZERO));
    }
    for one in all {
        one.await.unwrap();
    }
    let order = order.lock().clone();
    assert_eq!(order.len(), 11);
    assert!(order[1..6].iter().all(|name| name.starts_with("fast")), "{order:?}");
    assert!(order[6..].iter().all(|name| name.starts_with("bulk")), "{order:?}");
}

/// Whoever comes while bulk work goes on waits for the unit in hand, not for all that lie there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_goes_before_the_rest_of_the_bulk() {
    let test = testkit::fresh(Engine::Sqlite, &[M]).await.unwrap();
    let (db, order) = (test.db.clone(), Order::default());
    let bulk = Unit::named("bulk").bulk();
    let mut all: Vec<_> =
        (0..40).map(|i| write(&db, &order, format!("bulk {i}"), bulk, Duration::from_millis(5))).collect();
    tokio::time::sleep(Duration::from_millis(60)).await;
    let seen = order.lock().len();
    all.push(write(&db, &order, "fast".to_owned(), Unit::named("fast"), Duration::ZERO));
    for one in all {
        one.await.unwrap();
    }
    let order = order.lock().clone();
    let place = order.iter().position(|name| name == "fast").unwrap();
    assert!(seen < 35 && place <= seen + 5, "asked after {seen}, came {place}th: {order:?}");
}
