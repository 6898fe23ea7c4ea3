//! The shop's pages.

use super::super::guest::address;
use super::super::journey::{Scripts, go};
use super::super::page::Page;
use super::{look, nothing};

#[test]
fn the_storefront_has_no_violation() {
    go("look-storefront", Scripts::On, async |page| {
        let mut wrong = vec![];
        for (name, path) in [
            ("home", "/"),
            ("everything", "/all"),
            ("category", "/c/fruit"),
            ("product with one variant", "/p/apple"),
            ("product with one option", "/p/orange"),
            ("product with two options", "/p/tea"),
            ("product sold out", "/p/plum"),
            ("search", "/search?q=apple"),
            ("search without result", "/search?q=xyzzy"),
            ("empty cart", "/cart"),
            ("not found", "/nowhere"),
        ] {
            page.open(path).await;
            look(page, name, &mut wrong).await;
        }
        suggestions(page, &mut wrong).await;
        buying(page, &mut wrong).await;
        nothing(&wrong);
    });
}

async fn suggestions(page: &Page, wrong: &mut Vec<String>) {
    page.open("/").await;
    page.fill("#q", "app").await;
    page.sees_in("#suggestions", "Apple").await;
    look(page, "suggestions", wrong).await;
}

async fn buying(page: &Page, wrong: &mut Vec<String>) {
    page.open("/p/orange").await;
    page.click("[data-buy]").await;
    page.sees_in("#toast", "Orange").await;
    look(page, "toast", wrong).await;
    page.open("/cart").await;
    look(page, "cart", wrong).await;
    page.open("/checkout").await;
    look(page, "checkout", wrong).await;
    page.click("#place-order").await;
    page.find("#errors").await;
    look(page, "checkout with errors", wrong).await;
    address(page).await;
    page.click("label:has(input[name=payment][value=test])").await;
    page.fill("#f-test_token", "tok_challenge").await;
    page.click("#place-order").await;
    page.at("/test-bank/").await;
    look(page, "test bank", wrong).await;
    page.click("button[value=approve]").await;
    page.at("/orders/").await;
    look(page, "confirmation", wrong).await;
    let status = page.find(".panel a[href*='/orders/']").await;
    status.click().await.unwrap();
    page.find("ol.tl").await;
    look(page, "order", wrong).await;
}
