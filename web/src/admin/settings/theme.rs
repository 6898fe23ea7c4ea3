//! Colour and corners, the announcement, the welcome.

use axum::response::Response;
use db::Tx;
use kernel::perms::SettingsWrite;
use site::{Announcement, Hero, PerLocale, ThemeSettings};

use crate::Error;
use crate::admin::blame::blame;
use crate::admin::categories::named as languages;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::views::{Fields, Section, SettingsThemeView};

const PATH: &str = "/admin/settings/theme";

struct Stored {
    look: ThemeSettings,
    announcement: Announcement,
    hero: Hero,
    locales: Vec<String>,
}

async fn read(office: &Office) -> Result<Stored, Error> {
    let store = office.ctx().store.id;
    office
        .db()
        .read(async |tx: &mut Tx| {
            Ok(Stored {
                look: site::setting(tx, store).await?,
                announcement: site::setting(tx, store).await?,
                hero: site::setting(tx, store).await?,
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
    Ok(SettingsThemeView {
        shell: office.shell(Section::Settings).await?,
        locales: languages(office, &now.locales),
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
    form
}

/// A whole number up to `most`; `None` was said beside the field.
fn figure(office: &Office, form: &mut Fields, name: &str, most: u16) -> Option<u16> {
    let read = form.value(name).trim().parse::<u16>().ok().filter(|n| *n <= most);
    if read.is_none() {
        form.fail(name, office.tx("error-out-of-range", &most.to_string()));
    }
    read
}

/// `POST /admin/settings/theme`: `hue`, `radius`, `announcement.{tag}`, `announcement_link`, `hero_title.{tag}`,
/// `hero_text.{tag}`, `hero_link`.
pub(super) async fn save(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let was = read(&office).await?;
    let (hue, radius) = (figure(&office, &mut form, "hue", 359), figure(&office, &mut form, "radius", 16));
    let (Some(hue), Some(radius)) = (hue, radius) else {
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
            let said = |e| (true, e);
            site::set_setting(tx, &ctx, &permit, announcement.clone()).await.map_err(said).map_err(Half)?;
            let said = |e| (false, e);
            site::set_setting(tx, &ctx, &permit, hero.clone()).await.map_err(said).map_err(Half)?;
            Ok::<_, Half>(())
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(Half((announcement, e))) => {
            let main = was.locales.first().cloned().unwrap_or_default();
            blame(&office, &mut form, e, |field| match (announcement, field) {
                (true, "link") => "announcement_link".to_owned(),
                (false, "link") => "hero_link".to_owned(),
                (true, _) => format!("announcement.{main}"),
                (false, "title") => format!("hero_title.{main}"),
                (false, _) => format!("hero_text.{main}"),
            })?;
            office.refused(&view(&office, Some(form)).await?)
        }
    }
}

/// An error, and whether it is the announcement's: both settings name their fields alike.
struct Half((bool, site::Error));

impl From<site::Error> for Half {
    fn from(e: site::Error) -> Half {
        Half((false, e))
    }
}

impl From<db::Error> for Half {
    fn from(e: db::Error) -> Half {
        Half((false, e.into()))
    }
}
