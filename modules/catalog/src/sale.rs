use std::collections::HashMap;

use db::{ToVal, Tx, params, spread, sql};
use kernel::{AssetId, Ctx, ProductId, VariantId};
use serde::Serialize;
use work::Known;

use crate::Error;
use crate::product::ProductState;

/// What a cart, an order or a listing needs to know of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleVariant {
    /// The variant.
    pub variant: VariantId,
    /// Its product.
    pub product: ProductId,
    /// Its code.
    pub sku: Option<String>,
    /// The product's title in the reader's language, or else in another.
    pub title: String,
    /// `M / Blue`; empty for a product without options.
    pub variant_title: String,
    /// The product's address in that language.
    pub slug: String,
    /// Does it need a parcel?
    pub requires_shipping: bool,
    /// In grams; 0 when unknown.
    pub weight_grams: i64,
    /// Which tax rates apply.
    pub tax_category: String,
    /// Is tax due on it?
    pub taxable: bool,
    /// Its own picture, if it has one; else the product's first is shown.
    pub image_id: Option<AssetId>,
    /// Can it be sold: live, and the variant not retired?
    pub for_sale: bool,
    /// Where the product stands.
    pub state: ProductState,
}

db::row! {
    struct SaleRow {
        variant: VariantId, product: ProductId, sku: Option<String>, option1: Option<String>,
        option2: Option<String>, option3: Option<String>, requires_shipping: bool, weight_grams: Option<i64>,
        taxable: bool, image: Option<AssetId>, retired: bool, state: ProductState, tax_category: String,
        title: Option<String>, slug: Option<String>, other_title: Option<String>, other_slug: Option<String>,
    }
}

/// Variants as they are sold, in the order asked for; what does not exist is left out. One statement for those
/// that this process does not know ([`Known`]).
///
/// # Errors
/// The database's.
pub async fn for_sale(
    tx: &mut Tx,
    ctx: &Ctx,
    ids: &[VariantId],
    locale: &str,
) -> Result<Vec<SaleVariant>, Error> {
    let recall = Known::of(tx);
    let mut found: HashMap<VariantId, SaleVariant> = HashMap::with_capacity(ids.len());
    if let Some(recall) = &recall {
        found.extend(ids.iter().filter_map(|id| Some((*id, recall.find(id.uuid(), locale)?))));
    }
    let unknown: Vec<VariantId> = ids.iter().filter(|id| !found.contains_key(id)).copied().collect();
    for sale in read(tx, ctx, &unknown, locale).await? {
        if let Some(recall) = &recall {
            recall.keep(sale.variant.uuid(), locale, ("product", sale.product.uuid()), sale.clone());
        }
        found.insert(sale.variant, sale);
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

async fn read(tx: &mut Tx, ctx: &Ctx, ids: &[VariantId], locale: &str) -> Result<Vec<SaleVariant>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select v.id, v.product_id, v.sku, v.option1, v.option2, v.option3, v.requires_shipping, v.weight_grams,
                 v.taxable, v.image_id, v.retired_at is not null, p.state, p.tax_category, t.title, t.slug,
                 (select o.title from product_text o where o.product_id = p.id order by o.locale limit 1),
                 (select o.slug from product_text o where o.product_id = p.id order by o.locale limit 1)
             from variant v
             join product p on p.id = v.product_id
             left join product_text t on t.product_id = p.id and t.locale = $2
             where v.store_id = $1 and v.id in ($3)"
        ),
        params![ctx.store.id, locale],
        ids.iter().map(ToVal::to_val),
    );
    let rows: Vec<SaleRow> = tx.all(&text, &p).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let options: Vec<String> = [r.option1, r.option2, r.option3].into_iter().flatten().collect();
            SaleVariant {
                variant: r.variant,
                product: r.product,
                sku: r.sku,
                title: r.title.or(r.other_title).unwrap_or_default(),
                variant_title: options.join(" / "),
                slug: r.slug.or(r.other_slug).unwrap_or_default(),
                requires_shipping: r.requires_shipping,
                weight_grams: r.weight_grams.unwrap_or(0),
                tax_category: r.tax_category,
                taxable: r.taxable,
                image_id: r.image,
                for_sale: !r.retired && r.state == ProductState::Live,
                state: r.state,
            }
        })
        .collect())
}
