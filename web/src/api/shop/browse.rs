//! Looking around: products, categories, search. Bodies that are the same for everyone are kept until what they show
//! changes, and then sent as they are.

use bytes::Bytes;
use http::HeaderValue;
use kernel::{ErrorKind, ProductId, TextState as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use shopfront::{Deps, Found, Fresh, Sort};
use utoipa::IntoParams;

use super::reading;
use super::views::{
    Category, CategoryHit, CategoryNode, Country, Product, ProductCard, ProductPage, Reader, SearchResult,
};
use crate::api::VERSION;
use crate::api::answer::{KeptJson, List, One};
use crate::api::ask::{At, Params, bad_param, word};
use crate::api::types::Named;
use crate::{Caller, Error, State};

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Language {
    /// One of the shop's languages; its first by default.
    pub(super) locale: Option<String>,
}

/// Which products.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct WhichProducts {
    /// A category's address (slug).
    category: Option<String>,
    /// `featured` (by default), `price`, `price_down`, `newest`, `name`.
    sort: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// One of the shop's languages; its first by default.
    locale: Option<String>,
}

/// Which words.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Words {
    /// What is looked for; the last word may be the beginning of one.
    q: String,
    /// `next` of the page before.
    after: Option<String>,
    /// One of the shop's languages; its first by default.
    locale: Option<String>,
}

/// The deepest page that is shown.
const LAST_PAGE: usize = 100_000;

/// A cursor over numbered pages: `p2`.
fn page_number(after: Option<&str>) -> Result<usize, Error> {
    let Some(after) = after.filter(|a| !a.is_empty()) else { return Ok(1) };
    let page = after.strip_prefix('p').and_then(|n| n.parse().ok()).filter(|n| (2..=LAST_PAGE).contains(n));
    page.ok_or_else(|| bad_param("after", "This is no cursor; take 'next' of the page before, as it is"))
}

fn next_page(page: usize, pages: usize) -> Option<String> {
    (page < pages).then(|| format!("p{}", page + 1))
}

/// `path?name=value…`, as a client that asks in this order and encoding sends it.
fn address(path: &str, query: &[(&str, Option<&str>)]) -> String {
    let mut text = format!("/api/{VERSION}/shop{path}");
    for (sign, (name, value)) in
        std::iter::once('?').chain(std::iter::repeat('&')).zip(query.iter().filter(|(_, v)| v.is_some()))
    {
        let value = utf8_percent_encode(value.unwrap_or_default(), NON_ALPHANUMERIC).to_string();
        text.push(sign);
        text.push_str(&format!("{name}={}", value.replace("%2D", "-").replace("%5F", "_")));
    }
    text
}

/// The body at an address, made if it is not kept.
async fn kept<T: Serialize, V>(
    state: &State,
    address: &str,
    make: impl Future<Output = Result<(T, Deps), Error>>,
) -> Result<KeptJson<V>, Error> {
    let fresh = async {
        let (value, deps) = make.await?;
        let bytes = Bytes::from(serde_json::to_vec(&value).map_err(Error::internal)?);
        let content_type = HeaderValue::from_static("application/json");
        Ok::<_, Error>(Fresh { bytes, content_type, gzip: None, deps })
    };
    let shopfront = state.shopfront()?;
    Ok(KeptJson::new(shopfront.kept().get_or_render(address, fresh).await?))
}

/// The language, if it is not the shop's first: as addresses name it.
fn named_locale<'a>(state: &State, locale: &'a str) -> Option<&'a str> {
    (*state.default_locale() != *locale).then_some(locale)
}

fn moved(slug: &str) -> Error {
    Error::new(ErrorKind::NotFound, "moved", format!("This lives at '{slug}' now."))
}

pub(super) async fn products(
    state: State,
    caller: Caller,
    Params(which): Params<WhichProducts>,
) -> Result<KeptJson<One<ProductPage>>, Error> {
    let ctx = reading(&state, &caller, which.locale.as_deref())?;
    let page = page_number(which.after.as_deref())?;
    let sort = which.sort.as_deref().map_or(Ok(Sort::Featured), |s| word("sort", s))?;
    let at = address(
        "/products",
        &[
            ("category", which.category.as_deref()),
            ("sort", (sort != Sort::Featured).then(|| sort.as_str())),
            ("after", which.after.as_deref().filter(|_| page > 1)),
            ("locale", named_locale(&state, &ctx.locale)),
        ],
    );
    let made = async {
        let shopfront = state.shopfront()?;
        let found = match which.category.as_deref() {
            None => shopfront.everything(&ctx.locale, sort, page),
            Some(slug) => match shopfront.category(&ctx.locale, slug, sort, page).await? {
                Found::Here(found) => *found,
                Found::Moved(slug) => return Err(moved(&slug)),
                Found::Gone => return Err(no_category(slug)),
            },
        };
        let r = reader(&state, &ctx);
        let data = found.cards.iter().map(|c| ProductCard::new(&r, c)).collect();
        // a page behind the last one is the last one, for people; for programs it is empty
        let (data, next) =
            if found.page == page { (data, next_page(page, found.pages)) } else { (vec![], None) };
        Ok((ProductPage { data, next, total: found.total }, found.deps))
    };
    kept(&state, &at, made).await
}

