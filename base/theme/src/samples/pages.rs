use super::{eur, link, page, prefix, tr};
use crate::views::*;

/// Slug, English name, German name, cents, cents before, hue, meta in both.
type Item = (&'static str, &'static str, &'static str, i64, i64, u16, &'static str, &'static str);

const ITEMS: [Item; 16] = [
    ("pink-lady", "Pink Lady", "Pink Lady", 399, 499, 25, "Italy, bag of 6", "Italien, Beutel mit 6"),
    ("mango", "Mango", "Mango", 220, 0, 45, "each", "Stück"),
    (
        "vine-tomato",
        "Vine Tomato",
        "Strauchtomate",
        280,
        0,
        28,
        "The Netherlands, pack of 4",
        "Niederlande, 4 Stück",
    ),
    ("plum", "Plum", "Pflaume", 260, 325, 20, "Chile, punnet of 8", "Chile, Schale mit 8"),
    ("asparagus", "Asparagus", "Grüner Spargel", 290, 0, 110, "Peru, bunch", "Peru, Bund"),
    ("cantaloupe", "Cantaloupe", "Cantaloupe-Melone", 315, 0, 65, "Spain, each", "Spanien, Stück"),
    ("passion-fruit", "Passion Fruit", "Passionsfrucht", 320, 0, 15, "pack of 4", "4 Stück"),
    ("sweet-potato", "Sweet Potato", "Süßkartoffel", 220, 0, 50, "USA, bag of 2", "USA, Beutel mit 2"),
    ("watermelon", "Watermelon", "Wassermelone", 540, 690, 130, "Spain, each", "Spanien, Stück"),
    ("pineapple", "Pineapple", "Ananas", 390, 0, 90, "each", "Stück"),
    ("honeydew-melon", "Honeydew Melon", "Honigmelone", 340, 0, 95, "Spain, each", "Spanien, Stück"),
    ("pomegranate", "Pomegranate", "Granatapfel", 240, 0, 18, "Peru, each", "Peru, Stück"),
    (
        "conference",
        "Conference",
        "Conference-Birne",
        360,
        0,
        105,
        "The Netherlands, bag of 5",
        "Niederlande, Beutel mit 5",
    ),
    ("granny-smith", "Granny Smith", "Granny Smith", 349, 0, 128, "Italy, bag of 6", "Italien, Beutel mit 6"),
    ("nectarine", "Nectarine", "Nektarine", 320, 0, 35, "Italy, punnet of 4", "Italien, Schale mit 4"),
    ("lemon", "Lemon", "Zitrone", 199, 0, 100, "net of 4", "Netz mit 4"),
];

/// A picture of the sample grocer.
pub fn image(slug: &str) -> Image {
    let hue = ITEMS.iter().find(|i| i.0 == slug).map(|i| i.5).or(Some(70));
    Image { url: format!("/img/{slug}"), alt: String::new(), width: 198, height: 198, hue, cutout: true }
}

fn item(slug: &str) -> &'static Item {
    ITEMS.iter().find(|i| i.0 == slug).unwrap_or(&ITEMS[0])
}

fn name(locale: &str, slug: &str) -> String {
    let i = item(slug);
    tr(locale, i.1, i.2)
}

/// Availability in the words of the sample.
fn stock(locale: &str, state: StockState) -> Stock {
    let label = match state {
        StockState::In => tr(locale, "In stock", "Auf Lager"),
        StockState::Low => tr(locale, "Only 3 left", "Nur noch 3 da"),
        StockState::Backorder => tr(locale, "Can be ordered", "Bestellbar"),
        StockState::Out => tr(locale, "Sold out", "Ausverkauft"),
    };
    Stock { state, label, detail: String::new() }
}

fn price(locale: &str, i: &Item) -> Price {
    Price {
        now: eur(locale, i.3),
        was: (i.4 > 0).then(|| eur(locale, i.4)),
        from: false,
        unit: Some(format!("{} / kg", eur(locale, i.3 * 10 / 9))),
    }
}

