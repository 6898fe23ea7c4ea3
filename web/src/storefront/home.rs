use axum::response::Response;
use http::HeaderMap;
use kernel::Ctx;
use shopfront::{Deps, Shopfront, Sort};
use theme::views::{Hero, HeroItem, Home, Link, Promise, Shelf};

use super::frame::{Frame, frame_of};
use super::kept;
use super::show::short;
use crate::{Caller, Error, State};

/// So many products stand under the opening.
const HERO: usize = 8;
/// So many on a shelf.
const SHELF: usize = 8;

/// The first page.
pub(super) async fn home(state: State, caller: Caller, headers: HeaderMap) -> Result<Response, Error> {
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let address = frame.url("/");
    kept::page(&state, &headers, since, &address, render(&state, &caller.ctx, &frame)).await
}

async fn render(state: &State, ctx: &Ctx, frame: &Frame) -> Result<(String, Deps), Error> {
    let shopfront = state.shopfront()?;
    let (tiles, mut deps) = shopfront.tiles(&ctx.locale);
    let (newest, of_newest) = shopfront.shelf(&ctx.locale, None, Sort::Newest, SHELF);
    deps = deps.and(&of_newest);
    let more = Link { name: frame.say("see-all", &[]), url: frame.url("/all?sort=newest") };
    let mut shelves = vec![];
    if !newest.is_empty() {
        let title = frame.say("home-new", &[]);
        shelves.push(Shelf { title, more: Some(more), cards: frame.cards(&newest) });
    }
    // one shelf more a top category, as far as they fill it
    for tile in tiles.iter().filter(|t| t.products >= 4).take(2) {
        let (cards, of_cards) = shopfront.shelf(&ctx.locale, Some(tile.id), Sort::Featured, 4);
        deps = deps.and(&of_cards);
        let more = Link { name: frame.say("see-all", &[]), url: frame.url(&format!("/c/{}", tile.slug)) };
        shelves.push(Shelf { title: tile.name.clone(), more: Some(more), cards: frame.cards(&cards) });
    }
    let (hero, of_hero) = hero(&shopfront, ctx, frame);
    let mut page = frame.page("/", "");
    page.description = short(&hero.text, 160);
    let view = Home {
        page,
        hero,
        shelves,
        categories: tiles.iter().filter(|t| t.products > 0).map(|t| frame.tile(t)).collect(),
        promises: frame.promises.iter().map(|p| promise(p, &ctx.locale)).collect(),
    };
    Ok((frame.render(&view)?, deps.and(&of_hero)))
}

fn promise(p: &site::Promise, locale: &str) -> Promise {
    Promise {
        icon: p.icon.clone(),
        title: p.title.get(locale).to_owned(),
        text: p.text.get(locale).to_owned(),
    }
}

/// The merchant's own words, or else the shop's name.
fn hero(shopfront: &Shopfront, ctx: &Ctx, frame: &Frame) -> (Hero, Deps) {
    let set = &frame.hero;
    let title: Vec<String> = set.title.get(&ctx.locale).lines().map(|l| l.trim().to_owned()).collect();
    let (cards, deps) = shopfront.shelf(&ctx.locale, None, Sort::Featured, HERO);
    let items = cards.iter().filter_map(|c| {
        Some(HeroItem {
            name: c.title.clone(),
            url: frame.url(&format!("/p/{}", c.slug)),
            price: frame.money(c.price_minor),
            image: frame.image(c.image.as_ref()?),
        })
    });
    let to = if set.link.is_empty() { "/all" } else { &set.link };
    let hero = Hero {
        title: if title.iter().all(String::is_empty) { vec![frame.store().to_owned()] } else { title },
        text: set.text.get(&ctx.locale).to_owned(),
        primary: Some(Link { name: frame.say("hero-go", &[]), url: frame.url(to) }),
        secondary: None,
        image: frame.hero_image.clone(),
        items: items.collect(),
    };
    (hero, deps)
}
