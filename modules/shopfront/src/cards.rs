use kernel::{ProductId, VariantId};
use serde::Serialize;

use crate::model::{Image, Item, Model, Shown};
use crate::{Shopfront, Stock};

/// A product in a list. Amounts are in minor units of the store's currency, with or without tax as it enters prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The product.
    pub product: ProductId,
    /// Its title in the reader's language, or else in the first it has.
    pub title: String,
    /// Its address in that language.
    pub slug: String,
    /// Its brand; may be empty.
    pub vendor: String,
    /// The lowest price of what can be bought (or of all, when nothing can).
    pub price_minor: i64,
    /// What that cost before, when more.
    pub compare_at_minor: Option<i64>,
    /// Variants have different prices.
    pub from: bool,
    /// That price per kilo.
    pub unit: Option<UnitPrice>,
    /// The best of its variants.
    pub stock: Stock,
    /// Its first picture.
    pub image: Option<Image>,
    /// The one variant there is, to be put into the cart at once; none when there is a choice, or it is sold out.
    pub only_variant: Option<VariantId>,
    /// How many variants it has.
    pub variants: usize,
}

/// A price per kilo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnitPrice {
    /// Of a kilo, in minor units.
    pub per_kilo_minor: i64,
    /// What is in one, in grams.
    pub grams: u32,
}

impl UnitPrice {
    /// Of a content, rounded half away from zero; none without one.
    pub(crate) fn of(amount_minor: i64, grams: Option<u32>) -> Option<UnitPrice> {
        let grams = grams.filter(|g| *g > 0)?;
        let (n, d) = (i128::from(amount_minor) * 1000, i128::from(grams));
        let per_kilo_minor = i64::try_from((n * 2 + d * n.signum()) / (d * 2)).ok()?;
        Some(UnitPrice { per_kilo_minor, grams })
    }
}

/// What it cost before, when that was more.
pub(crate) fn was(shown: Shown) -> Option<i64> {
    shown.compare_at.filter(|before| *before > shown.amount)
}

impl Card {
    /// None for what is not listed: without a price or a name.
    pub(crate) fn of(item: &Item, locale: u8) -> Option<Card> {
        let (face, shown) = item.face()?;
        let text = item.text(locale)?;
        let mut priced = item.priced();
        let one = (item.priced().count() == 1 && face.stock.can_buy()).then_some(face.id);
        Some(Card {
            product: item.id,
            title: text.title.to_string(),
            slug: text.slug.to_string(),
            vendor: item.vendor.to_string(),
            price_minor: shown.amount,
            compare_at_minor: was(shown),
            from: priced.any(|(_, p)| p.amount != shown.amount),
            unit: UnitPrice::of(shown.amount, face.unit_grams),
            stock: Stock::best(item.priced().map(|(v, _)| v.stock)),
            image: item.image.clone(),
            only_variant: one,
            variants: item.priced().count(),
        })
    }
}

impl Model {
    pub(crate) fn cards(&self, slots: &[u32], locale: u8) -> Vec<Card> {
        slots.iter().filter_map(|s| Card::of(self.item(*s)?, locale)).collect()
    }
}

impl Shopfront {
    /// Products as cards, in the order asked for; what is not for sale is left out.
    pub fn cards(&self, locale: &str, ids: &[ProductId]) -> Vec<Card> {
        let model = self.model.read();
        let l = model.locale(locale);
        ids.iter().filter_map(|id| Card::of(model.get(*id)?, l)).collect()
    }

    /// The price of a single piece that pages show, in minor units.
    pub fn shown_price(&self, variant: VariantId) -> Option<i64> {
        let model = self.model.read();
        let item = model.product_of(variant).and_then(|p| model.get(p))?;
        item.priced().find(|(v, _)| v.id == variant).map(|(_, p)| p.amount)
    }

    /// The product of a variant that is for sale.
    pub fn product_of(&self, variant: VariantId) -> Option<ProductId> {
        self.model.read().product_of(variant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilo_costs_what_its_grams_do() {
        let kilo = |minor, grams| UnitPrice::of(minor, grams).map(|u| u.per_kilo_minor);
        assert_eq!(kilo(399, Some(500)), Some(798));
        assert_eq!(kilo(100, Some(300)), Some(333));
        assert_eq!(kilo(200, Some(300)), Some(667));
        assert_eq!(kilo(1, Some(2000)), Some(1), "half away from zero");
        assert_eq!((kilo(1, Some(0)), kilo(1, None), kilo(i64::MAX, Some(1))), (None, None, None));
    }
}