/// A product in a list.
pub fn card(locale: &str, slug: &str) -> Card {
    let i = item(slug);
    let state = match slug {
        "nectarine" => StockState::Out,
        "passion-fruit" => StockState::Low,
        _ => StockState::In,
    };
    Card {
        name: name(locale, slug),
        url: format!("{}/p/{slug}", prefix(locale)),
        meta: tr(locale, i.6, i.7),
        price: Price { from: slug == "granny-smith", ..price(locale, i) },
        image: Some(image(slug)),
        flag: if i.4 > 0 { format!("−{}%", 100 - i.3 * 100 / i.4) } else { String::new() },
        stock: stock(locale, state),
        add_variant_id: (slug != "granny-smith").then(|| format!("var_{slug}")),
    }
}

fn some(locale: &str, slugs: &[&str]) -> Vec<Card> {
    slugs.iter().map(|slug| card(locale, slug)).collect()
}

fn tile(locale: &str, en: &str, de: &str, slug: &str, count: u64, pictures: &[&str]) -> CategoryTile {
    CategoryTile {
        name: tr(locale, en, de),
        url: format!("{}/c/{slug}", prefix(locale)),
        count,
        images: pictures.iter().map(|p| image(p)).collect(),
    }
}

fn promise(locale: &str, icon: &str, en: (&str, &str), de: (&str, &str)) -> Promise {
    Promise { icon: icon.into(), title: tr(locale, en.0, de.0), text: tr(locale, en.1, de.1) }
}

fn all_promises(locale: &str) -> Vec<Promise> {
    vec![
        promise(
            locale,
            "clock",
            ("Ordered by 16:00", "Handed to the carrier the same day"),
            ("Bis 16 Uhr bestellt", "Am selben Tag auf dem Weg"),
        ),
        promise(
            locale,
            "truck",
            ("Free from €40", "Otherwise €4.90, shown before you pay"),
            ("Frei ab 40 €", "Sonst 4,90 €, vor dem Bezahlen zu sehen"),
        ),
        promise(
            locale,
            "rotate-ccw",
            ("Fresh or refunded", "Write to us, no return needed"),
            ("Frisch oder Geld zurück", "Schreiben genügt, ohne Rücksendung"),
        ),
        promise(
            locale,
            "leaf",
            ("Origin on every label", "Country, class and size, always stated"),
            ("Herkunft auf jedem Etikett", "Land, Klasse und Größe, immer genannt"),
        ),
    ]
}

/// The first page.
pub fn home(locale: &str) -> Home {
    let p = prefix(locale);
    let row =
        ["watermelon", "pineapple", "honeydew-melon", "pomegranate", "conference", "pink-lady", "lemon"];
    Home {
        page: page(locale, &tr(locale, "Fruit and vegetables", "Obst und Gemüse"), "/"),
        hero: Hero {
            title: if locale == "de" {
                vec!["Dienstag geerntet.".into(), "Donnerstag bei Ihnen.".into()]
            } else {
                vec!["Picked Tuesday.".into(), "Yours Thursday.".into()]
            },
            text: tr(
                locale,
                "Fifty fruits and vegetables, bought at the morning auction and never stored for longer than two nights.",
                "Fünfzig Sorten Obst und Gemüse, frühmorgens gekauft und nie länger als zwei Nächte gelagert.",
            ),
            primary: Some(link(&tr(locale, "Shop fruit", "Obst kaufen"), &format!("{p}/c/fruit"))),
            secondary: Some(link(&tr(locale, "Vegetables", "Gemüse"), &format!("{p}/c/vegetables"))),
            image: None,
            items: row
                .iter()
                .map(|slug| HeroItem {
                    name: name(locale, slug),
                    url: format!("{p}/p/{slug}"),
                    price: eur(locale, item(slug).3),
                    image: image(slug),
                })
                .collect(),
        },
        shelves: vec![
            Shelf {
                title: tr(locale, "New in the shop", "Neu im Shop"),
                more: Some(link(&tr(locale, "See all", "Alle ansehen"), &format!("{p}/c/fruit"))),
                cards: some(
                    locale,
                    &[
                        "pink-lady",
                        "mango",
                        "vine-tomato",
                        "plum",
                        "asparagus",
                        "cantaloupe",
                        "passion-fruit",
                        "sweet-potato",
                    ],
                ),
            },
            Shelf {
                title: tr(locale, "Popular", "Beliebt"),
                more: None,
                cards: some(locale, &["lemon", "granny-smith", "nectarine", "pineapple"]),
            },
        ],
        categories: vec![
            tile(
                locale,
                "Apples and pears",
                "Äpfel und Birnen",
                "apples-and-pears",
                8,
                &["conference", "granny-smith", "pink-lady"],
            ),
            tile(locale, "Citrus", "Zitrusfrüchte", "citrus", 6, &["lemon"]),
            tile(locale, "Melons", "Melonen", "melons", 4, &["cantaloupe"]),
            tile(locale, "Roots", "Wurzeln", "roots", 9, &["sweet-potato"]),
            tile(locale, "Stone fruit", "Steinobst", "stone-fruit", 1, &["plum"]),
            tile(locale, "Tropical", "Tropisches", "tropical", 7, &["pineapple", "mango", "passion-fruit"]),
        ],
        promises: all_promises(locale),
    }
}

