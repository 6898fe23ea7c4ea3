use inventory::Availability;
use serde::Serialize;

/// Availability as shoppers see it. Fewer words than numbers, so that most sales change nothing that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "state", content = "left", rename_all = "snake_case")]
pub enum Stock {
    /// Here.
    In,
    /// Here, and so many left: at most [`FEW`].
    Low(u8),
    /// Not here, but can be ordered.
    Backorder,
    /// Cannot be bought.
    Out,
}

/// “Only N left” is said from here down.
pub const FEW: u8 = 5;

impl Stock {
    /// Of a variant that is counted; one that is not is always [`Stock::In`].
    pub(crate) fn of(availability: &Availability) -> Stock {
        match (availability.sellable(), availability.in_stock()) {
            (Some(n), _) if n <= 0 => Stock::Out,
            (Some(n), _) => u8::try_from(n).ok().filter(|n| *n <= FEW).map_or(Stock::In, Stock::Low),
            (None, Some(there)) if there <= 0 => Stock::Backorder,
            (None, _) => Stock::In,
        }
    }

    /// Can it be put into a cart?
    pub fn can_buy(self) -> bool {
        self != Stock::Out
    }

    /// Of a product of several variants: the best of them.
    pub(crate) fn best(all: impl Iterator<Item = Stock>) -> Stock {
        let rank = |s: &Stock| match s {
            Stock::In => 300,
            Stock::Low(n) => 200 + i32::from(*n),
            Stock::Backorder => 100,
            Stock::Out => 0,
        };
        all.max_by_key(rank).unwrap_or(Stock::Out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inventory::{Component, Place};
    use kernel::Id;

    #[test]
    fn says_what_the_numbers_mean() {
        let component = |available, factor, tracked, oversell| Component {
            item: Id::from_uuid(uuid::Uuid::nil()),
            factor,
            tracked,
            oversell,
            places: vec![Place { position: 1, location: Id::from_uuid(uuid::Uuid::nil()), available }],
        };
        let of = |components: Vec<Component>| {
            Stock::of(&Availability { variant: Id::from_uuid(uuid::Uuid::nil()), components })
        };
        for (available, factor, tracked, oversell, stock) in [
            (100, 1, true, false, Stock::In),
            (6, 1, true, false, Stock::In),
            (5, 1, true, false, Stock::Low(5)),
            (35, 6, true, false, Stock::Low(5)),
            (5, 6, true, false, Stock::Out),
            (0, 1, true, false, Stock::Out),
            (-3, 1, true, false, Stock::Out),
            (0, 1, true, true, Stock::Backorder),
            (3, 1, true, true, Stock::In),
            (-9, 1, false, false, Stock::In),
        ] {
            assert_eq!(
                of(vec![component(available, factor, tracked, oversell)]),
                stock,
                "{available}/{factor}"
            );
        }
        assert_eq!(
            of(vec![component(50, 1, true, false), component(4, 2, true, false)]),
            Stock::Low(2),
            "a kit"
        );
        assert_eq!(Stock::best([Stock::Out, Stock::Low(2), Stock::Low(4)].into_iter()), Stock::Low(4));
        assert_eq!(Stock::best([].into_iter()), Stock::Out);
    }
}
