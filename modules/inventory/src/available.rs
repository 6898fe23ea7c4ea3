use db::{Tx, Val};
use kernel::{InventoryItemId, VariantId};

use crate::Error;

/// What a variant takes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// The item.
    pub item: InventoryItemId,
    /// Base units for one sold unit.
    pub factor: i64,
    /// Is it counted?
    pub tracked: bool,
    /// May it be sold below zero?
    pub oversell: bool,
    /// Base units available over all active locations; below zero when oversold.
    pub available: i64,
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
    /// How many can be sold; `None` without limit (not counted, or oversold on purpose).
    pub fn sellable(&self) -> Option<i64> {
        self.components
            .iter()
            .filter(|c| c.tracked && !c.oversell)
            .map(|c| (c.available / c.factor).max(0))
            .min()
    }

    /// How many are really there; `None` when nothing is counted.
    pub fn in_stock(&self) -> Option<i64> {
        self.components.iter().filter(|c| c.tracked).map(|c| c.available.div_euclid(c.factor)).min()
    }
}

db::row! {
    struct Found { variant: VariantId, item: InventoryItemId, factor: i64, tracked: bool, oversell: bool, available: i64 }
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
            "select v.variant_id, v.item_id, v.factor, i.tracked, i.oversell,
                 cast(coalesce((select sum(l.on_hand - l.unavailable - l.reserved - l.allocated)
                     from stock_level l join location o on o.id = l.location_id
                     where l.item_id = v.item_id and o.active), 0) as bigint)
             from variant_item v join inventory_item i on i.id = v.item_id
             where v.variant_id in ($1) order by v.variant_id, v.item_id"
        ),
        &[],
        variants.iter().map(|v| Val::Uuid(v.uuid())),
    );
    let rows: Vec<Found> = tx.all(&text, &params).await?;
    let mut out: Vec<Availability> = vec![];
    for r in rows {
        let component = Component {
            item: r.item,
            factor: r.factor,
            tracked: r.tracked,
            oversell: r.oversell,
            available: r.available,
        };
        match out.last_mut() {
            Some(last) if last.variant == r.variant => last.components.push(component),
            _ => out.push(Availability { variant: r.variant, components: vec![component] }),
        }
    }
    Ok(out)
}
