//! Rows in and out, many at once: what the editor's verbs and the import share.

use std::collections::HashMap;

use db::{ToVal, Tx, Val, params, spread, sql};
use kernel::{AssetId, CategoryId, Ctx, ProductId, StoreId, Timestamp, VariantId};

use crate::Error;
use crate::product::{Facts, Product, ProductState, ProductText, Variant};

db::row! {
    struct Head {
        id: ProductId, store: StoreId, state: ProductState, category: Option<CategoryId>, product_type: String,
        vendor: String, tags: String, tax_category: String, version: i64, created_at: Timestamp,
        updated_at: Timestamp,
    }
}

db::row! {
    struct TextRow {
        product: ProductId, locale: String, title: String, slug: String, description: String, seo_title: String,
        seo_description: String,
    }
}

db::row! {
    struct VariantRow {
        id: VariantId, product: ProductId, position: i64, sku: Option<String>, gtin: Option<String>,
        option1: Option<String>, option2: Option<String>, option3: Option<String>, weight_grams: Option<i64>,
        unit_grams: Option<i64>, cost_minor: Option<i64>, requires_shipping: bool, taxable: bool,
        image: Option<AssetId>, retired_at: Option<Timestamp>,
    }
}

/// Tags are kept as a JSON array; what cannot be read counts as none.
fn tags_of(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Whole products, in the order of `ids`; what is not there is left out. Four statements.
pub(crate) async fn load(tx: &mut Tx, store: StoreId, ids: &[ProductId]) -> Result<Vec<Product>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let list = || ids.iter().map(ToVal::to_val);
    let (text, p) = spread(
        sql!(
            "select id, store_id, state, category_id, product_type, vendor, tags, tax_category, version, created_at,
                 updated_at
             from product where store_id = $1 and id in ($2)"
        ),
        params![store],
        list(),
    );
    let heads: Vec<Head> = tx.all(&text, &p).await?;
    let (text, p) = spread(
        sql!(
            "select product_id, locale, title, slug, description, seo_title, seo_description
             from product_text where product_id in ($1) order by product_id, locale"
        ),
        &[],
        list(),
    );
    let texts: Vec<TextRow> = tx.all(&text, &p).await?;
    let (text, p) = spread(
        sql!(
            "select product_id, name from product_option where product_id in ($1) order by product_id, position"
        ),
        &[],
        list(),
    );
    let options: Vec<(ProductId, String)> = tx.all(&text, &p).await?;
    let (text, p) = spread(
        sql!(
            "select id, product_id, position, sku, gtin, option1, option2, option3, weight_grams, unit_grams,
                 cost_minor, requires_shipping, taxable, image_id, retired_at
             from variant where product_id in ($1) order by product_id, position, id"
        ),
        &[],
        list(),
    );
    let variants: Vec<VariantRow> = tx.all(&text, &p).await?;

    let mut all: HashMap<ProductId, Product> = heads
        .into_iter()
        .map(|h| {
            let facts = Facts {
                category: h.category,
                product_type: h.product_type,
                vendor: h.vendor,
                tags: tags_of(&h.tags),
                tax_category: h.tax_category,
            };
            let product = Product {
                id: h.id,
                store: h.store,
                state: h.state,
                facts,
                version: h.version,
                created_at: h.created_at,
                updated_at: h.updated_at,
                texts: vec![],
                options: vec![],
                variants: vec![],
            };
            (h.id, product)
        })
        .collect();
    for t in texts {
        if let Some(p) = all.get_mut(&t.product) {
            p.texts.push(ProductText {
                locale: t.locale,
                title: t.title,
                slug: t.slug,
                description: t.description,
                seo_title: t.seo_title,
                seo_description: t.seo_description,
            });
        }
    }
    for (id, name) in options {
        if let Some(p) = all.get_mut(&id) {
            p.options.push(name);
        }
    }
    for v in variants {
        if let Some(p) = all.get_mut(&v.product) {
            p.variants.push(Variant {
                id: v.id,
                product: v.product,
                position: v.position,
                sku: v.sku,
                gtin: v.gtin,
                options: [v.option1, v.option2, v.option3],
                weight_grams: v.weight_grams,
                unit_grams: v.unit_grams,
                cost_minor: v.cost_minor,
                requires_shipping: v.requires_shipping,
                taxable: v.taxable,
                image: v.image,
                retired_at: v.retired_at,
            });
        }
    }
    Ok(ids.iter().filter_map(|id| all.remove(id)).collect())
}

