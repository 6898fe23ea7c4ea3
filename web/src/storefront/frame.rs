//! What stands around every page: name, navigation, announcement, look. Loaded once, and again after the shop changed.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use db::Tx;
use http::HeaderValue;
use jiff::tz::TimeZone;
use kernel::{Ctx, Currency, Money, Timestamp};
use parking_lot::RwLock;
use shopfront::{Body, Deps, Fresh, Shopfront};
use site::{
    Announcement, BankDetails, Footer, FooterLink, Hero, PaymentMethods, Promise, Setting, ThemeSettings,
};
use theme::views::{self, Alternate, FooterGroup, Link, NavLink, Page};
use theme::{Theme, When};

use crate::static_files::hex;
use crate::{Error, State};

/// The frame of a language, shared by its pages.
pub(crate) struct Frame {
    /// Still in the store of kept bodies as long as nothing of the shop changed.
    marker: Arc<Body>,
    theme: Arc<Theme>,
    page: Page,
    locales: Vec<Arc<str>>,
    /// The reader's language.
    pub(crate) locale: Arc<str>,
    pub(crate) currency: Currency,
    pub(crate) zone: TimeZone,
    pub(crate) prices_include_tax: bool,
    pub(crate) theme_css: Bytes,
    pub(crate) hero: Hero,
    /// The welcome's picture, once it is here.
    pub(crate) hero_image: Option<views::Image>,
    pub(crate) promises: Vec<Promise>,
    pub(crate) payment_methods: PaymentMethods,
    pub(crate) bank: BankDetails,
}

/// The frames of this process, by language.
#[derive(Default)]
pub(crate) struct Frames(RwLock<HashMap<Arc<str>, Arc<Frame>>>);

/// The frame of a language, as the shop is now.
pub(crate) async fn frame(state: &State, locale: &str) -> Result<Arc<Frame>, Error> {
    let shopfront = state.shopfront()?;
    let address = format!("frame:{locale}");
    let known = |body: &Arc<Body>| {
        let frames = state.frames().0.read();
        frames.get(locale).filter(|f| Arc::ptr_eq(&f.marker, body)).cloned()
    };
    if let Some(found) = shopfront.kept().get(&address).as_ref().and_then(known) {
        return Ok(found);
    }
    // the marker is made before the frame is read: a change meanwhile drops it, and the next request reads again
    let mut read = None;
    let marker = async {
        read = Some(Loaded::read(state, &shopfront, locale).await?);
        let content_type = HeaderValue::from_static("text/plain");
        Ok::<_, Error>(Fresh { bytes: Bytes::new(), content_type, gzip: None, deps: Deps::default() })
    };
    let marker = shopfront.kept().get_or_render(&address, marker).await?;
    if let Some(found) = known(&marker) {
        return Ok(found);
    }
    let loaded = match read {
        Some(loaded) => loaded,
        None => Loaded::read(state, &shopfront, locale).await?,
    };
    let frame = Arc::new(loaded.frame(state, &shopfront, locale, marker));
    state.frames().0.write().insert(frame.locale.clone(), frame.clone());
    Ok(frame)
}

/// The frame as it was last loaded: for error pages, which must not ask the database.
pub(crate) fn last_frame(state: &State, locale: &str) -> Option<Arc<Frame>> {
    state.frames().0.read().get(locale).cloned()
}

struct Loaded {
    details: site::Details,
    settings: std::collections::BTreeMap<String, serde_json::Value>,
    hero_image: Option<views::Image>,
}

impl Loaded {
    async fn read(state: &State, shopfront: &Shopfront, _: &str) -> Result<Loaded, Error> {
        let store = shopfront.ctx().store.id;
        let read = async |tx: &mut Tx| {
            let details = site::details(tx, store).await?;
            let settings = site::all_settings(tx, store).await?;
            let loaded = Loaded { details, settings, hero_image: None };
            let wanted: Vec<_> = loaded.take::<Hero>().image.into_iter().collect();
            let found = assets::many(tx, store, &wanted).await?.pop();
            Ok::<_, Error>(Loaded { hero_image: found.and_then(|a| image(&a)), ..loaded })
        };
        state.db().read(read).await
    }

