//! Read models as the theme's views.

use kernel::Money;
use shopfront::{Card, FEW, Stock, UnitPrice};
use theme::arg;
use theme::views;

use super::frame::Frame;

/// The most of a variant that can be bought at once.
const MOST: u32 = checkout::MAX_QUANTITY as u32;

impl Frame {
    /// A picture.
    pub(crate) fn image(&self, image: &shopfront::Image) -> views::Image {
        views::Image {
            url: format!("/img/{}", image.asset),
            alt: image.alt.to_string(),
            width: image.width,
            height: image.height,
            hue: image.hue,
            cutout: true,
        }
    }

    /// Availability with its words.
    pub(crate) fn stock(&self, stock: Stock) -> views::Stock {
        let (state, label) = match stock {
            Stock::In => (views::StockState::In, self.say("stock-in", &[])),
            Stock::Low(left) => {
                (views::StockState::Low, self.say("stock-low", &[arg("count", i64::from(left))]))
            }
            Stock::Backorder => (views::StockState::Backorder, self.say("stock-backorder", &[])),
            Stock::Out => (views::StockState::Out, self.say("stock-out", &[])),
        };
        let detail = match stock {
            Stock::Backorder => self.say("stock-backorder-detail", &[]),
            Stock::In | Stock::Low(_) | Stock::Out => String::new(),
        };
        views::Stock { state, label, detail }
    }

    /// What it costs, what it cost, and that per kilo.
    pub(crate) fn price(
        &self,
        now: i64,
        was: Option<i64>,
        from: bool,
        unit: Option<UnitPrice>,
    ) -> views::Price {
        views::Price {
            now: self.money(now),
            was: was.map(|w| self.money(w)),
            from,
            // of what is sold by the kilo, its price is that already
            unit: unit.filter(|u| u.grams != 1000).map(|u| {
                self.say("price-per", &[arg("price", self.money(u.per_kilo_minor)), arg("unit", "kg")])
            }),
        }
    }

    /// Whose it is, unless that is the shop itself.
    pub(crate) fn brand(&self, vendor: &str) -> String {
        if vendor.eq_ignore_ascii_case(self.store()) { String::new() } else { vendor.to_owned() }
    }

    /// A product in a list.
    pub(crate) fn card(&self, card: &Card) -> views::Card {
        views::Card {
            name: card.title.clone(),
            url: self.url(&format!("/p/{}", card.slug)),
            meta: self.brand(&card.vendor),
            price: self.price(card.price_minor, card.compare_at_minor, card.from, card.unit),
            image: card.image.as_ref().map(|i| self.image(i)),
            flag: flag(card.price_minor, card.compare_at_minor),
            stock: self.stock(card.stock),
            add_variant_id: card.only_variant.map(|v| v.to_string()),
        }
    }

    /// Products in a list.
    pub(crate) fn cards(&self, cards: &[Card]) -> Vec<views::Card> {
        cards.iter().map(|c| self.card(c)).collect()
    }

    /// A category with its pictures.
    pub(crate) fn tile(&self, category: &shopfront::Category) -> views::CategoryTile {
        views::CategoryTile {
            name: category.name.clone(),
            url: self.url(&format!("/c/{}", category.slug)),
            count: u64::from(category.products),
            images: category.images.iter().map(|i| self.image(i)).collect(),
        }
    }

    /// An amount without sign and grouping, for structured data.
    pub(crate) fn plain(&self, minor: i64) -> String {
        Money::new(minor, self.currency).plain()
    }
}

/// How many of a variant can be put into the cart at once, as far as the page knows.
pub(crate) fn at_most(stock: Stock) -> u32 {
    match stock {
        Stock::Low(left) => u32::from(left.min(FEW)),
        Stock::In | Stock::Backorder => MOST,
        Stock::Out => 0,
    }
}

/// “−20%”, rounded towards the shopper's disadvantage, so that it never promises too much.
pub(crate) fn flag(now: i64, was: Option<i64>) -> String {
    let Some(was) = was.filter(|w| *w > now && now >= 0) else { return String::new() };
    let percent = i128::from(was - now) * 100 / i128::from(was);
    if percent == 0 { String::new() } else { format!("−{percent}%") }
}

/// The first characters of a text, cut at a word.
pub(crate) fn short(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    // one letter more than fits beside the dots: if that is a space, the word before it is whole
    let cut: String = text.chars().take(most).collect();
    let all_but_one = cut.char_indices().last().map_or(0, |(at, _)| at);
    let at = cut.rfind(' ').filter(|at| *at > most / 2).unwrap_or(all_but_one);
    format!("{}…", cut[..at].trim_end_matches([',', '.', ';', ' ']))
}

/// The text of sanitised HTML.
pub(crate) fn text_of(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let letters =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    letters.iter().fold(out, |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_never_promises_too_much() {
        assert_eq!(flag(80, Some(100)), "−20%");
        assert_eq!(flag(199, Some(299)), "−33%");
        assert_eq!((flag(100, Some(100)), flag(100, None), flag(999, Some(1000))), Default::default());
    }

    #[test]
    fn texts_are_cut_at_words() {
        assert_eq!(short("Crisp, sweet apples from Italy", 20), "Crisp, sweet apples…");
        assert_eq!(short("Short", 20), "Short");
        assert_eq!(text_of("<p>Fish &amp; <b>chips</b></p>").trim(), "Fish &  chips");
    }
}
