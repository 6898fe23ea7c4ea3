//! Staff, from signing in to the refund; afterwards everything agrees.

use super::guest::buy;
use super::journey::{Scripts, go};
use super::page::Page;
use super::shop::OWNER;

/// Signs the owner in.
pub async fn sign_in(page: &Page) {
    page.open("/admin").await;
    page.at("/admin/sign-in").await;
    page.fill("#email", OWNER.0).await;
    page.fill("#password", OWNER.1).await;
    page.press("Sign in").await;
    page.until("the back office", async || page.path().await == "/admin").await;
}

#[test]
fn staff_ships_and_refunds() {
    go("staff", Scripts::On, async |page| {
        // three apples at 0.79
        buy(page, "/p/apple", 3).await;
        wrong_password(page).await;
        sign_in(page).await;
        page.sees_in("main", "Ada Lovelace").await;
        stock(page, ["50", "3", "47"]).await;
        let order = find_order(page).await;
        ship(page).await;
        stock(page, ["47", "0", "47"]).await;
        refund(page, &order).await;
        stock(page, ["48", "0", "48"]).await;
        mailbox(page).await;
        home(page).await;
        customer(page, &order).await;
        page.shop.is_healthy();
    });
}

async fn wrong_password(page: &Page) {
    page.open("/admin/orders").await;
    page.at("/admin/sign-in").await;
    page.fill("#email", OWNER.0).await;
    page.fill("#password", "not this one").await;
    page.press("Sign in").await;
    page.find("#errors").await;
    assert_eq!(page.value("#email").await, OWNER.0, "what was typed stays");
}

/// Opens the only order from the list; its path.
async fn find_order(page: &Page) -> String {
    page.click("#nav a[href='/admin/orders']").await;
    page.at("/admin/orders").await;
    page.sees_in("#list [data-row]", "Ada Lovelace").await;
    page.sees_in("#list [data-row]", "Authorised").await;
    page.sees_in("#list [data-row]", "Unfulfilled").await;
    page.click("#list a.row").await;
    page.at("/admin/orders/ord_").await;
    page.sees_in("main", "Prinsengracht 214").await;
    page.path().await
}

async fn ship(page: &Page) {
    page.press("Fulfil items").await;
    page.fill("#tracking_number", "3SABC123").await;
    page.fill("#carrier", "PostNL").await;
    page.press("Ship items").await;
    page.at("/admin/orders/ord_").await;
    page.sees_in(".ph", "Fulfilled").await;
    page.sees_in(".ship", "3SABC123").await;
    page.sees_in(".tl", "Robin Owner").await;
    // what is shipped is charged, by a task
    let order = page.path().await;
    page.until("the charge", async || {
        page.open(&order).await;
        page.text(".ph").await.contains("Paid")
    })
    .await;
    page.sees_in(".tl", "captured").await;
}

/// One of the three apples, back to the shelf.
async fn refund(page: &Page, order: &str) {
    page.open(order).await;
    page.press("Refund").await;
    page.find("#refund_total").await;
    page.fill("input[name^='quantity.']", "1").await;
    let restock = page.find("input[name^='restock.']").await;
    if !restock.is_selected().await.unwrap() {
        restock.click().await.unwrap();
    }
    page.click("button[name=action][value=update]").await;
    page.sees_in("#refund_total", "0.79").await;
    page.click("button[name=action][value=refund]").await;
    page.until("the order again", async || page.path().await == *order).await;
    page.sees_in(".ph", "Partly refunded").await;
    page.sees_in(".tl", "0.79").await;
    page.sees_in(".pay", "0.79").await;
}

/// On hand, allocated and available of the apple.
async fn stock(page: &Page, expected: [&str; 3]) {
    let row = "const r = [...document.querySelectorAll('[data-row]')].find((r) => r.textContent.includes('APPLE-1'));
        if (!r) return null;
        const c = r.querySelectorAll('td');
        return [c[6].querySelector('.cell')?.value ?? c[6].textContent, c[4].textContent, c[5].textContent]
          .map((t) => t.trim());";
    page.until(&format!("stock of {expected:?}"), async || {
        page.open("/admin/inventory").await;
        page.script(row).await == serde_json::json!(expected)
    })
    .await;
}

async fn mailbox(page: &Page) {
    page.until("three mails", async || {
        page.open("/admin/mails").await;
        page.count("#list [data-row]").await == 3
    })
    .await;
    for about in ["shipped", "refund"] {
        let subjects = page.text("#list").await.to_lowercase();
        assert!(
            subjects.contains(about) || subjects.contains("on its way"),
            "no mail about {about}: {subjects}"
        );
    }
    page.click("#list a.row").await;
    page.sees_in("main", "ada@example.com").await;
}

async fn home(page: &Page) {
    page.until("home has counted", async || {
        page.open("/admin").await;
        let figures = page.text(".kpis").await;
        // 2 of 3 apples and the delivery stay sold, without tax
        figures.contains("€5.44") && figures.contains("€0.79")
    })
    .await;
    page.sees_in("main .tbl", "Partly refunded").await;
    page.sees_in("main .tbl", "Fulfilled").await;
}

async fn customer(page: &Page, order: &str) {
    page.open("/admin/customers").await;
    page.sees("Ada Lovelace").await;
    page.click("[data-row] a.row").await;
    page.at("/admin/customers/").await;
    page.click(&format!("main a[href='{order}']")).await;
    page.at(order).await;
}
