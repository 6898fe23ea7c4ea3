//! axe on every main page, as it looks by day, by night and on a phone.

mod office;
mod storefront;

use serde_json::{Value, json};

use super::page::Page;

const AXE: &str = include_str!("../../../axe.min.js");

/// Waits until the page stands still, then lets axe look at it in each of its looks.
///
/// What is wrong is added to the list, so that one run tells everything.
pub async fn look(page: &Page, name: &str, wrong: &mut Vec<String>) {
    for (as_what, dark, width) in [("light", false, 1280), ("dark", true, 1280), ("phone", false, 390)] {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        page.browser.devtools("Emulation.setEmulatedMedia", features).await;
        let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.browser.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        let found = axe(page).await;
        for v in found.as_array().unwrap() {
            wrong.push(format!("{name} ({as_what}): {}", told(v)));
        }
        let wide = page.script("return document.documentElement.scrollWidth - innerWidth").await;
        if wide.as_i64().unwrap_or(0) > 0 {
            wrong.push(format!("{name} ({as_what}): {wide} px wider than the window"));
        }
    }
    page.browser.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
}

/// Ends a look around: nothing may be wrong.
pub fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

async fn axe(page: &Page) -> Value {
    let client = &page.browser.client;
    if client.execute("return typeof axe", vec![]).await.unwrap() == "undefined" {
        client.execute(AXE, vec![]).await.unwrap();
    }
    let answer = client.execute_async(RUN, vec![]).await.unwrap();
    assert!(answer["error"].is_null(), "{answer}");
    answer["violations"].clone()
}

/// Waits for fonts, two frames and whatever still moves; looks at all rules but the experimental ones.
const RUN: &str = r"
    const done = arguments[arguments.length - 1];
    (async () => {
      try {
        await document.fonts.ready;
        await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
        for (const a of document.getAnimations()) try { a.finish(); } catch { a.cancel(); }
        const found = await axe.run(document, { resultTypes: ['violations'] });
        done({ violations: found.violations });
      } catch (e) { done({ error: String(e) }); }
    })();
";

/// A look around that finds nothing must be one that can find something.
#[test]
fn a_broken_page_is_told() {
    super::journey::go("look-broken", super::journey::Scripts::On, async |page| {
        page.open("/p/apple").await;
        page.script(
            "document.querySelector('h1').style.color = 'color-mix(in oklch, CanvasText 12%, Canvas)';
             document.querySelector('main img').removeAttribute('alt');",
        )
        .await;
        let mut wrong = vec![];
        look(page, "broken", &mut wrong).await;
        for look in ["light", "dark", "phone"] {
            for rule in ["color-contrast", "image-alt"] {
                let told = format!("broken ({look}): {rule}");
                assert!(wrong.iter().any(|w| w.starts_with(&told)), "{told} is not among {wrong:#?}");
            }
        }
    });
}

fn told(violation: &Value) -> String {
    let mut text = format!("{} – {}", text_of(&violation["id"]), text_of(&violation["help"]));
    for node in violation["nodes"].as_array().into_iter().flatten().take(4) {
        let html: String = text_of(&node["html"]).chars().take(160).collect();
        let why = text_of(&node["failureSummary"]).replace('\n', " ");
        text.push_str(&format!("\n    {html}\n      {why}"));
    }
    text
}

fn text_of(v: &Value) -> &str {
    v.as_str().unwrap_or_default()
}
