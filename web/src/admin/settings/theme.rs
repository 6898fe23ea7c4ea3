//! Colour and corners, the announcement, the welcome with its picture, the footer, the promises.

use assets::AssetState;
use axum::extract::Multipart;
use axum::response::Response;
use db::Tx;
use kernel::perms::SettingsWrite;
use kernel::{AssetId, ErrorKind};
use site::{Announcement, Footer, FooterLink, Hero, LinksPerLocale, PerLocale, Promise, ThemeSettings};

use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::categories::named as languages;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::upload;
use crate::admin::views::{Choice, Fields, Picture, Section, SettingsThemeView};

const PATH: &str = "/admin/settings/theme";
/// So many promises have rows in the form.
const PROMISES: usize = 4;

struct Stored {
    look: ThemeSettings,
    announcement: Announcement,
    hero: Hero,
    /// The welcome's picture, once it is here.
    picture: Option<AssetId>,
    footer: Footer,
    locales: Vec<String>,
}

async fn read(office: &Office) -> Result<Stored, Error> {
    let store = office.ctx().store.id;
    office
        .db()
        .read(async |tx: &mut Tx| {
            let hero: Hero = site::setting(tx, store).await?;
            let ids: Vec<AssetId> = hero.image.into_iter().collect();
            let found = assets::many(tx, store, &ids).await?;
            Ok(Stored {
                look: site::setting(tx, store).await?,
                announcement: site::setting(tx, store).await?,
                picture: found.into_iter().find(|a| a.state == AssetState::Ready).map(|a| a.id),
                hero,
                footer: site::setting(tx, store).await?,
                locales: site::locales(tx, store).await?,
            })
        })
        .await
}

/// What cannot be read is the built-in look, as the storefront shows it then.
fn look(stored: &ThemeSettings) -> theme::Settings {
    serde_json::from_value(serde_json::Value::Object(stored.0.clone())).unwrap_or_default()
}

/// `GET /admin/settings/theme`.
pub(super) async fn page(office: Office) -> Result<Response, Error> {
    let view = view(&office, None).await?;
    office.page(&view)
}

async fn view(office: &Office, typed: Option<Fields>) -> Result<SettingsThemeView, Error> {
    office.permit::<SettingsWrite>()?;
    let now = read(office).await?;
    let picture = now.picture.map(|id| Picture { src: format!("/img/{id}/640.webp"), alt: String::new() });
    Ok(SettingsThemeView {
        shell: office.shell(Section::Settings).await?,
        locales: languages(office, &now.locales),
        picture,
        icons: Promise::ICONS
            .iter()
            .map(|i| Choice::new(*i, office.t(&format!("promise-icon-{i}"))))
            .collect(),
        promises: (1..=PROMISES).map(|n| n.to_string()).collect(),
        form: typed.unwrap_or_else(|| stored(&now)),
        can_edit: true,
    })
}

fn stored(now: &Stored) -> Fields {
    let look = look(&now.look);
    let mut form = Fields::new()
        .with("hue", look.accent_hue.to_string())
        .with("radius", look.radius_px.to_string())
        .with("announcement_link", now.announcement.link.as_str())
        .with("hero_link", now.hero.link.as_str());
    let mut put = |name: &str, text: &PerLocale| {
        for (tag, text) in &text.0 {
            form.set(&format!("{name}.{tag}"), text.as_str());
        }
    };
    put("announcement", &now.announcement.text);
    put("hero_title", &now.hero.title);
    put("hero_text", &now.hero.text);
    put("footer_text", &now.footer.text);
    put("search_hint", &now.footer.search_hint);
    for (n, promise) in (1..).zip(&now.footer.promises) {
        put(&format!("promise.{n}.title"), &promise.title);
        put(&format!("promise.{n}.text"), &promise.text);
    }
    for (n, promise) in (1..).zip(&now.footer.promises) {
        form.set(&format!("promise.{n}.icon"), promise.icon.as_str());
    }
    for (name, links) in [("links", &now.footer.links), ("legal", &now.footer.legal)] {
        for (tag, links) in &links.0 {
            form.set(&format!("{name}.{tag}"), written(links));
        }
    }
    form
}

/// One a line: `Terms | /terms`.
fn written(links: &[FooterLink]) -> String {
    links.iter().map(|l| format!("{} | {}", l.name, l.url)).collect::<Vec<_>>().join("\n")
}

/// The links of a text as [`written`]; the first line that is none, instead.
fn links(text: &str) -> Result<Vec<FooterLink>, String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines
        .map(|line| match line.rsplit_once('|') {
            Some((name, url)) if !name.trim().is_empty() && !url.trim().is_empty() => {
                Ok(FooterLink { name: name.trim().to_owned(), url: url.trim().to_owned() })
            }
            _ => Err(line.to_owned()),
        })
        .collect()
}

/// A whole number up to `most`; `None` was said beside the field.
fn figure(office: &Office, form: &mut Fields, name: &str, most: u16) -> Option<u16> {
    let read = form.value(name).trim().parse::<u16>().ok().filter(|n| *n <= most);
    if read.is_none() {
        form.fail(name, office.tx("error-out-of-range", &most.to_string()));
    }
    read
}

