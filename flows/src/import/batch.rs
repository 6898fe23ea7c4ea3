//! One batch in one transaction: products, prices, stock, pictures, and how far the run is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use assets::{NewImage, Subject};
use catalog::{Change, Plan, Progress, WantedProduct};
use db::Tx;
use inventory::ImportLevel;
use kernel::{AssetId, Ctx, ImportRunId, Permit, ProductId, VariantId, perms};
use pricing::ImportPrice;
use uuid::Uuid;

use super::Error;
use super::parse::{Parsed, PriceCells, StockCells};
use super::pictures::{Found, Gallery};
use super::refused::Wrong;
use super::scan::Scan;

/// What a batch needs; owned, so that it can be run again after a collision.
pub(super) struct Batch {
    pub ctx: Ctx,
    pub locale: String,
    pub scan: Arc<Scan>,
    /// With the categories' ids.
    pub products: Vec<Parsed>,
    pub gallery: Gallery,
    pub stock: Option<Permit<perms::InventoryRead>>,
    pub run: ImportRunId,
    pub from_row: i64,
    /// Positions at its end, and the counts of what was refused before it began.
    pub progress: Progress,
    /// What the run says from now on, where it has more to say.
    pub report: Option<String>,
}

/// How it went.
pub(super) enum Written {
    /// Committed, with how it changed things and how long the database was held.
    Done { progress: Progress, took: Duration },
    /// Nothing was written, because these (places in the batch) are wrong.
    Refused(Vec<(usize, Wrong)>),
}

/// What each product would come to; reads only.
pub(super) async fn look(
    tx: &mut Tx,
    ctx: &Ctx,
    locale: &str,
    scan: &Scan,
    products: &[Parsed],
) -> Result<Vec<Result<Change, Wrong>>, Error> {
    let wanted: Vec<WantedProduct> = products.iter().map(|p| p.wanted.clone()).collect();
    let plans = catalog::plan(tx, ctx, locale, &wanted, &|handle: &str| scan.holds(handle)).await?;
    Ok(plans
        .into_iter()
        .zip(products)
        .map(|(plan, p)| plan.map(|p| p.change()).map_err(|r| wrong(r, p)))
        .collect())
}

fn wrong(refusal: catalog::Refusal, parsed: &Parsed) -> Wrong {
    match refusal.variant.and_then(|v| parsed.rows.get(v)) {
        Some(row) => Wrong::row(*row, refusal.reason),
        None => Wrong::product(refusal.reason),
    }
}

/// Writes a batch, all of it or nothing.
pub(super) async fn write(tx: &mut Tx, batch: &Batch) -> Result<Written, Error> {
    let began = Instant::now();
    let ctx = &batch.ctx;
    let pictures = pictures(tx, ctx, &batch.gallery).await?;
    let wanted: Vec<WantedProduct> = batch.products.iter().map(|p| with_pictures(p, &pictures)).collect();
    let scan = &batch.scan;
    let planned = catalog::plan(tx, ctx, &batch.locale, &wanted, &|handle: &str| scan.holds(handle)).await?;
    let mut plans: Vec<Plan> = Vec::with_capacity(planned.len());
    let mut refused = vec![];
    for (i, plan) in planned.into_iter().enumerate() {
        match plan {
            Ok(plan) => plans.push(plan),
            Err(refusal) => refused.push((i, wrong(refusal, &batch.products[i]))),
        }
    }
    if !refused.is_empty() {
        return Ok(Written::Refused(refused));
    }
    catalog::apply(tx, ctx, &plans.iter().collect::<Vec<_>>()).await?;
    let imported: Vec<catalog::Imported> = plans.iter().map(Plan::imported).collect();
    drop(plans);
    let known: HashSet<VariantId> = imported
        .iter()
        .filter(|i| i.change != Change::Created)
        .flat_map(|i| i.variants.iter().copied())
        .collect();
    let owner: HashMap<VariantId, ProductId> =
        imported.iter().flat_map(|i| i.variants.iter().map(|v| (*v, i.product))).collect();
    let mut touched: HashSet<ProductId> =
        imported.iter().filter(|i| i.change != Change::Unchanged).map(|i| i.product).collect();

    let of = |variants: Vec<VariantId>| {
        variants.into_iter().filter_map(|v| owner.get(&v).copied()).collect::<Vec<_>>()
    };
    let priced = prices(tx, ctx, batch, &imported, &known).await?;
    work::touch_many(tx, ctx, "price", &priced.iter().map(|v| v.uuid()).collect::<Vec<_>>()).await?;
    touched.extend(of(priced));
    touched.extend(of(stock(tx, ctx, batch, &imported, &known).await?));
    touched.extend(images(tx, batch, &imported, &pictures).await?);

    let ids: Vec<Uuid> =
        imported.iter().map(|i| i.product).filter(|p| touched.contains(p)).map(|p| p.uuid()).collect();
    work::touch_many(tx, ctx, "product", &ids).await?;
    let mut progress = batch.progress;
    for i in &imported {
        match i.change {
            Change::Created => progress.created += 1,
            Change::Updated => progress.updated += 1,
            Change::Unchanged if touched.contains(&i.product) => progress.updated += 1,
            Change::Unchanged => progress.unchanged += 1,
        }
    }
    catalog::advance_run(tx, ctx, batch.run, batch.from_row, &progress, batch.report.as_deref()).await?;
    Ok(Written::Done { progress, took: began.elapsed() })
}

