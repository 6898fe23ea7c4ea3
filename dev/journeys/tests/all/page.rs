//! What one does on a page, and what one sees there.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde_json::Value;

use super::browser::Browser;
use super::shop::Shop;

/// The page before us.
pub struct Page {
    pub browser: Browser,
    pub shop: Shop,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Page {
    /// Opens an address of the shop.
    pub async fn open(&self, path: &str) {
        self.browser.client.goto(&self.shop.url(path)).await.unwrap();
    }

    /// The path we are at.
    pub async fn path(&self) -> String {
        self.browser.client.current_url().await.unwrap().path().to_owned()
    }

    /// Waits until we are at a path that begins so, and the page is there.
    pub async fn at(&self, start: &str) {
        self.until(&format!("the address {start}…"), async || self.path().await.starts_with(start)).await;
    }

    /// Waits for something to become true.
    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let began = Instant::now();
        while !holds().await {
            assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}; at {}", self.path().await);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The first element that a CSS selector finds; waits for it.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.browser.client.wait().at_most(PATIENCE).every(Duration::from_millis(40));
        match found.for_element(Locator::Css(css)).await {
            Ok(e) => e,
            Err(e) => panic!("no {css} at {}: {e}", self.path().await),
        }
    }

    /// How many a selector finds now.
    pub async fn count(&self, css: &str) -> usize {
        self.browser.client.find_all(Locator::Css(css)).await.unwrap().len()
    }

    /// Clicks, as a mouse does: it must be seen and not covered. What a page redraws meanwhile is tried again.
    pub async fn click(&self, css: &str) {
        let began = Instant::now();
        loop {
            match self.find(css).await.click().await {
                Ok(()) => return,
                Err(e) if began.elapsed() < PATIENCE && passing(&e) => {
                    tokio::time::sleep(Duration::from_millis(60)).await;
                }
                Err(e) => panic!("{css} cannot be clicked at {}: {e}", self.path().await),
            }
        }
    }

    /// Clicks the link or button with this text; waits for it.
    pub async fn press(&self, text: &str) {
        let xpath = format!(
            "//*[self::a or self::button or self::summary][normalize-space(.)=\"{text}\" or @aria-label=\"{text}\"]"
        );
        let began = Instant::now();
        loop {
            let mut why = String::from("it is not there");
            for e in self.browser.client.find_all(Locator::XPath(&xpath)).await.unwrap() {
                match e.click().await {
                    Ok(()) => return,
                    Err(e) => why = e.to_string(),
                }
            }
            assert!(
                began.elapsed() < PATIENCE,
                "\"{text}\" cannot be pressed at {}: {why}",
                self.path().await
            );
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Types into a field, over what it held.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses an option of a select by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap();
    }

    /// What a field holds.
    pub async fn value(&self, css: &str) -> String {
        self.find(css).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// The text that is seen in the first element a selector finds; waits for the element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Waits until an element's text contains a text.
    pub async fn sees_in(&self, css: &str, text: &str) {
        let began = Instant::now();
        loop {
            let mut found = vec![];
            for e in self.browser.client.find_all(Locator::Css(css)).await.unwrap() {
                found.push(e.text().await.unwrap_or_default()); // it may be gone again
            }
            if found.iter().any(|f| f.contains(text)) {
                return;
            }
            let at = self.path().await;
            assert!(began.elapsed() < PATIENCE, "{css} at {at} does not show \"{text}\", but: {found:#?}");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits until the page shows a text.
    pub async fn sees(&self, text: &str) {
        self.sees_in("body", text).await;
    }

    /// Runs a script that returns a value. The browser's own doing: it works on pages without scripts too.
    pub async fn script(&self, script: &str) -> Value {
        self.browser.client.execute(script, vec![]).await.unwrap()
    }
}

/// What passes by itself: the element was redrawn, or something still covers it.
fn passing(e: &CmdError) -> bool {
    let text = e.to_string();
    e.is_stale_element_reference() || text.contains("not interactable") || text.contains("click intercepted")
}