/// A category in the middle of its pages.
pub fn category(locale: &str) -> Category {
    let p = prefix(locale);
    let cards: Vec<Card> = ITEMS.iter().map(|i| card(locale, i.0)).collect();
    let fruit = tr(locale, "Fruit", "Obst");
    Category {
        page: page(locale, &fruit, "/c/fruit"),
        crumbs: vec![link(&tr(locale, "Home", "Startseite"), &format!("{p}/")), link(&fruit, "")],
        title: fruit,
        description_html: tr(
            locale,
            "<p>From orchards in <strong>Italy and Spain</strong>, and from further where nothing grows here.</p>",
            "<p>Aus Gärten in <strong>Italien und Spanien</strong>, und von weiter her, was hier nicht wächst.</p>",
        ),
        children: home(locale).categories,
        total: 198,
        sorts: [("featured", "Featured", "Empfohlen"), ("price", "Price, low to high", "Preis, aufsteigend")]
            .map(|(value, en, de)| SortChoice {
                value: value.into(),
                label: tr(locale, en, de),
                selected: value == "featured",
            })
            .to_vec(),
        cards,
        pager: Pager::new(4, 198, 24, |n| format!("{p}/c/fruit?page={n}")),
    }
}

/// A category without products.
pub fn category_empty(locale: &str) -> Category {
    Category {
        description_html: String::new(),
        children: Vec::new(),
        total: 0,
        cards: Vec::new(),
        pager: Pager::default(),
        ..category(locale)
    }
}

fn variant(locale: &str, id: u32, label: &str, detail: &str, cents: i64, state: StockState) -> Variant {
    Variant {
        id: format!("var_{id}"),
        label: label.into(),
        detail: detail.into(),
        sku: format!("APPLE-{id}"),
        price: Price {
            now: eur(locale, cents),
            was: (id == 2).then(|| eur(locale, cents + 100)),
            from: false,
            unit: Some(format!("{} / kg", eur(locale, 369))),
        },
        price_minor: cents,
        price_plain: format!("{}.{:02}", cents / 100, cents % 100),
        currency: "EUR".into(),
        stock: stock(locale, state),
        options: vec![label.into()],
        image: Some(0),
        max_quantity: if state == StockState::Low { 3 } else { 20 },
        url: format!("{}/p/pink-lady?variant=var_{id}", prefix(locale)),
    }
}