fn no_category(slug: &str) -> Error {
    Error::new(ErrorKind::NotFound, "category_not_found", format!("There is no category '{slug}'."))
}

fn reader<'a>(state: &'a State, ctx: &'a kernel::Ctx) -> Reader<'a> {
    Reader { currency: ctx.store.currency, locale: &ctx.locale, public_url: &state.config().public_url }
}

pub(super) async fn product(
    state: State,
    caller: Caller,
    At(wanted): At<String>,
    Params(language): Params<Language>,
) -> Result<KeptJson<One<Product>>, Error> {
    let ctx = reading(&state, &caller, language.locale.as_deref())?;
    let path = format!("/products/{}", utf8_percent_encode(&wanted, NON_ALPHANUMERIC)).replace("%2D", "-");
    let at = address(&path.replace("%5F", "_"), &[("locale", named_locale(&state, &ctx.locale))]);
    let made = async {
        let shopfront = state.shopfront()?;
        let none = || Error::new(ErrorKind::NotFound, "product_not_found", "There is no such product.");
        let page = match wanted.parse::<ProductId>() {
            Ok(id) => shopfront.product_page(&ctx.locale, id).await?.ok_or_else(none)?,
            Err(_) => match shopfront.product(&ctx.locale, &wanted).await? {
                Found::Here(page) => *page,
                Found::Moved(slug) => return Err(moved(&slug)),
                Found::Gone => return Err(none()),
            },
        };
        let view = Product::new(&reader(&state, &ctx), &page, ctx.store.prices_include_tax);
        Ok((view, page.deps))
    };
    kept(&state, &at, made).await
}

pub(super) async fn categories(
    state: State,
    caller: Caller,
    Params(language): Params<Language>,
) -> Result<List<CategoryNode>, Error> {
    let ctx = reading(&state, &caller, language.locale.as_deref())?;
    let tree = state.shopfront()?.tree(&ctx.locale);
    Ok(List::whole(tree.into_iter().map(CategoryNode::from).collect()))
}

pub(super) async fn category(
    state: State,
    caller: Caller,
    At(slug): At<String>,
    Params(language): Params<Language>,
) -> Result<One<Category>, Error> {
    let ctx = reading(&state, &caller, language.locale.as_deref())?;
    match state.shopfront()?.category(&ctx.locale, &slug, Sort::Featured, 1).await? {
        Found::Here(page) => Ok(One::new(Category::new(&slug, &page))),
        Found::Moved(slug) => Err(moved(&slug)),
        Found::Gone => Err(no_category(&slug)),
    }
}

pub(super) async fn search(
    state: State,
    caller: Caller,
    Params(words): Params<Words>,
) -> Result<One<SearchResult>, Error> {
    let ctx = reading(&state, &caller, words.locale.as_deref())?;
    let page = page_number(words.after.as_deref())?;
    let found = state.shopfront()?.search(&ctx.locale, &words.q, page)?;
    let r = reader(&state, &ctx);
    let (cards, next) =
        if found.page == page { (&found.cards[..], next_page(page, found.pages)) } else { (&[][..], None) };
    Ok(One::new(SearchResult {
        data: cards.iter().map(|c| ProductCard::new(&r, c)).collect(),
        next,
        total: found.total,
        categories: found.categories.into_iter().map(CategoryHit::from).collect(),
    }))
}

pub(super) async fn suggestions(
    state: State,
    caller: Caller,
    Params(words): Params<Words>,
) -> Result<One<SearchResult>, Error> {
    let ctx = reading(&state, &caller, words.locale.as_deref())?;
    let found = state.shopfront()?.suggest(&ctx.locale, &words.q)?;
    let r = reader(&state, &ctx);
    Ok(One::new(SearchResult {
        data: found.products.iter().map(|c| ProductCard::new(&r, c)).collect(),
        next: None,
        total: found.total,
        categories: found.categories.into_iter().map(CategoryHit::from).collect(),
    }))
}

pub(super) async fn countries(
    state: State,
    caller: Caller,
    Params(language): Params<Language>,
) -> Result<List<Country>, Error> {
    let ctx = reading(&state, &caller, language.locale.as_deref())?;
    let shape = |f: customers::country::Format| Country {
        code: f.code().to_owned(),
        name: f.name(&ctx.locale).to_owned(),
        regions: f
            .regions()
            .into_iter()
            .map(|(id, name)| Named { id: id.to_owned(), name: name.to_owned() })
            .collect(),
        postcode_example: f.postcode_example().to_owned(),
    };
    Ok(List::whole(customers::country::all().map(shape).collect()))
}
