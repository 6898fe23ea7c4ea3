use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::error::Problem;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Embedded;

/// Every text of the storefront, the mails and the documents, by locale and key.
pub struct Words {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
    keys: BTreeMap<String, BTreeSet<String>>,
}

/// An argument of a message: a text or a whole number.
pub fn arg<'a>(name: &'a str, value: impl Into<FluentValue<'a>>) -> (&'a str, FluentValue<'a>) {
    (name, value.into())
}

impl Words {
    /// The embedded words, with those of `DIR/locales/{locale}/*.ftl` laid over them message by message. A
    /// folder for a new locale adds that locale, with English where it is silent.
    pub fn load(dir: Option<&Path>) -> (Words, Vec<Problem>) {
        let mut sources: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in Embedded::iter() {
            if let (Some((locale, _)), Some(file)) = (path.split_once('/'), Embedded::get(&path)) {
                let text = String::from_utf8_lossy(&file.data).into_owned();
                sources.entry(locale.to_owned()).or_default().push(text);
            }
        }
        let english = sources.get("en").cloned().unwrap_or_default();
        let mut words = Words { bundles: BTreeMap::new(), keys: BTreeMap::new() };
        for (locale, texts) in &sources {
            for text in texts {
                // Embedded files are checked by a test, so a fault here cannot be met at run time.
                let _ = words.lay(locale, text);
            }
        }
        let problems = dir.map(|dir| words.overlay(dir, &english)).unwrap_or_default();
        (words, problems)
    }

    fn overlay(&mut self, dir: &Path, english: &[String]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for locale_dir in sorted(&dir.join("locales")) {
            let Some(locale) = locale_dir.file_name().and_then(|n| n.to_str()).map(str::to_owned) else {
                continue;
            };
            if locale.parse::<LanguageIdentifier>().is_err() {
                let reason = format!("{locale} is not a language tag");
                problems.push(Problem { path: locale_dir, reason });
                continue;
            }
            if !self.bundles.contains_key(&locale) {
                for text in english {
                    let _ = self.lay(&locale, text);
                }
            }
            for path in sorted(&locale_dir).into_iter().filter(|p| p.extension().is_some_and(|e| e == "ftl"))
            {
                let laid = std::fs::read_to_string(&path)
                    .map_err(|e| e.to_string())
                    .and_then(|text| self.lay(&locale, &text));
                if let Err(reason) = laid {
                    problems.push(Problem { path, reason });
                }
            }
        }
        problems
    }

    /// Lays one file over a locale; a file with a fault is refused whole.
    fn lay(&mut self, locale: &str, text: &str) -> Result<(), String> {
        let resource = FluentResource::try_new(text.to_owned())
            .map_err(|(_, errors)| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let tag: LanguageIdentifier =
            locale.parse().map_err(|_| format!("{locale} is not a language tag"))?;
        let names = text.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name);
        let is_key = |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(' ');
        self.keys.entry(locale.to_owned()).or_default().extend(names.filter(is_key).map(str::to_owned));
        let bundle = self.bundles.entry(locale.to_owned()).or_insert_with(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // The marks around arguments would show up in mail subjects and in structured data.
            bundle.set_use_isolating(false);
            bundle
        });
        bundle.add_resource_overriding(resource);
        Ok(())
    }

    /// The locales that can be rendered.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        self.bundles.keys().map(String::as_str)
    }

    /// The keys of a locale.
    pub fn keys(&self, locale: &str) -> BTreeSet<String> {
        self.keys.get(locale).cloned().unwrap_or_default()
    }

    /// The text of `key`, or what is missing: the key, the locale, or an argument.
    pub fn text(&self, locale: &str, key: &str, args: &[(&str, FluentValue<'_>)]) -> Result<String, String> {
        let bundle = self.bundles.get(locale).ok_or_else(|| format!("no locale {locale}"))?;
        let pattern = bundle
            .get_message(key)
            .and_then(|m| m.value())
            .ok_or_else(|| format!("no text {key} in {locale}"))?;
        let args: FluentArgs<'_> = args.iter().map(|(k, v)| (*k, v.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        match errors.first() {
            None => Ok(text),
            Some(error) => Err(format!("text {key} in {locale}: {error}")),
        }
    }

    /// The text of `key` for code outside a template (a title, a problem's message). A missing key gives the
    /// key itself, so that a page never fails for a word; tests hold the keys together.
    pub fn say(&self, locale: &str, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let locale = if self.bundles.contains_key(locale) { locale } else { "en" };
        self.text(locale, key, args).unwrap_or_else(|reason| {
            tracing::error!(key, locale, %reason, "missing text");
            key.to_owned()
        })
    }
}

/// A folder's entries in name order; an absent folder has none.
pub(crate) fn sorted(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
}
