//! A guest, from the first page to the order's own.

use super::journey::{Scripts, go};
use super::page::Page;

/// Fills the checkout's fields but the card.
pub async fn address(page: &Page) {
    for (name, text) in [
        ("email", "ada@example.com"),
        ("name", "Ada Lovelace"),
        ("line1", "Prinsengracht 214"),
        ("postcode", "1016 DL"),
        ("city", "Amsterdam"),
    ] {
        page.fill(&format!("#f-{name}"), text).await;
    }
}

/// Buys some of a product with one variant; ends on the confirmation.
pub async fn buy(page: &Page, path: &str, quantity: u32) {
    page.open(path).await;
    page.fill("input[name=quantity]", &quantity.to_string()).await;
    page.click("[data-buy]").await;
    page.sees_in("[data-cart-count]", &quantity.to_string()).await;
    page.open("/checkout").await;
    address(page).await;
    page.click("label:has(input[name=payment][value=test])").await;
    page.fill("#f-test_token", "tok_success").await;
    page.click("#place-order").await;
    page.at("/orders/").await;
    page.sees_in("h1", "Thank you").await;
}

#[test]
fn a_guest_buys() {
    go("guest", Scripts::On, async |page| {
        browse(page).await;
        search(page).await;
        cart(page).await;
        err_first(page).await;
        declined(page).await;
        paid(page).await;
        page.shop.is_healthy();
    });
}

async fn browse(page: &Page) {
    page.open("/").await;
    page.sees_in("header", "Corner Grocer").await;
    page.click("header nav a[href='/c/fruit']").await;
    page.at("/c/fruit").await;
    page.sees_in("h1", "Fruit").await;
    page.click("#results a[href='/p/orange']").await;
    page.at("/p/orange").await;
    page.sees_in("[data-price]", "0.89").await;
    // another variant: price and address follow
    page.click(".opt label:nth-of-type(2)").await;
    page.sees_in("[data-price]", "3.49").await;
    page.click("[data-step='1']").await;
    page.click("[data-buy]").await;
    page.sees_in("#toast", "Orange").await;
    page.sees_in("[data-cart-count]", "2").await;
}

async fn search(page: &Page) {
    page.fill("#q", "gre").await;
    page.sees_in("#suggestions [role=option]", "Green tea").await;
    page.click("#suggestions [role=option]").await;
    page.at("/p/tea").await;
    // two options: the second choice of each
    page.click("[data-option='0'] label:nth-of-type(2)").await;
    page.sees_in("[data-price]", "6.99").await;
    page.click("[data-buy]").await;
    page.sees_in("[data-cart-count]", "3").await;
    // and by the form, with a typing error none of us would notice
    page.fill("#q", "appl\u{e007}").await;
    page.at("/search").await;
    page.sees_in("#results", "Apple").await;
    page.click("#results form[data-add] button").await;
    page.sees_in("[data-cart-count]", "4").await;
}

async fn cart(page: &Page) {
    page.click("#cart-link").await;
    page.at("/cart").await;
    page.sees_in(".line", "Orange").await;
    assert_eq!(page.count(".line").await, 3);
    page.press("One more Apple").await;
    page.sees_in("#cart-link", "5").await;
    page.press("Remove Green tea").await;
    page.until("two lines", async || page.count(".line").await == 2).await;
    // 2 kilos at 3.49 and 2 apples at 0.79
    page.sees_in(".sum", "8.56").await;
    page.click("a[href='/checkout']").await;
    page.at("/checkout").await;
}

async fn err_first(page: &Page) {
    address(page).await;
    page.fill("#f-postcode", "what").await;
    page.fill("#f-email", "").await;
    page.click("#place-order").await;
    page.sees_in("#errors", "Postcode").await;
    let focused = page.script("return document.activeElement.id").await;
    assert_eq!(focused, "errors", "the summary of errors has the focus");
    for field in ["email", "postcode"] {
        page.find(&format!("#f-{field}[aria-invalid=true][aria-describedby~='f-{field}-e']")).await;
    }
    // nothing typed is lost
    assert_eq!(page.value("#f-name").await, "Ada Lovelace");
    assert_eq!(page.value("#f-line1").await, "Prinsengracht 214");
    assert_eq!(page.value("#f-postcode").await, "what");
    // the summary leads to the field
    page.click("#errors a[href='#f-postcode']").await;
    let focused = page.script("return document.activeElement.id").await;
    assert_eq!(focused, "f-postcode", "the summary's link leads to its field");
    page.fill("#f-postcode", "1016 DL").await;
    page.fill("#f-email", "ada@example.com").await;
}

async fn declined(page: &Page) {
    page.click("label:has(input[name=payment][value=test])").await;
    page.fill("#f-test_token", "tok_decline").await;
    page.click("#place-order").await;
    page.sees_in("#errors", "declined").await;
    assert_eq!(page.value("#f-name").await, "Ada Lovelace");
}

async fn paid(page: &Page) {
    page.fill("#f-test_token", "tok_success").await;
    page.click("#place-order").await;
    page.at("/orders/").await;
    page.sees_in("h1", "Thank you").await;
    page.sees_in("main", "ada@example.com").await;
    // back is a page of the shop, not the browser's question whether to send the refused form again
    page.script("history.back(); return ''").await;
    page.until("the shop", async || !page.path().await.starts_with("/orders/")).await;
    page.sees_in("header", "Corner Grocer").await;
    page.script("history.forward(); return ''").await;
    page.sees_in("h1", "Thank you").await;
    page.sees_in("aside", "Orange").await;
    // the cart is empty again
    page.until("an empty cart", async || page.count("[data-cart-count]:not([hidden])").await == 0).await;
    page.press("Order status").await;
    page.sees_in("main", "Prinsengracht 214").await;
    page.find("ol.tl").await;
    page.open("/cart").await;
    page.sees("empty").await;
}
