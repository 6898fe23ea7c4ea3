//! An import by command line beside a running shop, until the last product can be found.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::http::Client;
use crate::server::{self, Server};
use crate::{Size, seed};

/// Measures it, and leaves the products in the shop.
///
/// # Errors
/// When it fails, or the last product is not found within a minute.
pub async fn measure(shop: &Path, file: &Path, size: Size) -> anyhow::Result<()> {
    let server = Server::start(shop, None, "warn").await?;
    let began = Instant::now();
    let took = server::run(&[
        "import",
        "products",
        &file.display().to_string(),
        "--dir",
        &shop.display().to_string(),
    ])
    .await?;
    let mut client = Client::connect(server.port).await?;
    let words = seed::last_title(size.products).replace(' ', "+");
    loop {
        let answer = client.send("GET", &format!("/search?q={words}"), &[], b"").await?;
        if answer.status == 200 && answer.text().contains(&seed::last_title(size.products)) {
            break;
        }
        if began.elapsed() > Duration::from_secs(60) {
            bail!("the last product was not found within a minute of the import");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "import of {} products × 3 variants beside a running shop: {:.2} s, searchable after {:.2} s (goal for 10,000: ≤ 5 s)",
        size.products,
        took.as_secs_f64(),
        began.elapsed().as_secs_f64()
    );
    println!("  memory of the shop after it: {:.0} MB RssAnon", server.memory_mb()?);
    Ok(())
}
