use axum::response::Response;
use http::{HeaderMap, HeaderValue};
use kernel::Ctx;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shopfront::{Deps, PAGE, Sort};
use theme::arg;
use theme::views::{Link, Pager, Search, Suggestion, SuggestionGroup, Suggestions};

use super::frame::{Frame, frame_of};
use super::kept;
use crate::extract::Fields;
use crate::{Caller, Error, State};

/// Longer is nobody's search.
const MOST_LETTERS: usize = 100;
/// Shown when nothing was found.
const INSTEAD: usize = 4;

fn asked(query: &Fields) -> String {
    let words = query.get("q").split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(MOST_LETTERS).collect()
}

fn address(frame: &Frame, path: &str, words: &str, page: usize) -> String {
    let words = utf8_percent_encode(words, NON_ALPHANUMERIC);
    let page = if page > 1 { format!("&page={page}") } else { String::new() };
    frame.url(&format!("{path}?q={words}{page}"))
}

/// `/search?q=`: what fits every word.
pub(super) async fn search(
    state: State,
    caller: Caller,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let words = asked(&query);
    let page = query.get("page").parse().unwrap_or(1).clamp(1, 50);
    let address = address(&frame, "/search", &words, page);
    kept::page(&state, &headers, since, &address, render(&state, &caller.ctx, &frame, &words, page)).await
}

async fn render(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    words: &str,
    page: usize,
) -> Result<(String, Deps), Error> {
    let shopfront = state.shopfront()?;
    let found = shopfront.search(&ctx.locale, words, page)?;
    let (instead, of_instead) = shopfront.shelf(&ctx.locale, None, Sort::Featured, INSTEAD);
    let title = match words {
        "" => frame.say("search-start", &[]),
        words => frame.say("search-title", &[arg("query", words)]),
    };
    let link =
        |c: &shopfront::CategoryHit| Link { name: c.name.clone(), url: frame.url(&format!("/c/{}", c.slug)) };
    let shown = (found.pages * PAGE).min(found.total) as u64;
    let view = Search {
        page: frame.private_page("/search", &title),
        query: words.to_owned(),
        total: found.total as u64,
        cards: frame.cards(&found.cards),
        pager: Pager::new(found.page as u32, shown, PAGE as u32, |n| {
            address(frame, "/search", words, n as usize)
        }),
        categories: found.categories.iter().map(link).collect(),
        instead: frame.cards(&instead),
    };
    Ok((frame.render(&view)?, found.deps.clone().and(&of_instead)))
}

/// `/search/suggest?q=`: JSON for the box, while somebody types.
pub(super) async fn suggest(
    state: State,
    caller: Caller,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let words = asked(&query);
    let address = address(&frame, "/search/suggest", &words, 1);
    let json = HeaderValue::from_static("application/json");
    kept::kept(&state, &headers, since, &address, json, suggested(&state, &caller.ctx, &frame, &words)).await
}

async fn suggested(state: &State, ctx: &Ctx, frame: &Frame, words: &str) -> Result<(String, Deps), Error> {
    let found = state.shopfront()?.suggest(&ctx.locale, words)?;
    let deps =
        found.products.iter().fold(Deps::default().search().listing(None), |d, c| d.product(c.product));
    let products = found.products.iter().map(|c| Suggestion {
        label: c.title.clone(),
        detail: frame.brand(&c.vendor),
        end: frame.money(c.price_minor),
        url: frame.url(&format!("/p/{}", c.slug)),
        image: c.image.as_ref().map(|i| frame.image(i)),
    });
    let categories = found.categories.iter().map(|c| Suggestion {
        label: c.name.clone(),
        detail: String::new(),
        end: c.products.to_string(),
        url: frame.url(&format!("/c/{}", c.slug)),
        image: None,
    });
    let group = |key: &str, items: Vec<Suggestion>| SuggestionGroup { label: frame.say(key, &[]), items };
    let mut groups = vec![
        group("suggest-products", products.collect()),
        group("suggest-categories", categories.collect()),
    ];
    groups.retain(|g| !g.items.is_empty());
    let count: usize = groups.iter().map(|g| g.items.len()).sum();
    let all = (found.total > found.products.len()).then(|| Link {
        name: frame.say("suggest-all", &[arg("count", found.total as i64), arg("query", words)]),
        url: address(frame, "/search", words, 1),
    });
    let status = frame.say("suggest-status", &[arg("count", count as i64)]);
    let view = Suggestions { status, groups, all };
    Ok((serde_json::to_string(&view).map_err(Error::internal)?, deps))
}
