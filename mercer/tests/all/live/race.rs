//! 200 buyers race for 100 units over HTTP, 32 at a time: exactly 100 are sold, the others are told kindly.

use std::sync::Arc;
use std::time::Instant;

use testkit::Engine;
use tokio::sync::Semaphore;

use super::shop::{self, Bought, LiveShop};

fn race(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(shop) = LiveShop::new(engine, &[("Apple", 100)]).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        let mut server = shop.serve();
        server.ready(&shop.log()).await;
        let client = testkit::browser().build().unwrap();
        let variant = shop::variant(&client, &server, "apple").await;
        let mut carts = vec![];
        for _ in 0..200 {
            carts.push(shop::cart(&client, server.port, &variant).await.unwrap().unwrap());
        }
        let gate = Arc::new(Semaphore::new(32));
        let began = Instant::now();
        let buyers: Vec<_> = carts
            .into_iter()
            .map(|cart| {
                let (client, gate, port) = (client.clone(), gate.clone(), server.port);
                tokio::spawn(async move {
                    let _turn = gate.acquire().await.unwrap();
                    shop::pay(&client, port, &cart, "tok_success").await.unwrap()
                })
            })
            .collect();
        let (mut sold, mut told) = (0, 0);
        for b in buyers {
            match b.await.unwrap() {
                Bought::Placed(_) => sold += 1,
                Bought::SoldOut(why) => {
                    assert!(
                        why.contains("left") || why.to_lowercase().contains("sold out"),
                        "not kind: {why}"
                    );
                    told += 1;
                }
            }
        }
        let took = began.elapsed();
        println!("{}: 200 buyers, {sold} sold, {told} told, {took:?}", engine.name());
        assert_eq!((sold, told), (100, 100));
        assert!(took < shop::at_most(2, 20), "{took:?}");
        drop(server);
        shop.mercer(&["doctor"]);
    });
}

#[test]
fn on_sqlite() {
    race(Engine::Sqlite);
}

#[test]
fn on_postgres() {
    race(Engine::Postgres);
}
