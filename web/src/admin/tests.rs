//! Every screen renders from its samples, in both languages, within the page's security policy; every key
//! that a template or a view names has words.

use std::{collections::BTreeSet, fs, path::Path};

use fluent_bundle::FluentResource;

use super::{
    views::{Attention, Chip, Section},
    words::{Locale, find},
};
use crate::admin;

#[path = "../../examples/look/samples/mod.rs"]
mod samples;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn files(name: &str, ending: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> = fs::read_dir(folder(name))
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| (path.to_string_lossy().into_owned(), fs::read_to_string(&path).expect("readable")))
        .collect();
    all.sort();
    all
}

/// What stands between `{{ … }}` and `{% … %}`.
fn code(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        let mut rest = template;
        while let Some(start) = rest.find(open) {
            rest = &rest[start + 2..];
            let Some(end) = rest.find(close) else { break };
            found.push(&rest[..end]);
            rest = &rest[end + 2..];
        }
    }
    found
}

/// Texts in quotes that look like keys: lower-case words joined by hyphens.
fn quoted_keys(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2).filter(|text| {
        text.contains('-')
            && text
                .split('-')
                .all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    })
}

fn icons() -> BTreeSet<String> {
    let sprite = fs::read_to_string(folder("static/admin/icons.svg")).expect("the sprite is there");
    sprite.split("id=\"").skip(1).filter_map(|s| s.split('"').next()).map(str::to_owned).collect()
}

/// Values of `autocomplete` that look like keys.
const NOT_KEYS: [&str; 2] = ["current-password", "new-password"];

#[test]
fn every_key_has_words_in_every_language() {
    let icons = icons();
    let mut missing = BTreeSet::new();
    let mut check = |file: &str, text: &str| {
        for key in quoted_keys(text).filter(|k| !icons.contains(*k) && !NOT_KEYS.contains(k)) {
            for locale in Locale::ALL {
                if find(locale, key, None).is_none() {
                    missing.insert(format!("{key} ({}) in {file}", locale.tag()));
                }
            }
        }
    };
    for (file, text) in files("templates/admin", ".html") {
        code(&text).into_iter().for_each(|part| check(&file, part));
    }
    for (file, text) in files("src/admin/views", ".rs") {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.for_each(|line| check(&file, line));
    }
    assert!(missing.is_empty(), "keys without words: {missing:#?}");
    for chip in Chip::ALL {
        assert!(find(Locale::En, chip.key(), None).is_some(), "{chip:?}");
    }
}

#[test]
fn the_languages_have_the_same_keys_and_no_errors() {
    let keys = |locale: &str| -> BTreeSet<String> {
        let source = fs::read_to_string(folder(&format!("locales/admin/{locale}.ftl"))).expect("readable");
        assert!(FluentResource::try_new(source.clone()).is_ok(), "{locale}.ftl has an error");
        let names: Vec<_> = source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect();
        let unique: BTreeSet<_> = names.iter().cloned().collect();
        assert_eq!(unique.len(), names.len(), "{locale}.ftl has a key twice");
        unique
    };
    assert_eq!(keys("en"), keys("de"));
}

#[test]
fn every_icon_is_in_the_sprite() {
    let icons = icons();
    for (file, text) in files("templates/admin", ".html") {
        for part in text.split("icon(\"").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(icons.contains(name), "{name} in {file}");
        }
    }
    for section in Section::ALL {
        assert!(icons.contains(section.look().2), "{section:?}");
    }
    for what in Attention::ALL {
        assert!(icons.contains(what.look().1), "{what:?}");
    }
}

#[test]
fn every_screen_renders_within_its_policy() {
    for locale in Locale::ALL {
        for (name, screen) in samples::screens(locale) {
            let html = screen.expect("renders");
            for refused in [" style=", "<style", " onclick=", " onchange=", "javascript:", "hx-on"] {
                assert!(!html.contains(refused), "{name} has {refused}");
            }
            let mut rest = html.as_str();
            while let Some(start) = rest.find("<script") {
                rest = &rest[start..];
                let end = rest.find('>').expect("a tag ends");
                assert!(rest[..end].contains(" src=\"/static/"), "{name} has an inline script");
                rest = &rest[end..];
            }
        }
    }
}

#[test]
fn ids_are_there_and_unique() {
    for (name, screen) in samples::screens(Locale::En) {
        let html = screen.expect("renders");
        let mut seen = BTreeSet::new();
        for tag in html.split('<').filter_map(|t| t.split('>').next()) {
            let id = tag.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next());
            if let Some(id) = id {
                assert!(seen.insert(id.to_owned()), "{name} has #{id} twice");
            }
            let element = tag.split(' ').next().unwrap_or_default();
            if ["input", "select", "textarea"].contains(&element) {
                assert!(id.is_some_and(|id| !id.is_empty()), "{name} has a field without an id: {tag}");
            }
        }
    }
}
