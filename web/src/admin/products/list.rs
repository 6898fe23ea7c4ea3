use std::collections::HashMap;

use assets::{Image, Subject};
use axum::response::Response;
use catalog::{ListFilter, Product, ProductState, StateCounts};
use db::Tx;
use inventory::Availability;
use kernel::perms::{ProductsRead, ProductsWrite};
use kernel::{Page, PageSize, ProductId, TextState, VariantId};
use pricing::Prices;

use crate::Error;
use crate::admin::categories;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::shown;
use crate::admin::views::{Chip, ProductRow, ProductsView, Section, Tab};
use crate::admin::walk::Walk;

const PATH: &str = "/admin/products";

/// What a page of the list shows, beside the rows themselves.
struct Beside {
    products: HashMap<ProductId, Product>,
    prices: Prices,
    stock: HashMap<VariantId, Availability>,
    images: Vec<Image>,
}

/// `GET /admin/products?view=&q=&category=`.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<ProductsRead>()?;
    let walk = Walk::of(PATH, &filter, &["view", "q", "category"]);
    let wanted = ListFilter {
        state: ProductState::parse(filter.value("view")),
        category: filter.value("category").parse().ok(),
        search: filter.value("q").to_owned(),
    };
    let ctx = office.ctx();
    let (page, beside, counts, tree) = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            let page = catalog::list(tx, ctx, &permit, &wanted, after.as_ref(), PageSize::default()).await?;
            let ids: Vec<ProductId> = page.rows.iter().map(|r| r.id).collect();
            let products = catalog::models(tx, ctx.store.id, &ids).await?;
            let variants: Vec<VariantId> = products.iter().flat_map(|p| p.active().map(|v| v.id)).collect();
            let prices = pricing::prices_of(tx, ctx.store.market, &variants, ctx.now()).await?;
            let stock = inventory::available_of(tx, &variants).await?;
            let uuids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
            let images = assets::images_of(tx, Subject::Product, &uuids).await?;
            let counts = catalog::counts(tx, ctx.store.id).await?;
            let tree = catalog::category_tree(tx, ctx.store.id, &ctx.locale).await?;
            let beside = Beside {
                products: products.into_iter().map(|p| (p.id, p)).collect(),
                prices,
                stock: stock.into_iter().map(|a| (a.variant, a)).collect(),
                images,
            };
            Ok::<_, Error>((page, beside, counts, tree))
        })
        .await?;
    let Page { rows, next } = page;
    let filtered = !wanted.search.trim().is_empty() || wanted.category.is_some() || wanted.state.is_some();
    office.page(&ProductsView {
        shell: office.shell(Section::Products).await?,
        tabs: tabs(&office, &walk, filter.value("view"), &counts),
        filtered,
        categories: categories::choices(&tree),
        rows: rows.iter().map(|row| shown_row(&office, row, &beside)).collect(),
        pager: walk.pager(next),
        can_edit: office.may::<ProductsWrite>(),
        can_import: office.may::<ProductsWrite>(),
        filter,
    })
}

fn tabs(office: &Office, walk: &Walk, view: &str, counts: &StateCounts) -> Vec<Tab> {
    let all = counts.live + counts.draft + counts.retired;
    let each = [
        ("products-view-all", "", all),
        ("products-view-live", "live", counts.live),
        ("products-view-draft", "draft", counts.draft),
        ("products-view-retired", "retired", counts.retired),
    ];
    let current = if each.iter().any(|(_, v, _)| *v == view) { view } else { "" };
    each.into_iter()
        .map(|(key, name, n)| Tab {
            key,
            href: walk.with("view", name),
            current: name == current,
            count: Some(office.number(n)),
        })
        .collect()
}

/// The chip of a product's state.
pub(super) fn chip(state: ProductState) -> Chip {
    match state {
        ProductState::Draft => Chip::ProductDraft,
        ProductState::Live => Chip::ProductLive,
        ProductState::Retired => Chip::ProductRetired,
    }
}

fn shown_row(office: &Office, row: &catalog::ProductRow, beside: &Beside) -> ProductRow {
    let variants: Vec<VariantId> =
        beside.products.get(&row.id).into_iter().flat_map(|p| p.active().map(|v| v.id)).collect();
    let image = beside.images.iter().find(|i| i.subject == row.id.uuid());
    let (stock, stock_low) = stock(office, &variants, &beside.stock);
    ProductRow {
        id: row.id.to_string(),
        picture: image.and_then(|i| shown::picture(i, 160, "")),
        title: row.title.clone(),
        state: chip(row.state),
        category: row.category_name.clone().unwrap_or_default(),
        variants: u32::try_from(row.variants).unwrap_or_default(),
        price: price(office, &variants, &beside.prices),
        stock,
        stock_low,
        updated: office.when(row.updated_at),
    }
}

/// "€3.20", "€3.20 – €24.00", "–".
fn price(office: &Office, variants: &[VariantId], prices: &Prices) -> String {
    let amounts: Vec<i64> = variants.iter().filter_map(|v| prices.one(*v)).map(|p| p.amount_minor).collect();
    match (amounts.iter().min(), amounts.iter().max()) {
        (Some(low), Some(high)) if low == high => office.money(*low),
        (Some(low), Some(high)) => format!("{} – {}", office.money(*low), office.money(*high)),
        _ => "–".to_owned(),
    }
}

/// "48 available" of all variants that are counted, and whether nothing is left of them.
fn stock(
    office: &Office,
    variants: &[VariantId],
    stock: &HashMap<VariantId, Availability>,
) -> (String, bool) {
    let counted: Vec<i64> =
        variants.iter().filter_map(|v| stock.get(v)).filter_map(Availability::in_stock).collect();
    if counted.is_empty() {
        return (office.t("product-not-counted"), false);
    }
    let left: i64 = counted.iter().sum();
    (office.tx("product-available", &office.number(left)), left <= 0)
}
