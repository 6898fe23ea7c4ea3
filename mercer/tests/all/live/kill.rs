//! kill -9 under purchase load, again and again: no acknowledged order is lost, nothing is half-written, the laws
//! hold, and the shop serves again within two seconds (an unoptimised build gets six). The long run is
//! `MERCER_PROGRAM=$PWD/target/release/mercer MERCER_KILLS=200 cargo test -p mercer --test all killed`.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use db::{Db, Tx};
use testkit::Engine;

use super::shop::{self, API, Bought, LiveShop};

fn kills() -> usize {
    std::env::var("MERCER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

fn killed(engine: Engine, kills: usize) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(shop) = LiveShop::new(engine, &[("Apple", 1_000_000)]).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        let mut acknowledged = HashSet::new();
        let mut slowest = Duration::ZERO;
        for round in 0..kills {
            let mut server = shop.serve();
            slowest = slowest.max(server.ready(&shop.log()).await);
            let stop = Arc::new(AtomicBool::new(false));
            let client = testkit::browser().build().unwrap();
            let variant = shop::variant(&client, &server, "apple").await;
            let buyers: Vec<_> = (0..4)
                .map(|_| {
                    let (client, stop, variant, port) =
                        (client.clone(), stop.clone(), variant.clone(), server.port);
                    tokio::spawn(async move {
                        let mut got = vec![];
                        while !stop.load(Ordering::SeqCst) {
                            let Ok(Ok(cart)) = shop::cart(&client, port, &variant).await else { break };
                            match shop::pay(&client, port, &cart, "tok_success").await {
                                Ok(Bought::Placed(secret)) => got.push(secret),
                                Ok(Bought::SoldOut(why)) => panic!("{why}"),
                                Err(_) => break, // the server died under us: not acknowledged
                            }
                        }
                        got
                    })
                })
                .collect();
            // at another moment each time
            tokio::time::sleep(Duration::from_millis(150 + (round as u64 * 37) % 260)).await;
            server.child.kill().unwrap();
            stop.store(true, Ordering::SeqCst);
            for b in buyers {
                acknowledged.extend(b.await.unwrap());
            }
            let _ = server.child.wait();
        }
        assert!(acknowledged.len() >= kills, "{} orders in {kills} rounds are no load", acknowledged.len());
        settle_and_check(&shop, &acknowledged).await;
        println!(
            "{kills} kills, {} acknowledged orders, ready again after {slowest:?} at most",
            acknowledged.len()
        );
        assert!(slowest < shop::at_most(2, 6), "ready again only after {slowest:?}");
    });
}

async fn settle_and_check(shop: &LiveShop, acknowledged: &HashSet<String>) {
    let db = Db::open(&shop.target).await.unwrap();
    let kept: Vec<(String,)> =
        db.read(async |tx: &mut Tx| tx.all("select secret from orders", &[]).await).await.unwrap();
    let kept: HashSet<String> = kept.into_iter().map(|(secret,)| secret).collect();
    let lost: Vec<&String> = acknowledged.difference(&kept).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged orders are not in the database",
        lost.len(),
        acknowledged.len()
    );
    db.close();
    drop(db);
    let mut server = shop.serve();
    server.ready(&shop.log()).await;
    // what was under way is taken over when its lease runs out; the doctor does not need to wait for it
    let client = testkit::browser().build().unwrap();
    for secret in acknowledged {
        let url = server.url(&format!("{API}/shop/orders/{secret}"));
        let order: serde_json::Value = client.get(url).send().await.unwrap().json().await.unwrap();
        assert!(matches!(order["state"].as_str(), Some("placed" | "closed")), "{secret}: {order}");
    }
    drop(server);
    shop.mercer(&["doctor"]);
    // every acknowledged order has one charge, and the bank took nothing that no order knows of
    let bank = Db::open(&db::Target::File(shop.dir.path().join("test-bank.db"))).await.unwrap();
    let charges: Vec<(String,)> = bank
        .read(async |tx: &mut Tx| tx.all("select payment from account where state = 'yes'", &[]).await)
        .await
        .unwrap();
    let db = Db::open(&shop.target).await.unwrap();
    let known: Vec<(kernel::PaymentId,)> =
        db.read(async |tx: &mut Tx| tx.all("select id from payment", &[]).await).await.unwrap();
    let known: HashSet<String> = known.into_iter().map(|(id,)| id.to_string()).collect();
    for (charge,) in &charges {
        assert!(known.contains(charge), "{charge} was taken for no order");
    }
    assert!(charges.len() >= acknowledged.len());
    let orders: i64 = db
        .read(async |tx: &mut Tx| {
            tx.value("select cast(count(*) as bigint) from orders where state = 'placed'", &[]).await
        })
        .await
        .unwrap();
    assert!(usize::try_from(orders).unwrap() >= acknowledged.len());
    db.close();
}

#[test]
fn killed_on_sqlite() {
    killed(Engine::Sqlite, kills());
}

#[test]
fn killed_on_postgres() {
    killed(Engine::Postgres, kills());
}
