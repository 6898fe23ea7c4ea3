//! A purchase without the pages' scripts.

use super::guest::address;
use super::journey::{Scripts, go};

#[test]
fn a_purchase_without_scripts() {
    go("plain", Scripts::Off, async |page| {
        page.open("/p/orange").await;
        assert_eq!(page.count("#suggestions").await, 0, "scripts run though they are switched off");
        page.click(".opt label:nth-of-type(2)").await;
        page.fill("input[name=quantity]", "2").await;
        page.click("[data-buy]").await;
        page.until("the cart", async || page.path().await.starts_with("/cart")).await;
        // two options are one list without scripts
        page.open("/p/tea").await;
        page.choose("#variant", &page.value("#variant option:nth-of-type(3)").await).await;
        page.click("[data-buy]").await;
        page.until("the cart", async || page.path().await.starts_with("/cart")).await;
        page.open("/search?q=app").await;
        page.click("#results form[data-add] button").await;
        page.until("the cart", async || page.path().await.starts_with("/cart")).await;
        page.open("/cart").await;
        page.sees_in("body", "Kilo").await;
        assert_eq!(page.count(".line").await, 3);
        page.press("One more Apple").await;
        page.until("two apples", async || page.count(".line input[value='2']").await == 2).await;
        page.click("a[href='/checkout']").await;
        page.at("/checkout").await;
        // another country has other fields and rates: asked for by a button
        address(page).await;
        page.click("button[value=update]").await;
        page.find("input[name=shipping_method]").await;
        assert_eq!(page.value("#f-name").await, "Ada Lovelace");
        page.click("label:has(input[name=payment][value=test])").await;
        page.fill("#f-test_token", "tok_decline").await;
        page.click("#place-order").await;
        page.sees_in("#errors", "declined").await;
        page.fill("#f-test_token", "tok_success").await;
        page.click("#place-order").await;
        page.at("/orders/").await;
        page.sees_in("h1", "Thank you").await;
        page.shop.is_healthy();
    });
}
