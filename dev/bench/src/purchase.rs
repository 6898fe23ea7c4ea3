//! Whole purchases over HTTP: a cart with two lines, address and shipping, pay and place; every write durable.
//! Beside them: as many bare grouped commits of the same statements on the bare driver.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::Size;
use crate::http::Client;
use crate::load::cpu_us;
use crate::replay;
use crate::server::Server;

const API: &str = "/api/2026-11/shop";
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// Measures them.
///
/// # Errors
/// When a purchase fails.
pub async fn measure(shop: &Path, dir: &Path, size: Size) -> anyhow::Result<()> {
    // one purchase with every statement in the log, to count and to replay
    let log = dir.join("sql.log");
    let server = Server::start(shop, Some(&log), "warn,sql=trace").await?;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let variants = variants(server.port).await?;
    for i in 0..3 {
        buy(server.port, &variants, &format!("warm-up-number-{i}")).await?;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    }
    let from = std::fs::metadata(&log)?.len();
    buy(server.port, &variants, "counted-purchase").await?;
    let to = std::fs::metadata(&log)?.len();
    let text = std::fs::read(&log)?;
    let trace = replay::parse(&String::from_utf8_lossy(&text[usize::try_from(from)?..usize::try_from(to)?]))?;
    drop(server);
    let (units, statements, first) = trace.counts();
    println!(
        "a purchase: {statements} statements (goal ≤ 30), {first} in T1 (goal ≤ 12), {units} named writes (goal ≤ 5)"
    );

    let server = Server::start(shop, None, "warn").await?;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    for concurrency in [1, 8, 32] {
        let count = size.purchases.min(concurrency * 400).max(concurrency);
        let ours = buyers(&server, &variants, concurrency, count).await?;
        let ceiling = replay::grouped(shop, dir, &trace, concurrency, count)?;
        println!(
            "  at concurrency {concurrency}: {:.0} purchases a second ({:.2} ms of CPU each, goal ≤ 2) = {:.2} of {:.0} bare (goal ≥ 0.5)",
            ours.0,
            ours.1 / 1000.0,
            ours.0 / ceiling,
            ceiling
        );
    }
    Ok(())
}

/// Buys once.
///
/// # Errors
/// When the purchase fails.
pub async fn one(shop: &Path) -> anyhow::Result<()> {
    let server = Server::start(shop, None, "warn").await?;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    buy(server.port, &variants(server.port).await?, "the-only-purchase").await
}

async fn buyers(
    server: &Server,
    variants: &[String],
    concurrency: usize,
    count: usize,
) -> anyhow::Result<(f64, f64)> {
    let left = Arc::new(AtomicUsize::new(count));
    let run = Instant::now();
    let before = cpu_us(server.pid())?;
    let mut tasks = vec![];
    for _ in 0..concurrency {
        let (left, port, variants) = (left.clone(), server.port, variants.to_vec());
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(port).await?;
            loop {
                let n = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
                let Ok(n) = n else { return Ok::<_, anyhow::Error>(()) };
                let shift = n % (variants.len() - 1);
                purchase(
                    &mut client,
                    &variants[shift..=shift + 1],
                    &uuid::Uuid::from_u64_pair(n as u64, run.elapsed().as_nanos() as u64).to_string(),
                )
                .await?;
            }
        }));
    }
    for t in tasks {
        t.await??;
    }
    let took = run.elapsed().as_secs_f64();
    Ok((count as f64 / took, (cpu_us(server.pid())? - before) / count as f64))
}

async fn buy(port: u16, variants: &[String], key: &str) -> anyhow::Result<()> {
    purchase(&mut Client::connect(port).await?, &variants[..2], key).await
}

/// A cart of two lines with its address, the shipping, then pays; checks every answer.
async fn purchase(client: &mut Client, variants: &[String], key: &str) -> anyhow::Result<()> {
    let lines: Vec<Value> = variants.iter().map(|v| json!({ "variant": v, "quantity": 1 })).collect();
    let body = json!({
        "lines": lines,
        "email": "kofi@example.com",
        "address": { "name": "Kofi Mensah", "line1": "Prinsengracht 214", "postcode": "1016 DL", "city": "Amsterdam", "country": "NL" },
    })
    .to_string();
    let made = client.send("POST", &format!("{API}/carts"), JSON, body.as_bytes()).await?;
    if made.status != 201 {
        bail!("POST /carts: {} {}", made.status, made.text());
    }
    let cart = made.json()?;
    let secret = cart["secret"].as_str().context("the cart's secret")?.to_owned();
    let details = json!({ "shipping_method": cart["quotes"][0]["method"], "payment_method": "test" });
    let set =
        client.send("PATCH", &format!("{API}/carts/{secret}"), JSON, details.to_string().as_bytes()).await?;
    if set.status != 200 {
        bail!("PATCH /carts: {} {}", set.status, set.text());
    }
    let order = json!({ "cart": secret, "payment_method": "test", "payment_token": "tok_success" });
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let placed =
        client.send("POST", &format!("{API}/orders"), &headers, order.to_string().as_bytes()).await?;
    if placed.status != 201 || placed.json()?["outcome"] != "placed" {
        bail!("POST /orders: {} {}", placed.status, placed.text());
    }
    Ok(())
}

/// Variants that can be bought, of many products.
async fn variants(port: u16) -> anyhow::Result<Vec<String>> {
    fn gather(v: &Value, out: &mut Vec<String>) {
        match v {
            Value::String(s) if s.starts_with("var_") && !out.contains(s) => out.push(s.clone()),
            Value::Object(map) => map.values().for_each(|v| gather(v, out)),
            Value::Array(all) => all.iter().for_each(|v| gather(v, out)),
            _ => {}
        }
    }
    let mut client = Client::connect(port).await?;
    let mut all = vec![];
    let list = client.send("GET", &format!("{API}/products"), &[], b"").await?.json()?;
    for product in list["data"].as_array().with_context(|| format!("products in {list}"))?.iter().take(24) {
        let id = product["id"].as_str().context("a product's id")?;
        let page = client.send("GET", &format!("{API}/products/{id}"), &[], b"").await?.json()?;
        gather(&page, &mut all);
    }
    if all.len() < 10 {
        bail!("only {} variants were found", all.len());
    }
    Ok(all)
}
