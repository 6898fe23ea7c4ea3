//! What a product's form needs beside the product.

use std::collections::HashMap;

use assets::{Image, Subject};
use catalog::{Category, CustomField, CustomValue, Product, Resource};
use db::Tx;
use inventory::Availability;
use kernel::{ProductId, VariantId};
use pricing::Prices;

use crate::Error;
use crate::admin::office::Office;

pub(super) struct Read {
    /// The product as it is stored; none while it is made.
    pub product: Option<Product>,
    pub prices: Prices,
    pub stock: HashMap<VariantId, Availability>,
    pub images: Vec<Image>,
    pub fields: Vec<CustomField>,
    /// Own fields of its variants.
    pub variant_fields: Vec<CustomField>,
    /// Of the product and of its variants.
    pub values: Vec<CustomValue>,
    pub locales: Vec<String>,
    pub tree: Vec<Category>,
    /// Words that tax rates use, `standard` first.
    pub tax_classes: Vec<String>,
}

/// Reads all of it at one moment.
///
/// # Errors
/// Of kind `NotFound` when there is no such product.
pub(super) async fn read(office: &Office, id: Option<ProductId>) -> Result<Read, Error> {
    let ctx = office.ctx();
    let store = ctx.store.id;
    office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let product = match id {
                Some(id) => Some(catalog::get(tx, store, id).await?),
                None => None,
            };
            let variants: Vec<VariantId> = product.iter().flat_map(|p| p.active().map(|v| v.id)).collect();
            let subject: Vec<uuid::Uuid> = id.iter().map(|id| id.uuid()).collect();
            let with_variants: Vec<uuid::Uuid> =
                subject.iter().copied().chain(variants.iter().map(|v| v.uuid())).collect();
            let stock = inventory::available_of(tx, &variants).await?;
            let rates = pricing::tax_rates(tx, ctx).await?;
            let mut tax_classes = vec![pricing::STANDARD.to_owned()];
            let own = product.iter().map(|p| p.facts.tax_category.clone());
            for class in rates.into_iter().map(|r| r.tax_category).chain(own) {
                if !tax_classes.contains(&class) {
                    tax_classes.push(class);
                }
            }
            Ok::<_, Error>(Read {
                prices: pricing::prices_of(tx, ctx.store.market, &variants, ctx.now()).await?,
                stock: stock.into_iter().map(|a| (a.variant, a)).collect(),
                images: assets::images_of(tx, Subject::Product, &subject).await?,
                fields: catalog::fields(tx, store, Resource::Product).await?,
                variant_fields: catalog::fields(tx, store, Resource::Variant).await?,
                values: catalog::values_of(tx, &with_variants).await?,
                locales: site::locales(tx, store).await?,
                tree: catalog::category_tree(tx, store, &ctx.locale).await?,
                tax_classes,
                product,
            })
        })
        .await
}
