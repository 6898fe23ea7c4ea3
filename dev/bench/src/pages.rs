//! Category and product page, HTML and JSON, against a bare axum that answers the same bytes.

use std::path::Path;

use anyhow::Context;

use crate::Size;
use crate::http::Client;
use crate::server::{self, Server};

/// Measures them.
///
/// # Errors
/// When a page cannot be had.
pub async fn measure(shop: &Path, dir: &Path, size: Size) -> anyhow::Result<()> {
    let server = Server::start(shop, None, "warn").await?;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let mut client = Client::connect(server.port).await?;
    let tree = client.send("GET", "/api/2026-11/shop/categories", &[], b"").await?.json()?;
    let slug = first_slug(&tree).context("a category's slug")?;
    let list = format!("/api/2026-11/shop/products?category={slug}");
    let products = client.send("GET", &list, &[], b"").await?.json()?;
    let product = find_product(&products).context("a product's slug")?;
    let addresses = [
        ("category page of 24, HTML", format!("/c/{slug}"), "text/html"),
        ("product page, HTML", format!("/p/{product}"), "text/html"),
        ("category of 24, JSON", list, "application/json"),
        ("product, JSON", format!("/api/2026-11/shop/products/{product}"), "application/json"),
    ];
    println!(
        "pages, requests a second (server CPU a request) at concurrency 1, 8, 32; goal ≥ 0.5 of bare axum"
    );
    for (name, path, accept) in addresses {
        let answer = client.send("GET", &path, &[("accept", accept)], b"").await?;
        let kind = answer.header("content-type").context("a content type")?.to_owned();
        let (child, port) = server::bare(dir, &answer.body, &kind).await?;
        let pid = child.id().context("a process")?;
        print!("  {name}, {} bytes:", answer.body.len());
        for concurrency in [1, 8, 32] {
            // in turn, so that a machine that slows down slows both
            let half = size.time / 2;
            let (mut ours, mut ceiling) = (vec![], vec![]);
            for _ in 0..2 {
                ours.push(
                    crate::load::get(server.port, server.pid(), &path, accept, concurrency, half).await?,
                );
                ceiling.push(crate::load::get(port, pid, "/", accept, concurrency, half).await?);
            }
            let mean =
                |all: &[crate::load::Speed]| all.iter().map(|s| s.per_second).sum::<f64>() / all.len() as f64;
            let cpu = ours.iter().map(|s| s.cpu_us).sum::<f64>() / ours.len() as f64;
            print!(
                " {:.0} ({cpu:.0} µs) = {:.2} of {:.0};",
                mean(&ours),
                mean(&ours) / mean(&ceiling),
                mean(&ceiling)
            );
        }
        println!();
    }
    Ok(())
}

fn first_slug(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Object(map) => map
            .get("slug")
            .and_then(|s| s.as_str())
            .map(str::to_owned)
            .or_else(|| map.values().find_map(first_slug)),
        serde_json::Value::Array(all) => all.iter().find_map(first_slug),
        _ => None,
    }
}

fn find_product(value: &serde_json::Value) -> Option<String> {
    fn walk(v: &serde_json::Value) -> Option<String> {
        match v {
            serde_json::Value::Object(map) => {
                let is = map.get("id").and_then(|i| i.as_str()).is_some_and(|i| i.starts_with("prd_"));
                let slug = map.get("slug").and_then(|s| s.as_str());
                match (is, slug) {
                    (true, Some(slug)) => Some(slug.to_owned()),
                    _ => map.values().find_map(walk),
                }
            }
            serde_json::Value::Array(all) => all.iter().find_map(walk),
            _ => None,
        }
    }
    walk(value)
}