/// A product with one option.
pub fn product(locale: &str) -> Product {
    let p = prefix(locale);
    let crumb = |en, de, url: &str| link(&tr(locale, en, de), url);
    let fact = |en, de, value: &str| Attribute { label: tr(locale, en, de), value: value.into() };
    let labels = [
        tr(locale, "Single", "Einzeln"),
        tr(locale, "Bag of 6", "Beutel mit 6"),
        tr(locale, "Crate", "Kiste"),
    ];
    let variants = vec![
        variant(locale, 1, &labels[0], "180 g", 75, StockState::Low),
        variant(locale, 2, &labels[1], "1.08 kg", 399, StockState::In),
        variant(locale, 3, &labels[2], "5 kg", 1650, StockState::Out),
    ];
    Product {
        page: page(locale, "Pink Lady", "/p/pink-lady"),
        crumbs: vec![
            crumb("Home", "Startseite", &format!("{p}/")),
            crumb("Fruit", "Obst", &format!("{p}/c/fruit")),
            crumb("Apples", "Äpfel", &format!("{p}/c/apples")),
            link("Pink Lady", ""),
        ],
        title: "Pink Lady".into(),
        vendor: tr(locale, "South Tyrol", "Südtirol"),
        summary: tr(
            locale,
            "Even sweeter and crisper than Royal Gala, with a clean snap and a long finish.",
            "Noch süßer und knackiger als Royal Gala, mit langem Abgang.",
        ),
        description_html: tr(
            locale,
            "<p>The flesh is dense and stays white for longer than most after cutting, which makes it a good lunch box apple.</p><ul><li>Keep it in the fridge, in its bag.</li><li>Take it out half an hour before eating.</li></ul>",
            "<p>Das Fleisch ist fest und bleibt nach dem Schneiden lange weiß: ein guter Apfel für die Brotdose.</p><ul><li>Im Kühlschrank lagern, im Beutel.</li></ul>",
        ),
        images: vec![
            Image {
                alt: tr(locale, "Rose red apple with a yellow blush", "Rosenroter Apfel mit gelber Backe"),
                ..image("pink-lady")
            },
            Image { alt: tr(locale, "Green apple", "Grüner Apfel"), ..image("granny-smith") },
            Image { alt: tr(locale, "Red apple", "Roter Apfel"), hue: Some(30), ..image("royal-gala") },
        ],
        flag: "−20%".into(),
        options: vec![OptionGroup {
            name: tr(locale, "Size", "Größe"),
            values: labels
                .iter()
                .zip(0..)
                .map(|(label, n)| OptionValue { label: label.clone(), selected: n == 1 })
                .collect(),
        }],
        variants,
        selected: 1,
        tax_note: tr(locale, "Includes VAT.", "Inkl. MwSt."),
        attributes: vec![
            fact("Origin", "Herkunft", "Italy"),
            fact("Class", "Klasse", "1"),
            fact("Weight", "Gewicht", "180 g"),
        ],
        promises: all_promises(locale).into_iter().skip(1).take(2).collect(),
        related: some(locale, &["granny-smith", "conference", "lemon", "plum"]),
    }
}

/// A product with two options, of which not every pair exists.
pub fn product_options(locale: &str) -> Product {
    let sizes = [tr(locale, "Small", "Klein"), tr(locale, "Large", "Groß")];
    let kinds = [tr(locale, "Ripe", "Reif"), tr(locale, "Firm", "Fest"), tr(locale, "Green", "Grün")];
    let mut variants = Vec::new();
    for (size, n) in sizes.iter().zip(0..) {
        for (kind, m) in kinds.iter().zip(0..) {
            if (n, m) != (1, 2) {
                let state = if (n, m) == (0, 1) { StockState::Out } else { StockState::In };
                let id = u32::try_from(n * 3 + m + 10).unwrap_or_default();
                variants.push(Variant {
                    options: vec![size.clone(), kind.clone()],
                    ..variant(locale, id, &format!("{size}, {kind}"), "", 200 + n * 150, state)
                });
            }
        }
    }
    let group = |name: String, values: &[String]| OptionGroup {
        name,
        values: values
            .iter()
            .zip(0..)
            .map(|(label, n)| OptionValue { label: label.clone(), selected: n == 0 })
            .collect(),
    };
    Product {
        page: page(locale, "Mango", "/p/mango"),
        title: "Mango".into(),
        crumbs: vec![
            link(&tr(locale, "Home", "Startseite"), &format!("{}/", prefix(locale))),
            link("Mango", ""),
        ],
        vendor: String::new(),
        images: vec![image("mango")],
        flag: String::new(),
        options: vec![
            group(tr(locale, "Size", "Größe"), &sizes),
            group(tr(locale, "Ripeness", "Reife"), &kinds),
        ],
        variants,
        selected: 0,
        ..product(locale)
    }
}

