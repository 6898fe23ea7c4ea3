use db::{Tx, Val};
use kernel::{InventoryItemId, LocationId, VariantId};

use crate::{Error, Shelves};

/// What is free of an item at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Stock is taken from the lowest first.
    pub position: i64,
    /// Where.
    pub location: LocationId,
    /// Base units; below zero when oversold.
    pub available: i64,
}

/// What a variant takes of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The item.
    pub item: InventoryItemId,
    /// Base units for one sold unit.
    pub factor: i64,
    /// Is it counted?
    pub tracked: bool,
    /// May it be sold below zero?
    pub oversell: bool,
    /// What is free of it at each active location, first in line first.
    pub places: Vec<Place>,
}

impl Component {
    /// Does what lies there limit what can be sold?
    pub fn limits(&self) -> bool {
        self.tracked && !self.oversell
    }

    /// Base units available over all active locations; below zero when oversold.
    pub fn available(&self) -> i64 {
        self.places.iter().map(|p| p.available).sum()
    }
}

/// Whether a variant can be sold, and how many of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The variant.
    pub variant: VariantId,
    /// What one sold unit takes.
    pub components: Vec<Component>,
}

impl Availability {
    /// How many can be sold, each from one place; `None` without limit (not counted, or oversold on purpose).
    pub fn sellable(&self) -> Option<i64> {
        Shelves::of(std::slice::from_ref(self)).sellable(&self.components)
    }

    /// How many are really there, less what is owed; `None` when nothing is counted.
    pub fn in_stock(&self) -> Option<i64> {
        let counted = || self.components.iter().filter(|c| c.tracked);
        counted().next()?;
        let mut places: Vec<LocationId> = counted().flat_map(|c| &c.places).map(|p| p.location).collect();
        places.sort_unstable();
        places.dedup();
        let at = |c: &Component, l| c.places.iter().find(|p| p.location == l).map_or(0, |p| p.available);
        let whole = |l| counted().map(|c| at(c, l).div_euclid(c.factor)).min().unwrap_or(0);
        Some(places.into_iter().map(whole).sum())
    }
}

db::row! {
    struct Found {
        variant: VariantId,
        item: InventoryItemId,
        factor: i64,
        tracked: bool,
        oversell: bool,
        location: Option<LocationId>,
        position: Option<i64>,
        active: Option<bool>,
        available: Option<i64>,
    }
}

/// Availability of variants, in one statement. Variants without an item are not counted and can always be sold;
/// they are missing from the answer.
///
/// # Errors
/// The database's.
pub async fn available_of(tx: &mut Tx, variants: &[VariantId]) -> Result<Vec<Availability>, Error> {
    if variants.is_empty() {
        return Ok(vec![]);
    }
    let (text, params) = db::spread(
        db::sql!(
            "select v.variant_id, v.item_id, v.factor, i.tracked, i.oversell, l.location_id, o.position, o.active,
                 l.on_hand - l.unavailable - l.reserved - l.allocated
             from variant_item v join inventory_item i on i.id = v.item_id
             left join stock_level l on l.item_id = v.item_id left join location o on o.id = l.location_id
             where v.variant_id in ($1) order by v.variant_id, v.item_id, o.position, o.id"
        ),
        &[],
        variants.iter().map(|v| Val::Uuid(v.uuid())),
    );
    let rows: Vec<Found> = tx.all(&text, &params).await?;
    let mut out: Vec<Availability> = vec![];
    for r in rows {
        if out.last().is_none_or(|last| last.variant != r.variant) {
            out.push(Availability { variant: r.variant, components: vec![] });
        }
        let Some(components) = out.last_mut().map(|last| &mut last.components) else { continue };
        if components.last().is_none_or(|c| c.item != r.item) {
            let Found { item, factor, tracked, oversell, .. } = r;
            components.push(Component { item, factor, tracked, oversell, places: vec![] });
        }
        let place = (r.location, r.position, r.available, r.active);
        if let ((Some(location), Some(position), Some(available), Some(true)), Some(c)) =
            (place, components.last_mut())
        {
            c.places.push(Place { position, location, available });
        }
    }
    Ok(out)
}