/// Inserts or overwrites products' own rows.
pub(crate) async fn put_products(tx: &mut Tx, products: &[&Product]) -> Result<(), Error> {
    let tags: Vec<String> =
        products.iter().map(|p| serde_json::Value::from(p.facts.tags.clone()).to_string()).collect();
    let mut values: Vec<Val<'_>> = Vec::with_capacity(products.len() * 11);
    for (p, tags) in products.iter().zip(&tags) {
        values.extend_from_slice(params![
            p.id,
            p.store,
            p.state,
            p.facts.category,
            p.facts.product_type,
            p.facts.vendor,
            *tags,
            p.facts.tax_category,
            p.version,
            p.created_at,
            p.updated_at
        ]);
    }
    tx.insert(
        "insert into product (id, store_id, state, category_id, product_type, vendor, tags, tax_category, version,
             created_at, updated_at) values",
        11,
        &values,
        "on conflict (id) do update set state = excluded.state, category_id = excluded.category_id,
             product_type = excluded.product_type, vendor = excluded.vendor, tags = excluded.tags,
             tax_category = excluded.tax_category, version = excluded.version, updated_at = excluded.updated_at",
    )
    .await?;
    Ok(())
}

/// Inserts or overwrites texts. The caller made sure that the slugs are free.
pub(crate) async fn put_texts(
    tx: &mut Tx,
    store: StoreId,
    texts: &[(ProductId, &ProductText)],
) -> Result<(), Error> {
    let mut values: Vec<Val<'_>> = Vec::with_capacity(texts.len() * 8);
    for (id, t) in texts {
        values.extend_from_slice(params![
            *id,
            store,
            t.locale,
            t.title,
            t.slug,
            t.description,
            t.seo_title,
            t.seo_description
        ]);
    }
    tx.insert(
        "insert into product_text (product_id, store_id, locale, title, slug, description, seo_title,
             seo_description) values",
        8,
        &values,
        "on conflict (product_id, locale) do update set title = excluded.title, slug = excluded.slug,
             description = excluded.description, seo_title = excluded.seo_title,
             seo_description = excluded.seo_description",
    )
    .await?;
    Ok(())
}

/// Replaces the option names of products. `fresh` ones have none yet.
pub(crate) async fn put_options(tx: &mut Tx, products: &[(&Product, bool)]) -> Result<(), Error> {
    let old: Vec<ProductId> = products.iter().filter(|(_, fresh)| !fresh).map(|(p, _)| p.id).collect();
    if !old.is_empty() {
        let (text, p) = spread(
            sql!("delete from product_option where product_id in ($1)"),
            &[],
            old.iter().map(ToVal::to_val),
        );
        tx.exec(&text, &p).await?;
    }
    let mut values: Vec<Val<'_>> = vec![];
    for (p, _) in products {
        for (position, name) in (1i64..).zip(&p.options) {
            values.extend([p.id.to_val(), Val::Int(position), name.to_val()]);
        }
    }
    if !values.is_empty() {
        tx.insert("insert into product_option (product_id, position, name) values", 3, &values, "").await?;
    }
    Ok(())
}