/// A product with one variant, sold out, without a picture or a text.
pub fn product_plain(locale: &str) -> Product {
    let mut plain = product(locale);
    plain.title = name(locale, "nectarine");
    plain.images.clear();
    plain.flag.clear();
    plain.options.clear();
    plain.variants.truncate(1);
    plain.variants[0].stock = stock(locale, StockState::Out);
    plain.variants[0].options.clear();
    plain.selected = 0;
    plain.description_html.clear();
    plain.promises.clear();
    plain.related.clear();
    plain
}

/// Something found.
pub fn search(locale: &str) -> Search {
    let p = prefix(locale);
    let mut page = page(locale, &tr(locale, "Search", "Suche"), "/search");
    page.canonical.clear();
    Search {
        page,
        query: "me".into(),
        total: 4,
        cards: some(locale, &["cantaloupe", "honeydew-melon", "watermelon", "pomegranate"]),
        pager: Pager::new(1, 4, 24, |n| format!("{p}/search?q=me&page={n}")),
        categories: vec![link(&tr(locale, "Melons", "Melonen"), &format!("{p}/c/melons"))],
        instead: Vec::new(),
    }
}

/// Nothing found.
pub fn search_none(locale: &str) -> Search {
    Search {
        query: "\"><b>zzz".into(),
        total: 0,
        cards: Vec::new(),
        pager: Pager::default(),
        categories: Vec::new(),
        instead: some(locale, &["mango", "lemon", "plum", "pineapple"]),
        ..search(locale)
    }
}

/// The answer of the search box.
pub fn suggestions(locale: &str) -> Suggestions {
    let product = |slug: &str| Suggestion {
        label: name(locale, slug),
        detail: tr(locale, item(slug).6, item(slug).7),
        end: eur(locale, item(slug).3),
        url: format!("{}/p/{slug}", prefix(locale)),
        image: Some(image(slug)),
    };
    Suggestions {
        status: tr(locale, "4 suggestions", "4 Vorschläge"),
        groups: vec![
            SuggestionGroup {
                label: tr(locale, "Products", "Produkte"),
                items: vec![product("cantaloupe"), product("honeydew-melon"), product("pomegranate")],
            },
            SuggestionGroup {
                label: tr(locale, "Categories", "Kategorien"),
                items: vec![Suggestion {
                    label: tr(locale, "Melons", "Melonen"),
                    detail: String::new(),
                    end: "4".into(),
                    url: format!("{}/c/melons", prefix(locale)),
                    image: None,
                }],
            },
        ],
        all: Some(link(
            &tr(locale, "All 11 results for “me”", "Alle 11 Ergebnisse für „me“"),
            &format!("{}/search?q=me", prefix(locale)),
        )),
    }
}

/// There is no such page.
pub fn not_found(locale: &str) -> NotFound {
    let mut page = page(locale, &tr(locale, "Not found", "Nicht gefunden"), "/nowhere");
    page.canonical.clear();
    NotFound { page, cards: some(locale, &["cantaloupe", "lemon", "mango", "plum"]) }
}

/// Something went wrong.
pub fn problem(locale: &str) -> Problem {
    let mut page = page(locale, &tr(locale, "Something went wrong", "Etwas ging schief"), "/checkout");
    page.canonical.clear();
    page.nav.clear();
    Problem {
        page,
        status: 500,
        title: tr(locale, "Something went wrong on our side", "Bei uns ist etwas schiefgegangen"),
        detail: tr(
            locale,
            "Nothing you did. Please try again in a moment.",
            "Es liegt nicht an Ihnen. Bitte versuchen Sie es gleich noch einmal.",
        ),
        reference: "req_01jd8y3m".into(),
        action: Some(link(&tr(locale, "Try again", "Noch einmal versuchen"), "/checkout")),
    }
}
