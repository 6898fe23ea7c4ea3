//! Samples of every screen, full, empty and with errors: for the look and for the test that renders all.

use super::admin::{
    views::*,
    words::{self, Locale, render},
};

mod selling;
mod shop;
mod stock;

/// What a screen became.
pub type Screen = (&'static str, Result<String, String>);

/// Every sample, rendered in a language.
pub fn screens(locale: Locale) -> Vec<Screen> {
    let mut all = Vec::new();
    selling::screens(locale, &mut all);
    stock::screens(locale, &mut all);
    shop::screens(locale, &mut all);
    all
}

fn put<V: askama::Template>(all: &mut Vec<Screen>, locale: Locale, name: &'static str, view: V) {
    all.push((name, render(&view, locale).map_err(|e| format!("{name}: {e}"))));
}

fn shell(locale: Locale, section: Section) -> Shell {
    let count = |s| match s {
        Section::Orders => Some("88".to_owned()),
        Section::Fulfilment => Some("12".to_owned()),
        _ => None,
    };
    Shell {
        locale,
        theme: Theme::Device,
        store_name: "Marrow".into(),
        store_url: "/".into(),
        staff_name: "Mara Lind".into(),
        staff_email: "mara@marrow.example".into(),
        nav: nav(section, |_| true, count),
        settings: SettingsPage::ALL.to_vec(),
        flash: None,
        version: "1".into(),
    }
}

fn when(label: &str) -> When {
    When { label: label.into(), iso: "2026-11-22T18:37:00Z".into() }
}

fn never() -> When {
    When { label: "–".into(), iso: String::new() }
}

fn languages() -> Vec<TextLocale> {
    let locale = |tag: &str, name: &str, main| TextLocale { tag: tag.into(), name: name.into(), main };
    vec![locale("en", "English", true), locale("de", "Deutsch", false)]
}

fn choices(list: &[(&str, &str)]) -> Vec<Choice> {
    list.iter().map(|(v, l)| Choice::new(*v, *l)).collect()
}

fn tabs(list: &[(&'static str, &str)], current: usize) -> Vec<Tab> {
    let tab = |(i, (key, count)): (usize, &(&'static str, &str))| Tab {
        key,
        href: "#".into(),
        current: i == current,
        count: (!count.is_empty()).then(|| (*count).to_owned()),
    };
    list.iter().enumerate().map(tab).collect()
}

fn pager() -> Pager {
    Pager { previous: None, next: Some("?after=x".into()), label: "1–12 / 1,204".into() }
}

fn locations() -> Vec<Choice> {
    choices(&[("loc_1", "Shop, Torstraße"), ("loc_2", "Warehouse Lichtenberg")])
}

fn countries() -> Vec<Choice> {
    choices(&[
        ("DE", "Germany"),
        ("AT", "Austria"),
        ("NL", "Netherlands"),
        ("FR", "France"),
        ("DK", "Denmark"),
    ])
}