    /// A setting; one that cannot be read is its default, and the page stands.
    fn take<T: Setting>(&self) -> T {
        let Some(value) = self.settings.get(T::KEY) else { return T::default() };
        serde_json::from_value(value.clone()).unwrap_or_else(|e| {
            tracing::error!(setting = T::KEY, error = %e, "a setting cannot be read");
            T::default()
        })
    }

    fn frame(&self, state: &State, shopfront: &Shopfront, locale: &str, marker: Arc<Body>) -> Frame {
        let theme = state.theme().clone();
        let locales: Vec<Arc<str>> = shopfront.locales().into_iter().map(Arc::from).collect();
        let look: ThemeSettings = self.take();
        let look = serde_json::from_value::<theme::Settings>(look.0.into()).unwrap_or_default();
        let css = look.to_css();
        let hash: [u8; 32] = work::idempotency::hash(css.as_bytes());
        let announcement: Announcement = self.take();
        // a language the theme has no words for is shown in English words, with the catalogue's own texts
        let spoken = if theme.words().locales().any(|l| l == locale) { locale } else { "en" };
        let prefix = prefix(&locales, locale);
        let top = shopfront.tree(locale).into_iter();
        let nav =
            top.map(|c| NavLink { name: c.name, url: format!("{prefix}/c/{}", c.slug), current: false });
        let footer: Footer = self.take();
        let link = |l: &FooterLink| Link {
            name: l.name.clone(),
            // a path of the shop is meant in the reader's language
            url: if l.url.starts_with('/') { format!("{prefix}{}", l.url) } else { l.url.clone() },
        };
        let links: Vec<Link> = footer.links.get(locale).iter().map(link).collect();
        let more = FooterGroup { title: theme.words().say(spoken, "footer-more", &[]), links };
        let page = Page {
            store: self.details.name.clone(),
            origin: state.config().public_url.clone(),
            locale: spoken.to_owned(),
            nav: nav.collect(),
            announcement: if announcement.active {
                announcement.text.get(locale).to_owned()
            } else {
                String::new()
            },
            announcement_url: if announcement.active && !announcement.link.is_empty() {
                format!("{prefix}{}", announcement.link)
            } else {
                String::new()
            },
            search_hint: footer.search_hint.get(locale).to_owned(),
            footer_text: footer.text.get(locale).to_owned(),
            legal_links: footer.legal.get(locale).iter().map(link).collect(),
            footer: if more.links.is_empty() { vec![] } else { vec![more] },
            legal: imprint(&self.details),
            theme_version: hex(&hash[..6]),
            prefix,
            ..Page::default()
        };
        Frame {
            marker,
            theme,
            page,
            locale: locales.iter().find(|l| ***l == *locale).cloned().unwrap_or_else(|| locale.into()),
            locales,
            currency: self.details.currency,
            zone: TimeZone::get(&self.details.time_zone).unwrap_or(TimeZone::UTC),
            prices_include_tax: self.details.prices_include_tax,
            theme_css: Bytes::from(css),
            hero: self.take(),
            hero_image: self.hero_image.clone(),
            promises: footer.promises,
            payment_methods: self.take(),
            bank: self.take(),
        }
    }
}

/// A picture that is here.
fn image(asset: &assets::Asset) -> Option<views::Image> {
    let pixels = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
    (asset.state == assets::AssetState::Ready).then_some(())?;
    Some(views::Image {
        url: format!("/img/{}", asset.id),
        alt: String::new(),
        width: pixels(asset.width)?,
        height: pixels(asset.height)?,
        hue: asset.hue.and_then(|h| u16::try_from(h).ok()),
        cutout: false,
    })
}

/// The first language lives at the root, every other below its name.
fn prefix(locales: &[Arc<str>], locale: &str) -> String {
    if locales.first().is_none_or(|first| **first == *locale) { String::new() } else { format!("/{locale}") }
}

/// Who stands behind the shop, in a line.
fn imprint(details: &site::Details) -> Vec<String> {
    let name = if details.legal_name.is_empty() { &details.name } else { &details.legal_name };
    let mut line = vec![name.clone()];
    line.extend(details.legal_address.label().into_iter().filter(|l| l != name));
    if !details.vat_number.is_empty() {
        line.push(details.vat_number.clone());
    }
    vec![line.join(", ")]
}