/// The assets of a batch's pictures, by their address in the file.
async fn pictures(tx: &mut Tx, ctx: &Ctx, gallery: &Gallery) -> Result<HashMap<String, AssetId>, Error> {
    let (mut here, mut there) = (vec![], vec![]);
    let mut names: Vec<&String> = gallery.keys().collect();
    names.sort_unstable(); // the same order in every run: two imports cannot deadlock
    for url in names {
        match &gallery[url] {
            Found::Here(stored, name) => here.push((url, (stored.clone(), name.clone()))),
            Found::There => there.push(url.as_str()),
        }
    }
    let (urls, files): (Vec<&String>, Vec<_>) = here.into_iter().unzip();
    let ids = assets::ensure_stored(tx, ctx, &files).await?;
    let mut out: HashMap<String, AssetId> = urls.into_iter().cloned().zip(ids).collect();
    let ids = assets::ensure_sources(tx, ctx, &there).await?;
    out.extend(there.into_iter().map(str::to_owned).zip(ids));
    Ok(out)
}

fn with_pictures(parsed: &Parsed, pictures: &HashMap<String, AssetId>) -> WantedProduct {
    let mut wanted = parsed.wanted.clone();
    for (variant, url) in wanted.variants.iter_mut().zip(&parsed.variant_images) {
        variant.image = url.as_ref().map(|url| url.as_ref().and_then(|u| pictures.get(u)).copied());
    }
    wanted
}

/// Sets what differs; whose prices changed.
async fn prices(
    tx: &mut Tx,
    ctx: &Ctx,
    batch: &Batch,
    imported: &[catalog::Imported],
    known: &HashSet<VariantId>,
) -> Result<Vec<VariantId>, Error> {
    let rows: Vec<(VariantId, PriceCells)> = imported
        .iter()
        .zip(&batch.products)
        .flat_map(|(i, p)| i.variants.iter().copied().zip(p.prices.iter().copied()))
        .filter(|(_, (amount, compare))| amount.is_some() || compare.is_some())
        .collect();
    let old: Vec<VariantId> = rows.iter().map(|(v, _)| *v).filter(|v| known.contains(v)).collect();
    let stored = pricing::prices_of(tx, ctx.store.market, &old, ctx.now()).await?;
    let (mut changed, mut new) = (vec![], vec![]);
    for (variant, (amount, compare)) in rows {
        let was = stored.one(variant);
        let amount_minor = amount.unwrap_or_else(|| was.map(|w| w.amount_minor));
        let compare_at_minor = compare.unwrap_or_else(|| was.and_then(|w| w.compare_at_minor));
        match (amount_minor, was) {
            (Some(amount_minor), _) => {
                // a price before that is not higher is none, as the files of others write it
                let compare_at_minor = compare_at_minor.filter(|before| *before > amount_minor);
                let same = was.is_some_and(|w| {
                    w.amount_minor == amount_minor
                        && w.compare_at_minor == compare_at_minor
                        && w.currency == ctx.store.currency
                });
                if !same {
                    new.push(ImportPrice { variant, amount_minor, compare_at_minor });
                    changed.push(variant);
                }
            }
            (None, Some(_)) => {
                pricing::clear_price(tx, ctx, &permit(ctx)?, variant, 1).await?;
                changed.push(variant);
            }
            (None, None) => {}
        }
    }
    pricing::import_prices(tx, ctx, &new).await?;
    Ok(changed)
}