fn footer(office: &Office, form: &mut Fields, locales: &[String]) -> Footer {
    let words = |form: &Fields, name: &str| {
        let with = |text: PerLocale, tag: &String| text.with(tag, form.value(&format!("{name}.{tag}")));
        locales.iter().fold(PerLocale::default(), with)
    };
    let mut both = ["links", "legal"].map(|name| {
        let mut all = LinksPerLocale::default();
        for tag in locales {
            let field = format!("{name}.{tag}");
            match links(form.value(&field)) {
                Ok(links) => drop(all.0.insert(tag.clone(), links)),
                Err(line) => drop(form.fail(&field, office.tx("error-not-a-link", &line))),
            }
        }
        all
    });
    Footer {
        text: words(form, "footer_text"),
        search_hint: words(form, "search_hint"),
        links: std::mem::take(&mut both[0]),
        legal: std::mem::take(&mut both[1]),
        promises: (1..=PROMISES)
            .map(|n| Promise {
                icon: form.value(&format!("promise.{n}.icon")).to_owned(),
                title: words(form, &format!("promise.{n}.title")),
                text: words(form, &format!("promise.{n}.text")),
            })
            .collect(),
    }
}

/// `POST /admin/settings/theme`: `hue`, `radius`, `announcement.{tag}`, `announcement_link`, `hero_title.{tag}`,
/// `hero_text.{tag}`, `hero_link`, `footer_text.{tag}`, `links.{tag}`, `legal.{tag}`, `search_hint.{tag}`,
/// `promise.{n}.icon`, `promise.{n}.title.{tag}`, `promise.{n}.text.{tag}`.
pub(super) async fn save(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let was = read(&office).await?;
    let (hue, radius) = (figure(&office, &mut form, "hue", 359), figure(&office, &mut form, "radius", 16));
    let footer = footer(&office, &mut form, &was.locales);
    let (Some(hue), Some(radius), true) = (hue, radius, form.is_ok()) else {
        return office.refused(&view(&office, Some(form)).await?);
    };
    let mut look = was.look.clone();
    look.0.insert("accent_hue".to_owned(), hue.into());
    look.0.insert("radius_px".to_owned(), radius.into());
    let words = |name: &str| {
        let with = |text: PerLocale, tag: &String| text.with(tag, form.value(&format!("{name}.{tag}")));
        was.locales.iter().fold(PerLocale::default(), with)
    };
    let text = words("announcement");
    let announcement = Announcement {
        active: !text.is_empty(),
        text,
        link: form.value("announcement_link").trim().to_owned(),
    };
    let hero = Hero {
        title: words("hero_title"),
        text: words("hero_text"),
        image: was.hero.image,
        link: form.value("hero_link").trim().to_owned(),
    };
    let ctx = office.ctx().clone();
    let saved = office
        .db()
        .write("set_theme", async move |tx: &mut Tx| {
            site::set_setting(tx, &ctx, &permit, look.clone()).await?;
            let of = |part| move |e| Part(part, e);
            let line = site::set_setting(tx, &ctx, &permit, announcement.clone()).await;
            line.map_err(of("announcement"))?;
            site::set_setting(tx, &ctx, &permit, hero.clone()).await.map_err(of("hero"))?;
            site::set_setting(tx, &ctx, &permit, footer.clone()).await.map_err(of("footer"))?;
            Ok::<_, Part>(())
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(Part(part, e)) => {
            let main = was.locales.first().cloned().unwrap_or_default();
            blame(&office, &mut form, e, |field| match (part, field) {
                ("footer", "promises") => "promise.1.icon".to_owned(),
                ("footer", "footer") => format!("footer_text.{main}"),
                ("footer", other) => format!("{other}.{main}"),
                (part, "link") => format!("{part}_link"),
                ("hero", "title") => format!("hero_title.{main}"),
                ("hero", _) => format!("hero_text.{main}"),
                _ => format!("announcement.{main}"),
            })?;
            office.refused(&view(&office, Some(form)).await?)
        }
    }
}

/// `POST /admin/settings/theme/image` (multipart, `image`): the welcome's picture.
pub(super) async fn set_image(office: Office, files: Multipart) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let stored = match upload::one(&office, files, "image").await {
        Ok(stored) => stored,
        Err(e) if e.kind == ErrorKind::Invalid => {
            let now = read(&office).await?;
            let mut form = stored(&now);
            blame(&office, &mut form, Error { field: Some("image".to_owned()), ..e }, same)?;
            return office.refused(&view(&office, Some(form)).await?);
        }
        Err(e) => return Err(e),
    };
    let ctx = office.ctx().clone();
    office
        .db()
        .write("set_hero_image", async move |tx: &mut Tx| {
            let asset = assets::ensure_stored(tx, &ctx, std::slice::from_ref(&stored)).await?;
            let mut hero: Hero = site::setting(tx, ctx.store.id).await?;
            hero.image = asset.first().copied();
            site::set_setting(tx, &ctx, &permit, hero).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(office.done(PATH, office.t("form-saved")))
}

/// `POST /admin/settings/theme/image/deletion`.
pub(super) async fn remove_image(office: Office) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("set_hero_image", async move |tx: &mut Tx| {
            let hero: Hero = site::setting(tx, ctx.store.id).await?;
            site::set_setting(tx, &ctx, &permit, Hero { image: None, ..hero }).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(office.done(PATH, office.t("form-saved")))
}

/// An error, and of which part: settings name their fields alike.
struct Part(&'static str, site::Error);

impl From<site::Error> for Part {
    fn from(e: site::Error) -> Part {
        Part("", e)
    }
}

impl From<db::Error> for Part {
    fn from(e: db::Error) -> Part {
        Part("", e.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_written_one_a_line() {
        let text = "Terms | /terms\nOur | shop | https://a.example";
        let read = links(&format!("\n {text} \n")).unwrap();
        assert_eq!((read.len(), read[1].name.as_str()), (2, "Our | shop"));
        assert_eq!(written(&read), text);
        assert_eq!(links("Terms /terms").unwrap_err(), "Terms /terms");
    }
}
