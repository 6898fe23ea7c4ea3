use std::collections::HashMap;
use std::sync::Arc;

use assets::{AssetState, Subject};
use catalog::shop as shelf;
use db::Tx;
use kernel::{Ctx, ProductId, Timestamp, VariantId};

use crate::model::{Brief, Image, Item, ItemText, Shown};
use crate::tree::Tree;
use crate::{Error, Stock};

/// How many products are read at once.
pub(crate) const SOME: usize = 400;
/// How many variants are asked for in one statement.
const VARIANTS: usize = 512;

/// What the shop speaks and how it is laid out.
pub(crate) struct Plan {
    pub(crate) locales: Vec<String>,
    pub(crate) tree: Tree,
}

pub(crate) async fn plan(tx: &mut Tx, ctx: &Ctx) -> Result<Plan, Error> {
    let mut locales = site::locales(tx, ctx.store.id).await?;
    if locales.is_empty() {
        locales.push(ctx.locale.to_string());
    }
    let mut tree = Tree::new(shelf::category_nodes(tx, ctx.store.id).await?, &locales);
    let ids: Vec<uuid::Uuid> = tree.all().iter().map(|c| c.uuid()).collect();
    for some in ids.chunks(VARIANTS) {
        for i in assets::images_of(tx, Subject::Category, some).await? {
            let subject = kernel::Id::from_uuid(i.subject);
            if let Some(image) = image(i) {
                tree.picture(subject, image);
            }
        }
    }
    Ok(Plan { locales, tree })
}

/// The given products as they are now; those that are not for sale are missing. Also when one of their prices next
/// begins or ends.
pub(crate) async fn items(
    tx: &mut Tx,
    ctx: &Ctx,
    locales: &[String],
    ids: &[ProductId],
) -> Result<(Vec<Item>, Option<Timestamp>), Error> {
    let mut all = Vec::with_capacity(ids.len());
    let mut turn: Option<Timestamp> = None;
    for some in ids.chunks(SOME) {
        let next = some_items(tx, ctx, locales, some, &mut all).await?;
        turn = [turn, next].into_iter().flatten().min();
    }
    Ok((all, turn))
}

async fn some_items(
    tx: &mut Tx,
    ctx: &Ctx,
    locales: &[String],
    ids: &[ProductId],
    out: &mut Vec<Item>,
) -> Result<Option<Timestamp>, Error> {
    let (store, now) = (ctx.store.id, ctx.now());
    let products = shelf::live_products(tx, store, ids).await?;
    if products.is_empty() {
        return Ok(None);
    }
    let live: Vec<ProductId> = products.iter().map(|p| p.id).collect();
    let titles = shelf::titles(tx, &live).await?;
    let variants = shelf::live_variants(tx, &live).await?;
    let subjects: Vec<uuid::Uuid> = live.iter().map(|p| p.uuid()).collect();
    let images = assets::images_of(tx, Subject::Product, &subjects).await?;
    let variant_ids: Vec<VariantId> = variants.iter().map(|v| v.id).collect();
    let (prices, turn) = prices(tx, ctx, &variant_ids, now).await?;
    let stock = stock(tx, &variant_ids).await?;

    let mut texts: HashMap<ProductId, Box<[Option<ItemText>]>> = HashMap::with_capacity(live.len());
    for t in titles {
        if let Some(l) = locales.iter().position(|known| *known == t.locale) {
            let all = texts.entry(t.product).or_insert_with(|| vec![None; locales.len()].into());
            all[l] = Some(ItemText { title: t.title.into(), slug: t.slug.into() });
        }
    }
    let mut briefs: HashMap<ProductId, Vec<Brief>> = HashMap::with_capacity(live.len());
    for v in &variants {
        let unit_grams = v.unit_grams.and_then(|g| u32::try_from(g).ok());
        let stock = stock.get(&v.id).copied().unwrap_or(Stock::In);
        let brief = Brief { id: v.id, price: prices.get(&v.id).copied(), unit_grams, stock };
        briefs.entry(v.product).or_default().push(brief);
    }
    let mut first: HashMap<uuid::Uuid, Image> = HashMap::with_capacity(live.len());
    for (subject, image) in images.into_iter().filter_map(|i| Some((i.subject, image(i)?))) {
        first.entry(subject).or_insert(image);
    }
    out.extend(products.into_iter().map(|p| Item {
        id: p.id,
        category: p.category,
        created_at: p.created_at,
        vendor: Arc::from(p.vendor),
        texts: texts.remove(&p.id).unwrap_or_else(|| vec![None; locales.len()].into()),
        image: first.remove(&p.id.uuid()),
        variants: briefs.remove(&p.id).unwrap_or_default().into(),
    }));
    Ok(turn)
}

/// A picture as it is shown, once it is here.
pub(crate) fn image(i: assets::Image) -> Option<Image> {
    let px = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    (i.state == AssetState::Ready).then(|| Image {
        asset: i.asset,
        alt: i.alt.into(),
        width: px(i.width),
        height: px(i.height),
        hue: i.hue.and_then(|h| u16::try_from(h).ok()),
    })
}

/// The prices that hold now, and when the next begins or ends.
pub(crate) async fn prices(
    tx: &mut Tx,
    ctx: &Ctx,
    variants: &[VariantId],
    now: Timestamp,
) -> Result<(HashMap<VariantId, Shown>, Option<Timestamp>), Error> {
    let mut prices = HashMap::with_capacity(variants.len());
    let mut turn: Option<Timestamp> = None;
    for some in variants.chunks(VARIANTS) {
        for p in pricing::shop::shown_prices(tx, ctx.store.market, some, now).await? {
            turn = [turn, p.turns(now)].into_iter().flatten().min();
            if p.holds(now) && p.min_quantity == 1 {
                prices.insert(p.variant, Shown { amount: p.amount_minor, compare_at: p.compare_at_minor });
            }
        }
    }
    Ok((prices, turn))
}

/// Availability of every variant that takes of these items.
pub(crate) async fn stock_of_items(
    tx: &mut Tx,
    items: &[uuid::Uuid],
) -> Result<(Vec<VariantId>, HashMap<VariantId, Stock>), Error> {
    let mut variants = vec![];
    for some in items.chunks(VARIANTS) {
        variants.extend(inventory::variants_of_items(tx, some).await?);
    }
    let stock = stock(tx, &variants).await?;
    Ok((variants, stock))
}

/// Availability; a variant that is not counted is missing.
pub(crate) async fn stock(tx: &mut Tx, variants: &[VariantId]) -> Result<HashMap<VariantId, Stock>, Error> {
    let mut all = HashMap::with_capacity(variants.len());
    for some in variants.chunks(VARIANTS) {
        let found = inventory::available_of(tx, some).await?;
        all.extend(found.iter().map(|a| (a.variant, Stock::of(a))));
    }
    Ok(all)
}