fn permit(ctx: &Ctx) -> Result<Permit<perms::ProductsWrite>, Error> {
    Ok(ctx.permit()?)
}

/// Brings stock to what the file says at the store's location; whose changed.
async fn stock(
    tx: &mut Tx,
    ctx: &Ctx,
    batch: &Batch,
    imported: &[catalog::Imported],
    known: &HashSet<VariantId>,
) -> Result<Vec<VariantId>, Error> {
    let Some(permit) = &batch.stock else { return Ok(vec![]) };
    let location = ctx.store.location;
    let rows: Vec<(VariantId, StockCells)> = imported
        .iter()
        .zip(&batch.products)
        .flat_map(|(i, p)| i.variants.iter().copied().zip(p.stock.iter().copied()))
        .collect();
    let old: Vec<VariantId> = rows.iter().map(|(v, _)| *v).filter(|v| known.contains(v)).collect();
    let mut stored: HashMap<VariantId, inventory::LevelRow> = HashMap::new();
    for level in inventory::levels_of_variants(tx, permit, &old).await? {
        if level.location == location || !stored.contains_key(&level.variant) {
            stored.insert(level.variant, level);
        }
    }
    let mut levels = vec![];
    for (variant, cells) in rows {
        let was = stored.get(&variant);
        let tracked = cells.tracked.unwrap_or_else(|| was.is_some_and(|w| w.tracked));
        let oversell = cells.oversell.unwrap_or_else(|| was.is_some_and(|w| w.oversell));
        let same = was.is_some_and(|w| {
            let on_hand = if w.location == location { w.on_hand } else { 0 };
            w.tracked == tracked
                && w.oversell == oversell
                && cells.on_hand.is_none_or(|n| n.checked_mul(w.factor) == Some(on_hand))
        });
        if !same {
            levels.push(ImportLevel { variant, location, on_hand: cells.on_hand, tracked, oversell });
        }
    }
    inventory::import_levels(tx, ctx, &levels, Some(batch.run.uuid())).await?;
    Ok(levels.into_iter().map(|l| l.variant).collect())
}

/// Shows the file's pictures, in its order; whose changed. A variant's own picture is one of its product's.
async fn images(
    tx: &mut Tx,
    batch: &Batch,
    imported: &[catalog::Imported],
    pictures: &HashMap<String, AssetId>,
) -> Result<Vec<ProductId>, Error> {
    let mut wanted = vec![];
    for (i, p) in imported.iter().zip(&batch.products) {
        let Some(images) = &p.images else { continue };
        let mut shown: Vec<NewImage> = images
            .iter()
            .filter_map(|image| Some(NewImage { asset: *pictures.get(&image.url)?, alt: image.alt.clone() }))
            .collect();
        for url in p.variant_images.iter().flatten().flatten() {
            if let Some(asset) = pictures.get(url).filter(|a| shown.iter().all(|s| s.asset != **a)) {
                shown.push(NewImage { asset: *asset, alt: None });
            }
        }
        wanted.push((i.product.uuid(), shown));
    }
    if wanted.is_empty() {
        return Ok(vec![]);
    }
    let changed = assets::set_images(tx, Subject::Product, &wanted).await?;
    Ok(changed.into_iter().map(kernel::Id::from_uuid).collect())
}
