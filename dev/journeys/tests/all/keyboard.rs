//! A purchase with keys alone. At every stop of the Tab key the focus must be seen.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::journey::{Scripts, go};
use super::page::Page;

#[test]
fn a_purchase_with_keys_alone() {
    go("keyboard", Scripts::On, async |page| {
        page.open("/").await;
        // the first stop skips to what the page is about
        press(page, Key::Tab).await;
        seen(page).await;
        assert_eq!(page.script("return document.activeElement.className").await, "skip vh");
        tab_to(page, "header a[href='/c/fruit']").await;
        press(page, Key::Enter).await;
        page.at("/c/fruit").await;
        tab_to(page, "#results a[href='/p/orange']").await;
        press(page, Key::Enter).await;
        page.at("/p/orange").await;
        tab_to(page, "input[name=variant_id]").await;
        press(page, Key::Down).await;
        page.sees_in("[data-price]", "3.49").await;
        tab_to(page, "[data-step='1']").await;
        types(page, " ").await;
        tab_to(page, "[data-buy]").await;
        press(page, Key::Enter).await;
        page.sees_in("[data-cart-count]", "2").await;
        // suggestions by arrows
        types(page, "/").await;
        page.until("the search has the focus", async || focused(page, "#q").await).await;
        types(page, "app").await;
        page.sees_in("#suggestions [role=option]", "Apple").await;
        press(page, Key::Down).await;
        page.find("#suggestions [aria-selected=true]").await;
        press(page, Key::Enter).await;
        page.at("/p/apple").await;
        tab_to(page, "[data-buy]").await;
        types(page, " ").await;
        page.sees_in("[data-cart-count]", "3").await;
        page.open("/cart").await;
        tab_to(page, "a[href='/checkout']").await;
        press(page, Key::Enter).await;
        page.at("/checkout").await;
        check_out(page).await;
        page.at("/orders/").await;
        page.sees_in("h1", "Thank you").await;
        page.shop.is_healthy();
    });
}

async fn check_out(page: &Page) {
    for (name, text) in [
        ("email", "ada@example.com"),
        ("name", "Ada Lovelace"),
        ("line1", "Prinsengracht 214"),
        ("postcode", "1016 DL"),
        ("city", "Amsterdam"),
    ] {
        tab_to(page, &format!("#f-{name}")).await;
        types(page, text).await;
    }
    tab_to(page, "input[name=shipping_method]").await;
    tab_to(page, "input[name=payment]").await;
    for _ in 0..5 {
        if focused(page, "input[name=payment][value=test]").await {
            break;
        }
        press(page, Key::Down).await;
        seen(page).await;
    }
    types(page, " ").await;
    tab_to(page, "#f-test_token").await;
    types(page, "tok_success").await;
    press(page, Key::Escape).await;
    tab_to(page, "#place-order").await;
    press(page, Key::Enter).await;
}

/// Presses Tab until the focus is where it should be, which must be seen at every stop.
async fn tab_to(page: &Page, css: &str) {
    let mut stops = vec![];
    for _ in 0..60 {
        press(page, Key::Tab).await;
        stops.push(seen(page).await);
        if focused(page, css).await {
            return;
        }
    }
    panic!("Tab does not lead to {css} at {}: {stops:#?}", page.path().await);
}

async fn focused(page: &Page, css: &str) -> bool {
    page.script(&format!("return document.activeElement.matches({css:?})")).await == true
}

/// What has the focus, which must be seen: an outline or a shadow of its own or of its label, within the window.
async fn seen(page: &Page) -> String {
    let found = page.script(SEEN).await;
    let name = found["name"].as_str().unwrap_or_default().to_owned();
    // Between the last stop and the first, the focus is the browser's own.
    assert!(
        name == "body" || found["seen"] == true,
        "the focus is not seen at {}: {found:#}",
        page.path().await
    );
    name
}

const SEEN: &str = r"
    const e = document.activeElement;
    const name = e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.name ? '[name=' + e.name + ']' : '')
      + ' ' + (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 40);
    if (e === document.body) return { name: 'body', seen: false };
    const drawn = (n) => [null, '::after'].some((part) => {
      const s = getComputedStyle(n, part);
      return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || (!part && s.boxShadow !== 'none');
    });
    // A field hidden in its label shows the focus on the label.
    const holder = [e.closest('label'), e].filter(Boolean).find(drawn);
    const box = (holder || e).getBoundingClientRect();
    const within = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth;
    return { name, seen: Boolean(holder) && within && e.matches(':focus-visible'), drawn: Boolean(holder), within,
      visible: e.matches(':focus-visible'), box: [box.left, box.top, box.width, box.height] };
";

async fn press(page: &Page, key: Key) {
    strike(page, &[key.into()]).await;
}

async fn types(page: &Page, text: &str) {
    strike(page, &text.chars().collect::<Vec<_>>()).await;
}

/// Real key presses to whatever has the focus.
async fn strike(page: &Page, keys: &[char]) {
    let mut actions = KeyActions::new("keyboard".to_owned());
    for &value in keys {
        actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    page.browser.client.perform_actions(actions).await.unwrap();
}