/// Inserts or overwrites variants. `loosen` are those that exist and whose SKU changes: it is taken off them first, so
/// that two may swap theirs.
pub(crate) async fn put_variants(
    tx: &mut Tx,
    ctx: &Ctx,
    store: StoreId,
    variants: &[&Variant],
    loosen: &[VariantId],
) -> Result<(), Error> {
    if !loosen.is_empty() {
        let (text, p) = spread(
            sql!("update variant set sku = null where id in ($1)"),
            &[],
            loosen.iter().map(ToVal::to_val),
        );
        tx.exec(&text, &p).await?;
    }
    let now = ctx.now();
    let mut values: Vec<Val<'_>> = Vec::with_capacity(variants.len() * 18);
    for v in variants {
        values.extend_from_slice(params![
            v.id,
            v.product,
            store,
            v.position,
            v.sku,
            v.gtin,
            v.options[0],
            v.options[1],
            v.options[2],
            v.weight_grams,
            v.unit_grams,
            v.cost_minor,
            v.requires_shipping,
            v.taxable,
            v.image,
            v.retired_at,
            now,
            now
        ]);
    }
    let done = tx
        .insert(
            "insert into variant (id, product_id, store_id, position, sku, gtin, option1, option2, option3,
                 weight_grams, unit_grams, cost_minor, requires_shipping, taxable, image_id, retired_at, created_at,
                 updated_at) values",
            18,
            &values,
            "on conflict (id) do update set position = excluded.position, sku = excluded.sku, gtin = excluded.gtin,
                 option1 = excluded.option1, option2 = excluded.option2, option3 = excluded.option3,
                 weight_grams = excluded.weight_grams, unit_grams = excluded.unit_grams,
                 cost_minor = excluded.cost_minor, requires_shipping = excluded.requires_shipping,
                 taxable = excluded.taxable, image_id = excluded.image_id, retired_at = excluded.retired_at,
                 updated_at = excluded.updated_at",
        )
        .await;
    match done {
        // asked before, but another writer on PostgreSQL may have been quicker
        Err(e) if e.is_unique() => {
            let sku = variants.iter().find_map(|v| v.sku.clone()).unwrap_or_default();
            Err(Error::SkuTaken { sku })
        }
        Err(e) => Err(e.into()),
        Ok(_) => Ok(()),
    }
}

/// Who has these SKUs now: SKU, variant, its product.
pub(crate) async fn sku_owners(
    tx: &mut Tx,
    store: StoreId,
    skus: &[&str],
) -> Result<Vec<(String, VariantId, ProductId)>, Error> {
    if skus.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select sku, id, product_id from variant where store_id = $1 and retired_at is null and sku in ($2)"
        ),
        params![store],
        skus.iter().map(|s| Val::Text(s)),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Which products have these addresses in a language: slug, product.
pub(crate) async fn slug_owners(
    tx: &mut Tx,
    store: StoreId,
    locale: &str,
    slugs: &[&str],
) -> Result<Vec<(String, ProductId)>, Error> {
    if slugs.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select slug, product_id from product_text where store_id = $1 and locale = $2 and slug in ($3)"
        ),
        params![store, locale],
        slugs.iter().map(|s| Val::Text(s)),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Which subjects had these addresses once: slug, product or category.
pub(crate) async fn former_owners(
    tx: &mut Tx,
    store: StoreId,
    kind: &'static str,
    locale: &str,
    slugs: &[&str],
) -> Result<Vec<(String, uuid::Uuid)>, Error> {
    if slugs.is_empty() {
        return Ok(vec![]);
    }
    let (text, p) = spread(
        sql!(
            "select slug, subject_id from slug_history
             where store_id = $1 and kind = $2 and locale = $3 and slug in ($4)"
        ),
        params![store, kind, locale],
        slugs.iter().map(|s| Val::Text(s)),
    );
    Ok(tx.all(&text, &p).await?)
}

/// Remembers that a subject left an address, so that old links lead on; and that it came to one (which is then no
/// longer anybody's old address).
pub(crate) async fn moved(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &'static str,
    locale: &str,
    subject: uuid::Uuid,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    tx.exec(
        sql!("delete from slug_history where store_id = $1 and kind = $2 and locale = $3 and slug = $4"),
        params![ctx.store.id, kind, locale, to],
    )
    .await?;
    tx.insert(
        "insert into slug_history (store_id, kind, locale, slug, subject_id, at) values",
        6,
        params![ctx.store.id, kind, locale, from, subject, ctx.now()],
        "on conflict (store_id, kind, locale, slug) do update set subject_id = excluded.subject_id, at = excluded.at",
    )
    .await?;
    Ok(())
}
