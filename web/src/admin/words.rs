//! Words of the back office, from Fluent files embedded in the binary.

use std::{any::Any, sync::LazyLock};

use askama::{Template, Values};
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// Languages that the back office speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    #[default]
    En,
    De,
}

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::En, Locale::De];

    /// The language's tag as in `lang="…"`.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::De => "de",
        }
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Locale::En => "English",
            Locale::De => "Deutsch",
        }
    }

    /// Reads a tag such as `de-AT`; anything unknown is English.
    pub fn from_tag(tag: &str) -> Locale {
        match tag.split(['-', '_', ',', ';']).next().unwrap_or_default() {
            "de" => Locale::De,
            _ => Locale::En,
        }
    }
}

static ENGLISH: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("en", include_str!("../../locales/admin/en.ftl")));
static GERMAN: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("de", include_str!("../../locales/admin/de.ftl")));

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks would show up in attributes and in tests; our arguments are names and numbers.
    bundle.set_use_isolating(false);
    // A file with an error still gives its good entries; a test refuses the error itself.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The text of `key`, or `None` where neither the language nor English has it.
pub fn find(locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let chosen = match locale {
        Locale::En => &*ENGLISH,
        Locale::De => &*GERMAN,
    };
    [chosen, &*ENGLISH].into_iter().find_map(|bundle| {
        let pattern = bundle.get_message(key)?.value()?;
        Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
    })
}

/// The text of `key`; a missing one shows as the key itself (a test refuses that).
pub fn t(locale: Locale, key: &str) -> String {
    find(locale, key, None).unwrap_or_else(|| key.to_owned())
}

/// The text of `key` with `{ $n }`, which may choose a plural.
pub fn tn(locale: Locale, key: &str, n: i64) -> String {
    let mut args = FluentArgs::new();
    args.set("n", n);
    find(locale, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

/// The text of `key` with `{ $x }`.
pub fn tx(locale: Locale, key: &str, x: &str) -> String {
    let mut args = FluentArgs::new();
    args.set("x", x);
    find(locale, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

/// The text of `key` with `{ $x }` and `{ $y }`.
pub fn txy(locale: Locale, key: &str, x: &str, y: &str) -> String {
    let mut args = FluentArgs::new();
    args.set("x", x);
    args.set("y", y);
    find(locale, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

/// What a page is rendered with: its language.
struct Reader(Locale);

impl Values for Reader {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "locale").then_some(&self.0 as &dyn Any)
    }
}

/// Renders a view in a language.
///
/// # Errors
/// Whatever askama reports; the views hold plain strings, so only running out of memory remains.
pub fn render<V: Template>(view: &V, locale: Locale) -> askama::Result<String> {
    view.render_with_values(&Reader(locale))
}

/// Filters that templates use: `{{ "orders-title"|t }}`.
pub mod filters {
    use std::fmt::Display;

    use askama::{Values, get_value};

    use super::Locale;

    /// What templates count with.
    pub trait Count {
        fn count(&self) -> i64;
    }

    impl Count for u32 {
        fn count(&self) -> i64 {
            i64::from(*self)
        }
    }

    impl Count for usize {
        fn count(&self) -> i64 {
            i64::try_from(*self).unwrap_or(i64::MAX)
        }
    }

    impl<N: Count> Count for &N {
        fn count(&self) -> i64 {
            (**self).count()
        }
    }

    fn reader(values: &dyn Values) -> Locale {
        get_value::<Locale>(values, "locale").copied().unwrap_or_default()
    }

    /// The text of a key.
    #[askama::filter_fn]
    pub fn t<K: AsRef<str>>(key: K, values: &dyn Values) -> askama::Result<String> {
        Ok(super::t(reader(values), key.as_ref()))
    }

    /// The text of a key with a number `$n`.
    #[askama::filter_fn]
    pub fn tn<K: AsRef<str>, N: Count>(key: K, values: &dyn Values, n: N) -> askama::Result<String> {
        Ok(super::tn(reader(values), key.as_ref(), n.count()))
    }

    /// The text of a key with `$x`.
    #[askama::filter_fn]
    pub fn tx<K: AsRef<str>, X: Display>(key: K, values: &dyn Values, x: X) -> askama::Result<String> {
        Ok(super::tx(reader(values), key.as_ref(), &x.to_string()))
    }

    /// The text of a key with `$x` and `$y`.
    #[askama::filter_fn]
    pub fn txy<K: AsRef<str>, X: Display, Y: Display>(
        key: K,
        values: &dyn Values,
        x: X,
        y: Y,
    ) -> askama::Result<String> {
        Ok(super::txy(reader(values), key.as_ref(), &x.to_string(), &y.to_string()))
    }
}
