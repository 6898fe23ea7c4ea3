//! The back office's pages, empty and filled.

use super::super::guest::buy;
use super::super::journey::{Scripts, go};
use super::super::page::Page;
use super::super::staff::sign_in;
use super::{look, nothing};

/// Whatever the menu leads to is looked at besides, so that a new page cannot be forgotten.
const PAGES: &[&str] = &["/admin", "/admin/orders", "/admin/products/new", "/admin/nowhere"];

#[test]
fn the_back_office_has_no_violation() {
    go("look-office", Scripts::On, async |page| {
        let mut wrong = vec![];
        page.open("/admin/sign-in").await;
        look(page, "sign in", &mut wrong).await;
        sign_in(page).await;
        for path in menu(page).await {
            page.open(&path).await;
            look(page, &format!("{path} before the first order"), &mut wrong).await;
        }
        buy(page, "/p/apple", 3).await;
        let mut paths = menu(page).await;
        paths.extend(PAGES.iter().map(|p| (*p).to_owned()));
        let mut seen = 0;
        // and the first row of every list, and what is below a page
        while let Some(path) = paths.get(seen).cloned() {
            seen += 1;
            page.open(&path).await;
            page.find("main").await;
            look(page, &path, &mut wrong).await;
            for next in below(page).await {
                let kind = kind(&next);
                if !paths.iter().any(|p| self::kind(p) == kind) {
                    paths.push(next);
                }
            }
        }
        assert!(seen > 15, "only {seen} pages: {paths:?}");
        nothing(&wrong);
    });
}

async fn menu(page: &Page) -> Vec<String> {
    page.open("/admin").await;
    hrefs(page, "#nav a[href^='/admin']").await
}

/// Pages that this one leads to.
async fn below(page: &Page) -> Vec<String> {
    let all = hrefs(page, "main a[href^='/admin/'], main a.row").await;
    all.into_iter()
        .filter(|p| !p.contains("packing-slip") && !p.contains("pick-list") && !p.contains('#'))
        .collect()
}

async fn hrefs(page: &Page, css: &str) -> Vec<String> {
    let script = format!("return [...document.querySelectorAll({css:?})].map((a) => a.getAttribute('href'))");
    let found = page.script(&script).await;
    found.as_array().into_iter().flatten().filter_map(|h| h.as_str().map(str::to_owned)).collect()
}

/// A path without what is asked of it and with ids by their kind: two orders look alike.
fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let part = |p: &str| {
        p.split_once('_').filter(|(_, id)| id.len() == 26).map_or(p.to_owned(), |(k, _)| k.to_owned())
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
