use serde::Serialize;

/// A picture, in renditions made on demand at `{url}/{width}.{webp|jpg}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Image {
    /// `/img/{asset_id}`, without width and ending.
    pub url: String,
    /// What is to be seen, for those who cannot; empty when the words beside it say it all.
    pub alt: String,
    /// The original's width in px: nothing larger is asked for.
    pub width: u32,
    /// The original's height in px.
    pub height: u32,
    /// The product's own hue, 0 to 359, that tints the tile behind the photo; none is neutral.
    pub hue: Option<u16>,
    /// A thing on white: the photo is set into its tile, and white takes the tile's colour. Otherwise the photo
    /// fills the tile.
    pub cutout: bool,
}

/// A price as a card or product shows it. All amounts in the reader's form: “€3.99”.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Price {
    /// What it costs.
    pub now: String,
    /// What it cost before, struck through.
    pub was: Option<String>,
    /// Variants have different prices, and `now` is the lowest.
    pub from: bool,
    /// Per kilo, litre or piece, where law asks for it: “€3.69 / kg”.
    pub unit: Option<String>,
}

/// Whether it can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StockState {
    /// Here.
    In,
    /// Here, and nearly gone.
    Low,
    /// Not here, but can be ordered.
    Backorder,
    /// Cannot be bought.
    Out,
}

/// Availability with its words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stock {
    /// Decides the colour, and whether there is a button.
    pub state: StockState,
    /// “In stock”, “Only 3 left”, “Sold out”.
    pub label: String,
    /// A second line (“42 bags, packed to order”); empty leaves it out.
    pub detail: String,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    /// The product's title.
    pub name: String,
    /// Its page.
    pub url: String,
    /// A short second line (“Italy, bag of 6”); empty leaves it out.
    pub meta: String,
    /// What it costs.
    pub price: Price,
    /// Its first picture.
    pub image: Option<Image>,
    /// A short flag on the picture (“−20%”); empty leaves it out.
    pub flag: String,
    /// Availability; the card is silent when it is simply in stock.
    pub stock: Stock,
    /// The variant the round button puts into the cart; none leads to the product's page to choose.
    pub add_variant_id: Option<String>,
}

/// A label with an amount: a row of a summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// “Goods, 9 items”, “Delivery”, a discount's name.
    pub label: String,
    /// “€29.28”, “Free”, “calculated at checkout”.
    pub value: String,
    /// Money off: shown in its own colour.
    pub discount: bool,
}

/// The sums of a cart or order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rows {
    /// Goods, discounts, delivery, and tax where prices are without it.
    pub rows: Vec<Row>,
    /// What there is to pay.
    pub total: String,
    /// “Includes €2.58 VAT”; empty leaves it out.
    pub tax_note: String,
}

/// Pages of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Pager {
    /// From 1.
    pub current: u32,
    /// How many pages there are.
    pub last: u32,
    /// Page numbers in order; a gap has no address.
    pub links: Vec<PagerLink>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// A page's number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PagerLink {
    /// From 1.
    pub number: u32,
    /// None is a gap: “…”.
    pub url: Option<String>,
}

impl Pager {
    /// The first, the last, and the neighbours of `current`, with gaps between. `url` gives a page's address.
    pub fn new(current: u32, total: u64, per_page: u32, url: impl Fn(u32) -> String) -> Pager {
        let last = u32::try_from(total.div_ceil(u64::from(per_page.max(1)))).unwrap_or(u32::MAX).max(1);
        let current = current.clamp(1, last);
        let mut links = Vec::new();
        let mut before = 0;
        let near = current.saturating_sub(1)..=current.saturating_add(1);
        for number in [1, 2].into_iter().chain(near).chain([last.saturating_sub(1), last]) {
            // Of the second and the last but one only what closes a gap of one page.
            let wanted = number == 1
                || number == last
                || number.abs_diff(current) <= 1
                || (number == 2 && current == 4)
                || (number + 1 == last && current + 3 == last);
            if number <= before || number > last || !wanted {
                continue;
            }
            if number > before + 1 {
                links.push(PagerLink { number: before + 1, url: None });
            }
            links.push(PagerLink { number, url: Some(url(number)) });
            before = number;
        }
        Pager {
            current,
            last,
            links,
            previous: (current > 1).then(|| url(current - 1)),
            next: (current < last).then(|| url(current + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: u32, pages: u64) -> String {
        let pager = Pager::new(current, pages, 1, |n| n.to_string());
        let links = pager.links.iter().map(|l| l.url.clone().unwrap_or_else(|| "…".to_owned()));
        links.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_pager_keeps_ends_and_neighbours() {
        assert_eq!(shown(1, 1), "1");
        assert_eq!(shown(1, 3), "1 2 3");
        assert_eq!(shown(4, 9), "1 2 3 4 5 … 9");
        assert_eq!(shown(5, 9), "1 … 4 5 6 … 9");
        assert_eq!(shown(6, 9), "1 … 5 6 7 8 9");
        assert_eq!(shown(99, 9), "1 … 8 9");
        assert_eq!(shown(1, 0), "1");
    }
}
