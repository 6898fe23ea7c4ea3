//! A file that was sent is brought in though the server is killed in the middle: whichever starts next goes on, and every
//! row counts once.

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::Engine;

use super::shop::{API, LiveShop, Serving};

const PRODUCTS: usize = 4_000;

/// Every tenth has a wrong price.
fn csv() -> String {
    let mut text = String::from("Handle,Title,Variant SKU,Variant Price,Status\n");
    for n in 0..PRODUCTS {
        let price = if n % 10 == 7 { "cheap".to_owned() } else { format!("{n}.50") };
        text.push_str(&format!("thing-{n},Thing {n},T{n},{price},draft\n"));
    }
    text
}

async fn get(client: &reqwest::Client, s: &Serving, key: &str, path: &str) -> Value {
    let answer = client.get(s.url(&format!("{API}{path}"))).bearer_auth(key).send().await.unwrap();
    answer.json().await.unwrap()
}

/// Asks how the import stands until it is as it should be.
async fn until(
    client: &reqwest::Client,
    s: &Serving,
    key: &str,
    path: &str,
    most: Duration,
    good: impl Fn(&Value) -> bool,
) -> Value {
    let began = Instant::now();
    loop {
        let now = get(client, s, key, path).await;
        if good(&now) {
            return now;
        }
        assert!(began.elapsed() < most, "not within {most:?}: {now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn killed_in_the_middle(engine: Engine) {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async {
        let Some(shop) = LiveShop::new(engine, &[("Apple", 100)]).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        let key = shop.key.clone();
        let client = testkit::browser().build().unwrap();
        let mut server = shop.serve();
        server.ready(&shop.log()).await;
        let url = server.url(&format!("{API}/admin/imports?file_name=things.csv"));
        let sent = client.post(url).bearer_auth(&key).body(csv()).send().await.unwrap();
        assert_eq!(sent.status(), 201);
        let sent: Value = sent.json().await.unwrap();
        let path = format!("/admin/imports/{}", sent["id"].as_str().unwrap());
        let begun = |run: &Value| run["row_position"].as_i64() > Some(0);
        let seen = until(&client, &server, &key, &path, Duration::from_secs(60), begun).await;
        assert_eq!(seen["state"], "running", "the file is too small to be cut off: {seen}");
        server.child.kill().unwrap();
        let _ = server.child.wait();

        let mut server = shop.serve();
        server.ready(&shop.log()).await;
        let cut = get(&client, &server, &key, &path).await;
        assert_eq!(cut["state"], "running");
        let rows = cut["row_position"].as_i64().unwrap();
        assert!(rows > 0 && rows < PRODUCTS as i64, "{cut}");
        // the lease of the dead runs out, and then it goes on
        let done = |run: &Value| run["state"] != "running";
        let run = until(&client, &server, &key, &path, Duration::from_secs(240), done).await;
        let refused = PRODUCTS / 10;
        assert_eq!(run["state"], "done", "{run}");
        assert_eq!(run["row_position"], PRODUCTS);
        assert_eq!((&run["created"], &run["updated"]), (&Value::from(PRODUCTS - refused), &Value::from(0)));
        assert_eq!(run["refused"], refused);
        let url = server.url(&format!("{API}{path}/refused-rows"));
        let csv = client.get(url).bearer_auth(&key).send().await.unwrap().text().await.unwrap();
        assert_eq!(csv.lines().count(), 1 + refused, "every refused row once");
        drop(server);
        shop.mercer(&["doctor"]);
    });
}

#[test]
fn killed_in_the_middle_on_sqlite() {
    killed_in_the_middle(Engine::Sqlite);
}

#[test]
fn killed_in_the_middle_on_postgres() {
    killed_in_the_middle(Engine::Postgres);
}
