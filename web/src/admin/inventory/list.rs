use std::collections::HashMap;

use assets::{Image, Subject};
use axum::response::Response;
use catalog::{ListFilter, SaleVariant};
use db::Tx;
use inventory::{BaseUnit, LevelRow, Shortage, StockFilter, StockView};
use kernel::perms::{InventoryRead, InventoryWrite, ProductsRead};
use kernel::{Page, PageSize, Permit, ProductId, TextState, VariantId};

use super::reasons;
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::shown;
use crate::admin::views::{Choice, Fields, InventoryView, Section, StockRow, Tab};
use crate::admin::walk::Walk;

pub(super) const PATH: &str = "/admin/inventory";
/// Items of a page; each may lie at several locations.
const ITEMS: u32 = 40;

/// `GET /admin/inventory?view=&q=&location=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let view = view(&office, filter, Fields::new()).await?;
    office.page(&view)
}

/// The table; `form` is what was typed into it and refused.
pub(super) async fn view(office: &Office, filter: Fields, form: Fields) -> Result<InventoryView, Error> {
    let permit = office.permit::<InventoryRead>()?;
    let walk = Walk::of(PATH, &filter, &["view", "q", "location"]);
    let ctx = office.ctx();
    let words = filter.value("q").trim().to_owned();
    let wanted = StockView::parse(filter.value("view")).unwrap_or(StockView::All);
    let location = filter.value("location").parse().ok();
    let (page, named, images, shortage, places) = office
        .db()
        .read(async |tx: &mut Tx| {
            let variants = if words.is_empty() { None } else { Some(found(tx, office, &words).await?) };
            let filter = StockFilter { view: wanted, location, variants };
            let after = walk.after();
            let size = PageSize::new(ITEMS);
            let page = inventory::stock_page(tx, ctx, &permit, &filter, after.as_ref(), size).await?;
            let ids: Vec<VariantId> = page.rows.iter().map(|r| r.variant).collect();
            let named = catalog::for_sale(tx, ctx, &ids, &ctx.locale).await?;
            let products: Vec<uuid::Uuid> = named.iter().map(|v| v.product.uuid()).collect();
            let images = assets::images_of(tx, Subject::Product, &products).await?;
            let shortage = inventory::shortage(tx, ctx, &permit).await?;
            Ok::<_, Error>((page, named, images, shortage, inventory::locations(tx, ctx).await?))
        })
        .await?;
    let named: HashMap<VariantId, SaleVariant> = named.into_iter().map(|v| (v.variant, v)).collect();
    let Page { rows, next } = page;
    let places = places.iter().filter(|l| permit.scope().has_location(l.id));
    Ok(InventoryView {
        shell: office.shell(Section::Inventory).await?,
        tabs: tabs(office, &walk, wanted, &shortage),
        filtered: !words.is_empty() || location.is_some() || wanted != StockView::All,
        locations: places.map(|l| Choice::new(l.id.to_string(), &l.name)).collect(),
        reasons: reasons(office),
        rows: rows.iter().map(|r| row(office, r, named.get(&r.variant), &images)).collect(),
        form,
        pager: walk.pager(next),
        can_adjust: office.may::<InventoryWrite>(),
        filter,
    })
}

/// The variants of the first hundred products that a search finds.
async fn found(tx: &mut Tx, office: &Office, words: &str) -> Result<Vec<VariantId>, Error> {
    // whoever sees stock may find it by the product's name
    let permit: Permit<ProductsRead> = office.state.ctx()?.permit()?;
    let filter = ListFilter { search: words.to_owned(), ..ListFilter::default() };
    let page = catalog::list(tx, office.ctx(), &permit, &filter, None, PageSize::MAX).await?;
    let ids: Vec<ProductId> = page.rows.iter().map(|r| r.id).collect();
    let products = catalog::models(tx, office.ctx().store.id, &ids).await?;
    Ok(products.iter().flat_map(|p| p.variants.iter().map(|v| v.id)).collect())
}

fn tabs(office: &Office, walk: &Walk, current: StockView, shortage: &Shortage) -> Vec<Tab> {
    let each = [
        ("inventory-view-all", StockView::All, None),
        ("inventory-view-out", StockView::Out, Some(shortage.sold_out + shortage.oversold)),
        ("inventory-view-below-zero", StockView::Below, Some(shortage.oversold)),
    ];
    let tab = |(key, view, n): (&'static str, StockView, Option<i64>)| Tab {
        key,
        href: walk.with("view", if view == StockView::All { "" } else { view.as_str() }),
        current: view == current,
        count: n.and_then(|n| office.count(n)),
    };
    each.into_iter().map(tab).collect()
}

/// "Oranges", "Oranges · Kilo".
pub(super) fn title(of: &SaleVariant) -> String {
    match of.variant_title.as_str() {
        "" => of.title.clone(),
        variant => format!("{} · {variant}", of.title),
    }
}

/// "12", "1,500 g".
pub(super) fn amount(office: &Office, unit: BaseUnit, n: i64) -> String {
    in_unit(unit, office.number(n))
}

/// A number of base units as text.
pub(super) fn in_unit(unit: BaseUnit, number: String) -> String {
    match unit {
        BaseUnit::Piece => number,
        BaseUnit::Gram => format!("{number}\u{a0}g"),
    }
}

pub(super) fn row(office: &Office, r: &LevelRow, of: Option<&SaleVariant>, images: &[Image]) -> StockRow {
    let available = r.available();
    let image = of.and_then(|v| {
        let own = |i: &&Image| i.subject == v.product.uuid() && Some(i.asset) == v.image_id;
        images.iter().find(own).or_else(|| images.iter().find(|i| i.subject == v.product.uuid()))
    });
    StockRow {
        item_id: r.item.to_string(),
        location_id: r.location.to_string(),
        picture: image.and_then(|i| shown::picture(i, 160, "")),
        title: of.map_or_else(|| r.item.to_string(), title),
        sku: of.and_then(|v| v.sku.clone()).unwrap_or_default(),
        weighed: r.base_unit == BaseUnit::Gram,
        location: r.location_name.clone(),
        on_hand: amount(office, r.base_unit, r.on_hand),
        // so that it can be compared with what is sent back
        counted: r.on_hand.to_string(),
        unavailable: amount(office, r.base_unit, r.unavailable),
        reserved: amount(office, r.base_unit, r.reserved),
        allocated: amount(office, r.base_unit, r.allocated),
        available: if r.tracked {
            amount(office, r.base_unit, available)
        } else {
            office.t("product-not-counted")
        },
        out: r.tracked && available == 0,
        below_zero: r.tracked && available < 0,
    }
}
