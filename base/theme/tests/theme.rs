//! Every template from samples in every locale, the words' completeness, and a merchant's own files.
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, may stop at once")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use theme::samples::{self, LOCALES};
use theme::{Theme, ThemeOptions, Words};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn templates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["storefront", "mail", "documents"] {
        for entry in fs::read_dir(root().join("templates").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    found
}

/// What follows each `before` in `text`, up to a quote.
fn quoted<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(before)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .filter_map(move |(at, _)| text[at + before.len()..].split('"').next())
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("theme-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn load(&self) -> Theme {
        Theme::load(&ThemeOptions { dir: Some(self.0.clone()), asset_url: None })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_template_renders_from_samples_in_every_locale() {
    let all = samples::render(&Theme::embedded()).unwrap();
    assert_eq!(all.len(), LOCALES.len() * (19 + 5 * 2));
    for (name, text) in &all {
        assert!(text.len() > 100, "{name} is empty");
        assert!(!text.contains("None"), "{name} shows an absent value");
        if name.ends_with(".html") && !name.contains("mail-") {
            assert!(
                !text.contains(" style=") && !text.contains("<style"),
                "{name}: the policy forbids inline style"
            );
            assert!(!text.contains(" onclick=") && !text.contains("javascript:"), "{name}: inline script");
            for script in text.split("<script").skip(1) {
                let tag = script.split('>').next().unwrap();
                assert!(tag.contains(" src=") || tag.contains("json"), "{name}: inline script {tag}");
            }
            assert!(!text.contains("<b>zzz"), "{name}: what was typed is not escaped");
            let mut ids = BTreeSet::new();
            for id in quoted(text, " id=\"") {
                assert!(ids.insert(id), "{name}: id {id} twice");
            }
        }
    }
}

#[test]
fn structured_data_is_json_and_cannot_leave_its_block() {
    let mut product = samples::product("en");
    product.title = "</script><b>".into();
    let page = Theme::embedded().render(&product).unwrap();
    let blocks: Vec<&str> = page
        .split("<script type=\"application/ld+json\">")
        .skip(1)
        .map(|rest| rest.split("</script>").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 2);
    let data: serde_json::Value = serde_json::from_str(blocks[1]).unwrap();
    assert_eq!(data["name"], "</script><b>");
    assert_eq!(data["offers"][2]["availability"], "https://schema.org/OutOfStock");
    assert_eq!(data["offers"][1]["price"], "3.99");
}

#[test]
fn locales_have_the_same_keys_and_templates_use_only_those() {
    let (words, problems) = Words::load(None);
    assert_eq!(problems, []);
    let english = words.keys("en");
    assert!(english.len() > 200);
    for locale in words.locales() {
        assert_eq!(words.keys(locale), english, "{locale}");
    }
    for (name, text) in templates() {
        for key in quoted(&text, "t(\"") {
            assert!(english.contains(key), "{name} uses {key}, which no locale has");
        }
    }
}

#[test]
fn every_embedded_locale_file_is_whole() {
    for locale in LOCALES {
        for entry in fs::read_dir(root().join("locales").join(locale)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let parsed = fluent_bundle::FluentResource::try_new(text);
            assert!(parsed.is_ok(), "{}: {:?}", path.display(), parsed.err().map(|e| e.1));
        }
    }
}

#[test]
fn a_merchants_files_replace_the_embedded_ones_one_by_one() {
    let dir = Folder::new("good");
    dir.put(
        "storefront/problem.html",
        "{% extends \"storefront/base.html\" %}{% block main %}Oh dear, {{ status }}{% endblock %}",
    );
    dir.put("locales/en/own.ftl", "cart = Basket");
    dir.put("locales/nl/own.ftl", "cart = Winkelmand");
    let theme = dir.load();
    assert_eq!(theme.problems(), []);
    let page = theme.render(&samples::problem("en")).unwrap();
    assert!(page.contains("Oh dear, 500") && page.contains(">Basket<"));
    let mut dutch = samples::cart_empty("en");
    dutch.page.locale = "nl".into();
    let page = theme.render(&dutch).unwrap();
    assert!(page.contains("Winkelmand") && page.contains("Your cart is empty"), "English stands in");
}

#[test]
fn a_broken_file_is_named_and_the_embedded_one_serves() {
    let dir = Folder::new("broken");
    dir.put("storefront/home.html", "{% if %}");
    dir.put("storefront/cart.html", "{{ no_such_value }}");
    dir.put(
        "storefront/search.html",
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
    );
    dir.put("storefront/problem.html", "{{ t(\"no-such-key\") }}");
    dir.put("locales/de/own.ftl", "cart = { $");
    dir.put("mail/order_placed.subject.txt", "Ours: {{ order.number }}");
    let theme = dir.load();
    let named: Vec<String> = theme.problems().iter().map(ToString::to_string).collect();
    for file in ["home.html", "cart.html", "search.html", "problem.html", "own.ftl"] {
        assert!(named.iter().any(|p| p.contains(file) && p.contains("built-in")), "{file}: {named:#?}");
    }
    assert_eq!(named.len(), 5);
    assert!(named.iter().any(|p| p.contains("no-such-key")));
    assert!(theme.render(&samples::home("de")).unwrap().contains("Warenkorb"));
    assert!(theme.render(&samples::cart("en")).unwrap().contains("Pink Lady"));
    assert_eq!(
        theme.mail(&samples::mail_placed("en")).unwrap().subject,
        "Ours: 10481",
        "the good one is used"
    );
}

#[test]
fn a_template_that_fails_on_rare_data_gives_way_to_the_embedded_one() {
    let dir = Folder::new("rare");
    dir.put("storefront/problem.html", "{% if status == 418 %}{{ nothing }}{% endif %}ours");
    let theme = dir.load();
    assert_eq!(theme.problems(), []);
    assert_eq!(theme.render(&samples::problem("en")).unwrap(), "ours");
    let rare = theme::views::Problem { status: 418, ..samples::problem("en") };
    assert!(theme.render(&rare).unwrap().contains("Something went wrong on our side"));
}

#[test]
fn a_subject_is_one_line() {
    let mut mail = samples::mail_placed("en");
    mail.from.store = "Marrow\r\nBcc: all@example.com".into();
    let subject = Theme::embedded().mail(&mail).unwrap().subject;
    assert_eq!(subject.lines().count(), 1, "{subject}");
}

#[test]
fn words_take_numbers_and_fall_back_to_english() {
    let theme = Theme::embedded();
    let say = |locale, n: i64| theme.words().say(locale, "stock-low", &[theme::arg("count", n)]);
    assert_eq!(say("de", 3), "Nur noch 3 da");
    assert_eq!(say("xx", 3), "Only 3 left");
    assert!(
        theme.render(&samples::cart("xx")).is_err(),
        "a locale without words is an error, not a blank page"
    );
}
