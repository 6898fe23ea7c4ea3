//! Several processes on one database: a change shows everywhere within a second, and what runs by itself runs once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::Engine;

use super::shop::{self, API, LiveShop, Serving};

fn rt() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn shows(client: &reqwest::Client, s: &Serving, path: &str, text: &str) -> bool {
    client.get(s.url(path)).send().await.unwrap().text().await.unwrap().contains(text)
}

/// How long until a page shows a text, at most five seconds.
async fn until(client: &reqwest::Client, s: &Serving, path: &str, text: &str) -> Duration {
    let began = Instant::now();
    while !shows(client, s, path, text).await {
        assert!(began.elapsed() < Duration::from_secs(5), "{path} does not show {text} within 5 s");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

/// Writes down each turn of a schedule and each time that its task is taken: the database itself is the witness.
async fn watch_schedules(shop: &LiveShop) -> db::Db {
    let db = db::Db::open(&shop.target).await.unwrap();
    db.write("watch", async |tx: &mut db::Tx| {
        tx.script(
            "create table seen (kind text not null, what text not null, at bigint not null);
             create function see_turn() returns trigger language plpgsql as $$ begin
                 insert into seen values (new.name, 'turn', new.last_at); return new; end $$;
             create trigger see_turn after insert or update on schedule for each row execute function see_turn();
             create function see_taken() returns trigger language plpgsql as $$ begin
                 insert into seen values (new.kind, 'taken', new.leased_until); return new; end $$;
             create trigger see_taken after update on task for each row
                 when (new.key = 'schedule' and new.leased_by is not null and old.leased_by is distinct from new.leased_by)
                 execute function see_taken();",
        )
        .await
    })
    .await
    .unwrap();
    db
}

/// No turn comes before its time, and none is taken twice, whoever of the three was faster.
async fn no_schedule_ran_twice(db: &db::Db) {
    let seen: Vec<(String, String, i64)> = db
        .read(async |tx: &mut db::Tx| tx.all("select kind, what, at from seen order by at", &[]).await)
        .await
        .unwrap();
    let mut turns = 0;
    for schedule in mercer::schedules(true) {
        let of = |what: &str| -> Vec<i64> {
            seen.iter().filter(|(k, w, _)| k == schedule.kind && w == what).map(|(_, _, at)| *at).collect()
        };
        let (made, taken) = (of("turn"), of("taken"));
        let every = i64::try_from(schedule.every.as_micros()).unwrap();
        assert!(!made.is_empty(), "{} never came", schedule.kind);
        for pair in made.windows(2) {
            assert!(pair[1] - pair[0] >= every, "{} came twice within its time: {made:?}", schedule.kind);
        }
        assert!(
            taken.len() <= made.len(),
            "{}: {} turns, taken {} times",
            schedule.kind,
            made.len(),
            taken.len()
        );
        turns += made.len();
    }
    assert!(turns > mercer::schedules(true).len(), "none came a second time: the test was too short");
}

#[test]
fn two_servers_and_a_worker_share_postgres() {
    rt().block_on(async {
        let Some(shop) = LiveShop::new(Engine::Postgres, &[("Apple", 100)]).await else {
            testkit::skipped(std::thread::current().name().unwrap_or("a test"));
            return;
        };
        let witness = watch_schedules(&shop).await;
        let (mut a, mut b) = (shop.serve(), shop.serve());
        let _worker = shop.start("worker");
        a.ready(&shop.log()).await;
        b.ready(&shop.log()).await;
        let client = testkit::browser().build().unwrap();
        assert!(shows(&client, &a, "/p/apple", "9.99").await && shows(&client, &b, "/p/apple", "9.99").await);
        let variant = shop::variant(&client, &a, "apple").await;
        for price in [1_234i64, 1_357] {
            let set = client
                .put(a.url(&format!("{API}/admin/variants/{variant}/prices")))
                .bearer_auth(&shop.key)
                .json(&json!({ "amount": { "minor": price, "currency": "EUR" } }))
                .send()
                .await
                .unwrap();
            assert!(set.status().is_success(), "{}", set.text().await.unwrap());
            let shown = format!("{}.{:02}", price / 100, price % 100);
            let (one, two) =
                tokio::join!(until(&client, &a, "/p/apple", &shown), until(&client, &b, "/p/apple", &shown));
            println!("shown after {one:?} and {two:?}");
            assert!(one.max(two) < Duration::from_secs(1), "{one:?} {two:?}");
        }
        // an order through one is finished by whichever worker comes first, once
        let cart = shop::cart(&client, b.port, &variant).await.unwrap().unwrap();
        let bought = shop::pay(&client, b.port, &cart, "tok_success").await.unwrap();
        assert!(matches!(bought, shop::Bought::Placed(_)));
        tokio::time::sleep(Duration::from_secs(3)).await;
        let db = db::Db::open(&shop.target).await.unwrap();
        let mails: i64 = db
            .read(async |tx: &mut db::Tx| tx.value("select cast(count(*) as bigint) from mail", &[]).await)
            .await
            .unwrap();
        assert_eq!(mails, 1, "three processes write one mail");
        db.close();
        tokio::time::sleep(Duration::from_secs(6)).await; // the shortest schedule comes again
        drop((a, b));
        no_schedule_ran_twice(&witness).await;
        witness.close();
        shop.mercer(&["doctor"]);
    });
}

#[test]
fn an_import_beside_a_server_shows_within_a_second() {
    rt().block_on(async {
        let shop = LiveShop::new(Engine::Sqlite, &[("Apple", 100)]).await.unwrap();
        let mut server = shop.serve();
        server.ready(&shop.log()).await;
        let client = testkit::browser().build().unwrap();
        assert!(shows(&client, &server, "/p/apple", "9.99").await);
        let file = shop.dir.path().join("more.csv");
        std::fs::write(
            &file,
            "Handle,Title,Published,Variant Price,Status\nquince,Quince,TRUE,4.20,active\n",
        )
        .unwrap();
        shop.mercer(&["import", "products", &file.display().to_string()]);
        let page = until(&client, &server, "/p/quince", "4.20").await;
        let found = until(&client, &server, "/search?q=quin", "Quince").await;
        println!("shown after {page:?}, found after {found:?}");
        assert!(page.max(found) < Duration::from_secs(1));
        let again: Value = client
            .get(server.url(&format!("{API}/shop/products/quince")))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(shop::first(&again, "var_").is_some());
    });
}
