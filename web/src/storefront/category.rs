use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use kernel::TextState;
use shopfront::{CategoryPage, Found, Moment, PAGE, Sort};
use theme::views::{Category, Link, Pager, SortChoice};

use super::frame::{Frame, frame_of};
use super::show::{short, text_of};
use super::{kept, moved};
use crate::extract::{Fields, Path};
use crate::{Caller, Error, State};

/// `/c/{slug}`: the products of a category.
pub(super) async fn category(
    state: State,
    caller: Caller,
    Path(slug): Path<String>,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (sort, page) = asked(&query);
    let path = format!("/c/{slug}");
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let found = state.shopfront()?.category(&caller.ctx.locale, &slug, sort, page).await?;
    match found {
        Found::Here(found) => show(&state, &frame, &path, since, *found, sort, &headers).await,
        Found::Moved(slug) => Ok(Redirect::permanent(&frame.url(&format!("/c/{slug}"))).into_response()),
        Found::Gone => moved(&state, &caller.ctx, &frame.url(&path)).await,
    }
}

/// `/all`: everything there is.
pub(super) async fn everything(
    state: State,
    caller: Caller,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (sort, page) = asked(&query);
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let mut found = state.shopfront()?.everything(&caller.ctx.locale, sort, page);
    found.name = frame.say("all-products", &[]);
    show(&state, &frame, "/all", since, found, sort, &headers).await
}

/// Nonsense means the usual: the first page, as featured.
fn asked(query: &Fields) -> (Sort, usize) {
    let sort = Sort::parse(query.get("sort")).unwrap_or(Sort::Featured);
    (sort, query.get("page").parse().unwrap_or(1).clamp(1, 100_000))
}

async fn show(
    state: &State,
    frame: &Frame,
    path: &str,
    since: Moment,
    found: CategoryPage,
    sort: Sort,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let address = frame.url(&address(path, sort, found.page));
    let render = async { Ok((frame.render(&view(frame, path, &found, sort))?, found.deps.clone())) };
    kept::page(state, headers, since, &address, render).await
}

/// A page's own address; what is usual is left out, so that each page has one.
fn address(path: &str, sort: Sort, page: usize) -> String {
    let mut query = vec![];
    if sort != Sort::Featured {
        query.push(format!("sort={sort}"));
    }
    if page > 1 {
        query.push(format!("page={page}"));
    }
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

fn view(frame: &Frame, path: &str, found: &CategoryPage, sort: Sort) -> Category {
    let mut crumbs = vec![Link { name: frame.say("home", &[]), url: frame.url("/") }];
    crumbs.extend(
        found.crumbs.iter().map(|c| Link { name: c.name.clone(), url: frame.url(&format!("/c/{}", c.slug)) }),
    );
    match found.crumbs.is_empty() {
        true => crumbs.push(Link { name: found.name.clone(), url: String::new() }),
        false => crumbs.last_mut().into_iter().for_each(|last| last.url.clear()),
    }
    let choice = |(sort_by, key): (Sort, &str)| SortChoice {
        value: sort_by.to_string(),
        label: frame.say(key, &[]),
        selected: sort_by == sort,
    };
    let sorts = [
        (Sort::Featured, "sort-featured"),
        (Sort::Newest, "sort-newest"),
        (Sort::PriceUp, "sort-price-up"),
        (Sort::PriceDown, "sort-price-down"),
        (Sort::Name, "sort-name"),
    ];
    let other = |l: &str| match found.id {
        None => Some(path.to_owned()),
        Some(_) => found.alternates.iter().find(|(of, _)| of == l).map(|(_, slug)| format!("/c/{slug}")),
    };
    let mut page = frame.page_in(path, &found.name, other);
    page.description = short(&text_of(&found.description_html), 160);
    if found.page > 1 {
        page.canonical = frame.url(&address(path, Sort::Featured, found.page));
    }
    let top = found.crumbs.first().map(|c| frame.url(&format!("/c/{}", c.slug)));
    for link in &mut page.nav {
        link.current = top.as_ref() == Some(&link.url);
    }
    if let Some(image) = found.cards.iter().find_map(|c| c.image.as_ref()) {
        page.share_image = format!("{}/1280.jpg", frame.image(image).url);
    }
    let total = found.total as u64;
    Category {
        page,
        crumbs,
        title: found.name.clone(),
        description_html: found.description_html.clone(),
        children: found.children.iter().map(|c| frame.tile(c)).collect(),
        total,
        sorts: sorts.into_iter().map(choice).collect(),
        cards: frame.cards(&found.cards),
        pager: Pager::new(found.page as u32, total, PAGE as u32, |n| {
            frame.url(&address(path, sort, n as usize))
        }),
    }
}
