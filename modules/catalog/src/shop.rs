//! Bulk reads for what the storefront keeps in memory and in its search index.

use db::{ToVal, Tx, params, spread, sql};
use kernel::{AssetId, CategoryId, ProductId, StoreId, Timestamp, VariantId};

use crate::Error;

db::row! {
    /// A product that is for sale.
    #[derive(Debug, Clone)]
    pub struct LiveProduct {
        /// Its id.
        pub id: ProductId,
        /// Its place in the tree.
        pub category: Option<CategoryId>,
        /// Its brand.
        pub vendor: String,
        /// Its tags, a JSON list.
        pub tags: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

db::row! {
    /// A product's title in one language.
    #[derive(Debug, Clone)]
    pub struct Title {
        /// Whose.
        pub product: ProductId,
        /// `en`.
        pub locale: String,
        /// As shown.
        pub title: String,
        /// Its address.
        pub slug: String,
    }
}

db::row! {
    /// A variant in the assortment.
    #[derive(Debug, Clone)]
    pub struct LiveVariant {
        /// Of which product.
        pub product: ProductId,
        /// Its id.
        pub id: VariantId,
        /// The merchant's code.
        pub sku: Option<String>,
        /// The barcode.
        pub gtin: Option<String>,
        /// Content in grams.
        pub unit_grams: Option<i64>,
        /// Its own picture.
        pub image: Option<AssetId>,
    }
}

db::row! {
    /// A category with its texts in one language.
    #[derive(Debug, Clone)]
    pub struct CategoryNode {
        /// Its id.
        pub id: CategoryId,
        /// What it lies in.
        pub parent: Option<CategoryId>,
        /// `en`; none for a category without any text.
        pub locale: Option<String>,
        /// As shown.
        pub name: Option<String>,
        /// Its address.
        pub slug: Option<String>,
        /// Sanitised HTML.
        pub description: Option<String>,
    }
}

/// Every product that is for sale, in the order of their making.
///
/// # Errors
/// The database's.
pub async fn live_ids(tx: &mut Tx, store: StoreId) -> Result<Vec<ProductId>, Error> {
    let mut ids = vec![];
    let text = sql!("select id from product where store_id = $1 and state = 'live' order by created_at, id");
    tx.each(text, params![store], |row| {
        ids.push(db::Get::get(row, 0)?);
        Ok(true)
    })
    .await?;
    Ok(ids)
}

/// Those of the given products that are for sale.
///
/// # Errors
/// The database's.
pub async fn live_products(
    tx: &mut Tx,
    store: StoreId,
    ids: &[ProductId],
) -> Result<Vec<LiveProduct>, Error> {
    let text = sql!(
        "select id, category_id, vendor, tags, created_at from product
         where store_id = $1 and state = 'live' and id in ($2)"
    );
    let (text, p) = spread(text, params![store], ids.iter().map(ToVal::to_val));
    Ok(tx.all(&text, &p).await?)
}

/// The titles of products in every language.
///
/// # Errors
/// The database's.
pub async fn titles(tx: &mut Tx, ids: &[ProductId]) -> Result<Vec<Title>, Error> {
    let text = sql!("select product_id, locale, title, slug from product_text where product_id in ($1)");
    let (text, p) = spread(text, &[], ids.iter().map(ToVal::to_val));
    Ok(tx.all(&text, &p).await?)
}

/// The descriptions of products in every language: product, locale, HTML.
///
/// # Errors
/// The database's.
pub async fn descriptions(tx: &mut Tx, ids: &[ProductId]) -> Result<Vec<(ProductId, String, String)>, Error> {
    let text = sql!(
        "select product_id, locale, description from product_text where description <> '' and product_id in ($1)"
    );
    let (text, p) = spread(text, &[], ids.iter().map(ToVal::to_val));
    Ok(tx.all(&text, &p).await?)
}

/// The variants of products that are in the assortment, by position.
///
/// # Errors
/// The database's.
pub async fn live_variants(tx: &mut Tx, ids: &[ProductId]) -> Result<Vec<LiveVariant>, Error> {
    let text = sql!(
        "select product_id, id, sku, gtin, unit_grams, image_id from variant
         where retired_at is null and product_id in ($1) order by product_id, position, id"
    );
    let (text, p) = spread(text, &[], ids.iter().map(ToVal::to_val));
    Ok(tx.all(&text, &p).await?)
}

/// Every category in every language, parents' children in their order.
///
/// # Errors
/// The database's.
pub async fn category_nodes(tx: &mut Tx, store: StoreId) -> Result<Vec<CategoryNode>, Error> {
    let text = sql!(
        "select c.id, c.parent_id, t.locale, t.name, t.slug, t.description
         from category c left join category_text t on t.category_id = c.id
         where c.store_id = $1 order by c.position, c.id, t.locale"
    );
    Ok(tx.all(text, params![store]).await?)
}

/// Whose address this is in a language: a product's.
///
/// # Errors
/// The database's.
pub async fn product_at(
    tx: &mut Tx,
    store: StoreId,
    locale: &str,
    slug: &str,
) -> Result<Option<ProductId>, Error> {
    let text = sql!("select product_id from product_text where store_id = $1 and locale = $2 and slug = $3");
    Ok(tx.opt::<(ProductId,)>(text, params![store, locale, slug]).await?.map(|(id,)| id))
}

/// Whose address this was in a language.
///
/// # Errors
/// The database's.
pub async fn formerly_at(
    tx: &mut Tx,
    store: StoreId,
    kind: &'static str,
    locale: &str,
    slug: &str,
) -> Result<Option<uuid::Uuid>, Error> {
    let text = sql!(
        "select subject_id from slug_history where store_id = $1 and kind = $2 and locale = $3 and slug = $4"
    );
    Ok(tx.opt::<(uuid::Uuid,)>(text, params![store, kind, locale, slug]).await?.map(|(id,)| id))
}
