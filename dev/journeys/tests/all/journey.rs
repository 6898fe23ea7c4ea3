//! One journey: a shop, a browser, and what is left behind when it fails.

use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use futures::FutureExt;

use super::browser::{Browser, Programs};
use super::page::Page;
use super::shop::Shop;

/// Whether the browser runs the pages' scripts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// Goes a journey through a fresh shop; on failure a picture of the page, its text and the server's log stay in
/// `target/journeys`.
pub fn go(name: &str, scripts: Scripts, journey: impl AsyncFnOnce(&Page)) {
    let Some(programs) = Programs::found() else { return skipped(name) };
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    rt.block_on(async {
        let shop = Shop::open().await;
        let browser = Browser::start(&programs, scripts == Scripts::On).await;
        let page = Page { browser, shop };
        let done = AssertUnwindSafe(journey(&page)).catch_unwind().await;
        if let Err(panic) = done {
            leave(name, &page).await;
            std::panic::resume_unwind(panic);
        }
    });
}

async fn leave(name: &str, page: &Page) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/journeys");
    let client = &page.browser.client;
    let at = client.current_url().await.map(|u| u.to_string()).unwrap_or_default();
    eprintln!("{name} failed at {at}; see target/journeys/{name}.*");
    let _ = std::fs::create_dir_all(&dir); // what cannot be left is not what failed
    if let Ok(picture) = client.screenshot().await {
        let _ = std::fs::write(dir.join(format!("{name}.png")), picture);
    }
    if let Ok(source) = client.source().await {
        let _ = std::fs::write(dir.join(format!("{name}.html")), format!("<!-- {at} -->\n{source}"));
    }
    let _ = std::fs::write(dir.join(format!("{name}.log")), page.shop.log());
}

/// Says loudly that a journey was not gone, and counts it for `cargo xtask test`.
fn skipped(name: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "chromium or chromedriver is missing, and CI must not go without"
    );
    eprintln!(
        "SKIPPED {name}: chromium or chromedriver is missing (apt-get install chromium chromium-driver)"
    );
    if let Some(path) = std::env::var_os("MERCER_SKIPPED")
        && let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path)
    {
        let _ = writeln!(file, "journeys::{name}");
    }
}
