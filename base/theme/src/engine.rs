use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fluent_bundle::FluentValue;
use kernel::{Currency, Money};
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};
use rust_embed::RustEmbed;

use crate::error::{Problem, ThemeError};
use crate::samples;
use crate::views::{MailView, View};
use crate::words::{Words, sorted};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Embedded;

/// Steps a template may take. The longest page of the samples needs a fiftieth of it; a loop without end stops.
const FUEL: u64 = 5_000_000;

/// Turns the name of a static file into its address.
pub type AssetUrl = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// How a theme is put together.
#[derive(Clone, Default)]
pub struct ThemeOptions {
    /// The merchant's folder: `storefront/…`, `mail/…`, `documents/…` and `locales/…` replace the embedded files.
    pub dir: Option<PathBuf>,
    /// The address of a static file (`store.css`), for instance with a hash of its content. Without it
    /// `/static/store.css`.
    pub asset_url: Option<AssetUrl>,
}

/// A mail, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Templates and words, ready to render. Cheap to share (`Arc`), safe to use from many threads.
pub struct Theme {
    words: Arc<Words>,
    /// By locale; the embedded files only.
    plain: BTreeMap<String, Environment<'static>>,
    /// By locale, with the merchant's files laid over; empty without any.
    custom: BTreeMap<String, Environment<'static>>,
    problems: Vec<Problem>,
}

impl Theme {
    /// The embedded theme alone.
    pub fn embedded() -> Theme {
        Theme::load(&ThemeOptions::default())
    }

    /// Reads the merchant's folder. Each of its templates is tried on every sample it takes part in: one that
    /// fails is left out and named in [`Theme::problems`], and the embedded one serves.
    pub fn load(options: &ThemeOptions) -> Theme {
        let dir = options.dir.as_deref();
        let (words, mut problems) = Words::load(dir);
        let words = Arc::new(words);
        let asset: AssetUrl =
            options.asset_url.clone().unwrap_or_else(|| Arc::new(|name: &str| format!("/static/{name}")));
        let environments = |files: &[(String, String)]| -> Result<BTreeMap<_, _>, ThemeError> {
            words
                .locales()
                .map(|locale| Ok((locale.to_owned(), environment(&words, locale, &asset, files)?)))
                .collect()
        };
        let mut theme = Theme {
            words: words.clone(),
            // A test compiles every embedded template.
            plain: environments(&[]).expect("the embedded templates compile"),
            custom: BTreeMap::new(),
            problems: Vec::new(),
        };
        let mut good: Vec<(String, String)> = Vec::new();
        for (name, path) in dir.map(overrides).unwrap_or_default() {
            let mut trial = good.clone();
            let tried = std::fs::read_to_string(&path).map_err(|e| e.to_string()).and_then(|text| {
                trial.push((name.clone(), text));
                theme.custom = environments(&trial).map_err(|e| e.to_string())?;
                samples::render_all(&theme, true).map_err(|e| e.to_string())
            });
            match tried {
                Ok(()) => good = trial,
                Err(reason) => problems.push(Problem { path, reason }),
            }
        }
        theme.custom =
            if good.is_empty() { BTreeMap::new() } else { environments(&good).unwrap_or_default() };
        theme.problems = problems;
        theme
    }

    /// What of the merchant's folder is not used, and why: for the log at start, `doctor` and the admin.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Every text, for code that needs a word outside a template.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Renders a page or a document in the locale of its page. When the merchant's template fails on data that
    /// no sample had, the embedded one serves and the error is logged.
    pub fn render<V: View>(&self, view: &V) -> Result<String, ThemeError> {
        let locale = view.locale();
        let context = page_context(view);
        self.pick(locale, V::TEMPLATE, &context, false)
    }

    /// Renders a mail's subject, text and HTML.
    pub fn mail<V: MailView>(&self, view: &V) -> Result<RenderedMail, ThemeError> {
        self.mail_from(view, false)
    }

    pub(crate) fn render_strict<V: View>(&self, view: &V) -> Result<String, ThemeError> {
        let context = page_context(view);
        self.pick(view.locale(), V::TEMPLATE, &context, true)
    }

    pub(crate) fn mail_from<V: MailView>(&self, view: &V, strict: bool) -> Result<RenderedMail, ThemeError> {
        let context = Value::from(Serde(view));
        let part = |ext: &str| self.pick(view.locale(), &format!("mail/{}.{ext}", V::NAME), &context, strict);
        let subject = part("subject.txt")?;
        Ok(RenderedMail {
            // A line break in a subject would let a value add headers.
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            text: part("txt")?,
            html: part("html")?,
        })
    }

    fn pick(&self, locale: &str, name: &str, context: &Value, strict: bool) -> Result<String, ThemeError> {
        if let Some(custom) = self.custom.get(locale) {
            match run(custom, name, context) {
                Err(error) if strict => return Err(error),
                Err(error) => {
                    tracing::error!(%error, "the shop's own template failed, the built-in one serves")
                }
                done => return done,
            }
        }
        let plain = self.plain.get(locale).ok_or_else(|| ThemeError::Locale(locale.to_owned()))?;
        run(plain, name, context)
    }
}