/// A language's name in itself.
fn own_name(locale: &str) -> String {
    let name = match locale.split('-').next().unwrap_or(locale) {
        "en" => "English",
        "de" => "Deutsch",
        "nl" => "Nederlands",
        "fr" => "Français",
        "es" => "Español",
        "it" => "Italiano",
        "pt" => "Português",
        "pl" => "Polski",
        "da" => "Dansk",
        "sv" => "Svenska",
        "nb" | "no" => "Norsk",
        "fi" => "Suomi",
        "cs" => "Čeština",
        "ja" => "日本語",
        "ar" => "العربية",
        "he" => "עברית",
        "tr" => "Türkçe",
        "uk" => "Українська",
        _ => return locale.to_owned(),
    };
    name.to_owned()
}

impl Frame {
    /// A page of the shop at this path (without its language), in every language at the same path.
    pub(crate) fn page(&self, path: &str, title: &str) -> Page {
        self.page_in(path, title, |_| Some(path.to_owned()))
    }

    /// A page that has another path in other languages; where it has none, the home page.
    pub(crate) fn page_in(&self, path: &str, title: &str, other: impl Fn(&str) -> Option<String>) -> Page {
        let alternate = |l: &Arc<str>| {
            let path = if **l == *self.locale { Some(path.to_owned()) } else { other(l) };
            let url = format!("{}{}", prefix(&self.locales, l), path.unwrap_or_else(|| "/".to_owned()));
            Alternate { locale: l.to_string(), name: own_name(l), url }
        };
        let here = format!("{}{path}", self.page.prefix);
        Page {
            path: here.clone(),
            canonical: here,
            title: title.to_owned(),
            alternates: self.locales.iter().map(alternate).collect(),
            ..self.page.clone()
        }
    }

    /// The same page for nobody's index: carts, orders, searches.
    pub(crate) fn private_page(&self, path: &str, title: &str) -> Page {
        Page { canonical: String::new(), ..self.page(path, title) }
    }

    /// The path with this language's prefix.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.page.prefix)
    }

    /// The prefix of another language.
    pub(crate) fn prefix_of(&self, locale: &str) -> String {
        if self.locales.iter().any(|l| **l == *locale) {
            prefix(&self.locales, locale)
        } else {
            String::new()
        }
    }

    /// The shop's name.
    pub(crate) fn store(&self) -> &str {
        &self.page.store
    }

    /// The version of its look.
    pub(crate) fn theme_version(&self) -> &str {
        &self.page.theme_version
    }

    /// The theme's words.
    pub(crate) fn words(&self) -> &theme::Words {
        self.theme.words()
    }

    /// The language of the page.
    pub(crate) fn locale(&self) -> &str {
        &self.page.locale
    }

    /// A text of the theme.
    pub(crate) fn say(&self, key: &str, args: &[(&str, fluent_bundle::FluentValue<'_>)]) -> String {
        self.theme.words().say(&self.page.locale, key, args)
    }

    /// An amount as its reader expects it.
    pub(crate) fn money(&self, minor: i64) -> String {
        self.amount(Money::new(minor, self.currency))
    }

    /// An amount of any currency.
    pub(crate) fn amount(&self, money: Money) -> String {
        money.shown(&self.page.locale)
    }

    /// A moment, to the minute.
    pub(crate) fn minute(&self, at: Timestamp) -> When {
        When::minute(at, &self.zone, self.theme.words(), &self.page.locale)
    }

    /// A day.
    pub(crate) fn day(&self, at: Timestamp) -> When {
        When::day(at, &self.zone, self.theme.words(), &self.page.locale)
    }

    /// Renders a page.
    pub(crate) fn render<V: theme::View>(&self, view: &V) -> Result<String, Error> {
        self.theme.render(view).map_err(Error::internal)
    }
}

/// The frame in the language of a shopper's context.
pub(crate) async fn frame_of(state: &State, ctx: &Ctx) -> Result<Arc<Frame>, Error> {
    frame(state, &ctx.locale).await
}
