//! Every view filled with a made-up grocer, for tests, for trying a merchant's templates, and for the look.
//! Never shown in a shop.

mod orders;
mod pages;

pub use orders::*;
pub use pages::*;

use crate::views::{Link, MailView, NavLink, Page, View};
use crate::{RenderedMail, Theme, ThemeError};

/// The locales of the samples.
pub const LOCALES: [&str; 2] = ["en", "de"];

/// A rendered sample: its file name and its text.
pub type Rendered = (String, String);

pub(crate) fn link(name: &str, url: &str) -> Link {
    Link { name: name.to_owned(), url: url.to_owned() }
}

pub(crate) fn prefix(locale: &str) -> &'static str {
    if locale == "de" { "/de" } else { "" }
}

/// The text of the sample's locale.
pub(crate) fn tr(locale: &str, en: &str, de: &str) -> String {
    if locale == "de" { de } else { en }.to_owned()
}

/// An amount of euro cents in the sample's locale.
pub(crate) fn eur(locale: &str, cents: i64) -> String {
    kernel::Currency::new("EUR").map(|c| kernel::Money::new(cents, c).shown(locale)).unwrap_or_default()
}

/// What stands around every sample page.
pub fn page(locale: &str, title: &str, path: &str) -> Page {
    let p = prefix(locale);
    Page {
        store: "Marrow".into(),
        origin: "https://marrow.example".into(),
        locale: locale.into(),
        prefix: p.into(),
        path: format!("{p}{path}"),
        alternates: [("en", "English", ""), ("de", "Deutsch", "/de")]
            .map(|(locale, name, p)| crate::views::Alternate {
                locale: locale.into(),
                name: name.into(),
                url: format!("{p}{path}"),
            })
            .to_vec(),
        title: title.into(),
        description: tr(locale, "Fruit and vegetables, to your door.", "Obst und Gemüse, bis an die Tür."),
        canonical: format!("{p}{path}"),
        share_image: "/img/mango/640.jpg".into(),
        announcement: tr(locale, "Free delivery from €40", "Ab 40 € liefern wir frei Haus"),
        announcement_url: format!("{p}/delivery"),
        search_hint: String::new(),
        nav: [("Fruit", "Obst", "fruit"), ("Vegetables", "Gemüse", "vegetables")]
            .map(|(en, de, slug)| NavLink {
                name: tr(locale, en, de),
                url: format!("{p}/c/{slug}"),
                current: path.contains(slug),
            })
            .to_vec(),
        footer: Vec::new(),
        footer_text: tr(locale, "A grocer that has nothing to hide.", "Ein Händler, der nichts versteckt."),
        legal: vec![tr(
            locale,
            "© 2026 Marrow Greengrocers. All prices include VAT.",
            "© 2026 Marrow Greengrocers. Alle Preise inkl. MwSt.",
        )],
        legal_links: vec![
            link(&tr(locale, "Terms", "AGB"), &format!("{p}/pages/terms")),
            link(&tr(locale, "Privacy", "Datenschutz"), &format!("{p}/pages/privacy")),
        ],
        theme_version: "1".into(),
    }
}

/// Renders every page, document and mail of every locale that the samples have.
///
/// # Errors
/// The first template that fails.
pub fn render(theme: &Theme) -> Result<Vec<Rendered>, ThemeError> {
    walk(theme, true)
}

pub(crate) fn render_all(theme: &Theme, strict: bool) -> Result<(), ThemeError> {
    walk(theme, strict).map(|_| ())
}

fn walk(theme: &Theme, strict: bool) -> Result<Vec<Rendered>, ThemeError> {
    let mut out = Vec::new();
    for locale in LOCALES {
        let mut out = Out { theme, strict, locale, all: &mut out };
        out.view("home", &home(locale))?;
        out.view("category", &category(locale))?;
        out.view("category-empty", &category_empty(locale))?;
        out.view("product", &product(locale))?;
        out.view("product-options", &product_options(locale))?;
        out.view("product-plain", &product_plain(locale))?;
        out.view("search", &search(locale))?;
        out.view("search-none", &search_none(locale))?;
        out.view("cart", &cart(locale))?;
        out.view("cart-empty", &cart_empty(locale))?;
        out.view("checkout", &checkout(locale))?;
        out.view("checkout-errors", &checkout_errors(locale))?;
        out.view("confirmation", &confirmation(locale, theme.words()))?;
        out.view("order", &order_status(locale, theme.words()))?;
        out.view("not-found", &not_found(locale))?;
        out.view("problem", &problem(locale))?;
        out.view("challenge", &challenge(locale))?;
        out.view("packing-slip", &packing_slip(locale, theme.words()))?;
        out.view("pick-list", &pick_list(locale, theme.words()))?;
        out.mail("mail-placed", &mail_placed(locale))?;
        out.mail("mail-shipped", &mail_shipped(locale))?;
        out.mail("mail-refunded", &mail_refunded(locale))?;
        out.mail("mail-refunded-open", &mail_refunded_open(locale))?;
        out.mail("mail-cancelled", &mail_cancelled(locale))?;
    }
    Ok(out)
}

struct Out<'a> {
    theme: &'a Theme,
    strict: bool,
    locale: &'a str,
    all: &'a mut Vec<Rendered>,
}

impl Out<'_> {
    fn view<V: View>(&mut self, name: &str, view: &V) -> Result<(), ThemeError> {
        let text = if self.strict { self.theme.render_strict(view) } else { self.theme.render(view) }?;
        self.all.push((format!("{}/{name}.html", self.locale), text));
        Ok(())
    }

    fn mail<V: MailView>(&mut self, name: &str, view: &V) -> Result<(), ThemeError> {
        let RenderedMail { subject, text, html } = self.theme.mail_from(view, self.strict)?;
        self.all.push((format!("{}/{name}.html", self.locale), html));
        self.all.push((format!("{}/{name}.txt", self.locale), format!("{subject}\n\n{text}")));
        Ok(())
    }
}
