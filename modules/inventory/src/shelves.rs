//! Which place gives how much of a line. Pure arithmetic, the same for a cart that asks and an order that takes.

use std::collections::HashMap;

use kernel::{InventoryItemId, LocationId};

use crate::Availability;
use crate::available::{Component, Place};

/// What lies free, place by place, while lines take of it one after the other: a single piece, a case and a kit may
/// share an item.
#[derive(Debug, Clone, Default)]
pub struct Shelves {
    /// Where anything lies, in the order in which stock is taken.
    places: Vec<(i64, LocationId)>,
    free: HashMap<(LocationId, InventoryItemId), i64>,
}

/// So many sold units come from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From where.
    pub location: LocationId,
    /// Sold units.
    pub units: i64,
}

impl Shelves {
    /// What these variants take of.
    pub fn of(stock: &[Availability]) -> Shelves {
        let mut all = Shelves::default();
        for c in stock.iter().flat_map(|a| &a.components) {
            for place in &c.places {
                all.put(c.item, *place);
            }
        }
        all
    }

    /// Says what is free of an item at a place.
    pub(crate) fn put(&mut self, item: InventoryItemId, place: Place) {
        if !self.places.iter().any(|(_, l)| *l == place.location) {
            let at = (place.position, place.location);
            self.places.insert(self.places.partition_point(|p| *p < at), at);
        }
        self.free.insert((place.location, item), place.available);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(crate) fn free(&self, item: InventoryItemId, location: LocationId) -> i64 {
        self.free.get(&(location, item)).copied().unwrap_or(0)
    }

    /// Sold units of which all components lie at this place.
    fn fits<'a>(&self, location: LocationId, components: impl Iterator<Item = &'a Component>) -> i64 {
        let of = |c: &Component| (self.free(c.item, location) / c.factor).max(0);
        components.map(of).min().unwrap_or(i64::MAX)
    }

    /// How many can be sold; `None` without limit (not counted, or oversold on purpose). A sold unit leaves from one
    /// place: half a case here and half there make none, and so do a kit's parts that lie apart.
    pub fn sellable(&self, components: &[Component]) -> Option<i64> {
        let limits = || components.iter().filter(|c| c.limits());
        limits().next()?;
        Some(self.places.iter().fold(0, |sum: i64, (_, l)| sum.saturating_add(self.fits(*l, limits()))))
    }

    /// Takes so many sold units: from one place that has all, else from several in their order, else below zero where
    /// that is allowed: the rest is owed by the first place. Nothing for what is not counted.
    ///
    /// # Errors
    /// How many there are when they are too few; nothing was taken.
    pub fn take(&mut self, components: &[Component], units: i64) -> Result<Vec<Part>, i64> {
        let counted = || components.iter().filter(|c| c.tracked);
        if counted().next().is_none() || units <= 0 {
            return Ok(vec![]);
        }
        if let Some(left) = self.sellable(components).filter(|left| *left < units) {
            return Err(left);
        }
        let mut parts: Vec<Part> = vec![];
        let whole = self.places.iter().find(|(_, l)| self.fits(*l, counted()) >= units);
        if let Some((_, location)) = whole.copied() {
            self.give(components, Part { location, units }, &mut parts);
            return Ok(parts);
        }
        let mut missing = units;
        // first what really lies there, then below zero as far as the components that are not oversold go
        for below_zero in [false, true] {
            for (_, location) in self.places.clone() {
                let components_here = counted().filter(|c| !below_zero || c.limits());
                let part = self.fits(location, components_here).min(missing);
                if part > 0 {
                    self.give(components, Part { location, units: part }, &mut parts);
                    missing -= part;
                }
            }
        }
        Ok(parts)
    }

    fn give(&mut self, components: &[Component], part: Part, parts: &mut Vec<Part>) {
        for c in components.iter().filter(|c| c.tracked) {
            let free = self.free.entry((part.location, c.item)).or_default();
            *free = free.saturating_sub(c.factor.saturating_mul(part.units));
        }
        match parts.iter_mut().find(|p| p.location == part.location) {
            Some(same) => same.units += part.units,
            None => parts.push(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn id<T>(n: u128) -> Id<T> {
        Id::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn part(item: u128, factor: i64, oversell: bool, there: &[i64]) -> Component {
        let places = (1u128..)
            .zip(there)
            .map(|(l, n)| Place { position: l as i64, location: id(l), available: *n })
            .collect();
        Component { item: id(item), factor, tracked: true, oversell, places }
    }

    fn shelves(components: &[Component]) -> Shelves {
        Shelves::of(&[Availability { variant: id(9), components: components.to_vec() }])
    }

    fn taken(components: &[Component], units: i64) -> Result<Vec<(u128, i64)>, i64> {
        let parts = shelves(components).take(components, units)?;
        Ok(parts.iter().map(|p| (p.location.uuid().as_u128(), p.units)).collect())
    }

    #[test]
    fn a_sold_unit_leaves_from_one_place() {
        let cases = [part(1, 6, false, &[4, 4])];
        assert_eq!((shelves(&cases).sellable(&cases), taken(&cases, 1)), (Some(0), Err(0)));
        let cases = [part(1, 6, false, &[13, 7])];
        assert_eq!((shelves(&cases).sellable(&cases), taken(&cases, 3)), (Some(3), Ok(vec![(1, 2), (2, 1)])));
        let kit = [part(1, 1, false, &[5, 1]), part(2, 2, false, &[1, 9])];
        assert_eq!((shelves(&kit).sellable(&kit), taken(&kit, 1)), (Some(1), Ok(vec![(2, 1)])));
        let apart = [part(1, 1, false, &[5, 0]), part(2, 1, false, &[0, 5])];
        assert_eq!((shelves(&apart).sellable(&apart), taken(&apart, 1)), (Some(0), Err(0)));
    }

    #[test]
    fn one_place_is_better_than_two() {
        assert_eq!(taken(&[part(1, 1, false, &[2, 5])], 3), Ok(vec![(2, 3)]));
        assert_eq!(taken(&[part(1, 1, false, &[2, 5])], 6), Ok(vec![(1, 2), (2, 4)]));
        assert_eq!(taken(&[part(1, 1, false, &[-3, 5])], 6), Err(5));
    }

    #[test]
    fn below_zero_only_what_may_be() {
        assert_eq!(taken(&[part(1, 1, true, &[2, 5])], 9), Ok(vec![(1, 4), (2, 5)]));
        assert_eq!(taken(&[part(1, 1, true, &[0])], 9), Ok(vec![(1, 9)]));
        // the box may be owed, what is in it may not: it is owed where that lies
        let kit = [part(1, 1, true, &[3, 0]), part(2, 1, false, &[1, 4])];
        assert_eq!((taken(&kit, 4), taken(&kit, 6)), (Ok(vec![(1, 1), (2, 3)]), Err(5)));
        let uncounted = Component { tracked: false, ..part(1, 1, false, &[]) };
        assert_eq!(taken(&[uncounted], 5), Ok(vec![]));
    }

    #[test]
    fn lines_share_what_lies_there() {
        let (one, case) = ([part(1, 1, false, &[8])], [part(1, 6, false, &[8])]);
        let mut left = shelves(&one);
        left.take(&one, 3).unwrap();
        assert_eq!((left.sellable(&case), left.sellable(&one)), (Some(0), Some(5)));
    }
}