fn page_context<V: View>(view: &V) -> Value {
    let json_ld = Value::from(Serde(view.json_ld()));
    context! { json_ld, ..Value::from(Serde(view)) }
}

fn run(env: &Environment<'static>, name: &str, context: &Value) -> Result<String, ThemeError> {
    env.get_template(name).and_then(|t| t.render(context)).map_err(|e| ThemeError::template(name, &e))
}

/// The merchant's templates, as (name, path), in name order.
fn overrides(dir: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for folder in ["documents", "mail", "storefront"] {
        for path in sorted(&dir.join(folder)) {
            if let Some(file) = path.file_name().and_then(|n| n.to_str())
                && path.is_file()
                && !file.starts_with('.')
            {
                found.push((format!("{folder}/{file}"), path.clone()));
            }
        }
    }
    found
}

/// One locale's environment: the embedded templates, then `files` in place of those of the same name.
fn environment(
    words: &Arc<Words>,
    locale: &str,
    asset: &AssetUrl,
    files: &[(String, String)],
) -> Result<Environment<'static>, ThemeError> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_auto_escape_callback(
        |name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html },
    );
    env.set_formatter(write_value);
    for name in Embedded::iter() {
        if let Some(file) = Embedded::get(&name)
            && !files.iter().any(|(n, _)| *n == *name)
        {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            let name = name.into_owned();
            env.add_template_owned(name.clone(), text).map_err(|e| ThemeError::template(&name, &e))?;
        }
    }
    for (name, text) in files {
        env.add_template_owned(name.clone(), text.clone()).map_err(|e| ThemeError::template(name, &e))?;
    }

    let (texts, tag) = (words.clone(), locale.to_owned());
    env.add_function("t", move |key: &str, kwargs: Kwargs| -> Result<String, Error> {
        say(&texts, &tag, key, &kwargs)
    });
    let sprite = asset("vendor/lucide-store.svg");
    env.add_function("icon", move |name: &str, class: Option<&str>| {
        icon(&sprite, name, class.unwrap_or_default())
    });
    let asset = asset.clone();
    env.add_function("asset", move |name: &str| asset(name));
    let tag = locale.to_owned();
    env.add_filter("money", move |minor: i64, currency: &str| -> Result<String, Error> {
        let currency = Currency::new(currency).map_err(|e| invalid(e.to_string()))?;
        Ok(Money { minor, currency }.shown(&tag))
    });
    env.add_filter("hue", hue_class);
    env.add_filter("srcset", srcset);
    env.add_global("locale", locale);
    env.add_global("rtl", matches!(locale.split('-').next(), Some("ar" | "he" | "fa" | "ur")));
    Ok(env)
}

fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// `t("key", name=value)`: whole numbers choose plurals, everything else is text.
fn say(words: &Words, locale: &str, key: &str, kwargs: &Kwargs) -> Result<String, Error> {
    let mut args = Vec::new();
    for name in kwargs.args() {
        let value: Value = kwargs.get(name)?;
        let value = match value.kind() {
            ValueKind::Number => FluentValue::from(i64::try_from(value).map_err(|e| invalid(e.to_string()))?),
            _ => FluentValue::from(value.to_string()),
        };
        args.push((name, value));
    }
    words.text(locale, key, &args).map_err(invalid)
}

/// An icon of the sprite, as decoration: the words beside it carry the meaning.
fn icon(sprite: &str, name: &str, class: &str) -> Value {
    let gap = if class.is_empty() { "" } else { " " };
    Value::from_safe_string(format!(
        r##"<svg class="i{gap}{class}" aria-hidden="true" width="20" height="20"><use href="{sprite}#{name}"/></svg>"##
    ))
}

/// As the engine writes values, but leaves slashes as they are: in quoted attributes and in text they are harmless,
/// and a page is full of addresses.
fn write_value(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let text = match state.auto_escape() {
        AutoEscape::Html if !value.is_safe() => value.as_str(),
        _ => None,
    };
    let Some(text) = text else { return minijinja::escape_formatter(out, state, value) };
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, from) = rest.split_at(at);
        let entity = match from.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#x27;",
        };
        out.write_str(plain)?;
        out.write_str(entity)?;
        rest = &from[1..];
    }
    Ok(out.write_str(rest)?)
}

/// The class of a hue's bucket; without a hue the neutral one.
fn hue_class(hue: Option<u16>) -> String {
    hue.map_or_else(|| "hue-none".to_owned(), |hue| format!("hue-{}", hue % 360 / 10 * 10))
}

/// The widths a rendition comes in, px.
const WIDTHS: [u32; 5] = [160, 320, 640, 960, 1280];

/// `"/img/ID"|srcset(width, "webp")`: every width that does not enlarge the picture, and the first that holds it.
fn srcset(url: &str, width: u32, format: &str) -> String {
    let last = WIDTHS.iter().position(|w| *w >= width).unwrap_or(WIDTHS.len() - 1);
    let list: Vec<String> = WIDTHS[..=last].iter().map(|w| format!("{url}/{w}.{format} {w}w")).collect();
    list.join(", ")
}
