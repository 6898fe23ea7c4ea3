use serde::Serialize;
use serde_json::{Value, json};

/// What every storefront page has around its own content. Holds nothing personal, so that a page can be kept
/// and served to everyone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The store's name, shown as the logo.
    pub store: String,
    /// Scheme and host without a slash at the end, for canonical addresses: `https://shop.example`.
    pub origin: String,
    /// The locale of the page's words, a BCP 47 tag.
    pub locale: String,
    /// What stands before every path in this locale: empty, or `/de`.
    pub prefix: String,
    /// The page's own path with prefix, without the query: for forms that come back (`back`).
    pub path: String,
    /// The same page in every locale of the store, this one too; shown as the language choice when there are two.
    pub alternates: Vec<Alternate>,
    /// Title without the store's name.
    pub title: String,
    /// For search engines and previews, 160 characters or less; empty leaves it out.
    pub description: String,
    /// The one address of this content, from the root (`/c/fruit`); empty on pages that must not be indexed.
    pub canonical: String,
    /// A picture for previews, absolute or from the root; empty leaves it out.
    pub share_image: String,
    /// The merchant's line above the header; empty leaves it out.
    pub announcement: String,
    /// Where that line leads; empty: nowhere.
    pub announcement_url: String,
    /// What the search box suggests, in the merchant's words; empty takes the theme's.
    pub search_hint: String,
    /// The top categories.
    pub nav: Vec<NavLink>,
    /// The merchant's footer columns, beside the categories.
    pub footer: Vec<FooterGroup>,
    /// A sentence about the shop in the footer; empty leaves it out.
    pub footer_text: String,
    /// Small print at the end of the page: imprint line, tax note, ways to pay.
    pub legal: Vec<String>,
    /// Links that law demands (imprint, terms, privacy), at the end of the page and beside the order button.
    pub legal_links: Vec<Link>,
    /// The version of `/theme.css`, so that a change of settings is seen at once; empty leaves it out.
    pub theme_version: String,
}

/// The same page in another locale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternate {
    /// BCP 47 tag.
    pub locale: String,
    /// The language's name in itself: “Deutsch”.
    pub name: String,
    /// From the root, with the locale's prefix.
    pub url: String,
}

/// An entry of the main navigation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NavLink {
    /// The category's name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// True when the page lies in this category.
    pub current: bool,
}

/// A named address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// What it says.
    pub name: String,
    /// Where it goes.
    pub url: String,
}

/// A column of the footer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FooterGroup {
    /// Its heading.
    pub title: String,
    /// Its links.
    pub links: Vec<Link>,
}

impl Page {
    /// An address from the root as an absolute one.
    pub fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.origin) } else { url.to_owned() }
    }

    /// Where the page lies in the shop, for search engines; the last crumb may have no address.
    pub(crate) fn crumbs_ld(&self, crumbs: &[Link]) -> Value {
        let items: Vec<Value> = crumbs
            .iter()
            .zip(1..)
            .map(|(crumb, position)| {
                let url = if crumb.url.is_empty() { &self.canonical } else { &crumb.url };
                json!({"@type": "ListItem", "position": position, "name": crumb.name, "item": self.absolute(url)})
            })
            .collect();
        json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
    }
}
